use serde::{Deserialize, Serialize};

use super::Verdict;
use super::acceptance::{AcceptanceState, RowAcceptance};
use super::statistic::Statistic;
use super::tail::Tail;
use crate::model::{Direction, Round};
use crate::stats::{mean, median_of};

/// What became of one metric of one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    /// The benchmark.
    pub id: String,
    /// The metric.
    pub metric: String,
    /// The unit of every figure.
    pub unit: String,
    /// Which way it is better.
    pub better: Direction,
    /// Which figure of the launches is compared.
    pub statistic: Option<Statistic>,
    /// The baseline's level: where its undisturbed launches agree.
    pub baseline: Option<f64>,
    /// The candidate's.
    pub candidate: Option<f64>,
    /// candidate / baseline − 1.
    pub change: Option<f64>,
    /// The interval of the change.
    pub interval: Option<[f64; 2]>,
    /// How much runs of unchanged code differ: one standard deviation, as a ratio.
    pub noise_floor: Option<f64>,
    /// Whether nothing is known of that, of this benchmark or of another: then it is what is usual.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub noise_assumed: bool,
    /// By what ratio the baseline's figure changes from run to run, where its earlier runs follow a
    /// line: that is no noise, and the newest end of the line is the baseline's level.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub trend: Option<f64>,
    /// How many earlier runs, which are on neither side, that rests on as well.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub history_runs: usize,
    /// The smallest change for the worse that this data could have shown, as a ratio.
    pub smallest_detectable: Option<f64>,
    /// How often unchanged code would look at least this different.
    pub p_value: Option<f64>,
    /// The same, controlled for how many benchmarks were compared (Benjamini–Hochberg).
    pub q_value: Option<f64>,
    /// The ratio by which it must be worse to have changed relevantly.
    pub threshold: f64,
    /// The ratio by which it must be better to have changed relevantly, where levels are compared.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub improvement_threshold: Option<f64>,
    /// The absolute change it must exceed, in its unit; as well as the relative threshold, where
    /// there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub absolute_threshold: Option<f64>,
    /// The relative one beside it, as a ratio: without it, the absolute one alone counts.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub relative_threshold: Option<f64>,
    /// What follows.
    pub verdict: Verdict,
    /// Why, in sentences.
    pub reasons: Vec<String>,
    /// What became of the slow end of its values, where the launches know it.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub tail: Option<Tail>,
    /// How it stands against the accepted level, where there is one.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub drift: Option<Drift>,
    /// What was accepted of it on purpose, where it is worse than it may be.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub acceptance: Option<RowAcceptance>,
    /// Whether it was not judged because its baseline is of another machine.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub other_machine: bool,
    /// Whether the same program made both sides.
    #[serde(skip_serializing_if = "std::ops::Not::not", default)]
    pub identical: bool,
    /// What is known of the baseline beside its level.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub baseline_figures: Option<Figures>,
    /// What is known of the candidate beside its level.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub candidate_figures: Option<Figures>,
}

impl Row {
    /// Whether only its slow end is slower: it has not regressed as a whole.
    pub fn is_tail_slower(&self) -> bool {
        self.verdict != Verdict::Regressed && self.tail.is_some_and(|tail| tail.slower)
    }

    /// Whether it is worse than the level that was accepted, relevantly and significantly, although
    /// it has not regressed since the baseline.
    pub fn is_drifted(&self) -> bool {
        self.verdict != Verdict::Regressed
            && self.drift.as_ref().is_some_and(|drift| drift.verdict == Verdict::Regressed)
    }

    /// Whether it is worse than it may be, and that is accepted.
    pub fn is_accepted(&self) -> bool {
        let state = self.acceptance.as_ref().map(|acceptance| acceptance.state);
        state == Some(AcceptanceState::Accepted)
    }

    /// Whether it lets a comparison fail: regressed or drifted, and not accepted.
    pub fn is_failing(&self) -> bool {
        (self.verdict == Verdict::Regressed || self.is_drifted()) && !self.is_accepted()
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
pub(super) fn is_zero(count: &usize) -> bool {
    *count == 0
}

/// What is known of one side beside its level: the figures that people are used to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Figures {
    /// How many runs it pools.
    pub runs: usize,
    /// In how many launches it was measured.
    pub rounds: usize,
    /// How many values those have in all.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub n: Option<u64>,
    /// The median of the launches' medians.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub median: Option<f64>,
    /// The mean over the launches.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub mean: Option<f64>,
    /// The compared figure of each launch, oldest first: of the newest 30.
    pub launches: Vec<f64>,
}

/// How a benchmark stands against the level that was accepted: many small steps add up to a large
/// one that no comparison with the latest run shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drift {
    /// The accepted level.
    pub accepted: f64,
    /// The best level since then.
    pub best: f64,
    /// candidate / accepted − 1.
    pub change: f64,
    /// The interval of that change.
    pub interval: [f64; 2],
    /// Judged like any change, by the same threshold.
    pub verdict: Verdict,
}

impl Figures {
    /// `None` for no launches.
    pub(super) fn of(rounds: &[&Round], runs: usize, statistic: Option<Statistic>) -> Option<Self> {
        const LAUNCHES: usize = 30;
        if rounds.is_empty() {
            return None;
        }
        let all = |figure: fn(&Round) -> Option<f64>| -> Option<Vec<f64>> {
            rounds.iter().map(|round| figure(round)).collect()
        };
        let newest = rounds.get(rounds.len().saturating_sub(LAUNCHES)..).unwrap_or(rounds);
        let shown = statistic.unwrap_or(Statistic::Median);
        Some(Self {
            runs,
            rounds: rounds.len(),
            n: rounds.iter().map(|round| round.n()).sum(),
            median: all(Round::median).and_then(|mut medians| median_of(&mut medians)),
            mean: all(Round::mean).and_then(|means| mean(&means)),
            launches: newest.iter().filter_map(|round| shown.figure(round)).collect(),
        })
    }
}
