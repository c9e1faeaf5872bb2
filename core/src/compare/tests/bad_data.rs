//! Bad data: each kind has one documented outcome, and none a verdict it has no right to.

use super::builders::{
    compared, counted, launch, measured, median, only, pair, policy, run, side, timed, times,
    verdict,
};
use crate::compare::{Policy, Side, Statistic, Verdict, compare};
use crate::model::{
    BenchmarkId, Direction, Iterations, Measurement, MeasurementError, Metric, Round, Run, Sample,
    SampleError, Skipped, Summary, Unit,
};

fn one_value(value: f64) -> Measurement {
    timed("a", vec![Round::of(Sample::new(vec![value], Iterations::Every(1)).unwrap())])
}

/// One value does not show whether it was disturbed. So only a large change is called one, and even
/// two equal values are not known to be unchanged.
#[test]
fn one_value_on_each_side() {
    assert_eq!(verdict(&pair(one_value(100.0), one_value(100.0))).0, Verdict::Inconclusive);
    let (word, reasons) = verdict(&pair(one_value(100.0), one_value(125.0)));
    assert_eq!(word, Verdict::Inconclusive, "{reasons}");
    assert!(reasons.contains("these data could have shown is"));
    assert_eq!(verdict(&pair(one_value(100.0), one_value(300.0))).0, Verdict::Regressed);
}

/// Values that are all equal are a clock's resolution, not the absence of noise.
#[test]
fn all_values_equal() {
    let level = |low| timed("a", vec![launch(low, 0.0); 3]);
    let comparison = pair(level(100.0), level(100.0));
    let row = only(&comparison);
    assert_eq!((row.verdict, row.change), (Verdict::Unchanged, Some(0.0)));
    let [low, high] = row.interval.unwrap();
    assert!(low < -0.003 && high > 0.003, "{row:?}");
    assert_eq!(verdict(&pair(level(100.0), level(150.0))).0, Verdict::Regressed);
}

/// There is no relative change from 0 or to 0.
#[test]
fn zeros() {
    assert_eq!(verdict(&pair(one_value(0.0), one_value(0.0))).0, Verdict::Unchanged);
    for (before, after) in [(0.0, 5.0), (5.0, 0.0)] {
        let comparison = pair(one_value(before), one_value(after));
        let (word, reasons) = verdict(&comparison);
        assert_eq!(word, Verdict::Inconclusive, "{before} {after}: {reasons}");
        assert!(reasons.contains("no relative change"), "{reasons}");
        assert_eq!(only(&comparison).change, None);
    }
    // A single 0 among the launches, too.
    let one_zero = timed("a", vec![launch(5.0, 0.0), launch(0.0, 0.0), launch(5.0, 0.0)]);
    assert_eq!(verdict(&pair(one_zero, times("a", &[50.0; 3]))).0, Verdict::Inconclusive);
}

/// Balances may be negative; they are compared where they are equal, and not otherwise.
#[test]
fn negative_values_where_they_may_be() {
    let balance = |value: f64| {
        let rounds = vec![Round::summarised(Summary::of(&[value]))];
        measured("a", "balance", "points", Direction::Higher, rounds)
    };
    assert_eq!(verdict(&pair(balance(-5.0), balance(-5.0))).0, Verdict::Unchanged);
    assert_eq!(verdict(&pair(balance(-5.0), balance(-9.0))).0, Verdict::Inconclusive);
}

/// The model refuses them, so no comparison ever meets them.
#[test]
fn negative_times_and_what_is_no_number_are_refused() {
    let sample = Sample::new(vec![1.0, -2.0], Iterations::Every(1)).unwrap();
    let refused = Measurement::wall_time(BenchmarkId::new("a").unwrap(), sample).unwrap_err();
    assert!(matches!(refused, MeasurementError::NegativeTime { .. }));
    for value in [f64::NAN, f64::INFINITY] {
        let refused = Sample::new(vec![1.0, value], Iterations::Every(1)).unwrap_err();
        assert!(matches!(refused, SampleError::NotFinite { position: 1, .. }));
    }
    let summary = Summary { median: Some(1.0), low: Some(f64::NAN), ..Summary::default() };
    let refused = Measurement::new(
        BenchmarkId::new("a").unwrap(),
        Metric::wall_time(),
        Unit::nanoseconds(),
        Direction::Lower,
        vec![Round::summarised(summary)],
    );
    assert!(matches!(refused, Err(MeasurementError::NotFinite { figure: "low", .. })));
}

#[test]
fn a_changed_unit_is_skipped_with_the_reason() {
    let in_bytes = measured("a", "wall_time", "bytes", Direction::Lower, vec![median(1.0)]);
    let comparison = pair(times("a", &[1.0]), in_bytes);
    assert_eq!((comparison.summary.skipped, comparison.summary.compared), (1, 0));
    assert_eq!(comparison.skipped[0].reason, "the unit changed from ns to bytes");
}

#[test]
fn a_changed_direction_is_skipped_with_the_reason() {
    let score = |better| measured("a", "score", "points", better, vec![median(1.0)]);
    let comparison = pair(score(Direction::Lower), score(Direction::Higher));
    assert_eq!(comparison.benchmarks, []);
    let reason = &comparison.skipped[0].reason;
    assert_eq!(reason, "the better direction changed from lower to higher");
}

/// A baseline of several runs in which the unit changed has no one level either.
#[test]
fn a_unit_that_changed_within_the_baseline_is_skipped() {
    let in_bytes = measured("a", "wall_time", "bytes", Direction::Lower, vec![median(1.0)]);
    let runs = [run("0", [in_bytes]), run("1", [times("a", &[1.0])])];
    let after = run("2", [times("a", &[1.0])]);
    let comparison = compare(&side("h", &runs), &side("n", [&after]), &Policy::default());
    assert_eq!((comparison.summary.skipped, comparison.summary.compared), (1, 0));
}

#[test]
fn a_median_is_never_set_against_a_mean() {
    let known = |median, mean| {
        let summary = Summary { median, mean, ..Summary::default() };
        timed("a", vec![Round::summarised(summary)])
    };
    let comparison = pair(known(Some(100.0), None), known(None, Some(200.0)));
    assert_eq!((comparison.summary.compared, comparison.summary.skipped), (0, 1));
    assert!(comparison.skipped[0].reason.contains("the other only a mean"));
    let comparison = pair(known(Some(1.0), Some(100.0)), known(None, Some(200.0)));
    let row = only(&comparison);
    assert_eq!(row.statistic, Some(Statistic::Mean));
    assert!((row.baseline.unwrap() - 100.0).abs() < 1e-9);
}

/// Where only a centre and its spread are known, that spread widens the interval.
#[test]
fn summaries_without_samples_are_compared_by_their_spread() {
    let known = |median: f64, deviation: f64| {
        let summary = Summary {
            n: Some(100),
            median: Some(median),
            std_dev: Some(median * deviation),
            ..Summary::default()
        };
        timed("a", vec![Round::summarised(summary)])
    };
    let calm = pair(known(100.0, 0.01), known(100.0, 0.01));
    let restless = pair(known(100.0, 2.0), known(100.0, 2.0));
    let floor = |comparison| only(comparison).noise_floor.unwrap();
    assert!(floor(&calm) < 0.05, "{calm:?}");
    assert!(floor(&restless) > 0.19, "{restless:?}");
    assert_eq!(verdict(&restless).0, Verdict::Inconclusive);
}

#[test]
fn a_side_with_no_runs_or_no_measurements() {
    let (full, empty) = (run("1", [times("a", &[1.0])]), run("2", []));
    let nothing = Side { name: "none".into(), runs: Vec::new() };
    let full_side = Side::of_run("full", &full);
    let policy = Policy::default();
    for (before, after, new, gone) in [
        (&nothing, &full_side, 1, 0),
        (&full_side, &nothing, 0, 1),
        (&nothing, &nothing, 0, 0),
        (&Side::of_run("empty", &empty), &full_side, 1, 0),
    ] {
        let summary = compare(before, after, &policy).summary;
        assert_eq!((summary.compared, summary.new, summary.gone), (0, new, gone));
    }
}

/// A measurement without rounds cannot be built, so none is ever compared.
#[test]
fn no_rounds_are_refused() {
    let refused = Measurement::new(
        BenchmarkId::new("a").unwrap(),
        Metric::wall_time(),
        Unit::nanoseconds(),
        Direction::Lower,
        Vec::new(),
    );
    assert!(matches!(refused, Err(MeasurementError::NoRounds { .. })));
}

/// What a clock says is no part of any decision.
#[test]
fn a_clock_that_went_backwards_has_no_effect() {
    let before = run("1", [times("a", &[100.0; 3])]);
    let after = run("2", [times("a", &[130.0; 3])]);
    let at = |run: &Run, time: &str| Run { time: Some(time.parse().unwrap()), ..run.clone() };
    let forwards =
        compared(&at(&before, "2026-01-01T00:00:00Z"), &at(&after, "2026-01-02T00:00:00Z"));
    let backwards =
        compared(&at(&before, "2026-01-02T00:00:00Z"), &at(&after, "1999-01-01T00:00:00Z"));
    assert_eq!(forwards, backwards);
    assert_eq!(forwards.summary.regressed, 1);
}

/// What one rule says of a benchmark does not reach others, and a rule for another unit says nothing.
#[test]
fn a_threshold_in_another_unit_says_nothing() {
    let (before, after) = (run("1", [counted("a", 10.0)]), run("2", [counted("a", 13.0)]));
    let policy = policy(r#"{"benchmark":[{"match":"a","absolute":"1 s"}]}"#);
    let comparison = compare(&side("b", [&before]), &side("c", [&after]), &policy);
    assert_eq!(verdict(&comparison).0, Verdict::Regressed);
}

/// A benchmark whose value the baseline could not give is not new, and what neither side shows is
/// still counted.
#[test]
fn what_the_baseline_could_not_measure_is_said() {
    let mut before = run("1", [times("b", &[1.0; 3])]);
    let skip = |name: &str, reason: &str| Skipped { name: name.into(), reason: reason.into() };
    before.skipped = vec![skip("a", "line 2: not a number: \"nan\""), skip("c", "panicked")];
    let after = run("2", [times("a", &[1.0; 3]), times("b", &[1.0; 3]), times("d", &[1.0; 3])]);
    let comparison = compared(&before, &after);
    let of = |id: &str| comparison.benchmarks.iter().find(|row| row.id == id).unwrap();
    assert_eq!((of("a").verdict, of("d").verdict), (Verdict::Inconclusive, Verdict::New));
    assert_eq!(
        of("a").reasons,
        ["the baseline's value could not be used: line 2: not a number: \"nan\""]
    );
    assert_eq!(comparison.skipped, [skip("c", "in the baseline: panicked")]);
    assert_eq!((comparison.summary.new, comparison.summary.skipped), (1, 1));
    // What both could not measure is named once.
    let mut neither = run("3", [times("b", &[1.0; 3])]);
    neither.skipped = vec![skip("a", "hangs")];
    let skipped = compared(&before, &neither).skipped;
    assert_eq!(skipped, [skip("a", "hangs"), skip("c", "in the baseline: panicked")]);
}

/// With one value on each side nothing is known of the noise, and nobody claims to have seen it.
#[test]
fn what_is_assumed_of_the_noise_is_called_so() {
    let comparison = pair(one_value(100.0), one_value(125.0));
    let row = only(&comparison);
    assert!(row.noise_assumed, "{row:?}");
    assert!(!verdict(&comparison).1.contains("unchanged code differ by"), "{row:?}");
    let known = pair(times("a", &[100.0; 3]), times("a", &[125.0; 3]));
    assert!(!only(&known).noise_assumed);
}
