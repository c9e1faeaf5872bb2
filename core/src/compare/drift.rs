use std::collections::BTreeMap;

use super::Policy;
use super::estimate::{Estimate, figure};
use super::launches::{level, undisturbed_figure};
use super::pairs::Subject;
use super::row::Drift;
use super::side::Key;
use super::statistic::Statistic;
use super::verdict::{Matter, Relevance, change_interval, decide, ratio};
use crate::model::{BenchmarkId, Direction, Level, Measurement, Metric, Run};
use crate::stats::benjamini_hochberg;

/// The figure of one measurement that is compared: where its undisturbed launches agree, in its unit.
/// A comparison weighs its launches with all that it knows of both sides and the history; this takes
/// each measurement by itself, so it may differ by a fraction of the noise. `None` where a figure is
/// not above 0.
pub fn level_of(measurement: &Measurement) -> Option<f64> {
    let (rounds, better) = (measurement.rounds(), measurement.better());
    let statistic =
        Statistic::of(measurement.metric(), measurement.unit(), better, &rounds.iter())?;
    undisturbed_figure(rounds, statistic, better)
}

/// The levels of a run, to be kept as accepted: those that `previous` has stay accepted, with the
/// best since then.
pub fn levels_of_run(run: &Run, previous: &[Level]) -> Vec<Level> {
    let own = run.measurements.iter().filter_map(|measurement| {
        let (metric, unit, better) =
            (measurement.metric(), measurement.unit(), measurement.better());
        let value = level_of(measurement)?;
        let before = previous.iter().find(|level| {
            level.benchmark == *measurement.benchmark()
                && level.metric == *metric
                && level.unit == *unit
        });
        let fresh = Level {
            benchmark: measurement.benchmark().clone(),
            metric: metric.clone(),
            unit: unit.clone(),
            accepted: value,
            accepted_run: run.id.clone(),
            best: value,
            best_run: run.id.clone(),
        };
        Some(match before {
            None => fresh,
            Some(before) => {
                let is_best = match better {
                    Direction::Lower => value < before.best,
                    Direction::Higher => value > before.best,
                };
                let best = if is_best { &fresh } else { before };
                Level { best: best.best, best_run: best.best_run.clone(), ..before.clone() }
            }
        })
    });
    let mut levels: Vec<Level> = own.collect();
    // What this run did not measure keeps its level.
    let missing = |level: &&Level| {
        !levels.iter().any(|own| own.benchmark == level.benchmark && own.metric == level.metric)
    };
    let kept: Vec<Level> = previous.iter().filter(missing).cloned().collect();
    levels.extend(kept);
    levels
}

/// The levels that a history without a saved baseline stands for: of each benchmark the middle one
/// of its first five runs, and the best of all. Runs oldest first.
pub fn levels_of_history(runs: &[&Run]) -> Vec<Level> {
    const FIRST: usize = 5;
    let mut of_key: BTreeMap<(BenchmarkId, Metric), Vec<(Level, Direction)>> = BTreeMap::new();
    for run in runs {
        let directions = run.measurements.iter().map(|m| ((m.benchmark(), m.metric()), m.better()));
        let directions: BTreeMap<_, _> = directions.collect();
        for level in levels_of_run(run, &[]) {
            let key = (level.benchmark.clone(), level.metric.clone());
            let better = directions.get(&(&key.0, &key.1)).copied().unwrap_or_default();
            of_key.entry(key).or_default().push((level, better));
        }
    }
    of_key
        .into_values()
        .filter_map(|levels| {
            let mut first: Vec<&(Level, Direction)> = levels.iter().take(FIRST).collect();
            first.sort_by(|(a, _), (b, _)| a.accepted.total_cmp(&b.accepted));
            let (middle, better) = first.get(first.len() / 2)?;
            let same_unit = levels.iter().map(|(level, _)| level).filter(|l| l.unit == middle.unit);
            let ordered = |a: &&Level, b: &&Level| match better {
                Direction::Lower => a.accepted.total_cmp(&b.accepted),
                Direction::Higher => b.accepted.total_cmp(&a.accepted),
            };
            let best = same_unit.min_by(ordered)?;
            Some(Level { best: best.best, best_run: best.best_run.clone(), ..middle.clone() })
        })
        .collect()
}

/// How each subject stands against the level that was accepted of it, in the order of `subjects`;
/// none where no level of its unit was accepted. Controlled over all of them like the changes.
pub(super) fn drifts(
    subjects: &[Subject<'_>],
    estimates: &[Option<Estimate>],
    levels: &[Level],
    policy: &Policy,
) -> Vec<Option<Drift>> {
    let mut accepted: BTreeMap<Key<'_>, &Level> = BTreeMap::new();
    for level in levels.iter().filter(|level| level.accepted > 0.0) {
        accepted.entry((&level.benchmark, &level.metric)).or_insert(level);
    }
    let against: Vec<Option<(Estimate, &Level)>> = subjects
        .iter()
        .zip(estimates)
        .map(|(subject, estimate)| {
            let accepted =
                accepted.get(&subject.key).filter(|level| level.unit == *subject.unit).copied()?;
            let reference = level(accepted.accepted, subject.better);
            let drifted = estimate.as_ref()?.against(reference);
            Some((drifted, accepted))
        })
        .collect();
    let p_values: Vec<f64> = against
        .iter()
        .flatten()
        .map(|(estimate, _)| estimate.prediction.p_value(estimate.difference))
        .collect();
    let mut q_values = benjamini_hochberg(&p_values).into_iter();
    against
        .into_iter()
        .zip(subjects)
        .map(|(drifted, subject)| {
            let (estimate, accepted) = drifted?;
            let (benchmark, metric) = subject.key;
            let limits = policy.limits_of(benchmark, metric, subject.unit);
            let baseline = figure(estimate.levels.0, subject.better);
            let confidence = policy.confidence.ratio();
            let interval = estimate.prediction.interval(estimate.difference, confidence);
            let decision = decide(Matter {
                estimate: &estimate,
                interval,
                relevance: Relevance::of(limits, baseline, subject.better),
                better: subject.better,
                q_value: q_values.next().unwrap_or(1.0),
                fdr: policy.fdr.ratio(),
                confidence,
                tests: p_values.len(),
            });
            let change = ratio(estimate.difference, subject.better) - 1.0;
            let interval = change_interval(interval, subject.better);
            // A change beyond all numbers has no figure to show.
            let shown = change.is_finite() && interval.iter().all(|bound| bound.is_finite());
            shown.then_some(Drift {
                accepted: accepted.accepted,
                best: accepted.best,
                change,
                interval,
                verdict: decision.verdict,
            })
        })
        .collect()
}
