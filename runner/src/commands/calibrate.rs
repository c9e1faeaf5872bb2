use driftline_core::compare::{FEWEST_EARLIER, calibrate as replay};
use driftline_core::model::{BenchmarkId, Run};
use driftline_core::report;

use super::compare::warn_of_idle_rules;
use super::{Error, Exit, Project, output};
use crate::args::{CalibrateArguments, Format};
use crate::reference::{self, Records};

/// `driftline calibrate`.
pub(super) fn calibrate(project: &Project, arguments: &CalibrateArguments) -> Result<Exit, Error> {
    let policy = project.rule(&arguments.rule)?;
    let store = project.store();
    let history = reference::history(&store)?;
    let records = Records::open(project, &store)?;
    // The newest by commit: an older commit that was measured since has fewer runs before it.
    let runs: Vec<&Run> = history.runs().last().map_or_else(Vec::new, |newest| {
        let evidence = records.before(&history, newest);
        evidence.comparable().iter().copied().chain([newest]).collect()
    });
    let left_out = history.runs().len() - runs.len();
    let others = match left_out {
        0 => String::new(),
        1 => ", and 1 that was not".to_owned(),
        n => format!(", and {n} that were not"),
    };
    if runs.len() <= FEWEST_EARLIER {
        return Err(Error::new(
            Exit::Nothing,
            format!(
                "calibrate: the history at {} holds {} of the {} runs made like the newest that it \
                 takes{others}",
                store.directory().display(),
                runs.len(),
                FEWEST_EARLIER + 1
            ),
        )
        .hint("`driftline run` records one, `driftline import` reads other tools' results")
        .hint(ALIKE));
    }
    if left_out > 0 {
        output::note(&format!("{} runs made like the newest{others}: {ALIKE}", runs.len()));
    }
    warn_of_idle_rules(&policy, runs.iter().copied());
    let mut calibration = replay(&runs, &policy, arguments.window.unwrap_or(project.window));
    if let Some(pattern) = &arguments.benchmark {
        let wanted =
            |id: &str| BenchmarkId::new(id).is_ok_and(|benchmark| benchmark.matches(pattern));
        calibration = calibration.only(wanted);
        if calibration.benchmarks.is_empty() {
            return Err(Error::new(
                Exit::Nothing,
                format!("calibrate: no benchmark matches {pattern:?}"),
            )
            .hint("`*` stands for any characters: try '*NAME*'; without a pattern all are shown"));
        }
    }
    output::print(&match arguments.format {
        Format::Text => report::calibration_text(&calibration, output::width()),
        Format::Json => report::calibration_json(&calibration),
        Format::Markdown => report::calibration_markdown(&calibration),
        Format::Csv => report::calibration_csv(&calibration),
    })?;
    Ok(Exit::Fine)
}

/// What makes runs alike.
const ALIKE: &str = "alike are runs of one machine and toolchain, measured as thoroughly, of \
                     committed code of the default branch";
