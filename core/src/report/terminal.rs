//! Tables for a terminal. Colours are ANSI sequences; whoever writes to something that is no
//! terminal strips them.

use super::words::{
    benchmarks, change, common_shift, counts, drift, drifted, interval, is_notable, name, noise,
    rounds, size, tail_slower, value, verdict,
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
        Verdict::Unchanged | Verdict::Improved if drifted(row) => colour(Verdict::Regressed),
        Verdict::Unchanged if tail_slower(row) => colour(Verdict::Inconclusive),
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
            .map(|note| paragraph(note.colour, &note.head, &note.text, width))
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

/// Something to say below the table; escaped.
struct Note {
    colour: &'static str,
    head: String,
    text: String,
}

/// Why each verdict that asks for attention was given. Rows of which the same is to be said share a
/// note, and where a suite has many such rows the rest of them do.
fn notes(comparison: &Comparison) -> Vec<Note> {
    /// Inconclusive ones beyond this are summed up.
    const MOST_INCONCLUSIVE: usize = 8;
    /// So are others.
    const MOST: usize = 20;
    let mut groups: Vec<Vec<&Row>> = Vec::new();
    let explained = |row: &&Row| !matches!(row.verdict, Verdict::New | Verdict::Gone);
    for row in comparison.benchmarks.iter().filter(|row| is_notable(row)).filter(explained) {
        let alike = |group: &&mut Vec<&Row>| {
            group.first().is_some_and(|r| r.verdict == row.verdict && r.reasons == row.reasons)
        };
        match groups.iter_mut().find(alike) {
            Some(group) => group.push(row),
            None => groups.push(vec![row]),
        }
    }
    let of = |verdict: Verdict| {
        groups.iter().filter(move |group| group.first().is_some_and(|r| r.verdict == verdict))
    };
    let mut notes = Vec::new();
    for verdict in
        [Verdict::Regressed, Verdict::Inconclusive, Verdict::Improved, Verdict::Unchanged]
    {
        let groups: Vec<&Vec<&Row>> = of(verdict).collect();
        let most = match verdict {
            Verdict::Inconclusive if groups.len() > MOST_INCONCLUSIVE => 0,
            _ => MOST,
        };
        let (told, rest) = groups.split_at_checked(most).unwrap_or((&groups, &[]));
        notes.extend(told.iter().filter_map(|group| note(group)));
        let rest: Vec<&Row> = rest.iter().copied().flatten().copied().collect();
        notes.extend(summary(verdict, &rest, told.len()));
    }
    notes
}

/// What is to be said of rows that share it.
fn note(rows: &[&Row]) -> Option<Note> {
    const NAMED: usize = 3;
    let first = rows.first()?;
    let who = if rows.len() <= NAMED {
        let names: Vec<String> = rows.iter().map(|r| terminal(&name(&r.id, &r.metric))).collect();
        names.join(", ")
    } else {
        benchmarks(rows.len())
    };
    Some(Note {
        colour: row_colour(first),
        head: format!("{} {who}:", first.verdict.glyph()),
        text: terminal(&first.reasons.join("; ")),
    })
}

/// What is to be said of the rows that get no note of their own.
fn summary(verdict: Verdict, rows: &[&Row], told: usize) -> Option<Note> {
    let first = rows.first()?;
    let more = if told > 0 { " more" } else { "" };
    let mut text = String::new();
    let detectable = || rows.iter().filter_map(|row| row.smallest_detectable);
    let (least, most) = (detectable().reduce(f64::min), detectable().reduce(f64::max));
    if let Some((least, most)) = least.zip(most).filter(|_| verdict == Verdict::Inconclusive) {
        let (least, most) = (size(least), size(most));
        let range = if least == most { least } else { format!("{least} to {most}") };
        text = format!(
            "the smallest change for the worse that these data could have shown is {range}; "
        );
    }
    Some(Note {
        colour: row_colour(first),
        head: format!("{} {}{more} {}:", verdict.glyph(), rows.len(), verdict.word()),
        text: text + "`--explain` says more of each",
    })
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
