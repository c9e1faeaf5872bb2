use libm::exp;
use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use crate::stats::{median, sorted};

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

/// The shift that `estimates` have in common, in the logarithm: their median, if at least five in
/// six of at least six benchmarks moved to its side by at least half of it, and it exceeds 2 %,
/// more than the typical benchmark's own noise.
pub(super) fn common_shift(estimates: &[Estimate]) -> Option<(f64, CommonShift)> {
    const FEWEST: usize = 6;
    const LEAST: f64 = 0.02;
    let of = estimates.len();
    if of < FEWEST {
        return None;
    }
    let middle = |figure: fn(&Estimate) -> f64| {
        median(&sorted(&estimates.iter().map(figure).collect::<Vec<_>>()))
    };
    let shift = middle(|e| e.difference)?;
    let noise = middle(|e| e.prediction.deviation)?;
    let moved = estimates.iter().filter(|e| e.difference / shift >= 0.5).count();
    let worse = exp(shift) - 1.0;
    let common = shift.abs() > LEAST.max(noise) && moved * 6 >= of * 5 && worse.is_finite();
    common.then_some((shift, CommonShift { worse, moved, of, corrected: false }))
}
