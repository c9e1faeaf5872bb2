//! The JSON of `BenchmarkDotNet` (`--exporters json`: full, brief, compressed), after the layout of
//! 0.12 to 0.14.
//!
//! Times are nanoseconds. `OriginalValues` is the sample; brief files may lack it, and then the
//! summary is read. Figures of a single value may be `"NaN"` or empty. The parameters are in the
//! full name; jobs (runtimes) of one name are told apart by `DisplayInfo`. A benchmark without
//! statistics failed. Memory and other diagnosers' metrics are metrics of their own.

use std::fmt;
use std::rc::Rc;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::{Direction, Machine, Summary};

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::has(value, &["HostEnvironmentInfo", "Benchmarks"])
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::BenchmarkDotNet);
    for document in content.documents(is_json, "the JSON of BenchmarkDotNet")? {
        let Some(Value::Array(benchmarks)) = document.value.get("Benchmarks") else {
            let found = document.value.get("Benchmarks");
            return Err(content.shape_error("Benchmarks", "an array of benchmarks", found));
        };
        for (position, benchmark) in benchmarks.iter().enumerate() {
            add(&mut collected, benchmark, format_args!("Benchmarks[{position}]"));
        }
        let host = document.value.get("HostEnvironmentInfo").unwrap_or(&Value::Null);
        let text = |key: &str| text_at(host, key).map(str::to_owned);
        collected.machine = Some(Machine {
            cpu: text("ProcessorName"),
            cores: json::count(host, "LogicalCoreCount"),
            os: text("OsVersion"),
            architecture: text("Architecture"),
            ..Machine::default()
        });
        collected.toolchain = text("RuntimeVersion");
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn add(collected: &mut Collected, benchmark: &Value<'_>, place: fmt::Arguments<'_>) {
    let name = match json::name_at(benchmark, "FullName") {
        Ok(name) => name,
        Err(reason) => return collected.skip(&place.to_string(), format!("{place}: {reason}")),
    };
    // Without the parameters, which are in the name.
    let job = text_at(benchmark, "DisplayInfo").and_then(|info| {
        let job = info.split_once(": ")?.1;
        Some(job.split(" [").next().unwrap_or(job))
    });
    let full: Rc<str> = job.map_or_else(|| name.into(), |job| format!("{name} ({job})").into());
    let statistics = benchmark.get("Statistics").filter(|statistics| statistics.is_object());
    let Some(statistics) = statistics else {
        return collected.skip(name, format!("{place}: no `Statistics`: it failed"));
    };
    let values = if json::elements(statistics, "OriginalValues").is_empty() {
        let figure = |key| json::figure(statistics, key);
        let mean = match json::number(statistics, "Mean") {
            Ok(mean) => mean,
            Err(reason) => return collected.skip(name, format!("{place}.Statistics: {reason}")),
        };
        let n = json::count(statistics, "N");
        Values::Summary(Summary {
            n,
            mean: Some(mean),
            median: figure("Median"),
            // Of a single value it is 0, which says nothing.
            std_dev: figure("StandardDeviation").filter(|_| n != Some(1)),
            minimum: figure("Min"),
            lower_quartile: figure("Q1"),
            upper_quartile: figure("Q3"),
            maximum: figure("Max"),
            ..Summary::default()
        })
    } else {
        match json::numbers(statistics, "OriginalValues") {
            Ok(values) => Values::sample(values),
            Err(reason) => return collected.skip(name, format!("{place}.Statistics: {reason}")),
        }
    };
    collected.add_told_apart(name, Rc::clone(&full), Kind::wall_time("ns"), values);
    let allocated = benchmark.pointer("/Memory/BytesAllocatedPerOperation").and_then(Value::as_f64);
    if let Some(bytes) = allocated {
        let kind = Kind::lower("allocated_bytes", "B");
        collected.add_told_apart(name, Rc::clone(&full), kind, Values::single(bytes));
    }
    for metric in json::elements(benchmark, "Metrics") {
        let about = metric.get("Descriptor").unwrap_or(&Value::Null);
        let id = text_at(about, "Id").unwrap_or_default();
        if id.is_empty() || id == "Allocated Memory" && allocated.is_some() {
            continue;
        }
        let unit = text_at(about, "Unit").unwrap_or(id);
        let better = match about.get("TheGreaterTheBetter").and_then(Value::as_bool) {
            Some(true) => Direction::Higher,
            _ => Direction::Lower,
        };
        match json::number(metric, "Value") {
            Ok(value) => {
                let kind = Kind::of_unit(id, unit).better(better);
                collected.add_told_apart(name, Rc::clone(&full), kind, Values::single(value));
            }
            Err(reason) => collected.skip(name, format!("{place}.Metrics, {id}: {reason}")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn jobs_are_told_apart_and_brief_files_are_summaries() {
        let text = br#"{"HostEnvironmentInfo": {"LogicalCoreCount": 2}, "Benchmarks": [
            {"FullName": "N.T.M(n: 1)", "DisplayInfo": "T.M: .NET 8.0 [n=1]",
             "Statistics": {"N": 2, "Mean": 5, "Median": 4, "StandardDeviation": 1, "Q1": "NaN"}},
            {"FullName": "N.T.M(n: 1)", "DisplayInfo": "T.M: .NET 9.0 [n=1]",
             "Statistics": {"N": 1, "Mean": 6, "StandardDeviation": 0},
             "Metrics": [{"Value": 0.5, "Descriptor": {"Id": "Gen0", "Unit": "Count"}},
                         {"Value": "NaN", "Descriptor": {"Id": "IPC", "Unit": "x"}}]},
            {"FullName": "bad", "Statistics": {"OriginalValues": [1, "NaN"]}},
            {"FullName": "none", "Statistics": {"Mean": ""}}, {}]}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        assert_eq!(reading.format, Format::BenchmarkDotNet);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {:?}", m.benchmark(), m.metric(), m.summary().std_dev))
            .collect();
        assert_eq!(
            found,
            [
                "N.T.M(n: 1) (.NET 8.0) wall_time Some(1.0)",
                "N.T.M(n: 1) (.NET 9.0) Gen0 None",
                "N.T.M(n: 1) (.NET 9.0) wall_time None",
            ]
        );
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "N.T.M(n: 1): Benchmarks[1].Metrics, IPC: expected a number in `Value`, found NaN",
                "bad: Benchmarks[2].Statistics: expected a number in `OriginalValues[1]`, found NaN",
                "none: Benchmarks[3].Statistics: expected a number in `Mean`, found the text \"\"",
                "Benchmarks[4]: Benchmarks[4]: expected a name in `FullName`, found nothing",
            ]
        );
    }
}
