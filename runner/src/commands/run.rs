use driftline_core::model::{BaselineName, BenchmarkId, History, Run, Settings, Skipped};
use driftline_core::{report, wire};
use jiff::Timestamp;

use super::compare::{against, exit_of, no_baseline, print};
use super::{Error, Exit, Project, Store, baseline, output};
use crate::args::{Format, RunArguments};
use crate::harness::{Failure, Interrupt};
use crate::measure;
use crate::provenance;
use crate::reference::{self, Named};

/// `driftline run`.
pub(super) fn run(project: &Project, arguments: &RunArguments) -> Result<Exit, Error> {
    // Whatever can be wrong is found before the minutes that measuring takes.
    let policy = project.policy(&arguments.policy)?;
    let plan = measure::Plan::new(project, arguments)?;
    if arguments.keep == Some(0) {
        return Err(Error::usage("keep 0 runs: --keep must be at least 1"));
    }
    let store = project.store_keeping(arguments.keep, arguments.samples);
    let baseline_name = arguments.compare.as_deref().filter(|name| !name.is_empty());
    let wants_comparison = arguments.compare.is_some() || arguments.policy.ci;
    let named_baseline = match baseline_name {
        None | Some(reference::HISTORY) => None,
        Some(name) => {
            let saved = store.baseline(&baseline::name_of(name)?)?;
            Some(Named { name: name.to_owned(), runs: vec![saved.run] })
        }
    };
    let save_as = arguments.save_baseline.as_deref().map(baseline::name_of).transpose()?;
    let init_as = arguments.init_baseline.as_deref().map(baseline::name_of).transpose()?;
    let history = reference::history(&store)?;

    let interrupt = Interrupt::install()
        .map_err(|e| Error::new(Exit::Benchmark, format!("listen for interrupts: {e}")))?;
    let mut run = described(project, arguments);
    let measured = plan.measure(&interrupt)?;
    run.skipped = measured.skipped;
    run.skipped.extend(measured.failures.iter().map(|failure| Skipped {
        name: failure.name().to_owned(),
        reason: failure.reason.clone(),
    }));
    run.set_measurements(measured.measurements);
    for failure in &measured.failures {
        output::warn_verbatim(&failure.to_string());
    }

    if measured.interrupted {
        return interrupted(&store, &run);
    }
    if run.measurements.is_empty() {
        return Err(nothing_measured(&measured.failures, &measured.known, arguments));
    }
    if !arguments.no_record {
        let receipt = store.append(&run)?;
        for warning in receipt.warnings {
            output::warn(&warning.to_string());
        }
        output::note(&format!("recorded run {} in {}", run.id, store.history_path().display()));
    }

    let candidate = Named { name: run.id.to_string(), runs: vec![run] };
    let run = &candidate.runs[0];
    let baseline = match (wants_comparison, baseline_name) {
        (false, _) => None,
        (true, Some(reference::HISTORY)) => reference::runs_before(&history, run),
        (true, Some(_)) => named_baseline,
        (true, None) => reference::default_baseline(&store, &history, run)?,
    };
    let is_first = match &init_as {
        Some(name) => reference::baseline(&store, name.as_str())?.is_none(),
        None => false,
    };
    let mut exit = Exit::Fine;
    if let Some(baseline) = &baseline {
        let comparison = against(baseline, &candidate, &policy);
        print(&comparison, arguments.policy.format)?;
        exit = exit_of(&comparison, arguments.policy.ci);
    } else {
        print_run(run, arguments.policy.format)?;
        if wants_comparison && !is_first {
            output::fail(&no_baseline(run.id.as_str()));
            exit = Exit::Nothing;
        }
    }

    if let Some(name) = init_as.filter(|_| is_first) {
        baseline::save(&store, &name, run)?;
        output::note("there was no baseline: the next run is compared with this one");
    }
    if let Some(name) = save_as {
        save_unless_regressed(&store, &name, run, exit)?;
    }
    if arguments.history {
        show_history(&store, run)?;
    }
    Ok(if measured.failures.is_empty() { exit } else { Exit::Benchmark })
}

/// A run with everything but measurements.
fn described(project: &Project, arguments: &RunArguments) -> Run {
    let now = Timestamp::now();
    let mut run = Run::new(provenance::new_run_id(now), Vec::new());
    run.time = Some(Timestamp::from_second(now.as_second()).unwrap_or(now));
    let store = project.store();
    let environment = &provenance::process_environment;
    let git = provenance::git(&project.directory, store.directory(), environment);
    for warning in git.warnings {
        output::warn(&warning);
    }
    run.commit = git.commit;
    run.machine = Some(provenance::machine());
    run.toolchain = provenance::toolchain(&project.directory, environment);
    run.driftline = Some(env!("CARGO_PKG_VERSION").to_owned());
    run.ci = provenance::ci(environment);
    run.settings = Settings {
        quick: arguments.quick,
        filter: arguments.filter.clone(),
        arguments: arguments.arguments.clone(),
    };
    run
}

/// Offers what was measured before the user stopped it.
fn interrupted(store: &Store, run: &Run) -> Result<Exit, Error> {
    if run.measurements.is_empty() {
        output::note("interrupted before anything was measured; nothing was recorded");
        return Ok(Exit::Interrupted);
    }
    let file = store.save_interrupted(run)?;
    output::note(&format!(
        "interrupted: nothing was recorded; the {} benchmarks measured so far are in {}: `driftline \
         import` with that file records them",
        run.measurements.len(),
        file.display()
    ));
    Ok(Exit::Interrupted)
}

fn nothing_measured(failures: &[Failure], known: &[String], arguments: &RunArguments) -> Error {
    const SHOWN: usize = 12;
    if !failures.is_empty() {
        return Error::new(Exit::Benchmark, "measure: every benchmark failed");
    }
    let mut error = Error::new(Exit::Nothing, "measure: no benchmark was run");
    if let Some(filter) = &arguments.filter {
        error =
            error.hint(format!("--filter {filter:?} matches none of {} benchmarks", known.len()));
    }
    if !known.is_empty() {
        let more = known.len().saturating_sub(SHOWN);
        let mut names = known.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
        if more > 0 {
            names += &format!(", and {more} more");
        }
        error = error.hint(format!("there are: {names}"));
    }
    error
}

/// Prints what was measured, where there is nothing to compare it with.
fn print_run(run: &Run, format: Format) -> Result<(), Error> {
    output::print(&match format {
        Format::Text => report::measurement_table(run, output::width()),
        Format::Json => wire::write_run(run),
        Format::Markdown => report::measurement_markdown(run),
        Format::Csv => report::history_csv(&History::new(vec![run.clone()]), &|_| true),
    })
}

/// In CI a slow run must not become the norm that the next one is judged by.
fn save_unless_regressed(
    store: &Store,
    name: &BaselineName,
    run: &Run,
    exit: Exit,
) -> Result<(), Error> {
    if exit == Exit::Regressed {
        output::warn(&format!(
            "baseline {name} is left as it was, because something regressed; `driftline baseline save {name}` accepts this run"
        ));
        return Ok(());
    }
    baseline::save(store, name, run)
}

/// The series of the benchmarks that were just run, this run included even if it is not recorded.
fn show_history(store: &Store, run: &Run) -> Result<(), Error> {
    let history = reference::history(store)?;
    let runs = history.runs().iter().filter(|r| r.id != run.id).chain([run]).cloned().collect();
    let history = History::new(runs);
    let measured = |id: &BenchmarkId| run.measurements.iter().any(|m| m.benchmark() == id);
    output::print(&format!("\n{}", report::history_table(&history, &measured, output::width())))
}
