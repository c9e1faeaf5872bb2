use libm::exp;
use statrs::distribution::{ContinuousCDF, StudentsT};
use statrs::function::factorial::ln_binomial;

use super::noise::Noise;
use super::shift::REACH;

/// A shift is looked for in so many of the newest values.
pub(super) const NEWEST: usize = 10;
/// From so many values on, the one that is nearest to the old level may be an exception.
const EXCEPTION_FROM: usize = 4;
/// How many independent tests the best of the last ten splits amounts to, about.
const SPLITS: f64 = 3.0;

/// A shift at the end of a series that is too young to be settled.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ending {
    /// The first value after the shift.
    pub at: usize,
    /// How often unchanged code shows this much in its newest values.
    pub p_value: f64,
}

/// The likeliest shift in the newest ten values against the level that begins at `start`: they must
/// differ both by a t test, its error the noise of the series, and by rank, so that neither a
/// skewed tail nor a lone outlier passes for a shift.
///
/// ```text
/// t = |mean of the newest k − mean before| / √(inflation · σ² (1/k + 1/n))
/// p by rank = 2 C(j, k) / C(n + k, k),  j = k + how many earlier values are as far out as the least
///             extreme of the newest k
/// ```
///
/// The p-value is the larger of the two. So one value is never enough before 2 / (n + 1) is small;
/// two are after some 45 runs, three after 17. From four values on the least extreme may be left
/// out. `None` for no earlier value. O(ten times the segment, at most 256 values).
pub(super) fn ending(values: &[f64], noise: &Noise, start: usize, level: f64) -> Option<Ending> {
    let n = values.len();
    let mut best: Option<Ending> = None;
    for k in 1..=NEWEST.min(n.saturating_sub(start + 1)) {
        let at = n - k;
        let p_value = newest_differ(values, noise, start.max(at.saturating_sub(REACH)), at);
        if p_value <= level && best.is_none_or(|b| p_value < b.p_value) {
            best = Some(Ending { at, p_value });
        }
    }
    best
}

fn newest_differ(values: &[f64], noise: &Noise, start: usize, at: usize) -> f64 {
    let earlier = values.get(start..at).unwrap_or_default();
    let newest = values.get(at..).unwrap_or_default();
    let (n, k) = (earlier.len() as f64, newest.len() as f64);
    let sigma = noise.sigma.max(noise.local.get(at.saturating_sub(1)).copied().unwrap_or(0.0));
    let mut scratch = earlier.to_vec();
    let middle = super::signal::median_of(&mut scratch);
    let clip = |v: &f64| (v - middle).clamp(-3.0 * sigma, 3.0 * sigma);
    let before = earlier.iter().map(clip).sum::<f64>() / n;
    let difference = newest.iter().map(|v| v - middle).sum::<f64>() / k - before;
    let error = sigma * (noise.inflation * (1.0 / k + 1.0 / n)).sqrt();
    let freedom = (n / noise.inflation - 1.0).max(1.0);
    let t = difference.abs() / error;
    let by_mean = StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |d| 2.0 * d.cdf(-t)) * SPLITS;
    let up = difference > 0.0;
    let outward = |v: f64| if up { v } else { -v };
    let mut far: Vec<f64> = newest.iter().map(|&v| outward(v)).collect();
    far.sort_unstable_by(f64::total_cmp);
    let exceptions = usize::from(far.len() >= EXCEPTION_FROM);
    let by_rank = far
        .iter()
        .take(1 + exceptions)
        .enumerate()
        .map(|(left_out, &least)| {
            let beyond = earlier.iter().filter(|&&v| outward(v) >= least).count();
            let kept = newest.len() - left_out;
            let ways = |from: usize| ln_binomial(from as u64, kept as u64);
            2.0 * exp(ways(kept + beyond) - ways(earlier.len() + kept))
                * if left_out > 0 { k } else { 1.0 }
        })
        .fold(1.0, f64::min);
    by_mean.max(by_rank).min(1.0)
}
