use libm::log;

use super::side::{Key, Pooled};
use crate::model::{Direction, Round, Summary};
use crate::stats::{
    Centre, RatioInterval, bootstrap_median_ratio, normal_ratio, standard_deviation,
};

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
        // A median is never set against a mean.
        let both = |figure: fn(&Summary) -> Option<f64>| figure(&before).zip(figure(&after));
        let (statistic, (before_centre, after_centre)) = both(|s| s.median)
            .map(|medians| (Statistic::Median, medians))
            .or_else(|| both(|s| s.mean).map(|means| (Statistic::Mean, means)))?;
        let raw =
            Round::pooled_values(&baseline.rounds).zip(Round::pooled_values(&candidate.rounds));
        let interval = match raw {
            Some((b, c)) => bootstrap_median_ratio(&b, &c, confidence, key.0.seed()),
            None => centre(&before, statistic)
                .zip(centre(&after, statistic))
                .and_then(|(b, c)| normal_ratio(b, c, confidence)),
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

/// Which centre two summaries are compared by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Statistic {
    Median,
    Mean,
}

/// A centre of which only a summary is known, with its standard error: from the standard deviation,
/// or, for a median, from the quartiles as a normal distribution would have them.
fn centre(summary: &Summary, statistic: Statistic) -> Option<Centre> {
    /// The distance of the quartiles of a normal distribution, in standard deviations.
    const QUARTILE_DISTANCE: f64 = 1.348_979_500_392_164;
    /// The standard error of a median over that of a mean, for normal values: √(π/2).
    const MEDIAN_EFFICIENCY: f64 = 1.253_314_137_315_5;
    let n = summary.n.filter(|&n| n >= 2)?;
    let quartiles = summary.lower_quartile.zip(summary.upper_quartile);
    // A median is robust: so must its error be, where the quartiles are known.
    let (value, deviation) = match (statistic, quartiles) {
        (Statistic::Median, Some((low, high))) => {
            (summary.median?, (high - low) / QUARTILE_DISTANCE * MEDIAN_EFFICIENCY)
        }
        (Statistic::Median, None) => (summary.median?, summary.std_dev? * MEDIAN_EFFICIENCY),
        (Statistic::Mean, _) => (summary.mean?, summary.std_dev?),
    };
    Some(Centre { value, standard_error: deviation / (n as f64).sqrt(), n })
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
        let error =
            |summary: &Summary, statistic| centre(summary, statistic).map(|c| c.standard_error);
        assert!((error(&summary, Statistic::Median).unwrap() - 0.185_817).abs() < 1e-6);
        assert_eq!(error(&Summary { mean: Some(10.0), ..summary }, Statistic::Mean), Some(5.0));
        assert_eq!(error(&summary, Statistic::Mean), None);
        assert_eq!(error(&Summary { n: Some(1), ..summary }, Statistic::Median), None);
    }
}
