//! What the passes of a run have given so far.
//!
//! A benchmark that two targets have is two benchmarks, named `package/target/benchmark`: neither is
//! compared with the other. Which those are is known before they are run, except for targets that
//! cannot list theirs: then the first is renamed when the second is measured.

use std::collections::{BTreeMap, BTreeSet};

use driftline_core::model::{BenchmarkId, Measurement};

use crate::harness::{Failure, Outcome};

/// A benchmark by the 0-based number of its target and its own full name.
pub(super) type Key = (usize, String);

/// The measurements of all passes, each with the rounds it has so far, and what went wrong.
#[derive(Debug, Clone, Default)]
pub(super) struct Ledger {
    pub(super) outcome: Outcome,
    /// Benchmarks that more than one target has, by their own names.
    shared: BTreeSet<String>,
    /// Where each measured benchmark stands in the outcome.
    measured: BTreeMap<Key, usize>,
    /// Those that hung: they cost the whole timeout each time, and are not tried again.
    hung: BTreeSet<Key>,
    /// Targets that do not speak the protocol.
    pub(super) without_protocol: BTreeSet<usize>,
    /// Targets that cannot list their benchmarks, and hung.
    pub(super) given_up: BTreeSet<usize>,
    /// Targets whose user knows that they share names with another.
    pub(super) told: BTreeSet<usize>,
}

impl Ledger {
    pub(super) fn new(known: Vec<String>, shared: BTreeSet<String>) -> Self {
        let outcome = Outcome { known, ..Outcome::default() };
        Self { outcome, shared, ..Self::default() }
    }

    /// What a benchmark of the target of that qualified name is recorded as.
    pub(super) fn id(&self, qualified_name: &str, name: &str) -> String {
        if self.shared.contains(name) {
            return format!("{qualified_name}/{name}");
        }
        name.to_owned()
    }

    /// Whether more than one target has it.
    pub(super) fn is_shared(&self, name: &str) -> bool {
        self.shared.contains(name)
    }

    /// Makes the name one that several targets have. The target that was measured under it alone,
    /// if this tells for the first time.
    pub(super) fn share(
        &mut self,
        target: usize,
        name: &str,
        qualified_names: &[&str],
    ) -> Option<usize> {
        let (other, at) = self
            .measured
            .iter()
            .find(|((owner, own), _)| own == name && *owner != target)
            .map(|((owner, _), at)| (*owner, *at))?;
        if self.shared.insert(name.to_owned())
            && let Some(qualified_name) = qualified_names.get(other)
            && let Some(measurement) = self.outcome.measurements.get_mut(at)
        {
            rename(measurement, &format!("{qualified_name}/{name}"));
        }
        Some(other)
    }

    /// Adds one round of a benchmark.
    ///
    /// # Errors
    /// When it is none of the rounds measured so far: its unit changed.
    pub(super) fn add(&mut self, key: Key, measurement: Measurement) -> Result<(), String> {
        let so_far = self.measured.get(&key).and_then(|&at| self.outcome.measurements.get_mut(at));
        let Some(so_far) = so_far else {
            self.measured.insert(key, self.outcome.measurements.len());
            self.outcome.measurements.push(measurement);
            return Ok(());
        };
        let Some(other) = so_far.append_rounds(measurement) else { return Ok(()) };
        Err(format!(
            "measured {} in {} in one round and {} in {} in another",
            so_far.metric(),
            so_far.unit(),
            other.metric(),
            other.unit()
        ))
    }

    /// Records what went wrong, unless it did in an earlier round too.
    pub(super) fn fail(&mut self, failure: Failure) {
        let known = |f: &Failure| f.target == failure.target && f.benchmark == failure.benchmark;
        if !self.outcome.failures.iter().any(known) {
            self.outcome.failures.push(failure);
        }
    }

    pub(super) fn hang(&mut self, key: Key) {
        self.hung.insert(key);
    }

    /// The benchmarks of the target that hung, by their own names.
    pub(super) fn hung(&self, target: usize) -> impl Iterator<Item = &str> {
        self.hung.iter().filter(move |(owner, _)| *owner == target).map(|(_, name)| name.as_str())
    }

    /// The own names of the target's benchmarks among `ids`.
    pub(super) fn names_of(&self, target: usize, ids: &BTreeSet<String>) -> Vec<String> {
        let wanted = |at: usize| {
            let measurement = self.outcome.measurements.get(at);
            measurement.is_some_and(|m| ids.contains(m.benchmark().as_str()))
        };
        let of_target =
            self.measured.iter().filter(|((owner, _), at)| *owner == target && wanted(**at));
        of_target.map(|((_, name), _)| name.clone()).collect()
    }

    /// Whether the benchmark has any round.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.measured.contains_key(key)
    }
}

/// A name that is not blank stays so with another before it.
pub(super) fn rename(measurement: &mut Measurement, name: &str) {
    if let Ok(id) = BenchmarkId::new(name) {
        measurement.rename(id);
    }
}
