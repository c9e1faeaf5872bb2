//! The slow end of a benchmark's values. A low is blind to a slowdown that strikes only some
//! iterations: a periodic rehash, a lock, a cache flush. So the mean of the slowest tenth is watched
//! beside it, with its own and larger noise.

use libm::{exp, log};
use serde::{Deserialize, Serialize};

use crate::model::Round;
use crate::stats::{
    VariancePrior, benjamini_hochberg, mean, median, student_exceeds, variance_prior,
};

/// What became of the slow end.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Tail {
    /// candidate / baseline − 1 of the mean of the slowest tenth.
    pub change: f64,
    /// Whether every launch of the candidate has a slower tail than every launch of the baseline,
    /// by more than they differ among themselves, and by more than the threshold.
    pub slower: bool,
    /// Whether it looks slower, but too few launches were measured to tell that from chance.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub too_few: bool,
}

/// The slow ends of one benchmark's launches on both sides: the logarithms of the means of the
/// slowest tenth, ascending.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SlowEnds {
    before: Vec<f64>,
    after: Vec<f64>,
}

impl SlowEnds {
    /// `None` where a launch does not know its own. O(n log n).
    pub(super) fn of(baseline: &[&Round], candidate: &[&Round]) -> Option<Self> {
        let levels = |rounds: &[&Round]| -> Option<Vec<f64>> {
            let tail = |round: &&Round| {
                let several = round.n().is_some_and(|n| n >= 5);
                round.tail().filter(|&tail| tail > 0.0 && several)
            };
            let tails: Option<Vec<f64>> = rounds.iter().map(tail).collect();
            let mut tails = tails?;
            tails.sort_unstable_by(f64::total_cmp);
            Some(tails.into_iter().map(log).collect())
        };
        Some(Self { after: levels(candidate)?, before: levels(baseline)? })
    }
}

/// Slow ends, and what is asked of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Tails<'a> {
    pub(super) ends: &'a SlowEnds,
    /// By how much in the logarithm they must differ to matter.
    pub(super) threshold: f64,
    /// What the suite has in common, which is taken off the candidate's.
    pub(super) common: f64,
    /// Whether it may come out as slower.
    pub(super) tested: bool,
}

impl Tails<'_> {
    fn difference(&self) -> Option<f64> {
        Some(median(&self.ends.after)? - self.common - median(&self.ends.before)?)
    }

    /// Whether every launch of the candidate is slower than every one of the baseline, by more than
    /// they differ among themselves and than the threshold.
    fn is_apart(&self) -> Option<bool> {
        let SlowEnds { before, after } = self.ends;
        let gap = after.first()? - self.common - before.last()?;
        let range = |levels: &[f64]| Some(levels.last()? - levels.first()?);
        let typical_range = |levels: &[f64]| {
            let quarter = levels.len() / 4;
            range(levels.get(quarter..levels.len() - quarter)?)
        };
        let own = typical_range(before)?.max(typical_range(after)?);
        Some(gap > 0.0 && self.difference()? > self.threshold.max(1.5 * own))
    }

    /// The variance within the two sides, and its degrees of freedom.
    fn variance(&self) -> (f64, f64) {
        let squares = |levels: &[f64]| {
            let centre = mean(levels).unwrap_or(0.0);
            levels.iter().map(|level| (level - centre) * (level - centre)).sum::<f64>()
        };
        let freedom = (self.ends.before.len() + self.ends.after.len()) as f64 - 2.0;
        let least = LEAST_DEVIATION * LEAST_DEVIATION;
        let sum = squares(&self.ends.before) + squares(&self.ends.after);
        (if freedom > 0.0 { (sum / freedom).max(least) } else { least }, freedom)
    }
}

/// Nothing is known better than this: the standard deviation of the logarithm.
const LEAST_DEVIATION: f64 = 0.02;
/// What slow ends vary by when little is known of a suite, and how many observations that counts for.
const UNKNOWN: VariancePrior = VariancePrior { variance: 0.05 * 0.05, freedom: 4.0 };

/// What became of the slow ends of a suite, in order. One is slower only when chance alone would
/// separate the launches of the two sides so in at most one of twenty cases, 1 / C(n + m, m), which is
/// three against three; and when a t test with the variance shrunk over the suite says so after
/// Benjamini–Hochberg control over all benchmarks at `fdr`. O(launches).
pub(super) fn tails(suite: &[Option<Tails<'_>>], fdr: f64) -> Vec<Option<Tail>> {
    const RAREST: f64 = 0.05;
    let tested = || suite.iter().flatten().filter(|tails| tails.tested);
    let variances: Vec<(f64, f64)> = tested().map(Tails::variance).collect();
    let prior = variance_prior(&variances).unwrap_or(UNKNOWN);
    let p_value = |tails: &Tails<'_>| {
        let (own, freedom) = tails.variance();
        let (variance, freedom) = prior.posterior(own, freedom);
        let (n, m) = (tails.ends.before.len() as f64, tails.ends.after.len() as f64);
        let error = (variance * (1.0 / n + 1.0 / m)).sqrt();
        tails.difference().map_or(1.0, |d| student_exceeds(d.max(0.0) / error, freedom))
    };
    let p_values: Vec<f64> = tested().map(p_value).collect();
    let mut controlled = benjamini_hochberg(&p_values).into_iter();
    suite
        .iter()
        .map(|tails| {
            let tails = tails.as_ref()?;
            let q_value = if tails.tested { controlled.next() } else { None };
            let change = exp(tails.difference()?) - 1.0;
            let (n, m) = (tails.ends.before.len(), tails.ends.after.len());
            let looks_slower = tails.tested && tails.is_apart()?;
            let enough = separation(n, m) <= RAREST;
            Some(Tail {
                change: Some(change).filter(|change| change.is_finite())?,
                slower: looks_slower && enough && q_value.is_some_and(|q| q <= fdr),
                too_few: looks_slower && !enough,
            })
        })
        .collect()
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

    fn ends(baseline: &[Round], candidate: &[Round]) -> SlowEnds {
        let (b, c): (Vec<&Round>, Vec<&Round>) =
            (baseline.iter().collect(), candidate.iter().collect());
        SlowEnds::of(&b, &c).unwrap()
    }

    fn sides(ends: &SlowEnds) -> Tails<'_> {
        Tails { ends, threshold: log(1.2), common: 0.0, tested: true }
    }

    fn of(baseline: &[Round], candidate: &[Round]) -> Tail {
        tails(&[Some(sides(&ends(baseline, candidate)))], 0.01)[0].unwrap()
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

    /// Of many suites whose slow ends are nothing but noise, no more show one than the rate allows.
    #[test]
    fn many_benchmarks_are_controlled_together() {
        let restless = |seed: usize| -> Vec<Round> {
            let launch = |n: u64| {
                let hash = crate::stats::fnv1a(&(seed as u64 * 3 + n).to_le_bytes());
                launches(1, 10, 1.0 + (hash >> 11) as f64 / (1_u64 << 53) as f64).remove(0)
            };
            (0..3).map(launch).collect()
        };
        let pair = |n: usize| ends(&restless(2 * n), &restless(2 * n + 1));
        let slower = |all: &[Option<Tails<'_>>]| {
            tails(all, 0.01).iter().flatten().filter(|tail| tail.slower).count()
        };
        let ends: Vec<SlowEnds> = (0..20 * 48).map(pair).collect();
        let suites: Vec<Vec<Option<Tails<'_>>>> = ends
            .chunks(48)
            .map(|suite| suite.iter().map(|ends| Some(sides(ends))).collect())
            .collect();
        let together: usize = suites.iter().map(|suite| slower(suite)).sum();
        let alone: usize =
            suites.iter().flatten().map(|one| slower(std::slice::from_ref(one))).sum();
        assert!(together <= 1 && alone > 5, "{together} {alone}");
    }

    #[test]
    fn single_launches_that_look_slower_are_too_few() {
        let tail = of(&launches(1, 10, 1.0), &launches(1, 10, 3.0));
        assert!(tail.too_few && !tail.slower, "{tail:?}");
        assert!(!of(&launches(1, 10, 1.0), &launches(1, 10, 1.0)).too_few);
    }
}
