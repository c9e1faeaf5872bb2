//! The decision, and nothing else: numbers with their uncertainty in, a verdict with its reasons
//! out.
//!
//! A difference is *relevant* when it exceeds the threshold, and *significant* when noise explains
//! it too rarely, after control over all benchmarks of the run. Regressed and improved need both.
//! Where the interval reaches beyond the threshold although that is not so, the data cannot tell:
//! *inconclusive*. *Unchanged* is only what can be told not to have regressed beyond the threshold; that
//! a disturbed launch might hide an improvement is said, and no reason to measure again.
//!
//! Everything is on the scale of the logarithm, worse upwards. The threshold means the same whichever
//! way a metric is better: regressed when the worse of the two values exceeds the better by more
//! than the threshold, so that a change and its undoing are judged alike.

use libm::{exp, log1p};
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::limits::Limits;
use super::prediction::Prediction;
use super::row::Drift;
use super::tail::Tail;
use crate::model::{Direction, Unit};
use crate::text::{percent, percent_interval, quantity, share};

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
    pub(super) fn new(verdict: Verdict, reason: impl Into<String>) -> Self {
        Self { verdict, reasons: vec![reason.into()] }
    }
}

/// By how much a benchmark must be worse, and better, to have changed relevantly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Relevance {
    /// In the logarithm, at least 0.
    pub(super) worse: f64,
    /// Likewise.
    pub(super) better: f64,
}

impl Relevance {
    /// The limits of a benchmark whose baseline is at `baseline`, in the metric's unit, above 0.
    pub(super) fn of(limits: Limits, baseline: f64, better: Direction) -> Self {
        let relative = limits.relative.map_or(0.0, |threshold| log1p(threshold.ratio()));
        let improvement = log1p(limits.improvement.ratio());
        let (up, down) = limits.absolute.map_or((0.0, 0.0), |absolute| {
            let share = absolute / baseline;
            // Beyond all of the baseline there is nothing to fall.
            (log1p(share), if share < 1.0 { -log1p(-share) } else { f64::INFINITY })
        });
        let (worse, for_better) = match better {
            Direction::Lower => (up, down),
            Direction::Higher => (down, up),
        };
        Self { worse: relative.max(worse), better: improvement.max(for_better) }
    }

    /// Whether a difference to the worse (or, below 0, to the better) is relevant. Exactly the
    /// threshold is not; logarithms round, so what is within a billionth of it counts as exactly it.
    fn exceeded_by(self, difference: f64) -> bool {
        const ROUNDING: f64 = 1e-9;
        let limit = if difference >= 0.0 { self.worse } else { self.better };
        difference.abs() > limit + ROUNDING
    }

    fn worse_text(self) -> String {
        format!("the threshold of {}", share(exp(self.worse) - 1.0))
    }
}

/// What is decided upon.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter<'a> {
    pub(super) estimate: &'a Estimate,
    pub(super) relevance: Relevance,
    pub(super) better: Direction,
    /// The interval of the difference, at `confidence`.
    pub(super) interval: [f64; 2],
    /// The p-value controlled over all benchmarks, and what it must not exceed.
    pub(super) q_value: f64,
    pub(super) fdr: f64,
    pub(super) confidence: f64,
    /// How many benchmarks were tested.
    pub(super) tests: usize,
}

/// Decides on one benchmark that both sides have.
pub(super) fn decide(matter: Matter<'_>) -> Decision {
    let Matter { estimate, relevance, q_value, fdr, confidence, interval: [low, high], .. } =
        matter;
    let difference = estimate.difference;
    let significant = q_value <= fdr;
    let change = matter.change(difference);
    let bounds = matter.interval([low, high]);
    let level = share(confidence);
    let threshold = relevance.worse_text();
    let relevant = relevance.exceeded_by(difference);
    if relevant && significant {
        let verdict = if difference > 0.0 { Verdict::Regressed } else { Verdict::Improved };
        return Decision::new(
            verdict,
            format!(
                "{change} exceeds {}; noise explains it in {}, and the {level} interval is {bounds}",
                matter.exceeded(difference),
                chance(q_value)
            ),
        );
    }
    if high <= relevance.worse && !relevant {
        let reason = if low < -relevance.better {
            format!(
                "{change} is within {threshold}, and no regression beyond it is possible; the {level} \
                 interval {bounds} does not exclude an improvement"
            )
        } else if significant {
            format!(
                "{change} is more than noise (the {level} interval is {bounds}), but within {threshold}"
            )
        } else {
            format!("{change} is within {threshold}, and so is the {level} interval {bounds}")
        };
        return Decision::new(Verdict::Unchanged, reason);
    }
    let why = if relevant {
        format!(
            "{change} exceeds {}, but noise explains it in {} (tolerated: {})",
            matter.exceeded(difference),
            chance(q_value),
            share(fdr)
        )
    } else {
        format!("{change}, but the {level} interval {bounds} reaches beyond {threshold}")
    };
    Decision {
        verdict: Verdict::Inconclusive,
        reasons: vec![
            why,
            format!(
                "the smallest change for the worse that these data could have shown is {}",
                unsigned(exp(matter.smallest_detectable()) - 1.0)
            ),
            matter.what_settles(),
        ],
    }
}

impl Matter<'_> {
    /// The change of the figures, candidate / baseline − 1.
    fn change(&self, difference: f64) -> String {
        percent(ratio(difference, self.better) - 1.0)
    }

    fn interval(&self, [low, high]: [f64; 2]) -> String {
        let [lower, upper] = change_interval([low, high], self.better);
        percent_interval(lower, upper)
    }

    /// What a relevant difference exceeds. A fall is held against the rise that undoes it.
    fn exceeded(&self, difference: f64) -> String {
        let (limit, fell) = if difference >= 0.0 {
            (self.relevance.worse, self.better == Direction::Higher)
        } else {
            (self.relevance.better, self.better == Direction::Lower)
        };
        let threshold = format!("the threshold of {}", share(exp(limit) - 1.0));
        if fell {
            let rise = unsigned(exp(difference.abs()) - 1.0);
            return format!("{threshold} (the baseline is {rise} above the candidate)");
        }
        threshold
    }

    /// The smallest change for the worse, in the logarithm, that would have been called a
    /// regression if it were the only one.
    pub(super) fn smallest_detectable(&self) -> f64 {
        smallest_detectable(&self.estimate.prediction, self.relevance, self.fdr, self.tests)
    }

    /// What would settle an inconclusive result.
    fn what_settles(&self) -> String {
        const MOST_ROUNDS: u32 = 20;
        let difference = self.estimate.difference;
        let settled = |prediction: &Prediction| {
            let [_, high] = prediction.interval(difference, self.confidence);
            let within = high <= self.relevance.worse && -difference <= self.relevance.better;
            let beyond = self.relevance.exceeded_by(difference);
            let p_value = self.fdr / self.tests.max(1) as f64;
            within || beyond && prediction.p_value(difference) <= p_value
        };
        let settles = |n: u32| settled(&self.estimate.predicted_with(n));
        // What so many rounds settle, more do too.
        let (mut too_few, mut enough) = (0, MOST_ROUNDS);
        let rounds = settles(MOST_ROUNDS).then(|| {
            while enough - too_few > 1 {
                let middle = u32::midpoint(too_few, enough);
                if settles(middle) { enough = middle } else { too_few = middle }
            }
            enough
        });
        match rounds {
            Some(1) => "one more round that agrees would settle it".to_owned(),
            Some(n) => format!("{n} more rounds that agree would settle it"),
            None if self.is_at_the_threshold() => {
                "more rounds will not settle it: it lies too near the threshold; another threshold \
                 would, or many more runs"
                    .to_owned()
            }
            None => {
                let floor = share(round_to_tenth(exp(self.estimate.noise_floor()) - 1.0));
                format!(
                    "more rounds will not settle it: runs of unchanged code differ by {floor} \
                     (one standard deviation); more runs in the history, a calmer machine or a \
                     threshold of its own would"
                )
            }
        }
    }
}

impl Matter<'_> {
    /// Whether the difference is nearer to the threshold than any number of rounds can tell.
    fn is_at_the_threshold(&self) -> bool {
        let difference = self.estimate.difference;
        let limit = if difference >= 0.0 { self.relevance.worse } else { self.relevance.better };
        (difference.abs() - limit).abs() < 2.0 * self.estimate.irreducible()
    }
}

/// The smallest difference for the worse, in the logarithm, that is relevant and would be
/// significant if no other of `tests` benchmarks were.
pub(super) fn smallest_detectable(
    prediction: &Prediction,
    relevance: Relevance,
    fdr: f64,
    tests: usize,
) -> f64 {
    prediction.smallest_significant(fdr / tests.max(1) as f64).max(relevance.worse)
}

/// Decides on counts that the same code repeats to the last digit: any change beyond the threshold
/// counts.
pub(super) fn decide_exact(
    baseline: f64,
    candidate: f64,
    limits: Limits,
    better: Direction,
) -> Decision {
    if baseline.to_bits() == candidate.to_bits() || baseline == 0.0 && candidate == 0.0 {
        return Decision::new(Verdict::Unchanged, "both values are the same");
    }
    let worse = (candidate > baseline) == (better == Direction::Lower);
    let threshold = if worse { limits.relative } else { Some(limits.improvement) };
    let (small, large) = (baseline.min(candidate), baseline.max(candidate));
    let distance = large - small;
    // From nothing to something is beyond every ratio.
    let beyond_relative = threshold.is_none_or(|t| small <= 0.0 || large / small > 1.0 + t.ratio());
    let beyond_absolute = limits.absolute.is_none_or(|absolute| distance > absolute);
    let change = if baseline > 0.0 {
        percent(candidate / baseline - 1.0)
    } else {
        format!("from {baseline} to {candidate}")
    };
    let limit = match (threshold, limits.absolute) {
        (Some(relative), Some(absolute)) => format!("the thresholds of {relative} and {absolute}"),
        (None, Some(absolute)) => format!("the threshold of {absolute}"),
        (relative, None) => format!("the threshold of {}", relative.unwrap_or_default()),
    };
    match (beyond_relative && beyond_absolute, worse) {
        (true, true) => Decision::new(
            Verdict::Regressed,
            format!("{change} exceeds {limit}; counts have no noise"),
        ),
        (true, false) => Decision::new(
            Verdict::Improved,
            format!("{change} exceeds {limit}; counts have no noise"),
        ),
        (false, _) => Decision::new(Verdict::Unchanged, format!("{change} is within {limit}")),
    }
}

/// Decides on figures of which one is 0 or below, so that there is no relative change.
pub(super) fn decide_not_positive(baseline: f64, candidate: f64) -> Decision {
    if baseline.to_bits() == candidate.to_bits() || baseline == 0.0 && candidate == 0.0 {
        return Decision::new(Verdict::Unchanged, "both values are the same");
    }
    Decision::new(
        Verdict::Inconclusive,
        "there is no relative change where a figure is 0 or below; measure something that is not",
    )
}

/// Decides on what one program measured twice. A difference is noise, unless it is relevant: then
/// something else than the code has changed.
pub(super) fn decide_identical(
    estimate: &Estimate,
    relevance: Relevance,
    better: Direction,
) -> Decision {
    let change = percent(ratio(estimate.difference, better) - 1.0);
    if estimate.difference > relevance.worse || -estimate.difference > relevance.better {
        return Decision::new(
            Verdict::Inconclusive,
            format!(
                "the same program made both, and yet it is {change}: not the code has changed, but \
                 what it was given, or the machine"
            ),
        );
    }
    Decision::new(
        Verdict::Unchanged,
        format!(
            "the same program made both: the difference of {change} is noise, and counted as such"
        ),
    )
}

/// What is said of a slower slow end.
pub(super) fn tail_reason(tail: Tail) -> String {
    format!(
        "tail slower: the slowest tenth of the values takes {} longer, in every round",
        unsigned(tail.change)
    )
}

/// What is said of a benchmark that is worse than the level that was accepted of it, in `unit`.
pub(super) fn drift_reason(drift: &Drift, unit: &Unit, confidence: f64) -> String {
    let [lower, upper] = drift.interval;
    format!(
        "drifted: {} against the accepted level of {}, and the {} interval is {}",
        percent(drift.change),
        quantity(drift.accepted, unit),
        share(confidence),
        percent_interval(lower, upper)
    )
}

/// Decides on a baseline that another machine measured: not at all.
pub(super) fn decide_other_machine() -> Decision {
    Decision {
        verdict: Verdict::Inconclusive,
        reasons: vec![
            "the baseline is from another machine: the difference may be the machine's".to_owned(),
            "measure the baseline on this machine, or allow it (--allow-different-machine)"
                .to_owned(),
        ],
    }
}

/// candidate / baseline of a difference to the worse.
pub(super) fn ratio(difference: f64, better: Direction) -> f64 {
    match better {
        Direction::Lower => exp(difference),
        Direction::Higher => exp(-difference),
    }
}

/// An interval of differences as one of changes of the figures.
pub(super) fn change_interval([low, high]: [f64; 2], better: Direction) -> [f64; 2] {
    match better {
        Direction::Lower => [exp(low) - 1.0, exp(high) - 1.0],
        Direction::Higher => [exp(-high) - 1.0, exp(-low) - 1.0],
    }
}

/// A probability for people: `about 1 in 300 cases`, `12 % of cases`.
fn chance(p: f64) -> String {
    if p >= 0.01 {
        return format!("{} of cases", share(round_to_tenth(p)));
    }
    if p < 1e-6 {
        return "fewer than 1 in a million cases".to_owned();
    }
    let digits = libm::floor(-libm::log10(p)).max(0.0);
    let unit = libm::pow(10.0, digits);
    format!("about 1 in {} cases", ((1.0 / p / unit).round() * unit).round())
}

/// The size of a change for the worse.
fn unsigned(change: f64) -> String {
    percent(change).trim_start_matches('+').to_owned()
}

fn round_to_tenth(ratio: f64) -> f64 {
    (ratio * 1000.0).round() / 1000.0
}
