use super::signal::{SMALLEST_SCALE, median_of, quantile_of, scale_of_differences};
use crate::stats::MAD_TO_SD;

/// Residuals beyond this many standard deviations count as if they were there.
const CLIP: f64 = 3.0;
/// The 85th percentile of |normal| is 1.44 standard deviations; when it is beyond 1.6 of the
/// estimate, much of the noise is outside the middle half: two modes, for instance.
const UPPER_SHARE: f64 = 0.85;
const UPPER_DEVIATION: f64 = 1.6;
/// The autocorrelation is not taken for more than this: a random walk has no level.
const LARGEST_AUTOCORRELATION: f64 = 0.9;
/// How many values to either side tell the noise around a value.
const NEIGHBOURHOOD: usize = 25;
/// How many values the overall noise counts for in the noise around a value.
const PRIOR: f64 = 25.0;

/// How a series moves between runs of unchanged code.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Noise {
    /// Its standard deviation over the whole series.
    pub sigma: f64,
    /// Its standard deviation around each value.
    pub local: Vec<f64>,
    /// The variance of a mean over that of as many independent values: (1 + φ) / (1 − φ) for the
    /// lag-1 autocorrelation φ, at least 1.
    pub inflation: f64,
}

impl Noise {
    /// A first estimate, from the differences of neighbours.
    pub(super) fn of_differences(values: &[f64]) -> Self {
        let sigma = scale_of_differences(values);
        Self { sigma, local: vec![sigma; values.len()], inflation: 1.0 }
    }

    /// The noise that the segments beginning at `starts` leave around their medians; never calmer
    /// than `floor`.
    pub(super) fn of_segments(values: &[f64], starts: &[usize], floor: f64) -> Self {
        let residuals = residuals(values, starts);
        let n = values.len() as f64;
        let mut sizes: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
        let middle = MAD_TO_SD * median_of(&mut sizes);
        let upper = quantile_of(&mut sizes, UPPER_SHARE) / UPPER_DEVIATION;
        // Each segment's level was fitted to it.
        let segments = starts.len() as f64;
        let fitted = (n / (n - segments).max(1.0)).sqrt().min(1.5);
        let sigma = (middle.max(upper) * fitted).max(floor).max(SMALLEST_SCALE);
        let inflation = inflation(&residuals, starts, sigma);
        Self { sigma, local: local(&residuals, sigma), inflation }
    }

    /// The reciprocal of each value's standard deviation.
    pub(super) fn weights(&self) -> Vec<f64> {
        self.local.iter().map(|s| 1.0 / s).collect()
    }
}

/// Each value less the median of its segment.
pub(super) fn residuals(values: &[f64], starts: &[usize]) -> Vec<f64> {
    let mut residuals = Vec::with_capacity(values.len());
    let ends = starts.iter().skip(1).copied().chain([values.len()]);
    let mut scratch = Vec::new();
    for (&start, end) in starts.iter().zip(ends) {
        let segment = values.get(start..end).unwrap_or_default();
        scratch.clear();
        scratch.extend_from_slice(segment);
        let level = median_of(&mut scratch);
        residuals.extend(segment.iter().map(|v| v - level));
    }
    residuals
}

/// (1 + φ) / (1 − φ) with φ from the products of neighbours within a segment.
fn inflation(residuals: &[f64], starts: &[usize], sigma: f64) -> f64 {
    let clip = |r: f64| r.clamp(-CLIP * sigma, CLIP * sigma);
    let n = residuals.len() as f64;
    let squares: f64 = residuals.iter().map(|&r| clip(r) * clip(r)).sum();
    if squares <= 0.0 || n < 8.0 {
        return 1.0;
    }
    let pairs = |pair: (&f64, &f64)| clip(*pair.0) * clip(*pair.1);
    let mut products: f64 = residuals.iter().zip(residuals.iter().skip(1)).map(pairs).sum();
    for &start in starts.iter().skip(1) {
        if let (Some(before), Some(after)) = (residuals.get(start - 1), residuals.get(start)) {
            products -= pairs((before, after));
        }
    }
    let segments = starts.len() as f64;
    let raw = products / squares;
    // Taking off each segment's level makes neighbours look opposed: Kendall's bias.
    let unbiased = raw + (1.0 + 3.0 * raw) * segments / n;
    // Shrunk by its own standard error, which is 1/√n of independent values.
    let phi = if unbiased > 0.0 { unbiased - 1.0 / (n * unbiased) } else { 0.0 };
    let phi = phi.clamp(0.0, LARGEST_AUTOCORRELATION);
    (1.0 + phi) / (1.0 - phi)
}

/// The noise around each value: the root of the mean square of the clipped residuals around it,
/// with the overall noise as a prior; never below half of that.
fn local(residuals: &[f64], sigma: f64) -> Vec<f64> {
    let n = residuals.len();
    let mut sums = Vec::with_capacity(n + 1);
    let mut total = 0.0;
    sums.push(total);
    for &r in residuals {
        let clipped = r.clamp(-CLIP * sigma, CLIP * sigma) / sigma;
        total += clipped * clipped;
        sums.push(total);
    }
    (0..n)
        .map(|t| {
            let (from, to) = (t.saturating_sub(NEIGHBOURHOOD), (t + NEIGHBOURHOOD + 1).min(n));
            let sum = |at: usize| sums.get(at).copied().unwrap_or(total);
            let mean = (sum(to) - sum(from) + PRIOR) / ((to - from) as f64 + PRIOR);
            sigma * mean.sqrt().max(0.5)
        })
        .collect()
}
