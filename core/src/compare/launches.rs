//! What is compared: the launches of both sides and of the history, as levels.
//!
//! A level is the logarithm of a launch's figure, turned so that more is worse whichever way the
//! metric is better: a difference of 0.1 means "10 % worse" for times and for rates.

use std::cell::OnceCell;

use libm::log;
use smallvec::SmallVec;

use super::Side;
use super::estimate::figure;
use super::statistic::Statistic;
use crate::model::{Direction, Round, Run};
use crate::stats::{Launch, LaunchNoise, median_of, undisturbed_level};

/// The launches of one run: mostly three.
pub(super) type RunLaunches = SmallVec<[Launch; 3]>;

/// One metric of one benchmark on both sides.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) statistic: Statistic,
    /// The runs of the baseline, oldest first; each has at least one launch.
    pub(super) baseline: Vec<RunLaunches>,
    /// Earlier runs that tell about the noise, without those of the baseline.
    pub(super) history: Vec<RunLaunches>,
    /// All launches of the candidate.
    pub(super) candidate: RunLaunches,
    /// The variance of the logarithm of a launch's centre by the spread that its values report, where
    /// centres are compared; 0 elsewhere.
    pub(super) reported: f64,
    /// Whether one program made both sides: then the candidate, too, shows how unchanged code moves.
    pub(super) identical: bool,
    /// The trend of the earlier runs. Their levels are those of the newest: each is moved along the
    /// line.
    pub(super) trend: Option<Trend>,
    /// By how much the log odds that the candidate's launches were disturbed are raised, by how busy
    /// the machine was.
    pub(super) busier: f64,
}

/// A slow drift of the earlier runs' levels.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Trend {
    /// By how much a run is worse than the one before, in the logarithm.
    pub(super) per_run: f64,
    /// Over how many runs.
    pub(super) runs: usize,
    /// By how much the baseline was moved: not at all where it is more than one run, since its place
    /// then is the newest one's.
    pub(super) moved: f64,
}

/// How spread the values within a launch are: median over low. Interference shows in it before it
/// reaches the low.
fn unrest(round: &Round) -> Option<f64> {
    let low = Statistic::Low.figure(round)?;
    let median = round.median()?;
    let spread = median / low;
    (round.n()? >= 5 && low > 0.0 && spread > 0.0 && spread.is_finite()).then_some(spread)
}

/// Runs in a fixed order, with how restless each of their launches was: of each round of each run
/// the median over its benchmarks, found when it is asked for.
#[derive(Debug, Default)]
pub(super) struct Unrest<'a>(Vec<(&'a Run, OnceCell<Vec<Option<f64>>>)>);

impl<'a> Unrest<'a> {
    /// Fewer benchmarks than this do not tell about a launch.
    const FEWEST: usize = 3;

    pub(super) fn of(runs: &[&'a Run]) -> Self {
        Self(runs.iter().map(|&run| (run, OnceCell::new())).collect())
    }

    fn of_run(run: &Run) -> Vec<Option<f64>> {
        let mut all: Vec<Vec<f64>> = Vec::new();
        for measurement in &run.measurements {
            for (index, round) in measurement.rounds().iter().enumerate() {
                if all.len() <= index {
                    all.resize(index + 1, Vec::new());
                }
                if let (Some(unrest), Some(of_round)) = (unrest(round), all.get_mut(index)) {
                    of_round.push(unrest);
                }
            }
        }
        all.into_iter()
            .map(|mut values| median_of(&mut values).filter(|_| values.len() >= Self::FEWEST))
            .collect()
    }

    /// How likely this launch is disturbed, by how restless it and the others of its launch are.
    ///
    /// The figures are of some 4,000 launches of 24 benchmarks recorded on two shared two-core
    /// machines: one in a thousand calm launches lies more than 10 % above its level, one in a
    /// hundred of the slightly restless, and one in six of restless ones among restless ones.
    fn disturbed(&self, slot: usize, index: usize, round: &Round) -> f64 {
        const CALM: f64 = 0.002;
        const UNEASY: f64 = 0.018;
        const RESTLESS: f64 = 0.03;
        const ALL_RESTLESS: f64 = 0.23;
        const UNKNOWN: f64 = 0.05;
        let ramp = |value: f64, from: f64, to: f64| ((value - from) / (to - from)).clamp(0.0, 1.0);
        let Some(own) = unrest(round) else {
            let spread = spread_of(round).map_or(1.0, |spread| ramp(spread, 0.02, 0.1));
            return CALM + (UNKNOWN - CALM) * spread;
        };
        if own < 1.02 {
            return CALM;
        }
        let of_run = self.0.get(slot).map(|(run, cell)| cell.get_or_init(|| Self::of_run(run)));
        let of_launch = of_run.and_then(|run| run.get(index)).copied().flatten();
        let of_launch = of_launch.unwrap_or(own);
        let (own, of_launch) = (log(own), log(of_launch));
        let restless = ramp(own, 0.05, 0.15);
        CALM + UNEASY * ramp(own, 0.02, 0.05)
            + RESTLESS * restless
            + ALL_RESTLESS * restless * ramp(of_launch, 0.08, 0.38)
    }

    /// The launches of one measurement of the run at `slot`; `None` where a figure is not above 0.
    pub(super) fn launches(
        &self,
        slot: usize,
        rounds: &[Round],
        statistic: Statistic,
        better: Direction,
    ) -> Option<RunLaunches> {
        rounds
            .iter()
            .enumerate()
            .map(|(index, round)| {
                let figure = statistic.figure(round).filter(|&figure| figure > 0.0)?;
                let disturbed = self.disturbed(slot, index, round);
                Some(Launch { level: level(figure, better), disturbed })
            })
            .collect()
    }
}

/// The variance of a launch's centre as its reported deviation has it, relative to the centre.
pub(super) fn reported_variance(round: &Round) -> Option<f64> {
    let ratio = round.std_dev()? / round.centre()?;
    Some(ratio * ratio / round.n()? as f64).filter(|variance| variance.is_finite())
}

/// A round's reported deviation over its centre.
fn spread_of(round: &Round) -> Option<f64> {
    let n = round.n()?;
    let ratio = round.std_dev()? / round.centre()?;
    (n >= 3 && ratio.is_finite()).then_some(ratio)
}

/// The level of a figure above 0.
pub(super) fn level(figure: f64, better: Direction) -> f64 {
    match better {
        Direction::Lower => log(figure),
        Direction::Higher => -log(figure),
    }
}

/// The figure of a run's launches where they agree, whatever else the history knows; of exact counts
/// the middle one. `None` for no launches, and where a figure is not above 0 (a count below it). O(n).
pub(crate) fn undisturbed_figure(
    rounds: &[Round],
    statistic: Statistic,
    better: Direction,
) -> Option<f64> {
    const NOISE: LaunchNoise = LaunchNoise { sigma: 0.02, excess: 0.2 };
    const DISTURBED: f64 = 0.1;
    if statistic == Statistic::Exact {
        let counts: Option<Vec<f64>> = rounds.iter().map(|round| statistic.figure(round)).collect();
        return median_of(&mut counts?).filter(|&count| count >= 0.0);
    }
    let launches: Option<Vec<Launch>> = rounds
        .iter()
        .map(|round| {
            let figure = statistic.figure(round).filter(|&figure| figure > 0.0)?;
            Some(Launch { level: level(figure, better), disturbed: DISTURBED })
        })
        .collect();
    Some(figure(undisturbed_level(&launches?, NOISE)?.level, better))
}

/// By how much the log odds of disturbance are raised because the machine was busier while the
/// candidate was measured than at the median of the earlier runs: by what other programs and the
/// host took of its processors, where that is recorded of both. At least 0.
///
/// A quarter of the processors more than doubles the odds; all of them raise them fiftyfold, and no
/// more. That is a guess: the launches themselves show better what was disturbed.
pub(super) fn busier(candidate: &Side<'_>, baseline: &[&Run], history: &[&Run]) -> f64 {
    const OF_ALL: f64 = 4.0;
    const SLACK: f64 = 0.05;
    let taken = |run: &&Run| -> Option<f64> {
        let conditions = run.conditions.as_ref()?;
        let cores = run.machine.as_ref()?.cores? as f64;
        let others = conditions.others_cpus.map(|cpus| cpus / cores.max(1.0));
        let both = [others, conditions.steal];
        both.iter().flatten().copied().reduce(|a, b| a + b)
    };
    let mut earlier: Vec<f64> = baseline.iter().chain(history).filter_map(taken).collect();
    let now = candidate.runs.last().and_then(taken);
    now.zip(median_of(&mut earlier))
        .map_or(0.0, |(now, usual)| OF_ALL * (now - usual - SLACK).clamp(0.0, 1.0))
}
