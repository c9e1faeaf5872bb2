use std::collections::BTreeSet;
use std::path::Path;

use super::git::Git;

/// A line `Benchmark-Accept: …` at the end of a commit's message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trailer {
    /// The full id of the commit.
    pub(crate) commit: String,
    /// What stands behind the colon, in one line.
    pub(crate) value: String,
}

/// More commits than these are not looked through.
const MOST_COMMITS: &str = "--max-count=10000";

/// The trailers of the commits that `to` has and `from` has not, oldest first. None where there is no
/// repository.
///
/// # Errors
/// When the repository does not know the commits; with what to do about it.
pub(crate) fn acceptance_trailers(
    directory: &Path,
    from: &str,
    to: &str,
) -> Result<Vec<Trailer>, String> {
    trailers_of(&Git { directory, configure: &|_| {} }, from, to)
}

fn trailers_of(git: &Git, from: &str, to: &str) -> Result<Vec<Trailer>, String> {
    const FORMAT: &str = "--format=%H%x00%(trailers:key=Benchmark-Accept,valueonly,unfold)%x1e";
    if git.run(&["rev-parse", "--git-dir"]).is_err() || !is_id(from) || !is_id(to) {
        return Ok(Vec::new());
    }
    let without = format!("^{from}");
    let arguments = [
        "log",
        "--no-show-signature",
        "--no-color",
        "--reverse",
        MOST_COMMITS,
        FORMAT,
        to,
        &without,
    ];
    let text = git.run(&[arguments.as_slice(), &["--"]].concat()).map_err(|complaint| {
        format!(
            "the commits between {} and {} are not known here, so what they accept does not count \
             ({complaint}): fetch all of the history",
            short(from),
            short(to)
        )
    })?;
    let commits = text.split('\u{1e}').filter_map(|commit| commit.split_once('\0'));
    let of_commit = |(id, values): (&str, &str)| -> Vec<Trailer> {
        let values = values.lines().map(str::trim).filter(|value| !value.is_empty());
        let commit = id.trim();
        values.map(|value| Trailer { commit: commit.to_owned(), value: value.to_owned() }).collect()
    };
    Ok(commits.flat_map(of_commit).collect())
}

/// The full ids of `commit` and of what came after it on the way to `head`; none where it is not
/// known, or `head` does not have it.
pub(crate) fn commits_with(directory: &Path, commit: &str, head: &str) -> BTreeSet<String> {
    with(&Git { directory, configure: &|_| {} }, commit, head).unwrap_or_default()
}

fn with(git: &Git, commit: &str, head: &str) -> Option<BTreeSet<String>> {
    let resolved = |name: &str| {
        let name = format!("{name}^{{commit}}");
        let id = git.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &name]).ok()?;
        Some(id.trim().to_owned())
    };
    let (commit, head) = (resolved(commit)?, resolved(head)?);
    git.run(&["merge-base", "--is-ancestor", &commit, &head]).ok()?;
    let without = format!("^{commit}");
    let text = git.run(&["rev-list", "--ancestry-path", &head, &without, "--"]).ok()?;
    Some(text.lines().map(str::to_owned).chain([commit]).collect())
}

/// Whether a commit can be looked up by it: hexadecimal digits.
fn is_id(commit: &str) -> bool {
    commit.len() >= 4 && commit.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn short(id: &str) -> &str {
    id.get(..10).unwrap_or(id)
}
