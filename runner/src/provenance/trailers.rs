use std::collections::BTreeSet;
use std::path::Path;

use super::git::Git;

/// A line `Benchmark-Accept: …` of a commit's message: anywhere in it, because a merge that squashes
/// commits puts their messages one behind the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trailer {
    /// The full id of the commit.
    pub(crate) commit: String,
    /// What stands behind the colon, in one line; empty where there is nothing.
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
    // No message holds a NUL, which ends each.
    const FORMAT: &str = "--format=%H%n%B";
    if git.run(&["rev-parse", "--git-dir"]).is_err() || !is_id(from) || !is_id(to) {
        return Ok(Vec::new());
    }
    let without = format!("^{from}");
    let arguments = [
        "log",
        "--no-show-signature",
        "--no-color",
        "--reverse",
        "-z",
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
    let commits = text.split('\0').filter_map(|commit| commit.split_once('\n'));
    let of_commit = |(id, message): (&str, &str)| -> Vec<Trailer> {
        let commit = id.trim();
        let values = values(message).into_iter();
        values.map(|value| Trailer { commit: commit.to_owned(), value }).collect()
    };
    Ok(commits.flat_map(of_commit).collect())
}

/// What stands behind each `Benchmark-Accept:` that begins a line, in one line with what goes on
/// indented below it.
fn values(message: &str) -> Vec<String> {
    let mut values: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in message.lines() {
        let text = line.trim();
        if let Some(value) = value(text) {
            values.push(value.to_owned());
            goes_on = true;
            continue;
        }
        goes_on &= !text.is_empty() && line.starts_with([' ', '\t']);
        if let Some(last) = values.last_mut().filter(|_| goes_on) {
            if !last.is_empty() {
                last.push(' ');
            }
            last.push_str(text);
        }
    }
    values
}

fn value(line: &str) -> Option<&str> {
    const KEY: &str = "Benchmark-Accept";
    let (key, value) = line.split_once(':')?;
    key.trim_end().eq_ignore_ascii_case(KEY).then(|| value.trim())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn trailers_stand_anywhere_in_a_message() {
        for (message, expected) in [
            ("x\n\nBenchmark-Accept: a b\n", &["a b"][..]),
            ("Benchmark-Accept: a b", &["a b"]),
            ("x\n\nBENCHMARK-ACCEPT : a\n b\n\tc\n\n d\nmore", &["a b c"]),
            ("* x\n\n  Benchmark-Accept: a b\n  Benchmark-Accept: c d\n\n* y", &["a b", "c d"]),
            ("Benchmark-Accept:\r\n\r\nSigned-off-by: x\r\n", &[""]),
            ("> Benchmark-Accept: a b\nsee Benchmark-Accept: a b\nBenchmark-Accepted: a b", &[]),
            ("", &[]),
        ] {
            assert_eq!(values(message), expected, "{message:?}");
        }
    }
}
