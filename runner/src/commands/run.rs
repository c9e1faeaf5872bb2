use driftline_core::compare::compare as judge;
use driftline_core::model::{BaselineName, BenchmarkId, History, Run, Settings, Skipped};
use driftline_core::text::terminal;
use driftline_core::{report, wire};
use jiff::Timestamp;

use super::busyness;
use super::compare::{check_explain, exit_of, no_baseline, print};
use super::saving::Saving;
use super::{Error, Exit, Project, Store, baseline, output};
use crate::args::{Format, RunArguments};
use crate::harness::{Failure, Interrupt};
use crate::measure;
use crate::provenance;
use crate::reference::{self, Named};

/// `driftline run`.
pub(super) fn run(project: &Project, arguments: &RunArguments) -> Result<Exit, Error> {
    // Whatever can be wrong is found before the minutes that measuring takes.
    check_explain(&arguments.policy)?;
    if arguments.policy.explain.is_some() && arguments.compare.is_none() && !arguments.policy.ci {
        return Err(Error::usage("--explain explains a comparison: add --compare"));
    }
    let policy = project.policy(&arguments.policy)?;
    let plan = measure::Plan::new(project, arguments)?;
    if arguments.keep == Some(0) {
        return Err(Error::usage("keep 0 runs: --keep must be at least 1"));
    }
    let store = project.store_keeping(arguments.keep, arguments.samples);
    let saving = Saving::new(&store, arguments)?;
    let history = reference::history(&store)?;
    let against = Against::new(&store, arguments, &saving)?;
    if !arguments.no_record || saving.wanted() {
        store.check_writable()?;
    }

    let interrupt = Interrupt::install()
        .map_err(|e| Error::new(Exit::Benchmark, format!("listen for interrupts: {e}")))?;
    let mut run = described(project, arguments);
    let conditions = provenance::ConditionsProbe::start();
    let measured = plan.measure(&interrupt)?;
    run.conditions = conditions.finish();
    run.skipped = measured.skipped;
    run.skipped.extend(measured.failures.iter().map(|failure| Skipped {
        name: failure.name().to_owned(),
        reason: failure.reason.clone(),
    }));
    run.set_measurements(measured.measurements);
    run.toolchain = match (measured.toolchain, run.toolchain) {
        (Some(theirs), Some(rustc)) if plan.uses_cargo() => Some(format!("{rustc}; {theirs}")),
        (theirs, rustc) => theirs.or(rustc),
    };
    for failure in &measured.failures {
        output::warn_verbatim(&failure.to_string());
    }
    if measured.interrupted {
        return interrupted(&store, &run);
    }
    if run.measurements.is_empty() {
        return Err(nothing_measured(&run, &measured.failures, &measured.known, arguments));
    }
    for warning in busyness::warnings(&history, &run) {
        output::warn(&warning);
    }

    // A full disk must not cost what was measured: the figures are printed all the same.
    let recorded = if arguments.no_record { Ok(()) } else { record(&store, &run) };
    let candidate = Named { name: run.id.to_string(), runs: vec![run.clone()] };
    let mut exit = Exit::Fine;
    if let Some(baseline) = against.baseline(&history, &run) {
        let baseline = selected(baseline, &run, &plan, arguments);
        let comparison = judge(&baseline.side(), &candidate.side(), &policy);
        print(&comparison, &arguments.policy)?;
        exit = exit_of(&comparison, arguments.policy.ci);
    } else {
        print_run(&run, arguments.policy.format)?;
        if against != Against::Nothing && !saving.is_first() {
            output::fail(&no_baseline(run.id.as_str()));
            exit = Exit::Nothing;
        }
    }
    recorded?;
    saving.save(&store, &run, exit, &measured.failures, is_selection(arguments))?;
    if arguments.history {
        show_history(&store, &run, arguments.policy.format)?;
    }
    Ok(if measured.failures.is_empty() { exit } else { Exit::Benchmark })
}

/// What the run is compared with. Saved baselines are read before anything is measured.
#[derive(Debug, PartialEq)]
enum Against {
    Nothing,
    Baseline(Named),
    History,
}

impl Against {
    /// What the command line asks for: the baseline it names, else the one that `--init-baseline`
    /// is about, else `main`, and the history where that is not saved.
    fn new(store: &Store, arguments: &RunArguments, saving: &Saving) -> Result<Self, Error> {
        if arguments.compare.is_none() && !arguments.policy.ci {
            return Ok(Self::Nothing);
        }
        match arguments.compare.as_deref().filter(|name| !name.is_empty()) {
            Some(BaselineName::HISTORY) => Ok(Self::History),
            Some(name) => {
                let saved = store.baseline(&baseline::name_of(name)?)?;
                Ok(Self::Baseline(Named { name: name.to_owned(), runs: vec![saved.run] }))
            }
            None => {
                let name = saving.init.as_ref().map_or(BaselineName::DEFAULT, BaselineName::as_str);
                Ok(reference::baseline(store, name)?.map_or(Self::History, Self::Baseline))
            }
        }
    }

    fn baseline(&self, history: &History, run: &Run) -> Option<Named> {
        match self {
            Self::Nothing => None,
            Self::Baseline(named) => Some(named.clone()),
            Self::History => reference::runs_before(history, run),
        }
    }
}

/// Whether the command line chose only some of the benchmarks.
fn is_selection(arguments: &RunArguments) -> bool {
    arguments.filter.is_some() || chooses_targets(arguments)
}

fn chooses_targets(arguments: &RunArguments) -> bool {
    let line = &arguments.harness;
    let lists = [&line.package, &line.bench, &line.suite];
    lists.iter().any(|list| !list.is_empty())
}

/// The baseline without what was not selected to run: that is not gone.
fn selected(
    mut baseline: Named,
    run: &Run,
    plan: &measure::Plan,
    arguments: &RunArguments,
) -> Named {
    let ran = |id: &BenchmarkId| {
        run.measurements.iter().any(|m| m.benchmark() == id)
            || run.skipped.iter().any(|skipped| skipped.name == id.as_str())
    };
    let wanted = |id: &BenchmarkId| {
        if chooses_targets(arguments) { ran(id) } else { plan.selects(id.as_str()) || ran(id) }
    };
    let mut left_out = 0;
    for run in &mut baseline.runs {
        let before = run.measurements.len();
        run.measurements.retain(|m| wanted(m.benchmark()));
        left_out = left_out.max(before - run.measurements.len());
    }
    if left_out > 0 {
        output::note(&format!(
            "{left_out} benchmarks of {} were not selected, and are not compared",
            baseline.name
        ));
    }
    baseline
}

fn record(store: &Store, run: &Run) -> Result<(), Error> {
    let receipt = store.append(run)?;
    for warning in receipt.warnings {
        output::warn(&warning.to_string());
    }
    output::note(&format!("recorded run {} in {}", run.id, store.history_path().display()));
    Ok(())
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
        ..Settings::default()
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

fn nothing_measured(
    run: &Run,
    failures: &[Failure],
    known: &[String],
    arguments: &RunArguments,
) -> Error {
    const SHOWN: usize = 12;
    if !failures.is_empty() {
        return Error::new(Exit::Benchmark, "measure: every benchmark failed");
    }
    let mut error = Error::new(Exit::Nothing, "measure: no benchmark was run");
    for Skipped { name, reason } in run.skipped.iter().take(SHOWN) {
        error = error.hint(terminal(&format!("skipped {name}: {reason}")));
    }
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
        error = error.hint(terminal(&format!("there are: {names}")));
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

/// The series of the benchmarks that were just run, this run included even if it is not recorded.
/// Beside machine-readable output it goes to standard error.
fn show_history(store: &Store, run: &Run, format: Format) -> Result<(), Error> {
    let history = reference::history(store)?;
    let runs = history.runs().iter().filter(|r| r.id != run.id).chain([run]).cloned().collect();
    let history = History::new(runs);
    let measured = |id: &BenchmarkId| run.measurements.iter().any(|m| m.benchmark() == id);
    let table = format!("\n{}", report::history_table(&history, &measured, output::width()));
    if format == Format::Text {
        return output::print(&table);
    }
    output::say(&table);
    Ok(())
}
