use std::path::{Path, PathBuf};
use std::time::Duration;

use driftline_core::model::Run;
use driftline_core::wire;

use super::{Retention, StoreError, durable, lock};

/// A directory in which runs are kept. Created with the first write.
#[derive(Debug, Clone)]
pub(crate) struct Store {
    pub(super) directory: PathBuf,
    pub(super) retention: Retention,
    /// How long to wait for other processes.
    pub(super) patience: Duration,
}

impl Store {
    /// The store in `directory`, which need not exist. Touches nothing yet.
    pub(crate) fn new(directory: impl Into<PathBuf>, retention: Retention) -> Self {
        Self { directory: directory.into(), retention, patience: lock::PATIENCE }
    }

    /// Where it is.
    pub(crate) fn directory(&self) -> &Path {
        &self.directory
    }

    /// The file of all runs.
    pub(crate) fn history_path(&self) -> PathBuf {
        self.directory.join("history.jsonl")
    }

    /// Where lines go that cannot be read.
    pub(super) fn rejected_path(&self) -> PathBuf {
        self.directory.join("history.jsonl.rejected")
    }

    pub(super) fn lock_path(&self) -> PathBuf {
        self.directory.join("lock")
    }

    /// Creates the directory if need be, and waits until nobody else reads or writes.
    pub(super) fn lock(&self) -> Result<lock::Held, StoreError> {
        durable::create_directory(&self.directory).map_err(StoreError::write(&self.directory))?;
        lock::exclusive(&self.lock_path(), self.patience)
    }

    /// Fails now if it could not be written to later.
    ///
    /// # Errors
    /// When the directory cannot be created, or the lock not be taken.
    pub(crate) fn check_writable(&self) -> Result<(), StoreError> {
        self.lock().map(drop)
    }

    /// Writes the baselines' numbers for people, and says where.
    ///
    /// # Errors
    /// When the file cannot be locked or written; then the old one stays.
    pub(crate) fn write_document(&self, text: &str) -> Result<PathBuf, StoreError> {
        self.replace(self.directory.join("BASELINES.md"), text)
    }

    /// Saves what a run had measured when it was stopped, and says where. It is no part of the
    /// history; the next one that is stopped replaces it.
    ///
    /// # Errors
    /// When the file cannot be locked or written; then the old one stays.
    pub(crate) fn save_interrupted(&self, run: &Run) -> Result<PathBuf, StoreError> {
        self.replace(self.directory.join("interrupted.json"), &wire::write_run(run))
    }

    fn replace(&self, path: PathBuf, text: &str) -> Result<PathBuf, StoreError> {
        let _held = self.lock()?;
        durable::replace(&path, text.as_bytes()).map_err(StoreError::write(&path))?;
        Ok(path)
    }
}
