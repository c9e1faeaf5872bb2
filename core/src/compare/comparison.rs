use serde::{Deserialize, Serialize};

use super::common_mode::CommonShift;
use super::policy::CommonMode;
use super::row::{Row, is_zero};
use super::{Policy, Side, Verdict};
use crate::model::Skipped;

/// What came of setting a candidate against a baseline: machine-readable as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// `driftline-comparison/1`.
    pub format: String,
    /// The version of the core that decided.
    pub core: String,
    /// By which policy.
    pub policy: PolicyUsed,
    /// The reference.
    pub baseline: SideUsed,
    /// What was judged against it.
    pub candidate: SideUsed,
    /// How many benchmarks came out which way.
    pub summary: Counts,
    /// What makes the whole comparison less certain, such as another machine.
    pub warnings: Vec<String>,
    /// A shift that most benchmarks have in common.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub common_shift: Option<CommonShift>,
    /// One row for each metric of each benchmark, by impact: regressed first, and within a verdict
    /// the largest change first.
    pub benchmarks: Vec<Row>,
    /// What could not be compared, and why.
    pub skipped: Vec<Skipped>,
}

/// The policy behind a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyUsed {
    /// The ratio of change that is relevant where no rule for the benchmark says otherwise.
    pub threshold: f64,
    /// The confidence of the intervals.
    pub confidence: f64,
    /// The false-discovery rate over the benchmarks.
    pub fdr: f64,
    /// What was made of a shift that the suite has in common.
    pub common_mode: CommonMode,
}

impl PolicyUsed {
    pub(super) fn of(policy: &Policy) -> Self {
        Self {
            threshold: policy.threshold.ratio(),
            confidence: policy.confidence.ratio(),
            fdr: policy.fdr.ratio(),
            common_mode: policy.common_mode,
        }
    }
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideUsed {
    /// A baseline's name, a run's id, a commit or a file.
    pub name: String,
    /// The ids of its runs, oldest first.
    pub runs: Vec<String>,
    /// The commit of its newest run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commit: Option<String>,
    /// The fingerprint of its newest run's machine.
    pub machine: String,
    /// The toolchain of its newest run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub toolchain: Option<String>,
}

impl SideUsed {
    pub(super) fn of(side: &Side<'_>) -> Self {
        let newest = side.runs.last();
        Self {
            name: side.name.clone(),
            runs: side.runs.iter().map(|run| run.id.to_string()).collect(),
            commit: newest.and_then(|run| run.commit.as_ref()).map(|commit| commit.id.clone()),
            machine: newest.map_or_else(|| "unknown".to_owned(), |run| run.machine_fingerprint()),
            toolchain: newest.and_then(|run| run.toolchain.clone()),
        }
    }
}

/// How many benchmarks came out which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// On both sides, and set against each other: what another machine measured is not.
    pub compared: usize,
    /// Worse, relevantly and significantly, and not accepted.
    pub regressed: usize,
    /// Better, relevantly and significantly.
    pub improved: usize,
    /// Not relevantly different.
    pub unchanged: usize,
    /// The data cannot tell, or are of another machine.
    pub inconclusive: usize,
    /// Only in the candidate.
    pub new: usize,
    /// Only in the baseline.
    pub gone: usize,
    /// Could not be compared, or gave no measurement.
    pub skipped: usize,
    /// Of the compared ones: not regressed as a whole, but with a slower slow end.
    #[serde(default)]
    pub tail_slower: usize,
    /// Of the compared ones: not regressed against the baseline, but worse than the accepted level,
    /// relevantly and significantly.
    #[serde(default)]
    pub drifted: usize,
    /// Of the compared ones: regressed or drifted, and accepted on purpose. Neither of those counts
    /// has them.
    #[serde(skip_serializing_if = "is_zero", default)]
    pub accepted: usize,
}

impl Counts {
    /// Those of these rows and of what was skipped.
    pub fn of(rows: &[Row], skipped: &[Skipped]) -> Self {
        let mut counts = Self { skipped: skipped.len(), ..Self::default() };
        for row in rows {
            let accepted = row.is_accepted();
            counts.accepted += usize::from(accepted);
            let one_side = matches!(row.verdict, Verdict::New | Verdict::Gone);
            counts.compared += usize::from(!one_side && !row.other_machine);
            counts.tail_slower += usize::from(row.is_tail_slower());
            counts.drifted += usize::from(row.is_drifted() && !accepted);
            let count = match row.verdict {
                Verdict::Regressed if accepted => continue,
                Verdict::Regressed => &mut counts.regressed,
                Verdict::Improved => &mut counts.improved,
                Verdict::Unchanged => &mut counts.unchanged,
                Verdict::Inconclusive => &mut counts.inconclusive,
                Verdict::New => &mut counts.new,
                Verdict::Gone => &mut counts.gone,
            };
            *count += 1;
        }
        counts
    }

    /// Whether anything is worse than it may be: regressed, or drifted away from what was accepted,
    /// and not accepted.
    pub fn any_regression(&self) -> bool {
        self.regressed + self.drifted > 0
    }
}
