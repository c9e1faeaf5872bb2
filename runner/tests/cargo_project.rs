//! `driftline run` in a cargo project of its own, with everything real: cargo, the compiler, and
//! criterion.

mod common;

use common::{Done, Project, csv};

const MANIFEST: &str = r#"
[package]
name = "sample"
edition = "2024"

[dev-dependencies]
criterion = { version = "0.8.2", default-features = false, features = ["cargo_bench_support"] }

[profile.bench]
opt-level = 0
debug = false

[lib]
path = "lib.rs"
bench = false

[[bench]]
name = "good"
harness = false

[[bench]]
name = "bad"
harness = false

[[bench]]
name = "broken"
harness = false

[workspace]
"#;

/// A bench target with these benchmarks.
fn bench(benchmarks: &str) -> String {
    format!(
        r"
use std::hint::black_box;
use std::time::Duration;
use criterion::{{Criterion, criterion_group, criterion_main}};

fn work(n: u64) -> u64 {{
    (0..black_box(n)).fold(0, |sum, i| sum ^ i)
}}

fn all(c: &mut Criterion) {{
    {benchmarks}
}}

fn config() -> Criterion {{
    let (short, long) = (Duration::from_millis(10), Duration::from_millis(40));
    Criterion::default().sample_size(10).warm_up_time(short).measurement_time(long)
}}

criterion_group! {{ name = benches; config = config(); targets = all }}
criterion_main!(benches);
"
    )
}

/// Two benchmarks, the first doing so much work.
fn good(work: u32) -> String {
    bench(&format!(
        "c.bench_function(\"good/changing\", |b| b.iter(|| work({work})));
         c.bench_function(\"good/steady\", |b| b.iter(|| work(1000)));"
    ))
}

fn project() -> Project {
    let project = Project::new();
    project.write("Cargo.toml", MANIFEST).write("lib.rs", "");
    project.write("benches/good.rs", good(1000));
    project.write(
        "benches/bad.rs",
        bench(
            "c.bench_function(\"bad/panics\", |b| b.iter(|| panic!(\"on purpose\")));
             c.bench_function(\"bad/behind it\", |b| b.iter(|| work(1000)));",
        ),
    );
    project.write("benches/broken.rs", "fn main() { let number: u32 = \"text\"; }");
    // The versions of this workspace, which are here already.
    project.write("Cargo.lock", include_bytes!("../../Cargo.lock"));
    project
}

/// Runs driftline with a target directory of the project's own, whatever the surroundings say.
#[expect(clippy::unwrap_used, reason = "tests may panic")]
fn run(project: &Project, arguments: &[&str]) -> Done {
    let arguments = [&["run"], arguments].concat();
    let mut command = Project::command(&project.path(""), &arguments);
    let output = command.env("CARGO_TARGET_DIR", project.path("target")).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    Done {
        code: output.status.code().unwrap(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    }
}

#[test]
fn a_cargo_project_from_the_first_run_to_a_regression() {
    let project = project();

    // What does not build or panics costs nothing else, not even in its own bench target.
    let panic = "bad/panics: ended with exit status 101";
    let unbuilt = "broken: this bench target of package \"sample\" does not build";
    let all = run(&project, &[])
        .expect(5, &[panic, "on purpose", unbuilt, "    error[E0308]: mismatched types"]);
    for name in ["good/changing", "good/steady", "bad/behind it"] {
        assert!(all.stdout.contains(name), "{name}: {all:#?}");
        let id = format!("\"id\":\"{name}\"");
        assert!(project.read(".driftline/history.jsonl").contains(&id), "{id}");
    }

    run(&project, &["--bench", "good", "--save-baseline"]).expect(0, &["as baseline main"]);
    let judged = ["--bench", "good", "--ci", "--threshold", "1000%"];
    let same = run(&project, &judged).expect(0, &[]);
    assert!(same.stdout.contains("2 compared"), "{same:#?}");
    run(&project, &["--bench", "good", "--filter", "nosuch"])
        .expect(4, &["matches none of 2 benchmarks", "good/changing, good/steady"]);

    project.write("benches/good.rs", good(50_000));
    let slower = run(&project, &judged).expect(1, &[]);
    assert!(slower.stdout.contains("▲  good/changing"), "{slower:#?}");
    assert!(slower.stdout.contains("2 compared: 1 regressed"), "{slower:#?}");
}

#[test]
fn a_suite_without_a_bench_target_costs_no_other_suite() {
    let project = Project::new();
    let manifest = "[package]\nname='bare'\nedition='2024'\n[lib]\npath='lib.rs'\n[workspace]\n";
    project.write("Cargo.toml", manifest).write("lib.rs", "");
    run(&project, &[]).expect(4, &["find a bench target in"]);

    let print = if cfg!(windows) { "type" } else { "cat" };
    let command = format!("[[suite]]\nname='csv'\ncommand='{print} a.csv'\nformat='csv'\n");
    project.write("a.csv", csv(&[("a/one", 100.0)]));
    project.write("driftline.toml", format!("[[suite]]\nname='rust'\n{command}"));
    let done = run(&project, &[]).expect(5, &["rust: failed to find a bench target in"]);
    assert!(done.stdout.contains("a/one"), "{done:#?}");
}
