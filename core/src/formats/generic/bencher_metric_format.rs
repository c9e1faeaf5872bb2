//! The Bencher Metric Format: an object of benchmarks, each an object of measures with a `value`.
//!
//! `latency` is nanoseconds (the wall time here) and `throughput` operations a second, by name or by
//! slug; units and directions of other measures are known to Bencher's server alone, so that they are
//! shown by their name, and lower is taken to be better, which is said. `lower_value` and `upper_value`
//! mean something else with each of Bencher's adapters and are not read.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described};
use super::super::{Format, FormatError, Reading};

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    const LOOKED_AT: usize = 20;
    let measures = |benchmark: &Value| {
        benchmark.as_object().is_some_and(|measures| {
            !measures.is_empty()
                && measures.values().all(|m| m.get("value").is_some_and(Value::is_number))
        })
    };
    value.as_object().is_some_and(|benchmarks| {
        !benchmarks.is_empty()
            && benchmarks.values().take(LOOKED_AT).any(measures)
            && benchmarks.values().take(LOOKED_AT).all(Value::is_object)
    })
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::BencherMetricFormat);
    let expected = "an object of benchmarks with their measures";
    for document in content.documents(is_json, expected)? {
        let Value::Object(benchmarks) = &document.value else {
            return Err(content.shape_error("$", expected, Some(&document.value)));
        };
        for (name, measures) in benchmarks {
            let Value::Object(measures) = measures else {
                let found = described(Some(measures));
                collected.skip(name, format!("expected an object of measures, found {found}"));
                continue;
            };
            for (measure, metric) in measures {
                let value = match json::number(metric, "value") {
                    Ok(value) => value,
                    Err(reason) => {
                        collected.skip(name, format!("{measure}: {reason}"));
                        continue;
                    }
                };
                collected.add(name, kind(measure), Values::single(value));
                if metric.get("lower_value").or_else(|| metric.get("upper_value")).is_some() {
                    collected.note(
                        "`lower_value` and `upper_value` have no defined meaning and are not read",
                    );
                }
            }
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn kind(measure: &str) -> Kind<'_> {
    match measure {
        "latency" | "Latency" => Kind::wall_time("ns"),
        "throughput" | "Throughput" => Kind::throughput("ops/s"),
        other => Kind::of_unit(other, other),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;
    use crate::model::Measurement;

    #[test]
    fn the_two_measures_with_known_units_have_them_by_name_and_slug() {
        let text = br#"{"a": {"Latency": {"value": 5}, "Throughput": {"value": 7},
            "file-size": {"value": 9}}, "b": {"latency": {"value": 5}, "throughput": {"value": 7}}}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        let shown = |m: &Measurement| format!("{} {} {}", m.metric(), m.unit(), m.better());
        let found: Vec<String> = reading.runs[0].measurements.iter().map(shown).collect();
        let known = ["throughput ops/s higher", "wall_time ns lower"];
        assert_eq!(found[..3], ["file-size file-size lower", known[0], known[1]]);
        assert_eq!(found[3..], known);
    }

    #[test]
    fn what_is_no_measure_is_skipped() {
        let text =
            br#"{"a": {"latency": {"value": 5}, "size": {"value": 7}}, "b": {"latency": {}}}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        assert_eq!(reading.format, Format::BencherMetricFormat);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {} {}", m.benchmark(), m.metric(), m.unit(), m.better()))
            .collect();
        assert_eq!(found, ["a size size lower", "a wall_time ns lower"]);
        assert_eq!(run.skipped[0].reason, "latency: expected a number in `value`, found nothing");
        assert_eq!(
            reading.notes,
            ["the file does not say which way `size` is better: lower is taken to be"]
        );
    }
}
