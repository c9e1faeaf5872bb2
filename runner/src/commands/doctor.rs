use std::time::Duration;

use super::{Error, Exit, Project, output};
use crate::args::{DoctorArguments, DoctorFormat};
use crate::doctor::{Launch, Observer, Plan, Report, Spread, SystemFiles, text};
use crate::provenance;

/// `driftline doctor`: exit code 0 whatever it finds, 5 where the machine could not be measured.
pub(super) fn doctor(project: &Project, arguments: &DoctorArguments) -> Result<Exit, Error> {
    let plan = Plan::new(arguments.quick);
    let seconds = (plan.launches * (plan.work + plan.pause)).as_secs();
    if seconds > 1 {
        output::note(&format!("watching and measuring this machine for about {} s", seconds + 1));
    }
    let failed = |what: String| Error::new(Exit::Benchmark, what);
    let program = std::env::current_exe().map_err(|e| failed(format!("find this program: {e}")))?;
    let mut observer = Observer::start();
    let measured = plan
        .measure(&program, &["doctor".into(), "--launch".into()], || observer.look())
        .map_err(failed)?;
    let report = Report::new(
        &SystemFiles,
        provenance::machine(),
        observer.finish(),
        Spread::new(measured),
        &project.directory,
        &provenance::process_environment,
        arguments.quick,
    );
    output::print(&match arguments.format {
        DoctorFormat::Text => text(&report, output::width()),
        DoctorFormat::Json => report.json(),
    })?;
    Ok(Exit::Fine)
}

/// What a launch that the doctor started does.
pub(super) fn launch(milliseconds: u64) -> Result<Exit, Error> {
    output::print(&Launch::work(Duration::from_millis(milliseconds)).line())?;
    Ok(Exit::Fine)
}
