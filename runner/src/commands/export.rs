use std::collections::BTreeMap;

use driftline_core::export::{self, Exported};
use driftline_core::model::{BenchmarkId, History, Run, RunId};
use driftline_core::report;

use super::import::counted;
use super::{Error, Exit, Project, output};
use crate::args::{ExportArguments, ExportFormat};
use crate::reference;
use crate::since;

/// `driftline export --format FORMAT [FILE…]`.
pub(super) fn export(project: &Project, arguments: &ExportArguments) -> Result<Exit, Error> {
    let to_terminal = arguments.output.is_none() && output::is_terminal();
    if arguments.format == ExportFormat::Parquet && to_terminal {
        return Err(Error::usage("write Parquet to a terminal: it is no text")
            .hint("give --output FILE, or redirect standard output"));
    }
    let history = source(project, arguments)?;
    let runs = selected(project, &history, arguments)?;
    let Exported { content, notes } = exported(&runs, arguments.format);
    for note in notes {
        output::warn(&note);
    }
    let Some(file) = &arguments.output else {
        output::print_data(&content)?;
        return Ok(Exit::Fine);
    };
    let file = project.directory.join(file);
    std::fs::write(&file, &content)
        .map_err(|e| Error::data(format!("write {}: {e}", file.display())))?;
    output::note(&format!("wrote {}: {}", file.display(), counted(runs.len(), "run")));
    Ok(Exit::Fine)
}

/// The history, or the runs of the files instead.
fn source(project: &Project, arguments: &ExportArguments) -> Result<History, Error> {
    if arguments.files.is_empty() {
        let store = project.store();
        let history = reference::history(&store)?;
        if history.runs().is_empty() {
            return Err(Error::new(
                Exit::Nothing,
                format!("export: the history at {} holds no run", store.directory().display()),
            )
            .hint("`driftline run` records one; `driftline export` takes files, too"));
        }
        return Ok(history);
    }
    let format = super::compare::input_format(arguments.input_format.as_deref())?;
    let mut runs: Vec<Run> = Vec::new();
    let mut known: BTreeMap<RunId, usize> = BTreeMap::new();
    for file in &arguments.files {
        let path = reference::file_at(&project.directory, file);
        for run in reference::read_file(&path, format)?.runs {
            let before = known.get(&run.id).and_then(|&place| runs.get(place));
            if before.is_some_and(|before| *before != run) {
                return Err(Error::new(
                    Exit::Data,
                    format!(
                        "{}: its run {} is another one than that of a file before it",
                        path.display(),
                        run.id
                    ),
                )
                .hint("export the files one by one, or give the runs different ids"));
            }
            if before.is_none() {
                known.insert(run.id.clone(), runs.len());
                runs.push(run);
            }
        }
    }
    Ok(History::new(runs))
}

/// The runs that are asked for, as they were recorded, with the benchmarks that are asked for.
fn selected(
    project: &Project,
    history: &History,
    arguments: &ExportArguments,
) -> Result<Vec<Run>, Error> {
    let after = match &arguments.since {
        Some(revision) => Some(since::runs_after(project, &project.store(), history, revision)?),
        None => None,
    };
    let wanted = history
        .as_recorded()
        .filter(|run| after.as_ref().is_none_or(|after| after.contains(run.id.as_str())));
    let mut runs: Vec<Run> = wanted.cloned().collect();
    if let Some(pattern) = &arguments.benchmark {
        let matches = |name: &str| BenchmarkId::new(name).is_ok_and(|id| id.matches(pattern));
        for run in &mut runs {
            run.measurements.retain(|measurement| measurement.benchmark().matches(pattern));
            run.skipped.retain(|skipped| matches(&skipped.name));
        }
        runs.retain(|run| !run.measurements.is_empty() || !run.skipped.is_empty());
    }
    if runs.iter().all(|run| run.measurements.is_empty()) {
        return Err(Error::new(
            Exit::Nothing,
            "export: no measurement is left of what was asked for",
        )
        .hint("`*` stands for any characters in --benchmark; --since names what is before"));
    }
    Ok(runs)
}

fn exported(runs: &[Run], format: ExportFormat) -> Exported<Vec<u8>> {
    let text = |content: String| Exported { content: content.into_bytes(), notes: Vec::new() };
    let bytes = |Exported { content, notes }: Exported<String>| Exported {
        content: content.into_bytes(),
        notes,
    };
    // Those that draw or plot series want them in commit order.
    let in_order = || History::new(runs.to_vec());
    match format {
        ExportFormat::Csv => bytes(export::runs_csv(runs)),
        ExportFormat::Json => text(export::runs_json(runs)),
        ExportFormat::Markdown => match runs {
            [run] => text(report::measurement_markdown(run)),
            _ => text(report::history_markdown(&in_order(), &|_| true)),
        },
        ExportFormat::Junit => bytes(export::runs_junit(runs)),
        ExportFormat::Openmetrics => bytes(export::runs_openmetrics(runs)),
        ExportFormat::OtavaCsv => bytes(export::runs_otava_csv(in_order().runs())),
        ExportFormat::Parquet => export::runs_parquet(runs),
    }
}
