//! Figures on one axis, drawn with characters: the launches of two sides, and an interval with what
//! it is held against.

/// Places on a line of characters that stand for the values of a span.
#[derive(Debug, Clone, Copy)]
struct Scale {
    low: f64,
    high: f64,
    width: usize,
}

impl Scale {
    /// A scale that holds all `values`, if there is one; never less than `least` wide, so that
    /// what hardly differs does not look like a mountain range.
    fn of(values: impl Iterator<Item = f64> + Clone, least: f64, width: usize) -> Option<Self> {
        let low = values.clone().reduce(f64::min)?;
        let high = values.reduce(f64::max)?;
        let middle = low / 2.0 + high / 2.0;
        let half = ((high - low).max(least) / 2.0).max(f64::MIN_POSITIVE);
        Some(Self { low: middle - half, high: middle + half, width })
            .filter(|scale| (scale.high - scale.low).is_finite() && width > 1)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "clamped to the line's places before"
    )]
    fn place(self, value: f64) -> usize {
        let last = (self.width - 1) as f64;
        ((value - self.low) / (self.high - self.low) * last).round().clamp(0.0, last) as usize
    }
}

/// A line of `width` blanks on which characters are put.
struct Line(Vec<char>);

impl Line {
    fn new(width: usize, filling: char) -> Self {
        Self(vec![filling; width])
    }

    fn put(&mut self, place: usize, mark: char) {
        if let Some(slot) = self.0.get_mut(place) {
            *slot = mark;
        }
    }

    fn text(&self) -> String {
        self.0.iter().collect::<String>().trim_end().to_owned()
    }
}

/// One side's launches, oldest first, and the level they were found to have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Launches<'a> {
    pub(super) figures: &'a [f64],
    pub(super) level: Option<f64>,
}

/// The launches of two sides on one axis.
#[derive(Debug, PartialEq)]
pub(super) struct Strips {
    /// Above the axis; the line next to it last.
    pub(super) baseline: Vec<String>,
    /// The axis: `┴` stands at the baseline's level, `┬` at the candidate's, `┼` at both.
    pub(super) axis: String,
    /// Below the axis.
    pub(super) candidate: Vec<String>,
    /// The values at the axis' ends.
    pub(super) ends: [f64; 2],
}

/// How high launches of equal figures are piled; the uppermost then stands for the rest.
const HIGHEST: usize = 4;

/// Draws launches: each is shown by its number, oldest first, `1` to `9` and then `a` to `z`; those
/// that share a place are piled up, and `+` stands for what would be piled too high. `None` where
/// there is no launch. O(launches).
pub(super) fn strips(
    baseline: Launches<'_>,
    candidate: Launches<'_>,
    width: usize,
) -> Option<Strips> {
    let sides = [baseline, candidate];
    let all = sides
        .iter()
        .flat_map(|side| side.figures.iter().copied().chain(side.level))
        .filter(|figure| figure.is_finite());
    let middle = all.clone().map(f64::abs).reduce(f64::max)?;
    let scale = Scale::of(all, middle / 10.0, width)?;
    let mut axis = Line::new(width, '─');
    axis.put(0, '├');
    axis.put(width - 1, '┤');
    let [before, after] = sides.map(|side| side.level.map(|level| scale.place(level)));
    if let Some(place) = before {
        axis.put(place, '┴');
    }
    if let Some(place) = after {
        axis.put(place, if before == after { '┼' } else { '┬' });
    }
    let mut above = piled(baseline.figures, scale);
    above.reverse();
    Some(Strips {
        baseline: above,
        axis: axis.text(),
        candidate: piled(candidate.figures, scale),
        ends: [scale.low, scale.high],
    })
}

/// The launches as lines, the one that is next to the axis first.
fn piled(figures: &[f64], scale: Scale) -> Vec<String> {
    let mut height = vec![0_usize; scale.width];
    let mut lines: Vec<Line> = Vec::new();
    for (number, &figure) in figures.iter().enumerate().filter(|(_, figure)| figure.is_finite()) {
        let place = scale.place(figure);
        let Some(pile) = height.get_mut(place) else { continue };
        let line = (*pile).min(HIGHEST - 1);
        if line == lines.len() {
            lines.push(Line::new(scale.width, ' '));
        }
        let mark = if *pile < HIGHEST { ordinal(number) } else { '+' };
        *pile += 1;
        if let Some(line) = lines.get_mut(line) {
            line.put(place, mark);
        }
    }
    lines.iter().map(Line::text).collect()
}

/// The mark of the launch at a 0-based position.
fn ordinal(position: usize) -> char {
    u32::try_from(position + 1).ok().and_then(|n| char::from_digit(n, 36)).unwrap_or('+')
}

/// Draws the interval `[low, high]` with its estimate in three lines: the interval, an axis with a
/// tick at 0 (`┼`) and at each of `limits`, and their labels; a label that finds no room is left
/// out. In the logarithm, so that a change and its undoing are equally far from 0. All are relative
/// changes, above −1.
pub(super) fn number_line(
    change: f64,
    [low, high]: [f64; 2],
    limits: &[f64],
    width: usize,
) -> Option<[String; 3]> {
    let log = libm::log1p;
    let all = [0.0, change, low, high].into_iter().chain(limits.iter().copied()).map(log);
    if !all.clone().all(f64::is_finite) {
        return None;
    }
    let scale = Scale::of(all, 0.02, width)?;
    let mut bar = Line::new(width, ' ');
    let (from, to) = (scale.place(log(low)), scale.place(log(high)));
    (from..=to).for_each(|place| bar.put(place, '─'));
    bar.put(from, '├');
    bar.put(to, '┤');
    bar.put(scale.place(log(change)), '●');
    let mut axis = Line::new(width, '─');
    let mut labels = Line::new(width, ' ');
    for &limit in limits {
        axis.put(scale.place(log(limit)), '┴');
    }
    axis.put(scale.place(0.0), '┼');
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for mark in [0.0].into_iter().chain(limits.iter().copied()) {
        let label = if mark == 0.0 { "0".to_owned() } else { crate::text::percent(mark) };
        let length = label.chars().count();
        let start = scale.place(log(mark)).saturating_sub(length / 2);
        let start = start.min(width.saturating_sub(length));
        let end = start + length;
        if taken.iter().any(|&(from, to)| start <= to && from <= end) {
            continue;
        }
        taken.push((start, end));
        label.chars().enumerate().for_each(|(at, c)| labels.put(start + at, c));
    }
    Some([bar.text(), axis.text(), labels.text()])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launches(figures: &[f64]) -> Launches<'_> {
        Launches { figures, level: figures.iter().copied().reduce(f64::min) }
    }

    #[test]
    fn launches_stand_where_their_figures_are() {
        let before = [100.0, 110.0, 100.0];
        let after = [200.0, 150.0];
        let strips = strips(launches(&before), launches(&after), 21).unwrap();
        assert_eq!(strips.baseline, ["3", "1 2"]);
        assert_eq!(strips.axis, "┴─────────┬─────────┤");
        assert_eq!(strips.candidate, ["          2         1"]);
        assert_eq!(strips.ends, [100.0, 200.0]);
    }

    #[test]
    fn what_hardly_differs_stands_together_and_piles_end() {
        let strips = strips(launches(&[100.0; 30]), launches(&[100.1]), 21).unwrap();
        assert_eq!(strips.baseline, ["+", "3", "2", "1"].map(|mark| format!("{mark:>11}")));
        assert_eq!(strips.candidate, ["          1"]);
        assert_eq!(strips.axis, "├─────────┼─────────┤");
    }

    #[test]
    fn edges_of_strips() {
        assert_eq!(strips(Launches::default(), Launches::default(), 20), None);
        assert!(strips(launches(&[0.0]), Launches::default(), 20).is_some());
        assert!(strips(launches(&[-5.0, 5.0]), launches(&[f64::NAN, 0.0]), 20).is_some());
        assert_eq!(strips(launches(&[f64::MAX]), launches(&[f64::MIN]), 20), None);
        assert_eq!(strips(launches(&[1.0]), launches(&[1.0]), 1), None);
        assert_eq!((ordinal(8), ordinal(9), ordinal(34), ordinal(35)), ('9', 'a', 'z', '+'));
    }

    #[test]
    fn an_interval_stands_between_its_limits() {
        // 1/1.25 … 1.25 with 1 in the middle, in the logarithm.
        let line = number_line(0.1, [0.0, 0.25], &[0.25, -0.2], 41).unwrap();
        assert_eq!(line[0], "                    ├────────●──────────┤");
        assert_eq!(line[1], "┴───────────────────┼───────────────────┴");
        assert_eq!(line[2], "−20.0 %             0             +25.0 %");
    }

    #[test]
    fn edges_of_number_lines() {
        assert_eq!(number_line(f64::INFINITY, [0.0, 1.0], &[], 40), None);
        assert_eq!(number_line(-1.0, [-1.0, 0.0], &[], 40), None);
        let [_, axis, labels] = number_line(0.0, [0.0, 0.0], &[0.0, 0.0], 11).unwrap();
        assert_eq!((axis.as_str(), labels.as_str()), ("─────┼─────", "     0"));
        // Limits that are near 0 beside a wide interval keep their tick, not their label.
        let [_, axis, labels] = number_line(5.0, [1.0, 20.0], &[0.05, -0.04], 30).unwrap();
        assert!(axis.contains('┼') && labels.trim() == "0", "{axis}\n{labels}");
    }
}
