//! Counts: any change beyond the threshold counts, and nothing is noise.

use super::builders::{compared_by, counted, measured, only, pair, policy, run, verdict};
use crate::compare::{Comparison, Policy, Statistic, Verdict};
use crate::model::{Direction, Round, Summary};

fn by(json: &str, before: f64, after: f64) -> Comparison {
    let policy: Policy = policy(json);
    compared_by(&run("1", [counted("a", before)]), &run("2", [counted("a", after)]), &policy)
}

#[test]
fn any_change_beyond_the_threshold_counts() {
    let comparison = pair(counted("a", 1000.0), counted("a", 1201.0));
    let row = only(&comparison);
    assert_eq!((row.verdict, row.statistic), (Verdict::Regressed, Some(Statistic::Exact)));
    assert_eq!((row.p_value, row.interval), (None, None));
    let word = |json, before, after| verdict(&by(json, before, after)).0;
    assert_eq!(word("{}", 1000.0, 1200.0), Verdict::Unchanged, "exactly the threshold");
    assert_eq!(word("{}", 1201.0, 1000.0), Verdict::Improved);
    assert_eq!(word("{}", 1200.0, 1000.0), Verdict::Unchanged);
    assert_eq!(word(r#"{"threshold":0.0}"#, 1000.0, 1001.0), Verdict::Regressed);
    assert_eq!(word(r#"{"threshold":0.0}"#, 1001.0, 1000.0), Verdict::Improved);
    assert_eq!(word(r#"{"threshold":0.0}"#, 1000.0, 1000.0), Verdict::Unchanged);
}

#[test]
fn from_nothing_to_something_is_beyond_every_ratio() {
    let (word, reasons) = verdict(&by(r#"{"threshold":"900%"}"#, 0.0, 5.0));
    assert_eq!(word, Verdict::Regressed);
    assert!(reasons.starts_with("from 0 to 5"), "{reasons}");
    assert_eq!(verdict(&by("{}", 5.0, 0.0)).0, Verdict::Improved);
    assert_eq!(verdict(&by("{}", 0.0, 0.0)).0, Verdict::Unchanged);
}

#[test]
fn an_absolute_threshold_is_in_the_counts_own_unit() {
    let rules = |rule: &str| format!(r#"{{"benchmark":[{{"metric":"instr*",{rule}}}]}}"#);
    let absolute = rules(r#""absolute":100"#);
    assert_eq!(verdict(&by(&absolute, 10.0, 110.0)).0, Verdict::Unchanged);
    assert_eq!(verdict(&by(&absolute, 10.0, 111.0)).0, Verdict::Regressed);
    assert_eq!(verdict(&by(&absolute, 1e6, 1e6 + 101.0)).0, Verdict::Regressed);
    let both = rules(r#""absolute":100,"threshold":"5%""#);
    assert_eq!(verdict(&by(&both, 1e6, 1e6 + 101.0)).0, Verdict::Unchanged);
    assert_eq!(verdict(&by(&both, 1000.0, 1101.0)).0, Verdict::Regressed);
    assert_eq!(verdict(&by(&both, 10.0, 20.0)).0, Verdict::Unchanged);
}

#[test]
fn a_count_that_is_better_higher_regresses_when_it_falls() {
    let hits = |value: f64| {
        let rounds = vec![Round::summarised(Summary::of(&[value]))];
        measured("a", "cache hits", "hits", Direction::Higher, rounds)
    };
    assert_eq!(verdict(&pair(hits(130.0), hits(100.0))).0, Verdict::Regressed);
    assert_eq!(verdict(&pair(hits(100.0), hits(130.0))).0, Verdict::Improved);
}

/// Exact metrics take no part in the control of false discoveries.
#[test]
fn counts_do_not_dilute_the_times() {
    use super::builders::{compared, row, times};
    let counts = |value: f64| (0..40).map(move |n| counted(&format!("count_{n}"), value));
    let with = |id: &str, low: f64| {
        let measurements: Vec<_> = counts(low).chain([times("time", &[low * 100.0; 3])]).collect();
        run(id, measurements)
    };
    let both = compared(&with("1", 1.0), &with("2", 1.3));
    let alone = pair(times("time", &[100.0; 3]), times("time", &[130.0; 3]));
    assert_eq!(row(&both, "time").q_value, only(&alone).q_value);
}

fn rounds(counts: &[f64]) -> crate::model::Measurement {
    let rounds = counts.iter().map(|count| Round::summarised(Summary::of(&[*count])));
    measured("a", "instructions", "count", Direction::Lower, rounds.collect())
}

/// Not the last round decides, nor the last but one.
#[test]
fn rounds_that_disagree_decide_together() {
    let both_sides = [[100.0, 100.0, 130.0], [150.0, 150.0, 100.0], [130.0, 100.0, 100.0]];
    for counts in both_sides {
        let (word, reasons) = verdict(&pair(rounds(&[100.0; 3]), rounds(&counts)));
        assert_eq!(word, Verdict::Inconclusive, "{counts:?}: {reasons}");
        assert!(reasons.contains("the rounds disagree: of the candidate from 100 to"), "{reasons}");
    }
    let comparison = pair(rounds(&[100.0, 102.0]), rounds(&[150.0, 130.0, 140.0]));
    let row = only(&comparison);
    assert_eq!(
        (row.verdict, row.baseline, row.candidate),
        (Verdict::Regressed, Some(102.0), Some(130.0))
    );
    assert!(verdict(&comparison).1.contains("of the baseline from 100 to 102, of the candidate"));
    assert_eq!(
        verdict(&pair(rounds(&[100.0, 101.0]), rounds(&[102.0, 103.0]))).0,
        Verdict::Unchanged
    );
    assert_eq!(
        verdict(&pair(rounds(&[150.0, 140.0]), rounds(&[100.0, 90.0]))).0,
        Verdict::Improved
    );
}

/// There are no counts below 0: what says so is broken.
#[test]
fn negative_counts_are_never_an_improvement() {
    for (before, after) in [(-5.0, -6.0), (5.0, -6.0), (-5.0, 6.0)] {
        let (word, reasons) = verdict(&pair(counted("a", before), counted("a", after)));
        assert_eq!(word, Verdict::Inconclusive, "{before} {after}");
        assert!(reasons.contains("0 or below"), "{reasons}");
    }
}

#[test]
fn an_absolute_threshold_alone_is_named_alone() {
    let absolute = r#"{"benchmark":[{"match":"a","absolute":100}]}"#;
    let reasons = |before, after| verdict(&by(absolute, before, after)).1;
    for said in [reasons(1000.0, 900.0), reasons(1000.0, 1050.0)] {
        assert!(said.ends_with("is within the threshold of 100 instructions"), "{said}");
    }
}
