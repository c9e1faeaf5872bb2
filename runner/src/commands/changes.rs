use std::collections::BTreeMap;

use driftline_core::change::{self, Changes, State};
use driftline_core::model::{BenchmarkId, History};
use driftline_core::report;

use super::{Error, Exit, Project, output};
use crate::args::{ChangesArguments, Format};
use crate::reference;

/// `driftline changes`.
pub(super) fn changes(project: &Project, arguments: &ChangesArguments) -> Result<Exit, Error> {
    let store = project.store();
    let history = reference::history(&store)?;
    if history.runs().is_empty() {
        return Err(Error::new(
            Exit::Nothing,
            format!("look for changes: {} holds no run", store.directory().display()),
        )
        .hint("`driftline run` records one, `driftline import` reads other tools' results"));
    }
    let mut found = change::changes(&history, &project.acknowledged);
    if let Some(pattern) = &arguments.benchmark {
        found = found.of_benchmarks(&|id| {
            BenchmarkId::new(id).is_ok_and(|benchmark| benchmark.matches(pattern))
        });
        if found.series.is_empty() {
            return Err(Error::new(
                Exit::Nothing,
                format!("look for changes: no benchmark matches {pattern:?}"),
            )
            .hint("`*` stands for any characters: try '*NAME*'"));
        }
    }
    if let Some(revision) = &arguments.since {
        let named = reference::find(revision, None, &store, &history, &project.directory)?;
        let newest = named.runs.last().map(|run| run.id.as_str()).unwrap_or_default();
        found = since(found, &history, newest).ok_or_else(|| {
            Error::usage(format!("--since {revision}: the history has no such run"))
        })?;
    }
    if arguments.settled {
        found = found.retaining(|change| change.state == State::Settled);
    }
    if arguments.hide_acknowledged {
        found = found.without_acknowledged();
    }
    if arguments.format == Format::Csv {
        // A table of rows has no place for these.
        for skipped in &found.skipped {
            output::warn(&format!("left out {}: {}", skipped.name, skipped.reason));
        }
    }
    output::print(&match arguments.format {
        Format::Text => report::changes_table(&found, output::width()),
        Format::Json => report::changes_json(&found),
        Format::Markdown => report::changes_markdown(&found),
        Format::Csv => report::changes_csv(&found),
    })?;
    Ok(Exit::Fine)
}

/// The changes after a run; `None` when the history does not hold it.
fn since(found: Changes, history: &History, run: &str) -> Option<Changes> {
    let positions: BTreeMap<&str, usize> =
        history.runs().iter().enumerate().map(|(at, run)| (run.id.as_str(), at)).collect();
    let start = *positions.get(run)?;
    Some(found.retaining(|change| {
        positions.get(change.run.as_str()).is_some_and(|position| *position > start)
    }))
}
