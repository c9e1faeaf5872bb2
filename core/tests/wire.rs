//! The file format, from outside: old files, damaged files, and whatever a file may hold.
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers as well")]

use driftline_core::model::{
    Baseline, BaselineName, BenchmarkId, Ci, Commit, Conditions, Direction, Iterations, Judgement,
    Level, Machine, Measurement, Metric, RecordedAcceptance, RecordedVerdict, Round, Run, RunId,
    Sample, Settings, Skipped, Summary, Unit,
};
use driftline_core::wire::{
    Document, WireError, read_baseline, read_history, read_run, read_run_or_baseline,
    write_baseline, write_run,
};
use proptest::prelude::*;

/// A history as version 1 is written. Never change these files: every later version reads them.
const HISTORY_V1: &[u8] = include_bytes!("data/wire/history-v1-rounds.jsonl");
/// A baseline as version 1 is written.
const BASELINE_V1: &[u8] = include_bytes!("data/wire/baseline-v1-levels.json");
/// A history as the first driftline 0.1.0 wrote it: without the launches' low, tail and position,
/// the program, the rounds, the seed of the order and the machine's conditions.
const FIRST_HISTORY: &[u8] = include_bytes!("data/wire/history-v1.jsonl");
/// A baseline as it wrote it: without levels.
const FIRST_BASELINE: &[u8] = include_bytes!("data/wire/baseline-v1.json");

/// What the files of version 1 hold: every field once.
fn full_run() -> Run {
    let id = |name: &str| BenchmarkId::new(name).unwrap();
    let sample = Sample::from_totals(&[345_570.0, 723_920.0, 1_064_016.0], vec![54, 108, 162]);
    let mut wall_time =
        Measurement::wall_time(id("memory/add_message/64"), sample.unwrap()).unwrap();
    wall_time.set_executable("8d1c5e0f3a72b946");
    wall_time.set_position(4);
    let fractions = Sample::new(vec![0.1, 2.5e-6, 12.0], Iterations::Every(23)).unwrap();
    let summary = Summary { mean: Some(1536.0), ..Summary::default() };
    let bytes = Measurement::new(
        id("upload/größe \"x\""),
        Metric::new("bytes").unwrap(),
        Unit::parse("KiB").0,
        Direction::Higher,
        vec![Round::summarised(summary), Round::of(fractions)],
    );
    let mut run =
        Run::new(RunId::new("20261123T111302Z-3f9a1c").unwrap(), vec![wall_time, bytes.unwrap()]);
    run.time = Some("2026-11-23T11:13:02.25Z".parse().unwrap());
    run.commit = Some(Commit {
        id: "c1f7a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7".into(),
        parent: Some("a1f7a0b1c2d3e4f5a6b7c8d9e0f1a2b3c4d5e6f7".into()),
        order: Some(412),
        subject: Some("memory: keep messages in one table".into()),
        author: Some("A. Uthor".into()),
        time: Some("2026-11-23T10:00:00Z".parse().unwrap()),
        branch: Some("main".into()),
        dirty: true,
    });
    run.machine = Some(Machine {
        name: Some("ci-1".into()),
        cpu: Some("AMD EPYC".into()),
        cores: Some(2),
        memory_bytes: Some(25_178_000_000),
        os: Some("Debian GNU/Linux 12".into()),
        kernel: Some("6.1.0".into()),
        architecture: Some("x86_64".into()),
        virtualisation: Some("kvm".into()),
        governor: Some("performance".into()),
    });
    run.toolchain = Some("rustc 1.95.0".into());
    run.driftline = Some("0.1.0".into());
    run.ci = Some(Ci { name: "github".into(), url: Some("https://example.com/1".into()) });
    run.conditions = Some(Conditions {
        load: Some(0.5),
        others_cpus: Some(0.25),
        steal: Some(0.0625),
        swapped_kilobytes: Some(12.0),
    });
    run.settings = Settings {
        quick: true,
        filter: Some("^memory/".into()),
        rounds: Some(3),
        order_seed: Some(7),
        arguments: vec!["--features".into(), "x".into()],
    };
    run.skipped = vec![Skipped { name: "upload/big".into(), reason: "no values".into() }];
    run
}

fn bare_run() -> Run {
    let summary = Summary { median: Some(100.0), ..Summary::default() };
    let measurement = Measurement::new(
        BenchmarkId::new("a").unwrap(),
        Metric::wall_time(),
        Unit::nanoseconds(),
        Direction::Lower,
        vec![Round::summarised(summary)],
    );
    Run::new(RunId::new("bare").unwrap(), vec![measurement.unwrap()])
}

/// [`full_run`] without what the first driftline 0.1.0 did not record.
fn first_run() -> Run {
    let mut run = full_run();
    run.conditions = None;
    run.settings = Settings { rounds: None, order_seed: None, ..run.settings };
    let plain = |measurement: &Measurement| {
        let rounds = measurement.rounds().iter().cloned().map(|round| {
            let summary = Summary { low: None, tail: None, ..round.summary() };
            round.with_summary(summary).with_position(None)
        });
        Measurement::new(
            measurement.benchmark().clone(),
            measurement.metric().clone(),
            measurement.unit().clone(),
            measurement.better(),
            rounds.collect(),
        )
    };
    run.measurements = run.measurements.iter().map(plain).collect::<Result<_, _>>().unwrap();
    run
}

fn baseline_of(run: Run, levels: Vec<Level>) -> Baseline {
    Baseline {
        name: BaselineName::new("main").unwrap(),
        saved: Some("2026-11-23T12:00:00Z".parse().unwrap()),
        levels,
        run,
    }
}

fn level() -> Level {
    Level {
        benchmark: BenchmarkId::new("memory/add_message/64").unwrap(),
        metric: Metric::wall_time(),
        unit: Unit::nanoseconds(),
        accepted: 6500.5,
        accepted_run: RunId::new("20261101T080000Z-0a1b2c").unwrap(),
        best: 6399.0,
        best_run: RunId::new("20261123T111302Z-3f9a1c").unwrap(),
        machine: None,
        better: None,
    }
}

#[test]
fn files_of_the_first_driftline_are_read() {
    let reading = read_history(FIRST_HISTORY);
    assert_eq!((reading.damaged.as_slice(), reading.torn_tail), (&[][..], false));
    assert_eq!(reading.into_runs(), [first_run(), bare_run()]);
    assert_eq!(read_baseline(FIRST_BASELINE).unwrap(), baseline_of(first_run(), Vec::new()));
    // What they do not hold is not made up when they are written again.
    let written = write_run(&first_run()) + &write_run(&bare_run());
    assert_eq!(written.as_bytes(), FIRST_HISTORY);
}

#[test]
fn files_of_version_1_are_read_and_written_alike() {
    let reading = read_history(HISTORY_V1);
    assert_eq!((reading.damaged.as_slice(), reading.torn_tail), (&[][..], false));
    assert_eq!(reading.into_runs(), [full_run(), bare_run()]);
    let baseline = baseline_of(full_run(), vec![level()]);
    assert_eq!(read_baseline(BASELINE_V1).unwrap(), baseline);

    let written = write_run(&full_run()) + &write_run(&bare_run());
    assert_eq!(written.as_bytes(), HISTORY_V1, "writing changed: that is a new version");
    assert_eq!(write_baseline(&baseline).as_bytes(), BASELINE_V1);
}

#[test]
fn what_was_decided_of_a_run_is_kept_as_it_was_said() {
    let verdicts = vec![RecordedVerdict {
        id: "a".into(),
        metric: "wall_time".into(),
        verdict: "regressed".into(),
        change: Some(0.5),
        drifted: true,
        accepted: Some(RecordedAcceptance { reason: "checksums".into(), source: "x".into() }),
        accepted_from: Some(RunId::new("r1").unwrap()),
    }];
    let judged = Run {
        judgement: Some(Judgement {
            core: "0.1.0".into(),
            policy: serde_json::json!({"threshold": 0.2, "unheard_of": [1e300]}),
            baseline: "history".into(),
            runs: vec![RunId::new("r1").unwrap()],
            history: Vec::new(),
            verdicts,
        }),
        ..bare_run()
    };
    let line = write_run(&judged);
    assert_eq!(read_run(line.as_bytes()).unwrap(), judged);
    // A run without it is written as ever, and what a later version adds is passed over.
    assert!(!write_run(&bare_run()).contains("judgement"));
    let later = line
        .replace("\"core\":", "\"later\":{},\"core\":")
        .replace("\"regressed\",", "\"regressed\",\"later\":0,");
    assert_ne!(later, line);
    assert_eq!(read_run(later.as_bytes()).unwrap(), judged);
}

#[test]
fn every_damaged_line_is_listed_and_the_others_are_read() {
    let good = write_run(&bare_run());
    let good = good.trim_end();
    let mut bytes = Vec::new();
    for line in [
        &b"\xef\xbb\xbf"[..],
        good.as_bytes(),
        b"\r\n\n<<<<<<< HEAD\n",
        br#"{"format":"driftline-run/2","whatever":true}"#,
        b"\n\xff\xfe\xfd\n{\"id\":\"x\"}\n",
        br#"{"format":"driftline-baseline/1"}"#,
        b"\n",
        br#"{"format":"driftline-run/1","id":"r","measurements":[{"id":"a","rounds":[]}]}"#,
        b"\n",
        good.as_bytes(),
        b"\n\0\0\0\0",
    ] {
        bytes.extend_from_slice(line);
    }
    let reading = read_history(&bytes);
    let lines: Vec<usize> = reading.runs.iter().map(|recorded| recorded.line).collect();
    assert_eq!(lines, [1, 9]);
    let reasons: Vec<String> = reading.damaged.iter().map(|d| d.reason.to_string()).collect();
    assert_eq!(
        reasons,
        [
            "line 3, column 1: expected value (expected driftline-run/1)",
            "line 4: written by a newer driftline (driftline-run/2; this one knows \
             driftline-run/1): update driftline",
            "line 5, column 1: expected value (expected driftline-run/1)",
            "line 6: there is no \"format\" (expected driftline-run/1)",
            "line 7: the format is \"driftline-baseline/1\" (expected driftline-run/1)",
            "line 8, column 76: benchmark \"a\" has no rounds (expected driftline-run/1)",
            "line 10: 4 NUL bytes instead of a driftline-run/1, as after a power failure",
        ]
    );
    assert!(reading.torn_tail);
    assert_eq!(&bytes[reading.damaged[6].bytes.clone()], b"\0\0\0\0");
    assert_eq!(&bytes[reading.runs[1].bytes.clone()], good.as_bytes());
}

#[test]
fn a_history_cut_anywhere_gives_the_runs_before_the_cut() {
    let mut lines = Vec::new();
    for n in 0..3 {
        let mut run = full_run();
        run.id = RunId::new(format!("run-{n}")).unwrap();
        lines.push(write_run(&run));
    }
    let text = lines.concat();
    for cut in 0..text.len() {
        let reading = read_history(&text.as_bytes()[..cut]);
        // A run whose line feed alone is missing is whole.
        let mut end = 0;
        let whole = lines.iter().take_while(|line| {
            end += line.len();
            end - 1 <= cut
        });
        let whole = whole.count();
        let at_boundary = cut == 0 || text.as_bytes()[cut - 1] == b'\n';
        let only_feed_missing = text.as_bytes()[cut] == b'\n';
        assert_eq!(reading.runs.len(), whole, "cut at {cut}");
        assert_eq!(reading.torn_tail, !at_boundary, "cut at {cut}");
        let damaged = usize::from(!at_boundary && !only_feed_missing);
        assert_eq!(reading.damaged.len(), damaged, "cut at {cut}");
        assert!(
            reading.damaged.iter().all(|d| matches!(d.reason, WireError::CutShort { .. })),
            "cut at {cut}: {:?}",
            reading.damaged
        );
    }
}

#[test]
fn an_empty_file_is_an_empty_history() {
    for bytes in [&b""[..], b"\n", b"\xef\xbb\xbf", b"\r\n  \n"] {
        let reading = read_history(bytes);
        assert!(reading.runs.is_empty() && reading.damaged.is_empty(), "{bytes:?}");
    }
}

#[test]
fn deep_nesting_is_refused_and_overflows_no_stack() {
    let deep = "[".repeat(100_000);
    let text = format!("{{\"format\":\"driftline-run/1\",\"id\":\"r\",\"x\":{deep}");
    assert!(read_run(text.as_bytes()).is_err());
    assert_eq!(read_history(deep.as_bytes()).damaged.len(), 1);
}

fn any_text() -> impl Strategy<Value = String> {
    "[ -~äβ\\\\\"\n\u{1F600}]{0,12}"
}

prop_compose! {
    fn any_round()(
        values in prop::collection::vec(0.0..1e18f64, 1..6),
        whole in any::<bool>(),
        iterations in 1u64..100_000,
        kept in any::<bool>(),
    ) -> Round {
        let values = if whole { values.iter().map(|v| v.round()).collect() } else { values };
        let round = Round::of(Sample::new(values, Iterations::Every(iterations)).unwrap());
        if kept { round } else { round.without_sample() }
    }
}

prop_compose! {
    fn any_measurement()(
        (benchmark, metric, unit) in (any_text(), any_text(), any_text()),
        higher in any::<bool>(),
        rounds in prop::collection::vec(any_round(), 1..3),
    ) -> Measurement {
        let better = if higher { Direction::Higher } else { Direction::Lower };
        let benchmark = BenchmarkId::new(format!("b{benchmark}")).unwrap();
        let metric = Metric::new(format!("m{metric}")).unwrap();
        Measurement::new(benchmark, metric, Unit::parse(&unit).0, better, rounds).unwrap()
    }
}

prop_compose! {
    fn any_run()(
        (id, subject, filter, reason) in (any_text(), any_text(), any_text(), any_text()),
        measurements in prop::collection::vec(any_measurement(), 0..4),
        (order, cores) in (any::<Option<u64>>(), any::<Option<u64>>()),
        (quick, dirty) in (any::<bool>(), any::<bool>()),
        nanosecond in -377_705_023_201_000_000_000i128..253_402_207_200_000_000_000,
    ) -> Run {
        let mut run = Run::new(RunId::new(format!("r{id}")).unwrap(), measurements);
        run.time = jiff::Timestamp::from_nanosecond(nanosecond).ok();
        run.commit =
            Some(Commit { id: subject.clone(), order, dirty, subject: Some(subject), ..Commit::default() });
        run.machine = Some(Machine { cores, ..Machine::default() });
        let arguments = vec![reason.clone()];
        run.settings = Settings { quick, filter: Some(filter), arguments, ..Settings::default() };
        run.skipped.push(Skipped { name: id, reason });
        run
    }
}

proptest! {
    #[test]
    fn writing_and_reading_loses_nothing(runs in prop::collection::vec(any_run(), 0..4)) {
        let text: String = runs.iter().map(write_run).collect();
        prop_assert_eq!(text.lines().count(), runs.len());
        let reading = read_history(text.as_bytes());
        prop_assert!(reading.damaged.is_empty());
        prop_assert_eq!(reading.into_runs(), runs.clone());
        for run in runs {
            let name = BaselineName::new("main").unwrap();
            let baseline = Baseline { name, saved: run.time, levels: Vec::new(), run };
            let text = write_baseline(&baseline);
            let document = read_run_or_baseline(text.as_bytes());
            prop_assert_eq!(document, Ok(Document::Baseline(baseline)));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let reading = read_history(&bytes);
        prop_assert!(reading.runs.is_empty());
        prop_assert!(read_baseline(&bytes).is_err());
        prop_assert!(read_run_or_baseline(&bytes).is_err());
    }

    #[test]
    fn no_damage_to_a_history_panics_or_loses_other_lines(
        hits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = HISTORY_V1.to_vec();
        bytes.extend_from_slice(HISTORY_V1);
        let end_of_first = bytes.iter().position(|&b| b == b'\n').unwrap() + 1;
        for (place, byte) in hits {
            let place = end_of_first + place.index(bytes.len() - end_of_first);
            bytes[place] = byte;
        }
        let reading = read_history(&bytes);
        prop_assert_eq!(&reading.runs[0].run, &full_run());
    }
}
