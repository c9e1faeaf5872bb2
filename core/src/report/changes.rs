//! Changes for people: by event, and a series drawn.

use super::change_words::{
    about, circumstance, counts, drift_text, drifting, footnote, headline, is_of_several_machines,
    now, place, probability, row, short, sign,
};
use super::drawing::{drawing, lines_of, mark};
use super::terminal::{BOLD, DIM, RESET, paragraph, title_in_bold};
use super::words::{change, counted, interval, name, size, value};
use crate::change::{Changes, Event, SeriesChanges};
use crate::text::{Align, Column, columns, terminal, wrapped};

/// On a narrower terminal the intervals and q-values are left to the other formats: the benchmarks'
/// names tell more.
const WIDE: usize = 100;

/// The events, newest first, each with its benchmarks; the drifts; what was left out; a last line
/// with all counts. `width` is the terminal's, where it has one. Without the warnings.
pub fn changes_table(changes: &Changes, width: Option<usize>) -> String {
    let mut out = String::new();
    for event in changes.events.iter().rev() {
        let head = format!(
            "{} {}{}:",
            sign(event),
            terminal(&place(event)),
            event.subject.as_ref().map_or_else(String::new, |s| format!(" {}", terminal(s))),
        );
        out += &paragraph(colour(event), &head, &headline(event), width);
        for line in about(changes, event) {
            out += &indented(&terminal(&line), width);
        }
        out += &table(changes, event, width);
        out.push('\n');
    }
    for (series, drift) in drifting(changes) {
        out += &paragraph("", "~", &terminal(&drift_text(series, drift)), width);
    }
    if changes.summary.drifting > 0 {
        out.push('\n');
    }
    if changes.events.is_empty() {
        out += "no change points\n";
    }
    for left_out in &changes.skipped {
        let text = format!("left out {}: {}", left_out.name, left_out.reason);
        out += &paragraph("", "", &terminal(&text), width);
    }
    out += &paragraph(BOLD, &counts(changes), "", width);
    if let Some(footnote) = footnote(changes) {
        out += &paragraph(DIM, &footnote, "", width);
    }
    out
}

/// A dim paragraph below an event's first line.
fn indented(text: &str, width: Option<usize>) -> String {
    let room = width.map(|width| width.saturating_sub(2));
    lines_of(wrapped(text, room).iter().map(|line| format!("  {DIM}{line}{RESET}")))
}

/// An event's members.
fn table(changes: &Changes, event: &Event, width: Option<usize>) -> String {
    let column = |title, align, sacrifice| Column { title, align, sacrifice };
    let mut kept = vec![
        (0, column("", Align::Left, 1)),
        (1, column("benchmark", Align::Left, 0)),
        (3, column("before", Align::Right, 5)),
        (4, column("after", Align::Right, 4)),
        (5, column("change", Align::Right, 0)),
    ];
    if is_of_several_machines(changes) {
        kept.insert(2, (2, column("machine", Align::Left, 2)));
    }
    if width.is_none_or(|width| width >= WIDE) {
        kept.push((6, column("interval", Align::Left, 6)));
        kept.push((7, column("q", Align::Left, 7)));
    }
    kept.push((8, column("now", Align::Left, 3)));
    let cells = event.members.iter().filter_map(|member| row(changes, member));
    let shown = |cells: [String; 9]| -> Vec<String> {
        kept.iter().filter_map(|(at, _)| cells.get(*at)).map(|cell| terminal(cell)).collect()
    };
    let rows: Vec<Vec<String>> = cells.map(shown).collect();
    let columns_kept: Vec<Column> = kept.iter().map(|(_, column)| *column).collect();
    let room = width.map(|width| width.saturating_sub(2));
    let lines = columns(&columns_kept, &rows, room, title_in_bold);
    lines_of(lines.lines().map(|line| format!("  {line}")))
}

fn colour(event: &Event) -> &'static str {
    // As in a comparison: orange and blue, told apart in the common kinds of colour blindness.
    match event {
        event if event.acknowledged.is_some() => DIM,
        event if event.regressions > 0 => "\u{1b}[1;38;5;208m",
        _ => "\u{1b}[38;5;39m",
    }
}

/// One series drawn in at most `width` columns, with a line for each change point and for its drift.
pub fn series_chart(series: &SeriesChanges, width: usize) -> String {
    let largest = series.values.iter().map(|v| v.abs()).fold(0.0, f64::max);
    let noise = match () {
        () if series.values.iter().all(|v| *v > 0.0) => size(series.noise),
        // The rounding of the arithmetic is none.
        () if series.noise <= largest * 1e-9 || largest == 0.0 => "none".to_owned(),
        () => value(Some(series.noise), &series.unit),
    };
    let figure = series.statistic.map_or_else(String::new, |s| format!("{} of each of ", s.word()));
    let about = format!(
        "{figure}{} on {}, noise {noise}",
        counted(series.points, "run"),
        terminal(&series.machine),
    );
    let head = terminal(&name(&series.id, &series.metric));
    let mut out = paragraph(BOLD, &format!("{head}:"), &about, Some(width));
    out += &drawing(series, width);
    for point in &series.change_points {
        let place = point.commit.as_deref().map_or_else(|| point.run.clone(), short);
        let mut text = format!(
            "{} → {}, {} {}, q {}; {}",
            value(Some(point.before), &series.unit),
            value(Some(point.after), &series.unit),
            change(point.change),
            interval(point.interval),
            probability(point.q_value),
            terminal(&now(series, point)),
        );
        if let Some(reason) = point.acknowledged.as_ref().filter(|reason| !reason.is_empty()) {
            text += &format!(": {}", terminal(reason));
        }
        for what in &point.circumstances {
            text += &format!("; {}", terminal(&circumstance(what, &point.run)));
        }
        let sign = mark(point.effect, point.acknowledged.is_some());
        out += &paragraph("", &format!("{sign} {}:", terminal(&place)), &text, Some(width));
    }
    if let Some(drift) = &series.drift {
        out += &paragraph("", "~", &terminal(&drift_text(series, drift)), Some(width));
    }
    out
}
