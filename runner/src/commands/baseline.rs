use driftline_core::compare::{Policy, levels_of_run};
use driftline_core::model::{Baseline, BaselineName, History, Level, Run};
use driftline_core::{report, wire};
use jiff::Timestamp;

use super::{Error, Exit, Project, Store, output};
use crate::args::{BaselineCommand, Format};
use crate::reference;

/// `driftline baseline …`.
pub(super) fn baseline(project: &Project, command: BaselineCommand) -> Result<Exit, Error> {
    let store = project.store();
    match command {
        BaselineCommand::Save { name, run } => {
            save_recorded(project, &store, &name, run.as_deref())
        }
        BaselineCommand::List => list(&store),
        BaselineCommand::Show { name, format } => show(&store, &name, format),
        BaselineCommand::Remove { name } => remove(&store, &name),
        BaselineCommand::Document => {
            let file = document(&store)?;
            output::note(&format!("wrote {file}"));
            Ok(Exit::Fine)
        }
    }
}

/// A baseline name from the command line.
pub(super) fn name_of(text: &str) -> Result<BaselineName, Error> {
    BaselineName::new(text).map_err(Error::usage)
}

/// Saves a run as a baseline, and writes the document anew. Of the levels that were accepted before
/// those stay that `keep` says, so that many small slowdowns add up; the others are accepted as this
/// run has them.
pub(super) fn save(
    store: &Store,
    name: &BaselineName,
    run: &Run,
    policy: &Policy,
    keep: impl Fn(&Level) -> bool,
) -> Result<(), Error> {
    let saved = Timestamp::now();
    // Nobody reads fractions of a second.
    let saved = Timestamp::from_second(saved.as_second()).unwrap_or(saved);
    let (id, shown) = (run.id.clone(), name.clone());
    let before = reference::saved(store, name.as_str())?;
    let mut previous = before.map(|baseline| baseline.levels).unwrap_or_default();
    previous.retain(keep);
    let levels = levels_of_run(run, &previous, policy);
    let (name, saved, run) = (name.clone(), Some(saved), run.clone());
    store.save_baseline(&Baseline { name, saved, levels, run })?;
    let file = document(store)?;
    output::note(&format!("saved run {id} as baseline {shown}; its numbers are in {file}"));
    Ok(())
}

/// Writes the document anew; its path.
fn document(store: &Store) -> Result<String, Error> {
    let path = store.write_document(&report::baseline_document(&reference::baselines(store)?))?;
    Ok(path.display().to_string())
}

fn save_recorded(
    project: &Project,
    store: &Store,
    name: &str,
    reference: Option<&str>,
) -> Result<Exit, Error> {
    let name = name_of(name)?;
    let history = reference::history(store)?;
    let run = match reference {
        None => history.last_recorded().cloned().ok_or_else(|| {
            Error::new(
                Exit::Nothing,
                format!(
                    "save a baseline: the history at {} holds no run",
                    store.directory().display()
                ),
            )
            .hint("`driftline run --save-baseline` makes one")
        })?,
        Some(reference) => newest_called(project, store, &history, reference)?,
    };
    save(store, &name, &run, &project.policy, |_| false)?;
    Ok(Exit::Fine)
}

fn newest_called(
    project: &Project,
    store: &Store,
    history: &History,
    reference: &str,
) -> Result<Run, Error> {
    let mut named = reference::find(reference, None, store, history, &project.directory)?.told();
    named.runs.pop().ok_or_else(|| Error::new(Exit::Nothing, format!("find {reference:?}")))
}

fn list(store: &Store) -> Result<Exit, Error> {
    let baselines = reference::baselines(store)?;
    if baselines.is_empty() {
        output::note("no baseline is saved: `driftline run --save-baseline` saves one");
    }
    output::print(&report::baseline_list(&baselines, output::width()))?;
    Ok(Exit::Fine)
}

fn show(store: &Store, name: &str, format: Format) -> Result<Exit, Error> {
    let name = name_of(name)?;
    let baseline = store.baseline(&name)?;
    output::print(&match format {
        Format::Text => report::measurement_table(&baseline.run, output::width()),
        Format::Json => wire::write_baseline(&baseline),
        Format::Markdown => report::baseline_document(std::slice::from_ref(&baseline)),
        Format::Csv => report::history_csv(&History::new(vec![baseline.run]), &|_| true),
    })?;
    Ok(Exit::Fine)
}

fn remove(store: &Store, name: &str) -> Result<Exit, Error> {
    let name = name_of(name)?;
    store.remove_baseline(&name)?;
    document(store)?;
    output::note(&format!("removed baseline {name}"));
    Ok(Exit::Fine)
}
