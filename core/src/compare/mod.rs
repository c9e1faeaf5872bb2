//! Baseline × candidate → [`Comparison`]: what is set against what, with how much certainty, and
//! what follows. Only `verdict.rs` decides.

mod comparison;
mod estimate;
mod policy;
mod side;
mod verdict;

pub use comparison::{Comparison, Counts, PolicyUsed, Row, SideUsed, compare};
pub use policy::{Confidence, Policy, PolicyError, Rule, Threshold};
pub use side::Side;
pub use verdict::Verdict;
