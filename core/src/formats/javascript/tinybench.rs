//! tinybench's tasks, written as JSON by the benchmark itself; checked with 2.9, 3.1, 4.1, 5.0 and
//! 6.2.3; before 6 their figures stand one level higher.
//!
//! Times are milliseconds, throughput operations a second. Raw values are there with
//! `retainSamples` alone, sorted: their order in time is lost. `rme` and `moe` are the margin of
//! error of the mean: no standard deviation, which is `sd`.

use std::fmt;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(Some(tasks(value)), |task| {
        let result = task.get("result").unwrap_or(&Value::Null);
        json::has(task, &["name"])
            && (json::has(result, &["latency"])
                || json::has(result, &["hz", "mean"])
                || json::has(result, &["state"]))
    })
}

/// The tasks themselves, or within the object of a `Bench`.
fn tasks<'v, 'a>(value: &'v Value<'a>) -> &'v Value<'a> {
    value.get("tasks").unwrap_or(value)
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Tinybench);
    for document in content.documents(is_json, "an array of tinybench's tasks")? {
        let Value::Array(tasks) = tasks(&document.value) else {
            return Err(content.shape_error("$", "an array of tasks", Some(&document.value)));
        };
        for (position, task) in tasks.iter().enumerate() {
            add(&mut collected, task, format_args!("[{position}]"));
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn add(collected: &mut Collected, task: &Value<'_>, place: fmt::Arguments<'_>) {
    let name = match json::name_at(task, "name") {
        Ok(name) => name,
        Err(reason) => return collected.skip(&place.to_string(), format!("{place}: {reason}")),
    };
    let result = task.get("result").unwrap_or(&Value::Null);
    if let Some(error) = result.get("error").filter(|error| !error.is_null()) {
        // `JSON.stringify` leaves nothing of an `Error`.
        let message = error.as_str().or_else(|| text_at(error, "message"));
        let why = message.map_or_else(|| "it threw".to_owned(), |m| format!("it failed: {m}"));
        return collected.skip(name, format!("{place}: {why}"));
    }
    let latency = result.get("latency").unwrap_or(result);
    match figures(latency) {
        Ok(values) => {
            if matches!(values, Values::Sample(..)) {
                collected.note("the raw values are sorted: their order in time is lost");
            }
            collected.add(name, Kind::wall_time("ms"), values);
        }
        Err(reason) => {
            let state = text_at(result, "state").unwrap_or("unknown");
            return collected.skip(name, format!("{place}: {reason}; its state is {state:?}"));
        }
    }
    if let Some(Ok(values)) = result.get("throughput").map(figures) {
        collected.add(name, Kind::throughput("ops/s"), values);
    }
}

fn figures(object: &Value<'_>) -> Result<Values, String> {
    let samples = json::elements(object, "samples");
    if !samples.is_empty() {
        return Ok(Values::sample(json::numbers(object, "samples")?));
    }
    let mean = json::figure(object, "mean");
    if mean.is_none() {
        return Err(format!(
            "expected a number in `mean`, found {}",
            described(object.get("mean"))
        ));
    }
    Ok(Values::Summary(Summary {
        n: json::count(object, "samplesCount"),
        mean,
        median: json::figure(object, "p50"),
        std_dev: json::figure(object, "sd"),
        minimum: json::figure(object, "min"),
        upper_quartile: json::figure(object, "p75"),
        maximum: json::figure(object, "max"),
        ..Summary::default()
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn older_versions_and_failures() {
        let text = r#"{"tasks": [
            {"name": "old", "result": {"hz": 1000, "mean": 1.0, "samples": [0.5, 1.5], "sd": 0.1}},
            {"name": "bad", "result": {"state": "errored", "error": {"message": "boom"}}},
            {"name": "left", "result": {"state": "not-started"}}, {"result": {"state": "x"}}]}"#;
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!(reading.format, Format::Tinybench);
        let run = &reading.runs[0];
        assert_eq!(run.measurements[0].values(), Some(vec![0.5e6, 1.5e6]));
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "[1]: it failed: boom",
                "[2]: expected a number in `mean`, found nothing; its state is \"not-started\"",
                "[3]: expected a name in `name`, found nothing",
            ]
        );
    }
}
