//! How disturbed one run was as a whole. What a launch shows of itself says how likely it is to be
//! disturbed on a usual day. Whether this was one shows in the launches of the whole suite: on a busy
//! machine they disagree. Then those that happen to agree, and the lowest, are to be trusted less.

use libm::{exp, log};

use crate::stats::{Launch, LaunchNoise, undisturbed};

/// One launch as it is seen beside the others of its benchmark in the same run.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seen {
    /// How likely it was disturbed, before its level is looked at.
    pub(super) prior: f64,
    /// How likely it was disturbed in the light of the level where the others agree.
    pub(super) posterior: f64,
}

/// The launches of one benchmark in one run.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct SeenLaunches {
    pub(super) launches: Vec<Seen>,
    /// The sum of what the disturbed ones exceed the level by.
    excess: f64,
}

impl SeenLaunches {
    /// Looks at launches whose undisturbed ones lie at `level`. O(launches).
    pub(super) fn of(launches: &[Launch], level: f64, noise: LaunchNoise) -> Self {
        let mut seen = Self::default();
        for launch in launches {
            let posterior = 1.0 - undisturbed(*launch, level, noise);
            seen.excess += posterior * (launch.level - level).max(0.0);
            seen.launches.push(Seen { prior: launch.disturbed, posterior });
        }
        seen
    }

    /// All launches but the one that fits best: of some launches one is always where the level is.
    fn others(&self) -> impl Iterator<Item = Seen> + '_ {
        let best = self
            .launches
            .iter()
            .enumerate()
            .min_by(|a, b| a.1.posterior.total_cmp(&b.1.posterior))
            .map(|(index, _)| index);
        let others = self.launches.iter().enumerate();
        others.filter(move |(index, _)| Some(*index) != best).map(|(_, seen)| *seen)
    }

    /// The launches, each as likely disturbed as this run makes it.
    pub(super) fn in_run(&self, disturbance: Disturbance) -> Vec<Seen> {
        let shifted = |seen: &Seen| Seen { prior: shifted(seen.prior, disturbance.odds), ..*seen };
        self.launches.iter().map(shifted).collect()
    }
}

/// By how much a run was more disturbed than its launches show each by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Disturbance {
    /// What comes on top of the log odds of being disturbed; at least 0.
    pub(super) odds: f64,
    /// The mean excess of its disturbed launches, in the logarithm.
    pub(super) excess: f64,
}

/// How far the log odds of a run's launches usually stray: the standard deviation.
const RUN_STRAYS: f64 = 2.0;
/// How far those of one benchmark stray from its run's.
const BENCHMARK_STRAYS: f64 = 1.2;
/// How many disturbed launches' worth the usual excess counts.
const USUAL_EXCESS: f64 = 10.0;

/// The disturbance of one run for each of its benchmarks, in their order, none where a benchmark is
/// not of the run. For the run s, and for each benchmark from there s_b, is the likeliest shift of the
/// log odds λ of its launches, given which of them are seen to be disturbed (d):
///
/// ```text
/// Σ (dᵢ − logistic(λᵢ + s)) = (s − expected) / τ²
/// ```
///
/// `expected` is what is known of the run beforehand, at least 0; `usual` the mean excess of each
/// benchmark's disturbed launches. A run of single launches shows nothing but what was expected.
/// O(launches).
pub(super) fn disturbances(
    benchmarks: &[Option<SeenLaunches>],
    usual: &[f64],
    expected: f64,
) -> Vec<Option<Disturbance>> {
    let all: Vec<Seen> = benchmarks.iter().flatten().flat_map(SeenLaunches::others).collect();
    let of_run = likeliest_shift(&all, expected, RUN_STRAYS);
    let observed: f64 = all.iter().map(|seen| seen.posterior).sum();
    let excess: f64 = benchmarks.iter().flatten().map(|seen| seen.excess).sum();
    benchmarks
        .iter()
        .zip(usual)
        .map(|(seen, &usual)| {
            let others: Vec<Seen> = seen.as_ref()?.others().collect();
            let odds = likeliest_shift(&others, of_run, BENCHMARK_STRAYS);
            let pooled = (USUAL_EXCESS * usual + excess) / (USUAL_EXCESS + observed);
            Some(Disturbance { odds: odds.max(0.0), excess: pooled.max(usual) })
        })
        .collect()
}

/// The maximum of the posterior of the shift, by bisection: its derivative falls.
fn likeliest_shift(seen: &[Seen], expected: f64, strays: f64) -> f64 {
    const STEPS: usize = 30;
    if seen.is_empty() {
        return expected;
    }
    let observed: f64 = seen.iter().map(|seen| seen.posterior).sum();
    let slope = |shift: f64| {
        let predicted: f64 = seen.iter().map(|seen| shifted(seen.prior, shift)).sum();
        observed - predicted - (shift - expected) / (strays * strays)
    };
    let (mut low, mut high) = (expected - 12.0, expected + 12.0);
    for _ in 0..STEPS {
        let middle = f64::midpoint(low, high);
        if slope(middle) > 0.0 { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// A probability whose log odds are shifted.
fn shifted(probability: f64, by: f64) -> f64 {
    let p = probability.clamp(1e-6, 1.0 - 1e-6);
    1.0 / (1.0 + exp(-(log(p / (1.0 - p)) + by)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn benchmark(levels: &[f64], prior: f64) -> Option<SeenLaunches> {
        let noise = LaunchNoise { sigma: 0.01, excess: 0.2 };
        let launches: Vec<Launch> =
            levels.iter().map(|&level| Launch { level, disturbed: prior }).collect();
        let lowest = levels.iter().copied().fold(f64::INFINITY, f64::min);
        Some(SeenLaunches::of(&launches, lowest, noise))
    }

    fn of(suite: &[Option<SeenLaunches>], expected: f64) -> Vec<Option<Disturbance>> {
        disturbances(suite, &vec![0.2; suite.len()], expected)
    }

    #[test]
    fn launches_that_agree_are_as_likely_disturbed_as_they_look() {
        let calm = of(&vec![benchmark(&[1.0, 1.002, 0.998], 0.002); 12], 0.0);
        for disturbance in calm.into_iter().flatten() {
            assert!(disturbance.odds < 0.1, "{disturbance:?}");
            assert!((shifted(0.002, disturbance.odds) - 0.002).abs() < 3e-4);
        }
    }

    #[test]
    fn a_suite_that_disagrees_raises_every_launch() {
        let mut suite = vec![benchmark(&[1.0, 1.2, 1.4], 0.05); 12];
        suite[3] = benchmark(&[1.0, 1.001, 1.003], 0.05);
        suite[5] = None;
        let all = of(&suite, 0.0);
        assert_eq!(all[5], None);
        let of_calm = all[3].unwrap();
        assert!(shifted(0.05, of_calm.odds) > 0.4, "{of_calm:?}");
        assert!(shifted(0.05, all[0].unwrap().odds) > 0.8, "{all:?}");
        assert!(of_calm.excess > 0.22, "{of_calm:?}");
        // One that disagrees alone raises itself more than the others.
        let mut one = vec![benchmark(&[1.0, 1.002, 0.998], 0.002); 12];
        one[7] = benchmark(&[1.0, 1.2, 1.4], 0.002);
        let one = of(&one, 0.0);
        let raised = |n: usize| shifted(0.002, one[n].unwrap().odds);
        assert!(raised(7) > 0.1 && raised(0) < 0.05, "{} {}", raised(7), raised(0));
    }

    #[test]
    fn single_launches_show_only_what_was_expected() {
        let single = of(&vec![benchmark(&[1.0], 0.05); 12], 1.5);
        assert!(single.iter().flatten().all(|d| (d.odds - 1.5).abs() < 1e-9));
        assert_eq!(of(&[], 0.0), []);
    }
}
