mod against;
mod confirm;
mod effort;

use std::time::Instant;

use driftline_core::compare::{Comparison, FailOn, Policy, Side, compare as judge};
use driftline_core::model::{BenchmarkId, History, Judgement, Run, Settings, Skipped};
use driftline_core::text::terminal;
use driftline_core::{report, wire};
use jiff::Timestamp;

use super::busyness;
use super::compare::{check_explain, exit_of, no_baseline, print, warn_of_idle_rules};
use super::saving::Saving;
use super::{Error, Exit, Project, Store, output};
use crate::acceptance::{Acceptances, Judged};
use crate::args::{ComparisonFormat, PolicyArguments, RunArguments};
use crate::harness::{Failure, Interrupt};
use crate::measure::{Measured, Plan};
use crate::provenance;
use crate::reference::{self, Named, Records};
use against::{Against, Scope};
use effort::Effort;

/// `driftline run`.
pub(super) fn run(project: &Project, arguments: &RunArguments) -> Result<Exit, Error> {
    let begun = Instant::now();
    // Whatever can be wrong is found before the minutes that measuring takes.
    check_explain(&arguments.policy)?;
    if arguments.policy.explain.is_some() && arguments.compare.is_none() && !arguments.policy.ci {
        return Err(Error::usage("--explain explains a comparison: add --compare"));
    }
    let policy = project.policy(&arguments.policy.judging)?;
    let accepted = Acceptances::read(project, &arguments.policy.judging.accept)?;
    let effort = Effort::new(project, arguments, begun)?;
    let plan = Plan::new(project, arguments, effort.rounds)?;
    if arguments.keep == Some(0) {
        return Err(Error::usage("keep 0 runs: --keep must be at least 1"));
    }
    let store = project.store_keeping(arguments.keep, arguments.samples);
    let saving = Saving::new(&store, arguments, &policy)?;
    let history = reference::history(&store)?;
    let against = Against::new(&store, arguments, &saving)?;
    let records = Records::open(project, &store)?;
    if !arguments.no_record || saving.wanted() {
        store.check_writable()?;
    }

    let interrupt = Interrupt::install()
        .map_err(|e| Error::new(Exit::Benchmark, format!("listen for interrupts: {e}")))?;
    let mut described = described(project, arguments);
    let conditions = provenance::ConditionsProbe::start();
    let seed = effort.seed(&described);
    let mut prepared = plan.prepare(&interrupt)?;
    let mut scope = Scope::new(&plan, arguments);
    if !arguments.effort.force
        && !saving.is_first()
        && let Some(baseline) = against.baseline(&records.before(&history, &described), &store)?
    {
        scope.identical = prepared.leave_out_identical(&baseline.name, &baseline.runs);
    }
    if !scope.identical.is_empty() && prepared.is_empty() {
        return nothing_changed(&described, &policy, &arguments.policy);
    }

    let rounds = prepared.rounds(effort.rounds, seed, &effort.budget);
    described.settings.rounds = Some(rounds);
    described.settings.order_seed = plan.uses_cargo().then_some(seed);
    let filled = |measured: &Measured| filled(&described, measured, plan.uses_cargo());
    let compared = |run: &Run| -> Result<Option<Compared>, Error> {
        let evidence = records.before(&history, run);
        let Some(baseline) = against.baseline(&evidence, &store)? else { return Ok(None) };
        let (baseline, left_out) = scope.of(baseline, run);
        let candidate = Side::of_run(run.id.as_str(), run);
        let Judged { comparison, judgement } =
            accepted.judge(project, &evidence, &baseline, &candidate, &policy);
        Ok(Some(Compared { comparison, judgement, baseline, left_out }))
    };
    confirm::confirm(&mut prepared, &effort, seed, |measured| {
        Ok(compared(&filled(measured))?.map(|compared| compared.comparison))
    });
    let measured = prepared.measured();
    // The progress is over: what follows is the result.
    drop(prepared);
    let mut run = filled(&measured);
    run.conditions = conditions.finish();
    for failure in &measured.failures {
        output::warn_of_lines(&failure.to_string());
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

    // A run that cannot be compared is recorded all the same, without what was decided of it.
    let outcome = compared(&run);
    if let Ok(Some(compared)) = &outcome {
        run.judgement = Some(compared.judgement.clone());
    }
    // A full disk must not cost what was measured: the figures are printed all the same.
    let recorded = if arguments.no_record { Ok(()) } else { record(&store, &run) };
    let mut exit = Exit::Fine;
    let mut judged = None;
    if let Some(Compared { comparison, baseline, left_out, .. }) = outcome? {
        if left_out > 0 {
            output::note(&format!(
                "{left_out} benchmarks of {} were not selected, and are not compared",
                baseline.name
            ));
        }
        warn_of_idle_rules(&policy, baseline.runs.iter().chain([&run]));
        print(&comparison, &arguments.policy)?;
        exit = exit_of(&comparison, arguments.policy.ci);
        judged = Some(comparison);
    } else {
        print_run(&run, &policy, arguments.policy.format)?;
        if against != Against::Nothing && !saving.is_first() {
            output::fail(&no_baseline(&history, &run));
            exit = Exit::Nothing;
        }
    }
    recorded?;
    let judged = judged.as_ref();
    saving.save(&store, &run, judged, exit, &measured.failures, scope.is_selection())?;
    if arguments.history {
        show_history(&store, &run, arguments.policy.format)?;
    }
    Ok(if measured.failures.is_empty() { exit } else { Exit::Benchmark })
}

/// A comparison, with what, and how many benchmarks of that were not to be run.
struct Compared {
    comparison: Comparison,
    /// What of it is recorded with the run.
    judgement: Judgement,
    baseline: Named,
    left_out: usize,
}

/// The run with what was measured, and what was not.
fn filled(described: &Run, measured: &Measured, uses_cargo: bool) -> Run {
    let mut run = described.clone();
    run.skipped.clone_from(&measured.skipped);
    run.skipped.extend(measured.failures.iter().map(|failure| Skipped {
        name: failure.name().to_owned(),
        reason: failure.reason.clone(),
    }));
    run.set_measurements(measured.measurements.clone());
    run.toolchain = match (measured.toolchain.clone(), run.toolchain) {
        (Some(theirs), Some(rustc)) if uses_cargo => Some(format!("{rustc}; {theirs}")),
        (theirs, rustc) => theirs.or(rustc),
    };
    run
}

/// Every program is the one that the baseline was measured with: nothing is recorded. Who reads it
/// by machine gets a comparison of nothing.
fn nothing_changed(
    described: &Run,
    policy: &Policy,
    arguments: &PolicyArguments,
) -> Result<Exit, Error> {
    output::note("no program changed: nothing was measured, recorded or saved");
    if arguments.format != ComparisonFormat::Text {
        let side = |name: &str| Side { name: name.to_owned(), runs: Vec::new() };
        let nothing: Comparison = judge(&side("identical"), &side(described.id.as_str()), policy);
        print(&nothing, arguments)?;
    }
    Ok(Exit::Fine)
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
fn print_run(run: &Run, policy: &Policy, format: ComparisonFormat) -> Result<(), Error> {
    output::print(&match format {
        ComparisonFormat::Text => report::measurement_table(run, output::width()),
        ComparisonFormat::Json => wire::write_run(run),
        ComparisonFormat::Markdown => report::measurement_markdown(run),
        ComparisonFormat::Csv => report::history_csv(&History::new(vec![run.clone()]), &|_| true),
        ComparisonFormat::Junit => {
            let nothing = Side { name: "nothing".to_owned(), runs: Vec::new() };
            let comparison = judge(&nothing, &Side::of_run(run.id.as_str(), run), policy);
            report::comparison_junit(&comparison, FailOn::default())
        }
    })
}

/// The series of the benchmarks that were just run, this run included even if it is not recorded.
/// Beside machine-readable output it goes to standard error.
fn show_history(store: &Store, run: &Run, format: ComparisonFormat) -> Result<(), Error> {
    let history = reference::history(store)?;
    let runs = history.runs().iter().filter(|r| r.id != run.id).chain([run]).cloned().collect();
    let history = History::new(runs);
    let measured = |id: &BenchmarkId| run.measurements.iter().any(|m| m.benchmark() == id);
    let table = format!("\n{}", report::history_table(&history, &measured, output::width()));
    if format == ComparisonFormat::Text {
        return output::print(&table);
    }
    output::say(&table);
    Ok(())
}
