//! The decision, and nothing else: numbers with their uncertainty in, a verdict with its reasons
//! out.
//!
//! A difference is *relevant* when it exceeds the threshold, and *significant* when its interval
//! excludes "no change". Regressed and improved need both. The threshold means the same whichever
//! way a metric is better: regressed when the worse of the two values exceeds the better by more
//! than the threshold, so that a change and its undoing are judged alike.

use serde::{Deserialize, Serialize};

use super::Threshold;
use super::estimate::Estimate;
use crate::model::Direction;
use crate::text::{percent, percent_interval, share};

/// What became of a benchmark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Verdict {
    /// Worse, relevantly and significantly.
    Regressed,
    /// The data cannot tell; the reasons say what would settle it.
    Inconclusive,
    /// Better, relevantly and significantly.
    Improved,
    /// Only in the baseline.
    Gone,
    /// Only in the candidate.
    New,
    /// Not relevantly different.
    Unchanged,
}

impl Verdict {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Regressed => "regressed",
            Self::Inconclusive => "inconclusive",
            Self::Improved => "improved",
            Self::Gone => "gone",
            Self::New => "new",
            Self::Unchanged => "unchanged",
        }
    }

    /// A sign that tells the verdicts apart without colour.
    pub fn glyph(self) -> char {
        match self {
            Self::Regressed => '▲',
            Self::Inconclusive => '?',
            Self::Improved => '▼',
            Self::Gone => '×',
            Self::New => '+',
            Self::Unchanged => '=',
        }
    }
}

/// A verdict and why.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Decision {
    pub(super) verdict: Verdict,
    pub(super) reasons: Vec<String>,
}

impl Decision {
    fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reasons: vec![reason.into()] }
    }
}

/// Decides on one benchmark that both sides have.
pub(super) fn decide(estimate: &Estimate, threshold: Threshold, confidence: f64) -> Decision {
    if estimate.baseline.to_bits() == estimate.candidate.to_bits() && estimate.interval.is_none() {
        return Decision::new(Verdict::Unchanged, "both values are the same");
    }
    let Some(ratio) = estimate.ratio() else {
        return Decision::new(
            Verdict::Inconclusive,
            "there is no relative change: the baseline is not above 0, or the change is beyond all numbers",
        );
    };
    let slower = factor_worse(ratio, estimate.better);
    let limit = 1.0 + threshold.ratio();
    let worse = slower > limit;
    let better = slower < 1.0 / limit;
    // The threshold is what the larger value may exceed the smaller by: say how much that is.
    let change = match percent(ratio - 1.0) {
        fall if ratio < 1.0 && (worse || better) => {
            let rise = percent(1.0 / ratio - 1.0);
            format!("{fall} (the baseline is {} higher)", rise.trim_start_matches('+'))
        }
        rise => rise,
    };
    let bound = format!("the threshold of {threshold}");

    let Some(interval) = estimate.interval else {
        return Decision::new(
            Verdict::Inconclusive,
            format!(
                "{change}, but how much of it is noise cannot be told: {}",
                what_is_missing(estimate)
            ),
        );
    };
    let level = share(confidence);
    let bounds = percent_interval(interval.lower - 1.0, interval.upper - 1.0);
    let significant = !(interval.lower..=interval.upper).contains(&1.0);
    match (worse, better, significant) {
        (true, _, true) => Decision::new(
            Verdict::Regressed,
            format!(
                "{change} exceeds {bound}, and the {level} interval {bounds} excludes no change"
            ),
        ),
        (_, true, true) => Decision::new(
            Verdict::Improved,
            format!(
                "{change} exceeds {bound}, and the {level} interval {bounds} excludes no change"
            ),
        ),
        (true, _, false) | (_, true, false) => Decision {
            verdict: Verdict::Inconclusive,
            reasons: vec![
                format!(
                    "{change} exceeds {bound}, but the {level} interval {bounds} includes no change"
                ),
                "a longer measurement, or several more runs, would settle it".to_owned(),
            ],
        },
        (false, false, true) => Decision::new(
            Verdict::Unchanged,
            format!(
                "{change} is significant (the {level} interval is {bounds}), but within {bound}"
            ),
        ),
        (false, false, false) => {
            let mut decision =
                Decision::new(Verdict::Unchanged, format!("{change} is within {bound}"));
            let worst = factor_worse(interval.lower, estimate.better)
                .max(factor_worse(interval.upper, estimate.better));
            if worst > limit {
                decision.reasons.push(format!(
                    "the {level} interval {bounds} reaches beyond the threshold: a regression of that size is not excluded"
                ));
            }
            decision
        }
    }
}

/// How many times worse: above 1 when the candidate is worse, whichever way the metric is better.
fn factor_worse(ratio: f64, better: Direction) -> f64 {
    match better {
        Direction::Lower => ratio,
        Direction::Higher => 1.0 / ratio,
    }
}

fn what_is_missing(estimate: &Estimate) -> String {
    match estimate.counts {
        (Some(b), Some(c)) => format!(
            "{b} and {c} values are too few, or have no spread to judge by; measure each side at \
             least five times"
        ),
        _ => "neither raw values nor a spread over several of them are known on both sides"
            .to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::RatioInterval;

    fn estimate(ratio: f64, interval: Option<(f64, f64)>, better: Direction) -> Estimate {
        Estimate {
            baseline: 100.0,
            candidate: 100.0 * ratio,
            counts: (Some(50), Some(50)),
            interval: interval.map(|(lower, upper)| RatioInterval { lower, upper, p_value: 0.5 }),
            noise_floor: None,
            better,
        }
    }

    fn verdict(ratio: f64, interval: (f64, f64), better: Direction) -> Verdict {
        decide(&estimate(ratio, Some(interval), better), Threshold::DEFAULT, 0.99).verdict
    }

    #[test]
    fn regressed_and_improved_need_relevance_and_significance() {
        let lower = Direction::Lower;
        assert_eq!(verdict(1.25, (1.1, 1.4), lower), Verdict::Regressed);
        assert_eq!(verdict(1.25, (0.9, 1.6), lower), Verdict::Inconclusive);
        assert_eq!(verdict(1.15, (1.1, 1.2), lower), Verdict::Unchanged);
        assert_eq!(verdict(1.05, (0.9, 1.3), lower), Verdict::Unchanged);
        assert_eq!(verdict(0.75, (0.7, 0.8), lower), Verdict::Improved);
        assert_eq!(verdict(0.75, (0.5, 1.1), lower), Verdict::Inconclusive);
        assert_eq!(verdict(0.85, (0.8, 0.9), lower), Verdict::Unchanged);
    }

    #[test]
    fn the_worse_direction_is_the_metrics() {
        let higher = Direction::Higher;
        assert_eq!(verdict(0.75, (0.7, 0.8), higher), Verdict::Regressed);
        assert_eq!(verdict(1.25, (1.1, 1.4), higher), Verdict::Improved);
        // Throughput down by 15 %: every piece of work takes 1 / 0.85 = 1.176 as long.
        assert_eq!(verdict(0.85, (0.8, 0.9), higher), Verdict::Unchanged);
    }

    #[test]
    fn a_fall_says_what_the_threshold_is_held_against() {
        let faster = decide(
            &estimate(1.0 / 1.25, Some((0.7, 0.9)), Direction::Lower),
            Threshold::DEFAULT,
            0.99,
        );
        assert_eq!(faster.verdict, Verdict::Improved);
        let said = "−20.0 % (the baseline is 25.0 % higher) exceeds the threshold of 20 %";
        assert!(faster.reasons[0].starts_with(said), "{:?}", faster.reasons);
    }

    #[test]
    fn exactly_the_threshold_does_not_exceed_it() {
        assert_eq!(verdict(1.2, (1.1, 1.3), Direction::Lower), Verdict::Unchanged);
    }

    #[test]
    fn what_the_noise_hides_is_said() {
        let wide =
            decide(&estimate(1.0, Some((0.7, 1.5)), Direction::Lower), Threshold::DEFAULT, 0.99);
        assert_eq!(wide.verdict, Verdict::Unchanged);
        assert!(wide.reasons[1].contains("not excluded"), "{:?}", wide.reasons);
    }

    #[test]
    fn without_an_interval_nothing_is_decided_but_equality() {
        let none =
            |ratio| decide(&estimate(ratio, None, Direction::Lower), Threshold::DEFAULT, 0.99);
        assert_eq!(none(1.0).verdict, Verdict::Unchanged);
        assert_eq!(none(1.01).verdict, Verdict::Inconclusive);
        assert_eq!(none(9.0).verdict, Verdict::Inconclusive);
    }

    #[test]
    fn no_ratio_no_verdict() {
        let mut zero = estimate(1.0, Some((1.0, 1.0)), Direction::Lower);
        zero.baseline = 0.0;
        assert_eq!(decide(&zero, Threshold::DEFAULT, 0.99).verdict, Verdict::Inconclusive);
    }
}
