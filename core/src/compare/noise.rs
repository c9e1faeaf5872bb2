//! The noise floor: how much each benchmark moves between launches and between runs of unchanged
//! code, from three sources: its own launches, its earlier runs, and the other benchmarks of the
//! suite.

use super::launches::{Pair, RunLaunches};
use crate::stats::{
    Launch, LaunchNoise, Location, VariancePrior, sorted, undisturbed_level,
    undisturbed_level_near, variance_prior,
};

/// How one benchmark moves.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Noise {
    /// The variance of the logarithm between undisturbed launches of one run.
    pub(super) within: f64,
    /// What comes on top between runs.
    pub(super) between: f64,
    /// The degrees of freedom of the two together.
    pub(super) freedom: f64,
    /// The mean excess of a disturbed launch, in the logarithm.
    pub(super) excess: f64,
    /// By how much more often its launches are disturbed than launches as restless as they usually
    /// are.
    pub(super) disturbed: f64,
    /// Whether nothing was known, of this benchmark or of another: then this is what is usual.
    pub(super) assumed: bool,
}

/// The share of the variance between single launches that launches of one run have in common, while
/// nothing is known of a benchmark: a run is minutes, history is days.
const COMMON_SHARE: f64 = 0.25;
/// What launches vary by when nothing at all is known: the standard deviation of the logarithm.
const UNKNOWN_DEVIATION: f64 = 0.02;
/// How many observations' worth of evidence that is.
const UNKNOWN_FREEDOM: f64 = 6.0;
/// No pair of builds is nearer than this: the layout of the code alone moves a benchmark so much.
const LEAST_DEVIATION: f64 = 0.005;
/// The mean excess when nothing is known (recorded: 0.19 above the first 6 %).
const UNKNOWN_EXCESS: f64 = 0.2;
/// A launch is disturbed with at most this probability: one in two that agree is not nothing.
const MOST_DISTURBED: f64 = 0.5;

/// What a first look at a benchmark shows.
#[derive(Debug, Clone, Copy, Default)]
struct FirstLook {
    /// Variance between launches within runs, and its degrees of freedom.
    within: (f64, f64),
    /// Variance between runs' levels, its degrees of freedom, and launches per run.
    across: (f64, f64, f64),
    /// Launches of baseline and history, and of those the disturbed: observed and expected.
    launches: f64,
    observed: f64,
    expected: f64,
    /// The sum of their excesses.
    excess: f64,
}

impl Noise {
    /// The noise of every benchmark of a comparison. O(launches).
    pub(super) fn of_suite(pairs: &[&Pair]) -> Vec<Self> {
        let looks: Vec<FirstLook> = pairs.iter().map(|pair| first_look(pair)).collect();
        let unknown = VariancePrior {
            variance: UNKNOWN_DEVIATION * UNKNOWN_DEVIATION,
            freedom: UNKNOWN_FREEDOM,
        };
        let known = of_group(looks.iter().map(|look| look.within));
        let within = known.unwrap_or(unknown);
        let across = of_group(looks.iter().map(|look| (look.across.0, look.across.1)));
        // Single launches on both sides: all that tells is how the differences of the suite scatter.
        let (within, from_differences) = match differences(pairs) {
            Some(scatter) if looks.iter().all(|l| l.within.1 < 1.0 && l.across.1 < 1.0) => {
                (scatter, true)
            }
            _ => (within, false),
        };
        let assumed = known.is_none() && across.is_none() && !from_differences;
        let sum = |figure: fn(&FirstLook) -> f64| looks.iter().map(figure).sum::<f64>();
        let (observed, expected) = (sum(|l| l.observed), sum(|l| l.expected));
        // Worth a few disturbed launches, so that a calm history of a small suite is not taken for
        // a promise.
        let suite_disturbed = (2.0 + observed) / (2.0 + expected);
        let suite_excess = (10.0 * UNKNOWN_EXCESS + sum(|l| l.excess)) / (10.0 + observed);
        looks
            .iter()
            .zip(pairs)
            .map(|(look, pair)| {
                let noise = look.noise(within, across, suite_disturbed, suite_excess);
                Self {
                    within: noise.within.max(pair.reported),
                    assumed: assumed && pair.reported <= 0.0,
                    ..noise
                }
            })
            .collect()
    }

    /// The launches as likely disturbed as this benchmark's are.
    pub(super) fn adjusted(&self, launches: &[Launch]) -> RunLaunches {
        let often = |p: f64| (p * self.disturbed).clamp(1e-4, MOST_DISTURBED);
        launches
            .iter()
            .map(|launch| Launch { disturbed: often(launch.disturbed), ..*launch })
            .collect()
    }

    /// What the level of launches is found with.
    pub(super) fn of_launches(&self) -> LaunchNoise {
        LaunchNoise { sigma: (self.within + self.between).sqrt(), excess: self.excess }
    }
}

impl FirstLook {
    fn noise(
        &self,
        within: VariancePrior,
        across: Option<VariancePrior>,
        suite_disturbed: f64,
        suite_excess: f64,
    ) -> Noise {
        const LEAST: f64 = LEAST_DEVIATION * LEAST_DEVIATION;
        /// How many launches' worth the suite's habit counts beside the benchmark's own.
        const HABIT: f64 = 4.0;
        let (own_across, freedom_across, per_run) = self.across;
        let (mut within, freedom_within) = within.posterior(self.within.0, self.within.1);
        within = within.max(LEAST);
        // What one new launch of a new run varies by: from the runs where there are some.
        let (total, freedom) = match across {
            Some(across) => {
                let (variance, freedom) = across.posterior(own_across, freedom_across);
                let of_one = if per_run > 1.5 {
                    (variance - within / per_run).max(0.0) + within
                } else {
                    variance
                };
                (of_one.max(LEAST), freedom)
            }
            None => (within / (1.0 - COMMON_SHARE), freedom_within),
        };
        // Single launches: how much of it launches of one run share is not known.
        let (within, between) = if across.is_some() && per_run <= 1.5 && self.within.1 < 4.0 {
            ((1.0 - COMMON_SHARE) * total, COMMON_SHARE * total)
        } else {
            (within, (total - within).max(COMMON_SHARE / 2.0 * within))
        };
        let usual = if self.launches > 0.0 { self.expected / self.launches } else { 0.0 };
        let disturbed = if usual > 0.0 {
            (HABIT * suite_disturbed * usual + self.observed) / (HABIT + self.launches) / usual
        } else {
            suite_disturbed
        };
        let excess = (3.0 * suite_excess + self.excess) / (3.0 + self.observed);
        Noise { within, between, freedom: freedom.max(1.0), excess, disturbed, assumed: false }
    }
}

fn of_group(variances: impl Iterator<Item = (f64, f64)>) -> Option<VariancePrior> {
    let known: Vec<(f64, f64)> = variances.filter(|&(_, freedom)| freedom >= 0.5).collect();
    // A variance of zero is a clock's resolution, not a promise.
    let least = LEAST_DEVIATION * LEAST_DEVIATION / 4.0;
    let floored: Vec<(f64, f64)> = known.iter().map(|&(v, d)| (v.max(least), d)).collect();
    variance_prior(&floored).or_else(|| {
        // One or two benchmarks: theirs, beside what is usual.
        let freedom: f64 = floored.iter().map(|&(_, d)| d).sum();
        (freedom > 0.0).then(|| {
            let own = floored.iter().map(|&(v, d)| v * d).sum::<f64>();
            let usual = UNKNOWN_DEVIATION * UNKNOWN_DEVIATION * UNKNOWN_FREEDOM;
            VariancePrior {
                variance: (own + usual) / (freedom + UNKNOWN_FREEDOM),
                freedom: UNKNOWN_FREEDOM,
            }
        })
    })
}

/// The scatter of the differences between two sides over a suite of single launches, as the
/// variance of one launch: from the shorter half, because some may be real.
fn differences(pairs: &[&Pair]) -> Option<VariancePrior> {
    const FEWEST: usize = 6;
    let differences: Vec<f64> = pairs
        .iter()
        .filter_map(|pair| {
            Some(pair.candidate.first()?.level - pair.baseline.first()?.first()?.level)
        })
        .collect();
    (differences.len() >= FEWEST).then(|| {
        let deviation = shorter_half(&differences).max(LEAST_DEVIATION);
        VariancePrior { variance: deviation * deviation / 2.0, freedom: UNKNOWN_FREEDOM }
    })
}

/// The standard deviation of a normal distribution whose shortest interval around half of the
/// values is this long. Takes up to half of the values for disturbed. 0 for fewer than two values.
/// O(n log n).
///
/// Source: Rousseeuw & Leroy, "A robust scale estimator based on the shortest half", Statistica
/// Neerlandica 42 (1988), 103–116.
fn shorter_half(values: &[f64]) -> f64 {
    const HALF: f64 = 1.348_979_500_392_164; // the middle half of a standard normal
    let ordered = sorted(values);
    let half = ordered.len() / 2 + 1;
    let lengths = ordered.windows(half).filter_map(|w| Some(w.last()? - w.first()?));
    let shortest = lengths.fold(f64::INFINITY, f64::min);
    if shortest.is_finite() { shortest / HALF } else { 0.0 }
}

/// A deviation that changes by less than this share changes nothing that is concluded from it.
const STEADY: f64 = 0.05;

fn first_look(pair: &Pair) -> FirstLook {
    let same = pair.identical.then_some(&pair.candidate);
    // The candidate's launches among themselves: what moved all of them does not show there.
    let judged = (!pair.identical).then_some(&pair.candidate);
    let earlier: Vec<&RunLaunches> =
        pair.history.iter().chain(&pair.baseline).chain(same).collect();
    let launches: Vec<Launch> = earlier.iter().flat_map(|run| run.iter().copied()).collect();
    let all: Vec<f64> = launches.iter().map(|launch| launch.level).collect();
    let mut sigma = if all.len() >= 5 { shorter_half(&all) } else { UNKNOWN_DEVIATION };
    let mut look = FirstLook::default();
    // What was found before: of each run, of the candidate, of the runs' levels, of all launches.
    let mut of_runs: Vec<Option<f64>> = vec![None; earlier.len()];
    let (mut of_candidate, mut of_levels, mut of_all) = (None, None, None);
    let mut levels: Vec<Launch> = Vec::with_capacity(earlier.len());
    // Up to three times: the first deviation is a guess, and what is disturbed depends on it.
    for _ in 0..3 {
        look = FirstLook::default();
        let noise = LaunchNoise { sigma: sigma.max(LEAST_DEVIATION), excess: UNKNOWN_EXCESS };
        let find = |launches: &[Launch], before: &mut Option<f64>| {
            let location = match *before {
                Some(level) => undisturbed_level_near(launches, noise, level),
                None => undisturbed_level(launches, noise),
            };
            *before = location.map(|location| location.level);
            location
        };
        let (mut squares, mut freedom) = (0.0, 0.0);
        let mut within = |location: &Location| {
            squares += location.squares;
            freedom += (location.agreeing - 1.0).max(0.0);
        };
        levels.clear();
        for (run, before) in earlier.iter().zip(&mut of_runs) {
            let Some(location) = find(run, before) else { continue };
            within(&location);
            let all_disturbed: f64 = run.iter().map(|launch| launch.disturbed).product();
            levels.push(Launch { level: location.level, disturbed: all_disturbed.max(1e-4) });
        }
        if let Some(location) = judged.and_then(|run| find(run, &mut of_candidate)) {
            within(&location);
        }
        look.within = (if freedom > 0.0 { squares / freedom } else { 0.0 }, freedom);
        let across = find(&levels, &mut of_levels);
        if let Some(Location { agreeing, squares, .. }) = across {
            let freedom = agreeing - 1.0;
            if freedom > 0.5 {
                let per_run = all.len() as f64 / levels.len().max(1) as f64;
                look.across = (squares / freedom, freedom, per_run);
            }
        }
        // Runs of one launch are the launches.
        let same = levels.len() == launches.len();
        let Some(location) = (if same { across } else { find(&launches, &mut of_all) }) else {
            break;
        };
        look.launches = launches.len() as f64;
        look.observed = look.launches - location.agreeing;
        look.expected = launches.iter().map(|l| l.disturbed).sum();
        look.excess = location.excess;
        let freedom = location.agreeing - 1.0;
        if freedom < 2.0 {
            break;
        }
        let before = sigma;
        sigma = (location.squares / freedom).sqrt();
        if (sigma - before).abs() < STEADY * before {
            break;
        }
    }
    look
}
