//! Which rows come out, in which order, and what is counted.

use super::builders::{compared, only, pair, run, times, verdict};
use crate::compare::{Comparison, Counts, Verdict};
use crate::model::Skipped;

#[test]
fn rows_come_by_impact_and_every_benchmark_is_counted() {
    let level = |id: &str, low: f64| times(id, &[low; 3]);
    let before = run("1", ["a", "b", "c", "d", "gone"].map(|id| level(id, 100.0)));
    let after = [("a", 100.0), ("b", 130.0), ("c", 200.0), ("d", 50.0), ("new", 1.0)];
    let comparison = compared(&before, &run("2", after.map(|(id, low)| level(id, low))));
    let rows: Vec<(&str, Verdict)> =
        comparison.benchmarks.iter().map(|row| (row.id.as_str(), row.verdict)).collect();
    assert_eq!(
        rows,
        [
            ("c", Verdict::Regressed),
            ("b", Verdict::Regressed),
            ("d", Verdict::Improved),
            ("gone", Verdict::Gone),
            ("new", Verdict::New),
            ("a", Verdict::Unchanged),
        ]
    );
    let expected = Counts {
        compared: 4,
        regressed: 2,
        improved: 1,
        unchanged: 1,
        new: 1,
        gone: 1,
        ..Counts::default()
    };
    assert_eq!(comparison.summary, expected);
    assert!(comparison.summary.any_regression());
    let top = &comparison.benchmarks[0];
    assert!((top.change.unwrap() - 1.0).abs() < 1e-6, "{top:?}");
    assert!(top.q_value >= top.p_value);
    let [low, high] = top.interval.unwrap();
    assert!(low > 0.8 && low < 1.0 && high > 1.0 && high < 1.2, "{top:?}");
}

#[test]
fn what_failed_is_skipped_and_not_gone() {
    let before = run("1", [times("a", &[1.0]), times("b", &[1.0])]);
    let mut after = run("2", [times("a", &[1.0])]);
    after.skipped.push(Skipped { name: "b".into(), reason: "panicked".into() });
    let summary = compared(&before, &after).summary;
    assert_eq!((summary.compared, summary.gone, summary.skipped), (1, 0, 1));
}

#[test]
fn new_and_gone_show_their_own_figure() {
    let comparison =
        compared(&run("1", [times("gone", &[3.0])]), &run("2", [times("new", &[5.0])]));
    let [gone, new] = comparison.benchmarks.as_slice() else { panic!("{comparison:?}") };
    assert!(gone.baseline.is_some() && gone.candidate.is_none() && gone.change.is_none());
    assert!(new.candidate.is_some() && new.baseline.is_none() && new.p_value.is_none());
    assert_eq!(comparison.summary.compared, 0);
}

#[test]
fn the_figures_people_are_used_to_are_beside_the_level() {
    let comparison = pair(times("a", &[100.0, 101.0]), times("a", &[100.0]));
    let figures = only(&comparison).baseline_figures.as_ref().unwrap();
    assert_eq!((figures.runs, figures.rounds, figures.n), (1, 2, Some(40)));
    assert_eq!(figures.launches, [100.0, 101.0]);
    assert!(figures.median.unwrap() > 100.0 && figures.mean.unwrap() > 100.0);
}

#[test]
fn a_fall_says_what_the_threshold_is_held_against() {
    let (verdict, reasons) = verdict(&pair(times("a", &[100.0; 3]), times("a", &[75.0; 3])));
    assert_eq!(verdict, Verdict::Improved);
    let said = "−25.0 % exceeds the threshold of 20 % (the baseline is 33.3 % above the candidate)";
    assert!(reasons.starts_with(said), "{reasons}");
}

#[test]
fn the_output_reads_back() {
    let comparison = pair(times("a", &[1.0; 3]), times("a", &[2.0; 3]));
    let text = serde_json::to_string(&comparison).unwrap();
    assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), comparison);
}
