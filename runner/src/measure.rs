//! From suites to measurements: which harness runs what, how often, and what comes of it.
//!
//! ```text
//! Plan::new → Plan::prepare → Prepared::rounds → Prepared::repeat, for suspects → Prepared::measured
//! ```
//!
//! What can be wrong is found by the first, before anything is built; building and listing is done
//! once, by the second; and what follows only measures.

mod budget;
mod command_suite;
mod plan;
mod prepared;
mod rename;

pub(crate) use budget::{Budget, duration};
pub(crate) use plan::Plan;
pub(crate) use prepared::{Measured, Prepared};
pub(crate) use rename::{Rename, Renames};
