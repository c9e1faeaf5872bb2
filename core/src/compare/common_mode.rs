use libm::exp;
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use crate::stats::median_of;

/// A shift that most benchmarks of a suite have in common: the machine's, or the code's.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CommonShift {
    /// How much worse the median benchmark is, as a ratio: 0.12 is 12 % worse.
    pub worse: f64,
    /// How many benchmarks moved that way.
    pub moved: usize,
    /// Of how many.
    pub of: usize,
    /// Whether it was taken off every benchmark's change before judging.
    pub corrected: bool,
}

/// The shift that `estimates` have in common, in the logarithm: their median, if more than half of at
/// least four benchmarks moved to its side by more than their own noise (two standard deviations, and
/// 2 %), and it exceeds 2 %.
pub(super) fn common_shift(estimates: &[Estimate]) -> Option<(f64, CommonShift)> {
    const FEWEST: usize = 4;
    const LEAST: f64 = 0.02;
    const NOISE: f64 = 2.0;
    let of = estimates.len();
    if of < FEWEST {
        return None;
    }
    let mut differences: Vec<f64> = estimates.iter().map(|e| e.difference).collect();
    let shift = median_of(&mut differences)?;
    let has_moved = |estimate: &&Estimate| {
        let least = LEAST.max(NOISE * estimate.prediction.deviation);
        estimate.difference.abs() > least && (estimate.difference > 0.0) == (shift > 0.0)
    };
    let moved = estimates.iter().filter(has_moved).count();
    let worse = exp(shift) - 1.0;
    let common = shift.abs() > LEAST && moved * 2 > of && worse.is_finite();
    common.then_some((shift, CommonShift { worse, moved, of, corrected: false }))
}
