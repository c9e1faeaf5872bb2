//! The readers against real files and what an independent script read from them.
//!
//! `tests/data/formats/*/expected.json` was written by that script from the same files, times in
//! the file's own unit. Tolerances: values are one multiplication (or division) away from the
//! file's text, so they are equal to the last bit; medians, means and deviations are summed in
//! another order, so they may differ by [`SUMMED`].

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the tests read files, and their helpers may fail"
)]

use std::path::Path;

use driftline_core::formats::{
    Format, InputFile, NEWEST_CRITERION_RUN, Reading, detect, read, read_criterion_directory,
};
use driftline_core::model::{Direction, Measurement, Run, Summary};
use serde_json::Value;

/// Relative tolerance of a figure summed over at most 1000 values: 1000 × 2⁻⁵³ ≈ 1.1e-13, and some.
const SUMMED: f64 = 1e-12;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats");

fn expected(harness: &str) -> serde_json::Map<String, Value> {
    let text = std::fs::read(format!("{DATA}/{harness}/expected.json")).unwrap();
    serde_json::from_slice(&text).unwrap()
}

#[track_caller]
fn assert_near(found: Option<f64>, expected: &Value, what: &str) {
    let (found, expected) = (found.unwrap(), expected.as_f64().unwrap());
    assert!((found - expected).abs() <= SUMMED * expected.abs(), "{what}: {found} {expected}");
}

/// Compares a run with the list of what should be in it; `factor` brings that to nanoseconds.
fn assert_run(run: &Run, expected: &Value, factor: f64) {
    let expected = expected.as_array().unwrap();
    assert_eq!(run.measurements.len(), expected.len());
    assert!(run.skipped.is_empty());
    for wanted in expected {
        let name = wanted["name"].as_str().unwrap();
        let found = run.measurements.iter().find(|m| m.benchmark().as_str() == name);
        assert_measurement(found.unwrap_or_else(|| panic!("no {name}")), wanted, factor);
    }
}

fn assert_measurement(found: &Measurement, wanted: &Value, factor: f64) {
    let name = found.benchmark().as_str();
    assert_eq!((found.metric().as_str(), found.unit().as_str()), ("wall_time", "ns"), "{name}");
    assert_eq!(found.better(), Direction::Lower, "{name}");
    assert_eq!(found.rounds().len(), 1, "{name}");
    let Summary { median, mean, std_dev, .. } = found.summary();
    let scaled = |value: &Value| Value::from(value.as_f64().unwrap() * factor);
    assert_near(median, &scaled(&wanted["median"]), name);
    if wanted.get("rounds").and_then(Value::as_u64) == Some(1) {
        // The deviation of a single value is unknown; pytest-benchmark writes 0.
        assert_eq!((std_dev, &wanted["stddev"]), (None, &Value::from(0)), "{name}");
    } else {
        assert_near(std_dev, &scaled(&wanted["stddev"]), name);
    }
    let wanted_mean = wanted.get("mean").unwrap_or(&wanted["value"]);
    assert_near(mean, &scaled(wanted_mean), name);
    if let Some(samples) = wanted.get("samples") {
        let values = found.values().unwrap();
        assert_eq!(values.len() as u64, wanted["samples_n"].as_u64().unwrap(), "{name}");
        let (first, last) = match samples {
            Value::Array(all) => (all, &all[all.len() - 1]),
            shortened => (shortened["first3"].as_array().unwrap(), &shortened["last"]),
        };
        for (value, wanted) in values.iter().zip(first) {
            assert_eq!(Value::from(*value), scaled(wanted), "{name}");
        }
        assert_eq!(Value::from(values[values.len() - 1]), scaled(last), "{name}");
    } else {
        assert_eq!(found.values(), None, "{name}");
    }
}

#[test]
fn pytest_benchmark_files_read_as_expected() {
    let seconds = 1e9;
    let all = expected("pytest-benchmark");
    assert_eq!(all.len(), 4);
    for (name, wanted) in &all {
        let bytes = std::fs::read(format!("{DATA}/pytest-benchmark/{name}")).unwrap();
        let file = InputFile { name, bytes: &bytes };
        assert_eq!(detect(&file), Ok(Format::PytestBenchmark));
        let Reading { runs, notes, .. } = read(&file, None).unwrap();
        let [run] = runs.as_slice() else { panic!("{} runs", runs.len()) };
        assert!(notes.is_empty(), "{notes:?}");
        assert_run(run, wanted, seconds);
        for wanted in wanted.as_array().unwrap() {
            let found = run.measurements.iter().find(|m| m.benchmark().as_str() == wanted["name"]);
            let found = found.unwrap();
            let figures = found.summary();
            assert_eq!(figures.n, wanted["rounds"].as_u64());
            let ns = |key: &str| Some(wanted[key].as_f64().unwrap() * seconds);
            assert_eq!((figures.minimum, figures.maximum), (ns("min"), ns("max")));
            match found.rounds()[0].sample() {
                Some(sample) => {
                    let each = wanted["iterations"].as_u64().unwrap();
                    assert_eq!(sample.iterations_at(0), each);
                }
                // With the sample the quartiles are ours, by another rule.
                None => {
                    assert_eq!(
                        (figures.lower_quartile, figures.upper_quartile),
                        (ns("q1"), ns("q3"))
                    );
                }
            }
        }
        assert_eq!(run.toolchain.as_deref(), Some("CPython 3.11.7"));
        assert_eq!(run.commit, None);
        assert!(run.time.unwrap().to_string().starts_with("2026-11-23T04:40:"));
        let machine = run.machine.as_ref().unwrap();
        assert_eq!(machine.describe(), "AMD EPYC, 2 cores, Linux, x86_64");
        assert_eq!(machine.kernel.as_deref(), Some("6.18.44-fc-v669"));
    }
}

/// Every file below `directory`, with its path inside of it.
fn files_below(directory: &Path, prefix: &str, found: &mut Vec<(String, Vec<u8>)>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let entry = entry.unwrap();
        let name = format!("{prefix}{}", entry.file_name().to_str().unwrap());
        if entry.file_type().unwrap().is_dir() {
            files_below(&entry.path(), &format!("{name}/"), found);
        } else {
            found.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
}

fn criterion_tree() -> Vec<(String, Vec<u8>)> {
    let mut files = Vec::new();
    files_below(Path::new(&format!("{DATA}/criterion/tree")), "", &mut files);
    files
}

fn input(files: &[(String, Vec<u8>)]) -> Vec<InputFile<'_>> {
    files.iter().map(|(name, bytes)| InputFile { name, bytes }).collect()
}

#[test]
fn criterion_directories_read_as_expected() {
    let files = criterion_tree();
    let all = expected("criterion");
    for which in [NEWEST_CRITERION_RUN, "main"] {
        let Reading { runs, notes, format } =
            read_criterion_directory(&input(&files), which).unwrap();
        assert_eq!((format, runs.len()), (Format::Criterion, 1));
        assert!(notes.is_empty(), "{notes:?}");
        assert_run(&runs[0], &all[&format!("tree ({which})")], 1.0);
    }
}

#[test]
fn a_criterion_directory_in_any_order_is_the_same_run() {
    let mut files = criterion_tree();
    let read = |files: &[(String, Vec<u8>)]| read_criterion_directory(&input(files), "new");
    let before = read(&files);
    files.reverse();
    assert_eq!(read(&files), before);
}

#[test]
fn criterion_estimates_serve_where_samples_are_missing() {
    let mut files = criterion_tree();
    files.retain(|(name, _)| !name.ends_with("sample.json"));
    let Reading { runs, notes, .. } = read_criterion_directory(&input(&files), "new").unwrap();
    assert_eq!(notes.len(), 1);
    assert!(notes[0].starts_with("7 benchmarks"), "{notes:?}");
    for wanted in expected("criterion")["tree (new)"].as_array().unwrap() {
        let mut wanted = wanted.clone();
        wanted.as_object_mut().unwrap().remove("samples");
        let found = runs[0].measurements.iter().find(|m| m.benchmark().as_str() == wanted["name"]);
        assert_measurement(found.unwrap(), &wanted, 1.0);
    }
}
