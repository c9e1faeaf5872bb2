use std::ops::Range;

use super::density::Density;
use super::elimination::eliminate;
use super::ending::{Ending, ending};
use super::noise::{Noise, residuals};
use super::partition::{Biweight, Loss, levels, partition};
use super::signal::{Signal, scale_of_differences};
use super::slope::{slope_within, without_slope};
use crate::stats;

/// The penalty of a segment in the partition by the bounded loss, in units of ln n. It is lenient:
/// this partition is for the noise and its shape, and a segment too many spoils them less than one
/// too few.
const PENALTY: f64 = 2.0;
/// The same for the first pass, which knows nothing of the noise but the differences.
const FIRST_PENALTY: f64 = 3.0;
/// The same for the partition by the density of the noise, which proposes the change points: each
/// adds a level and a place, and a place among n costs twice ln n.
const DENSITY_PENALTY: f64 = 3.0;
/// What a slope costs, in units of ln n: one number, and no place.
const SLOPE_PENALTY: f64 = 1.0;
/// How often the noise is estimated from the segments and the segments found in that noise.
const PASSES: usize = 3;
/// A change point is kept when the best split of unchanged code shows as much less often than this.
const LEVEL: f64 = 0.05;
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
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Segmentation {
    /// Where each segment begins; the first at 0.
    pub starts: Vec<usize>,
    /// A change in the newest values that is not settled.
    pub ending: Option<Ending>,
    /// The noise around the segments.
    pub noise: Noise,
    /// The values less their slope.
    pub values: Vec<f64>,
    /// The same in ascending order.
    ascending: Vec<f64>,
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
        found = found.by_density();
        let n = values.len();
        // The newest values are no segment of their own before they are settled.
        let young =
            found.starts.iter().copied().find(|&s| s > 0 && n - s < SETTLED_AFTER).unwrap_or(n);
        found.starts.retain(|&s| s < young);
        let settled = found.values.get(..young).unwrap_or_default();
        let density = Density::of(settled, &found.starts, &found.noise);
        found.starts = eliminate(settled, &found.noise, &density, &found.starts, LEVEL);
        found.starts.retain(|&s| s == 0 || n - s >= SETTLED_AFTER);
        let last = found.starts.last().copied().unwrap_or(0);
        found.ending = ending(&found.values, &found.noise, last, LEVEL_AT_THE_END);
        found
    }

    /// Segments of constant level: the partition and the noise it leaves, in turns.
    fn by_levels(values: Vec<f64>, slope: f64) -> Self {
        let noise = Noise::of_differences(&values);
        let ascending = stats::sorted(&values);
        let mut found = Self { starts: vec![0], ending: None, noise, values, ascending, slope };
        if found.values.len() < FEWEST {
            return found;
        }
        let floor = found.noise.sigma;
        let mut penalty = FIRST_PENALTY;
        for _ in 0..PASSES {
            let starts = found.partitioned(penalty, &Biweight);
            penalty = PENALTY;
            let same = starts == found.starts;
            found.starts = starts;
            if same {
                break;
            }
            found.noise = Noise::of_segments(&found.values, &found.starts, floor);
        }
        found
    }

    /// This, or the segments around a line if these explain the values at less cost.
    fn or_with_a_slope(self, values: &[f64]) -> Self {
        let (segment, line) = (self.penalty(PENALTY), self.penalty(SLOPE_PENALTY));
        let noise = &self.noise;
        let cost = |values: &[f64], starts: &[usize]| {
            let residuals = residuals(values, starts);
            let losses = residuals.iter().zip(&noise.local).map(|(r, s)| Biweight.of(r / s));
            losses.sum::<f64>() + segment * starts.len() as f64
        };
        let plain = cost(&self.values, &self.starts);
        let around = |slope: f64| {
            let values = without_slope(values, slope);
            let ascending = stats::sorted(&values);
            let mut found = Self { ascending, values, noise: noise.clone(), ..Self::default() };
            found.starts = found.partitioned(PENALTY, &Biweight);
            (cost(&found.values, &found.starts) + line, slope, found)
        };
        // The slope that the stairs have in common, and that of all values.
        let shared = slope_within(values, &self.starts, noise);
        let overall = slope_within(values, &[0], noise);
        let best = [shared, overall]
            .into_iter()
            .map(|slope| around(slope.per_value))
            .min_by(|a, b| a.0.total_cmp(&b.0));
        let slope = match best {
            Some((total, slope, found)) if total < plain => {
                // Fewer and longer segments tell the slope better.
                slope + slope_within(&found.values, &found.starts, noise).per_value
            }
            _ => return self,
        };
        Self::by_levels(without_slope(values, slope), slope)
    }

    /// The segments again, by the density of the noise that they leave: a shift moves all of it,
    /// whatever its shape.
    fn by_density(mut self) -> Self {
        let floor = self.noise.sigma.min(scale_of_differences(&self.values));
        let density = Density::of(&self.values, &self.starts, &self.noise);
        self.starts = self.partitioned(DENSITY_PENALTY, &density);
        self.noise = Noise::of_segments(&self.values, &self.starts, floor);
        self
    }

    fn partitioned(&self, penalty: f64, loss: &impl Loss) -> Vec<usize> {
        let grid = levels(&self.ascending, self.noise.sigma);
        partition(&self.values, &self.noise.weights(), &grid, self.penalty(penalty), loss)
    }

    /// A penalty in units of ln n, in those of the loss of values as dependent as these.
    fn penalty(&self, units: f64) -> f64 {
        units * libm::log(self.values.len() as f64) * self.noise.inflation
    }
}
