use libm::log;

use super::side::{Key, Pooled};
use crate::model::{Direction, Round, Summary};
use crate::stats::{RatioInterval, bootstrap_median_ratio, normal_ratio, standard_deviation};

/// What two sides say about one benchmark: figures and their uncertainty, no verdict.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Estimate {
    /// The baseline's centre, in the metric's unit: the median, or the mean where only that is known.
    pub(super) baseline: f64,
    /// The candidate's.
    pub(super) candidate: f64,
    /// How many values stand behind the two, where that is known.
    pub(super) counts: (Option<u64>, Option<u64>),
    /// The interval of candidate / baseline.
    pub(super) interval: Option<RatioInterval>,
    /// How much the baseline moved between its launches: the standard deviation of the logarithm of
    /// its rounds' centres. Unknown with a single round.
    pub(super) noise_floor: Option<f64>,
    pub(super) better: Direction,
}

impl Estimate {
    /// Sets `candidate` against `baseline`: by the bootstrap over the raw samples where both sides
    /// have them, else by the normal approximation from the reported spreads.
    pub(super) fn of(
        key: Key<'_>,
        baseline: &Pooled<'_>,
        candidate: &Pooled<'_>,
        confidence: f64,
    ) -> Option<Self> {
        let (before, after) =
            (Round::pooled_summary(&baseline.rounds), Round::pooled_summary(&candidate.rounds));
        // A median and a mean are not set against each other while both know the same one.
        let (before_centre, after_centre) = match (before.median, after.median) {
            (Some(b), Some(c)) => (b, c),
            _ => before.mean.zip(after.mean).or_else(|| before.centre().zip(after.centre()))?,
        };
        let raw = Round::pooled_values(&baseline.rounds)
            .zip(Round::pooled_values(&candidate.rounds))
            .filter(|_| before_centre > 0.0);
        let interval = match raw {
            Some((b, c)) => bootstrap_median_ratio(&b, &c, confidence, key.0.seed()),
            None => standard_error(&before)
                .zip(standard_error(&after))
                .and_then(|(b, c)| normal_ratio((before_centre, b), (after_centre, c), confidence)),
        };
        Some(Self {
            baseline: before_centre,
            candidate: after_centre,
            counts: (before.n, after.n),
            interval,
            noise_floor: noise_floor(&baseline.rounds),
            better: baseline.better,
        })
    }

    /// candidate / baseline; unknown where the baseline is not above 0 or the ratio has no end.
    pub(super) fn ratio(&self) -> Option<f64> {
        let ratio = self.candidate / self.baseline;
        (self.baseline > 0.0 && ratio.is_finite()).then_some(ratio)
    }
}

/// The standard error of a centre of which only a summary is known: from the standard deviation,
/// or from the quartiles as a normal distribution would have them.
fn standard_error(summary: &Summary) -> Option<f64> {
    /// The distance of the quartiles of a normal distribution, in standard deviations.
    const QUARTILE_DISTANCE: f64 = 1.348_979_500_392_164;
    /// The standard error of a median over that of a mean, for normal values: √(π/2).
    const MEDIAN_EFFICIENCY: f64 = 1.253_314_137_315_5;
    let n = summary.n.filter(|&n| n >= 2)? as f64;
    let quartiles = summary.lower_quartile.zip(summary.upper_quartile);
    // A median is robust: so must its error be, where the quartiles are known.
    match (summary.median, quartiles, summary.std_dev) {
        (Some(_), Some((low, high)), _) => {
            Some((high - low) / QUARTILE_DISTANCE * MEDIAN_EFFICIENCY / n.sqrt())
        }
        (Some(_), None, Some(deviation)) => Some(deviation * MEDIAN_EFFICIENCY / n.sqrt()),
        (None, _, Some(deviation)) => Some(deviation / n.sqrt()),
        _ => None,
    }
}

fn noise_floor(rounds: &[&Round]) -> Option<f64> {
    let centres: Option<Vec<f64>> = rounds
        .iter()
        .map(|round| round.summary.centre().filter(|&centre| centre > 0.0).map(log))
        .collect();
    standard_deviation(&centres?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_takes_its_error_from_the_quartiles() {
        let summary = Summary {
            n: Some(100),
            median: Some(10.0),
            lower_quartile: Some(9.0),
            upper_quartile: Some(11.0),
            std_dev: Some(50.0),
            ..Summary::default()
        };
        assert!((standard_error(&summary).unwrap() - 0.185_817).abs() < 1e-6);
        let mean_only =
            Summary { n: Some(4), mean: Some(1.0), std_dev: Some(2.0), ..Summary::default() };
        assert_eq!(standard_error(&mean_only), Some(1.0));
        assert_eq!(standard_error(&Summary { n: Some(1), ..mean_only }), None);
    }
}
