//! Suites drawn from a recording: a history, and a candidate of three launches that is really so
//! many times as slow.

use driftline_core::model::{Iterations, Sample};
use rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

use crate::recording::{LaunchOfSuite, Recording};

/// Launches of the candidate.
pub(crate) const LAUNCHES: usize = 3;

/// How the candidate's launches follow one another.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Order {
    /// Anywhere in the recording.
    Random,
    /// One after the other, as in a real run.
    InARow,
}

/// What the candidate is held against.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum History {
    /// So many earlier runs of one launch each.
    Runs(usize),
    /// One run of three launches in a row.
    OneRun,
}

/// One suite.
pub(crate) struct Draw {
    /// Names of its benchmarks.
    pub(crate) names: Vec<String>,
    /// By run and launch: each benchmark's sample.
    pub(crate) baseline: Vec<Vec<Vec<Sample>>>,
    /// By launch.
    pub(crate) candidate: Vec<Vec<Sample>>,
}

impl Draw {
    /// The recorded benchmark behind each of the suite's.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = &str> {
        self.names.iter().map(|name| name.rsplit_once('/').map_or(name.as_str(), |(of, _)| of))
    }
}

/// Which benchmarks of the candidate are slower.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Slower {
    /// Every one.
    All,
    /// The first only.
    One,
}

/// How suites are drawn.
#[derive(Clone, Copy)]
pub(crate) struct Draws<'a> {
    pub(crate) recording: &'a Recording,
    pub(crate) order: Order,
    pub(crate) history: History,
    /// Whether the candidate is another build of the same source.
    pub(crate) builds: bool,
    pub(crate) factor: f64,
    pub(crate) slower: Slower,
    pub(crate) seed: u64,
}

impl Draws<'_> {
    /// Suites of so many benchmarks; none where the recording does not hold what they need.
    pub(crate) fn take(&self, suites: usize, benchmarks: usize) -> Vec<Draw> {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        (0..suites).map_while(|_| self.suite(benchmarks, &mut random)).collect()
    }

    /// Fills a suite from as many independent draws as it takes.
    fn suite(&self, benchmarks: usize, random: &mut Xoshiro256PlusPlus) -> Option<Draw> {
        let mut draw = Draw { names: Vec::new(), baseline: Vec::new(), candidate: Vec::new() };
        while draw.names.len() < benchmarks {
            let (baseline, candidate) = self.launches(random)?;
            let mut chosen: Vec<usize> = (0..self.recording.benchmarks.len()).collect();
            shuffle(&mut chosen, random);
            chosen.truncate(benchmarks - draw.names.len());
            for &index in &chosen {
                let name = self.recording.benchmarks.get(index)?;
                draw.names.push(format!("{name}/{}", draw.names.len()));
            }
            draw.baseline.resize_with(baseline.len(), Vec::new);
            for (run, launches) in draw.baseline.iter_mut().zip(&baseline) {
                add(run, launches, &chosen, 1.0, Slower::All);
            }
            add(&mut draw.candidate, &candidate, &chosen, self.factor, self.slower);
        }
        Some(draw)
    }

    /// Launches of the baseline by run, and of the candidate.
    fn launches(
        &self,
        random: &mut Xoshiro256PlusPlus,
    ) -> Option<(Vec<Vec<&LaunchOfSuite>>, Vec<&LaunchOfSuite>)> {
        let all = &self.recording.launches;
        let main = self.recording.main_build();
        let own: Vec<&LaunchOfSuite> = all.iter().filter(|l| l.build == main).collect();
        let candidate: Vec<&LaunchOfSuite> = if self.builds {
            let mut other: Vec<&str> =
                all.iter().map(|l| l.build.as_str()).filter(|build| *build != main).collect();
            other.dedup();
            let build = *other.get(below(random, other.len())?)?;
            let mut of: Vec<&LaunchOfSuite> = all.iter().filter(|l| l.build == build).collect();
            shuffle(&mut of, random);
            of.into_iter().take(LAUNCHES).collect()
        } else if self.order == Order::InARow {
            let start = below(random, own.len().checked_sub(LAUNCHES - 1)?)?;
            own.get(start..start + LAUNCHES)?.to_vec()
        } else {
            let mut of = own.clone();
            shuffle(&mut of, random);
            of.into_iter().take(LAUNCHES).collect()
        };
        let taken = |launch: &&LaunchOfSuite| candidate.iter().any(|c| c.at == launch.at);
        let rest: Vec<&LaunchOfSuite> = own.iter().copied().filter(|l| !taken(l)).collect();
        let baseline = match self.history {
            History::Runs(runs) => {
                let mut of = rest;
                shuffle(&mut of, random);
                of.into_iter().take(runs).map(|launch| vec![launch]).collect()
            }
            History::OneRun => {
                let start = below(random, rest.len().checked_sub(LAUNCHES - 1)?)?;
                vec![rest.get(start..start + LAUNCHES)?.to_vec()]
            }
        };
        (candidate.len() == LAUNCHES).then_some((baseline, candidate))
    }
}

fn add(
    into: &mut Vec<Vec<Sample>>,
    launches: &[&LaunchOfSuite],
    chosen: &[usize],
    factor: f64,
    slower: Slower,
) {
    into.resize_with(launches.len(), Vec::new);
    for (samples, launch) in into.iter_mut().zip(launches) {
        let of_launch = chosen.iter().filter_map(|&index| launch.samples.get(index));
        for sample in of_launch {
            let slowed_down = slower == Slower::All || samples.is_empty();
            samples.push(slowed(sample, if slowed_down { factor } else { 1.0 }));
        }
    }
}

fn slowed(sample: &Sample, factor: f64) -> Sample {
    let values: Vec<f64> = sample.values().iter().map(|value| value * factor).collect();
    let iterations = (0..values.len()).map(|at| sample.iterations_at(at)).collect();
    Sample::new(values, Iterations::Each(iterations)).unwrap_or_else(|_| sample.clone())
}

/// A number from 0 to below `n`; none for 0.
fn below(random: &mut Xoshiro256PlusPlus, n: usize) -> Option<usize> {
    let n = u64::try_from(n).ok().filter(|&n| n > 0)?;
    usize::try_from(random.next_u64() % n).ok()
}

fn shuffle<T>(list: &mut [T], random: &mut Xoshiro256PlusPlus) {
    for last in (1..list.len()).rev() {
        if let Some(other) = below(random, last + 1) {
            list.swap(last, other);
        }
    }
}
