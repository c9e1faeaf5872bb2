use driftline_core::model::{BenchmarkId, History};
use driftline_core::report;

use super::changes::changes_of;
use super::{Error, Exit, Project, output};
use crate::args::{HistoryArguments, HistoryFormat};
use crate::reference;

/// The columns of a drawing where there is no terminal to ask.
const COLUMNS: usize = 100;

/// `driftline history [PATTERN]`.
pub(super) fn history(project: &Project, arguments: &HistoryArguments) -> Result<Exit, Error> {
    let store = project.store();
    let history = reference::history(&store)?;
    if history.runs().is_empty() {
        return Err(Error::new(
            Exit::Nothing,
            format!("show the history: {} holds no run", store.directory().display()),
        )
        .hint("`driftline run` records one, `driftline import` reads other tools' results"));
    }
    let pattern = arguments.benchmark.as_deref().unwrap_or("*");
    let wanted = |benchmark: &BenchmarkId| benchmark.matches(pattern);
    let runs = history.runs();
    if !runs.iter().flat_map(|run| &run.measurements).any(|m| wanted(m.benchmark())) {
        return Err(Error::new(
            Exit::Nothing,
            format!("show the history: no benchmark matches {pattern:?}"),
        )
        .hint("`*` stands for any characters: try '*NAME*'; without a pattern all are shown"));
    }
    output::print(&match arguments.format {
        HistoryFormat::Text => match drawn(project, &history, arguments.benchmark.as_deref())? {
            Some(chart) => chart,
            None => report::history_table(&history, &wanted, output::width()),
        },
        HistoryFormat::Csv => report::history_csv(&history, &wanted),
    })?;
    Ok(Exit::Fine)
}

/// The series drawn, when the pattern names a single benchmark: one drawing for each of its metrics on
/// each machine. With what is to be known about them told to the user.
fn drawn(
    project: &Project,
    history: &History,
    pattern: Option<&str>,
) -> Result<Option<String>, Error> {
    let Some(pattern) = pattern else { return Ok(None) };
    let found = changes_of(project, history)?.of_benchmarks(&|id| {
        BenchmarkId::new(id).is_ok_and(|benchmark| benchmark.matches(pattern))
    });
    for left_out in &found.skipped {
        output::note(&format!("not drawn: {}, {}", left_out.name, left_out.reason));
    }
    let Some(first) = found.series.first() else { return Ok(None) };
    if found.series.iter().any(|series| series.id != first.id) {
        return Ok(None);
    }
    for warning in &found.warnings {
        output::warn(warning);
    }
    let width = output::width().unwrap_or(COLUMNS);
    let charts = found.series.iter().map(|series| report::series_chart(series, width));
    Ok(Some(charts.collect::<Vec<_>>().join("\n")))
}
