use std::ops::Range;

use super::elimination::eliminate;
use super::ending::{Ending, ending};
use super::noise::{Noise, residuals};
use super::partition::{levels, loss, partition};
use super::signal::Signal;
use super::slope::{slope_within, without_slope};
use crate::stats;

/// The penalty of a segment in the partition, in units of ln n: it proposes change points, and the
/// test of each disposes.
const PENALTY: f64 = 3.0;
/// How often the noise is estimated from the segments and the segments found in that noise.
const PASSES: usize = 3;
/// How often the slope is estimated from the segments that its removal leaves.
const SLOPES: usize = 2;
/// A change point is kept when the best split of unchanged code shows as much less often than this.
const LEVEL: f64 = 1e-3;
/// The same for a change that is not settled yet.
const LEVEL_AT_THE_END: f64 = 2e-3;
/// Fewer values have no change point.
const FEWEST: usize = 5;
/// How many runs a change must have lasted to be settled: what a team wants to hear of a younger
/// one is said apart, with a false-alarm rate of its own.
pub const SETTLED_AFTER: usize = 6;

/// Where a series shifts: for each change point that is settled, the 0-based index of the first
/// value after it, ascending.
///
/// In: the values of a series in commit order. Values that are no finite numbers are left out; all
/// above 0, they are analysed as logarithms, else as they are. Fewer than 5 values have no change
/// point; nor have values that are all equal. A change is settled when at least six values follow.
/// Deterministic. O(n (256 + log n)).
///
/// ```
/// # use driftline_core::change::segment;
/// let series: Vec<f64> = (0..40).map(|t| f64::from(100 + t % 3 + if t < 25 { 0 } else { 12 })).collect();
/// assert_eq!(segment(&series), [25]);
/// ```
pub fn segment(series: &[f64]) -> Vec<usize> {
    let signal = Signal::of(series);
    let found = Segmentation::of(&signal.values);
    found.starts.iter().skip(1).filter_map(|&s| signal.positions.get(s).copied()).collect()
}

/// The values of a series that belong to its present level: those since the last settled change
/// point, less the newest ones if these have probably shifted already. All of the series when it
/// has no change point.
///
/// ```
/// # use driftline_core::change::current_level;
/// let series: Vec<f64> = (0..40).map(|t| f64::from(100 + t % 3 + if t < 25 { 0 } else { 12 })).collect();
/// assert_eq!(current_level(&series), 25..40);
/// ```
pub fn current_level(series: &[f64]) -> Range<usize> {
    let signal = Signal::of(series);
    let found = Segmentation::of(&signal.values);
    let position = |at: usize| signal.positions.get(at).copied();
    let start = match found.starts.last() {
        Some(&start) if start > 0 => position(start).unwrap_or(0),
        _ => 0,
    };
    let end = found.ending.and_then(|e| position(e.at)).unwrap_or(series.len());
    start..end
}

/// What was found in a series, on the scale of the analysis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Segmentation {
    /// Where each segment begins; the first at 0.
    pub starts: Vec<usize>,
    /// A change in the newest values that is not settled.
    pub ending: Option<Ending>,
    /// The noise around the segments.
    pub noise: Noise,
    /// The values less their slope.
    pub values: Vec<f64>,
    /// The slope per value that all segments share.
    pub slope: f64,
}

impl Segmentation {
    /// Finds the segments of a series on the scale of the analysis.
    pub(super) fn of(values: &[f64]) -> Self {
        let mut found = Self::by_levels(values.to_vec(), 0.0);
        if values.len() < FEWEST {
            return found;
        }
        if found.starts.len() > 1 {
            found = found.or_with_a_slope(values);
        }
        let n = values.len();
        // The newest values are no segment of their own before they are settled.
        let young =
            found.starts.iter().copied().find(|&s| s > 0 && n - s < SETTLED_AFTER).unwrap_or(n);
        found.starts.retain(|&s| s < young);
        let settled = found.values.get(..young).unwrap_or_default();
        found.starts = eliminate(settled, &found.noise, &found.starts, LEVEL);
        found.starts.retain(|&s| s == 0 || n - s >= SETTLED_AFTER);
        let last = found.starts.last().copied().unwrap_or(0);
        found.ending = ending(&found.values, &found.noise, last, LEVEL_AT_THE_END);
        found
    }

    /// Segments of constant level: the partition and the noise it leaves, in turns.
    fn by_levels(values: Vec<f64>, slope: f64) -> Self {
        let noise = Noise::of_differences(&values);
        let mut found = Self { starts: vec![0], ending: None, noise, values, slope };
        if found.values.len() < FEWEST {
            return found;
        }
        let floor = found.noise.sigma;
        let ascending = stats::sorted(&found.values);
        for _ in 0..PASSES {
            let grid = levels(&ascending, found.noise.sigma);
            let weights = found.noise.weights();
            let starts = partition(&found.values, &weights, &grid, found.penalty());
            let settled = starts == found.starts;
            found.starts = starts;
            if settled {
                break;
            }
            found.noise = Noise::of_segments(&found.values, &found.starts, floor);
        }
        found
    }

    /// This, or the segments around a line if these explain the values at less cost.
    fn or_with_a_slope(self, values: &[f64]) -> Self {
        let (noise, penalty) = (self.noise.clone(), self.penalty());
        let cost = |found: &Self| found.loss(&noise) + penalty * found.starts.len() as f64;
        let mut least = cost(&self);
        let mut best = self;
        for starts in [best.starts.clone(), vec![0]] {
            let mut slope = slope_within(values, &starts, &noise);
            for _ in 0..SLOPES {
                let other = Self::by_levels(without_slope(values, slope), slope);
                slope += slope_within(&other.values, &other.starts, &other.noise);
                // The slope costs as much as a segment.
                let total = cost(&other) + penalty;
                if total < least {
                    (least, best) = (total, other);
                }
            }
        }
        best
    }

    /// What a further segment costs.
    fn penalty(&self) -> f64 {
        PENALTY * libm::log(self.values.len() as f64) * self.noise.inflation
    }

    /// How badly the segments explain the values, in `noise`.
    fn loss(&self, noise: &Noise) -> f64 {
        let residuals = residuals(&self.values, &self.starts);
        residuals.iter().zip(&noise.local).map(|(r, s)| loss(r / s)).sum()
    }
}
