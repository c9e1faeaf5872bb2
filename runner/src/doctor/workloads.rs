//! Work that is the same in every launch, of the kinds that benchmarks do.

use std::fs;
use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use driftline_core::stats::{median, sorted};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// More than the caches that a core of today has to itself hold (1 or 2 MiB), so that most steps of
/// the walk leave them.
const WALKED_BYTES: usize = 8 << 20;
/// What is written in one go: as much as a settings file or a small table.
const FILE_BYTES: usize = 64 << 10;
/// Fewer batches have no median worth the name.
const FEWEST_BATCHES: usize = 5;

/// One kind of work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Workload {
    /// Integer and floating-point arithmetic in registers.
    Compute,
    /// Steps through 8 MiB of memory, each of which tells the next.
    Memory,
    /// Small pieces of memory, taken and given back.
    Allocation,
    /// A file of 64 KiB, written anew.
    File,
}

impl Workload {
    pub(crate) const ALL: [Self; 4] = [Self::Compute, Self::Memory, Self::Allocation, Self::File];

    /// Its name, and what it does.
    pub(crate) fn described(self) -> (&'static str, &'static str) {
        match self {
            Self::Compute => ("compute", "arithmetic"),
            Self::Memory => ("memory", "walk over 8 MiB"),
            Self::Allocation => ("allocation", "many small pieces"),
            Self::File => ("file", "64 KiB written anew"),
        }
    }

    /// Does the work over and over for `budget`, and times each batch.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub(super) fn measure(self, budget: Duration) -> io::Result<Timing> {
        match self {
            Self::Compute => timed(budget, || Ok(compute())),
            Self::Memory => {
                let successors = one_circle(WALKED_BYTES / size_of::<u32>());
                timed(budget, || Ok(walk(&successors)))
            }
            Self::Allocation => timed(budget, || Ok(allocate())),
            Self::File => {
                let directory = tempfile::tempdir()?;
                let path = directory.path().join("written");
                let content = vec![b'x'; FILE_BYTES];
                timed(budget, || rewrite(&path, &content))
            }
        }
    }
}

/// What one launch took for its batches, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(super) struct Timing {
    pub(super) minimum_ns: f64,
    pub(super) median_ns: f64,
}

fn timed<T>(budget: Duration, mut batch: impl FnMut() -> io::Result<T>) -> io::Result<Timing> {
    // The first fetches code and data: it belongs to no batch.
    black_box(batch()?);
    let started = Instant::now();
    let mut times = Vec::new();
    while times.len() < FEWEST_BATCHES || started.elapsed() < budget {
        let begun = Instant::now();
        black_box(batch()?);
        times.push(begun.elapsed().as_nanos() as f64);
    }
    let times = sorted(&times);
    let minimum_ns = times.first().copied().unwrap_or_default();
    Ok(Timing { minimum_ns, median_ns: median(&times).unwrap_or_default() })
}

/// The next of Marsaglia's 64-bit xorshift numbers ("Xorshift RNGs", 2003).
fn next(state: &mut u64) -> u64 {
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    *state
}

fn compute() -> f64 {
    const STEPS: u32 = 20_000;
    let mut state = black_box(88_172_645_463_325_252);
    let mut sum = 0.0_f64;
    for _ in 0..STEPS {
        let fraction = (next(&mut state) >> 11) as f64 / (1_u64 << 53) as f64;
        sum = (sum + fraction).sqrt() * 1.5 + fraction;
    }
    sum
}

/// A permutation of `0..length` that is a single circle, by Sattolo's algorithm (1986).
fn one_circle(length: usize) -> Vec<u32> {
    let mut successors: Vec<u32> = (0..).take(length).collect();
    let mut state = 88_172_645_463_325_252;
    for last in (1..length).rev() {
        let other = usize::try_from(next(&mut state) % last as u64).unwrap_or_default();
        successors.swap(last, other);
    }
    successors
}

fn walk(successors: &[u32]) -> u32 {
    const STEPS: u32 = 20_000;
    (0..STEPS).fold(0, |place, _| successors[place as usize])
}

fn allocate() -> usize {
    const PIECES: usize = 5_000;
    const KEPT: usize = 64;
    let mut kept: Vec<Vec<u8>> = Vec::new();
    kept.resize_with(KEPT, Vec::new);
    let mut state = 88_172_645_463_325_252;
    for piece in 0..PIECES {
        let size = 16 + usize::try_from(next(&mut state) % 240).unwrap_or_default();
        kept[piece % KEPT] = black_box(Vec::with_capacity(size));
    }
    kept.iter().map(Vec::capacity).sum()
}

fn rewrite(path: &Path, content: &[u8]) -> io::Result<()> {
    const TIMES: u32 = 4;
    (0..TIMES).try_for_each(|_| fs::write(path, content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_walk_visits_everything() {
        let successors = one_circle(1000);
        let mut place = 0;
        for step in 1..=1000 {
            place = successors[place as usize];
            assert_eq!(place == 0, step == 1000, "back at step {step}");
        }
    }

    #[test]
    fn the_work_is_the_same_each_time() {
        assert_eq!(compute().to_bits(), compute().to_bits());
        assert_eq!(allocate(), allocate());
        let successors = one_circle(64);
        assert_eq!(walk(&successors), walk(&successors));
    }

    #[test]
    fn every_kind_can_be_measured() {
        for workload in Workload::ALL {
            let timing = workload.measure(Duration::ZERO).unwrap();
            assert!(timing.minimum_ns <= timing.median_ns, "{workload:?}: {timing:?}");
            assert!(timing.minimum_ns > 0.0, "{workload:?}: {timing:?}");
        }
    }

    #[test]
    fn the_extremes_are_those_of_the_batches() {
        let mut calls = 0;
        let timing = timed(Duration::ZERO, || {
            calls += 1;
            Ok(())
        });
        assert_eq!(calls, FEWEST_BATCHES + 1);
        assert!(timing.is_ok());
        assert!(timed(Duration::ZERO, || Err::<(), _>(io::Error::other("full"))).is_err());
    }
}
