//! A series drawn in a terminal: a dot for each run, its levels, and its change points.

use crate::change::{SeriesChanges, State};
use crate::model::Unit;
use crate::stats;
use crate::text::quantity;

/// The rows of the drawing.
const ROWS: usize = 12;
/// A character of braille holds two dots beside and four above one another.
const DOTS_ACROSS: usize = 2;
const DOTS_DOWN: usize = 4;
/// The narrowest drawing.
const NARROWEST: usize = 20;
/// The share of the values at either end that may lie beyond the drawing: lone outliers would press
/// the rest into one row. They are drawn at its edge.
const BEYOND: f64 = 0.01;

/// Draws a series in at most `width` columns, newest run at the right: `⠂` a run, `─` a level, `│` a
/// settled change point, `┊` a probable one, with `▲` below.
pub(super) fn drawing(series: &SeriesChanges, width: usize) -> String {
    let sorted: Vec<f64> = stats::sorted(&series.values);
    let Some((mut low, mut high)) =
        stats::quantile(&sorted, BEYOND).zip(stats::quantile(&sorted, 1.0 - BEYOND))
    else {
        return String::new();
    };
    for segment in &series.segments {
        low = low.min(segment.level).min(segment.level_at_end);
        high = high.max(segment.level).max(segment.level_at_end);
    }
    // A quiet series looks flat: the drawing spans at least a fiftieth of the value.
    let middle = f64::midpoint(low, high);
    let span = (high - low).max(middle.abs() / 50.0);
    let span = if span > 0.0 && span.is_finite() { span } else { 1.0 };
    let top = middle + span / 2.0;

    let unit = Unit::parse(&series.unit).0;
    let label = |row: usize| {
        let value = top - span * (row as f64 + 0.5) / ROWS as f64;
        let shown = row == 0 || row == ROWS / 2 || row + 1 == ROWS;
        if shown { quantity(value, &unit) } else { String::new() }
    };
    let labels: Vec<String> = (0..ROWS).map(label).collect();
    let margin = labels.iter().map(|l| l.chars().count()).max().unwrap_or(0);
    let columns = width.saturating_sub(margin + 2).max(NARROWEST);
    let runs = series.values.len();
    let columns = columns.min(runs.max(NARROWEST));

    let across = |index: usize| scaled(index as f64 / runs as f64, columns * DOTS_ACROSS);
    let down = |value: f64, steps: usize| scaled((top - value) / span, steps);
    let mut dots = vec![vec![0_u8; columns]; ROWS];
    for (index, &value) in series.values.iter().enumerate() {
        let (x, y) = (across(index), down(value, ROWS * DOTS_DOWN));
        if let Some(cell) = dots.get_mut(y / DOTS_DOWN).and_then(|row| row.get_mut(x / DOTS_ACROSS))
        {
            *cell |= dot(x % DOTS_ACROSS, y % DOTS_DOWN);
        }
    }
    let mut marks = vec![' '; columns];
    let mut behind = vec![vec![' '; columns]; ROWS];
    for change in &series.change_points {
        let column = across(change.index) / DOTS_ACROSS;
        let line = if change.state == State::Settled { '│' } else { '┊' };
        for row in &mut behind {
            set(row, column, line);
        }
        set(&mut marks, column, '▲');
    }
    for segment in &series.segments {
        let length = segment.end.saturating_sub(segment.start).max(1) as f64;
        for column in across(segment.start) / DOTS_ACROSS..=across(segment.end - 1) / DOTS_ACROSS {
            let index = column as f64 / columns as f64 * runs as f64 - segment.start as f64;
            let share = (index / length).clamp(0.0, 1.0);
            let level = segment.level + share * (segment.level_at_end - segment.level);
            if let Some(row) = behind.get_mut(down(level, ROWS)) {
                set(row, column, '─');
            }
        }
    }
    let mut out = String::new();
    for ((label, dots), behind) in labels.iter().zip(&dots).zip(&behind) {
        let line: String = dots
            .iter()
            .zip(behind)
            .map(|(dots, behind)| match dots {
                0 => *behind,
                dots => char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' '),
            })
            .collect();
        let padding = " ".repeat(margin - label.chars().count());
        out += &format!("{padding}{label} ┤{}\n", line.trim_end());
    }
    let marks: String = marks.into_iter().collect();
    if !series.change_points.is_empty() {
        out += &format!("{}  {}\n", " ".repeat(margin), marks.trim_end());
    }
    out
}

fn set(row: &mut [char], column: usize, mark: char) {
    if let Some(cell) = row.get_mut(column) {
        *cell = mark;
    }
}

/// A share of `steps`, as the step it falls on.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the steps before"
)]
fn scaled(share: f64, steps: usize) -> usize {
    let last = steps.saturating_sub(1);
    ((share * steps as f64).floor().clamp(0.0, last as f64) as usize).min(last)
}

/// The bit of a dot in a braille character.
fn dot(x: usize, y: usize) -> u8 {
    match (x, y) {
        (0, 0) => 0x01,
        (0, 1) => 0x02,
        (0, 2) => 0x04,
        (0, _) => 0x40,
        (_, 0) => 0x08,
        (_, 1) => 0x10,
        (_, 2) => 0x20,
        _ => 0x80,
    }
}
