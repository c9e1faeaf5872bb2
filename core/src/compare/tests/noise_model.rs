//! Draws from the noise model that the judgement assumes: log-normal launches, a part of whose
//! variance the launches of one run share, and now and then a launch that something disturbed.

use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

use super::builders::{launch, run, timed};
use crate::model::{Round, Run};

/// One benchmark of unchanged code.
#[derive(Debug, Clone)]
pub(super) struct Bench {
    name: String,
    level: f64,
    /// The standard deviation of the logarithm of a single launch.
    sigma: f64,
}

/// A suite on one machine.
#[derive(Debug)]
pub(super) struct Suite {
    random: Xoshiro256PlusPlus,
    benches: Vec<Bench>,
    /// How often a launch is disturbed.
    disturbed: f64,
}

/// The share of the variance that the launches of one run have in common.
const COMMON_SHARE: f64 = 0.25;
/// What interference adds to the logarithm, on average.
const EXCESS: f64 = 0.2;
/// How far the values of a calm and of a disturbed launch reach above its low.
const SPREADS: (f64, f64) = (0.01, 0.3);

impl Suite {
    /// 12 benchmarks, each with launches that vary by 0.5 to 5 %, of which up to a fifth are
    /// disturbed.
    pub(super) fn new(seed: u64) -> Self {
        let mut suite = Self {
            random: Xoshiro256PlusPlus::seed_from_u64(seed),
            benches: Vec::new(),
            disturbed: 0.0,
        };
        suite.disturbed = 0.2 * suite.uniform();
        for number in 0..12 {
            let level = libm::pow(10.0, 2.0 + 5.0 * suite.uniform());
            let sigma = 0.005 * libm::pow(10.0, suite.uniform());
            suite.benches.push(Bench { name: format!("bench_{number:02}"), level, sigma });
        }
        suite
    }

    /// The same on a machine where nothing is ever disturbed.
    pub(super) fn calm(seed: u64) -> Self {
        Self { disturbed: 0.0, ..Self::new(seed) }
    }

    /// A run of which every launch of every benchmark takes longer by an exponential excess of this
    /// mean, a ratio, and scatters.
    pub(super) fn busy_run(&mut self, id: &str, launches: usize, excess: f64, factor: f64) -> Run {
        let benches = self.benches.clone();
        let measured = benches.iter().map(|bench| {
            let rounds = (0..launches).map(|_| {
                let longer = 1.0 - excess * libm::log(1.0 - self.uniform());
                launch(bench.level * factor * longer, SPREADS.1)
            });
            timed(&bench.name, rounds.collect())
        });
        let measured: Vec<_> = measured.collect();
        run(id, measured)
    }

    /// A number from 0 up to 1.
    pub(super) fn uniform(&mut self) -> f64 {
        (self.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A standard normal number (Box and Muller).
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * libm::log(1.0 - self.uniform())).sqrt();
        radius * libm::cos(std::f64::consts::TAU * self.uniform())
    }

    /// A run in so many launches, of code that is `factor` times as slow.
    pub(super) fn run(&mut self, id: &str, launches: usize, factor: f64) -> Run {
        let benches = self.benches.clone();
        let measured = benches.iter().map(|bench| {
            let common = COMMON_SHARE.sqrt() * bench.sigma * self.normal();
            let rounds: Vec<Round> =
                (0..launches).map(|_| self.launch(bench, common, factor)).collect();
            timed(&bench.name, rounds)
        });
        let measured: Vec<_> = measured.collect();
        run(id, measured)
    }

    fn launch(&mut self, bench: &Bench, common: f64, factor: f64) -> Round {
        let own = (1.0 - COMMON_SHARE).sqrt() * bench.sigma * self.normal();
        let disturbed = self.uniform() < self.disturbed;
        let excess = if disturbed { -EXCESS * libm::log(1.0 - self.uniform()) } else { 0.0 };
        let spread = if disturbed { SPREADS.1 } else { SPREADS.0 };
        launch(bench.level * factor * libm::exp(common + own + excess), spread)
    }

    /// So many runs.
    pub(super) fn runs(&mut self, runs: usize, launches: usize) -> Vec<Run> {
        (0..runs).map(|n| self.run(&format!("before-{n}"), launches, 1.0)).collect()
    }
}
