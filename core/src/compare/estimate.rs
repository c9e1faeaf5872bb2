//! What two sides say about each benchmark: figures and their uncertainty, no verdict.

use libm::{exp, pow};

use super::launches::{Pair, RunLaunches};
use super::noise::Noise;
use super::prediction::{AllDisturbed, Mode, Prediction};
use crate::model::Direction;
use crate::stats::{LaunchNoise, undisturbed_level};

/// One metric of one benchmark, measured above 0 on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// How much worse the candidate is, in the logarithm.
    pub(super) difference: f64,
    /// What unchanged code would show.
    pub(super) prediction: Prediction,
    /// The levels of baseline and candidate.
    pub(super) levels: (f64, f64),
    noise: Noise,
    /// How many launches the candidate's level rests on, and the variance of the baseline's.
    agreeing: f64,
    baseline_variance: f64,
}

/// The estimates of a suite, in the order of `pairs`. O(launches).
pub(super) fn estimates(pairs: &[&Pair]) -> Vec<Option<Estimate>> {
    let noises = Noise::of_suite(pairs).into_iter();
    noises.zip(pairs).map(|(noise, pair)| Estimate::of(pair, noise)).collect()
}

impl Estimate {
    fn of(pair: &Pair, noise: Noise) -> Option<Self> {
        let of_launches = noise.of_launches();
        let runs: Vec<RunLaunches> = pair.baseline.iter().map(|run| noise.adjusted(run)).collect();
        let baseline: RunLaunches = runs.iter().flatten().copied().collect();
        let candidate = noise.adjusted(&pair.candidate);
        let before = undisturbed_level(&baseline, of_launches)?;
        let after = undisturbed_level(&candidate, of_launches)?;
        let mode = slower_mode(pair, after.level, before.level, of_launches);
        let launches_per_run = baseline.len() as f64 / runs.len() as f64;
        let agreeing_runs = (before.agreeing / launches_per_run).max(1.0);
        let baseline_variance =
            noise.between / agreeing_runs + noise.within / before.agreeing.max(1.0);
        let estimate = Self {
            difference: after.level - before.level,
            prediction: Prediction {
                deviation: 1.0,
                freedom: noise.freedom,
                candidate: all_disturbed(&[candidate], after.agreeing, of_launches),
                baseline: all_disturbed(&runs, before.agreeing, of_launches),
                mode,
            },
            levels: (before.level, after.level),
            noise,
            agreeing: after.agreeing.max(1.0),
            baseline_variance,
        };
        Some(estimate.with_deviation(0.0))
    }

    /// With so many more undisturbed launches of the candidate.
    fn with_deviation(mut self, more_launches: f64) -> Self {
        self.agreeing += more_launches;
        let variance = self.run_variance() + self.baseline_variance;
        self.prediction.deviation = variance.sqrt();
        self
    }

    fn run_variance(&self) -> f64 {
        self.noise.between + self.noise.within / self.agreeing
    }

    /// The standard deviation, in the logarithm, between the levels of runs of unchanged code that
    /// have as many launches as the candidate, as likely disturbed as its own:
    ///
    /// ```text
    /// √(between + within / agreeing + P 2 / r²)
    /// ```
    pub(super) fn noise_floor(&self) -> f64 {
        let AllDisturbed { probability, rate } = self.prediction.candidate;
        (self.run_variance() + probability * 2.0 / (rate * rate)).sqrt()
    }

    /// The standard deviation of the difference that no further launch of the candidate takes away.
    pub(super) fn irreducible(&self) -> f64 {
        (self.noise.between + self.baseline_variance).sqrt()
    }

    /// What unchanged code would show if the candidate had so many more launches that agree.
    pub(super) fn predicted_with(&self, more_launches: u32) -> Prediction {
        let mut more = self.with_deviation(f64::from(more_launches));
        // Each further launch could be disturbed as well, and to the same level.
        let all = &mut more.prediction.candidate;
        all.probability *= pow(0.1, f64::from(more_launches));
        more.prediction
    }

    /// Against a level that was measured by one run like the candidate.
    pub(super) fn against(mut self, reference: f64) -> Self {
        self.difference = self.levels.1 - reference;
        self.levels.0 = reference;
        self.baseline_variance = self.run_variance();
        self.with_deviation(0.0)
    }

    /// As if every launch of the candidate of `pair`, which this is of, had been worse by so much in
    /// the logarithm: neither the noise nor what disturbed a launch changes with its level.
    pub(super) fn worse_by(mut self, pair: &Pair, by: f64) -> Self {
        let (before, after) = self.levels;
        self.difference += by;
        self.levels.1 = after + by;
        self.prediction.mode = slower_mode(pair, after + by, before, self.noise.of_launches());
        self
    }

    /// The estimate with a shift taken off that it shares with the rest of the suite.
    pub(super) fn without(mut self, common: f64) -> Self {
        self.difference -= common;
        self
    }
}

/// The launches of one run follow one another: what disturbs one is likelier to disturb the next by
/// this much (recorded: one in six after a disturbed launch where one in eleven is).
const CONTAGION: f64 = 0.05;

/// How likely it is that all launches were disturbed, and to one level: launches that agree within
/// their noise are unlikely to owe that to interference, which strikes them differently.
fn all_disturbed(runs: &[RunLaunches], agreeing: f64, noise: LaunchNoise) -> AllDisturbed {
    let (mut probability, mut launches) = (1.0, 0.0);
    for run in runs {
        let mut sorted: Vec<f64> = run.iter().map(|launch| launch.disturbed).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        for (index, p) in sorted.into_iter().enumerate() {
            probability *= if index == 0 { p } else { p + CONTAGION * (1.0 - p) };
            launches += 1.0;
        }
    }
    let near = (3.0 * noise.sigma / noise.excess).min(1.0);
    probability *= pow(near, (agreeing - 1.0).max(0.0));
    AllDisturbed { probability, rate: (1.0 + (launches - 1.0) * 0.75) / noise.excess }
}

/// Whether earlier launches of unchanged code are found at the candidate's level too, and how likely
/// all of its launches would be:
///
/// ```text
/// p = (c + ½) / (n + 1),   P = p (p + contagion (1 − p))^(k − 1)     for c of n launches near it
/// ```
///
/// Two launches near it make a mode; so does one that is very near, where the step is as small as
/// another layout of code or memory makes it. The newest runs in a row that are all at it do not count: that is a shift.
fn slower_mode(pair: &Pair, candidate: f64, baseline: f64, noise: LaunchNoise) -> Mode {
    const NEAR: f64 = 2.0;
    const VERY_NEAR: f64 = 0.012;
    const SMALL_STEP: f64 = 0.13;
    let window = (NEAR * noise.sigma).max(VERY_NEAR);
    let count = |run: &RunLaunches, window: f64| {
        run.iter().filter(|launch| (launch.level - candidate).abs() <= window).count()
    };
    let earlier: Vec<&RunLaunches> = pair.history.iter().chain(&pair.baseline).collect();
    let at_it = |run: &&&RunLaunches| count(run, window) == run.len();
    let shifted = earlier.iter().rev().take_while(at_it).count();
    let settled = earlier.get(..earlier.len() - shifted).unwrap_or_default();
    let of_settled = |window| settled.iter().map(|run| count(run, window)).sum::<usize>();
    let near = of_settled(window);
    let apart = candidate - baseline > 3.0 * NEAR * noise.sigma;
    let small = candidate - baseline < SMALL_STEP && of_settled(VERY_NEAR) > 0;
    if !apart || near == 0 || near == 1 && !small {
        return Mode::NONE;
    }
    let launches: usize = settled.iter().map(|run| run.len()).sum();
    let p = (near as f64 + 0.5) / (launches as f64 + 1.0);
    let others = pair.candidate.len().saturating_sub(1) as f64;
    let probability = p * pow(p + CONTAGION * (1.0 - p), others);
    Mode { probability, reach: candidate - baseline + window }
}

/// A level as the figure it is of.
pub(super) fn figure(level: f64, better: Direction) -> f64 {
    match better {
        Direction::Lower => exp(level),
        Direction::Higher => exp(-level),
    }
}
