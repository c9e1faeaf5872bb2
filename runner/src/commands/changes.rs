use driftline_core::change::{self, Acknowledgement, ChangeContext, Changes, State};
use driftline_core::model::{BenchmarkId, History};
use driftline_core::report;

use super::{Error, Exit, Project, output};
use crate::acceptance::Acceptances;
use crate::args::{ChangesArguments, Format};
use crate::provenance;
use crate::reference;
use crate::since;

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
    let mut found = changes_of(project, &history)?;
    if found.series.is_empty() {
        return Err(nothing_left(&found));
    }
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
        let after = since::runs_after(project, &store, &history, revision)?;
        found = found.retaining(|change| after.contains(change.run.as_str()));
    }
    if arguments.settled {
        found = found.retaining(|change| change.state == State::Settled);
    }
    if arguments.hide_acknowledged {
        found = found.without_acknowledged();
    }
    for warning in &found.warnings {
        output::warn(warning);
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

/// The changes of a history, in the light of what the project and its repository know.
pub(super) fn changes_of(project: &Project, history: &History) -> Result<Changes, Error> {
    let accepted = Acceptances::read(project, &[])?;
    let known = project.acknowledged.iter().cloned().chain(accepted.acknowledgements());
    let acknowledgements: Vec<Acknowledgement> =
        known.map(|known| resolved(project, history, &known)).collect();
    let branch = project.reference_branch();
    let context =
        ChangeContext { acknowledgements: &acknowledgements, default_branch: branch.as_deref() };
    Ok(change::changes_in(history, context))
}

/// What an acknowledgement names besides a run or a measured commit: any revision that git knows.
fn resolved(project: &Project, history: &History, known: &Acknowledgement) -> Acknowledgement {
    let name = known.commit.trim();
    let measured = history.runs().iter().any(|run| {
        run.id.as_str() == name || run.commit.as_ref().is_some_and(|commit| known.means(&commit.id))
    });
    if measured {
        return known.clone();
    }
    let id = provenance::resolve_revision(&project.directory, name);
    let order = id.as_deref().and_then(|id| provenance::position(&project.directory, id));
    Acknowledgement { id, order, ..known.clone() }
}

/// Why there is nothing to look at, and what to do about it.
pub(super) fn nothing_left(found: &Changes) -> Error {
    let reasons: Vec<String> =
        found.skipped.iter().map(|left| format!("{} {}", left.name, left.reason)).collect();
    let why = if reasons.is_empty() {
        "no run measured anything".to_owned()
    } else {
        format!("all runs are left out: {}", reasons.join(", "))
    };
    Error::new(Exit::Nothing, format!("look for changes: {why}")).hint(
        "commit what is changed, then `driftline run` without --quick records a run that counts",
    )
}
