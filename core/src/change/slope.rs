use statrs::distribution::{ContinuousCDF, StudentsT};

use super::noise::{Noise, residuals};

/// Residuals beyond this many standard deviations count as if they were there.
const CLIP: f64 = 3.0;

/// A slope and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Slope {
    /// By how much the values rise from one to the next.
    pub per_value: f64,
    /// Its standard error.
    pub error: f64,
}

/// The slope per value that all segments share, by least squares on each value less its segment's
/// level: 0 when every segment is one value. A series that drifts looks like a staircase to
/// whoever knows levels only, but each of its stairs is as steep as the whole. O(n).
pub(super) fn slope_within(values: &[f64], starts: &[usize], noise: &Noise) -> Slope {
    let residuals = residuals(values, starts);
    let ends = starts.iter().skip(1).copied().chain([residuals.len()]);
    let (mut products, mut squares) = (0.0, 0.0);
    for (&start, end) in starts.iter().zip(ends) {
        let length = end.saturating_sub(start);
        let middle = (length as f64 - 1.0) / 2.0;
        let segment = residuals.iter().zip(&noise.local).skip(start).take(length);
        for (place, (residual, sigma)) in segment.enumerate() {
            let off = place as f64 - middle;
            products += off * residual.clamp(-CLIP * sigma, CLIP * sigma);
            squares += off * off;
        }
    }
    if squares <= 0.0 {
        return Slope { per_value: 0.0, error: f64::INFINITY };
    }
    let error = noise.sigma * (noise.inflation / squares).sqrt();
    Slope { per_value: products / squares, error }
}

/// The values less a line through the first of them.
pub(super) fn without_slope(values: &[f64], slope: f64) -> Vec<f64> {
    values.iter().enumerate().map(|(t, v)| v - slope * t as f64).collect()
}

/// A stretch must have so many values before its slope is a trend.
const FEWEST: usize = 20;
/// A trend is told when unchanged code shows as much less often than this.
const LEVEL: f64 = 0.001;

/// A slow drift, on the scale of the analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trend {
    /// The first value that drifts; all after it do.
    pub start: usize,
    /// The slope.
    pub slope: Slope,
    /// How often values without a slope show as much.
    pub p_value: f64,
}

/// The trend of the values from `start` on, which have no step among them, or `None`: least squares
/// against the noise around the line, inflated by its autocorrelation, by Student's t with as many
/// degrees of freedom as there are independent values. `taken_off` is the slope that all segments
/// shared; it counts from the first value on. O(n).
pub(super) fn trend(
    values: &[f64],
    starts: &[usize],
    noise: &Noise,
    taken_off: f64,
) -> Option<Trend> {
    let n = values.len();
    // Without a common slope only the last stretch can tell: a drift of earlier ones is over.
    let start = if taken_off == 0.0 { starts.last().copied().unwrap_or(0) } else { 0 };
    if n - start.min(n) < FEWEST {
        return None;
    }
    let local = noise.local.get(start..).unwrap_or_default().to_vec();
    let around = Noise { local, ..noise.clone() };
    let within: Vec<usize> = if start > 0 { vec![0] } else { starts.to_vec() };
    let rest = slope_within(values.get(start..).unwrap_or_default(), &within, &around);
    let slope = Slope { per_value: taken_off + rest.per_value, error: rest.error };
    let freedom = ((n - start) as f64 / noise.inflation - 2.0).max(1.0);
    let t = slope.per_value.abs() / slope.error;
    let p_value = StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |d| 2.0 * d.cdf(-t));
    (p_value <= LEVEL).then_some(Trend { start, slope, p_value })
}
