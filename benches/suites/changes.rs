//! Change points: how their cost grows with the length of a series, and with the number of series.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use driftline_core::change::{analyse, current_level};

/// Noise of 2 % with five steps, from a seed.
fn series(runs: usize, seed: u64) -> Vec<f64> {
    let mut state = seed;
    let mut uniform = || {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    (0..runs)
        .map(|run| {
            let level = [1.0, 1.1, 1.05, 1.2, 1.12, 1.3][run * 6 / runs];
            let noise = (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
            1_000.0 * level * (1.0 + 0.02 * noise)
        })
        .collect()
}

fn growth(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("changes/analyse");
    for runs in [100, 1_000, 10_000, 100_000] {
        let values = series(runs, 1);
        group.throughput(Throughput::Elements(runs as u64));
        group.sample_size(if runs < 10_000 { 50 } else { 10 });
        group.bench_with_input(BenchmarkId::from_parameter(runs), &values, |bencher, values| {
            bencher.iter(|| analyse(black_box(values)));
        });
    }
    group.finish();
}

fn many(criterion: &mut Criterion) {
    let all: Vec<Vec<f64>> = (0..10_000).map(|seed| series(100, seed)).collect();
    let mut group = criterion.benchmark_group("changes/10000_series_of_100_runs");
    group.throughput(Throughput::Elements(all.len() as u64));
    group.sample_size(10);
    group.bench_function("analyse", |bencher| {
        bencher.iter(|| {
            all.iter().map(|values| analyse(black_box(values)).shifts.len()).sum::<usize>()
        });
    });
    group.bench_function("current_level", |bencher| {
        bencher.iter(|| {
            all.iter().map(|values| current_level(black_box(values)).start).sum::<usize>()
        });
    });
    group.finish();
}

criterion_group!(benches, growth, many);
criterion_main!(benches);
