use driftline_core::model::History;

use super::{Error, Exit, Project, output};
use crate::args::ReportArguments;
use crate::page::{Data, Encoding, Page};
use crate::reference;

/// `driftline report --html FILE`.
pub(super) fn report(project: &Project, arguments: &ReportArguments) -> Result<Exit, Error> {
    let page = Page::open(project.relative(arguments.page.as_deref()).as_deref())?;
    let policy = project.rule(&arguments.rule)?;
    let store = project.store();
    let history: History = reference::history(&store)?;
    let runs = history.runs().len();
    if runs == 0 {
        return Err(Error::new(
            Exit::Nothing,
            format!("write a report: the history at {} holds no run", store.directory().display()),
        )
        .hint("`driftline run` records one, `driftline import` reads other tools' results"));
    }
    let data = Data::new(project, policy);
    data.problems().iter().for_each(|problem| output::warn(problem));
    let html = page.report(&data.json(Encoding::Inline)?)?;
    let file = project.directory.join(&arguments.html);
    std::fs::write(&file, &html)
        .map_err(|e| Error::data(format!("write {}: {e}", file.display())))?;
    output::note(&format!(
        "wrote {}: {runs} runs, {:.1} MB; it opens without network and server",
        file.display(),
        html.len() as f64 / 1e6
    ));
    Ok(Exit::Fine)
}
