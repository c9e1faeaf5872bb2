//! A series drawn in a terminal: a dot for each run, its levels, and its change points.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::change::{Effect, Occasion, SeriesChanges, State};
use crate::model::Unit;
use crate::stats;
use crate::text::{quantity, terminal, wrapped};

/// The rows of the drawing. Odd, so that the middle of the scale is the middle of a row.
const ROWS: usize = 13;
const MIDDLE: usize = ROWS / 2;
/// A character of braille holds two dots beside and four above one another.
const DOTS_ACROSS: usize = 2;
const DOTS_DOWN: usize = 4;
/// The narrowest drawing, and how wide one of few runs is.
const NARROWEST: usize = 8;
const OF_FEW: usize = 20;
/// The share of the values at either end that may lie beyond the drawing: lone outliers would press
/// the rest into one row. They are drawn at its edge.
const BEYOND: f64 = 0.01;
/// How many characters of a commit's id are shown.
const SHORT: usize = 10;

/// Draws a series in at most `width` columns, newest run at the right: `⠂` a run, `─` a level, `│` a
/// settled change point, `┊` a probable one, with `▲` below where it got worse and `▼` where it got
/// better, hollow where that is acknowledged; below that the first and the last run, and what the
/// signs mean.
pub(super) fn drawing(series: &SeriesChanges, width: usize) -> String {
    let Some(scale) = Scale::of(series) else { return String::new() };
    let labels = scale.labels(&Unit::parse(&series.unit).0, width / 2);
    let margin = labels.iter().map(|label| label.width()).max().unwrap_or(0);
    let columns = width.saturating_sub(margin + 2).max(NARROWEST);
    let columns = columns.min(series.values.len().max(OF_FEW));
    let grid = Grid { series, scale, columns };
    let (dots, behind, marks) = (grid.dots(), grid.behind(), grid.marks());
    let mut out = String::new();
    for ((label, dots), behind) in labels.iter().zip(&dots).zip(&behind) {
        let cells = dots.iter().zip(behind).map(|(dots, behind)| match dots {
            0 => *behind,
            dots => char::from_u32(0x2800 + u32::from(*dots)).unwrap_or(' '),
        });
        let line: String = cells.collect();
        let padding = " ".repeat(margin - label.width());
        out += &format!("{padding}{label} ┤{}\n", line.trim_end());
    }
    let blank = " ".repeat(margin + 1);
    out += &format!("{blank}└{}\n", "─".repeat(columns));
    let marks: String = marks.into_iter().collect();
    if !marks.trim().is_empty() {
        out += &format!("{blank} {}\n", marks.trim_end());
    }
    if let Some(ends) = &series.ends {
        out += &runs_axis(ends, margin + 2, columns, width);
    }
    out + &legend(series, width)
}

/// What the rows stand for.
struct Scale {
    /// The value at the upper edge, and how many the rows hold; both times `factor`.
    top: f64,
    span: f64,
    /// What values are multiplied by, so that their differences are numbers.
    factor: f64,
    /// Whether all values and levels are the same.
    constant: bool,
}

impl Scale {
    fn of(series: &SeriesChanges) -> Option<Self> {
        const HUGE: f64 = 1e300;
        let largest = series.values.iter().map(|v| v.abs()).fold(0.0, f64::max);
        let factor = if largest > HUGE { 1.0 / 16.0 } else { 1.0 };
        let values: Vec<f64> =
            series.values.iter().filter(|v| v.is_finite()).map(|v| v * factor).collect();
        let sorted = stats::sorted(&values);
        let mut low = stats::quantile(&sorted, BEYOND)?;
        let mut high = stats::quantile(&sorted, 1.0 - BEYOND)?;
        for level in series.segments.iter().flat_map(|s| [s.level, s.level_at_end]) {
            low = low.min(level * factor);
            high = high.max(level * factor);
        }
        // What differs by the rounding of its logarithms does not differ.
        let constant = high - low <= high.abs().max(low.abs()) * 1e-12;
        let middle = f64::midpoint(low, high);
        // A quiet series looks flat: the drawing spans at least a fiftieth of the value.
        let span = if constant { 0.0 } else { high - low }.max(middle.abs() / 50.0);
        let span = if span > 0.0 { span } else { 1.0 };
        Some(Self { top: middle + span / 2.0, span, factor, constant })
    }

    /// Which of `steps` from the top down a value is in.
    fn down(&self, value: f64, steps: usize) -> usize {
        scaled((self.top - value * self.factor) / self.span, steps)
    }

    /// The value in the middle of the first, the middle and the last row, the middle one's alone
    /// where there is no other; at most `widest` columns each.
    fn labels(&self, unit: &Unit, widest: usize) -> Vec<String> {
        let label = |row: usize| {
            let shown = if self.constant { row == MIDDLE } else { row.is_multiple_of(MIDDLE) };
            if !shown {
                return String::new();
            }
            let value = (self.top - self.span * (row as f64 + 0.5) / ROWS as f64) / self.factor;
            let mut used = 0;
            let shown = quantity(value.clamp(f64::MIN, f64::MAX), unit);
            let within = shown.chars().take_while(|c| {
                used += c.width().unwrap_or(0);
                used <= widest
            });
            within.collect::<String>().trim_end().to_owned()
        };
        (0..ROWS).map(label).collect()
    }
}

/// Where things stand in the drawing.
struct Grid<'a> {
    series: &'a SeriesChanges,
    scale: Scale,
    columns: usize,
}

impl Grid<'_> {
    fn across(&self, index: usize, steps: usize) -> usize {
        scaled((index as f64 + 0.5) / self.series.values.len() as f64, steps)
    }

    /// The dots in each character.
    fn dots(&self) -> Vec<Vec<u8>> {
        let mut dots = vec![vec![0_u8; self.columns]; ROWS];
        let values = self.series.values.iter().enumerate();
        for (index, &value) in values.filter(|(_, value)| value.is_finite()) {
            let x = self.across(index, self.columns * DOTS_ACROSS);
            let y = self.scale.down(value, ROWS * DOTS_DOWN);
            let row = dots.get_mut(y / DOTS_DOWN);
            if let Some(cell) = row.and_then(|row| row.get_mut(x / DOTS_ACROSS)) {
                *cell |= dot(x % DOTS_ACROSS, y % DOTS_DOWN);
            }
        }
        dots
    }

    /// What is seen where there are no dots.
    fn behind(&self) -> Vec<Vec<char>> {
        let mut behind = vec![vec![' '; self.columns]; ROWS];
        for change in &self.series.change_points {
            let column = self.across(change.index, self.columns);
            let line = if change.state == State::Settled { '│' } else { '┊' };
            for row in &mut behind {
                set(row, column, line);
            }
        }
        for segment in &self.series.segments {
            let last = segment.end.saturating_sub(1).max(segment.start);
            let length = (last - segment.start).max(1) as f64;
            let columns =
                self.across(segment.start, self.columns)..=self.across(last, self.columns);
            for column in columns {
                let index = (column as f64 + 0.5) / self.columns as f64
                    * self.series.values.len() as f64
                    - 0.5;
                let share = ((index - segment.start as f64) / length).clamp(0.0, 1.0);
                let level = segment.level * (1.0 - share) + segment.level_at_end * share;
                if let Some(row) = behind.get_mut(self.scale.down(level, ROWS)) {
                    set(row, column, '─');
                }
            }
        }
        behind
    }

    /// A sign below each change point; of several in a column that of the newest.
    fn marks(&self) -> Vec<char> {
        let mut marks = vec![' '; self.columns];
        for change in &self.series.change_points {
            let column = self.across(change.index, self.columns);
            set(&mut marks, column, mark(change.effect, change.acknowledged.is_some()));
        }
        marks
    }
}

/// The sign of a change: `▲` for the worse, `▼` for the better, hollow when it is acknowledged.
pub(super) fn mark(effect: Effect, acknowledged: bool) -> char {
    match (effect, acknowledged) {
        (Effect::Regression, false) => '▲',
        (Effect::Regression, true) => '△',
        (Effect::Improvement, false) => '▼',
        (Effect::Improvement, true) => '▽',
    }
}

/// The first and the last run, below the ends of the axis if there is room, else one below the other.
fn runs_axis([first, last]: &[Occasion; 2], margin: usize, columns: usize, width: usize) -> String {
    let (first, last) = (occasion(first), occasion(last));
    let room = columns.saturating_sub(first.width() + last.width());
    if room >= 2 {
        return format!("{}{first}{}{last}\n", " ".repeat(margin), " ".repeat(room));
    }
    let lines = wrapped(&format!("from {first} to {last}"), Some(width));
    lines_of(lines.into_iter())
}

/// `2026-01-31 0123456789`, or the run's id where neither is known.
fn occasion(run: &Occasion) -> String {
    let commit = run.commit.as_ref().map(|id| id.chars().take(SHORT).collect::<String>());
    let known: Vec<String> = run.day.clone().into_iter().chain(commit).collect();
    terminal(&if known.is_empty() { run.run.clone() } else { known.join(" ") })
}

/// What the signs mean that are seen, each whole in its line.
fn legend(series: &SeriesChanges, width: usize) -> String {
    let any = |wanted: &dyn Fn(&crate::change::ChangePoint) -> bool| {
        series.change_points.iter().any(wanted)
    };
    let of = |effect| move |c: &crate::change::ChangePoint| c.effect == effect;
    let signs = [
        (true, "⠂ run"),
        (!series.segments.is_empty(), "─ level"),
        (any(&|c| c.state == State::Settled), "│ change"),
        (any(&|c| c.state == State::Probable), "┊ probable"),
        (any(&of(Effect::Regression)), "▲ worse"),
        (any(&of(Effect::Improvement)), "▼ better"),
        (any(&|c| c.acknowledged.is_some()), "△▽ acknowledged"),
    ];
    let mut lines: Vec<String> = Vec::new();
    for (_, sign) in signs.iter().filter(|(seen, _)| *seen) {
        match lines.last_mut() {
            Some(line) if line.width() + 2 + sign.width() <= width => *line += &format!("  {sign}"),
            _ => lines.push((*sign).to_owned()),
        }
    }
    lines_of(lines.into_iter())
}

/// Lines as text.
pub(super) fn lines_of(lines: impl Iterator<Item = String>) -> String {
    lines.fold(String::new(), |text, line| text + &line + "\n")
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
