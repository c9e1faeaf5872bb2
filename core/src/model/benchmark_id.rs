use std::borrow::Borrow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{NameError, non_empty};
use crate::text::Glob;

/// The name of a benchmark: `suite/group/function/parameter`, as its harness gives it.
///
/// Any text that is not blank. It is data from outside: whoever prints it escapes it for where it
/// goes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct BenchmarkId(String);

impl BenchmarkId {
    /// Names a benchmark.
    ///
    /// # Errors
    /// When `name` is empty or only white space.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        non_empty("benchmark name", &name)?;
        Ok(Self(name))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the whole name matches `pattern`, in which `*` stands for any characters and `?` for
    /// one.
    ///
    /// ```
    /// # use driftline_core::model::BenchmarkId;
    /// assert!(BenchmarkId::new("upload/write_1kb").unwrap().matches("upload/write_*"));
    /// ```
    pub fn matches(&self, pattern: &str) -> bool {
        Glob::new(pattern).matches(&self.0)
    }
}

impl TryFrom<String> for BenchmarkId {
    type Error = NameError;
    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<BenchmarkId> for String {
    fn from(id: BenchmarkId) -> Self {
        id.0
    }
}

impl Borrow<str> for BenchmarkId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for BenchmarkId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
