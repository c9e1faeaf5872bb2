//! How disturbed one run was as a whole. What a launch shows of itself says how likely it is to be
//! disturbed on a usual day. Whether something kept the machine busy throughout shows in the launches
//! of the whole suite: then hardly any two of a benchmark agree, and those that happen to, and the
//! lowest, are to be trusted less. Likewise for a single benchmark whose launches disagree although
//! each looks calm.

use libm::{exp, log};

use crate::stats::{Launch, LaunchNoise, ROOT_TAU};

/// The launches of one benchmark in one run, and where the undisturbed ones agree.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct SeenLaunches {
    /// All but the one that is nearest to the level: of some launches one always is.
    others: Vec<Launch>,
    level: f64,
    noise: LaunchNoise,
}

/// How likely something disturbed every launch of a benchmark in one run, beyond what each of them
/// shows by itself.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Disturbance {
    /// That the whole run was disturbed throughout, or this benchmark.
    pub(super) throughout: f64,
    /// The mean excess of a disturbed launch, in the logarithm.
    pub(super) excess: f64,
    /// What share is left of the probability that all launches of the benchmark were disturbed: less
    /// than 1 where those of the other benchmarks agree, and some of its own.
    pub(super) left: f64,
}

/// How often a whole run is disturbed throughout.
const BUSY_RUNS: f64 = 0.001;
/// How often a single benchmark is in an otherwise calm run.
const BUSY_BENCHMARKS: f64 = 2e-5;
/// A launch that is off its level speaks no more for a disturbed run than as if launches like it were
/// off this often; and for a disturbed benchmark.
const OFTEN: f64 = 0.3;
const SELDOM: f64 = 0.007;
/// Launches are off their level if they are so far above it, in the logarithm.
const OFF: f64 = 0.05;
/// While fewer launches of the other benchmarks than the first share are off, the launches of one are
/// all disturbed this much more rarely than each by itself says; from the second share on they are not.
///
/// Recorded on three two-core machines, two of them busy: of 4,107 times three launches in a row that
/// agreed, with at most 30 % of the others' off, none was disturbed by 15 % throughout; of 606 times
/// with more of them off, nine were.
const CALM: (f64, f64) = (0.15, 0.4);
const RARER: f64 = 0.1;
/// Before any launch is seen, so many count as seen, and this share of them as off.
const UNSEEN: f64 = 4.0;
const UNSEEN_OFF: f64 = 0.3;
/// How many disturbed launches' worth the usual excess counts.
const USUAL_EXCESS: f64 = 10.0;

impl SeenLaunches {
    /// Launches whose undisturbed ones lie at `level`. O(launches).
    pub(super) fn of(launches: &[Launch], level: f64, noise: LaunchNoise) -> Self {
        let distance = |launch: &Launch| (launch.level - level).abs();
        let nearest = launches
            .iter()
            .enumerate()
            .min_by(|a, b| distance(a.1).total_cmp(&distance(b.1)))
            .map(|(index, _)| index);
        let others = launches.iter().enumerate().filter(|(index, _)| Some(*index) != nearest);
        Self { others: others.map(|(_, launch)| *launch).collect(), level, noise }
    }

    /// The logarithm of how much likelier the launches are if all of them are disturbed, by `excess`
    /// on average, than if they are as likely as they look, but at least `least`:
    ///
    /// ```text
    /// Σ ln Exp(yᵢ − θ; excess) − ln ((1 − pᵢ) N(yᵢ; θ, 2 σ²) + pᵢ Exp(yᵢ − θ; excess))
    /// ```
    fn evidence(&self, excess: f64, least: f64) -> f64 {
        // Of two launches: the level is known as well as either.
        let sigma = self.noise.sigma * std::f64::consts::SQRT_2;
        let of_launch = |launch: &Launch| {
            let distance = launch.level - self.level;
            let disturbed = exp(-distance.abs() / excess) / excess;
            let calm = exp(-0.5 * distance * distance / (sigma * sigma)) / (sigma * ROOT_TAU);
            let p = launch.disturbed.clamp(least, 0.9);
            log(disturbed + f64::MIN_POSITIVE)
                - log((1.0 - p) * calm + p * disturbed + f64::MIN_POSITIVE)
        };
        self.others.iter().map(of_launch).sum()
    }

    /// How many launches are off, and of how many.
    fn are_off(&self) -> (f64, f64) {
        let off = self.others.iter().filter(|launch| launch.level - self.level > OFF).count();
        (off as f64, self.others.len() as f64)
    }

    /// The launches that are clearly off, and the sum of their excesses.
    fn off(&self) -> (f64, f64) {
        const FAR: f64 = 4.0;
        let distances = self.others.iter().map(|launch| launch.level - self.level);
        let off = distances.filter(|distance| *distance > FAR * self.noise.sigma);
        off.fold((0.0, 0.0), |(count, sum), distance| (count + 1.0, sum + distance))
    }
}

/// The disturbance of one run for each of its benchmarks, in their order, none where a benchmark is
/// not of the run. `usual` is the mean excess of each benchmark's disturbed launches; `busier` what
/// the log odds of a disturbed run are raised by, because of what is known of the machine meanwhile.
/// A run of single launches shows nothing but that. O(launches).
pub(super) fn disturbances(
    benchmarks: &[Option<SeenLaunches>],
    usual: &[f64],
    busier: f64,
) -> Vec<Option<Disturbance>> {
    let off = benchmarks.iter().flatten().map(SeenLaunches::off);
    let (count, sum) = off.fold((0.0, 0.0), |(n, sum), (m, more)| (n + m, sum + more));
    let excess_of = |usual: f64| {
        let pooled = (USUAL_EXCESS * usual + sum) / (USUAL_EXCESS + count);
        pooled.max(usual)
    };
    let all = benchmarks.iter().zip(usual);
    let evidence: f64 = all
        .clone()
        .filter_map(|(seen, usual)| Some(seen.as_ref()?.evidence(excess_of(*usual), OFTEN)))
        .sum();
    let of_run = rise(BUSY_RUNS, evidence + busier);
    let are_off = benchmarks.iter().flatten().map(SeenLaunches::are_off);
    let (off, launches) = are_off.fold((0.0, 0.0), |(off, n), (more, of)| (off + more, n + of));
    all.map(|(seen, usual)| {
        let (own_off, own) = seen.as_ref()?.are_off();
        let share = (UNSEEN * UNSEEN_OFF + off - own_off) / (UNSEEN + launches - own);
        let busy = ((share - CALM.0) / (CALM.1 - CALM.0)).clamp(0.0, 1.0);
        // Where none agrees with the level, something is about that the others do not show.
        let left = if own_off >= own { 1.0 } else { RARER + (1.0 - RARER) * busy };
        let excess = excess_of(*usual);
        let own = rise(BUSY_BENCHMARKS, seen.as_ref()?.evidence(excess, SELDOM));
        Some(Disturbance { throughout: 1.0 - (1.0 - of_run) * (1.0 - own), excess, left })
    })
    .collect()
}

/// By how much a probability rises when its log odds do; 0 where it falls: what a launch shows by
/// itself is known without it.
fn rise(probability: f64, by: f64) -> f64 {
    let odds = log(probability / (1.0 - probability)) + by;
    (1.0 / (1.0 + exp(-odds)) - probability).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn benchmark(levels: &[f64], prior: f64) -> SeenLaunches {
        let noise = LaunchNoise { sigma: 0.01, excess: 0.2 };
        let launches: Vec<Launch> =
            levels.iter().map(|&level| Launch { level, disturbed: prior }).collect();
        let lowest = levels.iter().copied().fold(f64::INFINITY, f64::min);
        SeenLaunches::of(&launches, lowest, noise)
    }

    fn of(suite: &[Option<SeenLaunches>], busier: f64) -> Vec<Option<Disturbance>> {
        disturbances(suite, &vec![0.2; suite.len()], busier)
    }

    #[test]
    fn launches_that_agree_are_not_disturbed_throughout() {
        let calm = of(&vec![Some(benchmark(&[1.0, 1.002, 1.004], 0.002)); 12], 0.0);
        assert!(calm.into_iter().flatten().all(|d| d.throughout == 0.0));
        // A spike in every benchmark leaves two that agree in each.
        let spikes = of(&vec![Some(benchmark(&[1.0, 1.002, 1.4], 0.05)); 12], 0.0);
        assert!(spikes.into_iter().flatten().all(|d| d.throughout < 0.01));
    }

    #[test]
    fn a_suite_that_disagrees_raises_every_launch() {
        let mut suite = vec![Some(benchmark(&[1.0, 1.2, 1.4], 0.05)); 12];
        suite[3] = Some(benchmark(&[1.0, 1.001, 1.003], 0.05));
        suite[5] = None;
        let all = of(&suite, 0.0);
        assert_eq!(all[5], None);
        let of_calm = all[3].unwrap();
        assert!(of_calm.throughout > 0.95 && of_calm.excess > 0.22, "{of_calm:?}");
    }

    #[test]
    fn one_that_disagrees_alone_raises_itself() {
        let with = |prior: f64| {
            let mut one = vec![Some(benchmark(&[1.0, 1.002, 1.004], 0.002)); 12];
            one[7] = Some(benchmark(&[1.0, 1.2, 1.4], prior));
            of(&one, 0.0).into_iter().flatten().map(|d| d.throughout).collect::<Vec<_>>()
        };
        let calm = with(0.002);
        assert!(calm[7] > 0.1 && calm[0] == 0.0, "{calm:?}");
        // Where the launches that are off look disturbed, that is what they were.
        assert!(with(0.3)[7] < 0.01);
    }

    #[test]
    fn a_calm_suite_makes_it_rarer() {
        let left = |others: &[f64], own: &[f64]| {
            let mut suite = vec![Some(benchmark(others, 0.05)); 12];
            suite[2] = Some(benchmark(own, 0.3));
            of(&suite, 0.0)[2].unwrap().left
        };
        let (calm, spikes, busy) = ([1.0, 1.002, 1.004], [1.0, 1.001, 1.3], [1.0, 1.3, 1.4]);
        assert_eq!(left(&calm, &calm), RARER);
        assert_eq!(left(&calm, &spikes), RARER);
        assert_eq!(left(&calm, &busy), 1.0);
        assert_eq!(left(&busy, &calm), 1.0);
        // A small suite says little, a single benchmark nothing.
        let pair = vec![Some(benchmark(&calm, 0.1)); 2];
        let of_pair = of(&pair, 0.0)[0].unwrap().left;
        assert!(of_pair > RARER && of_pair < 0.5, "{of_pair}");
        let alone = of(&pair[..1], 0.0)[0].unwrap().left;
        assert!(alone > 0.5, "{alone}");
    }

    #[test]
    fn single_launches_show_only_what_is_known_of_the_machine() {
        let single = |busier: f64| of(&vec![Some(benchmark(&[1.0], 0.05)); 12], busier)[0].unwrap();
        assert_eq!(single(0.0).throughout, 0.0);
        assert!(single(4.0).throughout > 0.03);
        assert_eq!(of(&[], 0.0), []);
    }
}
