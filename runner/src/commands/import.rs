use driftline_core::model::Run;

use super::{Error, Exit, Project, output};
use crate::args::ImportArguments;
use crate::reference;

/// `driftline import FILE…`: all files are read before anything is recorded, so that a bad one
/// leaves the history as it was.
pub(super) fn import(project: &Project, arguments: &ImportArguments) -> Result<Exit, Error> {
    let format = super::compare::input_format(arguments.format.as_deref())?;
    let mut runs: Vec<Run> = Vec::new();
    for file in &arguments.files {
        let reading = reference::read_file(&reference::file_at(&project.directory, file), format)?;
        let measurements: usize = reading.runs.iter().map(|run| run.measurements.len()).sum();
        output::note(&format!(
            "{}: {}, {} with {}",
            file.display(),
            reading.format,
            counted(reading.runs.len(), "run"),
            counted(measurements, "measurement"),
        ));
        for run in &reading.runs {
            for skipped in &run.skipped {
                output::warn(&format!("skipped {}: {}", skipped.name, skipped.reason));
            }
        }
        runs.extend(reading.runs.into_iter().filter(|run| !run.measurements.is_empty()));
    }
    if runs.is_empty() {
        return Err(Error::new(Exit::Nothing, "import: the files hold no measurement"));
    }
    let store = project.store();
    let receipt = store.append_all(&runs)?;
    for warning in &receipt.warnings {
        output::warn(&warning.to_string());
    }
    let already = match receipt.already_there {
        0 => String::new(),
        n => format!(", {} there already", counted(n, "run")),
    };
    output::note(&format!(
        "recorded {}{already} in {}",
        counted(receipt.appended, "run"),
        store.history_path().display()
    ));
    if receipt.pruned > 0 {
        output::note(&format!(
            "{} beyond the newest that the history keeps went: [history] keep in driftline.toml",
            counted(receipt.pruned, "run")
        ));
    }
    Ok(Exit::Fine)
}

/// `1 run`, `2 runs`.
pub(super) fn counted(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}
