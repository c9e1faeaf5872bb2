//! A comparison from somebody who may not be trusted, such as the job of a fork's pull request: what
//! it holds is shown in the name of the project. So nothing is taken that this core would not have
//! written: no unknown field, no text beyond a limit, no count that its rows do not come to, no row that
//! contradicts itself (`contradiction.rs`).

use serde::Deserialize as _;

use super::contradiction::contradiction;
use crate::compare::{Comparison, Counts, Row, SideUsed, Verdict};

/// The format it is of.
pub const COMPARISON_FORMAT: &str = "driftline-comparison/1";

/// The largest document that is read, in bytes.
pub const LARGEST_COMPARISON: usize = 20_000_000;
/// The longest text, in characters: a name, a reason, a warning.
const LONGEST_TEXT: usize = 4096;
/// The most rows, and the most that were skipped.
const MOST_ROWS: usize = 100_000;
/// The most runs of a side, reasons of a row, warnings.
const MOST_OTHERS: usize = 1000;
/// The most launches of which a row has the figures.
const MOST_LAUNCHES: usize = 30;

/// Why bytes are not a comparison that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ComparisonError {
    /// More bytes than are read.
    #[error("it is larger than {LARGEST_COMPARISON} bytes")]
    TooLarge,
    /// No JSON, or JSON in which something is missing or of another kind.
    #[error("line {line}, column {column}: {problem} (expected {COMPARISON_FORMAT})")]
    Invalid {
        /// The 1-based line.
        line: usize,
        /// The 1-based column, in bytes.
        column: usize,
        /// What is wrong there, shortened to 200 characters.
        problem: String,
    },
    /// A field that the format does not have.
    #[error("{path} is not a field of {COMPARISON_FORMAT}")]
    UnknownField {
        /// Where it is, shortened to 200 characters.
        path: String,
    },
    /// Something that this core would not have written.
    #[error("{path}: {problem}")]
    Refused {
        /// Where it is.
        path: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}

/// Reads what `compare --format json` writes, and nothing else. O(bytes).
///
/// # Errors
/// When it is too large, no comparison, or holds what this core would not have written.
pub fn read_comparison(bytes: &[u8]) -> Result<Comparison, ComparisonError> {
    if bytes.len() > LARGEST_COMPARISON {
        return Err(ComparisonError::TooLarge);
    }
    let invalid = |error: serde_json::Error| {
        let place = format!(" at line {} column {}", error.line(), error.column());
        let message = error.to_string();
        let problem = message.strip_suffix(&place).unwrap_or(&message);
        ComparisonError::Invalid {
            line: error.line(),
            column: error.column(),
            problem: problem.chars().take(200).collect(),
        }
    };
    let mut unknown = None;
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let fields = &mut |path: serde_ignored::Path<'_>| {
        unknown.get_or_insert_with(|| path.to_string().chars().take(200).collect());
    };
    let comparison = Comparison::deserialize(serde_ignored::Deserializer::new(&mut json, fields))
        .map_err(invalid)?;
    json.end().map_err(invalid)?;
    if let Some(path) = unknown {
        return Err(ComparisonError::UnknownField { path });
    }
    check(&comparison)?;
    Ok(comparison)
}

fn refused(path: impl Into<String>, problem: &'static str) -> ComparisonError {
    ComparisonError::Refused { path: path.into(), problem }
}

fn check(comparison: &Comparison) -> Result<(), ComparisonError> {
    if comparison.format != COMPARISON_FORMAT {
        return Err(refused("format", "it is not driftline-comparison/1"));
    }
    text("core", &comparison.core)?;
    let policy = &comparison.policy;
    let shares = [policy.confidence, policy.fdr].iter().all(|share| (0.0..=1.0).contains(share));
    if !shares || policy.threshold < 0.0 {
        return Err(refused("policy", "a share is not between 0 and 1"));
    }
    side("baseline", &comparison.baseline)?;
    side("candidate", &comparison.candidate)?;
    texts("warnings", comparison.warnings.iter(), MOST_OTHERS)?;
    if comparison.benchmarks.len() > MOST_ROWS {
        return Err(refused("benchmarks", "there are more than 100,000"));
    }
    let corrected = comparison.common_shift.is_some_and(|shift| shift.corrected);
    let runs = (comparison.baseline.runs.len(), comparison.candidate.runs.len());
    for (index, row) in comparison.benchmarks.iter().enumerate() {
        let path = format!("benchmarks[{index}]");
        check_row(&path, row)?;
        let contradiction = contradiction(row, runs, corrected);
        contradiction.map_or(Ok(()), |problem| Err(refused(path, problem)))?;
    }
    texts("skipped", comparison.skipped.iter().map(|skipped| &skipped.name), MOST_ROWS)?;
    texts("skipped", comparison.skipped.iter().map(|skipped| &skipped.reason), MOST_ROWS)?;
    if comparison.common_shift.is_some_and(|shift| shift.moved > shift.of) {
        return Err(refused("common_shift", "more moved than there are"));
    }
    if Counts::of(&comparison.benchmarks, &comparison.skipped) != comparison.summary {
        return Err(refused("summary", "its counts are not those of the rows"));
    }
    Ok(())
}

fn side(path: &str, side: &SideUsed) -> Result<(), ComparisonError> {
    text(path, &side.name)?;
    text(path, &side.machine)?;
    if side.commit.as_deref().is_some_and(|commit| !is_commit(commit)) {
        return Err(refused(path, "its commit is no id and no name of one"));
    }
    texts(path, side.runs.iter().chain(&side.commit).chain(&side.toolchain), MOST_OTHERS)
}

/// Whether it may be a commit's id or name, and nothing else to whom it is shown: letters, digits and what
/// stands between them in the name of a branch.
fn is_commit(commit: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '/' | '+');
    !commit.is_empty() && !commit.starts_with('-') && commit.chars().all(allowed)
}

fn check_row(path: &str, row: &Row) -> Result<(), ComparisonError> {
    for name in [&row.id, &row.metric] {
        if name.trim().is_empty() {
            return Err(refused(path, "a name is empty"));
        }
        text(path, name)?;
    }
    text(path, &row.unit)?;
    texts(path, row.reasons.iter(), MOST_OTHERS)?;
    let acceptance = row.acceptance.iter().flat_map(|known| [&known.reason, &known.source]);
    texts(path, acceptance, 2)?;
    let intervals = row.interval.iter().chain(row.drift.iter().map(|drift| &drift.interval));
    if intervals.copied().any(|[lower, upper]| lower > upper) {
        return Err(refused(path, "an interval ends before it begins"));
    }
    let chances = [row.p_value, row.q_value];
    if chances.iter().flatten().any(|chance| !(0.0..=1.0).contains(chance)) {
        return Err(refused(path, "a chance is not between 0 and 1"));
    }
    let sizes = [
        Some(row.threshold),
        row.noise_floor,
        row.smallest_detectable,
        row.absolute_threshold,
        row.relative_threshold,
    ];
    if sizes.iter().flatten().any(|size| *size < 0.0) {
        return Err(refused(path, "a size is negative"));
    }
    let figures = row.baseline_figures.iter().chain(&row.candidate_figures);
    if figures.clone().any(|figures| figures.launches.len() > MOST_LAUNCHES) {
        return Err(refused(path, "it has figures of more than 30 launches"));
    }
    if row.other_machine && row.verdict != Verdict::Inconclusive {
        return Err(refused(path, "it is of another machine, and judged"));
    }
    if row.acceptance.is_some() && row.verdict != Verdict::Regressed && !row.is_drifted() {
        return Err(refused(path, "what is accepted is not worse"));
    }
    Ok(())
}

fn texts<'a>(
    path: &str,
    all: impl Iterator<Item = &'a String>,
    most: usize,
) -> Result<(), ComparisonError> {
    for (index, one) in all.enumerate() {
        if index >= most {
            return Err(refused(path, "there are too many texts"));
        }
        text(path, one)?;
    }
    Ok(())
}

fn text(path: &str, text: &str) -> Result<(), ComparisonError> {
    if text.chars().nth(LONGEST_TEXT).is_some() {
        return Err(refused(path, "a text is too long"));
    }
    Ok(())
}
