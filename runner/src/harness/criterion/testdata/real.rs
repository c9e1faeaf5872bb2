// Criterion's benchmarks, good and bad.
use std::hint::black_box;
use std::time::Duration;

use criterion::measurement::{Measurement, ValueFormatter};
use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};

fn quick<M: Measurement + 'static>(criterion: Criterion<M>) -> Criterion<M> {
    criterion
        .sample_size(10)
        .warm_up_time(Duration::from_millis(10))
        .measurement_time(Duration::from_millis(20))
}

fn work(n: u64) -> u64 {
    (0..black_box(n)).sum()
}

fn good(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("good");
    group.throughput(Throughput::BytesDecimal(64));
    group.bench_function("plain", |b| b.iter(|| work(100)));
    group.bench_with_input(BenchmarkId::new("of? size", 7), &7, |b, n| b.iter(|| work(*n)));
    group.finish();
    criterion.bench_function(format!("{}a", "long".repeat(26)).as_str(), |b| b.iter(|| work(10)));
    criterion.bench_function(format!("{}b", "long".repeat(26)).as_str(), |b| b.iter(|| work(10)));
    criterion.bench_function("twice", |b| b.iter(|| work(10)));
}

fn bad(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("bad");
    group.bench_function("panics", |b| b.iter(|| panic!("on purpose\x1b[2J")));
    group.bench_function("after panics", |b| b.iter(|| work(10)));
    group.bench_function("hangs", |b| {
        eprintln!("going to sleep");
        b.iter(|| std::thread::sleep(Duration::from_secs(600)))
    });
    group.bench_function("exits", |b| b.iter(|| std::process::exit(0)));
    group.bench_function("prints", |b| {
        (0..5_000).for_each(|n| println!("garbage {n} \u{fffd}"));
        b.iter(|| work(10))
    });
    group.bench_function("environment", |b| {
        assert_eq!(std::env::var("CARGO_PKG_NAME").as_deref(), Ok("sample"));
        assert!(std::env::current_dir().unwrap().join("Cargo.toml").is_file());
        b.iter(|| work(10))
    });
}

fn again(criterion: &mut Criterion) {
    criterion.bench_function("twice", |b| b.iter(|| work(10)));
}

struct Cycles;
struct HalfCycles;

impl ValueFormatter for HalfCycles {
    fn scale_values(&self, _: f64, _: &mut [f64]) -> &'static str {
        "cycles"
    }
    fn scale_throughputs(&self, _: f64, _: &Throughput, _: &mut [f64]) -> &'static str {
        "cycles"
    }
    fn scale_for_machines(&self, values: &mut [f64]) -> &'static str {
        values.iter_mut().for_each(|value| *value *= 2.0);
        "half-cycles"
    }
}

impl Measurement for Cycles {
    type Intermediate = ();
    type Value = f64;
    fn start(&self) {}
    fn end(&self, (): ()) -> f64 {
        21.0
    }
    fn add(&self, a: &f64, b: &f64) -> f64 {
        a + b
    }
    fn zero(&self) -> f64 {
        0.0
    }
    fn to_f64(&self, value: &f64) -> f64 {
        *value
    }
    fn formatter(&self) -> &dyn ValueFormatter {
        &HalfCycles
    }
}

fn custom(criterion: &mut Criterion<Cycles>) {
    criterion.bench_function("custom", |b| b.iter(|| work(10)));
}

criterion_group! { name = ours; config = quick(Criterion::default()); targets = good, bad, again }
criterion_group! { name = customs; config = quick(Criterion::default().with_measurement(Cycles)); targets = custom }
criterion_main!(ours, customs);
