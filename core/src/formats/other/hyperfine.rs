//! hyperfine's JSON and CSV, checked with 1.15.0 and 1.20.0.
//!
//! Times are seconds, in the order they were measured; where hyperfine corrected for the shell's
//! start they may be 0. A command is named by its `-n` name, if it has one; commands that differ in
//! their parameters alone are told apart by them. `user` and `system` are means without a spread
//! and not read; memory is a metric of its own. A command that ended with an exit code other than 0
//! is kept, and said: a program that fails is often fast.

use std::fmt;
use std::rc::Rc;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::csv_records::Records;
use super::super::json::{self, Value};
use super::super::numbers::number;
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(value.get("results"), |result| {
        json::has(result, &["command"])
            && (json::has(result, &["times"]) || json::has(result, &["mean"]))
    })
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.starts_with("command,mean,stddev"))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Hyperfine);
    if content.documents.is_empty() && content.json_error().is_none() {
        csv(&mut collected, content);
        return Ok(collected.finish(content, Repeated::Others));
    }
    for document in content.documents(is_json, "the JSON of `hyperfine --export-json`")? {
        let Some(Value::Array(results)) = document.value.get("results") else {
            let expected = "an array with a result for each command";
            return Err(content.shape_error("results", expected, document.value.get("results")));
        };
        for (position, result) in results.iter().enumerate() {
            command(&mut collected, result, format_args!("results[{position}]"));
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn command(collected: &mut Collected, result: &Value<'_>, place: fmt::Arguments<'_>) {
    let name = match json::name_at(result, "command") {
        Ok(name) => name,
        Err(reason) => return collected.skip(&place.to_string(), format!("{place}: {reason}")),
    };
    let full: Rc<str> = match result.get("parameters") {
        Some(Value::Object(parameters)) if !parameters.is_empty() => {
            format!("{name} ({})", parameters.listed()).into()
        }
        _ => name.into(),
    };
    let values = match json::numbers(result, "times") {
        Ok(times) if !times.is_empty() => Values::sample(times),
        Err(reason) if result.get("times").is_some_and(|times| !times.is_null()) => {
            return collected.skip(name, format!("{place}: {reason}"));
        }
        // A file that was stripped of them.
        _ => Values::Summary(Summary {
            median: json::figure(result, "median"),
            mean: json::figure(result, "mean"),
            std_dev: json::figure(result, "stddev"),
            minimum: json::figure(result, "min"),
            maximum: json::figure(result, "max"),
            ..Summary::default()
        }),
    };
    collected.add_told_apart(name, Rc::clone(&full), Kind::wall_time("s"), values);
    if let Ok(memory) = json::numbers(result, "memory_usage_byte")
        && memory.iter().any(|bytes| *bytes > 0.0)
    {
        let kind = Kind::lower("peak_bytes", "B");
        collected.add_told_apart(name, Rc::clone(&full), kind, Values::sample(memory));
    }
    let codes = json::elements(result, "exit_codes");
    let failed = codes.iter().filter(|code| code.as_i64().is_some_and(|code| code != 0)).count();
    if failed > 0 {
        collected.note(format!(
            "{full:?} ended with an exit code other than 0 in {failed} of {} runs: what it took \
             may not be what it takes",
            codes.len()
        ));
    }
}

fn csv(collected: &mut Collected, content: &Content<'_>) {
    let records = Records::new(content.plain);
    let parameters: Vec<&str> =
        records.columns().filter(|column| column.starts_with("parameter_")).collect();
    for (line, record) in records.iter() {
        let name = record.cell("command").unwrap_or_default();
        if !record.is_whole() {
            let reason = format!("line {line}: fewer cells than the header has: is it cut off?");
            collected.skip(name, reason);
            continue;
        }
        let figure = |column: &str| record.cell(column).and_then(number);
        let each: Vec<String> = parameters
            .iter()
            .filter_map(|column| {
                let key = column.trim_start_matches("parameter_");
                Some(format!("{key}={}", record.cell(column)?))
            })
            .collect();
        let full =
            if each.is_empty() { name.to_owned() } else { format!("{name} ({})", each.join(", ")) };
        if figure("mean").is_none() {
            let found = record.cell("mean").unwrap_or("nothing");
            let reason = format!("line {line}: expected a number in `mean`, found {found:?}");
            collected.skip(name, reason);
            continue;
        }
        let summary = Summary {
            median: figure("median"),
            mean: figure("mean"),
            std_dev: figure("stddev"),
            minimum: figure("min"),
            maximum: figure("max"),
            ..Summary::default()
        };
        collected.add_told_apart(name, full.into(), Kind::wall_time("s"), Values::Summary(summary));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap()
    }

    fn names(reading: &Reading) -> Vec<String> {
        let measurements = reading.runs[0].measurements.iter();
        measurements.map(|m| format!("{} {}", m.benchmark(), m.metric())).collect()
    }

    #[test]
    fn parameters_and_numbers_tell_equal_names_apart() {
        let reading = reading(
            r#"{"results": [
            {"command": "a", "times": [1], "parameters": {"n": "1"}, "exit_codes": [0]},
            {"command": "a", "times": [2], "parameters": {"n": "2"}, "exit_codes": [null]},
            {"command": "dup", "times": [3], "memory_usage_byte": [4096]},
            {"command": "dup", "times": [4], "exit_codes": [0, 137, 1]},
            {"command": "bad", "times": [null]}, {"command": "none"}, {"times": [1]}]}"#,
        );
        assert_eq!(
            names(&reading),
            [
                "a (n=1) wall_time",
                "a (n=2) wall_time",
                "dup peak_bytes",
                "dup wall_time",
                "dup #2 wall_time"
            ]
        );
        let notes = &reading.notes;
        assert!(
            notes[0].starts_with("\"dup\" ended with an exit code other than 0 in 2 of 3 runs")
        );
        assert!(notes[1].contains("are kept apart as `name #2`"), "{notes:?}");
        let skipped: Vec<String> =
            reading.runs[0].skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "bad: results[4]: expected a number in `times[0]`, found null",
                "results[6]: results[6]: expected a name in `command`, found nothing",
                "none: wall_time: benchmark \"none\", round 0 (0-based): neither median nor mean \
                 is given",
            ]
        );
    }

    #[test]
    fn csv_holds_summaries() {
        let reading = reading(
            "command,mean,stddev,median,user,system,min,max,parameter_n\n\
             \"sleep 0.1, \"\"x\"\"\",0.5,,0.4,0,0,0.1,0.9,1\nb,x,,,,,,,2\nc,0.",
        );
        let run = &reading.runs[0];
        assert_eq!(run.measurements[0].benchmark().as_str(), "sleep 0.1, \"x\"");
        let summary = run.measurements[0].summary();
        assert_eq!((summary.mean, summary.std_dev, summary.n), (Some(5e8), None, None));
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "line 3: expected a number in `mean`, found \"x\"",
                "line 4: fewer cells than the header has: is it cut off?"
            ]
        );
    }
}
