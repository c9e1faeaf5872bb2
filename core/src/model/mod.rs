//! What a run is: benchmarks, samples, measurements, machines, commits, histories and baselines.
//!
//! Every type here is valid by construction, whether built in code or read from a file, so that the
//! rooms behind it need no checks.

mod baseline;
mod benchmark_id;
mod commit;
mod history;
mod judgement;
mod machine;
mod measurement;
mod round;
mod run;
mod sample;
mod summary;
mod time;
mod unit;

use std::borrow::Cow;

pub use baseline::{Baseline, BaselineName, Level};
pub use benchmark_id::BenchmarkId;
pub use commit::Commit;
pub use history::History;
pub use judgement::{Judgement, RecordedAcceptance, RecordedVerdict};
pub use machine::Machine;
pub use measurement::{Measurement, MeasurementError, Metric};
pub use round::Round;
pub use run::{Ci, Conditions, Run, RunId, Settings, Skipped};
pub use sample::{Iterations, Sample, SampleError};
pub use summary::Summary;
pub use time::rfc3339;
pub(crate) use time::{day_of, read_time};
pub use unit::{Direction, Unit};

/// A name that is empty, or holds control characters.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what} {name:?} {problem}")]
pub struct NameError {
    /// What was being named.
    pub what: &'static str,
    /// The offending name, shortened to 80 characters.
    pub name: String,
    /// What is wrong with it.
    pub problem: &'static str,
}

/// Accepts `name` when it is neither empty nor only white space.
fn non_empty(what: &'static str, name: &str) -> Result<(), NameError> {
    if name.trim_start().is_empty() {
        return Err(NameError { what, name: shortened(name), problem: "is empty" });
    }
    Ok(())
}

/// One of `common` where it is in there: what nearly every measurement has need not be kept again with
/// each.
fn shared(common: &[&'static str], text: String) -> Cow<'static, str> {
    match common.iter().find(|known| **known == text) {
        Some(known) => Cow::Borrowed(known),
        None => Cow::Owned(text),
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(80).collect()
}
