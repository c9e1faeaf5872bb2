//! [`Comparison`], runs and histories → text for people and for
//! programs: pure strings out, everything from outside escaped for where it goes.

mod annotations;
mod calibration;
mod change_words;
mod changes;
mod changes_documents;
mod comment;
mod csv;
mod document;
mod drawing;
mod explain;
mod gitlab;
mod junit;
mod markdown;
mod measurements;
mod notes;
mod plot;
mod series;
mod terminal;
mod words;

#[cfg(test)]
mod tests;

pub use annotations::comparison_annotations;
pub use calibration::{
    calibration_csv, calibration_json, calibration_markdown, calibration_text, calibration_toml,
};
pub use changes::{changes_table, series_chart};
pub use changes_documents::{changes_csv, changes_json, changes_markdown};
pub use comment::{COMMENT_LIMIT, CommentOptions, SUMMARY_LIMIT, comment, comment_key, is_link};
pub use csv::comparison_csv;
pub use document::{baseline_document, measurement_markdown};
pub use explain::{explanation, explanation_markdown};
pub use gitlab::{comparison_code_quality, comparison_openmetrics};
pub use junit::comparison_junit;
pub use markdown::comparison_markdown;
pub use measurements::{baseline_list, measurement_table};
pub use series::{history_csv, history_markdown, history_table};
pub use terminal::comparison_table;

use crate::compare::Comparison;

/// A comparison as indented JSON, as the schema `comparison` describes it.
pub fn comparison_json(comparison: &Comparison) -> String {
    // Nothing in a comparison can fail to serialise: its keys are texts, its numbers finite.
    serde_json::to_string_pretty(comparison).unwrap_or_default() + "\n"
}
