//! What is recorded beside every number: the code, the machine and how busy it was, the toolchain
//! and the CI job.
//!
//! Nothing here fails: a run without a commit is still a run. What could not be found out, and
//! would make the history worse, comes back as a warning.

mod ci;
mod conditions;
mod environment;
mod git;
mod machine;
mod run_id;
mod toolchain;
mod trailers;
mod virtualisation;

pub(crate) use ci::ci;
pub(crate) use conditions::ConditionsProbe;
pub(crate) use environment::{Environment, process_environment};
pub(crate) use git::{default_branch, git, origin, position, resolve_revision};
pub(crate) use machine::machine;
pub(crate) use run_id::new_run_id;
pub(crate) use toolchain::toolchain;
pub(crate) use trailers::{Trailer, acceptance_trailers, commits_with};
