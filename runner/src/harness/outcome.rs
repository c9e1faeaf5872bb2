use std::fmt;

use driftline_core::model::{Measurement, Skipped};

/// What running benchmarks gave.
#[derive(Debug, Clone, Default)]
pub(crate) struct Outcome {
    /// What was measured, in the order it first was.
    pub(crate) measurements: Vec<Measurement>,
    /// What gave no measurement although nothing went wrong, and why.
    pub(crate) skipped: Vec<Skipped>,
    /// What went wrong.
    pub(crate) failures: Vec<Failure>,
    /// Every benchmark that exists, chosen or not, as far as the targets can list theirs: to show
    /// when a filter chose none.
    pub(crate) known: Vec<String>,
    /// Whether the user stopped it: what came before is kept.
    pub(crate) interrupted: bool,
}

impl Outcome {
    /// Counts what gave no measurement; once, in however many rounds.
    pub(super) fn skip(&mut self, name: impl Into<String>, reason: impl Into<String>) {
        let skipped = Skipped { name: name.into(), reason: reason.into() };
        if !self.skipped.contains(&skipped) {
            self.skipped.push(skipped);
        }
    }
}

/// A benchmark, or a whole bench target, that could not be measured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The bench target or command it belongs to.
    pub(crate) target: String,
    /// The benchmark; none when the target failed outside of any.
    pub(crate) benchmark: Option<String>,
    /// What happened, and what to do about it.
    pub(crate) reason: String,
    /// The last lines it printed, control characters escaped.
    pub(crate) last_output: Vec<String>,
}

impl Failure {
    /// The benchmark's name, or the target's when no benchmark was running.
    pub(crate) fn name(&self) -> &str {
        self.benchmark.as_deref().unwrap_or(&self.target)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name().escape_debug(), self.reason)?;
        self.last_output.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}
