//! How benchmarks are executed: cargo's bench targets by criterion's own runner protocol, and any
//! other command that writes a known format.
//!
//! ```text
//! cargo::build → bench targets → criterion::Suite::list → Suite::pass, as often as wanted → Outcome
//! command::CommandHarness::run → bytes for driftline_core::formats
//! ```
//!
//! Nothing here ends the program or decides an exit code: a benchmark that fails is a [`Failure`]
//! beside the measurements of the others. No child process outlives the call that started it.

pub(crate) mod cargo;
pub(crate) mod command;
pub(crate) mod criterion;

mod capture;
mod executable;
mod interrupt;
mod order;
mod outcome;
mod output;
mod process;
mod progress;

pub(crate) use interrupt::Interrupt;
pub(crate) use order::Pass;
pub(crate) use outcome::{Failure, Outcome};
pub(crate) use progress::{Finished, Progress, TerminalProgress};

#[cfg(test)]
mod testing;
