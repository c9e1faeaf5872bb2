//! `driftline init`: what it finds, writes and leaves.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::Project;

/// A repository without driftline.toml.
fn repository() -> Project {
    let project = Project::new();
    std::fs::remove_file(project.path("driftline.toml")).unwrap();
    project.git(&["init", "-q"]);
    project
}

#[test]
fn writes_what_runs_and_says_so() {
    let project = repository();
    project
        .write("pyproject.toml", "[project]\ndependencies = [\"pytest-benchmark\"]\n")
        .write("rust/Cargo.toml", "[package]\nname = \"a\"\n")
        .write("rust/benches/parse.rs", "criterion_main!(benches);")
        .write("asv.conf.json", "{}");
    let dry = project.driftline(&["init", "--dry-run"]).expect(0, &[]);
    assert!(dry.stdout.contains("# driftline.toml\n") && !project.path("driftline.toml").exists());
    project.driftline(&["init"]).expect(
        0,
        &[
            "found pytest-benchmark (pyproject.toml): suite \"pytest-benchmark\"",
            "found criterion (rust/benches/parse.rs): suite \"rust-criterion\"",
            "found asv (asv.conf.json), for which no suite is written: it keeps results",
            "wrote driftline.toml",
            "wrote .github/workflows/benchmarks.yml",
        ],
    );
    insta::assert_snapshot!(project.read("driftline.toml"), @r#"
    # Written by `driftline init`. Every key has a default; README.md lists them.

    # A change is relevant from here on; per benchmark below.
    threshold = "20%"

    [[suite]]
    name = "rust-criterion"
    harness = "criterion"
    directory = "rust"

    [[suite]]
    name = "pytest-benchmark"
    command = "python -m pytest --benchmark-only --benchmark-json={output}"
    format = "pytest-benchmark"

    # [[benchmark]]
    # match = "upload/write_*"
    # threshold = "30%"
    "#);
    let workflow = project.read(".github/workflows/benchmarks.yml");
    assert!(workflow.contains("/.github/actions/driftline@v0.1.0\n"), "{workflow}");
    assert!(workflow.contains("permissions: {}\n") && workflow.contains("contents: read\n"));
    assert!(!project.path(".github/workflows/benchmarks-comment.yml").exists());
    let comments = ["wrote .github/workflows/benchmarks-comment.yml"];
    project.driftline(&["init", "--comments"]).expect(0, &comments);
    // What it wrote is read.
    project.driftline(&["baseline", "list"]).expect(0, &["no baseline is saved"]);
    project.driftline(&["run", "--suite", "nosuch"]).expect(2, &["rust-criterion"]);
}

#[test]
fn overwrites_nothing_unless_told_to() {
    let project = repository();
    project.write("requirements.txt", "pytest-benchmark\n").write("driftline.toml", "rounds = 5\n");
    project
        .driftline(&["init"])
        .expect(0, &["driftline.toml is there, and stays as it is", "wrote .g"]);
    assert_eq!(project.read("driftline.toml"), "rounds = 5\n");
    let before = project.read(".github/workflows/benchmarks.yml");
    project.driftline(&["init"]).expect(0, &["benchmarks.yml is there, and stays"]);
    assert_eq!(project.read(".github/workflows/benchmarks.yml"), before);
    project.driftline(&["init", "--force"]).expect(0, &["wrote driftline.toml"]);
    assert!(project.read("driftline.toml").contains("pytest-benchmark"));
}

#[test]
fn without_benchmarks_nothing_is_written() {
    let project = repository();
    project.write("README", "x").write("asv.conf.json", "{}");
    project.driftline(&["init"]).expect(4, &["holds no benchmarks", "looked for: criterion"]);
    assert!(!project.path("driftline.toml").exists() && !project.path(".github").exists());
}
