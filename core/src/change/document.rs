use serde::{Deserialize, Serialize};

use super::Segment;
use crate::model::{BenchmarkId, Direction, Skipped};

/// All change points of a history: what `driftline changes --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Changes {
    /// `driftline-changes/1`.
    pub format: &'static str,
    /// The version of the core that found them.
    pub core: &'static str,
    /// The share of false ones among all that are listed, at most.
    pub false_discovery_rate: f64,
    /// How many runs.
    pub runs: usize,
    /// How many of each.
    pub summary: ChangeCounts,
    /// What happened, by commit, oldest first.
    pub events: Vec<Event>,
    /// Each benchmark's metric on each machine.
    pub series: Vec<SeriesChanges>,
    /// What was left out, and why.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
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
    /// How many runs measured it.
    pub points: usize,
    /// What each of them measured; not written.
    #[serde(skip)]
    pub values: Vec<f64>,
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
    /// How many commits that is, where commits know their order; 0 when nothing but the machine can
    /// have changed.
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
    /// How often unchanged code shows as much.
    pub p_value: f64,
    /// The smallest share of false ones among those listed at which it would be listed.
    pub q_value: f64,
    /// Whether the series is still at the new level.
    pub holds: bool,
    /// The run since which it is not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recovered: Option<String>,
    /// How many more runs will settle it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settled_in: Option<usize>,
    /// Why it was acknowledged.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acknowledged: Option<String>,
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
    /// The commit of the surest of them.
    pub commit: Option<String>,
    /// The first line of its message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// Its run.
    pub run: String,
    /// The candidates of the surest, as of a change point.
    pub candidates: [Option<String>; 2],
    /// The last commit that is not in question.
    pub last_before: Option<String>,
    /// How many commits are in question, as of a change point.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
    /// How many got worse.
    pub regressions: usize,
    /// How many got better.
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
    /// By how much it changed.
    pub change: Option<f64>,
    /// What that means.
    pub effect: Effect,
    /// Whether it is settled.
    pub state: State,
    /// Whether it is still so.
    pub holds: bool,
}

/// A change that people know of and live with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// The commit, or the first characters of its id; any candidate of a change point will do.
    pub commit: String,
    /// The benchmarks it holds for: `*` stands for any characters, `?` for one.
    #[serde(default = "any", skip_serializing_if = "is_any")]
    pub benchmark: String,
    /// Why.
    #[serde(default)]
    pub reason: String,
}

fn any() -> String {
    "*".to_owned()
}

fn is_any(pattern: &str) -> bool {
    pattern == "*"
}

impl Acknowledgement {
    /// Whether it holds for a change of this benchmark at one of these commits.
    pub(super) fn holds_for(&self, id: &BenchmarkId, commits: &[&str]) -> bool {
        !self.commit.is_empty()
            && commits.iter().any(|commit| commit.starts_with(&self.commit))
            && id.matches(&self.benchmark)
    }
}

impl Changes {
    /// These without the change points that are acknowledged.
    #[must_use]
    pub fn without_acknowledged(self) -> Self {
        self.retaining(|change| change.acknowledged.is_none())
    }

    /// These with the series of some benchmarks only. What is false among them was judged over all.
    #[must_use]
    pub fn of_benchmarks(self, wanted: &dyn Fn(&str) -> bool) -> Self {
        self.of_series(&|series| wanted(&series.id))
    }

    /// These with some series only. What is false among them was judged over all.
    #[must_use]
    pub fn of_series(mut self, wanted: &dyn Fn(&SeriesChanges) -> bool) -> Self {
        let mut places = vec![None; self.series.len()];
        let mut kept = 0;
        for (series, place) in self.series.iter().zip(&mut places) {
            if wanted(series) {
                *place = Some(kept);
                kept += 1;
            }
        }
        self.series.retain(|series| wanted(series));
        for event in &mut self.events {
            event.members.retain_mut(|member| {
                let place = places.get(member.series).copied().flatten();
                member.series = place.unwrap_or_default();
                place.is_some()
            });
        }
        self.recounted()
    }

    /// These with the change points only that pass.
    #[must_use]
    pub fn retaining(mut self, wanted: impl Fn(&ChangePoint) -> bool) -> Self {
        let places: Vec<Vec<Option<usize>>> = self
            .series
            .iter_mut()
            .map(|series| {
                let mut kept = 0;
                let places = series.change_points.iter().map(|change| {
                    let place = wanted(change).then_some(kept);
                    kept += usize::from(place.is_some());
                    place
                });
                let places = places.collect();
                series.change_points.retain(&wanted);
                places
            })
            .collect();
        for event in &mut self.events {
            event.members.retain_mut(|member| {
                let place = places
                    .get(member.series)
                    .and_then(|places| places.get(member.change_point).copied().flatten());
                member.change_point = place.unwrap_or_default();
                place.is_some()
            });
        }
        self.recounted()
    }

    /// Empty events removed, and everything counted anew.
    pub(super) fn recounted(mut self) -> Self {
        self.events.retain(|event| !event.members.is_empty());
        self.events.iter_mut().for_each(Event::recount);
        let changes = || self.series.iter().flat_map(|series| &series.change_points);
        let settled =
            |effect| changes().filter(|c| c.state == State::Settled && c.effect == effect).count();
        self.summary = ChangeCounts {
            series: self.series.len(),
            events: self.events.len(),
            regressions: settled(Effect::Regression),
            improvements: settled(Effect::Improvement),
            probable: changes().filter(|c| c.state == State::Probable).count(),
            drifting: self.series.iter().filter(|series| series.drift.is_some()).count(),
            acknowledged: changes().filter(|c| c.acknowledged.is_some()).count(),
        };
        self
    }
}
