//! How the suites measure.

use std::hint::black_box;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use criterion::measurement::WallTime;
use criterion::{Bencher, BenchmarkGroup, Criterion};
use tempfile::TempDir;

/// Where Linux keeps files in memory.
const MEMORY_FILE_SYSTEM: &str = "/dev/shm";

/// The group that a suite's benchmarks are added to.
pub type Group<'criterion> = BenchmarkGroup<'criterion, WallTime>;

/// Criterion's settings for every suite: about two and a half seconds a benchmark, two minutes
/// for the 48. The sample size is criterion's own, 100.
///
/// They are defaults only: what the command line says comes on top, so that driftline's
/// `--quick` can shorten a run.
pub fn criterion_settings() -> Criterion {
    Criterion::default()
        .warm_up_time(Duration::from_millis(400))
        .measurement_time(Duration::from_millis(1800))
}

/// A folder for a benchmark's files, removed with the value: in memory where the system has a
/// place for that, and in the system's temporary folder elsewhere.
///
/// On a disk, creating a small file took from 5 to 22 µs, by how busy the disk's journal was
/// with what others wrote; in memory it takes 3 µs, and the code is what is measured.
///
/// # Errors
///
/// When no folder can be made.
pub fn temporary_folder() -> io::Result<TempDir> {
    let memory = Path::new(MEMORY_FILE_SYSTEM);
    if memory.is_dir()
        && let Ok(folder) = tempfile::tempdir_in(memory)
    {
        return Ok(folder);
    }
    tempfile::tempdir()
}

/// Measures a routine that changes its state, on a state that does not drift.
///
/// A table that grows with every insert that is measured would make the measurement depend on
/// how many inserts criterion happens to ask for. Here the routine is called at most
/// `round_size` times in a row; then, outside of the timing, `reset` takes back what these
/// calls did. The clock is read once a round and not once a call, so that it adds nothing to
/// a call of a microsecond.
///
/// `routine` is given the state and the number of the call within its round, from 0; `reset`
/// the state and how many calls the round had.
pub fn iterate_in_rounds<State, Output>(
    bencher: &mut Bencher<'_, WallTime>,
    state: &mut State,
    round_size: usize,
    mut routine: impl FnMut(&mut State, usize) -> Output,
    mut reset: impl FnMut(&mut State, usize),
) {
    bencher.iter_custom(|iterations| {
        time_in_rounds(state, iterations, round_size, &mut routine, &mut reset)
    });
}

fn time_in_rounds<State, Output>(
    state: &mut State,
    iterations: u64,
    round_size: usize,
    routine: &mut impl FnMut(&mut State, usize) -> Output,
    reset: &mut impl FnMut(&mut State, usize),
) -> Duration {
    let mut elapsed = Duration::ZERO;
    let mut remaining = iterations;
    while remaining > 0 {
        let calls = usize::try_from(remaining).unwrap_or(usize::MAX).min(round_size.max(1));
        let start = Instant::now();
        for call in 0..calls {
            black_box(routine(state, call));
        }
        elapsed += start.elapsed();
        reset(state, calls);
        remaining -= calls as u64;
    }
    elapsed
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The calls of each round, for so many iterations in rounds of so many.
    fn rounds(iterations: u64, round_size: usize) -> Vec<Vec<usize>> {
        let mut state = (Vec::new(), Vec::new());
        time_in_rounds(
            &mut state,
            iterations,
            round_size,
            &mut |(current, _), call| current.push(call),
            &mut |(current, finished): &mut (Vec<usize>, Vec<Vec<usize>>), calls| {
                assert_eq!(current.len(), calls);
                finished.push(std::mem::take(current));
            },
        );
        assert_eq!(state.0, [0; 0], "the last round was not reset");
        state.1
    }

    #[test]
    fn a_temporary_folder_is_removed_with_its_files() {
        let folder = temporary_folder().unwrap();
        let path = folder.path().to_owned();
        std::fs::write(path.join("file.txt"), "content").unwrap();
        drop(folder);
        assert!(!path.exists());
    }

    #[test]
    fn every_round_is_reset_and_none_is_too_long() {
        assert_eq!(rounds(7, 3), [vec![0, 1, 2], vec![0, 1, 2], vec![0]]);
        assert_eq!(rounds(6, 3), [[0, 1, 2], [0, 1, 2]]);
        assert_eq!(rounds(2, 3), [[0, 1]]);
        assert_eq!(rounds(0, 3), [[0; 0]; 0]);
        assert_eq!(rounds(2, 0), [[0], [0]]);
    }
}
