use libm::exp;
use statrs::distribution::{ContinuousCDF, Normal, StudentsT};

use super::combinations::ln_combinations;
use super::noise::Noise;
use super::signal::median_of;

/// How many values to either side of a change point are looked at, at most: levels further away say
/// little about it, and a test costs no more than this.
pub(super) const REACH: usize = 256;
/// Values beyond this many standard deviations from their side's median count as if they were there.
const CLIP: f64 = 3.0;
/// Ranks are compared where they can be at least so many standard deviations apart; else means, which
/// can tell a few values apart that are far off.
const RANKS_SUFFICE: f64 = 5.0;
/// How likely a straight line explains the values, at most, relative to a step: the likelihood ratio
/// exp(−Δ/2), with Δ by how much more the line leaves of the sum of squares. What drifts looks like
/// stairs to whoever knows levels only.
fn ramp(before: &[f64], after: &[f64], a: &Moments, b: &Moments, inflation: f64) -> f64 {
    let clipped = |values: &[f64], moments: &Moments| {
        let (low, high) = moments.bounds;
        values.iter().map(move |v| v.clamp(low, high)).collect::<Vec<f64>>()
    };
    let n = a.n + b.n;
    let middle = (n - 1.0) / 2.0;
    let mean = (a.n * a.mean + b.n * b.mean) / n;
    let (mut products, mut total) = (0.0, 0.0);
    let all = clipped(before, a).into_iter().chain(clipped(after, b));
    for (place, value) in all.enumerate() {
        let off = value - mean;
        products += (place as f64 - middle) * off;
        total += off * off;
    }
    let of_places = n * (n * n - 1.0) / 12.0;
    let by_line = total - products * products / of_places;
    let pooled = (a.n * a.variance + b.n * b.variance) / n;
    exp(-(by_line - a.squares - b.squares) / (2.0 * pooled * inflation))
}

/// How many independent tests the best of all places amounts to where both sides are as long as the
/// series; by simulation of flat series of 60 to 500 values.
const PLACES: f64 = 12.0;
/// How many values' worth the series' own noise counts for in the variance of one side.
const PRIOR: f64 = 12.0;

/// The difference of two neighbouring segments, on the scale of the analysis.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Shift {
    /// The level before.
    pub before: f64,
    /// The level after.
    pub after: f64,
    /// The standard error of their difference.
    pub standard_error: f64,
    /// The degrees of freedom of the standard error.
    pub freedom: f64,
    /// How often the best of all splits of an unchanged series shows this much.
    pub p_value: f64,
    /// How likely a straight line makes the values, relative to a step; at most 1.
    pub ramp: f64,
}

/// How often a benchmark's series drifts slowly instead of stepping, beforehand.
pub(super) const DRIFTING: f64 = 0.1;

impl Shift {
    /// The p-value against both, no change and a slow drift, of which a share `drifting` of all series
    /// is suspected.
    pub(super) fn p_value_against(&self, drifting: f64) -> f64 {
        self.p_value.max(drifting * self.ramp)
    }
}

/// One side of a change point: the values nearest to it.
#[derive(Debug, Clone, Copy)]
struct SideOf<'a> {
    values: &'a [f64],
    sigma: f64,
}

struct Moments {
    n: f64,
    mean: f64,
    /// The sum of squares around the mean.
    squares: f64,
    variance: f64,
    /// Values outside count as if they were at the nearer of these.
    bounds: (f64, f64),
}

impl SideOf<'_> {
    fn moments(&self, scratch: &mut Vec<f64>) -> Moments {
        scratch.clear();
        scratch.extend_from_slice(self.values);
        let middle = median_of(scratch);
        let (low, high) = (middle - CLIP * self.sigma, middle + CLIP * self.sigma);
        let n = self.values.len() as f64;
        let mean = self.values.iter().map(|v| v.clamp(low, high) - middle).sum::<f64>() / n;
        let squares: f64 = self
            .values
            .iter()
            .map(|v| {
                let off = v.clamp(low, high) - middle - mean;
                off * off
            })
            .sum();
        let variance = (squares + PRIOR * self.sigma * self.sigma) / (n - 1.0 + PRIOR);
        Moments { n, mean: middle + mean, squares, variance, bounds: (low, high) }
    }
}

/// The values up to `at` and from `at` on that a test of a change there looks at.
fn sides<'a>(values: &'a [f64], noise: &Noise, segment: (usize, usize, usize)) -> [SideOf<'a>; 2] {
    let (start, at, end) = segment;
    let from = start.max(at.saturating_sub(REACH));
    let to = end.min(at + REACH);
    let sigma = |range: std::ops::Range<usize>| {
        let local = noise.local.get(range).unwrap_or_default();
        (local.iter().map(|s| s * s).sum::<f64>() / local.len().max(1) as f64).sqrt()
    };
    [
        SideOf { values: values.get(from..at).unwrap_or_default(), sigma: sigma(from..at) },
        SideOf { values: values.get(at..to).unwrap_or_default(), sigma: sigma(at..to) },
    ]
}

/// Tests the change at `at` between the segment that begins at `start` and the one that ends
/// before `end`.
pub(super) fn shift(
    values: &[f64],
    noise: &Noise,
    start: usize,
    at: usize,
    end: usize,
    scratch: &mut Vec<f64>,
) -> Shift {
    let [before, after] = sides(values, noise, (start, at, end));
    let (a, b) = (before.moments(scratch), after.moments(scratch));
    let (of_a, of_b) = (noise.inflation * a.variance / a.n, noise.inflation * b.variance / b.n);
    let variance = of_a + of_b;
    let standard_error = variance.sqrt();
    // Welch's degrees of freedom, the prior's values counted in, as many as are independent.
    let free = |n: f64| ((n - 1.0) / noise.inflation).max(1.0) + PRIOR;
    let freedom = variance * variance / (of_a * of_a / free(a.n) + of_b * of_b / free(b.n));
    // How far apart ranks can be at most, in standard deviations.
    let most = (3.0 * a.n * b.n / ((a.n + b.n + 1.0) * noise.inflation)).sqrt();
    let t = (b.mean - a.mean).abs() / standard_error;
    let by_mean = StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |d| 2.0 * d.cdf(-t));
    let p = if most >= RANKS_SUFFICE {
        // Ranks do not know how far apart the values are.
        mann_whitney(before.values, after.values, noise.inflation).min(by_mean.sqrt())
    } else {
        by_mean
    };
    let p = p * places(values.len() as f64, a.n.min(b.n));
    let ramp = ramp(before.values, after.values, &a, &b, noise.inflation);
    let (count, of_them) = (before.values.len() + after.values.len(), after.values.len());
    let surest = exp(-ln_combinations(count, of_them));
    Shift {
        before: a.mean,
        after: b.mean,
        standard_error,
        freedom,
        p_value: p.max(2.0 * surest).min(1.0),
        ramp: ramp.min(1.0),
    }
}

/// How many independent tests the best of all stretches of a series amounts to, about: there are
/// as many places as the shorter side fits into the series, and a few lengths for each.
fn places(total: f64, shorter: f64) -> f64 {
    PLACES * total / shorter
}

/// The two-sided p-value of the rank test of Mann & Whitney (1947): normal approximation with the
/// correction for ties and for continuity, its variance inflated as that of a mean. O(n log n).
fn mann_whitney(a: &[f64], b: &[f64], inflation: f64) -> f64 {
    let mut all: Vec<(f64, bool)> = Vec::with_capacity(a.len() + b.len());
    all.extend(a.iter().map(|&v| (v, false)));
    all.extend(b.iter().map(|&v| (v, true)));
    all.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
    let (n, m) = (a.len() as f64, b.len() as f64);
    let total = n + m;
    let (mut rank_sum, mut ties, mut seen) = (0.0, 0.0, 0.0);
    for group in all.chunk_by(|x, y| x.0.total_cmp(&y.0).is_eq()) {
        let size = group.len() as f64;
        let of_b = group.iter().filter(|(_, second)| *second).count() as f64;
        rank_sum += of_b * (seen + f64::midpoint(size, 1.0));
        ties += size * size * size - size;
        seen += size;
    }
    let u = rank_sum - m * (m + 1.0) / 2.0;
    let variance = n * m / 12.0 * (total + 1.0 - ties / (total * (total - 1.0)).max(1.0));
    if variance <= 0.0 {
        return 1.0;
    }
    let z = ((u - n * m / 2.0).abs() - 0.5).max(0.0) / (variance * inflation).sqrt();
    Normal::standard().cdf(-z) * 2.0
}
