//! A comparison as the comment of a pull request, which is also what a job's summary shows: what
//! changed at a glance, everything else in folds, never longer than the place allows.
//!
//! Everything from outside is data, the more so as the comparison itself may be (a fork's): names are
//! code spans, sentences are escaped, both are shortened.

mod folds;
mod page;
mod reproduce;
mod rows;

#[cfg(test)]
mod tests;

use super::words::{
    benchmarks, common_shift, counted, counts, headline, is_notable, unchanged_alone,
};
use crate::compare::{AcceptanceState, Comparison, Overall, Row, Verdict};
use crate::model::{BaselineName, History};
use crate::text::{markdown_inert, shortened};
use page::{Page, WHERE};

/// How long a comment may be, in UTF-16 units: GitHub refuses more than 65,536 characters.
pub const COMMENT_LIMIT: usize = 65_000;
/// How long a job's summary may be: GitHub refuses more than 1 MiB, and a unit is at most 3 bytes.
pub const SUMMARY_LIMIT: usize = 340_000;

/// Rows that are shown without opening a fold, at most.
const SHOWN: usize = 40;
/// Of those that are inconclusive, at most.
const SHOWN_INCONCLUSIVE: usize = 8;
/// The longest sentence from outside, in characters.
const SENTENCE: usize = 600;

/// How a comment is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CommentOptions<'a> {
    /// By what the comment is found again, as [`comment_key`] makes it: its first line is then
    /// `<!-- driftline:comment:KEY -->`. Without it there is no such line.
    pub key: Option<&'a str>,
    /// Where the whole report is.
    pub report_url: Option<&'a str>,
    /// The ref by which a clone gets the commit that was judged, where no branch has it, such as
    /// `refs/pull/7/merge`.
    pub fetch: Option<&'a str>,
    /// How long it may be, in UTF-16 units.
    pub limit: usize,
}

/// What tells a comment from others, of a suite's or a workflow's name: letters, digits, `.`, `_` and
/// single `-`, at most 64 characters; `driftline` where nothing is left.
///
/// ```
/// # use driftline_core::report::comment_key;
/// assert_eq!(comment_key("Benchmarks --> x86"), "Benchmarks-x86");
/// assert_eq!(comment_key("ä"), "driftline");
/// ```
pub fn comment_key(name: &str) -> String {
    let mut key = String::new();
    for c in name.chars().take(1000) {
        let c = if c.is_ascii_alphanumeric() || matches!(c, '.' | '_') { c } else { '-' };
        if key.len() < 64 && (c != '-' || !key.is_empty() && !key.ends_with('-')) {
            key.push(c);
        }
    }
    let key = key.trim_end_matches('-');
    if key.is_empty() { "driftline".to_owned() } else { key.to_owned() }
}

/// Whether a text can be linked to: `https://` or `http://`, and nothing behind it that would be
/// markup.
pub fn is_link(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let allowed = |c: char| c.is_ascii_alphanumeric() || "-._~:/?#@!$&*+,;=%".contains(c);
    url.len() <= 2000 && rest.is_some_and(|rest| !rest.is_empty() && rest.chars().all(allowed))
}

/// A comparison as a comment: a headline, the counts, what is not as it was, and in folds why, all
/// rows, the environment and how to measure it oneself. Where everything is as it was, one line and one
/// fold. What is beyond the limit is left out by whole rows, and counted.
pub fn comment(comparison: &Comparison, options: &CommentOptions<'_>) -> String {
    let mut page = Page::new(options.limit);
    if let Some(key) = options.key {
        page.push(&format!("<!-- driftline:comment:{} -->\n", comment_key(key)));
    }
    let environment = folds::environment(comparison);
    let reproduce = reproduce::reproduce(comparison, options.fetch);
    let rows = format!("All {}", counted(comparison.benchmarks.len(), "row"));
    if is_quiet(comparison) {
        let all = benchmarks(comparison.summary.compared);
        let caution = caution(comparison).map(|text| format!(" {text}")).unwrap_or_default();
        let link = folds::link(options.report_url);
        let link = if link.is_empty() { link } else { format!(" {link}.") };
        page.push(&format!("**No regression**: {all} compared, all unchanged.{caution}{link}\n"));
        let locally = reproduce.map(|text| format!("\nReproduce locally:\n\n{text}"));
        let below = format!("\n{environment}{}", locally.unwrap_or_default());
        folds::all_rows(&mut page, comparison, &format!("{rows}, and the environment"), &below);
        return page.finish();
    }
    let end = match folds::link(options.report_url) {
        link if link.is_empty() => link,
        link => format!("\n{link}\n"),
    };
    page.reserve(&end);
    let reproduce = reproduce.map(|text| folds::fold("Reproduce locally", &text));
    let tail = folds::fold("Environment, and how it was decided", &environment)
        + &reproduce.unwrap_or_default();
    page.reserve(&tail);
    top(&mut page, comparison);
    folds::why(&mut page, comparison);
    folds::skipped(&mut page, comparison);
    if !comparison.benchmarks.is_empty() {
        folds::all_rows(&mut page, comparison, &rows, "");
    }
    page.push_reserved(&tail);
    page.push_reserved(&end);
    page.finish()
}

/// What is to be known of a history that is too short to be a reference of its own.
fn caution(comparison: &Comparison) -> Option<String> {
    let baseline = &comparison.baseline;
    let few = (1..History::ENOUGH).contains(&baseline.runs.len());
    (baseline.name == BaselineName::HISTORY && few).then(|| {
        format!(
            "It was held against {} only: how much runs differ is known from {} on.",
            counted(baseline.runs.len(), "earlier run"),
            History::ENOUGH
        )
    })
}

/// Whether there is nothing to say but that all is as it was.
fn is_quiet(comparison: &Comparison) -> bool {
    comparison.summary.overall() == Overall::Unchanged
        && unchanged_alone(&comparison.summary)
        && comparison.warnings.is_empty()
        && comparison.common_shift.is_none()
}

/// What is seen without opening a fold.
fn top(page: &mut Page, comparison: &Comparison) {
    let summary = &comparison.summary;
    page.push(&format!("### {}\n", headline(comparison)));
    if summary.overall() == Overall::Nothing {
        page.push(
            "\n**No benchmark was judged: this says nothing about whether anything got slower.**\n",
        );
    }
    let expired = |row: &&Row| {
        row.acceptance.as_ref().is_some_and(|known| known.state == AcceptanceState::Expired)
    };
    let expired = comparison.benchmarks.iter().filter(expired).count();
    if expired > 0 {
        page.push(&format!("\n**The acceptance of {} has expired.**\n", benchmarks(expired)));
    }
    page.push(&format!("\n{}\n", counts(summary)));
    if let Some(caution) = caution(comparison).filter(|_| summary.compared > 0) {
        page.push(&format!("\n> **Caution:** {caution}\n"));
    }
    if let Some((what, then)) = comparison.common_shift.as_ref().map(common_shift) {
        page.push(&format!("\n> **{}** {}\n", markdown_inert(&what), markdown_inert(then)));
    }
    let warnings = comparison.warnings.iter().map(|warning| {
        format!("\n> **Warning:** {}\n", markdown_inert(&shortened(warning, SENTENCE)))
    });
    page.lines(warnings, 10, |left| format!("\n> {}: {WHERE}\n", counted(left, "more warning")));

    if summary.overall() == Overall::Nothing {
        return;
    }
    let mut inconclusive = 0;
    let mut beyond = 0;
    let shown: Vec<&Row> = comparison
        .benchmarks
        .iter()
        .filter(|row| is_notable(row))
        .filter(|row| {
            inconclusive += usize::from(row.verdict == Verdict::Inconclusive);
            let fits = row.verdict != Verdict::Inconclusive || inconclusive <= SHOWN_INCONCLUSIVE;
            beyond += usize::from(!fits);
            fits
        })
        .collect();
    if shown.is_empty() {
        return;
    }
    page.push(rows::CHANGED_HEADER);
    let (first, rest) = shown.split_at_checked(SHOWN).unwrap_or((&shown, &[]));
    beyond += rest.len();
    let left = page.take(first.iter().map(|row| rows::changed(row)), 2);
    match beyond + left {
        0 => {}
        more => page.push(&format!("\nand {} like these: {WHERE}\n", page::more_rows(more))),
    }
}
