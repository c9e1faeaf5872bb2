//! JMH's JSON (`-rf json`), after the layout of 1.37; the decimal comma of some locales is in its
//! text alone.
//!
//! - The mode is the metric: `avgt` the wall time, `thrpt` the throughput (higher is better),
//!   `sample` `sample_time`, `ss` `single_shot_time`. Parameters are part of the name.
//! - A fork is a round, its iterations are the sample. `scoreError` is half the width of the 99.9 %
//!   confidence interval of the mean: no spread of the values, and not kept; it may be the text
//!   "NaN". `rawDataHistogram` (mode `sample`) is read as its percentiles.
//! - Secondary metrics are metrics of their own: `gc.alloc.rate.norm` is `allocated_bytes`.

use std::fmt;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::numbers::time_factor;
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(Some(value), |b| json::has(b, &["benchmark", "mode", "primaryMetric"]))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Jmh);
    for document in content.documents(is_json, "the array that JMH's `-rf json` writes")? {
        let Value::Array(benchmarks) = &document.value else {
            return Err(content.shape_error("$", "an array of benchmarks", Some(&document.value)));
        };
        for (position, benchmark) in benchmarks.iter().enumerate() {
            add(&mut collected, benchmark, format_args!("[{position}]"));
        }
        if let Some(first) = benchmarks.first() {
            let version = text_at(first, "jdkVersion").unwrap_or_default();
            let toolchain = text_at(first, "vmName").map(|vm| format!("{vm} {version}"));
            collected.toolchain = toolchain.map(|text| text.trim_end().to_owned());
        }
    }
    Ok(collected.finish(content, Repeated::Launches))
}

fn add(collected: &mut Collected, benchmark: &Value<'_>, place: fmt::Arguments<'_>) {
    let base = match json::name_at(benchmark, "benchmark") {
        Ok(name) => name,
        Err(reason) => return collected.skip(&place.to_string(), format!("{place}: {reason}")),
    };
    let name = match benchmark.get("params").and_then(Value::as_object) {
        Some(parameters) if !parameters.is_empty() => {
            format!("{base} ({})", parameters.listed())
        }
        _ => base.to_owned(),
    };
    let primary = benchmark.get("primaryMetric").unwrap_or(&Value::Null);
    let unit = text_at(primary, "scoreUnit").unwrap_or_default();
    let mode = text_at(benchmark, "mode").unwrap_or_default();
    let kind = match mode {
        "thrpt" => Kind::throughput(unit),
        "sample" => Kind::lower("sample_time", unit),
        "ss" => Kind::lower("single_shot_time", unit),
        _ if time_factor(unit).is_some() => Kind::wall_time(unit),
        _ => Kind::of_unit(unit, unit),
    };
    metric(collected, &name, kind, primary, format_args!("{place}.primaryMetric"));
    if let Some(Value::Object(secondary)) = benchmark.get("secondaryMetrics") {
        for (key, value) in secondary {
            let unit = text_at(value, "scoreUnit").unwrap_or_default();
            let key = key.trim_start_matches('·');
            let kind = match key {
                "gc.alloc.rate.norm" => Kind::lower("allocated_bytes", unit),
                "gc.alloc.rate" | "gc.count" | "gc.time" => Kind::lower(key, unit),
                _ => Kind::of_unit(key, unit),
            };
            metric(collected, &name, kind, value, format_args!("{place}.secondaryMetrics.{key}"));
        }
    }
}

fn metric(
    collected: &mut Collected,
    name: &str,
    kind: Kind<'_>,
    metric: &Value<'_>,
    place: fmt::Arguments<'_>,
) {
    if let Some(Value::Array(forks)) = metric.get("rawData") {
        let mut rounds = Vec::with_capacity(forks.len());
        for (position, fork) in forks.iter().enumerate() {
            match iterations(fork) {
                Ok(values) if !values.is_empty() => rounds.push(Values::sample(values)),
                Ok(_) => {}
                Err(reason) => {
                    let reason = format!("{place}.rawData[{position}]: {reason}");
                    return collected.skip(name, reason);
                }
            }
        }
        if !rounds.is_empty() {
            for values in rounds {
                collected.add(name, kind, values);
            }
            return;
        }
    }
    let mean = match json::number(metric, "score") {
        Ok(mean) => mean,
        Err(reason) => return collected.skip(name, format!("{place}: {reason}")),
    };
    let percentile = |key: &str| metric.get("scorePercentiles").and_then(|p| json::figure(p, key));
    let summary = Summary {
        n: counted(metric),
        mean: Some(mean),
        median: percentile("50.0"),
        minimum: percentile("0.0"),
        maximum: percentile("100.0"),
        ..Summary::default()
    };
    collected.add(name, kind, Values::Summary(summary));
}

fn iterations(fork: &Value<'_>) -> Result<Vec<f64>, String> {
    let values = fork.as_array().unwrap_or_default();
    let number = |value: &Value| {
        value.as_f64().ok_or_else(|| format!("expected numbers, found {}", described(Some(value))))
    };
    values.iter().map(number).collect()
}

/// How many values a histogram holds: in each fork and iteration pairs of a value and its count.
fn counted(metric: &Value<'_>) -> Option<u64> {
    let mut n = 0_u64;
    for fork in json::elements(metric, "rawDataHistogram") {
        for iteration in fork.as_array()? {
            for pair in iteration.as_array()? {
                n = n.saturating_add(pair.get(1)?.as_u64()?);
            }
        }
    }
    (n > 0).then_some(n)
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn forks_are_rounds_modes_are_metrics_and_parameters_belong_to_the_name() {
        let text = br#"[{"benchmark": "a.B.c", "mode": "avgt", "params": {"n": "1", "m": "x"},
            "primaryMetric": {"score": 2, "scoreError": "NaN", "scoreUnit": "us/op",
            "rawData": [[1.0, 2.0], [3.0]]}, "secondaryMetrics": {
            "\u00b7gc.alloc.rate.norm": {"score": 24, "scoreUnit": "B/op", "rawData": [[24]]},
            "gc.count": {"score": "NaN", "scoreUnit": "counts"}}},
            {"benchmark": "a.B.c", "mode": "sample", "params": {"n": "1", "m": "x"},
            "primaryMetric": {"score": 5, "scoreUnit": "ms/op", "scorePercentiles": {"50.0": 4},
            "rawDataHistogram": [[[[1.0, 3], [2.0, 4]]]]}},
            {"benchmark": "a.B.d", "mode": "thrpt", "primaryMetric": {"score": "NaN", "scoreUnit":
            "ops/s", "rawData": [["NaN"]]}}]"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        assert_eq!(reading.format, Format::Jmh);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| {
                let s = m.summary();
                format!("{} {} {:?} {:?}", m.benchmark(), m.metric(), s.mean, m.values())
            })
            .collect();
        assert_eq!(
            found,
            [
                "a.B.c (m=x, n=1) allocated_bytes Some(24.0) Some([24.0])",
                "a.B.c (m=x, n=1) sample_time Some(5000000.0) None",
                "a.B.c (m=x, n=1) wall_time Some(2000.0) Some([1000.0, 2000.0, 3000.0])",
            ]
        );
        assert_eq!(run.measurements[2].rounds().len(), 2);
        assert_eq!(run.measurements[1].summary().n, Some(7));
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "[0].secondaryMetrics.gc.count: expected a number in `score`, found NaN",
                "[2].primaryMetric.rawData[0]: expected numbers, found NaN",
            ]
        );
    }
}
