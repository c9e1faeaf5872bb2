use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{BenchmarkId, Direction, Metric, NameError, Run, RunId, Unit, shortened};

/// The name of a baseline: it names a file, so letters, digits, `.`, `_` and `-` only, not starting
/// with a dot, at most 100 characters; and not `history`, which stands for the recorded runs.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct BaselineName(String);

impl BaselineName {
    /// The name used when none is given.
    pub const DEFAULT: &str = "main";

    /// What stands for the recorded runs wherever a baseline may be named, and so names none.
    pub const HISTORY: &str = "history";

    /// Names a baseline.
    ///
    /// # Errors
    /// When the name could not be a file's name everywhere.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        let problem = if name.is_empty() {
            "is empty"
        } else if name.len() > 100 {
            "is longer than 100 characters"
        } else if name.starts_with('.') || !name.chars().all(allowed) {
            "may hold only letters, digits, '.', '_' and '-', and not start with a dot"
        } else if name == Self::HISTORY {
            "stands for the recorded runs: choose another name"
        } else {
            return Ok(Self(name));
        };
        Err(NameError { what: "baseline name", name: shortened(&name), problem })
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for BaselineName {
    type Error = NameError;
    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<BaselineName> for String {
    fn from(name: BaselineName) -> Self {
        name.0
    }
}

impl fmt::Display for BaselineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What was accepted of one metric of one benchmark. The latest run of a baseline moves with every
/// save; this moves only when somebody accepts a level, so that many small slowdowns do not pass as
/// many times nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Level {
    /// The benchmark.
    #[serde(rename = "id")]
    pub benchmark: BenchmarkId,
    /// The metric.
    pub metric: Metric,
    /// The unit of both figures.
    pub unit: Unit,
    /// The level that was accepted.
    pub accepted: f64,
    /// The run it is of.
    pub accepted_run: RunId,
    /// The best level since then.
    pub best: f64,
    /// The run that is of.
    pub best_run: RunId,
    /// The fingerprint of the machine that both are of. Not known of levels that were accepted before
    /// it was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<String>,
    /// Which way the metric was better when they were taken, if the configuration said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub better: Option<Direction>,
}

/// A saved reference, by name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Baseline {
    /// Its name.
    pub name: BaselineName,
    /// When it was saved.
    #[serde(default, with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub saved: Option<Timestamp>,
    /// The levels that were accepted, and the best since then.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Level>,
    /// The run it holds.
    pub run: Run,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_safe_file_name() {
        for good in ["main", "v1.2", "release-2026_11"] {
            assert!(BaselineName::new(good).is_ok(), "{good}");
        }
        for bad in
            ["", "history", ".", "..", "../x", "a/b", "a b", "ä", "a\0", "-".repeat(101).as_str()]
        {
            assert!(BaselineName::new(bad).is_err(), "{bad:?}");
        }
    }
}
