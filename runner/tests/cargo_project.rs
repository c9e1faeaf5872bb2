//! `driftline run` in a cargo project of its own, with everything real: cargo, the compiler, and
//! criterion.

#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use std::collections::BTreeMap;

use common::{Done, Project, csv};
use serde_json::Value;

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

/// Runs driftline and measures each benchmark as briefly as can be.
fn run(project: &Project, arguments: &[&str]) -> Done {
    let brief = ["--", "--warm-up-time", "0.01", "--measurement-time", "0.04"];
    run_as_usual(project, &[arguments, &brief].concat())
}

/// Runs driftline with the target directory that all test projects share, whatever the surroundings
/// say: criterion is compiled once.
fn run_as_usual(project: &Project, arguments: &[&str]) -> Done {
    let arguments = [&["run"], arguments].concat();
    let mut command = Project::command(&project.path(""), &arguments);
    let target = std::env::current_exe().unwrap().ancestors().nth(2).unwrap().join("end-to-end");
    let output = command.env("CARGO_TARGET_DIR", target).output().unwrap();
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

    let history = project.read(".driftline/history.jsonl");
    assert!(!history.contains("\"id\":\"bad/panics\""));
    assert_eq!(all.stderr.matches(panic).count(), 1, "it is told once: {all:#?}");
    assert!(
        all.stderr.contains("] round 3/3 bad/panics failed"),
        "and tried in each round: {all:#?}"
    );

    run(&project, &["--bench", "good", "--save-baseline"]).expect(0, &["as baseline main"]);
    let judged = ["--bench", "good", "--ci", "--threshold", "1000%", "--confirm", "1"];
    // The same program is the same code.
    let runs = || project.read(".driftline/history.jsonl").lines().count();
    let before = runs();
    let identical = "identical program: good is what main was measured with, its 2 benchmarks";
    let same = run(&project, &judged).expect(0, &[identical, "nothing was measured"]);
    assert_eq!((runs(), same.stdout.as_str()), (before, ""));
    let same = run(&project, &[&judged[..], &["--format", "json"]].concat()).expect(0, &[]);
    let same: Value = serde_json::from_str(&same.stdout).unwrap();
    assert_eq!(same["summary"]["compared"], 0);
    let forced = [&judged[..], &["--force"]].concat();
    let same = run(&project, &forced).expect(0, &[]);
    assert!(same.stdout.contains("2 compared") && runs() == before + 1, "{same:#?}");
    // With something else to run, the rest is run; nothing is gone.
    let part = run(&project, &["--compare", "--confirm", "0"]).expect(5, &[identical, panic]);
    assert!(part.stdout.contains("bad/behind it") && part.stdout.contains("0 gone"), "{part:#?}");
    assert!(!part.stderr.contains("] round 1/3 good/"), "{part:#?}");
    // Where there is no baseline yet, there is nothing to be identical with.
    let init = ["--bench", "good", "--filter", "steady", "--compare", "--init-baseline", "other"];
    let first = run(&project, &init).expect(0, &["] round 3/3 good/steady", "other is not saved"]);
    assert!(!first.stderr.contains("identical"), "{first:#?}");
    run(&project, &["--bench", "good", "--filter", "nosuch"])
        .expect(4, &["matches none of 2 benchmarks", "good/changing, good/steady"]);

    project.write("benches/good.rs", good(50_000));
    let slower =
        run(&project, &judged).expect(1, &["measured again (1 of at most 1): good/changing"]);
    assert!(slower.stdout.contains("▲  good/changing"), "{slower:#?}");
    assert!(slower.stdout.contains("2 compared: 1 regressed"), "{slower:#?}");
    let rounds: BTreeMap<String, usize> =
        places(&project).into_iter().map(|(id, places)| (id, places.len())).collect();
    let expected = [("good/changing", 4), ("good/steady", 3)].map(|(k, v)| (k.to_owned(), v));
    assert_eq!(rounds, expected.into());
}

/// At which places of its passes each benchmark of the newest run was measured.
fn places(project: &Project) -> BTreeMap<String, Vec<u64>> {
    let of = |m: &Value| {
        let rounds = m["rounds"].as_array().unwrap().iter();
        let places = rounds.map(|round| round["position"].as_u64().unwrap()).collect();
        (m["id"].as_str().unwrap().to_owned(), places)
    };
    newest(project)["measurements"].as_array().unwrap().iter().map(of).collect()
}

fn newest(project: &Project) -> Value {
    serde_json::from_str(project.read(".driftline/history.jsonl").lines().last().unwrap()).unwrap()
}

#[test]
fn rounds_are_recorded_with_their_order() {
    let project = Project::new();
    // In the target directory that they share, projects need different names.
    let manifest = MANIFEST.replace("\"sample\"", "\"ordered\"");
    let (manifest, _) = manifest.split_once("[[bench]]\nname = \"bad\"").unwrap();
    let manifest = format!("{manifest}[workspace]\n");
    project.write("Cargo.toml", manifest).write("lib.rs", "");
    let names: Vec<String> = (0..8).map(|n| format!("b{n}")).collect();
    // What a group sets itself comes before what the command line says: none takes as long as
    // driftline thinks, and no program seems slow to start, however busy the machine is.
    let run = |arguments: &[&str]| {
        let times = ["--", "--measurement-time", "300"];
        run_as_usual(&project, &[&["--rounds", "2"], arguments, &times].concat())
    };
    let benchmarks = names.iter().map(|name| {
        format!(
            "let mut group = c.benchmark_group(\"{name}\");
             group.warm_up_time(Duration::from_millis(10));
             group.measurement_time(Duration::from_millis(20)).sample_size(10);
             group.bench_function(\"x\", |b| b.iter(|| work(9)));
             group.finish();"
        )
    });
    let names: Vec<String> = names.iter().map(|name| format!("{name}/x")).collect();
    project.write("benches/good.rs", bench(&benchmarks.collect::<String>()));
    project.write("Cargo.lock", include_bytes!("../../Cargo.lock"));

    let done = run(&[]).expect(0, &["[9/16] round 2/2 b"]);
    assert!(done.stderr.contains("[16/16] round 2/2 b"), "{done:#?}");
    let settings = &newest(&project)["settings"];
    let seed = settings["order_seed"].as_u64().unwrap();
    assert_eq!(settings["rounds"], 2);
    let first = places(&project);
    assert_eq!(first.keys().cloned().collect::<Vec<_>>(), names);
    for round in 0..2 {
        let mut all: Vec<u64> = first.values().map(|places| places[round]).collect();
        all.sort_unstable();
        assert_eq!(all, (0..8).collect::<Vec<_>>());
    }
    let hash = newest(&project)["measurements"][0]["executable"].as_str().unwrap().to_owned();
    assert!(hash.len() == 16 && hash.bytes().all(|b| b.is_ascii_hexdigit()), "{hash}");

    run(&["--order-seed", &seed.to_string()]).expect(0, &[]);
    assert_eq!(places(&project), first, "the same order again");
    run(&["--order-seed", &(seed ^ 1).to_string()]).expect(0, &[]);
    assert_ne!(places(&project), first);
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
    let done = run_as_usual(&project, &[]).expect(5, &["rust: failed to find a bench target in"]);
    assert!(done.stdout.contains("a/one"), "{done:#?}");
}
