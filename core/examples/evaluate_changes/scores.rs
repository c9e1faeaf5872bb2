//! How found change points are scored against the truth.

use driftline_core::change::SeriesShift;

use crate::generator::Labelled;

/// Counts of found and true change points.
#[derive(Debug, Default, Clone, Copy)]
pub struct Score {
    pub hits: usize,
    pub found: usize,
    pub truth: usize,
}

impl Score {
    /// Counts one series: each true change point is met by at most one found within `margin` runs,
    /// the nearest pairs first.
    pub fn add(&mut self, truth: &[usize], found: &[usize], margin: usize) {
        self.hits += matched(truth, found, margin).len();
        self.found += found.len();
        self.truth += truth.len();
    }

    pub fn merge(&mut self, other: &Self) {
        self.hits += other.hits;
        self.found += other.found;
        self.truth += other.truth;
    }

    pub fn precision(&self) -> f64 {
        if self.found == 0 { 1.0 } else { self.hits as f64 / self.found as f64 }
    }

    pub fn recall(&self) -> f64 {
        if self.truth == 0 { 1.0 } else { self.hits as f64 / self.truth as f64 }
    }

    pub fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 { 0.0 } else { 2.0 * p * r / (p + r) }
    }
}

/// The pairs of a true and a found change point, by their places in the two lists.
pub fn matched(truth: &[usize], found: &[usize], margin: usize) -> Vec<(usize, usize)> {
    let mut pairs: Vec<(usize, usize, usize)> = Vec::new();
    for (i, t) in truth.iter().enumerate() {
        for (j, f) in found.iter().enumerate() {
            if t.abs_diff(*f) <= margin {
                pairs.push((t.abs_diff(*f), i, j));
            }
        }
    }
    pairs.sort_unstable();
    let mut taken: Vec<(usize, usize)> = Vec::new();
    for (_, i, j) in pairs {
        if taken.iter().all(|(a, b)| *a != i && *b != j) {
            taken.push((i, j));
        }
    }
    taken
}

/// Everything counted of one kind of history.
#[derive(Debug, Default, Clone, Copy)]
pub struct Tally {
    score: Score,
    inside: usize,
    sized: usize,
    located: usize,
    width: usize,
    pub flat_points: usize,
    pub flat_found: usize,
    pub flat_series: usize,
    pub flat_late: usize,
}

/// A found change point belongs to a step that is not further off.
const BELONGS: usize = 15;
/// How far off it may be to count as found.
const MARGIN: usize = 3;

impl Tally {
    /// Counts one history with steps.
    pub fn add(&mut self, labelled: &Labelled, shifts: &[SeriesShift]) {
        let found: Vec<usize> = shifts.iter().map(|shift| shift.index).collect();
        self.score.add(&labelled.steps, &found, MARGIN);
        for (step, place) in matched(&labelled.steps, &found, BELONGS) {
            let (at, size, shift) = (labelled.steps[step], labelled.sizes[step], shifts[place]);
            let [first, last] = shift.candidates;
            self.located += 1;
            self.width += last - first + 1;
            self.inside += usize::from((first..=last).contains(&at));
            self.sized += usize::from(shift.interval.is_some_and(|[l, u]| l <= size && size <= u));
        }
    }

    pub fn merge(&mut self, other: &Self) {
        self.score.merge(&other.score);
        self.inside += other.inside;
        self.sized += other.sized;
        self.located += other.located;
        self.width += other.width;
        self.flat_points += other.flat_points;
        self.flat_found += other.flat_found;
        self.flat_series += other.flat_series;
        self.flat_late += other.flat_late;
    }

    pub fn title() {
        println!(
            "{:<18} precision recall    F1  false/1000  candidates hold  runs  size holds  late",
            ""
        );
    }

    /// Prints precision, recall and F1; false ones among 1,000 runs of flat histories; how often the
    /// candidates hold the step, and how many they are; how often the interval holds its size; and in
    /// which share of flat histories there is an alarm in the last ten runs.
    pub fn print(&self, name: &str) {
        let ratio = |part: usize, whole: usize| part as f64 / whole.max(1) as f64;
        println!(
            "{name:<18} {:>9.3} {:>6.3} {:>5.3} {:>11.2} {:>16.3} {:>5.1} {:>11.3} {:>5.3}",
            self.score.precision(),
            self.score.recall(),
            self.score.f1(),
            1_000.0 * ratio(self.flat_found, self.flat_points),
            ratio(self.inside, self.located),
            ratio(self.width, self.located),
            ratio(self.sized, self.located),
            ratio(self.flat_late, self.flat_series),
        );
    }
}
