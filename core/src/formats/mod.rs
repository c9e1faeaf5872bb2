//! Harness outputs in: one file per harness, bytes → runs.
//!
//! Every reader takes bytes and answers a [`Reading`]: runs, and what a person should know about
//! how they were read. Nothing is dropped silently: a benchmark that gives no usable measurement
//! is in [`Run::skipped`](crate::model::Run::skipped) with the reason, and the others are kept. A
//! file as a whole is refused, with the place and what to do, where its structure is in doubt.
//!
//! | Name | What it reads | Raw values |
//! |---|---|---|
//! | `pytest-benchmark` | the file of `pytest --benchmark-json=FILE`, and those in `.benchmarks/` | where saved with their data |
//! | `criterion` | the directory `target/criterion` ([`read_criterion_directory`]) | yes |
//! | `csv` | a table with the columns `benchmark,value` and any of [`CSV_COLUMNS`] | yes |
//! | `driftline` | our own runs, baselines and histories ([`wire`](crate::wire)) | in the newest runs |
//!
//! JSON is read as a tree and not into typed structs, so that one unusable benchmark does not make
//! the whole file unreadable.

mod criterion;
mod csv_table;
mod driftline;
mod error;
mod format;
mod input;
mod json;
mod plain_csv;
mod pytest_benchmark;
mod reading;

pub use criterion::{NEWEST_CRITERION_RUN, read_criterion_directory};
pub use csv_table::CSV_COLUMNS;
pub use error::FormatError;
pub use format::Format;
pub use input::InputFile;
pub use reading::{Reading, detect, read};
