//! Labelled benchmark histories from a seed: flat or with steps, in seven kinds of noise.

use libm::{cos, exp, log};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// How the runs of unchanged code differ from one another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Noise {
    LogNormal,
    Skewed,
    Bimodal,
    Autocorrelated,
    Drifting,
    Heteroscedastic,
    Outliers,
}

pub const KINDS: [Noise; 7] = [
    Noise::LogNormal,
    Noise::Skewed,
    Noise::Bimodal,
    Noise::Autocorrelated,
    Noise::Drifting,
    Noise::Heteroscedastic,
    Noise::Outliers,
];

/// Random numbers from a seed.
pub struct Dice(Xoshiro256PlusPlus);

impl Dice {
    pub fn new(seed: u64) -> Self {
        Self(Xoshiro256PlusPlus::seed_from_u64(seed))
    }

    /// Uniform in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0
    }

    pub fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.uniform()
    }

    /// Uniform on a logarithmic scale.
    pub fn log_between(&mut self, low: f64, high: f64) -> f64 {
        exp(self.between(log(low), log(high)))
    }

    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the limit")]
    pub fn below(&mut self, limit: usize) -> usize {
        (self.uniform() * limit as f64) as usize
    }

    pub fn coin(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Standard normal (Box & Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * log(1.0 - self.uniform())).sqrt();
        radius * cos(2.0 * std::f64::consts::PI * self.uniform())
    }

    pub fn exponential(&mut self) -> f64 {
        -log(1.0 - self.uniform())
    }

    pub fn shuffle(&mut self, values: &mut [f64]) {
        for last in (1..values.len()).rev() {
            values.swap(last, self.below(last + 1));
        }
    }
}

/// A history with what is true of it.
pub struct Labelled {
    pub values: Vec<f64>,
    /// The 0-based index of the first run after each step.
    pub steps: Vec<usize>,
    /// The relative size of each.
    pub sizes: Vec<f64>,
}

/// `n` values of noise on the logarithmic scale with a standard deviation of about `sigma`.
pub fn noise(kind: Noise, n: usize, sigma: f64, dice: &mut Dice) -> Vec<f64> {
    match kind {
        Noise::LogNormal => (0..n).map(|_| sigma * dice.normal()).collect(),
        // Interference only adds time: a fast floor, and a gamma-distributed excess.
        Noise::Skewed => (0..n)
            .map(|_| {
                let excess = dice.exponential() + dice.exponential() * dice.uniform();
                sigma * (0.85 * excess + 0.2 * dice.normal())
            })
            .collect(),
        Noise::Bimodal => {
            let share = dice.between(0.15, 0.5);
            let apart = sigma * dice.between(2.0, 4.0);
            let within = 0.5 * sigma;
            (0..n)
                .map(|_| f64::from(u8::from(dice.coin(share))) * apart + within * dice.normal())
                .collect()
        }
        Noise::Autocorrelated => {
            let phi = dice.between(0.3, 0.7);
            let fresh = (1.0 - phi * phi).sqrt();
            let mut state = dice.normal();
            (0..n)
                .map(|_| {
                    state = phi * state + fresh * dice.normal();
                    sigma * state
                })
                .collect()
        }
        Noise::Drifting => {
            let rise = dice.between(1.0, 4.0) * sigma * if dice.coin(0.5) { 1.0 } else { -1.0 };
            (0..n).map(|t| rise * t as f64 / n as f64 + sigma * dice.normal()).collect()
        }
        Noise::Heteroscedastic => {
            let factor = dice.between(2.0, 4.0);
            let calm = sigma / f64::midpoint(1.0, factor * factor).sqrt();
            let period = dice.between(0.3, 1.0) * n as f64;
            let offset = dice.between(0.0, period);
            (0..n)
                .map(|t| {
                    let busy = ((t as f64 + offset) / period).fract() < 0.5;
                    calm * if busy { factor } else { 1.0 } * dice.normal()
                })
                .collect()
        }
        Noise::Outliers => {
            let share = dice.between(0.01, 0.05);
            (0..n)
                .map(|_| {
                    let lone = if dice.coin(share) { dice.between(5.0, 30.0) } else { 0.0 };
                    sigma * (lone + dice.normal())
                })
                .collect()
        }
    }
}

/// The fewest runs between two steps, and between a step and either end.
const SPACING: usize = 10;

/// A history of 60–500 runs with noise of 0.5–5 % and up to five steps of 2–50 %, none below
/// `smallest` standard deviations of the noise; without steps if `flat`.
pub fn history(kind: Noise, flat: bool, smallest: f64, dice: &mut Dice) -> Labelled {
    let n = 60 + dice.below(441);
    let sigma = dice.log_between(0.005, 0.05);
    let mut values = noise(kind, n, sigma, dice);
    let (mut steps, mut sizes) = (Vec::new(), Vec::new());
    if !flat {
        let wanted = 1 + dice.below(5.min(n / 40));
        for _ in 0..200 {
            let at = SPACING + dice.below(n - 2 * SPACING);
            if steps.len() < wanted && steps.iter().all(|s: &usize| s.abs_diff(at) >= SPACING) {
                steps.push(at);
            }
        }
        steps.sort_unstable();
        for &at in &steps {
            let size = dice.log_between((smallest * sigma).max(0.02), 0.5);
            let size = if dice.coin(0.6) { log(1.0 + size) } else { -log(1.0 + size) };
            sizes.push(exp(size) - 1.0);
            values.iter_mut().skip(at).for_each(|v| *v += size);
        }
    }
    let base = dice.log_between(10.0, 1e9);
    Labelled { values: values.into_iter().map(|v| base * exp(v)).collect(), steps, sizes }
}
