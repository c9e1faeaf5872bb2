use std::fmt;

use serde::{Deserialize, Serialize};

use super::limits::{Absolute, Confidence, FalseDiscoveryRate, Limits, Threshold};
use crate::model::{BenchmarkId, Direction, Metric, Unit};

/// What holds for the benchmarks and metrics that a pattern matches. What it does not say is as the
/// policy, or an earlier matching rule, has it; a rule that sets only `absolute` judges by that alone.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// Which benchmarks: `*` stands for any characters, `?` for one. All when absent.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Which metric, likewise. All when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub metric: Option<String>,
    /// The relative change that is relevant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub threshold: Option<Threshold>,
    /// The absolute change that is relevant; together with `threshold`, both must be exceeded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub absolute: Option<Absolute>,
    /// The relative change that is relevant when it is for the better, instead of `threshold`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub improvement: Option<Threshold>,
    /// Which way the metric is better, instead of what the harness says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub better: Option<Direction>,
}

impl Rule {
    /// Whether it holds for this metric of this benchmark.
    pub fn matches(&self, benchmark: &BenchmarkId, metric: &Metric) -> bool {
        let names = |pattern: &Option<String>, name: &str| {
            pattern.as_ref().is_none_or(|pattern| crate::text::Glob::new(pattern).matches(name))
        };
        names(&self.pattern, benchmark.as_str()) && names(&self.metric, metric.as_str())
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "match = {:?}", self.pattern.as_deref().unwrap_or("*"))?;
        self.metric.iter().try_for_each(|metric| write!(f, ", metric = {metric:?}"))
    }
}

/// What to make of a shift that most benchmarks of a suite have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum CommonMode {
    /// Say that there is one, and judge each benchmark as it is.
    #[default]
    Report,
    /// Judge each benchmark by how it differs from the others: a slowdown of everything is hidden.
    Correct,
    /// Do not look for one.
    Off,
}

/// What counts as a regression.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Policy {
    /// What is relevant, where no rule says otherwise.
    pub threshold: Threshold,
    /// The confidence of intervals.
    pub confidence: Confidence,
    /// The share of false ones that is tolerated among the changes called significant.
    pub fdr: FalseDiscoveryRate,
    /// What to make of a shift that a whole suite has in common.
    pub common_mode: CommonMode,
    /// Whether a baseline from another machine is judged as if it were from this one.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub allow_different_machine: bool,
    /// What holds for single benchmarks and metrics; the last one that matches and says something
    /// holds.
    #[serde(rename = "benchmark", skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<Rule>,
}

impl Policy {
    /// The limits that hold for this metric of this benchmark,
    /// in this unit. An absolute threshold in another unit does not count.
    pub fn limits_of(&self, benchmark: &BenchmarkId, metric: &Metric, unit: &Unit) -> Limits {
        let mut limits =
            Limits { relative: Some(self.threshold), absolute: None, improvement: self.threshold };
        let mut own_improvement = None;
        for rule in self.rules.iter().filter(|rule| rule.matches(benchmark, metric)) {
            match (rule.threshold, rule.absolute.and_then(|absolute| absolute.value_in(unit))) {
                (None, None) => {}
                (relative, absolute) => (limits.relative, limits.absolute) = (relative, absolute),
            }
            own_improvement = rule.improvement.or(own_improvement);
        }
        limits.improvement = own_improvement.or(limits.relative).unwrap_or(Threshold::NONE);
        limits
    }

    /// Which way this metric is better, if a rule says so.
    pub fn better_of(&self, benchmark: &BenchmarkId, metric: &Metric) -> Option<Direction> {
        let matching = self.rules.iter().filter(|rule| rule.matches(benchmark, metric));
        matching.filter_map(|rule| rule.better).next_back()
    }

    /// The rules that match none of these, which is probably a misspelt pattern.
    pub fn idle_rules<'a>(
        &self,
        measured: &(impl Iterator<Item = (&'a BenchmarkId, &'a Metric)> + Clone),
    ) -> Vec<&Rule> {
        let idle = |rule: &&Rule| !measured.clone().any(|(id, metric)| rule.matches(id, metric));
        self.rules.iter().filter(idle).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(policy: &Policy, id: &str, metric: &str) -> Limits {
        let unit = if metric == "wall_time" { Unit::nanoseconds() } else { Unit::parse("x").0 };
        policy.limits_of(&BenchmarkId::new(id).unwrap(), &Metric::new(metric).unwrap(), &unit)
    }

    #[test]
    fn a_policy_is_read_as_the_configuration_writes_it() {
        let read = |text: &str| serde_json::from_str::<Policy>(text).map_err(|e| e.to_string());
        let text = r#"{"threshold":"30%","confidence":0.95,"fdr":"5%","common_mode":"off",
            "benchmark":[{"match":"a","threshold":0.1}]}"#;
        let policy = read(text).unwrap();
        assert_eq!((policy.threshold.ratio(), policy.confidence.ratio()), (0.3, 0.95));
        assert_eq!((policy.fdr.ratio(), policy.common_mode), (0.05, CommonMode::Off));
        assert_eq!(of(&policy, "a", "wall_time").relative.unwrap().ratio(), 0.1);
        assert_eq!(read("{}"), Ok(Policy::default()));
        assert!(read(r#"{"confidence":2}"#).unwrap_err().contains("is not a confidence"));
        assert!(read(r#"{"treshold":2}"#).unwrap_err().contains("unknown field"));
    }

    #[test]
    fn a_policy_is_written_so_that_it_is_read_back_to_the_last_bit() {
        let text = r#"{"threshold":"307.3%","confidence":0.95,"fdr":"5%","common_mode":"correct",
            "allow_different_machine":true,"benchmark":[
                {"match":"a","threshold":0.1,"improvement":"0.7%","better":"higher"},
                {"metric":"alloc*","absolute":"2.5 ms"},{"match":"b","absolute":3}]}"#;
        for text in [text, "{}"] {
            let policy: Policy = serde_json::from_str(text).unwrap();
            let written = serde_json::to_string(&policy).unwrap();
            assert_eq!(serde_json::from_str::<Policy>(&written).unwrap(), policy, "{written}");
        }
        let written = serde_json::to_string(&Policy::default()).unwrap();
        assert_eq!(
            written,
            r#"{"threshold":0.2,"confidence":0.99,"fdr":0.01,"common_mode":"report"}"#
        );
    }

    #[test]
    fn the_last_rule_that_matches_and_says_something_holds() {
        let policy: Policy = serde_json::from_str(
            r#"{"benchmark":[
                {"match":"upload/*","threshold":"30%","improvement":"5%"},
                {"match":"upload/write_?kb","absolute":"2 ms"},
                {"match":"upload/write_9kb","threshold":"50%","absolute":"1 ms"},
                {"metric":"alloc*","threshold":0.0},
                {"match":"score/*","better":"higher"}]}"#,
        )
        .unwrap();
        let ratio = |limits: Limits| limits.relative.map(Threshold::ratio);
        assert_eq!(ratio(of(&policy, "memory/add", "wall_time")), Some(0.2));
        assert_eq!(ratio(of(&policy, "upload/read", "wall_time")), Some(0.3));
        assert_eq!(of(&policy, "upload/read", "wall_time").improvement.ratio(), 0.05);
        let only_absolute = of(&policy, "upload/write_1kb", "wall_time");
        assert_eq!(ratio(only_absolute), None);
        assert_eq!(only_absolute.absolute, Some(2e6));
        // A time says nothing about points.
        assert_eq!(ratio(of(&policy, "upload/write_1kb", "points")), Some(0.3));
        let both = of(&policy, "upload/write_9kb", "wall_time");
        assert!(ratio(both) == Some(0.5) && both.absolute.is_some());
        assert_eq!(ratio(of(&policy, "x", "allocations")), Some(0.0));
        let better = policy.better_of(&BenchmarkId::new("score/a").unwrap(), &Metric::wall_time());
        assert_eq!(better, Some(Direction::Higher));
    }

    #[test]
    fn a_rule_that_matches_nothing_is_found() {
        let policy: Policy = serde_json::from_str(
            r#"{"benchmark":[{"match":"a*","threshold":0.1},{"match":"uplaod/*","threshold":0.1}]}"#,
        )
        .unwrap();
        let (id, metric) = (BenchmarkId::new("abc").unwrap(), Metric::wall_time());
        let idle: Vec<String> = policy
            .idle_rules(&std::iter::once((&id, &metric)))
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(idle, [r#"match = "uplaod/*""#]);
    }
}
