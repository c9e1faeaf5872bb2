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
    project
        .driftline(&["init", "--force"])
        .expect(0, &["overwrote driftline.toml", "overwrote .github/workflows/benchmarks.yml"]);
    assert!(project.read("driftline.toml").contains("pytest-benchmark"));
}

#[test]
fn without_benchmarks_nothing_is_written() {
    let project = repository();
    project.write("README", "x").write("asv.conf.json", "{}");
    project.driftline(&["init"]).expect(4, &["holds no benchmarks", "looked for: criterion"]);
    assert!(!project.path("driftline.toml").exists() && !project.path(".github").exists());
}

#[test]
fn the_remote_tells_where_it_is_hosted_and_whose_it_is() {
    let project = repository();
    project.write("requirements.txt", "pytest-benchmark\n").write(".gitignore", "/target\n");
    project.git(&["remote", "add", "origin", "git@github.com:octo/app.git"]);
    project.driftline(&["init"]).expect(
        0,
        &["added to .gitignore: /.driftline/* and !/.driftline/accepted.toml", "octo/driftline"],
    );
    assert_eq!(project.read(".gitignore"), "/target\n/.driftline/*\n!/.driftline/accepted.toml\n");
    let workflow = project.read(".github/workflows/benchmarks.yml");
    assert!(workflow.contains("uses: octo/driftline/.github/actions/driftline@v"), "{workflow}");
    // A second time it adds nothing.
    project.driftline(&["init"]).expect(0, &["stays as it is"]);
    assert_eq!(project.read(".gitignore").matches("driftline").count(), 2);

    let project = repository();
    project.write("requirements.txt", "pytest-benchmark\n");
    project.git(&["remote", "add", "origin", "https://gitlab.example.org/g/app.git"]);
    let dry = project.driftline(&["init", "--dry-run"]).expect(0, &[]);
    assert!(dry.stdout.contains("# .gitlab-ci.yml\n") && dry.stdout.contains("# .gitignore, in"));
    assert!(!project.path(".gitlab-ci.yml").exists() && !project.path(".gitignore").exists());
    project.driftline(&["init", "--comments"]).expect(
        0,
        &["wrote .gitlab-ci.yml", "https://gitlab.example.org/g/driftline", "glab mr note"],
    );
    assert!(project.read(".gitlab-ci.yml").contains("ci --baseline \"$base\""));
    assert!(!project.path(".github").exists());
}

#[cfg(unix)]
#[test]
fn symbolic_links_are_not_followed() {
    let elsewhere = tempfile::tempdir().unwrap();
    for (link, force) in [
        (".github", false),
        (".github/workflows", true),
        ("driftline.toml", true),
        (".gitignore", true),
    ] {
        let project = repository();
        project.write("requirements.txt", "pytest-benchmark\n");
        if let Some((folder, _)) = link.split_once('/') {
            std::fs::create_dir(project.path(folder)).unwrap();
        }
        std::os::unix::fs::symlink(elsewhere.path(), project.path(link)).unwrap();
        let arguments = if force { &["init", "--force"][..] } else { &["init"] };
        project.driftline(arguments).expect(2, &["is a symbolic link, which is not followed"]);
        assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0, "{link}");
    }
}
