//! The history that github-action-benchmark keeps: `data.js`, or the JSON in it; after its source
//! at c38cce9.
//!
//! Every entry of a suite is a run, with its commit and date, and is named after those: a file that
//! has grown since gives the same runs again. Where suites share the name of a benchmark, their own
//! name stands before those of their benchmarks. A commit that was measured several times is in
//! several runs.
//!
//! - The better direction follows from the tool, but of Go and JMH, which have rates beside times,
//!   from the unit: the action takes lower to be better of both.
//! - Since 1.18 the action writes each metric of a Go benchmark that has several a second time, as a
//!   benchmark `name - unit`; those are taken once.
//! - `range` is not read: it is the span of cargo's values, pytest's seconds beside a rate, and of
//!   Catch2 a deviation whose own unit is lost.

use std::collections::BTreeMap;
use std::fmt;

use jiff::Timestamp;

use super::super::collected::{Collected, Kind, Repeated};
use super::super::content::Content;
use super::super::go::testing;
use super::super::json::{self, Fields, Repair, Value, text_at};
use super::super::{Format, FormatError, Reading};
use super::custom;
use crate::model::{Commit, Direction, RunId, read_time};
use crate::order;

/// What stands before the JSON in `data.js`.
pub(in super::super) const MARK: &str = "window.BENCHMARK_DATA";

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::has(value, &["entries", "lastUpdate"])
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.trim_start().starts_with(MARK))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let repair = Repair::default();
    let parsed;
    let document = if let Some(rest) = content.plain.trim_start().strip_prefix(MARK) {
        let json = rest.trim_start().trim_start_matches('=').trim();
        let json = json.strip_suffix(';').unwrap_or(json);
        parsed = json::parse(content.file.name, json, &repair)?;
        &parsed
    } else {
        let documents = content.documents(is_json, "the history in data.js")?;
        documents.first().map_or(&Value::Null, |document| &document.value)
    };
    let Some(Value::Object(suites)) = document.get("entries") else {
        let expected = "an object with the entries of each suite";
        return Err(content.shape_error("entries", expected, document.get("entries")));
    };
    let mut reading =
        Reading { format: Format::GithubActionBenchmark, runs: Vec::new(), notes: Vec::new() };
    let mut names = BTreeMap::<String, u64>::new();
    let sharing = sharing_names(suites);
    for (suite, entries) in suites {
        let prefix = if sharing.binary_search(&suite).is_ok() { suite } else { "" };
        for (position, entry) in entries.as_array().into_iter().flatten().enumerate() {
            let place = format_args!("entries.{suite}[{position}]");
            let one = run(suite, prefix, entry, place, &mut names);
            reading.runs.extend(one.runs);
            for note in one.notes {
                if !reading.notes.contains(&note) {
                    reading.notes.push(note);
                }
            }
        }
    }
    // Oldest first, as the action appends them; the suites one after the other where dates agree.
    order::sort_by_key(&mut reading.runs, |run| run.time);
    Ok(reading)
}

/// The suites that have a benchmark of the same name as another suite, sorted.
fn sharing_names<'s>(suites: &'s Fields<'_>) -> Vec<&'s str> {
    let mut named = Vec::new();
    for (suite, entries) in suites {
        for entry in entries.as_array().into_iter().flatten() {
            for bench in json::elements(entry, "benches") {
                if let Some(name) = text_at(bench, "name") {
                    named.push((name, suite));
                }
            }
        }
    }
    let mut sharing = Vec::new();
    for (_, suite) in order::of_several(named) {
        sharing.push(suite);
    }
    order::sort_texts(&mut sharing);
    sharing
}

/// What a value of this unit measures, of a tool.
fn kind<'k>(tool: &str, unit: &'k str) -> Kind<'k> {
    let of_unit = Kind::named_after_unit(unit);
    match tool {
        "benchmarkjs" | "pytest" | "customBiggerIsBetter" => of_unit.better(Direction::Higher),
        "go" => testing::kind(unit),
        "jmh" => of_unit,
        _ => of_unit.better(Direction::Lower),
    }
}

/// The name of a benchmark whose unit holds further metrics.
fn several<'v>(bench: &'v Value<'_>) -> Option<&'v str> {
    text_at(bench, "unit").filter(|unit| unit.contains('\t')).and(text_at(bench, "name"))
}

/// Whether it is a metric of one of these benchmarks, as one of its own.
fn repeats(bench: &Value<'_>, several: &[&str]) -> bool {
    let name = text_at(bench, "name").unwrap_or_default();
    let unit = text_at(bench, "unit").unwrap_or_default();
    let of = name.strip_suffix(unit).and_then(|name| name.strip_suffix(" - "));
    of.is_some_and(|of| several.binary_search(&of).is_ok())
}

fn run(
    suite: &str,
    prefix: &str,
    entry: &Value<'_>,
    place: fmt::Arguments<'_>,
    names: &mut BTreeMap<String, u64>,
) -> Reading {
    let mut collected = Collected::new(Format::GithubActionBenchmark);
    let tool = text_at(entry, "tool").unwrap_or_default();
    let benches = json::elements(entry, "benches");
    let mut of_several: Vec<&str> = Vec::new();
    if tool == "go" {
        for bench in benches {
            of_several.extend(several(bench));
        }
        order::sort_texts(&mut of_several);
    }
    for (position, bench) in benches.iter().enumerate() {
        if !of_several.is_empty() && repeats(bench, &of_several) {
            collected
                .note("metrics of Go that are there twice, also as `… - unit`, are taken once");
            continue;
        }
        let place = format_args!("{place}.benches[{position}]");
        custom::add(&mut collected, bench, place, &|unit| kind(tool, unit), prefix);
    }
    let date = entry.get("date").and_then(Value::as_i64);
    collected.time = date.and_then(|date| Timestamp::from_millisecond(date).ok());
    let about = entry.get("commit").unwrap_or(&Value::Null);
    let id = text_at(about, "id");
    collected.commit = id.map(|id| Commit {
        id: id.to_owned(),
        subject: text_at(about, "message").and_then(|m| m.lines().next()).map(str::to_owned),
        author: about.get("author").and_then(|author| text_at(author, "name")).map(str::to_owned),
        time: text_at(about, "timestamp").and_then(read_time),
        ..Commit::default()
    });
    let key = format!("{suite}\n{}\n{}", id.unwrap_or_default(), date.unwrap_or_default());
    let times = names.entry(key.clone()).or_default();
    *times += 1;
    let key = if *times > 1 { format!("{key}\n{times}") } else { key };
    collected.finish_as(RunId::of_content(key.as_bytes()), Repeated::Others)
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        read_any(&InputFile { name: "data.js", bytes: text.as_bytes() }, None).unwrap()
    }

    #[test]
    fn a_grown_file_gives_the_same_runs_again() {
        let entry = |commit: &str, date: u64| {
            format!(
                r#"{{"commit": {{"id": "{commit}", "message": "m\n\nbody", "timestamp":
                "2025-11-21T10:00:00+01:00"}}, "date": {date}, "tool": "cargo",
                "benches": [{{"name": "x", "value": 1, "unit": "ns/iter"}}]}}"#
            )
        };
        let file = |entries: &str| {
            format!(
                "window.BENCHMARK_DATA = {{\"lastUpdate\": 1, \"entries\": {{\"S\": [{entries}]}}}};\n"
            )
        };
        let one = reading(&file(&entry("a", 1000)));
        let two = reading(&file(&format!("{},{}", entry("a", 1000), entry("a", 2000))));
        assert_eq!(two.format, Format::GithubActionBenchmark);
        assert_eq!(two.runs.len(), 2);
        assert_eq!(one.runs[0], two.runs[0]);
        assert_ne!(two.runs[0].id, two.runs[1].id);
        let commit = two.runs[0].commit.as_ref().unwrap();
        assert_eq!(commit.subject.as_deref(), Some("m"));
        assert_eq!(commit.time.unwrap().to_string(), "2025-11-21T09:00:00Z");
    }

    #[test]
    fn allocations_of_go_and_what_is_better_of_luau() {
        let entry = |tool: &str, unit: &str| {
            format!(
                "window.BENCHMARK_DATA = {{\"lastUpdate\": 1, \"entries\": {{\"S\": [{{\"commit\": \
                 {{\"id\": \"a\"}}, \"date\": 1, \"tool\": \"{tool}\", \"benches\": [{{\"name\": \"x\", \
                 \"value\": 1, \"unit\": \"{unit}\"}}]}}]}}}};"
            )
        };
        let found = |tool, unit| {
            let reading = reading(&entry(tool, unit));
            let measurements = reading.runs[0].measurements.iter();
            let told = measurements.map(|m| {
                format!("{} {} {:?}", m.metric(), m.summary().median.unwrap(), m.better())
            });
            told.collect::<Vec<_>>()
        };
        assert_eq!(
            found("go", "ns/op\\t 52.5 MB/s\\t      16 B/op\\t       2 allocs/op"),
            [
                "allocated_bytes 16 Lower",
                "allocations 2 Lower",
                "throughput 52.5 Higher",
                "wall_time 1 Lower",
            ]
        );
        assert_eq!(
            found("go", "ops/sec\\t 3 B/op"),
            ["allocated_bytes 3 Lower", "ops/sec 1 Higher"]
        );
        assert_eq!(found("benchmarkluau", "ms"), ["wall_time 1000000 Lower"]);
        assert_eq!(found("jmh", "us/op"), ["wall_time 1000 Lower"]);
        assert_eq!(found("jmh", "ops/us"), ["ops/us 1 Higher"]);
    }

    #[test]
    fn metrics_of_go_that_are_benchmarks_as_well_are_taken_once() {
        let reading = reading(
            r#"{"lastUpdate": 1, "entries": {"S": [{"commit": {"id": "a"}, "date": 1, "tool": "go",
            "benches": [
            {"name": "BenchmarkA (p)", "value": 4, "unit": "ns/op\t 7 B/op\t 2 allocs/op"},
            {"name": "BenchmarkA (p) - ns/op", "value": 4, "unit": "ns/op"},
            {"name": "BenchmarkA (p) - B/op", "value": 7, "unit": "B/op"},
            {"name": "BenchmarkA (p) - allocs/op", "value": 2, "unit": "allocs/op"},
            {"name": "BenchmarkB - ns/op", "value": 5, "unit": "ns/op"}]}]}}"#,
        );
        let of = |m: &crate::model::Measurement| format!("{} {}", m.benchmark(), m.metric());
        let found: Vec<String> = reading.runs[0].measurements.iter().map(of).collect();
        assert_eq!(
            found,
            [
                "BenchmarkA (p) allocated_bytes",
                "BenchmarkA (p) allocations",
                "BenchmarkA (p) wall_time",
                "BenchmarkB - ns/op wall_time",
            ]
        );
        assert_eq!(
            reading.notes,
            ["metrics of Go that are there twice, also as `… - unit`, are taken once"]
        );
    }

    #[test]
    fn suites_that_share_a_name_are_told_apart() {
        let text = r#"{"lastUpdate": 1, "entries": {
            "A": [{"date": 2, "tool": "cargo", "benches": [{"name": "x", "value": 1, "unit": "s"}]}],
            "B": [{"date": 1, "tool": "pytest", "benches": [{"name": "x", "value": 2, "unit": "iter/sec"}]}],
            "C": [{"date": 3, "tool": "jmh", "benches": [{"name": "y", "value": "?", "unit": "s"}]}]}}"#;
        let reading = reading(text);
        let found: Vec<String> = reading
            .runs
            .iter()
            .flat_map(|run| &run.measurements)
            .map(|m| format!("{} {} {}", m.benchmark(), m.metric(), m.better()))
            .collect();
        assert_eq!(found, ["B/x iter/sec higher", "A/x wall_time lower"]);
        assert_eq!(
            reading.runs[2].skipped[0].reason,
            "entries.C[0].benches[0]: expected a number in `value`, found the text \"?\""
        );
    }
}
