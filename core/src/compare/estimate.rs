//! What two sides say about each benchmark: figures and their uncertainty, no verdict.

use libm::{exp, pow};
use smallvec::SmallVec;

use super::disturbance::{Disturbance, SeenLaunches, disturbances};
use super::launches::{Pair, RunLaunches};
use super::noise::Noise;
use super::prediction::{AllDisturbed, Mode, Prediction};
use crate::model::Direction;
use crate::stats::{Launch, LaunchNoise, Location, undisturbed_level};

/// One metric of one benchmark, measured above 0 on both sides.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimate {
    /// How much worse the candidate is, in the logarithm.
    pub(super) difference: f64,
    /// What unchanged code would show.
    pub(super) prediction: Prediction,
    /// The levels of baseline and candidate.
    pub(super) levels: (f64, f64),
    /// How many launches of the worse side are nearer to the better side's level than to their own.
    pub(super) crossing: Crossing,
    noise: Noise,
    /// How many launches the candidate's level rests on, and the variance of the baseline's.
    agreeing: f64,
    baseline_variance: f64,
    /// What was taken off because the suite has it in common.
    common: f64,
}

/// Launches of the worse side that were as good as the better side.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Crossing {
    /// So many.
    pub(super) launches: usize,
    /// Of so many.
    pub(super) of: usize,
}

impl Crossing {
    /// Of launches whose level is `worse`, those that are nearer to `better`.
    fn of<'l>(launches: impl Iterator<Item = &'l Launch>, worse: f64, better: f64) -> Self {
        launches.fold(Self::default(), |count, launch| {
            let near = (launch.level - better).abs() < (launch.level - worse).abs();
            Self { launches: count.launches + usize::from(near), of: count.of + 1 }
        })
    }

    /// With so many more launches that are as bad as their side.
    pub(super) fn with(self, more: u32) -> Self {
        Self { of: self.of.saturating_add(more as usize), ..self }
    }

    /// Whether they are too many to speak of a level: a tenth, or one of ten or fewer.
    pub(super) fn is_too_many(self) -> bool {
        self.launches > 0 && self.launches * 10 >= self.of
    }
}

/// The launches of both sides, and where they agree.
struct Sides {
    /// By run.
    baseline: Vec<RunLaunches>,
    candidate: RunLaunches,
    before: Location,
    after: Location,
}

impl Sides {
    fn of(pair: &Pair, noise: Noise) -> Option<Self> {
        let of_launches = noise.of_launches();
        let baseline: Vec<RunLaunches> =
            pair.baseline.iter().map(|run| noise.adjusted(run)).collect();
        let candidate = noise.adjusted(&pair.candidate);
        let before = undisturbed_level(&baseline.concat(), of_launches)?;
        let after = undisturbed_level(&candidate, of_launches)?;
        Some(Self { baseline, candidate, before, after })
    }
}

/// The estimates of a suite, in the order of `pairs`. O(launches).
pub(super) fn estimates(pairs: &[&Pair]) -> Vec<Option<Estimate>> {
    let noises = Noise::of_suite(pairs);
    let all: Vec<Option<Sides>> =
        noises.iter().zip(pairs).map(|(noise, pair)| Sides::of(pair, *noise)).collect();
    let usual: Vec<f64> = noises.iter().map(|noise| noise.excess).collect();
    let seen = |of: &dyn Fn(&Sides, LaunchNoise) -> Option<SeenLaunches>| {
        let sides = all.iter().zip(&noises);
        let seen = sides.map(|(sides, noise)| of(sides.as_ref()?, noise.of_launches()));
        seen.collect::<Vec<_>>()
    };
    let of_candidate =
        seen(&|sides, noise| Some(SeenLaunches::of(&sides.candidate, sides.after.level, noise)));
    // Several runs show in their levels what was disturbed; a single one does not.
    let of_baseline = seen(&|sides, noise| match sides.baseline.as_slice() {
        [only] => Some(SeenLaunches::of(only, sides.before.level, noise)),
        _ => None,
    });
    let busier = pairs.first().map_or(0.0, |pair| pair.busier);
    let candidate = disturbances(&of_candidate, &usual, busier);
    let baseline = disturbances(&of_baseline, &usual, 0.0);
    let both = candidate.into_iter().zip(baseline);
    both.zip(all.iter().zip(&noises).zip(pairs))
        .map(|((candidate, baseline), ((sides, noise), pair))| {
            let sides = sides.as_ref()?;
            let of_launches = noise.of_launches();
            let agreeing = (sides.before.agreeing, sides.after.agreeing);
            let of_side = |runs: &[RunLaunches], agreeing, disturbance: Option<Disturbance>| {
                let usual = all_disturbed(runs, agreeing, of_launches);
                let Some(Disturbance { throughout, excess, left }) = disturbance else {
                    return usual;
                };
                let usual = AllDisturbed { probability: left * usual.probability, ..usual };
                // The excess is that of whichever explains the launches better.
                let all = if throughout > usual.probability {
                    all_disturbed(runs, agreeing, LaunchNoise { excess, ..of_launches })
                } else {
                    usual
                };
                let probability = 1.0 - (1.0 - usual.probability) * (1.0 - throughout);
                AllDisturbed { probability, ..all }
            };
            let of_candidate =
                of_side(std::slice::from_ref(&sides.candidate), agreeing.1, candidate);
            let of_baseline = of_side(&sides.baseline, agreeing.0, baseline);
            Some(Estimate::of(pair, sides, *noise, of_candidate, of_baseline))
        })
        .collect()
}

impl Estimate {
    fn of(
        pair: &Pair,
        sides: &Sides,
        noise: Noise,
        candidate: AllDisturbed,
        baseline: AllDisturbed,
    ) -> Self {
        let launches: usize = sides.baseline.iter().map(SmallVec::len).sum();
        let launches_per_run = launches as f64 / sides.baseline.len().max(1) as f64;
        let agreeing_runs = (sides.before.agreeing / launches_per_run).max(1.0);
        let mut baseline_variance =
            noise.between / agreeing_runs + noise.within / sides.before.agreeing.max(1.0);
        if pair.trend.is_some() {
            // The end of a fitted line is known half as well as its middle.
            baseline_variance *= 4.0;
        }
        let moved = pair.trend.map_or(0.0, |trend| trend.moved);
        let levels = (sides.before.level - moved, sides.after.level);
        let estimate = Self {
            difference: levels.1 - levels.0,
            prediction: Prediction {
                deviation: 1.0,
                freedom: noise.freedom,
                candidate,
                baseline,
                mode: Mode::NONE,
            },
            levels,
            crossing: Crossing::default(),
            noise,
            agreeing: sides.after.agreeing.max(1.0),
            baseline_variance,
            common: 0.0,
        };
        estimate.with_launches(pair, 0.0).with_deviation(0.0)
    }

    /// With what the single launches of both sides say of the difference, if the candidate's had been
    /// worse by so much.
    fn with_launches(mut self, pair: &Pair, by: f64) -> Self {
        let (before, after) = self.levels;
        let before = before + self.common;
        self.prediction.mode = slower_mode(pair, after, before, self.noise.of_launches());
        self.crossing = if after >= before {
            Crossing::of(pair.candidate.iter(), after - by, before - by)
        } else {
            let moved = pair.trend.map_or(0.0, |trend| trend.moved);
            Crossing::of(pair.baseline.iter().flatten(), before + moved, after + moved)
        };
        self
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
        let AllDisturbed { probability, rate, .. } = self.prediction.candidate;
        (self.run_variance() + probability * 2.0 / (rate * rate)).sqrt()
    }

    /// Whether nothing was known of the noise, neither of this benchmark nor of the others.
    pub(super) fn is_noise_assumed(&self) -> bool {
        self.noise.assumed
    }

    /// The standard deviation of the difference that no further launch of the candidate takes away.
    pub(super) fn irreducible(&self) -> f64 {
        (self.noise.between + self.baseline_variance).sqrt()
    }

    /// What unchanged code would show if the candidate had so many more launches that agree.
    pub(super) fn predicted_with(&self, more_launches: u32) -> Prediction {
        let mut more = self.with_deviation(f64::from(more_launches)).prediction;
        // Each further launch could be disturbed as well, and to the same level; or in the same mode.
        more.candidate.probability *= pow(more.candidate.again, f64::from(more_launches));
        more.mode.probability *= pow(more.mode.again, f64::from(more_launches));
        more
    }

    /// Against a level that was measured by one run like the candidate. What was taken off as common
    /// to the suite stays taken off.
    pub(super) fn against(mut self, pair: &Pair, reference: f64) -> Self {
        self.levels.0 = reference;
        self.difference = self.levels.1 - reference - self.common;
        self.baseline_variance = self.run_variance();
        // Whether the candidate is in a slower mode shows beside the baseline, not beside the past.
        let mode = self.prediction.mode;
        let mut against = self.with_launches(pair, 0.0).with_deviation(0.0);
        against.prediction.mode = mode;
        against
    }

    /// As if every launch of the candidate of `pair`, which this is of, had been worse by so much in
    /// the logarithm: neither the noise nor what disturbed a launch changes with its level.
    pub(super) fn worse_by(mut self, pair: &Pair, by: f64) -> Self {
        self.difference += by;
        self.levels.1 += by;
        self.with_launches(pair, by)
    }

    /// The estimate with a shift taken off that it shares with the rest of the suite.
    pub(super) fn without(mut self, pair: &Pair, common: f64) -> Self {
        self.difference -= common;
        self.common += common;
        self.with_launches(pair, 0.0)
    }
}

/// The launches of one run follow one another: what disturbs one is likelier to disturb the next by
/// this much (recorded: one in six after a disturbed launch where one in eleven is).
const CONTAGION: f64 = 0.05;

/// How likely it is that all launches were disturbed, and to one level: launches that agree within
/// their noise are unlikely to owe that to interference, which strikes them differently.
fn all_disturbed(runs: &[RunLaunches], agreeing: f64, noise: LaunchNoise) -> AllDisturbed {
    /// Interference that strikes a further launch just so is never less likely than this.
    const LEAST_AGAIN: f64 = 0.1;
    let (mut probability, mut launches, mut likeliest) = (1.0, 0.0, 0.0_f64);
    for run in runs {
        let mut sorted: Vec<f64> = run.iter().map(|launch| launch.disturbed).collect();
        sorted.sort_unstable_by(f64::total_cmp);
        for (index, p) in sorted.into_iter().enumerate() {
            let p = if index == 0 { p } else { p + CONTAGION * (1.0 - p) };
            probability *= p;
            likeliest = likeliest.max(p);
            launches += 1.0;
        }
    }
    let near = (3.0 * noise.sigma / noise.excess).min(1.0);
    probability *= pow(near, (agreeing - 1.0).max(0.0));
    AllDisturbed {
        probability,
        rate: (1.0 + (launches - 1.0) * 0.75) / noise.excess,
        again: (likeliest * near).max(LEAST_AGAIN),
    }
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
    let again = p + CONTAGION * (1.0 - p);
    Mode {
        probability: p * pow(again, others),
        reach: candidate - baseline + window,
        again,
        earlier: (near, launches),
    }
}

/// A level as the figure it is of.
pub(super) fn figure(level: f64, better: Direction) -> f64 {
    match better {
        Direction::Lower => exp(level),
        Direction::Higher => exp(-level),
    }
}
