//! Against repositories made for the purpose; the user's configuration has no say in them.

use std::fs;

use tempfile::TempDir;

use super::*;

/// What the surroundings may have set: a hook's repository, a user's configuration.
fn shielded(command: &mut Command) {
    for name in ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY"] {
        command.env_remove(name);
    }
    command
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .env("GIT_CEILING_DIRECTORIES", std::env::temp_dir())
        .env("GIT_AUTHOR_DATE", "2026-11-23T12:00:00+01:00")
        .env("GIT_COMMITTER_DATE", "2026-11-23T12:30:00+01:00")
        .env("GIT_AUTHOR_NAME", "A. Uthor")
        .env("GIT_AUTHOR_EMAIL", "a@example.com")
        .env("GIT_COMMITTER_NAME", "C. Ommitter")
        .env("GIT_COMMITTER_EMAIL", "c@example.com");
}

fn run(directory: &Path, arguments: &[&str]) -> String {
    let git = Git { directory, configure: &shielded };
    git.run(arguments).unwrap_or_else(|complaint| panic!("git {arguments:?}: {complaint}"))
}

fn commit(directory: &Path, subject: &str) {
    fs::write(directory.join("code"), subject).unwrap();
    run(directory, &["add", "code"]);
    run(directory, &["commit", "-q", "-m", subject]);
}

fn repository() -> TempDir {
    let directory = TempDir::new().unwrap();
    run(directory.path(), &["init", "-q", "-b", "trunk"]);
    directory
}

fn state_with(directory: &Path, configure: &dyn Fn(&mut Command), branch: &str) -> CodeState {
    let environment = |name: &str| (name == "GITHUB_REF_NAME").then(|| branch.to_owned());
    read(&Git { directory, configure }, Path::new(".driftline"), &environment)
}

fn state(directory: &Path) -> CodeState {
    state_with(directory, &shielded, "from-ci")
}

/// The commit of a repository about which there is nothing to complain.
fn clean(directory: &Path) -> Commit {
    let state = state(directory);
    assert_eq!(state.warnings, [""; 0]);
    state.commit.unwrap()
}

#[test]
fn a_commit_is_told_with_all_about_it() {
    let repository = repository();
    commit(repository.path(), "first");
    commit(repository.path(), "größer | \"second\"\n\nAnd why.");
    let told = clean(repository.path());
    assert_eq!(told.id, run(repository.path(), &["rev-parse", "HEAD"]).trim());
    let parent = run(repository.path(), &["rev-parse", "HEAD~1"]);
    assert_eq!(told.parent.as_deref(), Some(parent.trim()));
    assert_eq!(told.order, Some(2));
    assert_eq!(told.subject.as_deref(), Some("größer | \"second\""));
    assert_eq!(told.author.as_deref(), Some("A. Uthor"));
    assert_eq!(told.time, "2026-11-23T11:30:00Z".parse().ok());
    assert_eq!(told.branch.as_deref(), Some("trunk"));
    assert!(!told.dirty);
}

#[test]
fn the_first_commit_has_no_parent_and_before_it_there_is_none() {
    let repository = repository();
    assert_eq!(state(repository.path()), CodeState::default());
    commit(repository.path(), "first");
    let told = clean(repository.path());
    assert_eq!((told.parent, told.order), (None, Some(1)));
}

#[test]
fn a_merge_counts_its_first_parents_alone() {
    let repository = repository();
    let directory = repository.path();
    commit(directory, "first");
    run(directory, &["checkout", "-q", "-b", "side"]);
    for n in 0..3 {
        commit(directory, &format!("side {n}"));
    }
    run(directory, &["checkout", "-q", "trunk"]);
    let before = run(directory, &["rev-parse", "HEAD"]);
    run(directory, &["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    let told = clean(directory);
    assert_eq!(told.order, Some(2));
    assert_eq!(told.parent.as_deref(), Some(before.trim()));
}

#[test]
fn only_tracked_files_outside_the_store_make_it_dirty() {
    let repository = repository();
    let directory = repository.path();
    let history = directory.join(".driftline/history.jsonl");
    fs::create_dir(directory.join(".driftline")).unwrap();
    fs::create_dir(directory.join("below")).unwrap();
    fs::write(&history, "").unwrap();
    run(directory, &["add", ".driftline"]);
    commit(directory, "first");
    fs::write(directory.join("untracked"), "x").unwrap();
    fs::write(&history, "changed").unwrap();
    assert!(!clean(directory).dirty);
    fs::write(directory.join("code"), "changed").unwrap();
    assert!(clean(directory).dirty);
    // From a folder below, what is changed above counts as well.
    let below = directory.join("below");
    let git = Git { directory: &below, configure: &shielded };
    let store = directory.join(".driftline");
    assert!(read(&git, &store, &|_| None).commit.unwrap().dirty);
    run(directory, &["add", "code"]);
    assert!(clean(directory).dirty, "what is staged is no part of the commit either");
    run(directory, &["commit", "-q", "-m", "second"]);
    assert!(!read(&git, &store, &|_| None).commit.unwrap().dirty);
}

#[test]
fn a_detached_head_has_the_branch_that_ci_names() {
    let repository = repository();
    commit(repository.path(), "first");
    run(repository.path(), &["checkout", "-q", "--detach"]);
    assert_eq!(clean(repository.path()).branch.as_deref(), Some("from-ci"));
    let git = Git { directory: repository.path(), configure: &shielded };
    let told = read(&git, Path::new("elsewhere"), &|_| None);
    assert_eq!(told.commit.unwrap().branch, None);
}

#[test]
fn a_shallow_clone_has_no_order_and_says_what_to_do() {
    let origin = repository();
    commit(origin.path(), "first");
    commit(origin.path(), "second");
    let parent = TempDir::new().unwrap();
    let url = format!("file://{}", origin.path().display());
    run(parent.path(), &["clone", "-q", "--depth=1", &url, "clone"]);
    let told = state(&parent.path().join("clone"));
    let commit = told.commit.unwrap();
    assert_eq!((commit.order, commit.subject.as_deref()), (None, Some("second")));
    assert_eq!(told.warnings.len(), 1);
    assert!(told.warnings[0].contains("fetch-depth: 0"), "{:?}", told.warnings);
}

#[test]
fn no_repository_and_no_git_are_nothing_to_complain_about() {
    let directory = TempDir::new().unwrap();
    assert_eq!(state(directory.path()), CodeState::default());
    let without_git = |command: &mut Command| {
        command.env("PATH", "/nonexistent");
    };
    assert_eq!(state_with(directory.path(), &without_git, ""), CodeState::default());
    run(directory.path(), &["init", "-q", "--bare"]);
    assert_eq!(state(directory.path()), CodeState::default());
}

#[test]
fn git_dir_names_the_repository() {
    let repository = repository();
    commit(repository.path(), "first");
    let elsewhere = TempDir::new().unwrap();
    let pointed = |command: &mut Command| {
        shielded(command);
        command.env("GIT_DIR", repository.path().join(".git"));
        command.env("GIT_WORK_TREE", repository.path());
    };
    let told = state_with(elsewhere.path(), &pointed, "");
    assert_eq!(told.commit.unwrap().subject.as_deref(), Some("first"));
}

#[test]
fn a_broken_repository_is_worth_a_word() {
    let repository = repository();
    commit(repository.path(), "first");
    fs::write(repository.path().join(".git/config"), "[core\n").unwrap();
    let told = state(repository.path());
    assert_eq!(told.commit, None);
    assert!(told.warnings[0].contains("the run has no commit"), "{:?}", told.warnings);

    let complaint = "detected dubious ownership in repository at '/x'";
    assert!(surprising(complaint).unwrap().contains("safe.directory"));
}

#[test]
fn a_commit_has_a_position_measured_or_not() {
    let directory = repository();
    let path = directory.path();
    for subject in ["one", "two", "three"] {
        commit(path, subject);
    }
    run(path, &["checkout", "-q", "-b", "topic"]);
    commit(path, "on the topic");
    let topic = run(path, &["rev-parse", "HEAD"]);
    commit(path, "never merged");
    let unmerged = run(path, &["rev-parse", "HEAD"]);
    run(path, &["checkout", "-q", "trunk"]);
    run(path, &["merge", "-q", "--no-ff", "-m", "merge", topic.trim()]);
    fs::write(path.join("other"), "").unwrap();
    run(path, &["add", "other"]);
    run(path, &["commit", "-q", "-m", "six"]);
    let git = Git { directory: path, configure: &shielded };
    let at = |revision: &str| position_of(&git, run(path, &["rev-parse", revision]).trim());
    assert_eq!(
        [at("HEAD"), at("HEAD~1"), at("HEAD~2"), at("HEAD~4")].map(Option::unwrap),
        [5, 4, 3, 1]
    );
    // It came by the merge.
    assert_eq!(position_of(&git, topic.trim()), Some(4));
    assert_eq!(position_of(&git, unmerged.trim()), Some(5));
    assert_eq!(position_of(&git, "0000"), None);
}
