use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize, Serializer};

use crate::model::Unit;

/// How much a benchmark may change before it matters, as a ratio: 0.2 is 20 %.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(try_from = "ShareText")]
pub struct Threshold(f64);

/// How much a benchmark may change before it matters, in its own unit: `5 ms`, or a number above 0
/// without a unit, which is in the unit of whatever metric it is held against.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(try_from = "AbsoluteInput")]
pub struct Absolute {
    value: f64,
    of: AbsoluteUnit,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum AbsoluteUnit {
    /// The metric's own, whatever it is.
    Own,
    /// Nanoseconds.
    Time,
}

/// How sure an interval is, as a ratio between 0.5 and 0.999: 0.99 is 99 %.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(try_from = "ShareText")]
pub struct Confidence(f64);

/// The share of false ones among the changes called significant, between 0.0001 and 0.2.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(try_from = "ShareText")]
pub struct FalseDiscoveryRate(f64);

/// What is not a threshold, a confidence or a rate.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not a share at all, a negative one, or a number that was probably meant as a percentage.
    #[error(
        "{0:?} is not a threshold: write a percentage such as \"20%\", or a ratio up to 1 such as 0.2"
    )]
    Threshold(String),
    /// Not a number above 0, or in no unit of time.
    #[error(
        "{0:?} is not an absolute threshold: write a time such as \"5 ms\", or a number above 0 in \
         the metric's own unit"
    )]
    Absolute(String),
    /// Not between 50 and 99.9 %.
    #[error("{0:?} is not a confidence: write a percentage from 50 % to 99.9 %, such as \"99%\"")]
    Confidence(String),
    /// Not between 0.01 and 20 %.
    #[error(
        "{0:?} is not a false-discovery rate: write a percentage from 0.01 % to 20 %, such as \"1%\""
    )]
    FalseDiscoveryRate(String),
}

/// A number or a text, as configuration files have them.
#[derive(Deserialize)]
#[serde(untagged)]
enum ShareText {
    Ratio(f64),
    Text(String),
}

impl ShareText {
    fn into_text(self) -> String {
        match self {
            Self::Ratio(ratio) => ratio.to_string(),
            Self::Text(text) => text,
        }
    }
}

/// `20%`, `20 %` or `0.2` as a ratio. A number above 1 without a percent sign is none: whoever
/// writes 20 does not mean 2,000 %.
fn parse_share(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.strip_suffix('%') {
        Some(number) => crate::text::number(number.trim()).map(|percent| percent / 100.0),
        None => crate::text::number(text).filter(|ratio| *ratio <= 1.0),
    }
}

/// A share as [`parse_share`] reads it back to the last bit: a number, or above 1 a percentage.
fn write_share<S: Serializer>(ratio: f64, serializer: S) -> Result<S::Ok, S::Error> {
    if ratio <= 1.0 {
        return serializer.serialize_f64(ratio);
    }
    let percent = ratio * 100.0;
    let exact = [percent, percent.next_down(), percent.next_up()]
        .into_iter()
        .find(|percent| (percent / 100.0).to_bits() == ratio.to_bits());
    serializer.collect_str(&format_args!("{}%", exact.unwrap_or(percent)))
}

/// Implements reading a share for a type, with its range and its error.
macro_rules! share {
    ($type:ident, $range:expr) => {
        impl $type {
            /// As a ratio.
            pub fn ratio(self) -> f64 {
                self.0
            }
        }

        impl FromStr for $type {
            type Err = PolicyError;
            fn from_str(text: &str) -> Result<Self, PolicyError> {
                parse_share(text)
                    .filter(|ratio| ratio.is_finite() && $range.contains(ratio))
                    .map(Self)
                    .ok_or_else(|| PolicyError::$type(text.to_owned()))
            }
        }

        impl TryFrom<ShareText> for $type {
            type Error = PolicyError;
            fn try_from(text: ShareText) -> Result<Self, PolicyError> {
                text.into_text().parse()
            }
        }

        impl Serialize for $type {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                write_share(self.0, serializer)
            }
        }

        impl fmt::Display for $type {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&crate::text::share(self.0))
            }
        }
    };
}

share!(Threshold, (0.0..));
share!(Confidence, (0.5..=0.999));
share!(FalseDiscoveryRate, (0.0001..=0.2));

impl Threshold {
    /// Any change at all.
    pub const NONE: Self = Self(0.0);
}

impl Default for Threshold {
    /// 20 %.
    fn default() -> Self {
        Self(0.2)
    }
}

impl Default for Confidence {
    /// 99 %.
    fn default() -> Self {
        Self(0.99)
    }
}

impl Default for FalseDiscoveryRate {
    /// 1 %.
    fn default() -> Self {
        Self(0.01)
    }
}

/// A number or a text.
#[derive(Deserialize)]
#[serde(untagged)]
enum AbsoluteInput {
    Number(f64),
    Text(String),
}

impl TryFrom<AbsoluteInput> for Absolute {
    type Error = PolicyError;
    fn try_from(input: AbsoluteInput) -> Result<Self, PolicyError> {
        match input {
            AbsoluteInput::Number(number) => number.to_string().parse(),
            AbsoluteInput::Text(text) => text.parse(),
        }
    }
}

impl FromStr for Absolute {
    type Err = PolicyError;
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        let error = || PolicyError::Absolute(text.to_owned());
        let trimmed = text.trim();
        let end = trimmed
            .find(|c: char| c.is_alphabetic() && !matches!(c, 'e' | 'E'))
            .unwrap_or(trimmed.len());
        let (number, unit) = trimmed.split_at_checked(end).ok_or_else(error)?;
        let value = crate::text::number(number.trim()).ok_or_else(error)?;
        let (of, factor) = match Unit::parse(unit) {
            _ if unit.trim().is_empty() => (AbsoluteUnit::Own, 1.0),
            (unit, factor) if unit.is_time() => (AbsoluteUnit::Time, factor),
            _ => return Err(error()),
        };
        let value = value * factor;
        if value > 0.0 && value.is_finite() { Ok(Self { value, of }) } else { Err(error()) }
    }
}

impl Serialize for Absolute {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.of {
            AbsoluteUnit::Own => serializer.serialize_f64(self.value),
            AbsoluteUnit::Time => serializer.collect_str(&format_args!("{} ns", self.value)),
        }
    }
}

impl Absolute {
    /// The threshold in `unit`; `None` where it is a time and the unit is not.
    pub fn value_in(self, unit: &Unit) -> Option<f64> {
        (self.of == AbsoluteUnit::Own || unit.is_time()).then_some(self.value)
    }
}

/// What one metric of one benchmark must exceed to have changed relevantly.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limits {
    /// The relative change; none where only an absolute one counts.
    pub relative: Option<Threshold>,
    /// The absolute change in the metric's unit; with `relative`, both must be exceeded.
    pub absolute: Option<f64>,
    /// The relative change for the better.
    pub improvement: Threshold,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_percentages_or_ratios() {
        for text in ["20%", " 20 % ", "0.2"] {
            assert_eq!(text.parse::<Threshold>().unwrap().ratio(), 0.2, "{text}");
        }
        for text in ["", "%", "-5%", "nan", "inf", "20 percent", "1e999", "20", "1.5"] {
            let error = text.parse::<Threshold>().unwrap_err().to_string();
            assert!(error.contains("is not a threshold"), "{error}");
        }
        assert_eq!("7%".parse::<Threshold>().unwrap().to_string(), "7 %");
        assert_eq!("12.5%".parse::<Threshold>().unwrap().to_string(), "12.5 %");
    }

    #[test]
    fn confidences_and_rates_have_their_range() {
        assert_eq!("99%".parse(), Ok(Confidence(0.99)));
        assert_eq!("0.95".parse(), Ok(Confidence(0.95)));
        for text in ["100%", "1", "10%", "x", "99.95%", "95"] {
            assert!(text.parse::<Confidence>().is_err(), "{text}");
        }
        assert_eq!("1%".parse(), Ok(FalseDiscoveryRate(0.01)));
        for text in ["0", "50%", "1", "-1%"] {
            let error = text.parse::<FalseDiscoveryRate>().unwrap_err().to_string();
            assert!(error.contains("false-discovery rate"), "{error}");
        }
    }

    #[test]
    fn absolute_thresholds_are_times_or_numbers() {
        let (time, bytes) = (Unit::nanoseconds(), Unit::parse("bytes").0);
        let five_ms: Absolute = "5 ms".parse().unwrap();
        assert_eq!((five_ms.value_in(&time), five_ms.value_in(&bytes)), (Some(5e6), None));
        let plain: Absolute = "1e3".parse().unwrap();
        assert_eq!((plain.value_in(&time), plain.value_in(&bytes)), (Some(1e3), Some(1e3)));
        for text in ["", "0", "-3 ms", "5 parsecs", "ms", "nan"] {
            assert!(text.parse::<Absolute>().is_err(), "{text}");
        }
    }
}
