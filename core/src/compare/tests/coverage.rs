//! The operating characteristics, by seeded simulation from the noise model itself: how often the
//! intervals hold the truth, how often unchanged code is called regressed, and how often slower code
//! is found.

use super::builders::{policy, side};
use super::noise_model::Suite;
use crate::compare::{Comparison, Policy, compare};

/// How a comparison is made: runs and launches of the baseline, launches of the candidate.
type Shape = (usize, usize, usize);

/// A history of single launches, one run against one, and a history of runs as they are made.
const SHAPES: [Shape; 3] = [(10, 1, 3), (1, 3, 3), (10, 3, 3)];
/// Each has 12 benchmarks: the binomial error of a coverage of 95 % is 0.3 points.
const SUITES: u64 = 400;

fn comparison(seed: u64, shape: Shape, factor: f64, policy: &Policy) -> Comparison {
    let (runs, launches, candidate) = shape;
    let mut suite = Suite::new(seed);
    let before = suite.runs(runs, launches);
    let after = suite.run("after", candidate, factor);
    compare(&side("history", &before), &side("new", [&after]), policy)
}

/// In how many per cent of all rows the interval holds the true change.
fn coverage(shape: Shape, confidence: &str, factor: f64) -> f64 {
    let policy = policy(&format!(r#"{{"confidence":"{confidence}"}}"#));
    let (mut held, mut rows) = (0_u32, 0_u32);
    for seed in 0..SUITES {
        for row in comparison(seed, shape, factor, &policy).benchmarks {
            let [low, high] = row.interval.unwrap();
            held += u32::from((low..=high).contains(&(factor - 1.0)));
            rows += 1;
        }
    }
    100.0 * f64::from(held) / f64::from(rows)
}

#[test]
fn the_95_per_cent_interval_holds_the_truth_in_95_per_cent() {
    for shape in SHAPES {
        let held = coverage(shape, "95%", 1.1);
        assert!((93.0..=97.0).contains(&held), "{shape:?}: {held} %");
    }
}

#[test]
fn the_99_per_cent_interval_holds_the_truth_in_99_per_cent() {
    for shape in SHAPES {
        let held = coverage(shape, "99%", 1.0);
        assert!((98.0..=100.0).contains(&held), "{shape:?}: {held} %");
    }
}

/// Suites of code that is `factor` times as slow: how many have a regressed benchmark, and how many
/// of their benchmarks are.
fn regressed(shape: Shape, factor: f64, policy: &Policy) -> (usize, usize) {
    (0..SUITES).fold((0, 0), |(suites, benchmarks), seed| {
        let found = comparison(seed + 1_000, shape, factor, policy).summary.regressed;
        (suites + usize::from(found > 0), benchmarks + found)
    })
}

/// At a threshold of 0 every change is relevant, so that significance alone decides. At a
/// false-discovery rate of 5 % over both directions, at most 5 % of the suites of unchanged code have
/// a regressed benchmark.
#[test]
fn false_discoveries_are_controlled() {
    let any_change = policy(r#"{"threshold":0.0,"fdr":"5%"}"#);
    for shape in SHAPES {
        let (suites, _) = regressed(shape, 1.0, &any_change);
        assert!(suites <= 20, "{shape:?}: {suites} of {SUITES}");
    }
}

#[test]
fn unchanged_code_is_not_called_regressed_and_slower_code_is() {
    for shape in SHAPES {
        let (alarms, _) = regressed(shape, 1.0, &Policy::default());
        let (_, found) = regressed(shape, 1.5, &Policy::default());
        assert!(alarms <= 6, "{shape:?}: {alarms} of {SUITES}");
        assert!(found >= 4_320, "{shape:?}: {found} of {}", SUITES * 12);
    }
}
