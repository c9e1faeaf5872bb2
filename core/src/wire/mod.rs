//! The file format of history and baselines: versioned, and tolerant of damage.
//!
//! ```text
//! history.jsonl          one run a line:  {"format":"driftline-run/1","id":…,"measurements":[…],…}
//! baselines/<name>.json  one document:    {"format":"driftline-baseline/1","name":…,"saved":…,"run":{…}}
//! ```
//!
//! A line that cannot be read costs that line only, never the history: it is listed with its place
//! and the reason. A line of a format this version does not know is told apart from damage, because
//! it is somebody's run: whoever rewrites the file leaves it where it is.
//!
//! **Versions.** A reader ignores fields it does not know, so adding an optional field that may be
//! lost (an older driftline that drops a run's samples writes the line anew, without the field)
//! keeps the version. Anything else makes a new one: the old shape is kept as a private `…V1` type
//! with `From<RunV1> for Run`, and the `match` over the version in `document.rs` gets an arm for
//! it. JSON lines rather than a binary format: a history is merged by git, looked at with `jq` and
//! repaired with an editor.

mod comparison;
mod contradiction;
mod document;
mod error;
mod format;
mod history;
mod layout;

pub use comparison::{COMPARISON_FORMAT, ComparisonError, LARGEST_COMPARISON, read_comparison};
pub use document::{
    Document, read_baseline, read_run, read_run_or_baseline, write_baseline, write_run,
};
#[cfg(feature = "schema")]
pub use document::{baseline_schema, run_schema};
pub use error::WireError;
pub use format::{BASELINE_FORMAT, RUN_FORMAT, format_of};
pub use history::{DamagedLine, HistoryReading, RecordedRun, read_history};
