use super::super::words::{change, interval, name, noise, value, verdict};
use crate::compare::Row;
use crate::text::{markdown_code_cell, markdown_inert, percent, shortened};

/// The longest name of a benchmark, in characters.
const NAME: usize = 120;
/// The longest value with its unit.
const VALUE: usize = 40;
/// The longest reason for which something was accepted.
const REASON: usize = 100;

pub(super) const CHANGED_HEADER: &str =
    "\n| | benchmark | baseline → candidate | change | verdict |\n|---|---|---|---|---|\n";

pub(super) const ALL_HEADER: &str = "| | benchmark | baseline | candidate | change | interval | \
                                     noise floor | verdict |\n|---|---|---:|---:|---:|---|---:|---|\n";

/// A row of what changed.
pub(super) fn changed(row: &Row) -> String {
    let between = row.interval.map(|shown| format!(" {}", interval(Some(shown))));
    format!(
        "| {} | {} | {} → {} | {}{} | {} |\n",
        row.verdict.glyph(),
        named(row),
        figure(row.baseline, row),
        figure(row.candidate, row),
        change(row.change),
        between.unwrap_or_default(),
        judged(row),
    )
}

/// A row of all.
pub(super) fn any(row: &Row) -> String {
    format!(
        "| {} | {} | {} | {} | {} | {} | {} | {} |\n",
        row.verdict.glyph(),
        named(row),
        figure(row.baseline, row),
        figure(row.candidate, row),
        change(row.change),
        interval(row.interval),
        noise(row),
        judged(row),
    )
}

fn named(row: &Row) -> String {
    markdown_code_cell(&name(&shortened(&row.id, NAME), &shortened(&row.metric, NAME)))
}

fn figure(figure: Option<f64>, row: &Row) -> String {
    markdown_inert(&shortened(&value(figure, &row.unit), VALUE))
}

/// The verdict, by how much it drifted where that is it, and why it was accepted.
fn judged(row: &Row) -> String {
    let drifted = row.drift.as_ref().filter(|_| row.is_drifted());
    let drifted = drifted.map(|drift| format!(" {}", percent(drift.change))).unwrap_or_default();
    let acceptance = row.acceptance.as_ref().filter(|known| !known.reason.trim().is_empty());
    let reason =
        acceptance.map(|known| format!(": {}", markdown_inert(&shortened(&known.reason, REASON))));
    let word = verdict(row).replace("drifted", &format!("drifted{drifted}"));
    word + &reason.unwrap_or_default()
}
