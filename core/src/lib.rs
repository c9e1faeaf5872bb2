//! The analysis core of driftline: what a benchmark run is, how it is read and kept, and whether
//! one run is slower than another.
//!
//! The core does no input or output, asks for no time, environment, thread or unseeded random
//! number, and never panics on data; so the same bytes in give the same verdicts out, natively and
//! in a browser. Data goes one way:
//!
//! ```text
//! bytes → formats / wire → model → compare (with stats) → report → text
//! ```

#![cfg_attr(
    not(test),
    deny(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)
)]
#![cfg_attr(test, expect(clippy::float_cmp, reason = "the tests mean equality to the last bit"))]

pub mod change;
pub mod compare;
pub mod export;
pub mod formats;
pub mod model;
mod order;
pub mod report;
pub mod stats;
pub mod text;
pub mod wire;

/// The version of this core, recorded beside every verdict it gives.
pub const VERSION: &str = env!("CARGO_PKG_VERSION");
