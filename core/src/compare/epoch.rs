use std::ops::Range;

use crate::change::current_level;
use crate::stats::{quantile, sorted};

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

/// Whether the levels look as if they had shifted, in about half of all series without a shift or
/// fewer: only then is it worth looking closer. Either the cumulative sum of their signs around the
/// median strays, or the newest two both lie in the outer fifth on one side.
///
/// ```text
/// S_k = Σ_{i ≤ k} sign(x_i − median),   max |S_k| > 0.8 √n
/// ```
fn hints_at_a_shift(levels: &[f64]) -> bool {
    const STRAY: f64 = 0.8; // the median of the largest deviation of a Brownian bridge is 0.83
    const OUTER: f64 = 0.2;
    let ordered = sorted(levels);
    let at = |p: f64| quantile(&ordered, p);
    let (Some(low), Some(middle), Some(high)) = (at(OUTER), at(0.5), at(1.0 - OUTER)) else {
        return false;
    };
    let newest = levels.get(levels.len().saturating_sub(2)..).unwrap_or_default();
    let all = |test: &dyn Fn(&f64) -> bool| newest.iter().all(test);
    if all(&|level| *level > high) || all(&|level| *level < low) {
        return true;
    }
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
