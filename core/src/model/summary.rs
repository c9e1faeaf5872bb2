use serde::{Deserialize, Serialize};

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
}

impl Summary {
    /// Summarises values: quantiles by linear interpolation (type 7).
    pub fn of(values: &[f64]) -> Self {
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
        }
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
        let middle = |figure| all(figure).and_then(|f| stats::median(&stats::sorted(&f)));
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
        }
    }
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
    fn rounds_combine() {
        let rounds = [Summary::of(&[1.0, 2.0, 3.0]), Summary::of(&[5.0])];
        let both = Summary::combined(&rounds);
        assert_eq!(both.n, Some(4));
        assert_eq!(both.mean, Some(2.75));
        assert_eq!(both.median, Some(3.5));
        assert_eq!((both.minimum, both.maximum), (Some(1.0), Some(5.0)));
    }
}
