//! What a repository measures with, and the files that make driftline run it.

mod files;
mod origin;
mod others;
mod rust;
mod sources;

pub(crate) use files::{configuration, driftline, gitlab_job, ignoring, workflows};
pub(crate) use origin::{Host, Origin};
pub(crate) use sources::Sources;

use driftline_core::formats::Format;

/// A harness that was found, and what to make of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    /// Its name, such as `pytest-benchmark`.
    pub(crate) harness: &'static str,
    /// The file that tells.
    pub(crate) evidence: String,
    pub(crate) answer: Answer,
}

/// What can be done with a harness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    /// A suite runs it.
    Suite(Suite),
    /// It takes a person: what to do.
    ByHand(String),
}

/// A `[[suite]]` of driftline.toml.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Suite {
    pub(crate) name: String,
    /// The folder it is run in, relative to the root; empty for the root.
    pub(crate) directory: String,
    /// The command, and the format that it writes; none for criterion's own protocol.
    pub(crate) command: Option<(String, &'static str)>,
    /// Only these of cargo's bench targets.
    pub(crate) bench: Vec<String>,
}

/// Everything that is found, each harness once in each folder. What writes a format that cannot be
/// read is said so.
pub(crate) fn look(sources: &Sources) -> Vec<Found> {
    let mut found = rust::look(sources);
    found.extend(others::look(sources));
    for one in &mut found {
        let Answer::Suite(Suite { command: Some((_, format)), .. }) = &one.answer else { continue };
        if format.parse::<Format>().is_err() {
            one.answer = Answer::ByHand(format!(
                "what it writes cannot be read yet (driftline {} reads {}): make it write one of \
                 those, such as a CSV of benchmark and value",
                env!("CARGO_PKG_VERSION"),
                Format::ALL.iter().map(|format| format.name()).collect::<Vec<_>>().join(", "),
            ));
        }
    }
    found
}

#[cfg(test)]
mod tests;
