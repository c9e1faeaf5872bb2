//! Relative, absolute and both thresholds, for the worse and for the better, either direction.

use super::builders::{compared_by, measured, median, only, pair, policy, run, times, verdict};
use crate::compare::{Comparison, Verdict};
use crate::model::{Direction, Measurement};

fn by(json: &str, before: Measurement, after: Measurement) -> Comparison {
    compared_by(&run("1", [before]), &run("2", [after]), &policy(json))
}

fn word(json: &str, before: f64, after: f64) -> Verdict {
    verdict(&by(json, times("a", &[before; 3]), times("a", &[after; 3]))).0
}

/// A benchmark that rises by exactly the threshold has not exceeded it; nor, with the interval
/// beyond it, is it known to be within.
#[test]
fn exactly_the_threshold_does_not_exceed_it() {
    assert_eq!(word("{}", 100.0, 119.999), Verdict::Inconclusive);
    assert_eq!(word("{}", 100.0, 130.0), Verdict::Regressed);
    assert_eq!(word("{}", 100.0, 101.0), Verdict::Unchanged);
    assert_ne!(word("{}", 100.0, 120.0), Verdict::Regressed);
}

#[test]
fn a_significant_change_within_the_threshold_says_so() {
    let policy = r#"{"threshold":"100%"}"#;
    let comparison = by(policy, times("a", &[100.0; 3]), times("a", &[140.0; 3]));
    let (word, reasons) = verdict(&comparison);
    assert_eq!(word, Verdict::Unchanged);
    assert!(reasons.contains("is more than noise") && reasons.contains("within the threshold"));
    assert!(only(&comparison).q_value.unwrap() < 0.01);
}

#[test]
fn absolute_thresholds_alone_and_together_with_relative_ones() {
    let absolute = r#"{"benchmark":[{"match":"a","absolute":"1 ms"}]}"#;
    assert_eq!(word(absolute, 1e4, 9e5), Verdict::Unchanged, "ninety times, but 0.89 ms");
    assert_eq!(word(absolute, 1e7, 1.3e7), Verdict::Regressed, "3 ms");
    assert_eq!(word(absolute, 1.3e7, 1e7), Verdict::Improved);
    let both = r#"{"benchmark":[{"match":"a","absolute":"1 ms","threshold":"50%"}]}"#;
    assert_eq!(word(both, 1e7, 1.3e7), Verdict::Unchanged, "3 ms, but 30 %");
    assert_eq!(word(both, 1e7, 2e7), Verdict::Regressed);
    assert_eq!(word(both, 1e4, 9e5), Verdict::Unchanged);
    let comparison = by(both, times("a", &[1e7; 3]), times("a", &[2e7; 3]));
    let row = only(&comparison);
    assert_eq!(row.absolute_threshold, Some(1e6));
    assert!((row.threshold - 0.5).abs() < 1e-9, "{row:?}");
}

#[test]
fn improvements_may_have_a_threshold_of_their_own() {
    let small = r#"{"benchmark":[{"match":"a","improvement":"10%"}]}"#;
    assert_eq!(word(small, 130.0, 110.0), Verdict::Improved);
    assert_ne!(word("{}", 130.0, 110.0), Verdict::Improved);
    assert_eq!(word(small, 130.0, 100.0), Verdict::Improved);
    let large = r#"{"benchmark":[{"match":"a","improvement":"50%"}]}"#;
    assert_eq!(word(large, 130.0, 100.0), Verdict::Unchanged);
    assert_eq!(word(large, 100.0, 130.0), Verdict::Regressed);
}

#[test]
fn a_rate_regresses_when_it_falls() {
    let rate =
        |value: f64| measured("a", "throughput", "MB/s", Direction::Higher, vec![median(value); 5]);
    let comparison = pair(rate(200.0), rate(100.0));
    let row = only(&comparison);
    assert_eq!(row.verdict, Verdict::Regressed);
    assert!((row.change.unwrap() + 0.5).abs() < 1e-9, "{row:?}");
    let [low, high] = row.interval.unwrap();
    assert!(low <= -0.5 && (-0.5..0.0).contains(&high));
    assert_eq!(verdict(&pair(rate(100.0), rate(200.0))).0, Verdict::Improved);
}

#[test]
fn a_rule_may_turn_the_direction() {
    let score =
        |value: f64| measured("a", "score", "points", Direction::Lower, vec![median(value); 5]);
    let turned = r#"{"benchmark":[{"match":"a","better":"higher"}]}"#;
    assert_eq!(verdict(&by(turned, score(100.0), score(200.0))).0, Verdict::Improved);
    assert_eq!(verdict(&by("{}", score(100.0), score(200.0))).0, Verdict::Regressed);
}

/// The threshold that is named is the one that decided.
#[test]
fn the_threshold_that_decided_is_named() {
    let said = |json: &str, before: f64, after: f64| {
        verdict(&by(json, times("a", &[before; 3]), times("a", &[after; 3]))).1
    };
    let large = r#"{"benchmark":[{"match":"a","improvement":"60%"}]}"#;
    let improved = said(large, 130.0, 100.0);
    assert!(improved.contains("within the threshold of 60 % for the better"), "{improved}");
    let worse = said(large, 100.0, 130.0);
    assert!(worse.contains("exceeds the threshold of 20 %;"), "{worse}");
    let absolute = r#"{"benchmark":[{"match":"a","absolute":"1 ms"}]}"#;
    for (before, after, named) in [
        (1e7, 1.3e7, "exceeds the threshold of 1.00 ms;"),
        (1e4, 9e5, "within the threshold of 1.00 ms"),
        (1.3e7, 1e7, "exceeds the threshold of 1.00 ms ("),
    ] {
        let reasons = said(absolute, before, after);
        assert!(reasons.contains(named), "{before} {after}: {reasons}");
    }
}

/// What noise explains is the p-value; the one that decides is named with how many it is
/// corrected for.
#[test]
fn both_chances_are_given() {
    let suite = |id: &str, low: f64| {
        let rest = (0..5).map(|n| times(&format!("b{n}"), &[100.0; 3]));
        run(id, rest.chain([times("a", &[low; 3])]).collect::<Vec<_>>())
    };
    let comparison =
        crate::compare::tests::builders::compared(&suite("1", 100.0), &suite("2", 130.0));
    let row = comparison.benchmarks.iter().find(|row| row.id == "a").unwrap();
    let reason = &row.reasons[0];
    assert!(reason.contains("corrected for 6 benchmarks"), "{reason}");
    let alone = verdict(&pair(times("a", &[100.0; 3]), times("a", &[130.0; 3]))).1;
    assert!(!alone.contains("corrected"), "{alone}");
}
