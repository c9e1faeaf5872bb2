//! Google Benchmark: JSON, console and CSV; checked with 1.7.1 and 1.9.5.
//!
//! - `real_time` is the wall time (with `/manual_time` what the benchmark timed itself), `cpu_time`
//!   a metric of its own and often the steadier one. Repetitions are one sample.
//! - Of aggregates (told by `aggregate_name`) mean, median and standard deviation are read where
//!   the repetitions themselves are missing; else they say nothing new. `cv` is a ratio, `BigO` and
//!   `RMS` fit a curve: no measurements.
//! - Counters are metrics under their own names, and so is what a memory manager counts. Rates are
//!   better when higher, by their names or by the `/s` of the console; which way another counter is
//!   better no file says. The console writes powers of 1024 (`kIs1024`) as others before 1.8.
//! - A benchmark with `error_occurred` or `skipped` has times of 0, which are no measurement.

use std::borrow::Cow;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::csv_records::Records;
use super::super::json::{self, Value, described, text_at};
use super::super::numbers::{number, time_factor};
use super::super::{Format, FormatError, Reading};
use super::google_console;
use crate::model::{Iterations, Machine, Summary, read_time};
use crate::order;

/// The keys of a benchmark that are no counters.
const OWN_KEYS: [&str; 15] = [
    "family_index",
    "per_family_instance_index",
    "repetitions",
    "repetition_index",
    "threads",
    "iterations",
    "real_time",
    "cpu_time",
    "cpu_coefficient",
    "real_coefficient",
    "rms",
    "error_occurred",
    "skipped",
    "aggregate_name",
    "label",
];
/// The columns of the CSV that are no counters.
const OWN_COLUMNS: [&str; 8] = [
    "name",
    "iterations",
    "real_time",
    "cpu_time",
    "time_unit",
    "label",
    "error_occurred",
    "error_message",
];
const CSV_HEADER: &str = "name,iterations,real_time,cpu_time,time_unit";
/// Endings of names by which text marks aggregates.
const AGGREGATES: [&str; 3] = ["_mean", "_median", "_stddev"];

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    let of_google = |benchmark: &Value| {
        json::has(benchmark, &["name", "real_time"]) || json::has(benchmark, &["run_type"])
    };
    json::any_of(value.get("benchmarks"), of_google)
        || value.get("context").is_some_and(|c| c.get("library_build_type").is_some())
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| {
        line.trim_start().starts_with(CSV_HEADER) || google_console::header(line).is_some()
    })
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::GoogleBenchmark);
    if content.documents.is_empty() && content.json_error().is_none() {
        if let Some(at) = content.plain.find(CSV_HEADER) {
            let records = Records::new(content.plain.get(at..).unwrap_or_default());
            let rows = csv(&mut collected, &records);
            add_rows(&mut collected, rows);
        } else {
            let rows = google_console::rows(&mut collected, content);
            add_rows(&mut collected, rows);
        }
        return Ok(collected.finish(content, Repeated::Values));
    }
    for document in content.documents(is_json, "the JSON of `--benchmark_format=json`")? {
        let Some(Value::Array(benchmarks)) = document.value.get("benchmarks") else {
            let expected = "the array of benchmarks";
            return Err(content.shape_error(
                "benchmarks",
                expected,
                document.value.get("benchmarks"),
            ));
        };
        let rows = json_rows(&mut collected, benchmarks);
        add_rows(&mut collected, rows);
        let context = document.value.get("context").unwrap_or(&Value::Null);
        collected.time = text_at(context, "date").and_then(read_time);
        let cores = json::count(context, "num_cpus");
        collected.machine = Some(Machine { cores, ..Machine::default() });
        if text_at(context, "library_build_type") == Some("debug") {
            collected.note("the benchmark library was built for debugging: times may be longer");
        }
    }
    Ok(collected.finish(content, Repeated::Values))
}

/// One result: of a repetition, or an aggregate of several.
#[derive(Debug)]
pub(super) struct Row<'a> {
    /// The name without what marks an aggregate.
    pub(super) name: Cow<'a, str>,
    pub(super) what: What,
    pub(super) unit: &'a str,
    pub(super) real_time: f64,
    pub(super) cpu_time: Option<f64>,
    pub(super) cpu_unit: &'a str,
    pub(super) iterations: u64,
    /// Each with what the console writes behind a rate: `/s`, or `s` of its inverse.
    pub(super) counters: Vec<(&'a str, f64, &'a str)>,
}

/// What a row's figures are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum What {
    Repetition,
    /// `mean`, `median`, `stddev`, or another.
    Aggregate(String),
    /// No measurement, for this reason.
    Nothing(String),
}

fn json_rows<'a>(collected: &mut Collected, benchmarks: &'a [Value<'_>]) -> Vec<Row<'a>> {
    let mut rows = Vec::with_capacity(benchmarks.len());
    for (position, benchmark) in benchmarks.iter().enumerate() {
        let place = format_args!("benchmarks[{position}]");
        let name = text_at(benchmark, "run_name").or_else(|| text_at(benchmark, "name"));
        let aggregate = text_at(benchmark, "aggregate_name");
        let failed = ["error_occurred", "skipped"]
            .iter()
            .any(|key| benchmark.get(*key).and_then(Value::as_bool) == Some(true));
        let why =
            text_at(benchmark, "error_message").or_else(|| text_at(benchmark, "skip_message"));
        let times = json::number(benchmark, "real_time");
        let what = match (name, aggregate, &times) {
            (None, ..) => {
                let found = described(benchmark.get("name"));
                What::Nothing(format!("{place}: expected a name in `name`, found {found}"))
            }
            _ if failed => {
                What::Nothing(format!("{place}: {}", why.unwrap_or("an error occurred")))
            }
            (_, Some(aggregate), _) => What::Aggregate(aggregate.to_owned()),
            (_, None, Ok(_)) => What::Repetition,
            (_, None, Err(reason)) => What::Nothing(format!("{place}: {reason}")),
        };
        let shown = name.map_or_else(|| Cow::Owned(place.to_string()), Cow::Borrowed);
        let mut counters = Vec::new();
        for (key, value) in benchmark.as_object().into_iter().flatten() {
            let counted = !OWN_KEYS.contains(&key);
            if let Some(number) = value.as_f64().filter(|_| counted) {
                counters.push((key, number, ""));
            } else if counted && what == What::Repetition && json::is_no_number(value) {
                let reason = format!("{key}: expected a number, found {}", described(Some(value)));
                collected.skip(&shown, reason);
            }
        }
        rows.push(Row {
            name: shown,
            what,
            unit: text_at(benchmark, "time_unit").unwrap_or("ns"),
            real_time: times.unwrap_or_default(),
            cpu_time: json::figure(benchmark, "cpu_time"),
            cpu_unit: text_at(benchmark, "time_unit").unwrap_or("ns"),
            iterations: json::count(benchmark, "iterations").unwrap_or(1),
            counters,
        });
    }
    // Before 1.5 the name alone tells an aggregate.
    if benchmarks.iter().all(|benchmark| benchmark.get("run_type").is_none()) {
        mark_aggregates(&mut rows);
    }
    rows
}

fn csv<'r>(collected: &mut Collected, records: &'r Records) -> Vec<Row<'r>> {
    let counters: Vec<&str> =
        records.columns().filter(|column| !OWN_COLUMNS.contains(column)).collect();
    let mut rows = Vec::new();
    for (line, record) in records.iter() {
        let name = record.cell("name").unwrap_or_default();
        if !record.is_whole() {
            let reason = format!("line {line} of the table: fewer cells than its header has");
            collected.skip(name, reason);
            continue;
        }
        let figure = |column: &str| record.cell(column).and_then(number);
        let what = match (record.cell("error_message"), figure("real_time")) {
            (Some(message), _) => What::Nothing(format!("line {line} of the table: {message}")),
            (None, None) => {
                let found = record.cell("real_time").unwrap_or("nothing");
                What::Nothing(format!(
                    "line {line} of the table: expected a number in `real_time`, found {found:?}"
                ))
            }
            (None, Some(_)) => What::Repetition,
        };
        rows.push(Row {
            name: Cow::Borrowed(name),
            what,
            unit: record.cell("time_unit").unwrap_or_default(),
            real_time: figure("real_time").unwrap_or_default(),
            cpu_time: figure("cpu_time"),
            cpu_unit: record.cell("time_unit").unwrap_or_default(),
            iterations: record.cell("iterations").and_then(|n| n.parse().ok()).unwrap_or(1),
            counters: counters
                .iter()
                .filter_map(|column| Some((*column, figure(column)?, "")))
                .collect(),
        });
    }
    mark_aggregates(&mut rows);
    rows
}

/// Marks the rows that text names `…_mean`, `…_median` and `…_stddev`, where all three are there, what
/// a benchmark's own statistics add behind those (under names that nothing else has, and with the
/// same number of iterations), and the fits `…_BigO` and `…_RMS`.
pub(super) fn mark_aggregates(rows: &mut [Row<'_>]) {
    // Each as often as one of the three is there.
    let mut found: Vec<&str> = Vec::new();
    for row in &*rows {
        found.extend(AGGREGATES.iter().find_map(|ending| row.name.strip_suffix(ending)));
    }
    let mut names: Vec<&str> = Vec::new();
    if !found.is_empty() {
        order::sort_texts(&mut found);
        for row in &*rows {
            names.push(&row.name);
        }
        order::sort_texts(&mut names);
    }
    let is_there = |names: &[&str], name: &str, times: usize| {
        let first = names.partition_point(|other| *other < name);
        names.get(first + times - 1) == Some(&name)
    };
    let is_once = |name: &str| !is_there(&names, name, 2);
    let has_all = |name: &str| is_there(&found, name, AGGREGATES.len());
    // Of which benchmark the row before is an aggregate, and its iterations.
    let (mut before, mut iterations) = ("", 0);
    // The positions of aggregates, and how long the names of their benchmarks are.
    let mut marked: Vec<(usize, usize)> = Vec::new();
    for (position, row) in rows.iter().enumerate().filter(|(_, row)| row.what == What::Repetition) {
        let Some((name, ending)) = row.name.rsplit_once('_') else {
            before = "";
            continue;
        };
        let known = has_all(name) && matches!(ending, "mean" | "median" | "stddev" | "cv");
        let fit = is_fit(ending) && time_factor(row.unit).is_none();
        let own = row.name.strip_prefix(before).filter(|own| own.starts_with('_'));
        let own = own.filter(|_| is_once(&row.name) && !has_all(&row.name));
        let of = match own {
            Some(_) if !before.is_empty() && !known && row.iterations == iterations => before,
            _ if known || fit => name,
            _ => {
                before = "";
                continue;
            }
        };
        if !fit {
            (before, iterations) = (of, row.iterations);
        }
        marked.push((position, of.len()));
    }
    for (position, length) in marked {
        let Some(row) = rows.get_mut(position) else { continue };
        let ending = row.name.get(length + 1..).unwrap_or_default().to_owned();
        row.what = What::Aggregate(ending);
        match &mut row.name {
            Cow::Borrowed(name) => *name = name.get(..length).unwrap_or_default(),
            Cow::Owned(name) => name.truncate(length),
        }
    }
}

/// Among how many of the newest aggregates those of a benchmark's metric are looked for.
const AGGREGATES_LOOKED_AT: usize = 64;

/// The aggregates of a metric of a benchmark.
#[derive(Debug)]
struct Aggregates<'a> {
    name: Cow<'a, str>,
    metric: &'a str,
    unit: &'a str,
    summary: Summary,
}

impl Aggregates<'_> {
    fn has(&self, aggregate: &str) -> bool {
        let Summary { mean, median, std_dev, .. } = &self.summary;
        [("mean", mean), ("median", median), ("stddev", std_dev)]
            .iter()
            .any(|(name, figure)| *name == aggregate && figure.is_some())
    }

    fn figure(&mut self, aggregate: &str) -> Option<&mut Option<f64>> {
        Some(match aggregate {
            "mean" => &mut self.summary.mean,
            "median" => &mut self.summary.median,
            "stddev" => &mut self.summary.std_dev,
            _ => return None,
        })
    }
}

fn add_rows(collected: &mut Collected, rows: Vec<Row<'_>>) {
    // Mostly there are no aggregates, or fits alone.
    let is_statistic = |row: &Row<'_>| matches!(&row.what, What::Aggregate(of) if !is_fit(of));
    let mut names: Vec<&str> = Vec::new();
    if rows.iter().any(is_statistic) {
        for row in rows.iter().filter(|row| row.what == What::Repetition) {
            names.push(&row.name);
        }
        order::sort_texts(&mut names);
    }
    let mut failed: Vec<(&str, usize)> = Vec::new();
    let mut said_before = Vec::with_capacity(rows.len());
    for (row, position) in rows.iter().zip(0..) {
        if matches!(row.what, What::Nothing(_)) {
            failed.push((&row.name, position));
        }
        said_before.push(is_statistic(row) && names.binary_search(&&*row.name).is_ok());
    }
    // Every repetition that fails says so again.
    order::sort_by_text(&mut failed, |(name, _)| name, |a, b| a.1.cmp(&b.1));
    for same in failed.chunk_by(|a, b| a.0 == b.0) {
        for (_, position) in same.iter().skip(1) {
            if let Some(said) = said_before.get_mut(*position) {
                *said = true;
            }
        }
    }
    let mut aggregates: Vec<Aggregates<'_>> = Vec::new();
    let mut fits = 0_u64;
    for (row, said_before) in rows.into_iter().zip(said_before) {
        let Row { name, what, unit, real_time, cpu_time, cpu_unit, iterations, counters } = row;
        match what {
            What::Aggregate(_) | What::Nothing(_) if said_before => {}
            What::Nothing(reason) => collected.skip(&name, reason),
            What::Aggregate(aggregate) if is_fit(&aggregate) => fits += 1,
            // The coefficient of variation says again what the mean and the deviation do; of a
            // benchmark's own statistics no one knows what they are.
            What::Aggregate(aggregate) if !matches!(&*aggregate, "mean" | "median" | "stddev") => {}
            What::Aggregate(aggregate) => {
                let times =
                    [("wall_time", unit, Some(real_time)), ("cpu_time", cpu_unit, cpu_time)];
                let counters =
                    counters.into_iter().map(|(name, value, per)| (name, per, Some(value)));
                for (metric, unit, value) in times.into_iter().chain(counters) {
                    let known = aggregates
                        .iter_mut()
                        .rev()
                        .take(AGGREGATES_LOOKED_AT)
                        .find(|of| of.name == name && of.metric == metric && of.unit == unit);
                    let known = match known {
                        Some(known) if !known.has(&aggregate) => known,
                        _ => {
                            let (name, summary) = (name.clone(), Summary::default());
                            aggregates.push_mut(Aggregates { name, metric, unit, summary })
                        }
                    };
                    if let Some(figure) = known.figure(&aggregate) {
                        *figure = value;
                    }
                    known.summary.n = Some(iterations);
                }
            }
            What::Repetition => {
                let sample = |value| Values::Sample(vec![value], Iterations::Every(iterations));
                collected.add(&name, Kind::wall_time(unit), sample(real_time));
                if let Some(cpu_time) = cpu_time {
                    collected.add(&name, Kind::lower("cpu_time", cpu_unit), sample(cpu_time));
                }
                for (counter, value, per) in counters {
                    collected.add(&name, counter_kind(counter, per), sample(value));
                }
            }
        }
    }
    for Aggregates { name, metric, unit, summary } in aggregates {
        let kind = match metric {
            "wall_time" | "cpu_time" => Kind::lower(metric, unit),
            counter => counter_kind(counter, unit),
        };
        collected.add(&name, kind, Values::Summary(summary));
    }
    if fits > 0 {
        collected.note(format!("{fits} rows fit a curve (BigO, RMS) and are no measurements"));
    }
}

/// Whether an aggregate is a curve's.
fn is_fit(aggregate: &str) -> bool {
    matches!(aggregate, "BigO" | "RMS")
}

/// Counters have no unit: they are shown by their name.
fn counter_kind<'a>(counter: &'a str, per: &str) -> Kind<'a> {
    match counter {
        "bytes_per_second" => Kind::higher(counter, "B/s"),
        "items_per_second" => Kind::higher(counter, "items/s"),
        // What a memory manager counts.
        "allocs_per_iter" => Kind::lower("allocations", "allocs/op"),
        "max_bytes_used" => Kind::lower("peak_bytes", "B"),
        "total_allocated_bytes" | "net_heap_growth" => Kind::lower(counter, "B"),
        _ if per == "/s" || counter.ends_with("_per_second") => Kind::higher(counter, counter),
        _ if per == "s" => Kind::lower(counter, counter),
        _ => Kind::of_unit(counter, counter),
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap()
    }

    #[test]
    fn aggregates_alone_are_one_summary_and_beside_repetitions_nothing() {
        let row = |aggregate: &str, time: f64| {
            format!(
                r#"{{"name": "a_{aggregate}", "run_name": "a", "run_type": "aggregate", "iterations": 4,
                "aggregate_name": "{aggregate}", "real_time": {time}, "cpu_time": 1, "time_unit": "us"}}"#
            )
        };
        let rows = [row("mean", 2.0), row("median", 1.0), row("stddev", 0.5), row("cv", 0.25)];
        let rows = rows.join(",");
        let one = r#"{"name": "a", "run_type": "iteration", "real_time": 9.0, "time_unit": "us"}"#;
        let summary = |rows: &str| {
            let reading = reading(&format!("{{\"context\": {{}}, \"benchmarks\": [{rows}]}}"));
            let measurements = &reading.runs[0].measurements;
            measurements.iter().find(|m| m.metric().as_str() == "wall_time").unwrap().summary()
        };
        let alone = summary(&rows);
        assert_eq!(
            (alone.mean, alone.median, alone.std_dev, alone.n),
            (Some(2000.0), Some(1000.0), Some(500.0), Some(4))
        );
        assert_eq!(summary(&format!("{one},{rows}")).mean, Some(9000.0));
    }

    #[test]
    fn memory_is_counted_and_a_counter_without_a_value_is_told() {
        let reading = reading(
            r#"{"context": {"library_build_type": "release"}, "benchmarks": [{"name": "a",
            "run_type": "iteration", "iterations": 10, "real_time": 1, "time_unit": "ns",
            "allocs_per_iter": 2.5, "max_bytes_used": 640, "net_heap_growth": -8, "gap": NaN}]}"#,
        );
        let run = &reading.runs[0];
        let found = run.measurements.iter().map(|m| {
            format!("{} {:?} {}", m.metric(), m.rounds()[0].summary().median, m.unit().as_str())
        });
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                "allocations Some(2.5) allocs/op",
                "net_heap_growth Some(-8.0) B",
                "peak_bytes Some(640.0) B",
                "wall_time Some(1.0) ns",
            ]
        );
        assert_eq!(run.skipped[0].reason, "gap: expected a number, found NaN");
        assert_eq!(run.skipped.len(), 1);
    }

    #[test]
    fn a_benchmarks_own_statistics_are_no_benchmarks() {
        let row = |name: &str| {
            format!(r#"{{"name": "{name}", "iterations": 1, "real_time": 2, "time_unit": "ns"}}"#)
        };
        let names = [
            "a",
            "a",
            "a_mean",
            "a_median",
            "a_stddev",
            "a_cv",
            "a_mx",
            "a_low_99",
            "a_b",
            "a_b",
            "a_b_mean",
            "a_b_median",
            "a_b_stddev",
            "c",
        ];
        let mut rows: Vec<String> = names.into_iter().map(row).collect();
        // Just behind the aggregates of `a_b`, and none of them.
        rows.push(row("a_b_once").replace("1,", "50,"));
        rows.swap(13, 14);
        let reading =
            reading(&format!("{{\"context\": {{}}, \"benchmarks\": [{}]}}", rows.join(",")));
        let run = &reading.runs[0];
        let found = run
            .measurements
            .iter()
            .map(|m| format!("{} {}", m.benchmark(), m.values().map_or(0, |values| values.len())));
        assert_eq!(found.collect::<Vec<_>>(), ["a 2", "a_b 2", "a_b_once 1", "c 1"]);
        assert_eq!(run.skipped, []);
    }

    #[test]
    fn errors_are_skipped_once_and_a_name_may_end_like_an_aggregate() {
        let reading = reading(
            "***WARNING*** Library was built as DEBUG.\n\
             name,iterations,real_time,cpu_time,time_unit,label,error_occurred,error_message,foo\n\
             \"BM_mean\",10,1.5,1,us,,,,7\n\"bad\",,,,,,true,\"boom, \"\"x\"\"\",\n\
             \"bad\",,,,,,true,\"boom\",\n\"x_BigO\",,1.7,0.8,NlgN,,,,\n\"cut\",1,2\n",
        );
        let run = &reading.runs[0];
        let names: Vec<String> =
            run.measurements.iter().map(|m| format!("{} {}", m.benchmark(), m.metric())).collect();
        assert_eq!(names, ["BM_mean cpu_time", "BM_mean foo", "BM_mean wall_time"]);
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "cut: line 6 of the table: fewer cells than its header has",
                "bad: line 3 of the table: boom, \"x\"",
            ]
        );
        assert_eq!(
            reading.notes,
            [
                "1 rows fit a curve (BigO, RMS) and are no measurements",
                "the file does not say which way `foo` is better: lower is taken to be",
            ]
        );
    }
}
