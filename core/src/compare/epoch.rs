use std::ops::Range;

use crate::change::current_level;
use crate::stats::{median, sorted};

/// Fewer runs are no history to look for a shift in.
const FEWEST: usize = 8;

/// Which of a benchmark's earlier runs, given by their levels in order, are of its present level:
/// those before a shift tell nothing about how much unchanged code moves, and the newest, if they
/// have probably shifted already, are what is to be judged, not what to judge by. O(n) where nothing
/// hints at a shift.
pub(super) fn present_level(levels: &[f64]) -> Range<usize> {
    if levels.len() < FEWEST || !hints_at_a_shift(levels) {
        return 0..levels.len();
    }
    current_level(levels)
}

/// Whether the cumulative sum of the levels' signed ranks strays as far as in at most about half of
/// all series without a shift: only then is it worth looking closer.
///
/// ```text
/// S_k = Σ_{i ≤ k} sign(x_i − median),   max |S_k| > 0.8 √n
/// ```
fn hints_at_a_shift(levels: &[f64]) -> bool {
    const STRAY: f64 = 0.8; // the median of the largest deviation of a Brownian bridge is 0.83
    let Some(middle) = median(&sorted(levels)) else { return false };
    let (mut sum, mut furthest) = (0.0_f64, 0.0_f64);
    for level in levels {
        sum += match level.total_cmp(&middle) {
            std::cmp::Ordering::Less => -1.0,
            std::cmp::Ordering::Equal => 0.0,
            std::cmp::Ordering::Greater => 1.0,
        };
        furthest = furthest.max(sum.abs());
    }
    furthest > STRAY * (levels.len() as f64).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(n: usize, step_at: usize, step: f64) -> Vec<f64> {
        let noise = |i: usize| ((i * 37) % 11) as f64 / 500.0;
        (0..n).map(|i| 4.0 + noise(i) + if i >= step_at { step } else { 0.0 }).collect()
    }

    #[test]
    fn only_runs_since_the_last_shift_count() {
        assert_eq!(present_level(&series(30, 99, 0.0)), 0..30);
        assert_eq!(present_level(&series(30, 18, 0.3)), 18..30);
        assert_eq!(present_level(&series(5, 3, 0.3)), 0..5);
        assert_eq!(present_level(&[]), 0..0);
    }

    #[test]
    fn a_shift_in_the_newest_runs_is_left_out() {
        let range = present_level(&series(30, 26, 0.3));
        assert_eq!(range, 0..26);
    }
}
