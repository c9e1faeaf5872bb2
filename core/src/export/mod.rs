//! Runs out, for other programs: pure strings and bytes.
//!
//! ```text
//! runs → rows → CSV, Parquet             one row a value: a table that loses nothing
//!      → lines of driftline-run/1        what a history holds
//!      → OpenMetrics, JUnit, Otava's CSV what those programs can take
//! ```
//!
//! `rows` is the one place that says which columns there are; `docs/export.md` describes them. The
//! readers in [`formats`](crate::formats) read the CSV, the JSON and Otava's CSV back. Markdown is a
//! report: [`history_markdown`](crate::report::history_markdown).

mod csv;
mod json;
mod junit;
mod openmetrics;
mod otava;
mod parquet;
mod rows;

pub use csv::runs_csv;
pub use json::runs_json;
pub use junit::runs_junit;
pub use openmetrics::runs_openmetrics;
pub use otava::runs_otava_csv;
pub use parquet::runs_parquet;

/// What was written, and what is to be said of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported<T> {
    /// The file.
    pub content: T,
    /// What a person should know of it: what is not in it, above all.
    pub notes: Vec<String>,
}

/// `1 run`, `2 runs`.
fn counted(n: usize, what: &str) -> String {
    let plural = if n == 1 { "" } else { "s" };
    format!("{n} {what}{plural}")
}
