use std::ops::Range;

use crate::change::current_level;
use crate::stats::{MAD_TO_SD, median_of};

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

/// From which of a benchmark's earlier runs on its level is the one that was accepted at the run `at`: that
/// run, where it and those since are worse than those before by more than they usually differ; the first
/// where there is no such step. What was before the step tells nothing about what comes after it, and a
/// further step must not wait until the history shows the first one by itself. O(1).
pub(super) fn accepted_from(levels: &[f64], at: usize) -> usize {
    /// In the logarithm.
    const STEP: f64 = 0.05;
    const RUNS: usize = 10;
    let (before, since) = levels.split_at_checked(at).unwrap_or((levels, &[]));
    let newest = before.get(before.len().saturating_sub(RUNS)..).unwrap_or(before);
    let first = since.get(..RUNS).unwrap_or(since);
    let middle = |levels: &[f64]| median_of(&mut levels.to_vec());
    let step = middle(newest).zip(middle(first)).map(|(before, since)| since - before);
    if step.is_some_and(|step| step > STEP) { at } else { 0 }
}

/// Whether the levels look as if they had shifted, in about a quarter of all series without a shift
/// or fewer: only then is it worth looking closer. Levels before some run differ from those since by
/// much for what they scatter; a disturbed one counts as three standard deviations.
///
/// ```text
/// max over k of |Σ_{i ≤ k} zᵢ| / √(k (n − k) / n) > 2.8,   z = clamp((x − median) / scale, ±3) − mean
/// ```
fn hints_at_a_shift(levels: &[f64]) -> bool {
    const MUCH: f64 = 2.8;
    const FURTHEST: f64 = 3.0;
    let n = levels.len() as f64;
    let mut scratch = levels.to_vec();
    let Some(middle) = median_of(&mut scratch) else { return false };
    for level in &mut scratch {
        *level = (*level - middle).abs();
    }
    let scale = MAD_TO_SD * median_of(&mut scratch).unwrap_or(0.0);
    if scale <= 0.0 {
        return true;
    }
    let score = |level: &f64| ((level - middle) / scale).clamp(-FURTHEST, FURTHEST);
    let mean = levels.iter().map(score).sum::<f64>() / n;
    let (mut sum, mut before) = (0.0, 0.0);
    levels.iter().take(levels.len() - 1).any(|level| {
        sum += score(level) - mean;
        before += 1.0;
        sum * sum > MUCH * MUCH * before * (n - before) / n
    })
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
    fn an_accepted_step_is_where_the_level_begins() {
        for (levels, at, expected) in [
            (series(12, 10, 0.3), 10, 10),
            (series(12, 11, 0.3), 11, 11),
            (series(12, 99, 0.0), 10, 0),
            (series(12, 10, -0.3), 10, 0),
            (series(3, 0, 0.3), 0, 0),
            (series(3, 0, 0.3), 9, 0),
            (Vec::new(), 0, 0),
        ] {
            assert_eq!(accepted_from(&levels, at), expected, "{levels:?}");
        }
    }

    #[test]
    fn a_shift_in_the_newest_runs_is_left_out() {
        let range = present_level(&series(30, 26, 0.3));
        assert_eq!(range, 0..26);
    }
}
