use libm::{exp, log};

use super::noise::{Noise, residuals};
use super::partition::Loss;

/// The density is known within this many standard deviations; beyond, it is that of an outlier.
const REACH: f64 = 5.0;
/// How many bins a standard deviation has.
const BINS: f64 = 8.0;
/// Into how many parts a bin is divided once the density is known, so that a loss is a look-up.
const PARTS: u8 = 4;
/// How many of these parts a standard deviation has.
const FINE: f64 = BINS * PARTS as f64;
/// How many bins there are: 2 · 5 · 8 + 1.
const COUNT: usize = 81;
/// The share of values that are outliers, as likely anywhere.
const OUTLIERS: f64 = 0.03;
/// How many normal values the density is drawn towards.
const PRIOR: f64 = 15.0;

/// How likely a value is at so many standard deviations from its level: the density of the noise
/// itself, whatever its shape, because a shift moves all of it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Density {
    /// −2 ln of the density in each bin, relative to the highest.
    losses: Vec<f64>,
    /// The same for an outlier.
    largest: f64,
}

impl Density {
    /// Of the residuals around the segments' medians, in standard deviations: a kernel density with
    /// a normal kernel, mixed with normal values and with outliers. O(n + bins²).
    ///
    /// Source of the bandwidth: Silverman, "Density Estimation" (1986), equation 3.31.
    pub(super) fn of(values: &[f64], starts: &[usize], noise: &Noise) -> Self {
        let residuals = residuals(values, starts);
        let mut counts = vec![0.0_f64; COUNT];
        let mut sizes = Vec::with_capacity(residuals.len());
        let mut squares = 0.0;
        for (residual, sigma) in residuals.iter().zip(&noise.local) {
            let off = residual / sigma;
            sizes.push(off.abs());
            squares += off.clamp(-REACH, REACH) * off.clamp(-REACH, REACH);
            if off.abs() <= REACH
                && let Some(count) = counts.get_mut(bin(off))
            {
                *count += 1.0;
            }
        }
        let n = residuals.len() as f64;
        let middle = crate::stats::MAD_TO_SD * super::signal::median_of(&mut sizes);
        let spread = middle.min((squares / n).sqrt()).max(0.05);
        let fifth_root = exp(-log(n) / 5.0);
        let width = (0.9 * spread * fifth_root * BINS).max(0.7);
        // The kernel in steps of a bin.
        let kernel: Vec<f64> = (0..COUNT)
            .map(|d| {
                let z = d as f64 / width;
                exp(-z * z / 2.0) / (width * (2.0 * std::f64::consts::PI).sqrt())
            })
            .collect();
        let densities: Vec<f64> = (0..COUNT)
            .map(|at| {
                let smooth: f64 = counts
                    .iter()
                    .enumerate()
                    .filter(|(_, count)| **count > 0.0)
                    .map(|(from, count)| {
                        count * kernel.get(from.abs_diff(at)).copied().unwrap_or(0.0)
                    })
                    .sum();
                let off = at as f64 / BINS - REACH;
                let normal = exp(-off * off / 2.0) / (2.0 * std::f64::consts::PI).sqrt() / BINS;
                let shape = (smooth + PRIOR * normal) / (n + PRIOR);
                (1.0 - OUTLIERS) * shape + OUTLIERS / COUNT as f64
            })
            .collect();
        let highest = densities.iter().copied().fold(0.0, f64::max);
        let loss = |density: f64| -2.0 * log(density / highest);
        let largest = loss(OUTLIERS / COUNT as f64);
        let coarse: Vec<f64> = densities.iter().map(|d| loss(*d)).collect();
        Self { losses: finer(&coarse), largest }
    }

    /// The level within two standard deviations of `about` that explains the values best.
    pub(super) fn level(&self, values: &[f64], sigmas: &[f64], about: f64, sigma: f64) -> f64 {
        let cost = |level: f64| -> f64 {
            values.iter().zip(sigmas).map(|(v, s)| self.of((v - level) / s)).sum()
        };
        (-16..=16)
            .map(|step| about + f64::from(step) / 8.0 * sigma)
            .map(|level| (cost(level), level))
            .min_by(|a, b| a.0.total_cmp(&b.0))
            .map_or(about, |(_, level)| level)
    }
}

/// The losses at the middle of each of the finer bins, linear between those of the coarser.
fn finer(coarse: &[f64]) -> Vec<f64> {
    let between = |pair: &[f64]| match *pair {
        [low, high] => (0..PARTS)
            .map(|part| low + (f64::from(part) + 0.5) / f64::from(PARTS) * (high - low))
            .collect::<Vec<f64>>(),
        _ => Vec::new(),
    };
    coarse.windows(2).flat_map(between).collect()
}

impl Loss for Density {
    /// −2 ln of the density so many standard deviations off, relative to the highest.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "a few hundred at most, or out of reach")]
    fn of(&self, off: f64) -> f64 {
        let place = ((off + REACH) * FINE) as i32;
        usize::try_from(place)
            .ok()
            .and_then(|p| self.losses.get(p))
            .copied()
            .unwrap_or(self.largest)
    }

    fn largest(&self) -> f64 {
        self.largest
    }

    fn reach(&self) -> f64 {
        REACH
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "within the bins")]
fn bin(off: f64) -> usize {
    ((off + REACH) * BINS).round() as usize
}
