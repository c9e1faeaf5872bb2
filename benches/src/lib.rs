//! What driftline measures of itself.
//!
//! - [`assistant`]: a small, working assistant service. It is the system under
//!   measurement: its 48 benchmarks are the reference set in `suites/`.
//! - [`inputs`]: what the benchmarks feed it, the same on every machine and in every run.
//! - [`measurement`]: how the suites measure: criterion's settings, and rounds that keep the
//!   state under a benchmark bounded.

pub mod assistant;
pub mod inputs;
pub mod measurement;
