//! `driftline import`, `history`, and the real files of other tools.

mod common;

use common::{Project, csv};

/// Real files of the formats, as the core's tests have them.
fn data(name: &str) -> String {
    format!("{}/../core/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn importing_twice_adds_nothing_twice() {
    let project = Project::new();
    project.write("a.csv", csv(&[("x", 1.0)]));
    project
        .driftline(&["import", "a.csv"])
        .expect(0, &["csv, 1 run with 1 measurement", "recorded 1 run in"]);
    project.driftline(&["import", "a.csv"]).expect(0, &["recorded 0 runs, 1 run there already"]);
    assert_eq!(project.read(".driftline/history.jsonl").lines().count(), 1);
}

#[test]
fn real_pytest_files_are_recognised_and_compared() {
    let project = Project::new();
    let file = data("pytest-benchmark/a.json");
    project
        .driftline(&["import", &file])
        .expect(0, &["pytest-benchmark, 1 run with", "recorded 1 run"]);
    let done = project.driftline(&["history", "*test_fib"]).expect(0, &[]);
    assert!(done.stdout.contains("test_b.py::test_fib"), "{done:#?}");
    let done = project.driftline(&["compare", &file, &file]).expect(0, &[]);
    assert!(done.stdout.contains("0 regressed"), "{done:#?}");
    project.driftline(&["history", "nosuch"]).expect(4, &["no benchmark matches \"nosuch\""]);
}

#[test]
fn a_criterion_directory_is_a_run() {
    let project = Project::new();
    let directory = data("criterion/tree");
    project.driftline(&["import", &directory]).expect(0, &["criterion, 1 run with 7"]);
    project.driftline(&["compare", &directory, &directory]).expect(0, &[]);
}

#[test]
fn one_bad_file_leaves_the_history_as_it_was() {
    let project = Project::new();
    project.write("good.csv", csv(&[("x", 1.0)])).write("bad.csv", "benchmark,value\nx,NaNcy\n");
    project.driftline(&["import", "good.csv", "bad.csv"]).expect(3, &["bad.csv, line 2"]);
    assert!(!project.path(".driftline/history.jsonl").exists());
    project.driftline(&["import", "nosuch.csv"]).expect(3, &["nosuch.csv"]);
    project
        .driftline(&["import", "--format", "nose", "good.csv"])
        .expect(2, &["unknown format \"nose\""]);
}

#[test]
fn what_history_writes_as_csv_import_reads() {
    let project = Project::new();
    project.write("a.csv", "benchmark,value,run,commit,order\nx,1,r1,aaaa,1\n=x,2,r2,bbbb,2\n");
    project.driftline(&["import", "a.csv"]).expect(0, &[]);
    let exported = project.driftline(&["history", "--format", "csv"]).expect(0, &[]).stdout;
    let other = Project::new();
    other.write("b.csv", &exported);
    other.driftline(&["import", "b.csv"]).expect(0, &["recorded 2 runs"]);
    let again = other.driftline(&["history", "--format", "csv"]).expect(0, &[]).stdout;
    assert_eq!(again, exported);
}

#[test]
fn a_damaged_line_is_set_aside_and_told() {
    let project = Project::new();
    project.write("a.csv", csv(&[("x", 1.0)])).write("b.csv", csv(&[("x", 2.0)]));
    project.driftline(&["import", "a.csv"]).expect(0, &[]);
    let good = project.read(".driftline/history.jsonl");
    project.write(".driftline/history.jsonl", format!("garbage\n{good}{{\"format\":\"driftline"));
    project.driftline(&["history"]).expect(0, &["history.jsonl", "line 1", "line 3"]);
    project.driftline(&["import", "b.csv"]).expect(0, &["history.jsonl.rejected"]);
    let history = project.read(".driftline/history.jsonl");
    assert!(history.starts_with(&good) && history.lines().count() == 2, "{history}");
    let rejected = project.read(".driftline/history.jsonl.rejected");
    assert!(
        rejected.contains("garbage") && rejected.contains("{\"format\":\"driftline"),
        "{rejected}"
    );
    assert_eq!(project.driftline(&["history"]).expect(0, &[]).stderr, "");
}
