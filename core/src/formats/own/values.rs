//! driftline's JSON for programs that measure for themselves: `driftline-values/1`.
//!
//! ```json
//! {"format": "driftline-values/1", "commit": "4be1f9a", "time": "2026-11-23T04:40:12Z",
//!  "benchmarks": [
//!   {"name": "parse/small", "values": [1.52, 1.49, 1.55], "unit": "ms", "iterations": 100},
//!   {"name": "parse/small", "metric": "allocations", "value": 12, "unit": "allocations"},
//!   {"name": "requests", "value": 15321.75, "unit": "req/s", "better": "higher"}]}
//! ```
//!
//! Required are `format`, `benchmarks`, and of each its `name` and either `value` or `values` (the
//! raw ones, in the order they were measured, each averaged over `iterations`). `unit` is `ns` unless
//! given; `metric` is `wall_time` for times and else named after the unit; `better` is `lower` or
//! `higher`, and follows from the unit where that shows it. Several entries of one name and metric
//! are one sample. `run`, `commit`, `time` and `machine` say what they say of a run.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::{Commit, Direction, Iterations, Machine, RunId, read_time};

/// How its formats begin, in whatever version.
pub(super) const FORMAT: &str = "driftline-values/";
/// The one version there is.
const VERSION: &str = "driftline-values/1";

pub(super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let repair = json::Repair::default();
    let document = json::parse(content.file.name, content.text, &repair)?;
    if text_at(&document, "format") != Some(VERSION) {
        let found = document.get("format");
        return Err(content.shape_error("format", "the text \"driftline-values/1\"", found));
    }
    let Some(Value::Array(benchmarks)) = document.get("benchmarks") else {
        let found = document.get("benchmarks");
        return Err(content.shape_error("benchmarks", "an array of benchmarks", found));
    };
    let mut collected = Collected::new(Format::Driftline);
    for (position, benchmark) in benchmarks.iter().enumerate() {
        let place = format_args!("benchmarks[{position}]");
        match json::name_at(benchmark, "name") {
            Ok(name) => match values(benchmark) {
                Ok((kind, values)) => collected.add(name, kind, values),
                Err(reason) => collected.skip(name, format!("{place}: {reason}")),
            },
            Err(reason) => collected.skip(&place.to_string(), format!("{place}: {reason}")),
        }
    }
    for key in ["run", "commit", "time", "machine"] {
        if !matches!(document.get(key), None | Some(Value::Null | Value::String(_))) {
            return Err(content.shape_error(key, "a text", document.get(key)));
        }
    }
    let text = |key: &str| text_at(&document, key).map(str::to_owned);
    if let Some(time) = text("time") {
        let Some(time) = read_time(&time) else {
            let expected = "a time like \"2026-11-23T04:40:12Z\"";
            return Err(content.shape_error("time", expected, document.get("time")));
        };
        collected.time = Some(time);
    }
    collected.commit = text("commit").map(|id| Commit { id, ..Commit::default() });
    collected.machine =
        text("machine").map(|name| Machine { name: Some(name), ..Machine::default() });
    let id = text("run").and_then(|run| RunId::new(run).ok());
    let id = id.unwrap_or_else(|| RunId::of_content(content.file.bytes));
    Ok(collected.finish_as(id, Repeated::Values))
}

fn values<'v>(benchmark: &'v Value<'_>) -> Result<(Kind<'v>, Values), String> {
    let iterations = match benchmark.get("iterations") {
        None => 1,
        given => given.and_then(json::whole).ok_or_else(|| {
            format!(
                "expected a whole number of at least 1 in `iterations`, found {}",
                described(given)
            )
        })?,
    };
    let values = match (benchmark.get("values"), benchmark.get("value")) {
        (Some(_), None) => json::numbers(benchmark, "values")?,
        (None, Some(_)) => vec![json::number(benchmark, "value")?],
        (Some(_), Some(_)) => return Err("both `value` and `values`: give one of them".to_owned()),
        (None, None) => return Err("expected a number in `value`, found nothing".to_owned()),
    };
    let unit = text_at(benchmark, "unit").unwrap_or("ns");
    let kind = match text_at(benchmark, "metric") {
        Some(metric) => Kind::of_unit(metric, unit),
        None => Kind::named_after_unit(unit),
    };
    let kind = match benchmark.get("better") {
        None => kind,
        Some(Value::String(better)) if better == "lower" => kind.better(Direction::Lower),
        Some(Value::String(better)) if better == "higher" => kind.better(Direction::Higher),
        other => {
            let found = described(other);
            return Err(format!("expected \"lower\" or \"higher\" in `better`, found {found}"));
        }
    };
    Ok((kind, Values::Sample(values, Iterations::Every(iterations))))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Result<Reading, String> {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).map_err(|error| error.to_string())?;
        assert_eq!(reading.format, Format::Driftline);
        Ok(reading)
    }

    #[test]
    fn what_the_documentation_shows_is_read() {
        let documentation = include_str!("values.rs");
        let json: String = documentation
            .lines()
            .skip_while(|line| *line != "//! ```json")
            .skip(1)
            .take_while(|line| *line != "//! ```")
            .map(|line| line.trim_start_matches("//! "))
            .collect();
        let run = reading(&json).unwrap().runs.remove(0);
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| {
                let values = m.values().unwrap();
                format!("{} {} {} {} {values:?}", m.benchmark(), m.metric(), m.unit(), m.better())
            })
            .collect();
        assert_eq!(
            found,
            [
                "parse/small allocations allocations lower [12.0]",
                "parse/small wall_time ns lower [1520000.0, 1490000.0, 1550000.0]",
                "requests req/s req/s higher [15321.75]",
            ]
        );
        assert_eq!(run.commit.unwrap().id, "4be1f9a");
    }

    #[test]
    fn what_is_wrong_is_said() {
        let of = |fields: &str| {
            let text = format!(
                r#"{{"format": "driftline-values/1", "benchmarks": [{{"name": "a", {fields}}}]}}"#
            );
            reading(&text).unwrap().runs.remove(0).skipped.remove(0).reason
        };
        for (fields, reason) in [
            (r#""unit": "s""#, "expected a number in `value`, found nothing"),
            (r#""value": 1, "values": [1]"#, "both `value` and `values`: give one of them"),
            (r#""value": "1""#, "expected a number in `value`, found the text \"1\""),
            (
                r#""value": 1, "better": "up""#,
                "expected \"lower\" or \"higher\" in `better`, found the text \"up\"",
            ),
            (
                r#""value": 1, "iterations": 0"#,
                "expected a whole number of at least 1 in `iterations`, found 0",
            ),
        ] {
            assert_eq!(of(fields), format!("benchmarks[0]: {reason}"));
        }
        let error = reading(r#"{"format": "driftline-values/9", "benchmarks": []}"#).unwrap_err();
        assert_eq!(
            error,
            "f, at format: expected the text \"driftline-values/1\", found the text \
             \"driftline-values/9\""
        );
    }
}
