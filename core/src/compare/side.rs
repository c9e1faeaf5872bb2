use std::collections::BTreeMap;

use crate::model::{BenchmarkId, Direction, Metric, Round, Run, Skipped, Unit};

/// One side of a comparison: a name, and the run or runs whose rounds it pools.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// What it is called: a baseline's name, a run's id, a commit, a file.
    pub name: String,
    /// Its runs, oldest first.
    pub runs: Vec<&'a Run>,
}

/// What a side knows of one metric of one benchmark.
#[derive(Debug, Clone)]
pub(super) struct Pooled<'a> {
    pub(super) unit: &'a Unit,
    pub(super) better: Direction,
    pub(super) rounds: Vec<&'a Round>,
}

pub(super) type Key<'a> = (&'a BenchmarkId, &'a Metric);

impl<'a> Side<'a> {
    /// A side of one run.
    pub fn of_run(name: impl Into<String>, run: &'a Run) -> Self {
        Self { name: name.into(), runs: vec![run] }
    }

    /// The rounds of all runs by benchmark and metric, and what could not be pooled because its
    /// unit or direction changed between the runs.
    pub(super) fn pooled(&self) -> (BTreeMap<Key<'a>, Pooled<'a>>, Vec<Skipped>) {
        let mut pooled: BTreeMap<Key<'a>, Pooled<'a>> = BTreeMap::new();
        let mut changed: BTreeMap<Key<'a>, String> = BTreeMap::new();
        for measurement in self.runs.iter().flat_map(|run| &run.measurements) {
            let key = (measurement.benchmark(), measurement.metric());
            let entry = pooled.entry(key).or_insert_with(|| Pooled {
                unit: measurement.unit(),
                better: measurement.better(),
                rounds: Vec::new(),
            });
            if let Some(reason) = mismatch(entry, measurement.unit(), measurement.better()) {
                changed.insert(key, format!("{reason} between the runs of {:?}", self.name));
            }
            entry.rounds.extend(measurement.rounds());
        }
        for key in changed.keys() {
            pooled.remove(key);
        }
        let skipped = changed
            .into_iter()
            .map(|((benchmark, _), reason)| Skipped { name: benchmark.to_string(), reason })
            .collect();
        (pooled, skipped)
    }
}

/// Why values in `unit`, better this way, cannot be set against `pooled`.
pub(super) fn mismatch(pooled: &Pooled<'_>, unit: &Unit, better: Direction) -> Option<String> {
    if pooled.unit != unit {
        return Some(format!("the unit changed from {} to {unit}", pooled.unit));
    }
    (pooled.better != better)
        .then(|| format!("the better direction changed from {} to {better}", pooled.better))
}
