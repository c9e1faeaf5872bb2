use libm::log;

use crate::stats::{self, MAD_TO_SD};

/// A series as the analysis sees it: what is no finite number left out, and on a scale on which
/// noise and shifts add.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signal {
    /// The values, on the scale of the analysis.
    pub values: Vec<f64>,
    /// Where each value stands in the series.
    pub positions: Vec<usize>,
    /// Whether the scale is the natural logarithm.
    pub logarithmic: bool,
    /// What the values were divided by otherwise.
    pub divisor: f64,
}

impl Signal {
    /// The natural logarithms of the values when all finite ones are above 0: the noise of
    /// benchmarks grows with their values, and shifts are ratios. Otherwise the values themselves,
    /// divided by the largest magnitude, so that no sum of squares exceeds the range of numbers.
    pub(super) fn of(series: &[f64]) -> Self {
        let known = || series.iter().copied().enumerate().filter(|(_, v)| v.is_finite());
        let logarithmic = known().all(|(_, v)| v > 0.0);
        let largest = known().map(|(_, v)| v.abs()).fold(0.0, f64::max);
        let divisor = if largest > 0.0 { largest } else { 1.0 };
        let scaled = |v: f64| if logarithmic { log(v) } else { v / divisor };
        let (positions, values) = known().map(|(at, v)| (at, scaled(v))).unzip();
        Self { values, positions, logarithmic, divisor }
    }
}

/// As [`crate::stats::median_of`], 0 for no values.
pub(super) fn median_of(values: &mut [f64]) -> f64 {
    crate::stats::median_of(values).unwrap_or(0.0)
}

/// The order statistic nearest to the quantile of order `p`, 0 for no values. Reorders them. O(n).
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a rank between 0 and the number of values"
)]
pub(super) fn quantile_of(values: &mut [f64], p: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else { return 0.0 };
    let rank = ((last as f64 * p).ceil() as usize).min(last);
    *values.select_nth_unstable_by(rank, f64::total_cmp).1
}

/// The standard deviation of the noise, from the differences of neighbours, which a shift touches
/// only once: 1.4826 / √2 times the median of |d|, or of |d − [`steepness`]| where that is less: a
/// drift moves all of them alike. Where most neighbours are equal, as counts are, the mean of the
/// differences over 2 instead of their median; never below the precision of numbers.
pub(super) fn scale_of_differences(values: &[f64]) -> f64 {
    let drift = steepness(values);
    let steps = |drift: f64| -> Vec<f64> {
        values.iter().zip(values.iter().skip(1)).map(|(a, b)| (b - a - drift).abs()).collect()
    };
    let scale = [0.0, drift]
        .into_iter()
        .map(|drift| MAD_TO_SD * median_of(&mut steps(drift)) / std::f64::consts::SQRT_2)
        .fold(f64::INFINITY, f64::min);
    if scale > SMALLEST_SCALE {
        return scale;
    }
    // For normal noise the mean of |x(t+1) − x(t)| is 2 σ / √π.
    let mean = stats::mean(&steps(0.0)).unwrap_or(0.0);
    (mean / 2.0 * std::f64::consts::PI.sqrt()).max(SMALLEST_SCALE)
}

/// By how much the values rise from one to the next where they rise throughout: from the medians of
/// the four quarters, of which each is about as far from the one before; else 0. Right for a drift
/// however steep, and blind to steps. O(n).
pub(super) fn steepness(values: &[f64]) -> f64 {
    let quarter = values.len() / 4;
    if quarter == 0 {
        return 0.0;
    }
    let medians: Vec<f64> = values
        .chunks_exact(quarter)
        .take(4)
        .map(|quarter| median_of(&mut quarter.to_vec()))
        .collect();
    let rises: Vec<f64> = medians.iter().zip(medians.iter().skip(1)).map(|(a, b)| b - a).collect();
    let mean = stats::mean(&rises).unwrap_or(0.0);
    let alike = |rise: &f64| (0.5..2.0).contains(&(rise / mean));
    if rises.iter().all(alike) { mean / quarter as f64 } else { 0.0 }
}

/// What counts as no noise at all, on the logarithmic scale: the rounding of the arithmetic.
pub(super) const SMALLEST_SCALE: f64 = 1e-12;
