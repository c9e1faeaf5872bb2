use super::noise::{Noise, residuals};

/// Residuals beyond this many standard deviations count as if they were there.
const CLIP: f64 = 6.0;

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
