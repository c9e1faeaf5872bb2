use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::shared;

/// The unit of a metric. Times are kept in nanoseconds (`ns`); any other unit is kept as its
/// harness writes it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(from = "String", into = "String")]
pub struct Unit(Cow<'static, str>);

/// Units that many harnesses give.
const COMMON: [&str; 8] =
    ["ns", "B", "B/op", "allocs/op", "allocations", "ops/s", "MB/s", "events"];

impl Unit {
    /// Nanoseconds: the unit of every time.
    pub fn nanoseconds() -> Self {
        Self(Cow::Borrowed("ns"))
    }

    /// The unit that `text` names, and the factor by which values in it are multiplied to be in
    /// the returned unit: 1 except for times.
    ///
    /// ```
    /// # use driftline_core::model::Unit;
    /// assert_eq!(Unit::parse("ms"), (Unit::nanoseconds(), 1e6));
    /// assert_eq!(Unit::parse("bytes").1, 1.0);
    /// ```
    pub fn parse(text: &str) -> (Self, f64) {
        let text = text.trim();
        match Self::time_factor(text) {
            Some(factor) => (Self::nanoseconds(), factor),
            None => (text.to_owned().into(), 1.0),
        }
    }

    /// By what times in this unit are multiplied to be in nanoseconds, if it is one of time.
    pub(crate) fn time_factor(unit: &str) -> Option<f64> {
        Some(match unit {
            "ps" | "picoseconds" => 1e-3,
            "ns" | "nsec" | "nanoseconds" | "ns/iter" => 1.0,
            "us" | "µs" | "μs" | "usec" | "microseconds" => 1e3,
            "ms" | "msec" | "milliseconds" => 1e6,
            "s" | "sec" | "secs" | "second" | "seconds" => 1e9,
            _ => return None,
        })
    }

    /// Whether values are times, which cannot be negative.
    pub fn is_time(&self) -> bool {
        self.0 == "ns"
    }

    /// The unit as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<String> for Unit {
    fn from(unit: String) -> Self {
        Self(shared(&COMMON, unit))
    }
}

impl From<Unit> for String {
    fn from(unit: Unit) -> Self {
        unit.0.into_owned()
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Which way a metric is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Direction {
    /// Less is better: times, sizes, counts of work.
    #[default]
    Lower,
    /// More is better: throughput, rates.
    Higher,
}

impl Direction {
    /// `lower` or `higher`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lower => "lower",
            Self::Higher => "higher",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_become_nanoseconds_and_other_units_stay() {
        for (text, factor) in [("s", 1e9), ("ms", 1e6), ("µs", 1e3), ("us", 1e3), ("ns", 1.0)] {
            assert_eq!(Unit::parse(text), (Unit::nanoseconds(), factor), "{text}");
        }
        assert_eq!(Unit::parse(" KiB "), (Unit("KiB".into()), 1.0));
        assert!(!Unit::parse("KiB").0.is_time());
    }
}
