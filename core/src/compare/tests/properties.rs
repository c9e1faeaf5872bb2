//! What holds of every comparison.

use proptest::prelude::*;

use super::builders::{compared, launch, measured, median, row, run, side, timed, times};
use crate::compare::{Comparison, Policy, Verdict, compare};
use crate::model::{Direction, Measurement, Round, Run};

fn any_round() -> impl Strategy<Value = Round> {
    let low = prop_oneof![4 => 50.0..200.0f64, 1 => 0.0..1e12f64, 1 => Just(0.0), 1 => Just(100.0)];
    (low, 0.0..0.5f64, 0..3u8).prop_map(|(low, spread, kind)| match kind {
        0 => median(low),
        _ => launch(low, spread),
    })
}

fn any_measurement() -> impl Strategy<Value = Measurement> {
    let kinds = prop_oneof![
        6 => Just(("wall_time", "ns", Direction::Lower)),
        1 => Just(("throughput", "MB/s", Direction::Higher)),
        1 => Just(("instructions", "count", Direction::Lower)),
        1 => Just(("wall_time", "bytes", Direction::Lower)),
        1 => Just(("score", "points", Direction::Higher)),
    ];
    (0..6u8, kinds, prop::collection::vec(any_round(), 1..4)).prop_map(
        |(name, (metric, unit, better), rounds)| {
            measured(&format!("bench_{name}"), metric, unit, better, rounds)
        },
    )
}

fn any_runs(name: &'static str, most: usize) -> impl Strategy<Value = Vec<Run>> {
    let measurements = prop::collection::vec(any_measurement(), 0..8);
    prop::collection::vec(measurements, 0..most).prop_map(move |runs| {
        let of = |(n, measurements)| run(&format!("{name}-{n}"), Vec::from_iter(measurements));
        runs.into_iter().enumerate().map(|(n, m): (usize, Vec<Measurement>)| of((n, m))).collect()
    })
}

/// The lows of calm launches of a suite: some benchmarks, each with as many launches as the others.
fn any_calm(launches: usize) -> impl Strategy<Value = Vec<Vec<f64>>> {
    let lows = prop::collection::vec(-0.04..0.04f64, launches);
    let one = (prop_oneof![Just(0.0), Just(0.3), Just(-0.3), -0.5..0.5f64], lows)
        .prop_map(|(shift, lows)| lows.iter().map(|z| 100.0 * libm::exp(shift + z)).collect());
    prop::collection::vec(one, 6)
}

fn suite(id: &str, lows: &[Vec<f64>], factor: f64) -> Run {
    let one = |(n, lows): (usize, &Vec<f64>)| {
        let lows: Vec<f64> = lows.iter().map(|low| low * factor).collect();
        times(&format!("bench_{n}"), &lows)
    };
    run(id, lows.iter().enumerate().map(one).collect::<Vec<_>>())
}

fn verdicts(comparison: &Comparison) -> Vec<(String, Verdict)> {
    let mut rows: Vec<_> =
        comparison.benchmarks.iter().map(|row| (row.id.clone(), row.verdict)).collect();
    rows.sort();
    rows
}

fn mirrored(verdict: Verdict) -> Verdict {
    match verdict {
        Verdict::Regressed => Verdict::Improved,
        Verdict::Improved => Verdict::Regressed,
        other => other,
    }
}

proptest! {
    #[test]
    fn nothing_panics_and_the_figures_fit_together(
        before in any_runs("before", 4),
        after in any_runs("after", 3),
    ) {
        let comparison = compare(&side("b", &before), &side("a", &after), &Policy::default());
        let summary = comparison.summary;
        prop_assert_eq!(
            comparison.benchmarks.len(),
            summary.compared + summary.new + summary.gone
        );
        for row in &comparison.benchmarks {
            prop_assert!(!row.reasons.is_empty());
            if let (Some([low, high]), Some(change)) = (row.interval, row.change) {
                prop_assert!(low <= change && change <= high, "{:?}", row);
            }
            prop_assert_eq!(row.p_value.is_some(), row.q_value.is_some());
            prop_assert!(row.p_value <= row.q_value);
            prop_assert!(row.p_value.is_none_or(|p| (0.0..=1.0).contains(&p)));
            if matches!(row.verdict, Verdict::Regressed | Verdict::Improved) {
                prop_assert!(row.q_value.is_none_or(|q| q <= 0.01), "{:?}", row);
            }
        }
        let text = serde_json::to_string(&comparison).unwrap();
        prop_assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), comparison);
    }

    #[test]
    fn swapped_sides_mirror_the_verdicts((before, after) in (any_calm(3), any_calm(3))) {
        let (before, after) = (suite("1", &before, 1.0), suite("2", &after, 1.0));
        // An improvement that is not excluded leaves a benchmark unchanged; a regression does not.
        let told = |(id, verdict): (String, Verdict)| match verdict {
            Verdict::Unchanged | Verdict::Inconclusive => (id, None),
            verdict => (id, Some(verdict)),
        };
        let forwards: Vec<_> =
            verdicts(&compared(&before, &after)).into_iter().map(told).collect();
        let backwards: Vec<_> = verdicts(&compared(&after, &before))
            .into_iter()
            .map(|(id, verdict)| told((id, mirrored(verdict))))
            .collect();
        prop_assert_eq!(forwards, backwards);
    }

    #[test]
    fn a_common_factor_changes_no_verdict(
        (before, after) in (any_calm(3), any_calm(2)),
        factor in prop_oneof![Just(1e-6), Just(3.7), Just(1e9)],
    ) {
        let of = |factor| compared(&suite("1", &before, factor), &suite("2", &after, factor));
        prop_assert_eq!(verdicts(&of(1.0)), verdicts(&of(factor)));
    }

    #[test]
    fn the_order_of_benchmarks_and_rounds_does_not_matter(
        (before, after) in (any_calm(3), any_calm(3)),
        seed in any::<u64>(),
    ) {
        let turned = |lows: &[Vec<f64>]| -> Vec<Vec<f64>> {
            let by = usize::try_from(seed % 3).unwrap();
            lows.iter().map(|lows| { let mut lows = lows.clone(); lows.rotate_left(by); lows }).collect()
        };
        let mut reversed = suite("2", &turned(&after), 1.0);
        let mut measurements = std::mem::take(&mut reversed.measurements);
        measurements.reverse();
        reversed.set_measurements(measurements);
        let plain = compared(&suite("1", &before, 1.0), &suite("2", &after, 1.0));
        let other = compared(&suite("1", &turned(&before), 1.0), &reversed);
        prop_assert_eq!(verdicts(&plain), verdicts(&other));
        for before in &plain.benchmarks {
            let after = row(&other, &before.id);
            prop_assert!((before.change.unwrap() - after.change.unwrap()).abs() < 1e-6);
        }
    }

    /// A benchmark's figure is its own, whatever else is in the suite.
    #[test]
    fn a_level_lies_among_its_launches(lows in prop::collection::vec(50.0..200.0f64, 1..6)) {
        let before = run("1", [timed("a", lows.iter().map(|&low| launch(low, 0.1)).collect())]);
        let comparison = compared(&before, &run("2", [times("a", &[100.0])]));
        let level = row(&comparison, "a").baseline.unwrap();
        let (least, most) = (lows.iter().copied().fold(f64::INFINITY, f64::min), lows.iter().copied().fold(0.0, f64::max));
        prop_assert!(level >= least * (1.0 - 1e-9) && level <= most * (1.0 + 1e-9));
    }
}
