//! `driftline ci`: judges, and writes what the CI system shows. It needs no token and posts nothing:
//! that is done by the platform's own tools.

mod platform;
mod reports;

use std::fs::File;
use std::io::Read as _;

use driftline_core::compare::{Comparison, FailOn, Overall, Policy, Side};
use driftline_core::model::Run;
use driftline_core::text::shortened;
use driftline_core::{report, wire};

use super::compare::{Sides, input_format};
use super::{Error, Exit, Project, output};
use crate::acceptance::Acceptances;
use crate::args::CiArguments;
use crate::provenance;
use crate::reference;
use platform::Platform;
use reports::Reports;

/// `driftline ci`.
pub(super) fn ci(project: &Project, arguments: &CiArguments) -> Result<Exit, Error> {
    let environment = &provenance::process_environment;
    let reports = Reports::new(project, &arguments.reports, environment)?;
    let fail_on: FailOn = arguments.fail_on.into();
    let policy = project.policy(&arguments.judging)?;
    let accepted = Acceptances::read(project, &arguments.judging.accept)?;
    let sides = Sides {
        baseline: arguments.baseline.as_deref(),
        candidate: arguments.candidate.as_deref(),
        format: input_format(arguments.input_format.as_deref())?,
    };
    let comparison = match sides.judge(project, &accepted, &policy) {
        Ok(comparison) => comparison,
        Err(error) => nothing(project, &sides, &policy, error)?,
    };
    output::print(&table(&comparison))?;
    let platform = Platform::of(arguments.platform, environment);
    reports.write(&comparison, fail_on)?;
    if let Some(file) = project.relative(arguments.junit.as_deref()) {
        reports::write(&file, &report::comparison_junit(&comparison, fail_on))?;
    }
    platform.write(project, &comparison, fail_on, &reports, environment)?;
    Ok(exit_of(comparison.summary.overall(), fail_on))
}

/// The table for the job's log, which no name may make longer than people read.
fn table(comparison: &Comparison) -> String {
    const NAME: usize = 200;
    let mut shown = comparison.clone();
    for row in &mut shown.benchmarks {
        row.id = shortened(&row.id, NAME);
        row.metric = shortened(&row.metric, NAME);
    }
    for skipped in &mut shown.skipped {
        skipped.name = shortened(&skipped.name, NAME);
    }
    report::comparison_table(&shown, output::width())
}

/// `driftline ci --render FILE`. Nothing is read but that file.
pub(super) fn render(project: &Project, arguments: &CiArguments) -> Result<Exit, Error> {
    let Some(file) = project.relative(arguments.render.as_deref()) else { return Ok(Exit::Usage) };
    let reports = Reports::new(project, &arguments.reports, &|_| None)?;
    let failed = |why: &dyn std::fmt::Display| {
        Error::data(format!("read {} as a comparison: {why}", file.display()))
    };
    let mut bytes = Vec::new();
    // One byte too many tells that it is too large.
    let most = wire::LARGEST_COMPARISON as u64 + 1;
    let opened = File::open(&file).map_err(|e| failed(&e))?;
    opened.take(most).read_to_end(&mut bytes).map_err(|e| failed(&e))?;
    let comparison = wire::read_comparison(&bytes).map_err(|e| failed(&e))?;
    reports.write_texts(&comparison)?;
    Ok(Exit::Fine)
}

/// A comparison of nothing, that says why: where there is no baseline, or no run. Any other error is
/// one.
fn nothing(
    project: &Project,
    sides: &Sides<'_>,
    policy: &Policy,
    error: Error,
) -> Result<Comparison, Error> {
    let store = project.store();
    let history = reference::history(&store)?;
    let candidate = match sides.candidate(project, &store, &history) {
        Ok(candidate) => Some(candidate),
        Err(own) if own.exit == Exit::Nothing => None,
        Err(own) => return Err(own),
    };
    // A baseline that is not there yet is what the first run of all finds.
    let missing = error.exit == Exit::Usage && sides.baseline.is_some();
    if error.exit != Exit::Nothing && !missing {
        return Err(error);
    }
    output::fail(&error);
    let runs: Vec<&Run> = candidate.iter().flat_map(|candidate| &candidate.runs).collect();
    let name = candidate.as_ref().map_or("nothing", |candidate| candidate.name.as_str()).to_owned();
    let none = Side { name: sides.baseline.unwrap_or("nothing").to_owned(), runs: Vec::new() };
    let mut comparison = driftline_core::compare::compare(&none, &Side { name, runs }, policy);
    comparison.warnings.insert(0, error.text());
    Ok(comparison)
}

fn exit_of(overall: Overall, fail_on: FailOn) -> Exit {
    match overall {
        overall if !fail_on.fails(overall) => Exit::Fine,
        Overall::Nothing => Exit::Nothing,
        Overall::Inconclusive => Exit::Inconclusive,
        _ => Exit::Regressed,
    }
}
