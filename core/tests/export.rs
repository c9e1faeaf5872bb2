//! What is written can be read back: everything of the CSV and the JSON, and of the others what they
//! have a place for.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the tests read files, and their helpers may fail"
)]

use std::path::{Path, PathBuf};

use driftline_core::export::{
    runs_csv, runs_json, runs_junit, runs_openmetrics, runs_otava_csv, runs_parquet,
};
use driftline_core::formats::{Format, FormatError, InputFile, Reading, read, read_directory};
use driftline_core::model::{
    BenchmarkId, Commit, Direction, Iterations, Machine, Measurement, Metric, Round, Run, RunId,
    Sample, Skipped, Summary, Unit,
};
use driftline_core::text::csv_cell;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data");

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files_below(&path, found) } else { found.push(path) }
    }
}

/// The runs of every file and directory that the readers are tested with, by its path.
fn every_run() -> Vec<(String, Vec<Run>)> {
    let mut paths = Vec::new();
    files_below(&Path::new(DATA).join("formats"), &mut paths);
    paths.sort();
    let mut all = Vec::new();
    let mut add = |name: String, reading: Reading| {
        let runs: Vec<Run> =
            reading.runs.into_iter().filter(|run| !run.measurements.is_empty()).collect();
        if !runs.is_empty() {
            all.push((name, runs));
        }
    };
    for path in &paths {
        let name = path.to_str().unwrap().to_owned();
        let bytes = std::fs::read(path).unwrap();
        let file = InputFile { name: &name, bytes: &bytes };
        let reading = match read(&file, None) {
            Err(FormatError::Ambiguous { candidates, .. }) => read(&file, Some(candidates[0])),
            other => other,
        };
        if let Ok(reading) = reading {
            add(name, reading);
        }
    }
    for directory in ["criterion/tree", "asv/results", "gungraun/d.summary-tree", "tango/b.dump"] {
        let mut paths = Vec::new();
        files_below(&Path::new(DATA).join("formats").join(directory), &mut paths);
        let files: Vec<(String, Vec<u8>)> = paths
            .iter()
            .map(|path| (path.to_str().unwrap().to_owned(), std::fs::read(path).unwrap()))
            .collect();
        let inputs: Vec<InputFile<'_>> =
            files.iter().map(|(name, bytes)| InputFile { name, bytes }).collect();
        add(directory.to_owned(), read_directory(&inputs).unwrap());
    }
    for name in ["golden/history.jsonl", "golden/history.csv", "calm/runs.jsonl"] {
        let bytes = std::fs::read(format!("{DATA}/{name}")).unwrap();
        add(name.to_owned(), read(&InputFile { name, bytes: &bytes }, None).unwrap());
    }
    assert!(all.len() > 60, "{}", all.len());
    all
}

/// A run of which everything is known that can be.
fn full() -> Run {
    let named = |name: &str| BenchmarkId::new(name).unwrap();
    let sample = |values: &[f64], n| Sample::new(values.to_vec(), n).unwrap();
    let odd = Round::of(sample(&[2.0], Iterations::Every(u64::MAX)));
    let with_deviation = Summary { std_dev: Some(7.0), ..odd.summary() };
    let rounds = vec![
        Round::of(sample(&[1.5, 0.1 + 0.2], Iterations::Each(vec![3, 7]))).with_position(Some(4)),
        Round::summarised(Summary { mean: Some(4.0), std_dev: Some(1e-300), ..Summary::default() }),
        odd.with_summary(with_deviation),
    ];
    let mut first = Measurement::new(
        named("=HYPERLINK(\"x\"), 'a'\n::error::/\u{1b}[31m"),
        Metric::wall_time(),
        Unit::nanoseconds(),
        Direction::Lower,
        rounds,
    )
    .unwrap();
    first.set_executable("abc123");
    let second = Measurement::new(
        named(" balance "),
        Metric::new("points").unwrap(),
        Unit::parse("").0,
        Direction::Higher,
        vec![Round::of(sample(&[-3.0, -0.0, 1e300], Iterations::Every(1)))],
    )
    .unwrap();
    let mut run = Run::new(RunId::new("-r,1").unwrap(), vec![first, second]);
    run.time = Some("2026-11-23T04:40:12.123456789Z".parse().unwrap());
    run.commit = Some(Commit {
        id: "4be1f9a".into(),
        parent: Some("0123".into()),
        order: Some(12),
        subject: Some("say \"hello\", and\tmore".into()),
        author: Some("A. N. Other".into()),
        time: Some("2026-11-22T00:00:00Z".parse().unwrap()),
        branch: Some("feature/x".into()),
        dirty: true,
    });
    run.machine = Some(Machine {
        cpu: Some("AMD EPYC".into()),
        cores: Some(2),
        kernel: Some("6.1".into()),
        ..Machine::default()
    });
    run.toolchain = Some("rustc 1.95.0".into());
    run.driftline = Some("0.1.0".into());
    run.settings.quick = true;
    run.settings.order_seed = Some(u64::MAX);
    run.settings.arguments = vec!["--x".into(), "a b".into()];
    run.skipped = vec![Skipped { name: "gone".into(), reason: "it\nfailed".into() }];
    run
}

fn back(text: &str, format: Format) -> Vec<Run> {
    let reading = read(&InputFile { name: "export", bytes: text.as_bytes() }, None).unwrap();
    assert_eq!(reading.format, format);
    reading.runs
}

#[test]
fn csv_and_json_lose_nothing() {
    let mut all = every_run();
    all.push(("full".to_owned(), vec![full()]));
    for (name, runs) in all {
        let exported = runs_csv(&runs);
        assert!(exported.notes.is_empty(), "{name}");
        let read = back(&exported.content, Format::Csv);
        assert_eq!(read.len(), runs.len(), "{name}");
        for (read, run) in read.iter().zip(&runs) {
            assert!(read == run, "{name}: {}", run.id);
        }
        assert_eq!(runs_csv(&read).content, exported.content, "{name}");
        assert_eq!(back(&runs_json(&runs), Format::Driftline), runs, "{name}");
    }
}

#[test]
fn a_run_without_measurements_is_told() {
    let runs = [Run::new(RunId::new("a").unwrap(), Vec::new())];
    let said = "1 run without a measurement: a table of values has no row for it";
    assert_eq!(runs_csv(&runs).notes, [said]);
    assert_eq!(runs_parquet(&runs).notes, [said]);
}

#[test]
fn otava_keeps_each_figure_of_each_run() {
    let mut runs = every_run();
    runs.push(("full".to_owned(), vec![full()]));
    let mut compared = 0;
    for (name, mut runs) in runs {
        for (run, second) in runs.iter_mut().zip(0..) {
            let time = jiff_time(second);
            run.time = run.time.or(Some(time));
        }
        let text = runs_otava_csv(&runs).content;
        let read = back(&text, Format::OtavaCsv);
        assert_eq!(read.len(), runs.len(), "{name}");
        for (read, run) in read.iter().zip(&runs) {
            assert_eq!((&read.id, read.time), (&run.id, run.time), "{name}");
            let commit = |run: &Run| run.commit.as_ref().map(|c| (c.id.clone(), c.branch.clone()));
            assert_eq!(commit(read), commit(run), "{name}");
            assert_eq!(read.machine_fingerprint(), run.machine_fingerprint(), "{name}");
            let figures = |run: &Run| -> Vec<(String, String, String, Option<u64>)> {
                let of = |m: &Measurement| {
                    let centre = m.summary().centre().map(f64::to_bits);
                    let name = m.benchmark().as_str().trim().to_owned();
                    (name, m.metric().to_string(), m.unit().to_string(), centre)
                };
                let mut all: Vec<_> = run.measurements.iter().map(of).collect();
                all.sort();
                all
            };
            assert_eq!(figures(read), figures(run), "{name}");
            compared += figures(run).len();
        }
    }
    assert!(compared > 1000, "{compared}");
}

fn jiff_time(second: i64) -> jiff::Timestamp {
    jiff::Timestamp::from_second(1_700_000_000 + second).unwrap()
}

#[test]
fn what_otava_has_no_place_for_is_told() {
    let mut runs = [full(), full()];
    runs[1].machine = None;
    let notes = runs_otava_csv(&runs).notes;
    assert!(notes[0].starts_with("the runs are of 2 machines"), "{notes:?}");
    runs[1].time = None;
    runs[1].commit = None;
    let exported = runs_otava_csv(&runs);
    assert_eq!(exported.content.lines().count(), 2 + full_name_lines());
    assert_eq!(exported.notes, ["1 run of no known time: Otava's CSV has no place for it"]);
}

/// How many line breaks stand in the header, in a benchmark's name.
fn full_name_lines() -> usize {
    csv_cell(full().measurements[1].benchmark().as_str()).matches('\n').count()
}

#[test]
fn openmetrics_are_valid_and_keep_their_points() {
    let mut runs = vec![full(), full(), full()];
    runs[1].time = Some("2026-11-24T00:00:00Z".parse().unwrap());
    runs[1].id = RunId::new("second").unwrap();
    runs[2].time = None;
    runs[2].commit = None;
    let exported = runs_openmetrics(&runs);
    assert_eq!(exported.notes, ["1 run of no known time: OpenMetrics has no place for it"]);
    let text = exported.content;
    assert!(text.ends_with("# EOF\n"));
    let mut family = String::new();
    let mut last: Option<(String, f64)> = None;
    let mut points = 0;
    for line in text.lines().take_while(|line| *line != "# EOF") {
        if let Some(rest) = line.strip_prefix("# ") {
            let name = rest.split(' ').nth(1).unwrap();
            if rest.starts_with("TYPE ") {
                assert_ne!(name, family, "a family stands once");
                name.clone_into(&mut family);
            }
            assert_eq!(name, family);
            continue;
        }
        let (series, behind) = line.rsplit_once("} ").unwrap();
        assert!(series.starts_with(&family), "{line}");
        let (value, time) = behind.split_once(' ').unwrap();
        let (_, time) = (value.parse::<f64>().unwrap(), time.parse::<f64>().unwrap());
        if let Some((_, before)) = last.filter(|(before, _)| before == series) {
            assert!(time > before, "{line}");
        }
        last = Some((series.to_owned(), time));
        points += 1;
    }
    // Two runs; in each the three figures of one benchmark, and the mean of one with a round that knows
    // nothing else.
    assert_eq!(points, 2 + 2 * 4, "{text}");
    let name = r#"benchmark="=HYPERLINK(\"x\"), 'a'\n::error::/"#;
    assert!(text.contains(name), "{text}");
    assert!(text.contains("\n# UNIT driftline_time_seconds seconds\n"));
    assert!(text.contains("metric=\"points\",better=\"higher\""), "{text}");
}

#[test]
fn junit_has_a_case_for_each_benchmark_of_each_run() {
    let mut second = full();
    second.measurements.truncate(1);
    let exported = runs_junit(&[full(), second]);
    let document = roxmltree::Document::parse(&exported.content).unwrap();
    let root = document.root_element();
    let suites: Vec<_> = root.children().filter(|n| n.has_tag_name("testsuite")).collect();
    assert_eq!(suites.len(), 2);
    assert_eq!(suites[0].attribute("timestamp"), Some("2026-11-23T04:40:12"));
    assert_eq!((root.attribute("tests"), root.attribute("skipped")), (Some("5"), Some("2")));
    let cases: Vec<_> = suites[0].children().filter(|n| n.has_tag_name("testcase")).collect();
    assert_eq!(suites[0].attribute("tests"), Some(cases.len().to_string().as_str()));
    let timed: Vec<f64> =
        cases.iter().filter_map(|case| case.attribute("time")?.parse().ok()).collect();
    let centre = full().measurements[1].summary().centre().unwrap();
    assert_eq!(timed, [centre / 1e9]);
    assert!(exported.content.contains("points: "));
}
