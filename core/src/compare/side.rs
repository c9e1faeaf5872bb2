use crate::model::{BenchmarkId, Measurement, Metric, Run};

/// One side of a comparison: a name, and the run or runs whose rounds it pools.
#[derive(Debug, Clone)]
pub struct Side<'a> {
    /// What it is called: a baseline's name, a run's id, a commit, a file.
    pub name: String,
    /// Its runs, oldest first.
    pub runs: Vec<&'a Run>,
}

/// What a side knows something about.
pub(super) type Key<'a> = (&'a BenchmarkId, &'a Metric);

impl<'a> Side<'a> {
    /// A side of one run.
    pub fn of_run(name: impl Into<String>, run: &'a Run) -> Self {
        Self { name: name.into(), runs: vec![run] }
    }
}

/// Why two measurements of one metric cannot be set against each other.
pub(super) fn mismatch(before: &Measurement, after: &Measurement) -> Option<String> {
    if before.unit() != after.unit() {
        return Some(format!("the unit changed from {} to {}", before.unit(), after.unit()));
    }
    (before.better() != after.better()).then(|| {
        format!("the better direction changed from {} to {}", before.better(), after.better())
    })
}
