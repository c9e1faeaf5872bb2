use driftline_core::model::{
    BenchmarkId, Direction, Measurement, Metric, Round, Run, RunId, Sample, Summary, Unit,
};

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

/// A run as an old history has it: of each benchmark the summary of three launches, without the
/// values. Launches vary by 2 %, one in 16 is up to 40 % slower; no benchmark changed.
///
/// # Panics
/// Never: the names and figures it makes are valid.
pub fn summarised_run(seed: u64, benchmarks: usize) -> Run {
    let mut random = Generator::new(seed);
    let measurements = (0..benchmarks).map(|number| {
        let typical = 20.0 * ((number % 48 + 1) as f64).powi(2);
        let mut round = || {
            // A sum of twelve uniform numbers is nearly normal, with a variance of 1.
            let normal = (0..12).map(|_| random.below(1000) as f64 / 1e3).sum::<f64>() - 6.0;
            let disturbed = random.below(16) == 0;
            let excess = if disturbed { random.below(400) as f64 / 1e3 } else { 0.0 };
            let low = typical * (1.0 + 0.02 * normal) * (1.0 + excess);
            let restless = if disturbed { 1.2 } else { 1.01 };
            Round::summarised(Summary {
                n: Some(50),
                median: Some(low * restless),
                mean: Some(low * restless * 1.005),
                std_dev: Some(low * (restless - 1.0)),
                minimum: Some(low),
                lower_quartile: Some(low * restless.sqrt()),
                upper_quartile: Some(low * restless * 1.01),
                maximum: Some(low * restless * 1.3),
                low: Some(low),
                tail: Some(low * restless * 1.2),
            })
        };
        let rounds = (0..3).map(|_| round()).collect();
        let id = BenchmarkId::new(format!("suite_{}/benchmark_{number}", number % 5))
            .expect("the name is not blank");
        let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
        Measurement::new(id, metric, unit, Direction::Lower, rounds)
            .expect("the figures are positive")
    });
    Run::new(
        RunId::new(format!("run-{seed}")).expect("the id is not blank"),
        measurements.collect(),
    )
}
