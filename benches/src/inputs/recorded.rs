use driftline_core::model::{BenchmarkId, Measurement, Run, RunId, Sample};

use super::Generator;

/// A run as criterion's linear mode records one: whole nanoseconds over 1, 2, 3 … times as many
/// iterations, about 10 % of noise; benchmarks from 20 ns to 46 µs.
///
/// # Panics
/// Never: the names and samples it makes are valid.
pub fn recorded_run(seed: u64, benchmarks: usize, values: usize) -> Run {
    let mut random = Generator::new(seed);
    let measurements = (0..benchmarks).map(|number| {
        let size = (number as u64 % 48 + 1).pow(2);
        let (per_iteration, step) = (20.0 * size as f64, 100_000 / size);
        let iterations: Vec<u64> = (1..=values as u64).map(|n| n * step).collect();
        let totals: Vec<f64> = iterations
            .iter()
            .map(|&n| (n as f64 * per_iteration * (1.0 + random.below(1000) as f64 / 1e4)).round())
            .collect();
        let id = BenchmarkId::new(format!("suite_{}/benchmark_{number}", number % 5));
        let sample = Sample::from_totals(&totals, iterations);
        Measurement::wall_time(
            id.expect("the name is not blank"),
            sample.expect("the values are finite"),
        )
        .expect("the times are positive")
    });
    Run::new(
        RunId::new(format!("run-{seed}")).expect("the id is not blank"),
        measurements.collect(),
    )
}
