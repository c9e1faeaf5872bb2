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
use super::exact::ExactCounts;
use super::limits::Limits;
use super::prediction::Prediction;
use super::reasons::{chance, counted, round_to_tenth, unsigned};
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
    /// What sets the former, and the latter.
    set_by: [SetBy; 2],
}

/// What sets a limit: a share, or an amount in the metric's own unit.
#[derive(Debug, Clone, Copy, PartialEq)]
enum SetBy {
    Ratio(f64),
    Amount(f64),
}

impl SetBy {
    fn text(self, unit: &Unit) -> String {
        match self {
            Self::Ratio(ratio) => share(ratio),
            Self::Amount(amount) => quantity(amount, unit),
        }
    }
}

impl Relevance {
    /// The limits of a benchmark whose baseline is at `baseline`, in the metric's unit, above 0.
    pub(super) fn of(limits: Limits, baseline: f64, better: Direction) -> Self {
        let (up, down) = limits.absolute.map_or((0.0, 0.0), |absolute| {
            let share = absolute / baseline;
            // Beyond all of the baseline there is nothing to fall.
            (log1p(share), if share < 1.0 { -log1p(-share) } else { f64::INFINITY })
        });
        let (worse, for_better) = match better {
            Direction::Lower => (up, down),
            Direction::Higher => (down, up),
        };
        let of = |ratio: f64, by_amount: f64| match limits.absolute {
            Some(amount) if by_amount > log1p(ratio) => (by_amount, SetBy::Amount(amount)),
            _ => (log1p(ratio), SetBy::Ratio(ratio)),
        };
        let relative = limits.relative.map_or(0.0, super::limits::Threshold::ratio);
        let (worse, of_worse) = of(relative, worse);
        let (better, of_better) = of(limits.improvement.ratio(), for_better);
        Self { worse, better, set_by: [of_worse, of_better] }
    }

    /// Whether a difference to the worse (or, below 0, to the better) is relevant. Exactly the
    /// threshold is not; logarithms round, so what is within a billionth of it counts as exactly it.
    fn exceeded_by(self, difference: f64) -> bool {
        const ROUNDING: f64 = 1e-9;
        difference.abs() > self.limit(difference) + ROUNDING
    }

    /// The limit in the direction of a difference.
    fn limit(self, difference: f64) -> f64 {
        if difference >= 0.0 { self.worse } else { self.better }
    }

    /// The threshold in the direction of a difference, in words.
    fn text(self, difference: f64, unit: &Unit) -> String {
        let [worse, better] = self.set_by;
        let set_by = if difference >= 0.0 { worse } else { better };
        let own = if difference < 0.0 && worse != better { " for the better" } else { "" };
        format!("the threshold of {}{own}", set_by.text(unit))
    }
}

/// What is decided upon.
#[derive(Debug, Clone, Copy)]
pub(super) struct Matter<'a> {
    pub(super) estimate: &'a Estimate,
    pub(super) relevance: Relevance,
    pub(super) better: Direction,
    pub(super) unit: &'a Unit,
    /// The interval of the difference, at `confidence`.
    pub(super) interval: [f64; 2],
    /// How often noise explains the difference, and the same controlled over all benchmarks, which
    /// must not exceed `fdr`.
    pub(super) p_value: f64,
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
    let relevant = relevance.exceeded_by(difference);
    let crossing = estimate.crossing.is_too_many();
    if relevant && significant && !crossing {
        let verdict = if difference > 0.0 { Verdict::Regressed } else { Verdict::Improved };
        return Decision::new(
            verdict,
            format!(
                "{change} exceeds {}; noise explains it in {}, and the {level} interval is {bounds}",
                matter.exceeded(difference),
                matter.chance()
            ),
        );
    }
    let threshold = relevance.text(difference, matter.unit);
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
    let why = if relevant && significant {
        format!("{change} exceeds {}, but {}", matter.exceeded(difference), matter.crossing())
    } else if relevant {
        format!(
            "{change} exceeds {}, but noise explains it in {} (tolerated: {})",
            matter.exceeded(difference),
            matter.chance(),
            share(fdr)
        )
    } else {
        let beyond = relevance.text(1.0, matter.unit);
        format!("{change}, but the {level} interval {bounds} reaches beyond {beyond}")
    };
    let mut reasons = vec![why];
    reasons.extend(matter.mode());
    // Data that contradict themselves show nothing.
    if !crossing {
        reasons.push(format!(
            "the smallest change for the worse that these data could have shown is {}",
            unsigned(exp(matter.smallest_detectable()) - 1.0)
        ));
    }
    reasons.push(matter.what_settles());
    Decision { verdict: Verdict::Inconclusive, reasons }
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

    /// How often noise explains the difference, before and after the control over all benchmarks.
    fn chance(&self) -> String {
        let alone = chance(self.p_value);
        if self.tests < 2 {
            return alone;
        }
        let corrected = chance(self.q_value);
        if corrected == alone {
            return format!("{alone}, corrected for {} benchmarks", self.tests);
        }
        format!("{alone} (corrected for {} benchmarks: {corrected})", self.tests)
    }

    /// How many launches contradict the difference.
    fn crossing(&self) -> String {
        let good = if self.unit.is_time() { "as fast" } else { "as good" };
        let (side, other) = match self.estimate.difference {
            d if d >= 0.0 => ("", "baseline"),
            _ => (" of the baseline", "candidate"),
        };
        let count = self.estimate.crossing;
        let were = if count.launches == 1 { "was" } else { "were" };
        format!(
            "{} of {}{side} {were} {good} as the {other}",
            count.launches,
            counted(count.of, "launch")
        )
    }

    /// That earlier launches were at the candidate's level too, where that weighs in the decision.
    fn mode(&self) -> Option<String> {
        let mode = self.estimate.prediction.mode;
        let weighs =
            mode.is_known() && 2.0 * mode.probability > self.fdr / self.tests.max(1) as f64;
        weighs.then(|| {
            let (launches, of) = mode.earlier;
            format!(
                "{launches} of {of} earlier launches of unchanged code were at this level too: it \
                 may be a slower mode, and no slower code"
            )
        })
    }

    /// What a relevant difference exceeds. A fall is held against the rise that undoes it.
    fn exceeded(&self, difference: f64) -> String {
        let threshold = self.relevance.text(difference, self.unit);
        if (difference >= 0.0) == (self.better == Direction::Higher) {
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
        if self.estimate.crossing.is_too_many() && difference < 0.0 && self.is_relevant() {
            return "more rounds will not settle it: the baseline itself is at two levels; a new \
                    baseline would, or more runs in the history"
                .to_owned();
        }
        let settled = |more: u32| {
            let prediction = self.estimate.predicted_with(more);
            // The interval's upper end is within the threshold.
            let room = self.relevance.worse - difference;
            let within = room >= 0.0
                && prediction.better_by(room) <= (1.0 - self.confidence) / 2.0
                && -difference <= self.relevance.better;
            let agree = !self.estimate.crossing.with(more).is_too_many();
            let p_value = self.fdr / self.tests.max(1) as f64;
            within || self.is_relevant() && agree && prediction.p_value(difference) <= p_value
        };
        // What so many rounds settle, more do too.
        let (mut too_few, mut enough) = (0, MOST_ROUNDS);
        let rounds = settled(MOST_ROUNDS).then(|| {
            while enough - too_few > 1 {
                let middle = u32::midpoint(too_few, enough);
                if settled(middle) { enough = middle } else { too_few = middle }
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
                let differ = if self.estimate.is_noise_assumed() {
                    "are assumed to differ"
                } else {
                    "differ"
                };
                let floor = share(round_to_tenth(exp(self.estimate.noise_floor()) - 1.0));
                format!(
                    "more rounds will not settle it: runs of unchanged code {differ} by {floor} \
                     (one standard deviation); more runs in the history, a calmer machine or a \
                     threshold of its own would"
                )
            }
        }
    }

    fn is_relevant(&self) -> bool {
        self.relevance.exceeded_by(self.estimate.difference)
    }

    /// Whether the difference is nearer to the threshold than any number of rounds can tell.
    fn is_at_the_threshold(&self) -> bool {
        let difference = self.estimate.difference;
        let limit = self.relevance.limit(difference);
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

/// Decides on counts, which the same code repeats to the last digit: any change beyond the threshold
/// counts. Where the rounds disagree and the threshold lies between them, nobody knows which is right.
pub(super) fn decide_exact(
    counts: ExactCounts,
    limits: Limits,
    better: Direction,
    unit: &Unit,
) -> Decision {
    let of = |(before, after)| decide_count(before, after, limits, better, unit);
    let [one, other] = counts.extremes().map(of);
    let mut nearest = of((counts.baseline, counts.candidate));
    let disagreement = counts.disagreement();
    if one.verdict != other.verdict {
        nearest.verdict = Verdict::Inconclusive;
        let reason = "some are beyond the threshold and some are not; counts that vary are no counts: \
                      see what the benchmark does differently, or measure something else";
        nearest.reasons = disagreement.into_iter().chain([reason.to_owned()]).collect();
        return nearest;
    }
    nearest.reasons.extend(disagreement);
    nearest
}

fn decide_count(
    baseline: f64,
    candidate: f64,
    limits: Limits,
    better: Direction,
    unit: &Unit,
) -> Decision {
    if baseline.to_bits() == candidate.to_bits() || baseline == 0.0 && candidate == 0.0 {
        return Decision::new(Verdict::Unchanged, "both values are the same");
    }
    let worse = (candidate > baseline) == (better == Direction::Lower);
    // Without a relative threshold, one of 0 for the better is none either.
    let improvement =
        Some(limits.improvement).filter(|limit| limits.relative.is_some() || limit.ratio() > 0.0);
    let threshold = if worse { limits.relative } else { improvement };
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
    let limit = match (threshold, limits.absolute.map(|absolute| quantity(absolute, unit))) {
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

/// Decides on what the baseline has no usable value of.
pub(super) fn decide_unusable(reason: &str) -> Decision {
    Decision::new(
        Verdict::Inconclusive,
        format!("the baseline's value could not be used: {reason}"),
    )
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
