//! What makes this machine's figures noisy: settings and states that are known to, and a measured
//! answer.
//!
//! ```text
//! observation (what went on) + launches (the same work several times) + files → findings → report
//! ```
//!
//! A check is a function of values read before: [`Files`] gives it the system's texts, or recorded
//! ones. No check changes anything; each says with which command a person can.

mod address_space;
mod background;
mod build_profile;
mod consumers;
mod files;
mod finding;
mod frequency;
mod host;
mod launches;
mod load;
mod memory;
mod observation;
mod power;
mod processors;
mod quota;
mod report;
mod spread;
mod text;
mod thermal;
mod workloads;

pub(crate) use consumers::Consumer;
#[cfg(test)]
pub(crate) use files::Recorded;
pub(crate) use files::{Files, SystemFiles};
pub(crate) use finding::{Finding, Severity};
pub(crate) use launches::{Launch, Measured, Plan};
pub(crate) use observation::{Observation, Observer};
pub(crate) use report::Report;
pub(crate) use spread::Spread;
pub(crate) use text::text;
pub(crate) use workloads::Workload;
