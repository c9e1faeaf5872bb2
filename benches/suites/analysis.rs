//! The core's own hot paths, on recorded-looking data: what README's table of speeds shows.

use std::hint::black_box;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use driftline_benches::inputs::{HarnessOutput, harness_outputs, recorded_run, summarised_run};
use driftline_core::compare::{Context, DEFAULT_WINDOW, Policy, Side, compare, compare_in};
use driftline_core::formats::{InputFile, read};
use driftline_core::model::Run;
use driftline_core::report::{comparison_json, comparison_table};
use driftline_core::stats::{Launch, LaunchNoise, undisturbed_level};
use driftline_core::wire::{read_history, write_run};

const BENCHMARKS: usize = 48;
const VALUES: usize = 100;

fn history(c: &mut Criterion) {
    let runs: Vec<Run> = (0..100).map(|seed| recorded_run(seed, BENCHMARKS, VALUES)).collect();
    let bytes: String = runs.iter().map(write_run).collect();
    let mut group = c.benchmark_group("analysis/history");
    group.throughput(Throughput::Bytes(bytes.len() as u64));
    group.bench_function("read_100_runs", |b| b.iter(|| read_history(black_box(bytes.as_bytes()))));
    group.finish();
    let mut group = c.benchmark_group("analysis/run");
    let line = write_run(&runs[0]);
    group.throughput(Throughput::Bytes(line.len() as u64));
    group.bench_function("write", |b| b.iter(|| write_run(black_box(&runs[0]))));
    group.bench_function("read", |b| {
        b.iter(|| read(black_box(&InputFile { name: "run", bytes: line.as_bytes() }), None));
    });
    group.finish();
}

fn comparison(c: &mut Criterion) {
    let mut group = c.benchmark_group("analysis/compare");
    for benchmarks in [12, BENCHMARKS, 192] {
        let (before, after) =
            (recorded_run(1, benchmarks, VALUES), recorded_run(2, benchmarks, VALUES));
        group.throughput(Throughput::Elements(benchmarks as u64));
        group.bench_with_input(BenchmarkId::from_parameter(benchmarks), &(), |b, ()| {
            let (before, after) = (Side::of_run("a", &before), Side::of_run("b", &after));
            b.iter(|| compare(black_box(&before), black_box(&after), &Policy::default()));
        });
    }
    group.finish();
}

/// The newest run against a history of runs, of which the newest ten are the baseline. They know only
/// their summaries, as the older ones of a history do. The time is linear in the benchmarks and in
/// the runs.
fn judge(c: &mut Criterion) {
    let mut group = c.benchmark_group("analysis/judge");
    group.sample_size(10);
    for (benchmarks, runs) in [(100, 100), (1_000, 100), (10_000, 100), (1_000, 10), (1_000, 1_000)]
    {
        group.throughput(Throughput::Elements(benchmarks as u64 * runs));
        let size = BenchmarkId::from_parameter(format!("{benchmarks}_benchmarks_{runs}_runs"));
        group.bench_with_input(size, &(), |b, ()| {
            let history: Vec<Run> =
                (0..=runs).map(|seed| summarised_run(seed, benchmarks)).collect();
            let Some((newest, earlier)) = history.split_last() else { return };
            let candidate = Side::of_run("new", newest);
            let history: Vec<&Run> = earlier.iter().collect();
            let newest = history.len().saturating_sub(DEFAULT_WINDOW);
            let runs = history.get(newest..).unwrap_or_default().to_vec();
            let baseline = Side { name: "history".into(), runs };
            let context = Context { history: &history, levels: &[], ..Context::default() };
            b.iter(|| {
                compare_in(black_box(&baseline), black_box(&candidate), context, &Policy::default())
            });
        });
    }
    group.finish();
}

fn level(c: &mut Criterion) {
    let mut group = c.benchmark_group("analysis/undisturbed_level");
    let noise = LaunchNoise { sigma: 0.02, excess: 0.2 };
    for n in [3_u32, 30, 300] {
        // Every tenth launch is disturbed.
        let launches: Vec<Launch> = (0..n)
            .map(|i| {
                let disturbed = if i % 10 == 2 { 0.3 } else { 0.0 };
                Launch { level: f64::from(i * 7 % 11) / 200.0 + disturbed, disturbed: 0.05 }
            })
            .collect();
        group.throughput(Throughput::Elements(u64::from(n)));
        group.bench_with_input(BenchmarkId::from_parameter(n), &launches, |b, launches| {
            b.iter(|| undisturbed_level(black_box(launches), noise));
        });
    }
    group.finish();
}

fn report(c: &mut Criterion) {
    let (before, after) =
        (recorded_run(1, BENCHMARKS, VALUES), recorded_run(2, BENCHMARKS, VALUES));
    let comparison =
        compare(&Side::of_run("a", &before), &Side::of_run("b", &after), &Policy::default());
    let mut group = c.benchmark_group("analysis/report");
    group.bench_function("table", |b| {
        b.iter(|| comparison_table(black_box(&comparison), Some(120)));
    });
    group.bench_function("json", |b| b.iter(|| comparison_json(black_box(&comparison))));
    group.finish();
}

/// Every format's outputs, four megabytes each, as `driftline compare` reads them: recognised and read.
fn parse(c: &mut Criterion) {
    let mut group = c.benchmark_group("analysis/parse");
    group.sample_size(10);
    for HarnessOutput { name, format, bytes } in harness_outputs() {
        group.throughput(Throughput::Bytes(bytes.len() as u64));
        let file = InputFile { name, bytes: &bytes };
        assert!(read(&file, format).is_ok_and(|reading| !reading.runs.is_empty()), "{name}");
        group.bench_function(name.replace('/', "_"), |b| b.iter(|| read(black_box(&file), format)));
    }
    group.finish();
}

criterion_group! {
    name = benches;
    // Some take milliseconds: fewer samples, each long enough.
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(3));
    targets = history, comparison, judge, level, report, parse
}
criterion_main!(benches);
