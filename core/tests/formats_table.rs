//! Every reader against real files and what an independent script read from them: names, units,
//! values, directions, spreads and samples of every file that `tests/data/formats/*/expected.json`
//! describes.
//!
//! Values are one multiplication away from the file's text; what is summed in another order may
//! differ by [`SUMMED`].

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the tests read files, and their helpers may fail"
)]

use std::collections::BTreeSet;
use std::path::Path;

use driftline_core::formats::{
    Format, FormatError, InputFile, Reading, detect, read, read_criterion_directory, read_directory,
};
use driftline_core::model::{Measurement, Run, Sample, Summary, Unit};
use serde_json::Value;

/// Relative tolerance of a figure that was summed, or that is written with 15 digits.
const SUMMED: f64 = 1e-12;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats");

/// The folder of each harness, and the format its files are of.
const FOLDERS: [(&str, Format); 25] = [
    ("asv", Format::Asv),
    ("bencher-bmf", Format::BencherMetricFormat),
    ("benchmark-ips", Format::BenchmarkIps),
    ("benchmarkdotnet", Format::BenchmarkDotNet),
    ("benchmarkjs", Format::BenchmarkJs),
    ("catch2", Format::Catch2),
    ("criterion", Format::Criterion),
    ("divan", Format::Divan),
    ("github-action-benchmark", Format::GithubActionBenchmark),
    ("go", Format::Go),
    ("google-benchmark", Format::GoogleBenchmark),
    ("gungraun", Format::Gungraun),
    ("hyperfine", Format::Hyperfine),
    ("iai-callgrind", Format::Gungraun),
    ("jmh", Format::Jmh),
    ("julia-benchmarktools", Format::BenchmarkTools),
    ("libtest", Format::Libtest),
    ("mitata", Format::Mitata),
    ("phpbench", Format::PhpBench),
    ("pyperf", Format::Pyperf),
    ("pytest-benchmark", Format::PytestBenchmark),
    ("tango", Format::Tango),
    ("tinybench", Format::Tinybench),
    ("vitest", Format::Vitest),
    ("nanobench", Format::Nanobench),
];

fn expected(folder: &str) -> serde_json::Map<String, Value> {
    let text = std::fs::read(format!("{DATA}/{folder}/expected.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

fn files_below(directory: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) {
    let mut entries: Vec<_> =
        std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap()).collect();
    entries.sort_by_key(std::fs::DirEntry::file_name);
    for entry in entries {
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
}

fn directory(path: &str) -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    files_below(Path::new(path), "", &mut files);
    files
}

fn inputs(files: &[(String, Vec<u8>)]) -> Vec<InputFile<'_>> {
    files.iter().map(|(name, bytes)| InputFile { name, bytes }).collect()
}

/// Reads what a key of `expected.json` names: a file, a directory, or one kind of criterion's
/// results.
fn reading(folder: &str, key: &str, format: Format) -> Result<Reading, FormatError> {
    if let Some(which) = key.strip_prefix("tree (").and_then(|key| key.strip_suffix(')')) {
        return read_criterion_directory(
            &inputs(&directory(&format!("{DATA}/{folder}/tree"))),
            which,
        );
    }
    let path = format!("{DATA}/{folder}/{key}");
    if format == Format::Asv {
        // With the units that stand beside it.
        let results = Path::new(&path).parent().unwrap().parent().unwrap();
        let mut files = directory(results.to_str().unwrap());
        files.retain(|(name, _)| key.ends_with(name.as_str()) || name == "benchmarks.json");
        assert_eq!(files.len(), 2);
        return read_directory(&inputs(&files));
    }
    if Path::new(&path).is_dir() {
        return read_directory(&inputs(&directory(&path)));
    }
    let bytes = std::fs::read(&path).unwrap();
    let file = InputFile { name: key, bytes: &bytes };
    let custom = match key.split('.').nth(1) {
        Some("customSmallerIsBetter") => Some(Format::CustomSmallerIsBetter),
        Some("customBiggerIsBetter") => Some(Format::CustomBiggerIsBetter),
        _ => None,
    };
    if let Some(custom) = custom {
        let error = detect(&file).unwrap_err();
        let both = vec![Format::CustomSmallerIsBetter, Format::CustomBiggerIsBetter];
        assert!(
            matches!(&error, FormatError::Ambiguous { candidates, .. } if *candidates == both),
            "{key}: {error}"
        );
        return read(&file, Some(custom));
    }
    if let Ok(found) = detect(&file) {
        assert_eq!(found, format, "{folder}/{key}");
    }
    read(&file, None)
}

/// What the file calls a metric is called so here.
fn metric_of(wanted: &Value) -> Option<&'static str> {
    Some(match wanted.get("metric")?.as_str()? {
        "Ir" | "Instructions" => "instructions",
        "L1hits" | "L1 Hits" => "l1_hits",
        "LLhits" | "LL Hits" => "ll_hits",
        "RamHits" | "RAM Hits" => "ram_hits",
        "TotalRW" | "Total read+write" => "read_write_refs",
        "EstimatedCycles" | "Estimated Cycles" => "estimated_cycles",
        _ => return None,
    })
}

/// A unit and the factor that brings values in it to ours.
fn unit_of(text: &str) -> (String, f64) {
    let (unit, factor) = match text.strip_suffix("/op").or_else(|| text.strip_suffix("/iter")) {
        Some(time) if Unit::parse(time).0.is_time() => Unit::parse(time),
        _ => Unit::parse(text),
    };
    (unit.as_str().to_owned(), factor)
}

fn near(found: f64, wanted: f64) -> bool {
    (found - wanted).abs() <= SUMMED * wanted.abs()
}

/// Whether a benchmark is the one that is wanted; in a file with several of its name it may be told
/// apart by what stands before or behind it.
fn is_named(measurement: &Measurement, wanted: &Value) -> bool {
    let id = measurement.benchmark().as_str();
    let name = wanted["name"].as_str().unwrap();
    let before = |of: &str| id == format!("{of}/{name}");
    let path: Vec<&str> = wanted
        .get("path")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    id == name
        || wanted.get("pkg").and_then(Value::as_str).is_some_and(before)
        || before(&path.join("/"))
        // JMH's parameters.
        || wanted.get("params").is_some() && id.starts_with(&format!("{name} ("))
        // The console of Catch2 says no path in expected.json.
        || id.ends_with(&format!("/{name}"))
}

/// Every figure of a measurement that may be meant by "the value".
fn figures(measurement: &Measurement) -> Vec<f64> {
    let mut figures = Vec::new();
    for round in measurement.rounds() {
        let Summary { mean, median, minimum, .. } = round.summary();
        figures.extend([mean, median, minimum].into_iter().flatten());
        figures.extend(round.sample().into_iter().flat_map(Sample::values));
    }
    let Summary { mean, median, .. } = measurement.summary();
    figures.extend([mean, median].into_iter().flatten());
    figures
}

#[derive(Default)]
struct Checked {
    values: usize,
    samples: usize,
    spreads: usize,
    skipped: usize,
}

/// Compares a run with the list of what should be in it.
fn assert_run(run: &Run, notes: &[String], wanted: &[Value], place: &str, checked: &mut Checked) {
    let mut claimed = vec![0_usize; run.measurements.len()];
    let repetitions =
        wanted.iter().any(|w| w.get("run_type").and_then(Value::as_str) == Some("iteration"));
    for wanted in wanted {
        let mut wanted = wanted.clone();
        let name = wanted["name"].as_str().unwrap().to_owned();
        if wanted["value"].is_null() {
            let fits = notes.iter().any(|note| note.contains("fit a curve"));
            assert!(
                run.skipped.iter().any(|s| s.name == name) || fits,
                "{place}: {name} is not skipped: {:?}",
                run.skipped
            );
            assert!(
                !run.measurements.iter().any(|m| m.benchmark().as_str() == name),
                "{place}: {name} is measured"
            );
            checked.skipped += 1;
            continue;
        }
        let aggregate = wanted.get("aggregate").and_then(Value::as_str).map(str::to_owned);
        if place.starts_with("criterion/") && wanted.get("mean").is_some() {
            // The value is the slope, which is no figure of the sample.
            wanted["value"] = wanted["mean"].clone();
        }
        if let Some(aggregate) = aggregate {
            // Beside the repetitions aggregates say nothing new, and `cv` says nothing ever.
            if repetitions || aggregate == "cv" {
                continue;
            }
            wanted["name"] = wanted["run_name"].clone();
            if aggregate == "stddev" {
                wanted["stddev"] = wanted["value"].clone();
                wanted["value"] = Value::Null;
            }
        }
        let (unit, factor) = unit_of(wanted["unit"].as_str().unwrap());
        let candidates: Vec<usize> = (0..run.measurements.len())
            .filter(|&at| {
                let m = &run.measurements[at];
                is_named(m, &wanted)
                    && m.unit().as_str() == unit
                    && metric_of(&wanted).is_none_or(|metric| m.metric().as_str() == metric)
                    && m.metric().as_str() != "cpu_time"
            })
            .collect();
        assert!(!candidates.is_empty(), "{place}: no {name} in {unit}: {run:#?}");
        let of_value = |at: &&usize| {
            wanted["value"].as_f64().is_none_or(|value| {
                figures(&run.measurements[**at]).iter().any(|f| near(*f, value * factor))
            })
        };
        let found = candidates.iter().find(of_value);
        let found = *found.unwrap_or_else(|| {
            panic!(
                "{place}: {name}: no value {} in {:#?}",
                wanted["value"], run.measurements[candidates[0]]
            )
        });
        claimed[found] += 1;
        checked.values += 1;
        let found = &run.measurements[found];
        match wanted["better"].as_str().unwrap() {
            "unknown" => assert!(
                notes.iter().any(
                    |note| note.contains("which way") && note.contains(found.metric().as_str())
                ),
                "{place}: {name}: {notes:?}"
            ),
            better => assert_eq!(found.better().to_string(), better, "{place}: {name}"),
        }
        assert_spread(found, &wanted, factor, place, checked);
        assert_sample(run, found, &wanted, factor, place, checked);
    }
    for (measurement, &times) in run.measurements.iter().zip(&claimed) {
        let values = measurement.values().map_or(measurement.rounds().len(), |v| v.len());
        if times > 1 && measurement.unit().as_str() != "events" && !place.contains("aggregates") {
            assert_eq!(values, times, "{place}: {}", measurement.benchmark());
        }
        // What nobody expected may be a further metric, but no time and no benchmark of its own.
        if times == 0 {
            let id = measurement.benchmark();
            // The independent script could not join its broken lines.
            if place == "go/a.txt" && id.as_str() == "BenchmarkPrint-2" {
                continue;
            }
            assert!(
                run.measurements.iter().zip(&claimed).any(|(m, n)| *n > 0 && m.benchmark() == id),
                "{place}: {measurement:?}"
            );
            let of_rate = place.starts_with("benchmarkjs/");
            let is_time = measurement.metric().as_str() == "wall_time";
            assert!(!is_time || of_rate, "{place}: {measurement:?}");
        }
    }
}

/// The figures beside the value, wherever the file has them.
fn assert_spread(
    found: &Measurement,
    wanted: &Value,
    factor: f64,
    place: &str,
    checked: &mut Checked,
) {
    let summary = |round: &Summary, key: &str| match key {
        "stddev" => round.std_dev,
        "median" | "p50" => round.median,
        "mean" => round.mean,
        "min" | "fastest" => round.minimum,
        "max" | "slowest" => round.maximum,
        "q1" | "p25" => round.lower_quartile,
        "q3" => round.upper_quartile,
        _ => None,
    };
    for key in
        ["stddev", "median", "p50", "mean", "min", "max", "q1", "q3", "p25", "fastest", "slowest"]
    {
        let wanted_figure = match &wanted[key] {
            Value::Number(number) => number.as_f64().unwrap() * factor,
            Value::Array(pair) => pair[0].as_f64().unwrap() * unit_of(pair[1].as_str().unwrap()).1,
            Value::String(text) => {
                let (number, unit) = text.split_once(' ').unwrap();
                number.parse::<f64>().unwrap() * unit_of(unit).1
            }
            _ => continue,
        };
        // The deviation of a single value is unknown, whatever is written; the quartiles of a
        // sample are ours, by another rule.
        let single = wanted["rounds"] == 1 || wanted["samples_n"] == 1;
        let has_sample = found.rounds()[0].sample().is_some();
        // PHPBench divides by n; the synthetic BenchmarkDotNet file does not fit its values.
        let theirs = place.starts_with("phpbench/") || place.starts_with("benchmarkdotnet/");
        if key == "stddev" && (single || theirs) || has_sample && matches!(key, "q1" | "q3") {
            continue;
        }
        let figures: Vec<f64> = found
            .rounds()
            .iter()
            .filter_map(|round| summary(&round.summary(), key))
            .chain(summary(&found.summary(), key))
            .collect();
        assert!(
            figures.iter().any(|f| near(*f, wanted_figure) || (f - wanted_figure).abs() < 1e-300),
            "{place}: {}: {key} {wanted_figure} is not in {figures:?}",
            found.benchmark()
        );
        checked.spreads += 1;
    }
}

fn assert_sample(
    run: &Run,
    found: &Measurement,
    wanted: &Value,
    factor: f64,
    place: &str,
    checked: &mut Checked,
) {
    let Some(samples) = wanted.get("samples") else { return };
    // benchmark.js has rates, and the times behind them in seconds.
    let in_seconds = wanted["note"] == "samples in s/op";
    let (found, factor) = if in_seconds {
        let times = run
            .measurements
            .iter()
            .find(|m| m.benchmark() == found.benchmark() && m.metric().as_str() == "wall_time");
        (times.unwrap(), 1e9)
    } else {
        (found, factor)
    };
    let values = found.values().unwrap_or_else(|| panic!("{place}: no sample of {found:?}"));
    assert_eq!(values.len() as u64, wanted["samples_n"].as_u64().unwrap(), "{place}");
    let (first, last) = match samples {
        Value::Array(all) => (all, &all[all.len() - 1]),
        shortened => (shortened["first3"].as_array().unwrap(), &shortened["last"]),
    };
    for (value, wanted) in values.iter().zip(first) {
        assert!(near(*value, wanted.as_f64().unwrap() * factor), "{place}: {value} {wanted}");
    }
    assert!(near(values[values.len() - 1], last.as_f64().unwrap() * factor), "{place}");
    checked.samples += values.len();
}

/// The lists of `expected.json`: one of a file, or one in each of several runs.
fn lists(value: &Value) -> Vec<Vec<Value>> {
    match value {
        Value::Array(runs) if runs.iter().any(|run| run.get("benches").is_some()) => {
            runs.iter().map(|run| run["benches"].as_array().unwrap().clone()).collect()
        }
        Value::Array(list) => vec![list.clone()],
        object => vec![object["benchmarks"].as_array().unwrap().clone()],
    }
}

#[test]
fn every_folder_reads_as_expected() {
    let mut failures = Vec::new();
    for (folder, format) in FOLDERS {
        for (key, value) in &expected(folder) {
            let place = format!("{folder}/{key}");
            let outcome = std::panic::catch_unwind(|| {
                let wanted = lists(value);
                let mut checked = Checked::default();
                match reading(folder, key, format) {
                    Ok(Reading { runs, notes, .. }) => {
                        assert_eq!(runs.len(), wanted.len(), "{place}");
                        for (run, wanted) in runs.iter().zip(&wanted) {
                            assert_run(run, &notes, wanted, &place, &mut checked);
                        }
                    }
                    // What holds no benchmark at all is of no format.
                    Err(error) => assert!(wanted.iter().all(Vec::is_empty), "{place}: {error}"),
                }
                let n: usize = wanted.iter().map(Vec::len).sum();
                assert!(n == 0 || checked.values + checked.skipped > 0, "{place}");
                (checked.values, checked.samples, checked.spreads, checked.skipped)
            });
            if outcome.is_err() {
                failures.push(place);
            }
        }
    }
    assert!(
        failures.is_empty(),
        "{} files are not read as expected: {failures:#?}",
        failures.len()
    );
}

#[test]
fn no_folder_of_the_data_is_left_out() {
    let mut found: Vec<String> = std::fs::read_dir(DATA)
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_dir())
        .map(|entry| entry.file_name().to_str().unwrap().to_owned())
        .collect();
    found.sort();
    let mut known: Vec<&str> = FOLDERS.iter().map(|(folder, _)| *folder).collect();
    known.sort_unstable();
    assert_eq!(found, known);
    // Every format that a harness writes has data.
    let mut without: BTreeSet<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    for (_, format) in FOLDERS {
        without.remove(format.name());
    }
    let own =
        ["csv", "custom-bigger-is-better", "custom-smaller-is-better", "driftline", "otava-csv"];
    assert_eq!(without.into_iter().collect::<Vec<_>>(), own);
}

#[test]
fn what_a_harness_prints_for_people_says_what_to_give_instead() {
    for (name, instead) in [
        ("asv/a.run-stdout.txt", "give its directory of results"),
        ("asv/b.compare.txt", "give asv's directory of results"),
        ("catch2/d.junit.xml", "holds no benchmarks"),
        ("hyperfine/a.stdout.txt", "give the file of --export-json"),
        ("mitata/c.console.txt", "give its JSON"),
        ("mitata/d.ansi.console.txt", "give its JSON"),
        ("pyperf/a.stdout.txt", "give the file of -o"),
        ("pytest-benchmark/a.stdout.txt", "give the file of --benchmark-json"),
        ("tinybench/a.table.txt", "give the tasks as JSON"),
        ("vitest/a.v3.stdout.txt", "give the file of --outputJson"),
        ("vitest/b.v4.stdout.txt", "give the file of --outputJson"),
    ] {
        let bytes = std::fs::read(format!("{DATA}/{name}")).unwrap();
        let error = detect(&InputFile { name, bytes: &bytes }).unwrap_err().to_string();
        assert!(error.contains(instead), "{error}");
    }
}
