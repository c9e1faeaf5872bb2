//! The share of false ones among what a whole history lists.

use driftline_core::change::{State, changes};
use driftline_core::model::{
    BenchmarkId, Direction, History, Measurement, Metric, Round, Run, RunId, Summary, Unit,
};

use crate::generator::{Dice, KINDS, Noise, noise};
use crate::scores::matched;

const SERIES: usize = 100;
const RUNS: usize = 100;
/// How many of the series have a step.
const STEPPED: usize = 20;

/// A history of values, one list a series.
fn history_of(series: &[Vec<f64>]) -> History {
    let runs = (0..RUNS).map(|run| {
        let measurements = series.iter().enumerate().filter_map(|(place, values)| {
            let summary = Summary { median: values.get(run).copied(), ..Summary::default() };
            Measurement::new(
                BenchmarkId::new(format!("{place:04}")).ok()?,
                Metric::wall_time(),
                Unit::nanoseconds(),
                Direction::Lower,
                vec![Round::summarised(summary)],
            )
            .ok()
        });
        Some(Run::new(RunId::new(format!("run-{run}")).ok()?, measurements.collect()))
    });
    History::new(runs.flatten().collect())
}

/// Prints the mean share of false ones over `copies` histories of 100 series, 20 with a step; in all
/// kinds of noise, and in those that do not drift.
pub fn report(seed: u64, copies: usize) {
    println!("False ones among those listed over {SERIES} series, {copies} histories of each\n");
    let calm: Vec<Noise> = KINDS.into_iter().filter(|kind| *kind != Noise::Drifting).collect();
    report_kinds("all kinds of noise", &KINDS, seed, copies);
    report_kinds("none that drifts", &calm, seed, copies);
    println!("wanted: at most 0.05");
}

fn report_kinds(name: &str, kinds: &[Noise], seed: u64, copies: usize) {
    let mut dice = Dice::new(seed.wrapping_add(55));
    let mut shares = [0.0_f64; 2];
    let (mut found, mut all_flat) = (0, 0);
    for _ in 0..copies {
        for (stepped, share) in [0, STEPPED].into_iter().zip(&mut shares) {
            let mut truth = vec![None; SERIES];
            let series: Vec<Vec<f64>> = (0..SERIES)
                .map(|place| {
                    let kind = kinds[place % kinds.len()];
                    let mut values = noise(kind, RUNS, 0.02, &mut dice);
                    if place < stepped {
                        let at = 15 + dice.below(RUNS - 30);
                        truth[place] = Some(at);
                        values.iter_mut().skip(at).for_each(|v| *v += 0.1);
                    }
                    values.into_iter().map(|v| 1e6 * libm::exp(v)).collect()
                })
                .collect();
            let (mut listed, mut wrong) = (0, 0);
            for (series, truth) in changes(&history_of(&series), &[]).series.iter().zip(&truth) {
                let truth: Vec<usize> = truth.iter().copied().collect();
                let settled: Vec<usize> = series
                    .change_points
                    .iter()
                    .filter(|change| change.state == State::Settled)
                    .map(|change| change.index)
                    .collect();
                let hits = matched(&truth, &settled, 15).len();
                listed += settled.len();
                wrong += settled.len() - hits;
                found += hits;
            }
            *share += if listed == 0 { 0.0 } else { wrong as f64 / listed as f64 };
            all_flat += usize::from(stepped == 0);
        }
    }
    let n = copies.max(1) as f64;
    println!(
        "{name:<18}  no step {:.3}   {STEPPED} with one {:.3}, of these found {:.3}",
        shares[0] / n,
        shares[1] / n,
        found as f64 / (all_flat * STEPPED) as f64
    );
}
