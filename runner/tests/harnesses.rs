//! Several harnesses in one run: what they measure of the same function are metrics of one benchmark.
#![cfg(unix)]

mod common;

use common::Project;

/// What a fake criterion prints.
fn criterion(nanoseconds: u32) -> String {
    format!(
        "test fib/short ... bench:       {nanoseconds} ns/iter (+/- 2)\n\
         test fib/long ... bench:       9000 ns/iter (+/- 90)\n"
    )
}

/// What a fake gungraun prints.
fn gungraun(instructions: u32) -> String {
    format!(
        "gun::bench_group::fib short:(8)\n  Instructions:   {instructions}|N/A   (*********)\n  \
         L1 Hits:   990|N/A   (*********)\n"
    )
}

const CONFIGURATION: &str = r#"
threshold = "30%"
[[suite]]
name = "time"
command = "cat time.txt"
format = "criterion"
[[suite]]
name = "instructions"
command = "cat instructions.txt"
format = "gungraun"
[[suite.rename]]
from = "gun::bench_group::* *:(*)"
to = "*/*"
[[benchmark]]
match = "fib/*"
metric = "instructions"
threshold = "1%"
"#;

fn project(configuration: &str) -> Project {
    let project = Project::new();
    project
        .write("driftline.toml", configuration)
        .write("time.txt", criterion(100))
        .write("instructions.txt", gungraun(692));
    project
}

#[test]
fn instructions_and_wall_time_are_two_metrics_of_one_benchmark() {
    let project = project(CONFIGURATION);
    let first = project.driftline(&["run", "--save-baseline", "--format", "json"]).expect(0, &[]);
    let run: serde_json::Value = serde_json::from_str(&first.stdout).unwrap();
    let names: Vec<String> = run["measurements"]
        .as_array()
        .unwrap()
        .iter()
        .map(|m| format!("{} {}", m["id"].as_str().unwrap(), m["metric"].as_str().unwrap()))
        .collect();
    assert_eq!(
        names,
        [
            "fib/long wall_time",
            "fib/short instructions",
            "fib/short l1_hits",
            "fib/short wall_time"
        ]
    );
    // Ten per cent are nothing for the one and much for the other.
    project.write("time.txt", criterion(110)).write("instructions.txt", gungraun(761));
    let done = project.driftline(&["run", "--compare", "main", "--format", "csv"]).expect(0, &[]);
    let verdict = |name: &str| {
        let row = done.stdout.lines().find(|line| line.starts_with(name)).unwrap();
        row.split(',').nth(13).unwrap().to_owned()
    };
    assert_eq!(verdict("fib/short,instructions,"), "regressed");
    assert_eq!(verdict("fib/short,l1_hits,"), "unchanged");
    assert_ne!(verdict("fib/short,wall_time,"), "regressed");
    let threshold = |name: &str| {
        let row = done.stdout.lines().find(|line| line.starts_with(name)).unwrap();
        let threshold: f64 = row.split(',').nth(12).unwrap().parse().unwrap();
        (threshold * 1000.0).round()
    };
    assert_eq!(threshold("fib/short,instructions,").to_string(), "10");
    assert_eq!(threshold("fib/short,wall_time,").to_string(), "300");
    project.driftline(&["run", "--ci", "--compare", "main"]).expect(1, &[]);
}

#[test]
fn a_filter_and_one_suite_go_by_the_names_that_are_shown() {
    let project = project(CONFIGURATION);
    let run = |arguments: &[&str]| {
        let all = [&["run", "--no-record", "--format", "csv"], arguments].concat();
        let done = project.driftline(&all).expect(0, &[]);
        done.stdout.lines().skip(1).filter(|line| line.starts_with("fib/")).count()
    };
    assert_eq!(run(&["--filter", "^fib/short$"]), 3);
    assert_eq!(run(&["--suite", "instructions"]), 2);
    project
        .driftline(&["run", "--no-record", "--filter", "bench_group"])
        .expect(4, &["matches none of"]);
}

#[test]
fn two_suites_that_measure_the_same_say_so() {
    let both = CONFIGURATION.replace("cat instructions.txt", "cat time.txt");
    let both = both.replace("format = \"gungraun\"", "format = \"criterion\"");
    let project = project(&both);
    let done = project.driftline(&["run"]).expect(
        0,
        &["suite \"instructions\": the rename from \"gun::bench_group::* *:(*)\" matches no benchmark"],
    );
    assert!(
        done.stdout
            .contains("skipped fib/long: measured twice (wall_time): only the first is kept"),
        "{done:#?}"
    );
}
