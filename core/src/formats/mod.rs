//! Harness outputs in: one file per harness, bytes → runs.
//!
//! Every reader takes bytes and answers a [`Reading`]: runs, and what a person should know about
//! how they were read. Nothing is dropped silently: a benchmark that gives no usable measurement
//! is in [`Run::skipped`](crate::model::Run::skipped) with the reason, and the others are kept. A
//! file as a whole is refused, with the place and what to do, where its structure is in doubt.
//!
//! `table` lists every format: its name, what its files are recognised by, and its reader.
//! The readers stand in a folder for each language, `other` for the rest, `generic` for forms that
//! no single harness writes, `own` for ours. What all of them share stands here, once: the text as
//! a terminal would show it (`plain_text`), searches in its lines (`search`), numbers and units as harnesses print them (`numbers`),
//! JSON and where it stands in a file (`json`, `content`), and what becomes of findings, of names
//! that are there twice, and of what is unusable (`collected`).
//!
//! JSON is read as a tree and not into typed structs, so that one unusable benchmark does not make
//! the whole file unreadable.

mod collected;
mod content;
mod cpp;
mod csv_records;
mod directory;
mod error;
mod format;
mod generic;
mod go;
mod input;
mod javascript;
mod json;
mod numbers;
mod other;
mod own;
mod plain_text;
mod python;
mod reading;
mod rust;
mod search;
mod table;
mod xml;

pub use directory::read_directory;
pub use error::FormatError;
pub use format::Format;
pub use input::InputFile;
pub use own::csv_table::CsvColumn;
#[cfg(feature = "schema")]
pub use own::values_schema::values_schema;
pub use reading::{Reading, detect, read};
pub use rust::criterion_directory::{NEWEST_CRITERION_RUN, read_criterion_directory};
