//! Runs for the tests.

use crate::compare::{Comparison, Policy, Row, Side, Verdict, compare};
use crate::model::{
    BenchmarkId, Direction, Iterations, Measurement, Metric, Round, Run, RunId, Sample, Summary,
    Unit,
};

/// A launch whose low is `low` and whose values reach `spread` above it, a ratio: 0.01 is calm.
pub(super) fn launch(low: f64, spread: f64) -> Round {
    const VALUES: u32 = 20;
    let values = (0..VALUES).map(|i| {
        let step = f64::from(i * 7 % VALUES) / f64::from(VALUES - 1);
        low * (1.0 + spread * step)
    });
    Round::of(Sample::new(values.collect(), Iterations::Every(1)).unwrap())
}

/// Wall times in these rounds.
pub(super) fn timed(benchmark: &str, rounds: Vec<Round>) -> Measurement {
    measured(benchmark, "wall_time", "ns", Direction::Lower, rounds)
}

/// Calm launches with these lows.
pub(super) fn times(benchmark: &str, lows: &[f64]) -> Measurement {
    timed(benchmark, lows.iter().map(|&low| launch(low, 0.01)).collect())
}

pub(super) fn measured(
    benchmark: &str,
    metric: &str,
    unit: &str,
    better: Direction,
    rounds: Vec<Round>,
) -> Measurement {
    let (id, metric) = (BenchmarkId::new(benchmark).unwrap(), Metric::new(metric).unwrap());
    Measurement::new(id, metric, Unit::parse(unit).0, better, rounds).unwrap()
}

/// A count that is known exactly.
pub(super) fn counted(benchmark: &str, instructions: f64) -> Measurement {
    let rounds = vec![Round::summarised(Summary::of(&[instructions]))];
    measured(benchmark, "instructions", "instructions", Direction::Lower, rounds)
}

/// A round of which only the median is known.
pub(super) fn median(median: f64) -> Round {
    Round::summarised(Summary { median: Some(median), ..Summary::default() })
}

pub(super) fn run(id: &str, measurements: impl Into<Vec<Measurement>>) -> Run {
    Run::new(RunId::new(id).unwrap(), measurements.into())
}

/// Runs of one benchmark, `bench`, with calm launches of these lows.
pub(super) fn runs(name: &str, lows: &[&[f64]]) -> Vec<Run> {
    let of = |(n, lows): (usize, &&[f64])| run(&format!("{name}-{n}"), [times("bench", lows)]);
    lows.iter().enumerate().map(of).collect()
}

pub(super) fn side<'a>(name: &str, runs: impl IntoIterator<Item = &'a Run>) -> Side<'a> {
    Side { name: name.into(), runs: runs.into_iter().collect() }
}

pub(super) fn compared(before: &Run, after: &Run) -> Comparison {
    compared_by(before, after, &Policy::default())
}

pub(super) fn compared_by(before: &Run, after: &Run, policy: &Policy) -> Comparison {
    let comparison = compare(&Side::of_run("main", before), &Side::of_run("new", after), policy);
    is_read_back(&comparison);
    comparison
}

/// Whatever is compared, the strict reader takes what is written of it.
pub(super) fn is_read_back(comparison: &Comparison) {
    let json = crate::report::comparison_json(comparison);
    let read = crate::wire::read_comparison(json.as_bytes());
    assert_eq!(read.as_ref(), Ok(comparison), "{json}");
}

/// One measurement on each side.
pub(super) fn pair(before: Measurement, after: Measurement) -> Comparison {
    compared(&run("1", [before]), &run("2", [after]))
}

/// A policy as the configuration writes it.
pub(super) fn policy(json: &str) -> Policy {
    serde_json::from_str(json).unwrap()
}

/// The only row of a comparison.
pub(super) fn only(comparison: &Comparison) -> &Row {
    assert_eq!(comparison.benchmarks.len(), 1, "{comparison:#?}");
    &comparison.benchmarks[0]
}

/// The row of one benchmark.
pub(super) fn row<'c>(comparison: &'c Comparison, benchmark: &str) -> &'c Row {
    comparison.benchmarks.iter().find(|row| row.id == benchmark).unwrap()
}

/// The only row's verdict and its reasons in one line.
pub(super) fn verdict(comparison: &Comparison) -> (Verdict, String) {
    let row = only(comparison);
    (row.verdict, row.reasons.join("; "))
}
