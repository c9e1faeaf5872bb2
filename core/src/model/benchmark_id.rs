use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use serde::de::{Deserializer, Error, Visitor};
use serde::{Deserialize, Serialize};

use super::{NameError, non_empty};
use crate::text::Glob;

/// The name of a benchmark: `suite/group/function/parameter`, as its harness gives it.
///
/// Any text that is not blank. It is data from outside: whoever prints it escapes it for where it
/// goes. Measurements of one benchmark share it: cloning copies no text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct BenchmarkId(Arc<str>);

impl BenchmarkId {
    /// Names a benchmark.
    ///
    /// # Errors
    /// When `name` is empty or only white space.
    pub fn new(name: impl Into<Arc<str>>) -> Result<Self, NameError> {
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

impl Serialize for BenchmarkId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for BenchmarkId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Name;
        impl Visitor<'_> for Name {
            type Value = BenchmarkId;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_str<E: Error>(self, name: &str) -> Result<BenchmarkId, E> {
                BenchmarkId::new(name).map_err(E::custom)
            }
        }
        deserializer.deserialize_str(Name)
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
