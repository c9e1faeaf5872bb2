use serde::Serialize;

use super::Segment;
use super::axis::Axis;
use crate::compare::Statistic;
use crate::model::Direction;

/// All change points of a history: what `driftline changes --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// `driftline-changes/1`.
    pub format: &'static str,
    /// The version of the core that found them.
    pub core: &'static str,
    /// The share of false ones among the settled change points and the drifts that are listed, at
    /// most.
    pub false_discovery_rate: f64,
    /// The same among the probable ones.
    pub probable_false_discovery_rate: f64,
    /// Among how many that was controlled, before anything was chosen from them.
    pub judged: Judged,
    /// How many runs were looked at.
    pub runs: usize,
    /// How many of each.
    pub summary: ChangeCounts,
    /// What happened, by commit, oldest first.
    pub events: Vec<Event>,
    /// Each benchmark's metric on each machine.
    pub series: Vec<SeriesChanges>,
    /// What was left out, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<LeftOut>,
    /// What makes all of this doubtful, and acknowledgements that stand for nothing.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<String>,
    /// The commits that all series share; not written.
    #[serde(skip)]
    pub(super) axis: Axis,
}

/// What the share of false ones was controlled over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Judged {
    /// How many series.
    pub series: usize,
    /// How many change points of them are listed.
    pub change_points: usize,
    /// How many drifts.
    pub drifts: usize,
}

/// What was left out: runs, or values of a benchmark.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LeftOut {
    /// `12 runs`, or the benchmark.
    pub name: String,
    /// How many.
    pub count: usize,
    /// Why.
    pub reason: String,
}

/// How many of each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangeCounts {
    /// Series looked at.
    pub series: usize,
    /// Events.
    pub events: usize,
    /// Settled change points for the worse.
    pub regressions: usize,
    /// Settled change points for the better.
    pub improvements: usize,
    /// Change points at the end of their series that are not settled yet.
    pub probable: usize,
    /// Series that drift.
    pub drifting: usize,
    /// Change points that are acknowledged, among all of the above.
    pub acknowledged: usize,
}

/// One benchmark's metric on one machine, over the runs that measured it.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SeriesChanges {
    /// The benchmark.
    pub id: String,
    /// What is measured of it.
    pub metric: String,
    /// The unit of every level.
    pub unit: String,
    /// Which way it is better.
    pub better: Direction,
    /// The fingerprint of the machine.
    pub machine: String,
    /// Which figure of a run is looked at: the one that verdicts compare. Missing where some runs know
    /// only a median and others only a mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub statistic: Option<Statistic>,
    /// How many runs measured it.
    pub points: usize,
    /// That figure of each of them; not written.
    #[serde(skip)]
    pub values: Vec<f64>,
    /// The first and the newest of these runs; not written.
    #[serde(skip)]
    pub ends: Option<[Occasion; 2]>,
    /// The standard deviation between runs of unchanged code: relative where all values are above 0,
    /// else in the unit.
    pub noise: f64,
    /// The stretches between settled change points.
    pub segments: Vec<Segment>,
    /// Where it shifted, oldest first.
    pub change_points: Vec<ChangePoint>,
    /// A slow drift without a step.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drift: Option<Drift>,
}

/// When a run was, for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Occasion {
    /// The run's id.
    pub run: String,
    /// Its commit.
    pub commit: Option<String>,
    /// The day it was made on, `2026-01-31`.
    pub day: Option<String>,
}

/// Whether a change is certain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum State {
    /// Enough runs follow.
    Settled,
    /// So the newest runs say; a few more will settle it.
    Probable,
}

/// What a change means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Effect {
    /// Worse, by the metric's direction.
    Regression,
    /// Better.
    Improvement,
}

/// A run at which a series shifted.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ChangePoint {
    /// The 0-based position in the series of the first run after the shift.
    pub index: usize,
    /// That run.
    pub run: String,
    /// Its commit.
    pub commit: Option<String>,
    /// Whether it is settled.
    pub state: State,
    /// What it means.
    pub effect: Effect,
    /// The commits of the first and of the last run that may be the first after the shift, with at
    /// least 95 % confidence.
    pub candidates: [Option<String>; 2],
    /// The positions of these two runs in the series.
    pub candidate_indices: [usize; 2],
    /// The commit of the run before them, the last that is not in question: whatever lies between it
    /// and the last candidate is in question, measured or not.
    pub last_before: Option<String>,
    /// How many commits that is, where commits know their order and it does not run backwards; 0 where
    /// it is a single commit that is on both sides: the code has not changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
    /// The level before.
    pub before: f64,
    /// The level after.
    pub after: f64,
    /// after / before − 1, where both are above 0.
    pub change: Option<f64>,
    /// Its 95 % interval.
    pub interval: Option<[f64; 2]>,
    /// How often unchanged code shows as much somewhere in such a series: of a settled change by a test
    /// that knows that the place was chosen for its size, raised to a power below 1, because far out it
    /// is too small where the noise varies, and never below the suspicion that a slow drift looks like
    /// a step; of a probable one by the newest runs alone, with the choice among their splits counted.
    pub p_value: f64,
    /// The smallest share of false ones among those listed at which it would be listed, over all
    /// series and apart for settled and probable ones (Benjamini & Hochberg).
    pub q_value: f64,
    /// Whether less than three quarters of it were undone, as far as that is settled.
    pub holds: bool,
    /// The run of the settled change by which at least three quarters of it were undone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered: Option<String>,
    /// The same of a change that is only probable.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub perhaps_recovered: Option<String>,
    /// How much of it came back, where that is a quarter or more but not three quarters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partly_recovered: Option<PartialReturn>,
    /// How many more runs will settle it, unless it has lasted long enough and is too weak yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_in: Option<usize>,
    /// What else changed at this run; where nothing did, at other candidates.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circumstances: Vec<Circumstance>,
    /// Why it was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
    /// Where it is among the commits of all series; not written.
    #[serde(skip)]
    pub(super) extent: Extent,
}

/// Where a change is on the axis that all series share.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Extent {
    /// Where its commit is.
    pub at: usize,
    /// Where the first and the last commit in question are.
    pub candidates: [usize; 2],
}

/// How much of a change came back.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PartialReturn {
    /// The run of the settled change by which it did.
    pub run: String,
    /// Which share.
    pub share: f64,
}

/// Something else than the code that changed from one run of a series to the next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Circumstance {
    /// `toolchain`, `driftline`, `rounds` or `arguments`.
    pub what: String,
    /// What it was.
    pub before: String,
    /// What it became.
    pub after: String,
    /// At which run.
    pub run: String,
}

/// A slow drift up to the newest run.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Drift {
    /// The position in the series from which it drifts.
    pub index: usize,
    /// That run.
    pub run: String,
    /// What it means.
    pub effect: Effect,
    /// How much it has drifted since: relative where all values are above 0, else in the unit.
    pub total: f64,
    /// How much in a week, where the runs know their times; as `total`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub per_week: Option<f64>,
    /// Over how many weeks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weeks: Option<f64>,
    /// How much from one run to the next; as `total`.
    pub per_run: f64,
    /// Whether these are relative.
    pub relative: bool,
    /// How often values that do not drift show as much.
    pub p_value: f64,
    /// The same among all series.
    pub q_value: f64,
}

/// Change points of one commit.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Event {
    /// The commit that most of them can be of, and the surest of those agree on.
    pub commit: Option<String>,
    /// The first line of its message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its run.
    pub run: String,
    /// The first and the last commit that all of them can be of, but for as many as miss the true
    /// commit by chance; the candidates of the surest where there is no such commit.
    pub candidates: [Option<String>; 2],
    /// The last commit that is not in question.
    pub last_before: Option<String>,
    /// How many commits are in question, as of a change point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
    /// What else changed at its run, as of the surest change point.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub circumstances: Vec<Circumstance>,
    /// How many benchmarks got worse.
    pub regressions: usize,
    /// How many benchmarks got better.
    pub improvements: usize,
    /// The median of the changes for the worse; of those for the better where none is worse.
    pub median_change: Option<f64>,
    /// Whether any of them is settled.
    pub state: State,
    /// The largest change first.
    pub members: Vec<EventMember>,
    /// Why it was acknowledged, where all of them are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
}

/// Which change point belongs to an event.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct EventMember {
    /// The position of its series in `series`.
    pub series: usize,
    /// Its position in the `change_points` of that series.
    pub change_point: usize,
    /// The benchmark.
    pub id: String,
    /// What is measured of it.
    pub metric: String,
    /// On which machine.
    pub machine: String,
    /// By how much it changed.
    pub change: Option<f64>,
    /// What that means.
    pub effect: Effect,
    /// Whether it is settled.
    pub state: State,
    /// Whether it is still so, as of its change point.
    pub holds: bool,
}
