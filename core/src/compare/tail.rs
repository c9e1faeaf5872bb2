//! The slow end of a benchmark's values. A low is blind to a slowdown that strikes only some
//! iterations: a periodic rehash, a lock, a cache flush. So the mean of the slowest tenth is watched
//! beside it, with its own and larger noise.

use libm::{exp, log};
use serde::{Deserialize, Serialize};

use crate::model::Round;
use crate::stats::{median, sorted};

/// What became of the slow end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tail {
    /// candidate / baseline − 1 of the mean of the slowest tenth.
    pub change: f64,
    /// Whether every launch of the candidate has a slower tail than every launch of the baseline,
    /// by more than they differ among themselves, and by more than the threshold.
    pub slower: bool,
}

/// The tails of two sides; `None` where a launch does not know its own. Slower by more than
/// `threshold` (of the logarithm) only when chance alone would separate the launches of the two
/// sides so in at most one of twenty cases: 1 / C(n + m, m), which is three against three.
pub(super) fn tail(baseline: &[&Round], candidate: &[&Round], threshold: f64) -> Option<Tail> {
    const RAREST: f64 = 0.05;
    let levels = |rounds: &[&Round]| -> Option<Vec<f64>> {
        let tails: Option<Vec<f64>> = rounds
            .iter()
            .map(|round| {
                let several = round.summary.n.is_some_and(|n| n >= 5);
                round.summary.tail.filter(|&tail| tail > 0.0 && several).map(log)
            })
            .collect();
        Some(sorted(&tails?))
    };
    let (before, after) = (levels(baseline)?, levels(candidate)?);
    let difference = median(&after)? - median(&before)?;
    let gap = after.first()? - before.last()?;
    let range = |levels: &[f64]| Some(levels.last()? - levels.first()?);
    let typical_range = |levels: &[f64]| {
        let quarter = levels.len() / 4;
        range(levels.get(quarter..levels.len() - quarter)?)
    };
    let own = typical_range(&before)?.max(typical_range(&after)?);
    let slower = gap > 0.0
        && difference > threshold.max(1.5 * own)
        && separation(before.len(), after.len()) <= RAREST;
    let change = exp(difference) - 1.0;
    change.is_finite().then_some(Tail { change, slower })
}

/// How likely chance alone puts all of one side above all of the other: 1 / C(n + m, m).
fn separation(n: usize, m: usize) -> f64 {
    (1..=m).map(|i| i as f64 / (n + i) as f64).product()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Iterations, Sample};

    /// Launches of 50 values around 100, of which every `slow`-th takes `factor` times as long.
    fn launches(count: usize, slow: usize, factor: f64) -> Vec<Round> {
        (0..count)
            .map(|launch| {
                let values = (0..50).map(|i| {
                    let value = 100.0 + ((i * 7 + launch * 3) % 11) as f64 / 5.0;
                    if i % slow == slow - 1 { value * factor } else { value }
                });
                Round::of(Sample::new(values.collect(), Iterations::Every(1)).unwrap())
            })
            .collect()
    }

    fn of(baseline: &[Round], candidate: &[Round]) -> Tail {
        let (b, c): (Vec<&Round>, Vec<&Round>) =
            (baseline.iter().collect(), candidate.iter().collect());
        tail(&b, &c, log(1.2)).unwrap()
    }

    #[test]
    fn one_slow_iteration_in_ten_is_seen() {
        let (before, after) = (launches(3, 10, 1.0), launches(3, 10, 3.0));
        let tail = of(&before, &after);
        assert!(tail.slower && (tail.change - 2.0).abs() < 0.1, "{tail:?}");
        assert!(!of(&before, &launches(3, 10, 1.0)).slower);
        assert!(!of(&after, &before).slower);
        // A slower tail within the threshold is none.
        assert!(!of(&before, &launches(3, 10, 1.1)).slower);
    }

    #[test]
    fn a_launch_or_two_prove_nothing() {
        let (before, after) = (launches(2, 10, 1.0), launches(2, 10, 3.0));
        assert!(!of(&before, &after).slower);
        let mut one_bad = launches(2, 10, 1.0);
        one_bad.extend(launches(1, 10, 9.0));
        assert!(!of(&launches(3, 10, 1.0), &one_bad).slower);
    }

    #[test]
    fn the_chance_of_complete_separation() {
        assert!((separation(3, 3) - 1.0 / 20.0).abs() < 1e-15);
        assert!((separation(10, 3) - 1.0 / 286.0).abs() < 1e-15);
    }
}
