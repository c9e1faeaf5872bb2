use serde::{Deserialize, Serialize};

use super::axis::Axis;
use super::document::{ChangePoint, Extent};
use crate::model::BenchmarkId;

/// Fewer characters than this do not stand for a commit's id.
const SHORTEST: usize = 4;

/// A change that people know of and live with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Acknowledgement {
    /// The commit that made it: its id or at least the first four characters of it, in any case; or a
    /// run's id. Any commit that may have made the change will do.
    pub commit: String,
    /// The full id of that commit, where `commit` is another name of it, such as a tag.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its first-parent position, by which a commit that was never measured is found among those in
    /// question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order: Option<u64>,
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

/// Where an acknowledged commit is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whereabouts {
    /// On the axis.
    Measured(usize),
    /// At a first-parent position.
    Position(u64),
}

impl Acknowledgement {
    /// Whether a commit or a run of this id is meant.
    pub fn means(&self, id: &str) -> bool {
        let name = self.id.as_deref().unwrap_or(&self.commit).trim().to_ascii_lowercase();
        let id = id.to_ascii_lowercase();
        id == name || name.len() >= SHORTEST && id.starts_with(&name)
    }

    fn whereabouts(&self, axis: &Axis) -> Vec<Whereabouts> {
        let measured: Vec<Whereabouts> = axis
            .places
            .iter()
            .enumerate()
            .filter(|(_, place)| {
                place.commit.as_deref().is_some_and(|id| self.means(id))
                    || place.runs.iter().any(|run| run.trim() == self.commit.trim())
            })
            .map(|(at, _)| Whereabouts::Measured(at))
            .collect();
        if measured.is_empty() {
            return self.order.map(Whereabouts::Position).into_iter().collect();
        }
        measured
    }
}

/// Acknowledgements with where each of them is.
pub(super) struct Known<'a>(Vec<(&'a Acknowledgement, Vec<Whereabouts>)>);

impl<'a> Known<'a> {
    pub(super) fn of(all: &'a [Acknowledgement], axis: &Axis) -> Self {
        Self(all.iter().map(|known| (known, known.whereabouts(axis))).collect())
    }

    /// Marks the changes of one series that are acknowledged: by each acknowledgement the one that it
    /// is nearest to of those that its commit may have made, of equally near ones the one of fewest
    /// candidates, so that a wide one beside it stays. Which acknowledgements were used.
    pub(super) fn mark(
        &self,
        benchmark: &BenchmarkId,
        changes: &mut [ChangePoint],
        axis: &Axis,
    ) -> Vec<bool> {
        let mut used = Vec::with_capacity(self.0.len());
        for (known, places) in &self.0 {
            let nearest = changes
                .iter_mut()
                .filter(|_| benchmark.matches(&known.benchmark))
                .filter_map(|change| {
                    let far = places.iter().filter_map(|at| distance(*at, change.extent, axis));
                    let [first, last] = change.extent.candidates;
                    Some(((far.min()?, last - first, first), change))
                })
                .min_by_key(|(distance, _)| *distance);
            used.push(nearest.is_some());
            if let Some((_, change)) = nearest {
                change.acknowledged.get_or_insert_with(|| known.reason.clone());
            }
        }
        used
    }

    /// What those say that no series used.
    pub(super) fn unused(&self, used: &[bool]) -> Vec<String> {
        let unused =
            self.0.iter().zip(used).filter(|(_, used)| !**used).map(|((known, _), _)| known);
        unused
            .map(|known| {
                let of = if is_any(&known.benchmark) {
                    String::new()
                } else {
                    format!(" of {}", known.benchmark)
                };
                format!(
                    "the acknowledged commit {} is none that may have made a change point{of}",
                    known.commit.trim()
                )
            })
            .collect()
    }
}

/// How far a commit is from where the change most likely is, in commits; `None` where it is not in
/// question.
fn distance(at: Whereabouts, extent: Extent, axis: &Axis) -> Option<u64> {
    let [first, last] = extent.candidates;
    match at {
        Whereabouts::Measured(at) => {
            (first <= at && at <= last).then(|| at.abs_diff(extent.at) as u64)
        }
        Whereabouts::Position(order) => {
            // Of the first run of all nothing is known of what lies before.
            let after = match first.checked_sub(1) {
                Some(before) => order > axis.order(before)?,
                None => order >= axis.order(first)?,
            };
            let within = after && order <= axis.order(last)?;
            within.then(|| axis.order(extent.at).map_or(0, |at| at.abs_diff(order)))
        }
    }
}
