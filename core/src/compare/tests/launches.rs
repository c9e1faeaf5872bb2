//! Single launches, disturbed launches, slow tails, and what the whole suite has in common.

use super::builders::{
    compared, compared_by, launch, only, pair, policy, run, timed, times, verdict,
};
use crate::compare::Verdict;
use crate::model::{Iterations, Round, Run, Sample};

#[test]
fn single_launches_with_tight_values() {
    let one = |low: f64| times("a", &[low]);
    assert_eq!(verdict(&pair(one(100.0), one(125.0))).0, Verdict::Regressed);
    assert_eq!(verdict(&pair(one(100.0), one(100.0))).0, Verdict::Unchanged);
    assert_eq!(verdict(&pair(one(125.0), one(100.0))).0, Verdict::Improved);
}

#[test]
fn a_disturbed_launch_is_left_out() {
    let spike = timed("a", vec![launch(100.0, 0.01), launch(180.0, 0.4), launch(101.0, 0.01)]);
    let comparison = pair(times("a", &[100.0; 3]), spike);
    assert_eq!(verdict(&comparison).0, Verdict::Unchanged);
    assert!(only(&comparison).change.unwrap() < 0.02);
}

/// A single restless launch is no proof: it may owe all of its excess to something else.
#[test]
fn one_restless_launch_is_inconclusive_and_one_more_round_would_settle_it() {
    let restless = timed("a", vec![launch(140.0, 0.5)]);
    let (word, reasons) = verdict(&pair(times("a", &[100.0; 3]), restless));
    assert_eq!(word, Verdict::Inconclusive, "{reasons}");
    assert!(reasons.contains("would settle it"), "{reasons}");
    assert!(reasons.contains("these data could have shown"), "{reasons}");
    let settled = timed("a", vec![launch(140.0, 0.5), launch(140.0, 0.01), launch(141.0, 0.01)]);
    assert_eq!(verdict(&pair(times("a", &[100.0; 3]), settled)).0, Verdict::Regressed);
}

/// Launches whose `slow`-th iterations take three times as long.
fn periodic(slow: usize) -> Vec<Round> {
    let launch = |n: usize| {
        let values = (0..50).map(|i| {
            let value = 100.0 + ((i * 7 + n * 3) % 11) as f64 / 5.0;
            if i % slow == slow - 1 { value * 3.0 } else { value }
        });
        Round::of(Sample::new(values.collect(), Iterations::Every(1)).unwrap())
    };
    (0..3).map(launch).collect()
}

#[test]
fn one_iteration_in_ten_slower_is_a_slower_tail() {
    let comparison = pair(timed("a", periodic(1000)), timed("a", periodic(10)));
    let row = only(&comparison);
    let tail = row.tail.unwrap();
    assert!(tail.slower && tail.change > 1.5, "{row:?}");
    assert_eq!((row.verdict, comparison.summary.tail_slower), (Verdict::Unchanged, 1));
    assert!(row.reasons.iter().any(|reason| reason.starts_with("tail slower")), "{row:?}");
    let same = pair(timed("a", periodic(10)), timed("a", periodic(10)));
    assert_eq!(same.summary.tail_slower, 0);
}

/// A single launch cannot show it, and says that it saw it.
#[test]
fn a_slower_tail_of_a_single_launch_is_said() {
    let one = |slow: usize| timed("a", periodic(slow).into_iter().take(1).collect());
    let comparison = pair(one(1000), one(10));
    let row = only(&comparison);
    assert!(row.tail.is_some_and(|tail| !tail.slower && tail.too_few), "{row:?}");
    assert_eq!(comparison.summary.tail_slower, 0);
    let said = "longer; one launch cannot show it";
    assert!(row.reasons.iter().any(|reason| reason.ends_with(said)), "{row:?}");
}

fn suite(id: &str, factor: impl Fn(usize) -> f64) -> Run {
    let one = |n: usize| times(&format!("bench_{n}"), &[100.0 * factor(n); 3]);
    let measurements: Vec<_> = (0..12).map(one).collect();
    run(id, measurements)
}

#[test]
fn a_shift_of_the_whole_suite_is_reported_corrected_or_left_alone() {
    let before = suite("1", |_| 1.0);
    // All by 30 %, and one by as much again.
    let after = suite("2", |n| if n == 3 { 1.69 } else { 1.3 });
    let by = |mode: &str| {
        compared_by(&before, &after, &policy(&format!(r#"{{"common_mode":"{mode}"}}"#)))
    };
    let reported = by("report");
    let shift = reported.common_shift.unwrap();
    assert!((shift.worse - 0.3).abs() < 1e-6 && !shift.corrected, "{shift:?}");
    assert_eq!((shift.moved, shift.of), (12, 12));
    assert_eq!(reported.summary.regressed, 12);
    let corrected = by("correct");
    assert!(corrected.common_shift.unwrap().corrected);
    let regressed: Vec<&str> = corrected
        .benchmarks
        .iter()
        .filter(|row| row.verdict == Verdict::Regressed)
        .map(|row| row.id.as_str())
        .collect();
    assert_eq!(regressed, ["bench_3"]);
    let off = by("off");
    assert_eq!((off.common_shift, off.summary.regressed), (None, 12));
}

/// Three of four is most of them; two of three are too few to speak of a suite.
#[test]
fn most_of_a_suite_is_more_than_half_of_it() {
    let of = |moved: usize, all: usize| {
        let suite = |id: &str, factor: f64| {
            let one = |n: usize| {
                let factor = if n < moved { factor } else { 1.0 };
                times(&format!("bench_{n}"), &[100.0 * factor; 3])
            };
            run(id, (0..all).map(one).collect::<Vec<_>>())
        };
        let shift = compared(&suite("1", 1.0), &suite("2", 1.3)).common_shift?;
        Some((shift.moved, shift.of, (shift.worse * 100.0).round()))
    };
    assert_eq!(of(6, 8), Some((6, 8, 30.0)));
    assert_eq!(of(3, 4), Some((3, 4, 30.0)));
    assert_eq!((of(4, 8), of(2, 3)), (None, None));
}

#[test]
fn a_few_changes_are_no_common_shift() {
    let before = suite("1", |_| 1.0);
    let half = suite("2", |n| if n % 2 == 0 { 1.3 } else { 1.0 });
    assert_eq!(compared(&before, &half).common_shift, None);
    assert_eq!(compared(&before, &before).common_shift, None);
}
