//! Runs of several machines, toolchains and programs.

use super::builders::{compared, compared_by, only, policy, row, run, side, times, verdict};
use crate::compare::{Comparison, Overall, Policy, Verdict, compare};
use crate::model::{Machine, Run};

fn on(machine: &str, id: &str, low: f64) -> Run {
    let mut run = run(id, [times("a", &[low; 3])]);
    run.machine = Some(Machine { name: Some(machine.into()), ..Machine::default() });
    run
}

fn against(runs: &[Run], candidate: &Run) -> Comparison {
    compare(&side("history", runs), &side("new", [candidate]), &Policy::default())
}

#[test]
fn only_the_candidates_machine_counts() {
    let runs = [on("fast", "1", 50.0), on("own", "2", 100.0), on("own", "3", 101.0)];
    let comparison = against(&runs, &on("own", "4", 100.0));
    assert_eq!(verdict(&comparison).0, Verdict::Unchanged);
    assert_eq!(only(&comparison).baseline_figures.as_ref().unwrap().runs, 2);
    let left_out = "1 of 3 runs of the baseline are from another machine, and were left out";
    assert!(comparison.warnings.iter().any(|warning| warning == left_out), "{comparison:?}");
}

#[test]
fn none_of_the_candidates_machine_gives_figures_and_no_verdict() {
    for low in [10.0, 100.0, 1000.0] {
        let comparison = against(&[on("other", "1", 100.0)], &on("own", "2", low));
        let (word, reasons) = verdict(&comparison);
        assert_eq!(word, Verdict::Inconclusive);
        assert!(reasons.contains("another machine"), "{reasons}");
        let row = only(&comparison);
        assert!((row.candidate.unwrap() - low).abs() < 1e-6 && row.change.is_some());
        assert_eq!((row.interval, row.p_value, row.q_value), (None, None, None));
        assert!(!comparison.summary.any_regression());
        assert_eq!((comparison.summary.compared, comparison.summary.inconclusive), (0, 1));
        assert_eq!(comparison.summary.overall(), Overall::Nothing);
        assert_eq!(comparison.common_shift, None);
    }
}

#[test]
fn another_machine_may_be_allowed() {
    let (before, after) = (on("other", "1", 100.0), on("own", "2", 200.0));
    let allowed = policy(r#"{"allow_different_machine":true}"#);
    assert_eq!(verdict(&compared_by(&before, &after, &allowed)).0, Verdict::Regressed);
}

/// A machine that is not known is not known to be another.
#[test]
fn an_unknown_machine_is_judged_with_a_warning() {
    let comparison = compared(&run("1", [times("a", &[100.0; 3])]), &on("own", "2", 200.0));
    assert_eq!(verdict(&comparison).0, Verdict::Regressed);
    assert!(comparison.warnings[0].contains("machine of one side is not known"));
}

#[test]
fn what_makes_a_comparison_less_certain_is_said() {
    let mut before = run("1", [times("a", &[1.0])]);
    let mut after = run("2", [times("a", &[1.0])]);
    before.machine = Some(Machine { cores: Some(2), ..Machine::default() });
    after.machine = Some(Machine { cores: Some(4), ..Machine::default() });
    before.toolchain = Some("rustc 1.94.0".into());
    after.toolchain = Some("rustc 1.95.0".into());
    after.settings.quick = true;
    let warnings = compared(&before, &after).warnings;
    assert_eq!(warnings.len(), 3, "{warnings:?}");
    assert!(warnings[0].contains("cores 2 → 4"), "{warnings:?}");
    assert!(warnings[1].contains("rustc 1.94.0 → rustc 1.95.0"), "{warnings:?}");
    assert!(warnings[2].contains("--quick"), "{warnings:?}");
    assert!(compared(&before, &before).warnings[0].contains("itself"));
}

fn built(id: &str, program: &str, lows: &[f64]) -> Run {
    let mut measurement = times("a", lows);
    measurement.set_executable(program);
    run(id, [measurement])
}

#[test]
fn one_program_is_unchanged_however_it_differs_and_shows_the_noise() {
    let before = built("1", "x", &[100.0; 3]);
    let restless = [100.0, 112.0, 94.0];
    let same = compared(&before, &built("2", "x", &restless));
    let (word, reasons) = verdict(&same);
    assert_eq!(word, Verdict::Unchanged);
    assert!(reasons.contains("the same program made both"), "{reasons}");
    let row = only(&same);
    assert!(row.identical && row.p_value.is_none());
    let other = compared(&before, &built("2", "y", &restless));
    assert!(!only(&other).identical);
    // The whole difference of one program is noise; another program's may be its own.
    let shifted = |program| compared(&before, &built("2", program, &[108.0; 3]));
    let floor = |comparison: &Comparison| only(comparison).noise_floor.unwrap();
    assert!(
        floor(&shifted("x")) > floor(&shifted("y")),
        "{} {}",
        floor(&shifted("x")),
        floor(&shifted("y"))
    );
}

#[test]
fn identical_programs_take_no_part_in_the_control() {
    let of = |id: &str, low: f64| {
        let same = (0..20).map(|n| {
            let mut measurement = times(&format!("same_{n}"), &[100.0; 3]);
            measurement.set_executable("x");
            measurement
        });
        let measurements: Vec<_> = same.chain([times("other", &[low; 3])]).collect();
        run(id, measurements)
    };
    let comparison = compared(&of("1", 100.0), &of("2", 150.0));
    let row = row(&comparison, "other");
    assert_eq!(row.p_value, row.q_value);
    assert_eq!(row.verdict, Verdict::Regressed);
}

/// Twenty values of which the slowest tenth takes `slower` times as long.
fn with_tail(slower: f64) -> crate::model::Measurement {
    use crate::model::{Iterations, Round, Sample};
    let values =
        |n: usize| (0..20).map(move |i| if i % 10 == n % 10 { slower } else { 1.0 } * 100.0);
    let round = |n| Round::of(Sample::new(values(n).collect(), Iterations::Every(1)).unwrap());
    super::builders::timed("a", (0..3).map(round).collect())
}

/// Neither another machine nor one program twice shows a slower slow end.
#[test]
fn a_slow_end_is_judged_only_between_programs_of_one_machine() {
    let with = |id: &str, machine: &str, program: &str, slower: f64| {
        let mut measurement = with_tail(slower);
        measurement.set_executable(program);
        let machine = Machine { name: Some(machine.into()), ..Machine::default() };
        Run { machine: Some(machine), ..run(id, [measurement]) }
    };
    let before = with("1", "own", "x", 1.0);
    let slower = |machine: &str, program: &str| {
        compared(&before, &with("2", machine, program, 3.0)).summary.tail_slower
    };
    assert_eq!((slower("own", "y"), slower("other", "y"), slower("own", "x")), (1, 0, 0));
}
