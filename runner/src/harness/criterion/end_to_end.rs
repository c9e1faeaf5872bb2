//! A real cargo project outside of this repository: built, listed and run, with everything that can
//! go wrong in it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use driftline_core::model::{Measurement, Run, RunId};

use super::*;
use crate::harness::cargo::{BenchTarget, BuildOptions, build};
use crate::harness::testing::Recorder;
use crate::harness::{Failure, Interrupt, Outcome, Pass, Progress};

const MANIFEST: &str = r#"
[package]
name = "sample"
version = "1.2.3"
edition = "2024"

[dev-dependencies]
criterion = { version = "0.8.2", default-features = false, features = ["cargo_bench_support"] }

[profile.bench]
opt-level = 0
debug = false

[lib]
path = "lib.rs"

[workspace]
"#;

const BENCHES: [(&str, &str); 6] = [
    ("a_real", include_str!("testdata/real.rs")),
    ("b_fake", include_str!("testdata/fake.rs")),
    ("c_files", include_str!("testdata/files.rs")),
    ("d_plain", "fn main() { println!(\"no benchmark\"); }"),
    ("e_same", SAME),
    ("f_libtest", "#[test] fn unit() {}"),
];

const SAME: &str = r#"
fn same(c: &mut criterion::Criterion) {
    c.bench_function("twice", |b| b.iter(|| 1));
    c.bench_function("same/measures nothing", |_| {});
    panic!("between benchmarks");
}
criterion::criterion_group!(benches, same);
criterion::criterion_main!(benches);
"#;

struct Project {
    _folder: tempfile::TempDir,
    targets: Vec<BenchTarget>,
}

/// Built once for all tests, with the versions of this workspace's own lock file.
fn project() -> &'static Project {
    static PROJECT: OnceLock<Project> = OnceLock::new();
    PROJECT.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
        fs::create_dir(folder.path().join("benches")).unwrap();
        let mut manifest = MANIFEST.to_owned();
        for (name, text) in BENCHES {
            write(&format!("benches/{name}.rs"), text);
            let harness = name == "f_libtest";
            let _ = writeln!(manifest, "[[bench]]\nname = \"{name}\"\nharness = {harness}");
        }
        write("Cargo.toml", &manifest);
        write("lib.rs", "");
        let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock");
        fs::copy(lock, folder.path().join("Cargo.lock")).unwrap();
        let target_folder: PathBuf = std::env::current_exe().unwrap();
        let target_folder = target_folder.ancestors().nth(2).unwrap().join("end-to-end");
        fs::create_dir(folder.path().join(".cargo")).unwrap();
        write(".cargo/config.toml", &format!("[build]\ntarget-dir = {target_folder:?}\n"));
        let options =
            BuildOptions { directory: folder.path().to_owned(), ..BuildOptions::default() };
        let built = build(&options, &Interrupt::new()).unwrap();
        assert!(built.failures.is_empty(), "{built:#?}");
        Project { _folder: folder, targets: built.targets }
    })
}

fn targets(names: &[&str]) -> Vec<BenchTarget> {
    let chosen = |target: &&BenchTarget| names.contains(&target.name.as_str());
    project().targets.iter().filter(chosen).cloned().collect()
}

fn list(targets: Vec<BenchTarget>, filter: Option<&str>) -> Suite {
    let selection = filter.map_or(Selection::All, |f| Selection::Matching(Regex::new(f).unwrap()));
    Suite::list(targets, selection, &Interrupt::new())
}

/// As if each benchmark took so long: 0 makes any program expensive to start.
fn options(each: Duration) -> RunOptions {
    // Short, so that on a busy machine none seems to hang.
    let brief = ["--warm-up-time", "0.01", "--measurement-time", "0.05"];
    let times = RoundTimes { arguments: brief.map(str::to_owned).to_vec(), each };
    RunOptions { times, timeout: Duration::from_secs(2), verbose: false }
}

/// A seed that leaves two targets in their order.
fn as_listed() -> u64 {
    let keeps = |seed: &u64| {
        let mut targets = [0, 1];
        Pass::new(*seed, 0, "").shuffle(&mut targets);
        targets == [0, 1]
    };
    (0..100).find(keeps).unwrap()
}

/// One pass, each target in one process.
fn pass(suite: &mut Suite, interrupt: &Interrupt, progress: &dyn Progress) {
    let mut pass = Pass::new(as_listed(), 0, "");
    suite.pass(&options(Duration::ZERO), None, &mut pass, interrupt, progress);
}

fn run(names: &[&str], filter: Option<&str>) -> (Outcome, Vec<String>) {
    let recorder = Recorder::default();
    let mut suite = list(targets(names), filter);
    recorder.started(suite.count());
    pass(&mut suite, &Interrupt::new(), &recorder);
    (suite.outcome().clone(), recorder.lines())
}

fn measured(outcome: &Outcome) -> Vec<&str> {
    outcome.measurements.iter().map(|m| m.benchmark().as_str()).collect()
}

fn failed(outcome: &Outcome) -> Vec<(&str, &str)> {
    outcome.failures.iter().map(|f| (f.name(), f.reason.as_str())).collect()
}

#[test]
fn only_bench_targets_are_built() {
    let names: Vec<&str> = project().targets.iter().map(|t| t.name.as_str()).collect();
    assert_eq!(names, BENCHES.map(|(name, _)| name));
}

#[test]
fn criterion_is_run_to_its_end_whatever_its_benchmarks_do() {
    let (outcome, lines) = run(&["a_real"], None);
    let long = "long".repeat(26);
    let expected = [
        "good/plain",
        "good/of? size/7",
        &format!("{long}a"),
        &format!("{long}b"),
        "twice",
        "bad/after panics",
        "bad/prints",
        "bad/environment",
        "custom",
    ];
    assert_eq!(measured(&outcome), expected, "{outcome:#?}");
    assert_eq!(
        failed(&outcome),
        [
            ("bad/panics", "ended with exit status 101"),
            (
                "bad/hangs",
                "hung: gave no sign of life for 2 s and was ended; allow more with --timeout, or \
                 leave it out with --filter"
            ),
            ("bad/exits", "ended with exit status 0"),
        ]
    );
    let panic = outcome.failures[0].last_output.join("\n");
    assert!(panic.contains("on purpose"), "{panic}");
    assert!(!panic.contains('\x1b'), "{panic}");
    assert_eq!(outcome.failures[1].last_output.last().unwrap(), "going to sleep");
    let skipped: Vec<&str> = outcome.skipped.iter().map(|s| s.name.as_str()).collect();
    assert_eq!(skipped, ["twice #2"]);
    assert_eq!(outcome.known.len(), 13);
    assert_eq!(lines[0], "started Some(13)");
    assert!(lines[1].starts_with("a_real: starting it takes"), "{lines:#?}");
    assert_eq!(lines[2], "1 good/plain");

    let plain = &outcome.measurements[0];
    assert_eq!((plain.metric().as_str(), plain.unit().as_str()), ("wall_time", "ns"));
    assert_eq!(plain.values().unwrap().len(), 10);
    let custom = outcome.measurements.last().unwrap();
    assert_eq!((custom.metric().as_str(), custom.unit().as_str()), ("half-cycles", "half-cycles"));
    let sample = custom.rounds()[0].sample().unwrap();
    // 21 cycles in all, whatever the number of iterations; twice that in half-cycles.
    assert!((sample.values()[0] * sample.iterations_at(0) as f64 - 42.0).abs() < 1e-9);
}

#[test]
fn filters_choose_by_the_whole_name() {
    let (outcome, lines) = run(&["a_real", "b_fake"], Some("^good/of\\? size|longb$"));
    assert_eq!(measured(&outcome), ["good/of? size/7", &format!("{}b", "long".repeat(26))]);
    assert_eq!(lines[0], "started Some(2)");
    assert!(outcome.failures.is_empty() && outcome.skipped.is_empty(), "{outcome:#?}");

    let (outcome, lines) = run(&["a_real", "b_fake"], Some("no such benchmark"));
    assert!(outcome.measurements.is_empty() && outcome.known.len() == 23, "{outcome:#?}");
    assert_eq!(lines, ["started Some(0)"]);
}

#[test]
fn a_broken_conversation_costs_one_benchmark() {
    let (outcome, _) = run(&["b_fake"], None);
    assert_eq!(measured(&outcome), ["fake/first", "fake/last"], "{outcome:#?}");
    assert_eq!(outcome.measurements[0].values().unwrap(), [5.0, 6.0]);
    let expected = [
        ("fake/huge", "it announced a message of 4294967295 bytes"),
        ("fake/garbage", "its message cannot be understood"),
        ("fake/truncated", "its message ended after 3 of 256 bytes"),
        ("fake/lengths", "2 values but 1 numbers of iterations"),
        ("fake/not a number", "value NaN at position 0"),
        ("fake/no iterations", "0 is no number of iterations"),
        ("fake/silent", "hung: gave no sign of life for 2 s"),
        ("fake/aborts", "was aborted (signal 6)"),
    ];
    let got = failed(&outcome);
    assert_eq!(got.len(), expected.len(), "{got:#?}");
    for ((name, reason), (expected_name, part)) in got.iter().zip(expected) {
        assert!(*name == expected_name && reason.contains(part), "{name}: {reason}");
    }
}

#[test]
fn another_protocol_leaves_the_files() {
    let (outcome, lines) = run(&["c_files"], None);
    assert_eq!(measured(&outcome), ["files/one"], "{outcome:#?}");
    assert_eq!(failed(&outcome), [("files/two", "ended with exit status 101")]);
    assert!(outcome.failures[0].last_output.join("\n").contains("second"));
    let why = "c_files: criterion 1.0.0 speaks version 2, format 1 of its runner protocol, not 1 \
               and 1; reading criterion's files instead";
    assert!(lines.iter().any(|line| line == why), "{lines:#?}");
}

#[test]
fn what_is_not_criterion_is_told() {
    let (outcome, lines) = run(&["d_plain", "f_libtest"], None);
    assert!(outcome.measurements.is_empty() && outcome.failures.is_empty(), "{outcome:#?}");
    let skipped: Vec<(&str, bool)> = outcome
        .skipped
        .iter()
        .map(|s| (s.name.as_str(), s.reason.contains("Rust's own bench harness")))
        .collect();
    assert_eq!(skipped, [("f_libtest", true), ("d_plain", false)]);
    assert_eq!(lines[0], "started None");
}

#[test]
fn the_same_name_in_two_targets_is_two_benchmarks() {
    let (outcome, lines) = run(&["a_real", "e_same"], Some("^twice$|^same/"));
    assert_eq!(
        measured(&outcome),
        ["sample/a_real/twice", "sample/e_same/twice"],
        "{lines:#?} {outcome:#?}"
    );
    let told = "bench targets sample/a_real and sample/e_same have benchmarks of the same name: they \
                are kept as sample/a_real/twice and sample/e_same/twice, and other names they share \
                likewise";
    assert_eq!(lines.iter().filter(|line| *line == told).count(), 1, "{lines:#?}");
    let [skipped] = outcome.skipped.as_slice() else { unreachable!("{outcome:#?}") };
    assert!(skipped.reason.contains("measures two benchmarks of this name"), "{skipped:?}");
    // It panics while it lists, so it is run once with the filter as it is.
    let [failure] = outcome.failures.as_slice() else { unreachable!("{outcome:#?}") };
    assert_eq!(failure.name(), "same/measures nothing");
    assert!(failure.reason.ends_with("cannot list them"), "{failure}");
}

#[test]
fn names_that_two_targets_list_are_told_apart_from_the_first_on() {
    let mut targets: Vec<BenchTarget> = project().targets.clone();
    targets.retain(|target| target.name == "a_real");
    targets.push(BenchTarget { qualified_name: "other/a_real".into(), ..targets[0].clone() });
    let mut suite = list(targets, Some("^good/plain$|^bad/panics$"));
    let recorder = Recorder::default();
    pass(&mut suite, &Interrupt::new(), &recorder);
    let outcome = suite.outcome();
    assert_eq!(measured(outcome), ["sample/a_real/good/plain", "other/a_real/good/plain"]);
    let failed: Vec<&str> = outcome.failures.iter().map(Failure::name).collect();
    assert_eq!(failed, ["sample/a_real/bad/panics", "other/a_real/bad/panics"]);
    let lines = recorder.lines();
    assert!(lines.iter().any(|l| l == "sample/a_real/good/plain: measured"), "{lines:#?}");
    assert_eq!(lines.iter().filter(|l| l.contains("of the same name")).count(), 1, "{lines:#?}");
}

/// Passes in which each benchmark has a process of its own, as nothing is expensive to start.
fn apart(suite: &mut Suite, seed: u64, passes: std::ops::Range<u32>) -> Vec<String> {
    let recorder = Recorder::default();
    let options = options(Duration::from_hours(1));
    for number in passes {
        let mut pass = Pass::new(seed, number, format!("round {number}"));
        suite.pass(&options, None, &mut pass, &Interrupt::new(), &recorder);
    }
    recorder.lines()
}

fn places(outcome: &Outcome) -> BTreeMap<&str, Vec<u32>> {
    let of = |m: &Measurement| m.rounds().iter().map(|round| round.position().unwrap()).collect();
    outcome.measurements.iter().map(|m| (m.benchmark().as_str(), of(m))).collect()
}

#[test]
fn passes_become_rounds_in_an_order_that_the_seed_gives() {
    let filter = "^good/|^long|^bad/(prints|panics)|fake/(first|last)|files/one";
    let names = ["a_real", "b_fake", "c_files"];
    let mut suite = list(targets(&names), Some(filter));
    assert_eq!(suite.count(), Some(9));
    let lines = apart(&mut suite, 5, 0..2);
    let outcome = suite.outcome();
    assert_eq!(outcome.measurements.len(), 8, "{outcome:#?}");
    for measurement in &outcome.measurements {
        assert_eq!(measurement.rounds().len(), 2, "{measurement:#?}");
        assert_eq!(measurement.executable().unwrap().len(), 16);
    }
    // What crashes is tried in each pass, and reported once. (The file writer runs both of its own.)
    let mut crashed = failed(outcome);
    crashed.sort_unstable();
    let status = "ended with exit status 101";
    assert_eq!(crashed, [("bad/panics", status), ("files/two", status)]);
    let tried = lines.iter().filter(|line| line.ends_with("bad/panics")).count();
    assert_eq!(tried, 2, "{lines:#?}");
    assert!(!lines.iter().any(|line| line.contains("starting it takes")), "{lines:#?}");

    let first = places(outcome);
    let mut of_pass: Vec<Vec<u32>> =
        (0..2).map(|pass| first.values().map(|places| places[pass]).collect()).collect();
    assert_ne!(of_pass[0], of_pass[1], "each pass has its own order");
    for places in &mut of_pass {
        places.sort_unstable();
        places.dedup();
        assert_eq!(places.len(), 8, "each has a place of its own: {places:?}");
        assert!(places[7] <= 8);
    }
    let mut again = list(targets(&names), Some(filter));
    apart(&mut again, 5, 0..2);
    assert_eq!(places(again.outcome()), first);
    let mut other = list(targets(&names), Some(filter));
    apart(&mut other, 6, 0..2);
    assert_ne!(places(other.outcome()), first);
}

#[test]
fn what_hung_is_not_tried_again_and_suspects_alone_are() {
    let filter = "^good/plain|^long|^bad/hangs|fake/first";
    let mut suite = list(targets(&["a_real", "b_fake"]), Some(filter));
    let lines = apart(&mut suite, 1, 0..2);
    let tried = lines.iter().filter(|line| line.ends_with(" bad/hangs")).count();
    assert_eq!((tried, suite.outcome().failures.len()), (1, 1), "{lines:#?}");

    // One of two whose names are cut alike.
    let long = format!("{}b", "long".repeat(26));
    let only = [long.clone(), "fake/first".to_owned(), "no such".to_owned()].into();
    assert_eq!(suite.count_of(&only), 2);
    let recorder = Recorder::default();
    let mut third = Pass::new(1, 2, "third");
    suite.pass(&options(Duration::ZERO), Some(&only), &mut third, &Interrupt::new(), &recorder);
    let rounds: BTreeMap<&str, usize> = suite
        .outcome()
        .measurements
        .iter()
        .map(|m| (m.benchmark().as_str(), m.rounds().len()))
        .collect();
    let other = format!("{}a", "long".repeat(26));
    let expected = [("good/plain", 2), (&other, 2), (&long, 3), ("fake/first", 3)];
    assert_eq!(rounds, expected.into(), "{:#?}", recorder.lines());
}

#[test]
fn what_the_same_program_measured_is_left_out() {
    let names = ["a_real", "b_fake"];
    let mut suite = list(targets(&names), Some("^good/plain|fake/first"));
    apart(&mut suite, 1, 0..1);
    let run = |measurements: Vec<Measurement>| Run::new(RunId::new("r").unwrap(), measurements);
    let before = run(suite.outcome().measurements.clone());
    let leave_out = |filter: &str, baseline: &[Run]| {
        let mut suite = list(targets(&names), Some(filter));
        let left_out = suite.leave_out_identical(baseline);
        let left_out: Vec<String> = left_out
            .into_iter()
            .map(|i| format!("{}: {}", i.target, i.benchmarks.join(", ")))
            .collect();
        (left_out, suite.count())
    };
    let both = vec!["a_real: good/plain".to_owned(), "b_fake: fake/first".to_owned()];
    let filter = "^good/plain|fake/first";
    assert_eq!(leave_out(filter, std::slice::from_ref(&before)), (both.clone(), Some(0)));
    // What the baseline lacks is run.
    let wider = "^good/plain|fake/(first|last)";
    assert_eq!(leave_out(wider, std::slice::from_ref(&before)), (both.clone(), Some(1)));
    // Another program in any run of the baseline, or an unknown one, says nothing.
    let mut other = before.clone();
    other.measurements[0].set_executable("0123456789abcdef");
    assert_eq!(other.measurements[0].benchmark().as_str(), "fake/first");
    assert_eq!(leave_out(filter, &[before, other]), (both[..1].to_vec(), Some(1)));
    assert_eq!(leave_out(filter, &[run(Vec::new())]), (Vec::new(), Some(2)));
}

#[test]
fn an_interrupt_keeps_what_was_measured() {
    struct StopAtHang(Interrupt);
    impl Progress for StopAtHang {
        fn started(&self, _: Option<usize>) {}
        fn pass(&self, _: &str, _: Option<usize>) {}
        fn benchmark(&self, name: &str) {
            if name == "bad/hangs" {
                self.0.set();
            }
        }
        fn measuring(&self, _: Duration) {}
        fn finished(&self, _: &str, _: crate::harness::Finished<'_>) {}
        fn message(&self, _: &str) {}
    }
    let mut suite = list(targets(&["a_real", "b_fake"]), Some("^good/plain|hangs|fake"));
    let interrupt = Interrupt::new();
    let progress = StopAtHang(interrupt.clone());
    let begun = Instant::now();
    let mut options = options(Duration::ZERO);
    options.timeout = Duration::from_mins(10);
    suite.pass(&options, None, &mut Pass::new(as_listed(), 0, ""), &interrupt, &progress);
    let outcome = suite.outcome();
    assert!(outcome.interrupted && begun.elapsed() < Duration::from_secs(100));
    assert_eq!(measured(outcome), ["good/plain"]);
    assert!(outcome.failures.is_empty(), "{outcome:#?}");
}
