//! criterion's result directory (usually `target/criterion`), checked with 0.2.11, 0.3.2,
//! 0.3.6, 0.4.0, 0.5.1, 0.6.0 and 0.8.2.
//!
//! Benchmarks are found by their `<which>/benchmark.json` and named by its `full_id`: directory
//! names are sanitised and cut short, so the path says nothing. `change` and `report` hold no
//! `benchmark.json`. A directory also keeps the results of benchmarks that no longer exist: only
//! who sees the files' times can leave those out. No file names the unit of a custom
//! `Measurement`: all are taken for nanoseconds, criterion's default.

use serde::Deserialize;

use super::super::json::{self, Value, described, text_at, whole, whole_number};
use super::super::{Format, FormatError, InputFile, Reading};
use crate::model::{
    BenchmarkId, Direction, Measurement, Metric, Round, Run, RunId, Sample, Skipped, Summary, Unit,
};
use crate::order;

/// The name under which criterion keeps the results of the last run.
pub const NEWEST_CRITERION_RUN: &str = "new";

/// Reads the files of criterion's directory as one run: the results named `which`
/// ([`NEWEST_CRITERION_RUN`], or a baseline that `--save-baseline` saved). Files that are not
/// needed may be among them; their order does not matter.
///
/// # Errors
/// When there are no results of that name.
pub fn read_criterion_directory(
    files: &[InputFile<'_>],
    which: &str,
) -> Result<Reading, FormatError> {
    let mut sorted: Vec<(&str, &str, &InputFile<'_>)> = files
        .iter()
        .map(|file| {
            let (directory, name) = split_last(file.name).unwrap_or(("", file.name));
            (directory, name, file)
        })
        .collect();
    order::sort_by_text(&mut sorted, |(directory, ..)| directory, |a, b| a.1.cmp(b.1));
    let file_in = |directory: &str, name: &str| {
        let position =
            sorted.binary_search_by_key(&(directory, name), |(d, n, _)| (*d, *n)).ok()?;
        sorted.get(position).map(|(_, _, file)| *file)
    };

    let mut content = Vec::new();
    let (mut measurements, mut skipped) = (Vec::new(), Vec::new());
    let (mut summarised, mut others) = (Vec::new(), Vec::new());
    for &(directory, name, file) in &sorted {
        if name != "benchmark.json" {
            continue;
        }
        let results = split_last(directory).map_or(directory, |(_, last)| last);
        if results != which {
            others.push(results.to_owned());
            continue;
        }
        let sample = file_in(directory, "sample.json");
        let estimates = file_in(directory, "estimates.json");
        let used = [Some(file), sample, estimates];
        content.extend(used.into_iter().flatten().map(|file| file.bytes));
        match benchmark(file, sample, estimates) {
            Ok(measurement) => {
                if sample.is_none() {
                    summarised.push(measurement.benchmark().to_string());
                }
                measurements.push(measurement);
            }
            Err(missing) => skipped.push(missing),
        }
    }
    if measurements.is_empty() && skipped.is_empty() {
        order::sort_by(&mut others, Ord::cmp);
        others.dedup();
        let which = which.to_owned();
        return Err(FormatError::NoBenchmarks { which, files: files.len(), others });
    }
    let mut run = Run::new(RunId::of_contents(content), measurements);
    run.skipped.extend(skipped);
    Ok(Reading { format: Format::Criterion, runs: vec![run], notes: note(&summarised) })
}

fn note(summarised: &[String]) -> Vec<String> {
    let Some(first) = summarised.first() else { return Vec::new() };
    vec![format!(
        "{} benchmarks (the first is {first:?}) have no sample.json: their summaries are taken \
         from estimates.json, without raw values",
        summarised.len()
    )]
}

/// A path without its last component, and that; both kinds of slashes separate.
fn split_last(path: &str) -> Option<(&str, &str)> {
    path.rsplit_once(['/', '\\'])
}

fn benchmark(
    file: &InputFile<'_>,
    sample: Option<&InputFile<'_>>,
    estimates: Option<&InputFile<'_>>,
) -> Result<Measurement, Skipped> {
    let mut name = file.name.to_owned();
    let mut read = || {
        let id = of_file(file, |about| {
            text_at(about, "full_id").map(str::to_owned).ok_or_else(|| {
                let found = described(about.get("full_id"));
                format!("expected the benchmark's name in `full_id`, found {found}")
            })
        })?;
        name.clone_from(&id);
        let id = BenchmarkId::new(id).map_err(|error| error.to_string())?;
        let round = match (sample, estimates) {
            (Some(sample), _) => Round::of(match plain_totals(sample.bytes) {
                Some(values) => values,
                None => of_file(sample, |document| totals(sample.name, document))?,
            }),
            (None, Some(estimates)) => {
                Round::summarised(of_file(estimates, |document| summary(estimates.name, document))?)
            }
            (None, None) => {
                return Err(format!("{}: no sample.json or estimates.json beside it", file.name));
            }
        };
        let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
        Measurement::new(id, metric, unit, Direction::Lower, vec![round])
            .map_err(|error| error.to_string())
    };
    read().map_err(|reason| Skipped { name, reason })
}

/// What `read` makes of a file.
fn of_file<T>(
    file: &InputFile<'_>,
    read: impl FnOnce(&Value<'_>) -> Result<T, String>,
) -> Result<T, String> {
    json::of_file(file, read).map_err(|error| error.to_string())?
}

/// A `sample.json` as criterion writes it.
#[derive(Deserialize)]
struct PlainTotals {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// The sample, where the file is just as criterion writes it: the same as [`totals`] gives, sooner, as
/// no tree is made of it. What is wrong with any other file, that one says.
fn plain_totals(bytes: &[u8]) -> Option<Sample> {
    let plain: PlainTotals = serde_json::from_slice(bytes).ok()?;
    let iterations = plain.iters.into_iter().map(whole_number);
    Sample::from_totals(&plain.times, iterations.collect::<Option<_>>()?).ok()
}

fn totals(file: &str, document: &Value<'_>) -> Result<Sample, String> {
    let array = |key: &str| {
        document.get(key).and_then(Value::as_array).ok_or_else(|| {
            let found = described(document.get(key));
            format!("{file}: expected an array in `{key}`, found {found}")
        })
    };
    let element = |key: &str, position: usize, value: &Value<'_>, expected: &str| {
        let found = described(Some(value));
        format!("{file}: expected {expected} in `{key}[{position}]`, found {found}")
    };
    let iterations = array("iters")?.iter().enumerate().map(|(position, value)| {
        whole(value)
            .ok_or_else(|| element("iters", position, value, "a whole number of at least 1"))
    });
    let iterations = iterations.collect::<Result<Vec<u64>, String>>()?;
    let totals = array("times")?.iter().enumerate().map(|(position, value)| {
        value.as_f64().ok_or_else(|| element("times", position, value, "a number"))
    });
    let totals = totals.collect::<Result<Vec<f64>, String>>()?;
    Sample::from_totals(&totals, iterations).map_err(|error| format!("{file}: {error}"))
}

fn summary(file: &str, document: &Value<'_>) -> Result<Summary, String> {
    // Criterion 0.2 wrote them with capital letters.
    let point = |key: &str, older: &str| {
        let Some(estimate) = document.get(key).or_else(|| document.get(older)) else {
            return Ok(None);
        };
        let point = estimate.get("point_estimate");
        match point.and_then(Value::as_f64) {
            Some(number) => Ok(Some(number)),
            None => Err(format!(
                "{file}: expected a number in `{key}.point_estimate`, found {}",
                described(point)
            )),
        }
    };
    let (median, mean) = (point("median", "Median")?, point("mean", "Mean")?);
    let std_dev = point("std_dev", "StdDev")?;
    Ok(Summary { median, mean, std_dev, ..Summary::default() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ABOUT: &str = r#"{"full_id": "group/one"}"#;
    const ESTIMATES: &str = r#"{"median": {"point_estimate": 3}, "mean": {"point_estimate": 4}}"#;

    fn read(files: &[(&str, &str)], which: &str) -> Result<Reading, FormatError> {
        let files: Vec<InputFile<'_>> =
            files.iter().map(|(name, text)| InputFile { name, bytes: text.as_bytes() }).collect();
        read_criterion_directory(&files, which)
    }

    fn skipped(about: &str, sample: &str) -> Skipped {
        let files = [("a/new/benchmark.json", about), ("a/new/sample.json", sample)];
        read(&files, "new").unwrap().runs.remove(0).skipped.remove(0)
    }

    #[test]
    fn totals_become_values_whatever_the_order_of_files_and_kind_of_slash() {
        let sample = r#"{"sampling_mode": "Linear", "iters": [2.0, 4.0], "times": [10, 28.0]}"#;
        let reading = read(
            &[
                (r"x\new\sample.json", sample),
                ("report/index.html", "<"),
                (r"x\new\benchmark.json", ABOUT),
            ],
            "new",
        )
        .unwrap();
        let measurement = &reading.runs[0].measurements[0];
        assert_eq!(measurement.benchmark().as_str(), "group/one");
        assert_eq!(measurement.values(), Some(vec![5.0, 7.0]));
        assert!(reading.notes.is_empty());
    }

    #[test]
    fn both_ways_to_read_a_sample_agree() {
        let plain =
            r#"{"sampling_mode":"Linear","iters":[10.0,20.0, 30],"times":[71.2,0.1e3,2.5E+2]}"#;
        let document =
            json::of_file(&InputFile { name: "x", bytes: plain.as_bytes() }, |it| totals("x", it));
        assert_eq!(plain_totals(plain.as_bytes()), document.unwrap().ok());
        for other in [
            r#"{"iters": [1], "times": [null]}"#,
            r#"{"iters": [1], "times": [[2]]}"#,
            r#"{"iters": [1], "times": ["2"]}"#,
            r#"{"iters": [1], "times": [1e999]}"#,
            r#"{"iters": [1], "times": 5}"#,
            r#"{"iters": [1], "iters": [2], "times": [5]}"#,
            r#"{"iters": [0], "times": [5]}"#,
            r#"{"iters": [], "times": []}"#,
            r#"{"iters": [1], "times": [5]} more"#,
        ] {
            assert_eq!(plain_totals(other.as_bytes()), None, "{other}");
        }
    }

    #[test]
    fn estimates_serve_where_the_sample_is_missing() {
        let files = [("new/benchmark.json", ABOUT), ("new/estimates.json", ESTIMATES)];
        let reading = read(&files, "new").unwrap();
        let summary = reading.runs[0].measurements[0].summary();
        assert_eq!((summary.median, summary.mean, summary.n), (Some(3.0), Some(4.0), None));
        assert!(reading.notes[0].starts_with("1 benchmarks (the first is \"group/one\") have no"));
    }

    #[test]
    fn an_unusable_benchmark_is_skipped_with_the_reason() {
        for (sample, reason) in [
            ("", "is empty: let the harness write it again"),
            ("[", "the file is cut off: let the harness write it again"),
            ("{}", ": expected an array in `iters`, found nothing"),
            (
                r#"{"iters": [1.5], "times": [1]}"#,
                ": expected a whole number of at least 1 in `iters[0]`, found 1.5",
            ),
            (r#"{"iters": [1], "times": [NaN]}"#, ": expected a number in `times[0]`, found NaN"),
            (r#"{"iters": [1], "times": [1, 2]}"#, ": 2 values but 1 numbers of iterations"),
            (r#"{"iters": [], "times": []}"#, ": the sample has no values"),
            (r#"{"iters": [2], "times": [-1]}"#, "a time of -0.5 ns is negative"),
        ] {
            let Skipped { name, reason: found } = skipped(ABOUT, sample);
            assert_eq!(name, "group/one");
            assert!(found.ends_with(reason), "{sample}: {found}");
        }
        assert_eq!(skipped("{}", "").name, "a/new/benchmark.json");
        assert_eq!(skipped(r#"{"full_id": " "}"#, "").name, "a/new/benchmark.json");
        let alone = read(&[("a/new/benchmark.json", ABOUT)], "new").unwrap();
        assert!(alone.runs[0].skipped[0].reason.contains("no sample.json or estimates.json"));
    }

    #[test]
    fn results_that_are_not_there_name_those_that_are() {
        let error = read(&[("a/main/benchmark.json", ABOUT), ("a/base/x", "")], "new").unwrap_err();
        assert_eq!(
            error.to_string(),
            "no `*/new/benchmark.json` among 2 files; results there are named: main"
        );
        assert!(read(&[], "new").unwrap_err().to_string().contains("usually target/criterion"));
    }
}
