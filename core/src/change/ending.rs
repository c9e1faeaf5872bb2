use libm::exp;
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::combinations::ln_combinations;
use super::noise::Noise;
use super::shift::REACH;
use super::signal::median_of;

/// A shift is looked for in so many of the newest values.
pub(super) const NEWEST: usize = 10;
/// From so many values on, the one that is nearest to the old level may be an exception.
const EXCEPTION_FROM: usize = 4;
/// Earlier values beyond this many standard deviations count as if they were there.
const CLIP: f64 = 3.0;
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
    let mut scratch = Vec::new();
    for k in 1..=NEWEST.min(n.saturating_sub(start + 1)) {
        let at = n - k;
        let from = start.max(at.saturating_sub(REACH));
        let p_value = newest_differ(values, noise, (from, at), level, &mut scratch);
        if p_value <= level && best.is_none_or(|b| p_value < b.p_value) {
            best = Some(Ending { at, p_value });
        }
    }
    best
}

/// The p-value of the newest values from `at` on against those before; 1 when it is above `level`.
fn newest_differ(
    values: &[f64],
    noise: &Noise,
    (start, at): (usize, usize),
    level: f64,
    scratch: &mut Vec<f64>,
) -> f64 {
    let earlier = values.get(start..at).unwrap_or_default();
    let newest = values.get(at..).unwrap_or_default();
    scratch.clear();
    scratch.extend_from_slice(earlier);
    let middle = median_of(scratch);
    let k = newest.len() as f64;
    let mean = newest.iter().map(|v| v - middle).sum::<f64>() / k;
    let by_rank = rank_extremes(earlier, newest, mean > 0.0, scratch);
    if by_rank > level {
        return 1.0;
    }
    let n = earlier.len() as f64;
    let sigma = noise.sigma.max(noise.local.get(at.saturating_sub(1)).copied().unwrap_or(0.0));
    let clip = |v: &f64| (v - middle).clamp(-CLIP * sigma, CLIP * sigma);
    let before = earlier.iter().map(clip).sum::<f64>() / n;
    let error = sigma * (noise.inflation * (1.0 / k + 1.0 / n)).sqrt();
    let freedom = (n / noise.inflation - 1.0).max(1.0);
    let t = (mean - before).abs() / error;
    let by_mean = StudentsT::new(0.0, 1.0, freedom).map_or(1.0, |d| 2.0 * d.cdf(-t)) * SPLITS;
    by_mean.max(by_rank).min(1.0)
}

/// How often the newest of exchangeable values are all as far out as these, to either side.
fn rank_extremes(earlier: &[f64], newest: &[f64], up: bool, far: &mut Vec<f64>) -> f64 {
    let outward = |v: f64| if up { v } else { -v };
    far.clear();
    far.extend(newest.iter().map(|&v| outward(v)));
    far.sort_unstable_by(f64::total_cmp);
    let exceptions = usize::from(far.len() >= EXCEPTION_FROM);
    far.iter()
        .take(1 + exceptions)
        .enumerate()
        .map(|(left_out, &least)| {
            let beyond = earlier.iter().filter(|&&v| outward(v) >= least).count();
            let kept = newest.len() - left_out;
            let share =
                ln_combinations(kept + beyond, kept) - ln_combinations(earlier.len() + kept, kept);
            // Any of them may be the exception.
            2.0 * exp(share) * if left_out > 0 { newest.len() as f64 } else { 1.0 }
        })
        .fold(1.0, f64::min)
}
