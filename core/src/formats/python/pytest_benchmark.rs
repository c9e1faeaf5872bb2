//! pytest-benchmark's JSON (`--benchmark-json`, `--benchmark-save`, `.benchmarks/`), checked with
//! 3.4.1, 4.0.0 and 5.3.1; of 2.5 and 3.0 after the source.
//!
//! All its times are seconds per call. `stats.data` holds the raw values when they were saved,
//! else the summary is taken; of that summary the quartiles are pytest-benchmark's own, by another
//! rule than ours. A run whose timer is not `perf_counter` measures something else (processor time
//! instead of elapsed time), so it is another metric and never compared with elapsed time.
//! `extra_info` is not read. A test that failed after its benchmark is in the file with no mark.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::{
    BenchmarkId, Commit, Direction, Iterations, Machine, Measurement, Metric, Round, Run, RunId,
    Sample, Skipped, Summary, Unit, read_time,
};

const NANOSECONDS_PER_SECOND: f64 = 1e9;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::has(value, &["benchmarks", "machine_info"])
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let expected = "the JSON that `pytest --benchmark-json` writes";
    let mut reading: Option<Reading> = None;
    for document in content.documents(is_json, expected)? {
        let next = read_document(content, &document.value)?;
        match &mut reading {
            Some(reading) => {
                reading.runs.extend(next.runs);
                reading.notes.extend(next.notes);
            }
            None => reading = Some(next),
        }
    }
    reading.ok_or_else(|| content.shape_error("", expected, None))
}

fn read_document(content: &Content<'_>, document: &Value<'_>) -> Result<Reading, FormatError> {
    let Some(benchmarks) = document.get("benchmarks").and_then(Value::as_array) else {
        return Err(content.shape_error(
            "benchmarks",
            "the array of benchmarks that `pytest --benchmark-json` writes",
            document.get("benchmarks"),
        ));
    };
    let mut run = Run::new(RunId::of_content(content.file.bytes), Vec::new());
    let mut measurements = Vec::new();
    let mut other_timers = BTreeMap::<String, usize>::new();
    for (position, benchmark) in benchmarks.iter().enumerate() {
        // Only very old files lack `fullname`.
        let name = text_at(benchmark, "fullname").or_else(|| text_at(benchmark, "name"));
        match measurement(name, benchmark) {
            Ok(measurement) => {
                if *measurement.metric() != Metric::wall_time() {
                    *other_timers.entry(measurement.metric().to_string()).or_default() += 1;
                }
                measurements.push(measurement);
            }
            Err(reason) => {
                let name = name.map_or_else(|| format!("benchmarks[{position}]"), str::to_owned);
                run.skipped.push(Skipped { name, reason });
            }
        }
    }
    run.set_measurements(measurements);
    let mut notes: Vec<String> = other_timers
        .iter()
        .map(|(metric, count)| {
            format!(
                "{count} of {} benchmarks not timed by perf_counter: their metric is `{metric}`, \
                 which is not compared with `wall_time`",
                benchmarks.len()
            )
        })
        .collect();
    if benchmarks.is_empty() {
        notes.push("no benchmark in the file".to_owned());
    }
    run.time = time(document, "datetime", &mut notes);
    run.commit = commit(document, &mut notes);
    if let Some(information) = document.get("machine_info") {
        run.machine = machine(information);
        run.toolchain = toolchain(information);
    }
    Ok(Reading { format: Format::PytestBenchmark, runs: vec![run], notes })
}

/// One benchmark, or why it gives no measurement.
fn measurement(name: Option<&str>, benchmark: &Value<'_>) -> Result<Measurement, String> {
    let name = name.ok_or_else(|| {
        format!("expected a name in `fullname`, found {}", described(benchmark.get("fullname")))
    })?;
    let id = BenchmarkId::new(name).map_err(|error| error.to_string())?;
    let stats = benchmark.get("stats").filter(|stats| stats.is_object()).ok_or_else(|| {
        format!("expected an object in `stats`, found {}", described(benchmark.get("stats")))
    })?;
    let round = match stats.get("data") {
        Some(Value::Array(data)) if !data.is_empty() => Round::of(sample(data, stats)?),
        None | Some(Value::Null | Value::Array(_)) => Round::summarised(summary(stats)?),
        other => {
            return Err(format!("expected an array in `stats.data`, found {}", described(other)));
        }
    };
    let metric = metric(benchmark)?;
    Measurement::new(id, metric, Unit::nanoseconds(), Direction::Lower, vec![round])
        .map_err(|error| error.to_string())
}

fn sample(data: &[Value<'_>], stats: &Value<'_>) -> Result<Sample, String> {
    let values = data.iter().enumerate().map(|(position, value)| {
        let seconds = value.as_f64().ok_or_else(|| {
            format!(
                "expected a number in `stats.data[{position}]`, found {}",
                described(Some(value))
            )
        })?;
        Ok(seconds * NANOSECONDS_PER_SECOND)
    });
    let values = values.collect::<Result<_, String>>()?;
    let iterations = count(stats, "iterations")?.unwrap_or(1);
    Sample::new(values, Iterations::Every(iterations)).map_err(|error| error.to_string())
}

fn summary(stats: &Value<'_>) -> Result<Summary, String> {
    let figure = |key: &str| match stats.get(key) {
        None => Ok(None),
        Some(value) => match value.as_f64() {
            Some(seconds) => Ok(Some(seconds * NANOSECONDS_PER_SECOND)),
            None => {
                Err(format!("expected a number in `stats.{key}`, found {}", described(Some(value))))
            }
        },
    };
    let n = count(stats, "rounds")?;
    // Of a single value pytest-benchmark writes a deviation of 0, which is not known to be so.
    let std_dev = figure("stddev")?.filter(|_| n != Some(1));
    let summary = Summary {
        n,
        median: figure("median")?,
        mean: figure("mean")?,
        std_dev,
        minimum: figure("min")?,
        lower_quartile: figure("q1")?,
        upper_quartile: figure("q3")?,
        maximum: figure("max")?,
        ..Summary::default()
    };
    match summary.centre() {
        Some(_) => Ok(summary),
        None => Err("no `data`, `median` or `mean` in `stats`".to_owned()),
    }
}

/// A whole number of at least 1, if there is one.
fn count(stats: &Value<'_>, key: &str) -> Result<Option<u64>, String> {
    let Some(value) = stats.get(key) else { return Ok(None) };
    match value.as_u64() {
        Some(count) if count > 0 => Ok(Some(count)),
        _ => Err(format!(
            "expected a whole number of at least 1 in `stats.{key}`, found {}",
            described(Some(value))
        )),
    }
}

/// What the timer measures.
fn metric(benchmark: &Value<'_>) -> Result<Metric, String> {
    let timer = benchmark.get("options").and_then(|options| text_at(options, "timer"));
    let timer = timer.unwrap_or("perf_counter");
    match timer.rsplit('.').next().unwrap_or(timer) {
        // The last two are the default of PyPy and of Python 2.
        "perf_counter" | "perf_counter_ns" | "default_timer" | "monotonic" | "time" => {
            Ok(Metric::wall_time())
        }
        "process_time" | "process_time_ns" => Metric::new("cpu_time"),
        "thread_time" | "thread_time_ns" => Metric::new("thread_cpu_time"),
        _ => Metric::new(timer),
    }
    .map_err(|error| error.to_string())
}

/// The time at `key`; one without an offset is UTC, as older versions wrote it.
fn time(object: &Value<'_>, key: &str, notes: &mut Vec<String>) -> Option<Timestamp> {
    let text = text_at(object, key)?;
    let time = read_time(text).or_else(|| read_time(&format!("{text}Z")));
    if time.is_none() {
        notes.push(format!("`{key}` {text:?} is no time and is left out"));
    }
    time
}

fn commit(document: &Value<'_>, notes: &mut Vec<String>) -> Option<Commit> {
    let information = document.get("commit_info")?;
    let id = text_at(information, "id").filter(|id| *id != "unversioned")?;
    Some(Commit {
        id: id.to_owned(),
        time: time(information, "time", notes),
        // "(unknown)", "(detached head)", "(error: …)" are no branches.
        branch: text_at(information, "branch").filter(|b| !b.starts_with('(')).map(str::to_owned),
        dirty: information.get("dirty").and_then(Value::as_bool).unwrap_or(false),
        ..Commit::default()
    })
}

/// The machine, without its `node`: hosted CI gives every job another one.
fn machine(information: &Value<'_>) -> Option<Machine> {
    let text = |key| text_at(information, key).map(str::to_owned);
    let processor = information.get("cpu");
    let brand =
        processor.and_then(|cpu| text_at(cpu, "brand_raw").or_else(|| text_at(cpu, "brand")));
    let machine = Machine {
        cpu: brand.map(str::to_owned).or_else(|| text("processor")),
        cores: processor.and_then(|cpu| cpu.get("count")).and_then(Value::as_u64),
        os: text("system"),
        kernel: text("release"),
        architecture: text("machine"),
        ..Machine::default()
    };
    (machine != Machine::default()).then_some(machine)
}

fn toolchain(information: &Value<'_>) -> Option<String> {
    let implementation = text_at(information, "python_implementation")?;
    let version = text_at(information, "python_implementation_version")
        .or_else(|| text_at(information, "python_version"));
    Some(version.map_or_else(|| implementation.to_owned(), |v| format!("{implementation} {v}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{self, InputFile};

    fn reading(benchmarks: &str) -> Reading {
        let text = format!(r#"{{"machine_info": {{}}, "benchmarks": [{benchmarks}]}}"#);
        formats::read(&InputFile { name: "f.json", bytes: text.as_bytes() }, None).unwrap()
    }

    fn skipped(stats: &str) -> String {
        let good = r#"{"fullname": "good", "stats": {"data": [1e-9]}}"#;
        let bad = format!(r#"{{"fullname": "bad", "stats": {stats}}}"#);
        let run = reading(&format!("{bad}, {good}")).runs.remove(0);
        assert_eq!(run.measurements.len(), 1, "{stats}");
        assert_eq!(run.skipped[0].name, "bad");
        run.skipped[0].reason.clone()
    }

    #[test]
    fn an_unusable_benchmark_is_skipped_with_the_reason_and_the_others_stay() {
        for (stats, reason) in [
            ("null", "expected an object in `stats`, found null"),
            ("{}", "no `data`, `median` or `mean` in `stats`"),
            (r#"{"data": [1, NaN]}"#, "expected a number in `stats.data[1]`, found NaN"),
            (r#"{"data": [null]}"#, "expected a number in `stats.data[0]`, found null"),
            (r#"{"data": 7}"#, "expected an array in `stats.data`, found 7"),
            (r#"{"data": [1e300]}"#, "value inf at position 0 (0-based) is not a finite number"),
            (r#"{"data": [-1e-9]}"#, "a time of -1 ns is negative"),
            (r#"{"median": -Infinity}"#, "expected a number in `stats.median`, found -Infinity"),
            (r#"{"mean": 1, "min": -1}"#, "a time of -1000000000 ns is negative"),
            (
                r#"{"data": [1], "iterations": 0}"#,
                "expected a whole number of at least 1 in `stats.iterations`, found 0",
            ),
        ] {
            let found = skipped(stats);
            assert!(found.ends_with(reason), "{stats}: {found}");
        }
    }

    #[test]
    fn a_benchmark_without_a_name_is_counted_too() {
        let run = reading(r#"{"stats": {"data": [1]}}, 5"#).runs.remove(0);
        assert_eq!(run.skipped[0].name, "benchmarks[0]");
        assert_eq!(run.skipped[1].reason, "expected a name in `fullname`, found nothing");
    }

    #[test]
    fn another_timer_is_another_metric() {
        let of = |timer: &str| {
            let mut reading = reading(&format!(
                r#"{{"fullname": "a", "options": {{"timer": "{timer}"}}, "stats": {{"data": [1]}}}}"#
            ));
            (
                reading.runs.remove(0).measurements.remove(0).metric().to_string(),
                reading.notes.len(),
            )
        };
        for timer in ["perf_counter", "time.perf_counter", ""] {
            assert_eq!(of(timer), ("wall_time".to_owned(), 0));
        }
        assert_eq!(of("process_time"), ("cpu_time".to_owned(), 1));
        assert_eq!(of("my.ticks"), ("my.ticks".to_owned(), 1));
    }

    #[test]
    fn a_single_round_has_no_deviation() {
        let stats = r#"{"fullname": "a", "stats": {"mean": 2e-9, "stddev": 0, "rounds": 1}}"#;
        let summary = reading(stats).runs.remove(0).measurements.remove(0).summary();
        assert_eq!((summary.mean, summary.std_dev, summary.n), (Some(2.0), None, Some(1)));
    }

    #[test]
    fn commit_and_time() {
        let text = br#"{"machine_info": {}, "benchmarks": [], "datetime": "2018-03-04T05:06:07.5",
            "commit_info": {"id": "abc", "time": "soon", "dirty": true, "branch": "(detached head)"}}"#;
        let reading = formats::read(&InputFile { name: "f", bytes: text }, None).unwrap();
        let run = &reading.runs[0];
        assert_eq!(run.time.unwrap().to_string(), "2018-03-04T05:06:07.5Z");
        let commit = run.commit.as_ref().unwrap();
        assert_eq!((commit.id.as_str(), commit.dirty), ("abc", true));
        assert_eq!((&commit.branch, commit.time, &run.machine), (&None, None, &None));
        assert_eq!(
            reading.notes,
            ["no benchmark in the file", "`time` \"soon\" is no time and is left out"]
        );
    }

    #[test]
    fn benchmarks_that_are_no_array() {
        let file = InputFile { name: "f", bytes: br#"{"benchmarks": {}}"# };
        let error = formats::read(&file, Some(Format::PytestBenchmark)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "f, at benchmarks: expected the array of benchmarks that `pytest --benchmark-json` \
             writes, found an object with 0 fields"
        );
    }
}
