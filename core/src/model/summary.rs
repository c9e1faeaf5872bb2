use serde::{Deserialize, Serialize};

use super::Sample;
use crate::stats;

/// What is known of a round's values when they are not kept, or were never given: each in the
/// measurement's unit, per iteration. At least the median or the mean is known.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Summary {
    /// How many values were summarised.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub n: Option<u64>,
    /// The median.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub median: Option<f64>,
    /// The arithmetic mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mean: Option<f64>,
    /// The standard deviation of the values (n − 1 in the denominator), not the standard error.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub std_dev: Option<f64>,
    /// The smallest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minimum: Option<f64>,
    /// The lower quartile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lower_quartile: Option<f64>,
    /// The upper quartile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upper_quartile: Option<f64>,
    /// The largest value.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub maximum: Option<f64>,
    /// The smallest value among those measured for long enough ([`Summary::of_sample`]): what the
    /// code takes when nothing interferes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub low: Option<f64>,
    /// The mean of the slowest tenth of the values, at least one: what the code takes when it is
    /// slow.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tail: Option<f64>,
}

/// Values of so few iterations that these take less than so many nanoseconds do not count for
/// [`Summary::low`] where longer ones are there: a clock that ticks every 25 ns is then wrong by up to
/// a quarter of a per cent. The longest alone would not do: on a busy machine the shortest values are
/// the ones that nothing disturbed.
const SHORTEST: f64 = 10_000.0;
/// The share of the values that [`Summary::tail`] averages.
const TAIL_SHARE: f64 = 0.1;

impl Summary {
    /// Summarises values: quantiles by linear interpolation (type 7).
    pub fn of(values: &[f64]) -> Self {
        if let [only] = values {
            let (value, mean) = (Some(*only), stats::mean(values));
            return Self {
                n: Some(1),
                median: value,
                mean,
                std_dev: None,
                minimum: value,
                lower_quartile: value,
                upper_quartile: value,
                maximum: value,
                low: value,
                tail: mean,
            };
        }
        let sorted = stats::sorted(values);
        Self {
            n: Some(sorted.len() as u64),
            median: stats::median(&sorted),
            mean: stats::mean(values),
            std_dev: stats::standard_deviation(values),
            minimum: sorted.first().copied(),
            lower_quartile: stats::quantile(&sorted, 0.25),
            upper_quartile: stats::quantile(&sorted, 0.75),
            maximum: sorted.last().copied(),
            low: sorted.first().copied(),
            tail: tail(&sorted),
        }
    }

    /// Summarises a sample: as [`Summary::of`] its values, with `low` over those values only whose
    /// iterations take at least 10 µs, each as long as the median says, if there are any.
    pub fn of_sample(sample: &Sample) -> Self {
        let summary = Self::of(sample.values());
        // What is left out depends on the iterations and never on the value itself: of values around the
        // limit the slow ones alone would be left.
        let typical = summary.median.unwrap_or_default();
        let is_long = |position: usize| typical * sample.iterations_at(position) as f64 >= SHORTEST;
        let values = sample.values().iter().enumerate();
        let long = values.filter(|&(position, _)| is_long(position)).map(|(_, &value)| value);
        Self { low: long.min_by(f64::total_cmp).or(summary.low), ..summary }
    }

    /// The median, or the mean where only that is known.
    pub fn centre(&self) -> Option<f64> {
        self.median.or(self.mean)
    }

    /// Every figure there is, with its name.
    pub(crate) fn figures(&self) -> impl Iterator<Item = (&'static str, f64)> {
        [
            ("median", self.median),
            ("mean", self.mean),
            ("std_dev", self.std_dev),
            ("minimum", self.minimum),
            ("lower_quartile", self.lower_quartile),
            ("upper_quartile", self.upper_quartile),
            ("maximum", self.maximum),
            ("low", self.low),
            ("tail", self.tail),
        ]
        .into_iter()
        .filter_map(|(name, figure)| figure.map(|f| (name, f)))
    }

    /// One summary for several rounds whose samples are gone: n and extremes exactly, the mean
    /// weighted by n, every quantile as the median of the rounds' own.
    pub(crate) fn combined(rounds: &[Self]) -> Self {
        if let [only] = rounds {
            return *only;
        }
        let all = |figure: fn(&Self) -> Option<f64>| -> Option<Vec<f64>> {
            rounds.iter().map(figure).collect()
        };
        let middle = |figure| all(figure).and_then(|mut f| stats::median_of(&mut f));
        let n: Option<u64> = rounds.iter().map(|r| r.n).sum();
        let mean = match (all(|r| r.mean), n) {
            (Some(means), Some(n)) if n > 0 => {
                let weighted = means.iter().zip(rounds).map(|(m, r)| m * r.n.unwrap_or(0) as f64);
                Some(weighted.sum::<f64>() / n as f64)
            }
            (Some(means), _) => stats::mean(&means),
            (None, _) => None,
        };
        Self {
            n,
            median: middle(|r| r.median),
            mean,
            std_dev: middle(|r| r.std_dev),
            minimum: all(|r| r.minimum).map(|f| f.into_iter().fold(f64::INFINITY, f64::min)),
            lower_quartile: middle(|r| r.lower_quartile),
            upper_quartile: middle(|r| r.upper_quartile),
            maximum: all(|r| r.maximum).map(|f| f.into_iter().fold(f64::NEG_INFINITY, f64::max)),
            low: all(|r| r.low).map(|f| f.into_iter().fold(f64::INFINITY, f64::min)),
            tail: middle(|r| r.tail),
        }
    }
}

/// The mean of the largest tenth of ascending values, at least one; `None` for no values.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "between 1 and the number of values"
)]
fn tail(sorted: &[f64]) -> Option<f64> {
    let count = ((sorted.len() as f64 * TAIL_SHARE).ceil() as usize).max(1);
    stats::mean(sorted.get(sorted.len().saturating_sub(count)..)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn summarises_values() {
        let summary = Summary::of(&[4.0, 1.0, 3.0, 2.0]);
        assert_eq!(summary.n, Some(4));
        assert_eq!(summary.median, Some(2.5));
        assert_eq!(summary.lower_quartile, Some(1.75));
        assert_eq!(summary.upper_quartile, Some(3.25));
        assert_eq!((summary.minimum, summary.maximum), (Some(1.0), Some(4.0)));
        assert!((summary.std_dev.unwrap() - 1.290_994).abs() < 1e-6);
    }

    #[test]
    fn one_value_has_no_deviation() {
        assert_eq!(Summary::of(&[5.0]).std_dev, None);
        assert_eq!(Summary::of(&[5.0]).centre(), Some(5.0));
    }

    #[test]
    fn values_that_feel_the_clock_do_not_count_as_low() {
        let of = |totals: &[f64], iterations: &[u64]| {
            Summary::of_sample(&Sample::from_totals(totals, iterations.to_vec()).unwrap())
        };
        let summary = of(&[150.0, 20_000.0, 220_000.0], &[100, 10_000, 100_000]);
        assert_eq!((summary.minimum, summary.low), (Some(1.5), Some(2.0)));
        // A slow value of few iterations is no long one.
        let interrupted = of(&[300.0, 310.0, 30_000.0, 305.0], &[1; 4]);
        assert_eq!(interrupted.low, Some(300.0));
        // Around the limit nothing is cut away.
        assert_eq!(of(&[9_000.0, 10_500.0, 11_000.0], &[100; 3]).low, Some(90.0));
        // Where all are short, all count.
        assert_eq!(of(&[150.0, 200.0], &[100, 100]).low, Some(1.5));
    }

    #[test]
    fn the_tail_is_the_mean_of_the_slowest_tenth() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(Summary::of(&values).tail, Some(19.5));
        assert_eq!(Summary::of(&[3.0]).tail, Some(3.0));
        assert_eq!(Summary::of(&[]).tail, None);
    }

    #[test]
    fn rounds_combine() {
        let rounds = [Summary::of(&[1.0, 2.0, 3.0]), Summary::of(&[5.0])];
        let both = Summary::combined(&rounds);
        assert_eq!(both.n, Some(4));
        assert_eq!(both.mean, Some(2.75));
        assert_eq!(both.median, Some(3.5));
        assert_eq!((both.minimum, both.maximum), (Some(1.0), Some(5.0)));
    }
}
