//! How found change points are scored against the truth.

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
