use std::ops::Range;

use super::density::Density;
use super::elimination::eliminate;
use super::ending::{Ending, ending};
use super::noise::{Noise, residuals};
use super::partition::{Biweight, Loss, levels, partition};
use super::signal::{Signal, median_of, scale_of_differences, steepness};
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
/// By how much less than a segment a slope costs, in units of ln n: it has no place, but is rarer.
const WITHOUT_PLACE: f64 = 0.7;
/// A slope that all segments share is looked into from so many standard errors on.
const LEAST_SLOPE: f64 = 2.0;
/// A penalty is not raised more than this for values that resemble their neighbours: what the
/// segments do not follow yet resembles its neighbours as well.
const LARGEST_INFLATION: f64 = 6.0;
/// From so many standard deviations a value on, the ends tell the slope best.
const STEEP: f64 = 0.5;
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
        if values.len() < FEWEST {
            return Self::with_slope(values, 0.0);
        }
        // A drift is looked for before the noise is: the stairs that it makes are not noise.
        let first = Self::with_slope(values, 0.0).first_pass();
        let slope = first.slope_beside(values, FIRST_PENALTY).unwrap_or(0.0);
        let mut found = if slope == 0.0 {
            first.refined()
        } else {
            Self::with_slope(values, slope).first_pass().refined()
        };
        if let Some(slope) = found.slope_beside(values, PENALTY) {
            found = Self::with_slope(values, slope).first_pass().refined();
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

    /// One segment around a line of this slope, and the noise as the differences tell it.
    fn with_slope(values: &[f64], slope: f64) -> Self {
        let values = if slope == 0.0 { values.to_vec() } else { without_slope(values, slope) };
        let noise = Noise::of_differences(&values);
        let ascending = stats::sorted(&values);
        Self { starts: vec![0], ending: None, noise, values, ascending, slope }
    }

    /// The segments in the noise as the differences tell it.
    fn first_pass(mut self) -> Self {
        self.starts = self.partitioned(FIRST_PENALTY, &Biweight);
        self
    }

    /// The noise that the segments leave and the segments found in it, in turns.
    fn refined(mut self) -> Self {
        let floor = self.noise.sigma;
        for pass in 1..PASSES {
            if pass == 1 || self.starts.len() > 1 {
                self.noise = Noise::of_segments(&self.values, &self.starts, floor);
            }
            let starts = self.partitioned(PENALTY, &Biweight);
            if starts == self.starts || self.is_lost_in(&starts) {
                break;
            }
            self.starts = starts;
        }
        self
    }

    /// Whether segments that each resemble their neighbours beyond any noise would be one: a curve
    /// that stairs follow badly is no noise either, and more is said by the stairs than by nothing.
    fn is_lost_in(&self, starts: &[usize]) -> bool {
        starts.len() == 1 && self.starts.len() > 1 && self.noise.inflation > LARGEST_INFLATION
    }

    /// The slope of all segments, when segments around a line explain the values at less cost than
    /// these do, each at `penalty`.
    fn slope_beside(&self, values: &[f64], penalty: f64) -> Option<f64> {
        let noise = &self.noise;
        // The slope that the stairs have in common, that of all values, and that of the ends, which is
        // right where the others clip.
        let shared = slope_within(&self.values, &self.starts, noise);
        let overall = slope_within(&self.values, &[0], noise);
        let steep = steepness(&self.values);
        if shared.per_value.abs() < LEAST_SLOPE * shared.error && !self.only_rises_or_falls() {
            return None;
        }
        let mut slopes = vec![shared.per_value, overall.per_value];
        if steep.abs() > STEEP * noise.sigma {
            slopes.push(steep);
        }
        let (segment, line) = (self.penalty(penalty), self.penalty(penalty - WITHOUT_PLACE));
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
            found.starts = found.partitioned(penalty, &Biweight);
            (cost(&found.values, &found.starts) + line, slope, found)
        };
        let (total, slope, found) = slopes
            .into_iter()
            .map(|slope| around(self.slope + slope))
            .min_by(|a, b| a.0.total_cmp(&b.0))?;
        // Fewer and longer segments tell the slope better.
        let better = slope + slope_within(&found.values, &found.starts, noise).per_value;
        (total < plain).then_some(better)
    }

    /// Whether each segment's level lies to the same side of the one before: stairs, which a drift
    /// may be.
    fn only_rises_or_falls(&self) -> bool {
        let ends = self.starts.iter().skip(1).copied().chain([self.values.len()]);
        let mut scratch = Vec::new();
        let levels: Vec<f64> = self
            .starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| {
                scratch.clear();
                scratch.extend_from_slice(self.values.get(start..end).unwrap_or_default());
                median_of(&mut scratch)
            })
            .collect();
        levels.is_sorted() || levels.is_sorted_by(|a, b| a >= b)
    }

    /// The segments again, by the density of the noise that they leave: a shift moves all of it,
    /// whatever its shape.
    fn by_density(mut self) -> Self {
        let floor = self.noise.sigma.min(scale_of_differences(&self.values));
        let density = Density::of(&self.values, &self.starts, &self.noise);
        let starts = self.partitioned(DENSITY_PENALTY, &density);
        if !self.is_lost_in(&starts) {
            self.starts = starts;
        }
        self.noise = Noise::of_segments(&self.values, &self.starts, floor);
        self
    }

    fn partitioned(&self, penalty: f64, loss: &impl Loss) -> Vec<usize> {
        let grid = levels(&self.ascending, self.noise.sigma);
        partition(&self.values, &self.noise.weights(), &grid, self.penalty(penalty), loss)
    }

    /// A penalty in units of ln n, in those of the loss of values as dependent as these.
    fn penalty(&self, units: f64) -> f64 {
        let inflation = self.noise.inflation.min(LARGEST_INFLATION);
        units * libm::log(self.values.len() as f64) * inflation
    }
}
