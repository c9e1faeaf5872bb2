use std::path::Path;

use driftline_core::model::{History, Run};
use driftline_core::wire::{self, HistoryReading};

use super::error::Fate;
use super::retention::{self, Arrival, Plan};
use super::{Store, StoreError, Warning, durable, lock};

/// What recording runs came to. Once it is given, the recorded runs are on the disk.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Receipt {
    /// How many runs were recorded.
    pub(crate) appended: usize,
    /// How many were not, because a run of the same id was there already.
    pub(crate) already_there: usize,
    /// How many runs, old ones or of the given, are beyond what is kept.
    pub(crate) pruned: usize,
    /// What was found damaged in the file.
    pub(crate) warnings: Vec<Warning>,
}

impl Store {
    /// Records a run. A run whose id is there already is not recorded again, and nothing changes.
    ///
    /// # Errors
    /// When the files cannot be read, locked or written; then nothing is recorded.
    pub(crate) fn append(&self, run: &Run) -> Result<Receipt, StoreError> {
        self.record(std::slice::from_ref(run), Arrival::Measured)
    }

    /// Records runs of whatever age in one step: all of them that are to be kept, or none.
    ///
    /// # Errors
    /// When the files cannot be read, locked or written; then nothing is recorded.
    pub(crate) fn append_all(&self, runs: &[Run]) -> Result<Receipt, StoreError> {
        self.record(runs, Arrival::Imported)
    }

    fn record(&self, runs: &[Run], arrival: Arrival) -> Result<Receipt, StoreError> {
        if runs.is_empty() {
            return Ok(Receipt::default());
        }
        let path = self.history_path();
        let _held = self.lock()?;
        let bytes = durable::read(&path).map_err(StoreError::read(&path))?.unwrap_or_default();
        let reading = wire::read_history(&bytes);
        let (new, beyond) = retention::chosen(runs, &reading, self.retention);
        let already_there = runs.len() - beyond - new.len();
        if new.is_empty() {
            let warnings = warnings(&reading, &path, &Fate::LeftUntilWrite);
            return Ok(Receipt { appended: 0, already_there, pruned: beyond, warnings });
        }

        let plan = Plan::new(&reading, &new, arrival, self.retention);
        let rejected = self.rejected_path();
        if plan.only_appends() {
            // A run whose line feed alone was cut off is whole: complete its line.
            let completed = if reading.torn_tail { "\n" } else { "" }.to_owned() + &plan.lines;
            durable::append(&path, completed.as_bytes()).map_err(StoreError::write(&path))?;
        } else {
            // Set aside first: a crash in between leaves a line twice rather than not at all.
            let damaged = damaged_lines(&reading, &bytes);
            if !damaged.is_empty() {
                durable::append(&rejected, &damaged).map_err(StoreError::write(&rejected))?;
            }
            durable::replace(&path, &plan.rewritten(&bytes)).map_err(StoreError::write(&path))?;
        }
        let warnings = warnings(&reading, &path, &Fate::SetAside(rejected));
        let pruned = beyond + plan.pruned;
        Ok(Receipt { appended: plan.appended, already_there, pruned, warnings })
    }

    /// Every run that can be read, and what could not. A store that does not exist is empty.
    ///
    /// # Errors
    /// When the file is there and cannot be read at all.
    pub(crate) fn history(&self) -> Result<(History, Vec<Warning>), StoreError> {
        let path = self.history_path();
        let _held = lock::shared(&self.lock_path(), self.patience);
        let bytes = durable::read(&path).map_err(StoreError::read(&path))?.unwrap_or_default();
        let reading = wire::read_history(&bytes);
        let warnings = warnings(&reading, &path, &Fate::LeftUntilWrite);
        Ok((History::new(reading.into_runs()), warnings))
    }
}

/// The lines that leave the file, each with a line feed.
fn damaged_lines(reading: &HistoryReading, bytes: &[u8]) -> Vec<u8> {
    let mut lines = Vec::new();
    for damaged in reading.damaged.iter().filter(|damaged| !damaged.reason.is_newer()) {
        lines.extend_from_slice(&bytes[damaged.bytes.clone()]);
        lines.push(b'\n');
    }
    lines
}

/// What could not be read. `fate` is that of damaged lines: a newer version's stay in any case.
fn warnings(reading: &HistoryReading, path: &Path, fate: &Fate) -> Vec<Warning> {
    let warning = |damaged: &wire::DamagedLine| {
        let fate = if damaged.reason.is_newer() { Fate::Left } else { fate.clone() };
        Warning { path: path.to_owned(), reason: damaged.reason.to_string(), fate }
    };
    reading.damaged.iter().map(warning).collect()
}
