use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

/// How much a finding matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// It makes figures wrong or useless.
    Problem,
    /// It makes figures vary more than they need.
    Note,
    /// As it should be.
    Ok,
    /// This system does not tell.
    Unknown,
}

/// What one check found.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Finding {
    /// What was looked at: `load`, `governor`…
    pub(crate) check: &'static str,
    /// How much it matters.
    pub(crate) severity: Severity,
    /// What was found, with its figure.
    pub(crate) found: String,
    /// The figures alone, by name.
    pub(crate) figures: BTreeMap<&'static str, f64>,
    /// What it does to measurements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) cost: Option<String>,
    /// How to mend it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mend: Option<String>,
    /// The commands that mend it.
    pub(crate) commands: Vec<String>,
    /// When it is fine as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) fine: Option<String>,
}

impl Finding {
    pub(crate) fn new(check: &'static str, severity: Severity, found: impl Into<String>) -> Self {
        Self {
            check,
            severity,
            found: found.into(),
            figures: BTreeMap::new(),
            cost: None,
            mend: None,
            commands: Vec::new(),
            fine: None,
        }
    }

    pub(crate) fn problem(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(check, Severity::Problem, found)
    }

    pub(crate) fn note(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(check, Severity::Note, found)
    }

    pub(crate) fn ok(check: &'static str, found: impl Into<String>) -> Self {
        Self::new(check, Severity::Ok, found)
    }

    /// The system does not tell.
    pub(crate) fn unknown(check: &'static str) -> Self {
        Self::new(check, Severity::Unknown, "not known on this system")
    }

    pub(crate) fn figure(mut self, name: &'static str, value: f64) -> Self {
        if value.is_finite() {
            self.figures.insert(name, value);
        }
        self
    }

    pub(crate) fn cost(mut self, cost: impl Into<String>) -> Self {
        self.cost = Some(cost.into());
        self
    }

    pub(crate) fn mend(mut self, mend: impl Into<String>) -> Self {
        self.mend = Some(mend.into());
        self
    }

    pub(crate) fn command(mut self, command: impl Into<String>) -> Self {
        self.commands.push(command.into());
        self
    }

    pub(crate) fn fine(mut self, fine: impl Into<String>) -> Self {
        self.fine = Some(fine.into());
        self
    }
}
