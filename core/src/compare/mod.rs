//! Baseline × candidate → [`Comparison`]: what is set against what, with how much certainty, and
//! what follows. Only `verdict.rs` decides.
//!
//! ```text
//! sides, history → pairs (launches as levels) → noise → estimates → p-values → verdicts → rows
//! ```

mod acceptance;
mod accepted_level;
mod agreement;
mod aligned;
mod calibrate;
mod common_mode;
mod comparison;
mod disturbance;
mod drift;
mod epoch;
mod estimate;
mod evidence;
mod exact;
mod judge;
mod launches;
mod limits;
mod noise;
mod overall;
mod pairs;
mod policy;
mod prediction;
mod reasons;
mod row;
mod side;
mod statistic;
mod tail;
mod verdict;
mod warnings;

#[cfg(test)]
mod tests;

pub use acceptance::{Acceptance, AcceptanceState, RowAcceptance};
pub use accepted_level::AcceptedFrom;
pub use agreement::{Agreement, Disagreement, agreement};
pub use calibrate::{
    Alarm, Calibration, CalibrationRow, CalibrationTotals, DEFAULT_WINDOW, FEWEST_EARLIER, Found,
    Outcome, calibrate,
};
pub use common_mode::CommonShift;
pub use comparison::{Comparison, Counts, PolicyUsed, SideUsed};
pub use drift::{level_of, levels_of_history, levels_of_run};
pub use evidence::Evidence;
pub use judge::{Context, compare, compare_in};
pub(crate) use launches::undisturbed_figure;
pub use limits::{Absolute, Confidence, FalseDiscoveryRate, Limits, PolicyError, Threshold};
pub use overall::{FailOn, Overall};
pub use policy::{CommonMode, Policy, Rule};
pub use row::{Drift, Figures, Row};
pub use side::Side;
pub use statistic::Statistic;
pub use tail::Tail;
pub use verdict::Verdict;
