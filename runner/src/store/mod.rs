//! Where runs are kept: a directory of plain files.
//!
//! ```text
//! .driftline/history.jsonl            one run a line, the newest last
//! .driftline/history.jsonl.rejected   lines that could not be read, set aside by a later write
//! .driftline/baselines/<name>.json    saved references
//! .driftline/BASELINES.md             their numbers for people
//! .driftline/interrupted.json         what a run had measured when it was stopped
//! .driftline/lock                     locked by whoever writes (alone) or reads (together)
//! ```
//!
//! No acknowledged run is ever lost. A run is acknowledged once it is in the file and the file is on
//! the disk. Files are only ever appended to, or replaced whole: written beside the old one, synced,
//! and renamed over it. All of this happens under a lock, so that whoever writes knows that the end
//! of the file is the end of a line, and repairs it where a crash left it otherwise.

mod baselines;
mod durable;
mod error;
mod files;
mod history;
mod local;
mod lock;
mod retention;

#[cfg(test)]
mod crash_tests;
#[cfg(test)]
mod tests;

pub(crate) use error::{StoreError, Warning};
pub(crate) use files::StoredFile;
pub(crate) use local::Store;
pub(crate) use retention::Retention;
