//! `driftline formats`, and files of other harnesses on the command line.

mod common;

use common::Project;

/// Real files of the formats, as the core's tests have them.
fn data(name: &str) -> String {
    format!("{}/../core/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn formats_are_listed_with_an_example() {
    let project = Project::new();
    let done = project.driftline(&["formats"]).expect(0, &[]);
    assert!(
        done.stdout.starts_with("criterion, also cargo-criterion\n    recognised by a directory")
    );
    for name in ["go, also go-test, gobench\n", "jmh\n", "hyperfine\n", "csv\n", "driftline\n"] {
        assert!(done.stdout.contains(name), "{name} is not in {}", done.stdout);
    }
    let done = project.driftline(&["formats", "iai-callgrind"]).expect(0, &[]);
    assert_eq!(done.stdout.matches("for example: ").count(), 1);
    assert!(done.stdout.starts_with("gungraun, also iai-callgrind, iai\n"), "{}", done.stdout);
    project
        .driftline(&["formats", "nosuch"])
        .expect(2, &["unknown format \"nosuch\": expected one"]);
}

#[test]
fn doubt_names_the_candidates_and_a_given_format_settles_it() {
    let project = Project::new();
    let file = data("github-action-benchmark/a.customSmallerIsBetter.json");
    project.driftline(&["import", &file]).expect(
        3,
        &["may be of several formats: say which: custom-smaller-is-better (a JSON array"],
    );
    project
        .driftline(&["import", "--format", "customSmallerIsBetter", &file])
        .expect(0, &["custom-smaller-is-better, 1 run with 4 measurements", "recorded 1 run in"]);
}

#[test]
fn directories_and_histories_of_other_harnesses_are_imported_once() {
    let project = Project::new();
    for (name, said) in [
        ("asv/results", "asv, 2 runs with"),
        ("gungraun/d.summary-tree", "gungraun, 1 run with 36 measurements"),
        ("tango/b.dump", "tango, 1 run with 3 measurements"),
        ("pytest-benchmark/dot-benchmarks", "pytest-benchmark, 2 runs with"),
        ("github-action-benchmark/c.data.js", "github-action-benchmark, 3 runs with"),
    ] {
        let path = data(name);
        project.driftline(&["import", &path]).expect(0, &[said, "recorded "]);
        project.driftline(&["import", &path]).expect(0, &["recorded 0 runs, "]);
    }
}

#[test]
fn two_files_of_one_harness_are_compared() {
    let project = Project::new();
    let first = data("gungraun/c.output-format-json.first-run.jsonl");
    let second = data("gungraun/c.output-format-json.second-run.jsonl");
    let done = project.driftline(&["compare", &first, &second]).expect(0, &[]);
    assert!(done.stdout.contains("0 regressed"), "{done:#?}");
}
