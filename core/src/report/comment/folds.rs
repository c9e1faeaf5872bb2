use super::super::notes::notes;
use super::super::words::{counted, how_decided};
use super::page::{Page, WHERE, more_rows, units};
use super::{SENTENCE, is_link, rows};
use crate::compare::{Comparison, SideUsed};
use crate::text::{markdown_code_cell, markdown_inert, shortened};

/// The longest name of a side, machine or toolchain, in characters.
const FACT: usize = 100;

/// A fold that is closed at first.
pub(super) fn fold(title: &str, content: &str) -> String {
    format!("\n<details><summary>{title}</summary>\n\n{content}\n</details>\n")
}

/// A fold of as many lines as a `share`-th of the room holds, and what stands below them; nothing where
/// none does.
fn filled(
    page: &mut Page,
    title: &str,
    header: &str,
    lines: impl ExactSizeIterator<Item = String>,
    share: usize,
    below: &str,
    notice: impl FnOnce(usize) -> String,
) {
    let start = format!("\n<details><summary>{title}</summary>\n\n{header}");
    let end = format!("{below}\n</details>\n");
    if page.room() < units(&start) + units(&end) + 1000 {
        return;
    }
    page.reserve(&end);
    page.push(&start);
    page.lines(lines, share, notice);
    page.push_reserved(&end);
}

/// Why each verdict that asks for attention was given.
pub(super) fn why(page: &mut Page, comparison: &Comparison) {
    let notes = notes(comparison);
    if notes.is_empty() {
        return;
    }
    let lines = notes.iter().map(|note| {
        let who = markdown_inert(&shortened(&note.who, 300));
        let text = markdown_inert(&shortened(&note.text, SENTENCE));
        format!("- {} {who}: {text}\n", note.row.verdict.glyph())
    });
    filled(page, "Why", "", lines, 4, "", |left| {
        format!("\nand {}: {WHERE}\n", counted(left, "more reason"))
    });
}

/// All rows, as far as there is room; what is given stands below them in the same fold.
pub(super) fn all_rows(page: &mut Page, comparison: &Comparison, title: &str, below: &str) {
    let all = &comparison.benchmarks;
    if all.is_empty() && below.is_empty() {
        return;
    }
    let header = if all.is_empty() { "" } else { rows::ALL_HEADER };
    let lines = all.iter().map(rows::any);
    filled(page, title, header, lines, 1, below, |left| {
        format!("\nand {}: {WHERE}\n", more_rows(left))
    });
}

/// What could not be compared, and why.
pub(super) fn skipped(page: &mut Page, comparison: &Comparison) {
    let all = &comparison.skipped;
    if all.is_empty() {
        return;
    }
    let lines = all.iter().map(|skipped| {
        let name = markdown_inert(&shortened(&skipped.name, FACT));
        format!("- {name}: {}\n", markdown_inert(&shortened(&skipped.reason, SENTENCE)))
    });
    let title = format!("{} skipped", all.len());
    filled(page, &title, "", lines, 4, "", |left| {
        format!("\nand {}: {WHERE}\n", counted(left, "more"))
    });
}

/// What both sides are, where they differ, and how it was decided. Of a side without runs nothing is known.
pub(super) fn environment(comparison: &Comparison) -> String {
    type Fact = fn(&SideUsed) -> Option<String>;
    let facts: [(&str, bool, Fact); 5] = [
        ("name", false, |side| Some(side.name.clone())),
        ("commit", false, |side| side.commit.clone()),
        ("runs", false, |side| Some(side.runs.len().to_string())),
        ("machine", true, |side| Some(side.machine.clone()).filter(|_| !side.runs.is_empty())),
        ("toolchain", true, |side| side.toolchain.clone()),
    ];
    let sides = [&comparison.baseline, &comparison.candidate];
    let both = sides.iter().all(|side| !side.runs.is_empty());
    let mut table = "| | baseline | candidate | |\n|---|---|---|---|\n".to_owned();
    for (what, must_agree, fact) in facts {
        let (before, after) = (fact(&comparison.baseline), fact(&comparison.candidate));
        if before.is_none() && after.is_none() {
            continue;
        }
        let differs = if both && must_agree && before != after { "**differs**" } else { "" };
        let cell = |fact: Option<String>| {
            fact.map_or_else(|| "–".to_owned(), |fact| markdown_code_cell(&shortened(&fact, FACT)))
        };
        table += &format!("| {what} | {} | {} | {differs} |\n", cell(before), cell(after));
    }
    let how = markdown_inert(&how_decided(comparison));
    let core = markdown_inert(&shortened(&comparison.core, FACT));
    format!("{table}\n{how} driftline {core}.\n")
}

/// Where the whole report is.
pub(super) fn link(report_url: Option<&str>) -> String {
    match report_url.filter(|url| is_link(url)) {
        Some(url) => format!("[The whole report](<{url}>)"),
        None => String::new(),
    }
}
