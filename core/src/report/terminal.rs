//! Tables for a terminal. Colours are ANSI sequences; whoever writes to something that is no
//! terminal strips them.

use super::notes::notes;
use super::words::{
    change, common_shift, counts, drift, interval, name, noise, rounds, value, verdict,
};
use crate::compare::{Comparison, Row, Verdict};
use crate::text::{Align, Column, columns, share, terminal, wrapped};

pub(super) const RESET: &str = "\u{1b}[0m";
pub(super) const BOLD: &str = "\u{1b}[1m";
pub(super) const DIM: &str = "\u{1b}[2m";
/// What lines after the first of a paragraph are indented by.
const INDENT: &str = "  ";

pub(super) fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        // Orange and blue: told apart in the common kinds of colour blindness.
        Verdict::Regressed => "\u{1b}[1;38;5;208m",
        Verdict::Improved => "\u{1b}[38;5;39m",
        Verdict::Inconclusive => "\u{1b}[33m",
        Verdict::New | Verdict::Gone => "\u{1b}[36m",
        Verdict::Unchanged => "",
    }
}

/// The colour of a row: of what is worst about it.
pub(super) fn row_colour(row: &Row) -> &'static str {
    match row.verdict {
        _ if row.is_accepted() => colour(Verdict::Inconclusive),
        Verdict::Unchanged | Verdict::Improved if row.is_drifted() => colour(Verdict::Regressed),
        Verdict::Unchanged if row.is_tail_slower() => colour(Verdict::Inconclusive),
        verdict => colour(verdict),
    }
}

/// The rows of a comparison, why every verdict that asks for attention was given, the shift that the
/// suite has in common, warnings, and a last line with all counts. `width` is the terminal's, where
/// it has one.
pub fn comparison_table(comparison: &Comparison, width: Option<usize>) -> String {
    let mut out = rows_table(comparison, width);
    let mut section = |paragraphs: Vec<String>| {
        if !paragraphs.is_empty() {
            out.push('\n');
            out += &paragraphs.concat();
        }
    };
    section(
        notes(comparison)
            .iter()
            .map(|note| {
                let head = format!("{} {}:", note.row.verdict.glyph(), terminal(&note.who));
                paragraph(row_colour(note.row), &head, &terminal(&note.text), width)
            })
            .collect(),
    );
    let shift = comparison.common_shift.as_ref().map(common_shift);
    section(shift.iter().map(|(what, then)| paragraph(BOLD, what, then, width)).collect());
    section(
        comparison
            .skipped
            .iter()
            .map(|s| {
                let head = format!("skipped {}:", terminal(&s.name));
                paragraph("", &head, &terminal(&s.reason), width)
            })
            .collect(),
    );
    section(
        comparison
            .warnings
            .iter()
            .map(|warning| paragraph(BOLD, "warning:", &terminal(warning), width))
            .collect(),
    );
    section(vec![
        paragraph(BOLD, &counts(&comparison.summary), "", width),
        paragraph(
            DIM,
            &format!(
                "{} → {}; {} intervals; threshold {} unless configured; false-discovery rate {}",
                terminal(&comparison.baseline.name),
                terminal(&comparison.candidate.name),
                share(comparison.policy.confidence),
                share(comparison.policy.threshold),
                share(comparison.policy.fdr),
            ),
            "",
            width,
        ),
    ]);
    out
}

fn rows_table(comparison: &Comparison, width: Option<usize>) -> String {
    const COLUMNS: [Column; 10] = [
        Column { title: "", align: Align::Left, sacrifice: 1 },
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "baseline", align: Align::Right, sacrifice: 4 },
        Column { title: "candidate", align: Align::Right, sacrifice: 2 },
        Column { title: "change", align: Align::Right, sacrifice: 0 },
        Column { title: "interval", align: Align::Left, sacrifice: 6 },
        Column { title: "noise", align: Align::Right, sacrifice: 5 },
        Column { title: "rounds", align: Align::Left, sacrifice: 7 },
        Column { title: "drift", align: Align::Right, sacrifice: 3 },
        Column { title: "verdict", align: Align::Left, sacrifice: 0 },
    ];
    const DRIFT: usize = 8;
    let any_drift = comparison.benchmarks.iter().any(|row| row.drift.is_some());
    let shown = |&(index, _): &(usize, &Column)| any_drift || index != DRIFT;
    let titles: Vec<Column> =
        COLUMNS.iter().enumerate().filter(shown).map(|(_, column)| *column).collect();
    let rows: Vec<Vec<String>> = comparison
        .benchmarks
        .iter()
        .map(|row| {
            let mut cells = vec![
                row.verdict.glyph().to_string(),
                terminal(&name(&row.id, &row.metric)),
                value(row.baseline, &row.unit),
                value(row.candidate, &row.unit),
                change(row.change),
                interval(row.interval),
                noise(row),
                rounds(row),
            ];
            cells.extend(any_drift.then(|| drift(row)));
            cells.push(verdict(row));
            cells
        })
        .collect();
    let style = |line: usize| match line.checked_sub(1).and_then(|i| comparison.benchmarks.get(i)) {
        None => (BOLD.to_owned(), RESET.to_owned()),
        Some(row) if row_colour(row).is_empty() => (String::new(), String::new()),
        Some(row) => (row_colour(row).to_owned(), RESET.to_owned()),
    };
    columns(&titles, &rows, width, style)
}

/// `head`, coloured, and `text` behind it: broken into lines, of which all but the first are
/// indented.
pub(super) fn paragraph(colour: &str, head: &str, text: &str, width: Option<usize>) -> String {
    let room = width.map(|width| width.saturating_sub(INDENT.len()).max(20));
    let lines = wrapped(&format!("{head} {text}"), room);
    let mut out = lines.join(&format!("\n{INDENT}"));
    if !colour.is_empty() {
        let end = coloured_end(&out, head);
        out.insert_str(end, RESET);
        out.insert_str(0, colour);
    }
    out + "\n"
}

/// Where in `out` the words of `head` end, which may have been broken into several lines.
fn coloured_end(out: &str, head: &str) -> usize {
    let mut left = head.chars().filter(|c| !c.is_whitespace()).count();
    for (at, c) in out.char_indices() {
        if left == 0 {
            return at;
        }
        left -= usize::from(!c.is_whitespace());
    }
    out.len()
}

/// The style of a table without colours: its titles stand out.
pub(super) fn title_in_bold(line: usize) -> (String, String) {
    match line {
        0 => (BOLD.to_owned(), RESET.to_owned()),
        _ => (String::new(), String::new()),
    }
}
