use driftline_core::model::BenchmarkId;
use driftline_core::report;

use super::{Error, Exit, Project, output};
use crate::args::{HistoryArguments, HistoryFormat};
use crate::reference;

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
        HistoryFormat::Text => report::history_table(&history, &wanted, output::width()),
        HistoryFormat::Csv => report::history_csv(&history, &wanted),
    })?;
    Ok(Exit::Fine)
}
