use serde::{Deserialize, Serialize};

use super::RunId;

/// What was decided of a run when it was recorded, and on what grounds: enough to decide anew from
/// the same runs, and to see whether that agrees.
///
/// A record of what some version of the core said, in its words: policy and verdicts are kept as they
/// were written, so that a run stays readable whatever later versions may say.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Judgement {
    /// The version of the core that decided.
    pub core: String,
    /// By which policy, as `driftline.toml` would say it.
    pub policy: serde_json::Value,
    /// What the run was compared with: a baseline's name, or `history`.
    pub baseline: String,
    /// The runs of that baseline, oldest first.
    pub runs: Vec<RunId>,
    /// The earlier runs that told how much unchanged code moves, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub history: Vec<RunId>,
    /// What became of each metric of each benchmark.
    pub verdicts: Vec<RecordedVerdict>,
}

/// What became of one metric of one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedVerdict {
    /// The benchmark.
    pub id: String,
    /// The metric.
    pub metric: String,
    /// The word, such as `regressed`.
    pub verdict: String,
    /// candidate / baseline − 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change: Option<f64>,
    /// Whether it was worse than the level that was accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub drifted: bool,
    /// What was accepted of it, where it was worse than it may be and that fails nothing: then the run's
    /// level is the accepted one from then on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<RecordedAcceptance>,
    /// The run at which a level of it was accepted: of the earlier runs those since then counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_from: Option<RunId>,
}

/// Why a regression was accepted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RecordedAcceptance {
    /// The reason that was given.
    pub reason: String,
    /// Where that was written.
    pub source: String,
}
