//! The same bytes in give the same verdicts out, to the last bit. `web/tests` checks the same files
//! against what the wasm module answers.
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers as well")]

use driftline_core::change::changes;
use driftline_core::compare::{Policy, Side, compare};
use driftline_core::formats::{InputFile, read};
use driftline_core::model::{
    BenchmarkId, Direction, History, Measurement, Metric, Round, Run, RunId, Sample, Unit,
};
use driftline_core::report::{changes_json, comparison_json};
use driftline_core::wire::write_run;
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

const CHANGED: &str = "the golden comparison changed. If the statistics changed on purpose, write it \
    anew (tests/data/golden/README.md). If only last digits differ, something computes with the \
    platform's mathematics: look for `f64::ln` and the like, or for a dependency that turns on \
    `num-traits/std` (cargo tree -e features -i num-traits), as criterion does for all that is built \
    in one cargo call with it";
const HISTORY: &str = include_str!("data/golden/history.jsonl");
const NEWEST: &str = include_str!("data/golden/newest.jsonl");

#[test]
fn the_golden_comparison_is_the_same_to_the_last_byte() {
    let runs = [
        ("baseline.jsonl", include_bytes!("data/golden/baseline.jsonl").as_slice()),
        ("candidate.jsonl", include_bytes!("data/golden/candidate.jsonl").as_slice()),
    ]
    .map(|(name, bytes)| (name, read(&InputFile { name, bytes }, None).unwrap().runs));
    let [(before, before_runs), (after, after_runs)] = &runs;
    let comparison = compare(
        &Side::of_run(path(before), &before_runs[0]),
        &Side::of_run(path(after), &after_runs[0]),
        &Policy::default(),
    );
    assert!(
        comparison_json(&comparison) == include_str!("data/golden/comparison.json"),
        "{CHANGED}"
    );
}

#[test]
fn the_golden_history_gives_the_same_to_the_last_byte() {
    let runs = |name: &str, text: &str| read(&InputFile { name, bytes: text.as_bytes() }, None);
    let before = runs("history.jsonl", HISTORY).unwrap().runs;
    let after = runs("newest.jsonl", NEWEST).unwrap().runs;
    let baseline = Side { name: path("history.jsonl"), runs: before.iter().collect() };
    let candidate = Side::of_run(path("newest.jsonl"), &after[0]);
    let comparison = compare(&baseline, &candidate, &Policy::default());
    let golden = include_str!("data/golden/history_comparison.json");
    assert!(comparison_json(&comparison) == golden, "{CHANGED}");
}

/// Six runs of three benchmarks in three rounds of twelve values, and a seventh in which one of the
/// benchmarks takes half as long again. One launch in eight is disturbed.
fn generated_runs() -> Vec<Run> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(20_261_123);
    let mut below = |bound: u64| random.next_u64() % bound;
    let mut round = |level: u64| {
        let disturbed = below(8) == 0;
        let slower = if disturbed { 105 + below(40) } else { 100 };
        let spread = if disturbed { 40 } else { 2 };
        let low = level * (990 + below(21)) / 1000 * slower / 100;
        let totals = (0..12).map(|_| (low + low * below(spread * 10) / 1000) as f64 * 10.0);
        Round::of(Sample::from_totals(&totals.collect::<Vec<_>>(), vec![10; 12]).unwrap())
    };
    let run = |number: usize| {
        let levels = [("memory/add", 1_200), ("tools/find", 88_000), ("upload/read", 5_300_000)];
        let measurements = levels.map(|(id, level)| {
            let level = if number == 6 && id == "tools/find" { level * 3 / 2 } else { level };
            let rounds = (0..3).map(|_| round(level)).collect();
            let (id, time) = (BenchmarkId::new(id).unwrap(), Metric::wall_time());
            Measurement::new(id, time, Unit::nanoseconds(), Direction::Lower, rounds).unwrap()
        });
        Run::new(RunId::new(format!("run-{number}")).unwrap(), measurements.into())
    };
    (0..7).map(run).collect()
}

#[test]
fn the_golden_history_is_what_its_generator_writes() {
    let lines: Vec<String> = generated_runs().iter().map(write_run).collect();
    let (newest, earlier) = lines.split_last().unwrap();
    assert_eq!(earlier.concat(), HISTORY);
    assert_eq!(newest, NEWEST);
}

#[test]
fn the_golden_change_points_are_the_same_to_the_last_byte() {
    let input = InputFile {
        name: "history.csv",
        bytes: include_bytes!("data/golden/history.csv").as_slice(),
    };
    let history = History::new(read(&input, None).unwrap().runs);
    assert!(
        changes_json(&changes(&history, &[])) == include_str!("data/golden/changes.json"),
        "{CHANGED}"
    );
}

/// As the command in the README names the files.
fn path(file: &str) -> String {
    format!("core/tests/data/golden/{file}")
}
