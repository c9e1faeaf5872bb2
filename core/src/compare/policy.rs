use std::fmt;
use std::str::FromStr;

use serde::Deserialize;

use crate::model::BenchmarkId;

/// How much a benchmark may change before it matters, as a ratio: 0.2 is 20 %.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(try_from = "ShareText")]
pub struct Threshold(f64);

/// How sure an interval is, as a ratio between 0.5 and 0.999: 0.99 is 99 %. More than 99.9 % the
/// bootstrap's 10,000 resamples cannot support.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Deserialize)]
#[serde(try_from = "ShareText")]
pub struct Confidence(f64);

/// What is not a threshold or a confidence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PolicyError {
    /// Not a share at all, a negative one, or a number that was probably meant as a percentage.
    #[error(
        "{0:?} is not a threshold: write a percentage such as \"20%\", or a ratio up to 1 such as 0.2"
    )]
    Threshold(String),
    /// Not between 50 and 99.9 %.
    #[error("{0:?} is not a confidence: write a percentage from 50 % to 99.9 %, such as \"99%\"")]
    Confidence(String),
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

impl Threshold {
    /// The threshold used when none is given: 20 %.
    pub const DEFAULT: Self = Self(0.2);

    /// As a ratio.
    pub fn ratio(self) -> f64 {
        self.0
    }
}

impl FromStr for Threshold {
    type Err = PolicyError;
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        parse_share(text)
            .filter(|ratio| ratio.is_finite() && *ratio >= 0.0)
            .map(Self)
            .ok_or_else(|| PolicyError::Threshold(text.to_owned()))
    }
}

impl TryFrom<ShareText> for Threshold {
    type Error = PolicyError;
    fn try_from(text: ShareText) -> Result<Self, PolicyError> {
        text.into_text().parse()
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&crate::text::share(self.0))
    }
}

impl Confidence {
    /// The confidence used when none is given: 99 %.
    pub const DEFAULT: Self = Self(0.99);

    /// As a ratio.
    pub fn ratio(self) -> f64 {
        self.0
    }
}

impl FromStr for Confidence {
    type Err = PolicyError;
    fn from_str(text: &str) -> Result<Self, PolicyError> {
        parse_share(text)
            .filter(|ratio| (0.5..=0.999).contains(ratio))
            .map(Self)
            .ok_or_else(|| PolicyError::Confidence(text.to_owned()))
    }
}

impl TryFrom<ShareText> for Confidence {
    type Error = PolicyError;
    fn try_from(text: ShareText) -> Result<Self, PolicyError> {
        text.into_text().parse()
    }
}

/// `20%`, `20 %` or `0.2` as a ratio. A number above 1 without a percent sign is none: whoever
/// writes 20 does not mean 2,000 %.
fn parse_share(text: &str) -> Option<f64> {
    let text = text.trim();
    match text.strip_suffix('%') {
        Some(number) => number.trim().parse::<f64>().ok().map(|percent| percent / 100.0),
        None => text.parse().ok().filter(|ratio| *ratio <= 1.0),
    }
}

/// What holds for the benchmarks that a pattern matches.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// `*` stands for any characters, `?` for one.
    #[serde(rename = "match")]
    pub pattern: String,
    /// Their threshold.
    pub threshold: Threshold,
}

/// What counts as a regression.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What is relevant, where no rule says otherwise.
    pub threshold: Threshold,
    /// The confidence of intervals.
    pub confidence: Confidence,
    /// Thresholds of single benchmarks; the last one that matches holds.
    #[serde(rename = "benchmark")]
    pub rules: Vec<Rule>,
}

impl Default for Policy {
    fn default() -> Self {
        Self { threshold: Threshold::DEFAULT, confidence: Confidence::DEFAULT, rules: Vec::new() }
    }
}

impl Policy {
    /// The threshold that holds for `benchmark`.
    pub fn threshold_of(&self, benchmark: &BenchmarkId) -> Threshold {
        let matching = |rule: &&Rule| benchmark.matches(&rule.pattern);
        self.rules.iter().rev().find(matching).map_or(self.threshold, |rule| rule.threshold)
    }
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
    fn confidences_lie_between_half_and_one() {
        assert_eq!("99%".parse(), Ok(Confidence(0.99)));
        assert_eq!("0.95".parse(), Ok(Confidence(0.95)));
        for text in ["100%", "1", "10%", "x", "99.95%", "95"] {
            assert!(text.parse::<Confidence>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_policy_is_read_as_the_configuration_writes_it() {
        let read = |text: &str| serde_json::from_str::<Policy>(text).map_err(|e| e.to_string());
        let text =
            r#"{"threshold":"30%","confidence":0.95,"benchmark":[{"match":"a","threshold":0.1}]}"#;
        let policy = read(text).unwrap();
        assert_eq!((policy.threshold.ratio(), policy.confidence.ratio()), (0.3, 0.95));
        assert_eq!(policy.rules[0].threshold.ratio(), 0.1);
        assert_eq!(read("{}"), Ok(Policy::default()));
        assert!(read(r#"{"confidence":2}"#).unwrap_err().contains("is not a confidence"));
        assert!(read(r#"{"treshold":2}"#).unwrap_err().contains("unknown field"));
    }

    #[test]
    fn the_last_matching_rule_holds() {
        let rule =
            |pattern: &str, ratio| Rule { pattern: pattern.into(), threshold: Threshold(ratio) };
        let policy = Policy {
            rules: vec![rule("upload/*", 0.3), rule("upload/write_?kb", 0.5)],
            ..Policy::default()
        };
        let of = |id: &str| policy.threshold_of(&BenchmarkId::new(id).unwrap()).ratio();
        assert_eq!(of("memory/add"), 0.2);
        assert_eq!(of("upload/write_10kb"), 0.3);
        assert_eq!(of("upload/write_1kb"), 0.5);
    }
}
