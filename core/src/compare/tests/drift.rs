//! Slow drift: against the level that was accepted, whatever the latest runs say.

use super::builders::{
    counted, is_read_back, measured, median, only, policy, run, runs, side, times, verdict,
};
use crate::compare::{Comparison, Context, Drift, Policy, Verdict, compare_in, levels_of_run};
use crate::model::{BenchmarkId, Direction, Level, Machine, Metric, Run, RunId, Unit};

fn accepted(level: f64, unit: Unit) -> Level {
    let run = || RunId::new("accepted").unwrap();
    Level {
        benchmark: BenchmarkId::new("bench").unwrap(),
        metric: Metric::wall_time(),
        unit,
        accepted: level,
        accepted_run: run(),
        best: level,
        best_run: run(),
        machine: None,
        better: None,
    }
}

/// The last run against the up to ten before it, as `compare` does by default, with these levels.
fn newest_in_history(history: &[Run], levels: &[Level], policy: &Policy) -> Comparison {
    let (newest, earlier) = history.split_last().unwrap();
    let window = earlier.len().saturating_sub(10);
    let earlier: Vec<&Run> = earlier.iter().collect();
    let baseline = side("history", earlier[window..].iter().copied());
    let context = Context { history: &earlier, levels, ..Context::default() };
    let comparison = compare_in(&baseline, &side("new", [newest]), context, policy);
    is_read_back(&comparison);
    comparison
}

/// Runs of one benchmark that is `step` slower each time, of launches that differ by half a per cent.
fn ramp(count: usize, step: f64) -> Vec<Run> {
    let level = |n: usize| (0..n).fold(100.0, |level, _| level * step);
    let noise = |n: usize| 1.0 + ((n * 7 % 5) as f64 - 2.0) / 1000.0;
    let of = |n: usize| [0, 1, 2].map(|launch| level(n) * noise(3 * n + launch)).to_vec();
    let lows: Vec<Vec<f64>> = (0..count).map(of).collect();
    runs("r", &lows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

/// An amount is a smaller share of the accepted level than of the faster baseline: both are written, and
/// read back.
#[test]
fn an_amount_is_held_against_the_accepted_level() {
    let levels = [accepted(1000.0, Unit::nanoseconds())];
    let policy =
        policy(r#"{"benchmark":[{"match":"bench","threshold":"1%","absolute":"100 ns"}]}"#);
    let before = [&[2000.0, 2001.0, 2002.0][..]; 12];
    let mut all = runs("r", &before);
    all.push(run("new", [times("bench", &[1060.0, 1060.5, 1061.0])]));
    let comparison = newest_in_history(&all, &levels, &policy);
    let row = only(&comparison);
    assert_eq!(row.verdict, Verdict::Improved, "{row:?}");
    assert!(row.threshold < 0.06, "{row:?}");
    let drift = row.drift.as_ref().unwrap();
    assert_eq!(drift.verdict, Verdict::Unchanged);
    assert!(drift.change > row.threshold, "{row:?}");
}

/// No comparison with the latest run shows it: each step is within the threshold and the noise. The
/// history grows with each run, and its slope is no noise.
#[test]
fn ten_slowdowns_of_three_per_cent_are_drift() {
    let levels = [accepted(100.0, Unit::nanoseconds())];
    let all = ramp(14, 1.03);
    let mut drifted = Vec::new();
    for step in 1..14 {
        let comparison = newest_in_history(&all[..=step], &levels, &Policy::default());
        let row = only(&comparison);
        assert_ne!(row.verdict, Verdict::Regressed, "step {step}: {row:?}");
        let drift = row.drift.as_ref().unwrap();
        assert_eq!((drift.accepted, drift.best), (100.0, 100.0));
        assert!(drift.interval[0] <= drift.change && drift.change <= drift.interval[1]);
        assert_eq!(comparison.summary.any_regression(), comparison.summary.drifted > 0);
        drifted.push(drift.verdict);
        if step >= 10 {
            assert_eq!(row.verdict, Verdict::Unchanged, "step {step}: {row:?}");
            assert!((row.trend.unwrap() - 0.03).abs() < 0.002, "{row:?}");
            assert!(row.noise_floor.unwrap() < 0.01, "{row:?}");
            assert!(row.reasons.iter().any(|r| r.contains("rises by 3.0 % from run to run")));
        }
    }
    assert!(!drifted[..5].contains(&Verdict::Regressed), "{drifted:?}");
    assert!(drifted[9..].iter().all(|verdict| *verdict == Verdict::Regressed), "{drifted:?}");
}

#[test]
fn a_slope_of_the_history_does_not_hide_a_step() {
    let mut all = ramp(12, 1.03);
    let slow = run("slow", [times("bench", &[100.0 * libm::pow(1.03, 11.0) * 1.4; 3])]);
    all.push(slow);
    let comparison = newest_in_history(&all, &[], &Policy::default());
    let row = only(&comparison);
    assert_eq!(row.verdict, Verdict::Regressed, "{row:?}");
    assert!((row.change.unwrap() - 0.4).abs() < 0.04, "{row:?}");
}

/// A saved run is the baseline as it was measured, wherever the code went since.
#[test]
fn a_saved_run_keeps_its_own_level() {
    let all = ramp(12, 1.03);
    let (newest, earlier) = all.split_last().unwrap();
    let history: Vec<&Run> = earlier.iter().collect();
    let context = Context { history: &history, levels: &[], ..Context::default() };
    let comparison =
        compare_in(&side("main", [&all[0]]), &side("new", [newest]), context, &Policy::default());
    let row = only(&comparison);
    assert!((row.baseline.unwrap() - 100.0).abs() < 0.5, "{row:?}");
    assert_eq!(row.verdict, Verdict::Regressed, "{row:?}");
}

/// Counts have no noise: the drift of one is what it is.
#[test]
fn counts_drift_by_the_exact_rule() {
    let level = |n: i32| (1000.0 * libm::pow(1.03, f64::from(n))).round();
    let all: Vec<Run> = (0..12).map(|n| run(&format!("r{n}"), [counted("a", level(n))])).collect();
    let levels = levels_of_run(&all[0], &[], &Policy::default());
    assert_eq!(levels[0].accepted, 1000.0);
    let after = |runs: usize| newest_in_history(&all[..runs], &levels, &Policy::default());
    let (early, late) = (after(6), after(12));
    assert_eq!(only(&early).drift.as_ref().unwrap().verdict, Verdict::Unchanged);
    let drift: &Drift = only(&late).drift.as_ref().unwrap();
    assert_eq!((only(&late).verdict, drift.verdict), (Verdict::Unchanged, Verdict::Regressed));
    assert!((drift.change - 0.384).abs() < 1e-12, "{drift:?}");
    assert_eq!(drift.interval, [drift.change; 2]);
    assert_eq!(late.summary.drifted, 1);
    assert!(verdict(&late).1.contains("drifted: +38.4 % against the accepted level of 1000"));
}

/// A count of nothing can be accepted; there is no relative change from it.
#[test]
fn a_count_of_zero_is_accepted() {
    let levels = levels_of_run(&run("r", [counted("a", 0.0)]), &[], &Policy::default());
    assert_eq!(levels[0].accepted, 0.0);
    let all = [run("0", [counted("a", 0.0)]), run("1", [counted("a", 0.0)])];
    assert_eq!(only(&newest_in_history(&all, &levels, &Policy::default())).drift, None);
}

fn on(machine: &str, id: &str, low: f64) -> Run {
    let machine = Machine { name: Some(machine.into()), ..Machine::default() };
    Run { machine: Some(machine), ..run(id, [times("bench", &[low; 3])]) }
}

#[test]
fn levels_of_another_machine_show_no_drift() {
    let policy = Policy::default();
    let levels = levels_of_run(&on("m1", "1", 100.0), &[], &policy);
    assert_eq!(levels[0].machine.as_deref(), Some("m1"));
    // Against the other machine's baseline, and against one of its own.
    for baseline in [on("m1", "1", 100.0), on("m2", "2", 300.0)] {
        let context = Context { history: &[], levels: &levels, ..Context::default() };
        let after = on("m2", "3", 300.0);
        let sides = (side("main", [&baseline]), side("new", [&after]));
        let comparison = compare_in(&sides.0, &sides.1, context, &policy);
        assert_eq!(only(&comparison).drift, None);
        assert!(!comparison.summary.any_regression(), "{comparison:?}");
    }
    // Levels from before machines were kept are the baseline's machine's.
    let old: Vec<Level> =
        levels.iter().map(|level| Level { machine: None, ..level.clone() }).collect();
    let against = |baseline: &Run| {
        let context = Context { history: &[], levels: &old, ..Context::default() };
        let after = on("m2", "3", 300.0);
        compare_in(&side("main", [baseline]), &side("new", [&after]), context, &policy)
    };
    assert_eq!(only(&against(&on("m1", "1", 100.0))).drift, None);
    let own = against(&on("m2", "2", 300.0));
    assert_eq!(only(&own).drift.as_ref().unwrap().verdict, Verdict::Regressed);
}

#[test]
fn each_machine_keeps_its_levels() {
    let policy = Policy::default();
    let first = levels_of_run(&on("m1", "1", 100.0), &[], &policy);
    let both = levels_of_run(&on("m2", "2", 300.0), &first, &policy);
    let later = levels_of_run(&on("m1", "3", 110.0), &both, &policy);
    let mut shown: Vec<(Option<&str>, f64, f64)> =
        later.iter().map(|l| (l.machine.as_deref(), l.accepted.round(), l.best.round())).collect();
    shown.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(shown, [(Some("m1"), 100.0, 100.0), (Some("m2"), 300.0, 300.0)]);
}

#[test]
fn one_program_does_not_drift() {
    let built = |id: &str| {
        let mut measurement = times("bench", &[150.0; 3]);
        measurement.set_executable("x");
        run(id, [measurement])
    };
    let levels = [accepted(100.0, Unit::nanoseconds())];
    let context = Context { history: &[], levels: &levels, ..Context::default() };
    let (before, after) = (built("1"), built("2"));
    let comparison =
        compare_in(&side("main", [&before]), &side("new", [&after]), context, &Policy::default());
    let row = only(&comparison);
    assert_eq!((row.verdict, &row.drift), (Verdict::Unchanged, &None));
    assert!(!comparison.summary.any_regression());
}

/// Which way it is better decides which figure is compared: a level of the other one is no measure.
#[test]
fn a_direction_of_the_configuration_is_that_of_the_level() {
    let turned = policy(r#"{"benchmark":[{"match":"*","better":"higher"}]}"#);
    let score = |value: f64| {
        run("r", [measured("a", "score", "points", Direction::Lower, vec![median(value); 3])])
    };
    let context_of = |levels: &[Level], value: f64| {
        let (before, after) = (run("b", score(100.0).measurements), score(value));
        let context = Context { history: &[], levels, ..Context::default() };
        compare_in(&side("main", [&before]), &side("new", [&after]), context, &turned)
    };
    let plain = levels_of_run(&score(200.0), &[], &Policy::default());
    let unsaid = context_of(&plain, 100.0);
    assert_eq!(only(&unsaid).drift, None);
    assert!(verdict(&unsaid).1.contains("no drift is judged"), "{unsaid:?}");
    // Accepted under the same configuration, a fall by half is a drift.
    let known = levels_of_run(&score(200.0), &[], &turned);
    let judged = context_of(&known, 100.0);
    assert_eq!(only(&judged).drift.as_ref().unwrap().verdict, Verdict::Regressed);
}

/// What is taken off every change is taken off the drift as well.
#[test]
fn a_corrected_common_shift_is_no_drift() {
    let suite = |id: &str, factor: f64| {
        run(id, (0..8).map(|n| times(&format!("b{n}"), &[100.0 * factor; 3])).collect::<Vec<_>>())
    };
    let (before, after) = (suite("1", 1.0), suite("2", 1.4));
    let levels = levels_of_run(&before, &[], &Policy::default());
    let drifted = |mode: &str| {
        let context = Context { history: &[], levels: &levels, ..Context::default() };
        let policy = policy(&format!(r#"{{"common_mode":"{mode}"}}"#));
        compare_in(&side("main", [&before]), &side("new", [&after]), context, &policy)
    };
    let of = |comparison: &Comparison| {
        let all = comparison.benchmarks.iter().filter_map(|row| row.drift.as_ref());
        all.filter(|drift| drift.verdict == Verdict::Regressed).count()
    };
    assert_eq!(of(&drifted("report")), 8);
    assert_eq!(of(&drifted("correct")), 0);
}

#[test]
fn an_accepted_level_in_another_unit_or_of_nothing_says_nothing() {
    let (before, after) =
        (run("1", [times("bench", &[100.0])]), run("2", [times("bench", &[100.0])]));
    for level in [accepted(10.0, Unit::parse("bytes").0), accepted(0.0, Unit::nanoseconds())] {
        let context = Context { history: &[], levels: &[level], ..Context::default() };
        let comparison = compare_in(
            &side("main", [&before]),
            &side("new", [&after]),
            context,
            &Policy::default(),
        );
        assert_eq!(only(&comparison).drift, None);
    }
}
