//! What a person means by "since": the runs after a run, a commit or a day.

use std::collections::{BTreeMap, BTreeSet};

use driftline_core::model::History;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::config::Project;
use crate::error::Error;
use crate::provenance;
use crate::reference;
use crate::store::Store;

/// The ids of the runs after a run or a commit, which need not have been measured; or of those from a
/// day on (in UTC).
pub(crate) fn runs_after<'a>(
    project: &Project,
    store: &Store,
    history: &'a History,
    revision: &str,
) -> Result<BTreeSet<&'a str>, Error> {
    let runs = history.runs();
    let named = reference::run_called(history, revision)?.is_some()
        || !reference::runs_of_commit(history, revision).is_empty();
    let commit = provenance::resolve_revision(&project.directory, revision).filter(|_| !named);
    if !named
        && commit.is_none()
        && let Some(day) = revision.parse::<Date>().ok().filter(|_| is_day(revision))
        && let Ok(begin) = day.to_zoned(TimeZone::UTC)
    {
        let begin = begin.timestamp();
        let later = runs.iter().filter(|run| run.time.is_some_and(|time| time >= begin));
        return Ok(later.map(|run| run.id.as_str()).collect());
    }
    let unmeasured = commit.filter(|commit| reference::runs_of_commit(history, commit).is_empty());
    let Some(commit) = unmeasured else {
        let positions: BTreeMap<&str, usize> =
            runs.iter().enumerate().map(|(at, run)| (run.id.as_str(), at)).collect();
        let named = reference::find(revision, None, store, history, &project.directory)?.told();
        let newest = named.runs.last().and_then(|run| positions.get(run.id.as_str()));
        let newest = newest.ok_or_else(|| {
            Error::usage(format!("--since {revision}: the history has no such run"))
        })?;
        return Ok(runs.iter().skip(newest + 1).map(|run| run.id.as_str()).collect());
    };
    let order = provenance::position(&project.directory, &commit);
    let known = runs.iter().any(|run| run.order().is_some());
    let Some(order) = order.filter(|_| known) else {
        let short: String = commit.chars().take(10).collect();
        return Err(Error::usage(format!(
            "--since {revision}: commit {short} was never measured, and where it stands among \
             those that were is not known"
        ))
        .hint(
            "name a run or a measured commit; positions are known where runs are made in, and \
               this is, a full clone (`git fetch --unshallow`)",
        ));
    };
    let later = runs.iter().filter(|run| run.order().is_some_and(|at| at > order));
    Ok(later.map(|run| run.id.as_str()).collect())
}

/// Whether it is written as a day is: `2026-11-23`.
fn is_day(text: &str) -> bool {
    text.len() == 10 && text.matches('-').count() == 2
}
