use super::super::words::is_notable;
use crate::compare::{Comparison, SideUsed};

/// The most benchmarks that are named on a command line.
const NAMED: usize = 10;

/// The commands that measure both sides again, in turns on one machine, where both are commits; or that
/// compare the same files. People copy them into a shell, so nothing from outside is in them but commits and
/// names of harmless characters. `fetch` is the ref by which a clone gets the candidate's commit.
pub(super) fn reproduce(comparison: &Comparison, fetch: Option<&str>) -> Option<String> {
    let (baseline, candidate) = (&comparison.baseline, &comparison.candidate);
    let threshold = threshold(comparison);
    let commands = if let (Some(before), Some(after)) = (commit(baseline), commit(candidate)) {
        if before == after {
            return None;
        }
        let filter = filter(comparison).unwrap_or_default();
        let fetched = fetch.filter(|name| name.starts_with("refs/") && is_harmless(name, "/."));
        let fetched = fetched.map(|name| format!("git fetch origin {name}\n")).unwrap_or_default();
        format!(
            "work=$(mktemp -d)\n\
             {fetched}\
             git worktree add --detach \"$work/baseline\" {before}\n\
             git worktree add --detach \"$work/candidate\" {after}\n\
             for side in baseline candidate candidate baseline; do\n  \
             driftline --store \"$work/store\" -C \"$work/$side\" run{filter}\n\
             done\n\
             driftline --store \"$work/store\" compare {before} {after}{threshold} --explain\n\
             for side in baseline candidate; do git worktree remove --force \"$work/$side\"; done\n"
        )
    } else {
        // A run or a baseline is in a store that nobody else has.
        let named = |side: &SideUsed| {
            let name = Some(side.name.clone()).filter(|_| side.commit.is_none());
            name.filter(|name| is_harmless(name, "/.") && name.contains('.'))
        };
        let (before, after) = (named(baseline)?, named(candidate)?);
        format!("driftline compare {before} {after}{threshold} --explain\n")
    };
    Some(format!("```sh\n{commands}```\n"))
}

/// The commit of a side, if it is one.
fn commit(side: &SideUsed) -> Option<&str> {
    let is_commit =
        |id: &&str| (7..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    side.commit.as_deref().filter(is_commit)
}

fn threshold(comparison: &Comparison) -> String {
    let percent = (comparison.policy.threshold * 1e8).round() / 1e6;
    format!(" --threshold {percent}%")
}

/// Only what changed, where that is little and its names need no quoting.
fn filter(comparison: &Comparison) -> Option<String> {
    let rows = comparison.benchmarks.iter().filter(|row| is_notable(row));
    let mut names: Vec<&str> = rows.take(NAMED + 1).map(|row| row.id.as_str()).collect();
    names.dedup();
    let all = !names.is_empty() && names.len() <= NAMED;
    if !all || names.iter().any(|name| !is_harmless(name, "/")) {
        return None;
    }
    Some(format!(" --filter '^({})$'", names.join("|")))
}

/// Whether a name means itself to a shell and in a regular expression.
fn is_harmless(name: &str, also: &str) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-') || also.contains(c);
    !name.is_empty() && !name.starts_with('-') && name.len() <= 200 && name.chars().all(allowed)
}
