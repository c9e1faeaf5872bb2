//! The largest and smallest numbers there are.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::builders::{launch, median, run, side, timed};
use crate::compare::{Comparison, Context, Policy, compare_in};
use crate::model::{Level, Metric, Round, Run, RunId, Unit};
use crate::report::comparison_json;

/// Runs of ten benchmarks whose launches are anywhere between 1e-300 and 1e300.
fn extreme_runs(random: &mut Xoshiro256PlusPlus, runs: usize, launches: usize) -> Vec<Run> {
    let one = |n: usize, random: &mut Xoshiro256PlusPlus| {
        let rounds = (0..launches).map(|_| extreme_launch(random)).collect();
        timed(&format!("bench_{n}"), rounds)
    };
    let of_run = |id: usize, random: &mut Xoshiro256PlusPlus| {
        let id = format!("run_{id}_{}", random.next_u64());
        run(&id, (0..10).map(|n| one(n, random)).collect::<Vec<_>>())
    };
    (0..runs).map(|id| of_run(id, random)).collect()
}

fn extreme_launch(random: &mut Xoshiro256PlusPlus) -> Round {
    const LOWS: [f64; 7] = [1e-300, 1e300, 1.0, f64::MIN_POSITIVE, 1e-150, 1.7e308, 0.0];
    let low = LOWS[usize::try_from(random.next_u64() % 36).unwrap() % 7];
    match random.next_u64() % 3 {
        0 => median(low),
        1 => launch(low, 0.0),
        _ => launch(low / 4.0, 2.0),
    }
}

#[test]
fn extreme_values_give_finite_figures() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    for round in 0..1_000_usize {
        let before = extreme_runs(&mut random, 1 + round % 3, 1 + round % 4);
        let history = extreme_runs(&mut random, round % 3, 1 + round % 2);
        let after = extreme_runs(&mut random, 1, 1 + round % 3);
        let level = |n: usize| Level {
            benchmark: crate::model::BenchmarkId::new(format!("bench_{n}")).unwrap(),
            metric: Metric::wall_time(),
            unit: Unit::nanoseconds(),
            accepted: if n.is_multiple_of(2) { 1e-300 } else { 1e300 },
            accepted_run: RunId::new("r").unwrap(),
            best: 1.0,
            best_run: RunId::new("r").unwrap(),
            machine: None,
            better: None,
        };
        let levels: Vec<Level> = (0..10).map(level).collect();
        let history: Vec<&Run> = history.iter().collect();
        let context = Context { history: &history, levels: &levels, ..Context::default() };
        let (before, after) = (side("before", &before), side("after", &after));
        let comparison = compare_in(&before, &after, context, &Policy::default());
        // What is not finite is written as null and does not read back.
        let text = comparison_json(&comparison);
        assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), comparison);
        for row in &comparison.benchmarks {
            let figures = [row.baseline, row.candidate, row.change, row.noise_floor, row.p_value];
            assert!(figures.iter().flatten().all(|figure| figure.is_finite()), "{row:?}");
            assert!(row.interval.iter().flatten().all(|bound| bound.is_finite()), "{row:?}");
            assert!(
                !row.reasons.is_empty() && row.reasons.iter().all(|reason| !reason.contains("NaN"))
            );
        }
    }
}
