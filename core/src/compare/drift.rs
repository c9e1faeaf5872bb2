use std::collections::BTreeMap;

use super::Policy;
use super::estimate::{Estimate, figure};
use super::exact::ExactCounts;
use super::launches::{level, undisturbed_figure};
use super::pairs::{Content, Subject};
use super::reasons::OTHER_DIRECTION;
use super::row::Drift;
use super::side::Key;
use super::statistic::Statistic;
use super::verdict::{Matter, Relevance, change_interval, decide, decide_exact, ratio};
use crate::model::{BenchmarkId, Direction, Level, Machine, Measurement, Metric, Run};
use crate::order;
use crate::stats::benjamini_hochberg;

/// The figure of one measurement that is compared: where its undisturbed launches agree, in its unit.
/// A comparison weighs its launches with all that it knows of both sides and the history; this takes
/// each measurement by itself, so it may differ by a fraction of the noise. `None` where a figure is
/// not above 0.
pub fn level_of(measurement: &Measurement) -> Option<f64> {
    level_towards(measurement, measurement.better())
}

fn level_towards(measurement: &Measurement, better: Direction) -> Option<f64> {
    let rounds = measurement.rounds();
    let statistic =
        Statistic::of(measurement.metric(), measurement.unit(), better, &rounds.iter())?;
    undisturbed_figure(rounds, statistic, better)
}

/// The level of one measurement of a run as the accepted one and the best, and which way it is better:
/// as `policy` says, where the harness does not. `machine` is the fingerprint of the run's.
pub(super) fn fresh_level(
    run: &Run,
    machine: Option<&String>,
    measurement: &Measurement,
    policy: &Policy,
) -> Option<(Level, Direction)> {
    let turned = policy.better_of(measurement.benchmark(), measurement.metric());
    let better = turned.unwrap_or(measurement.better());
    let value = level_towards(measurement, better)?;
    let level = Level {
        benchmark: measurement.benchmark().clone(),
        metric: measurement.metric().clone(),
        unit: measurement.unit().clone(),
        accepted: value,
        accepted_run: run.id.clone(),
        best: value,
        best_run: run.id.clone(),
        machine: machine.cloned(),
        better: turned,
    };
    Some((level, better))
}

/// The levels of a run, to be kept as accepted: those that `previous` has of the same machine stay
/// accepted, with the best since then. `policy` says which way a metric is better where the harness
/// does not.
pub fn levels_of_run(run: &Run, previous: &[Level], policy: &Policy) -> Vec<Level> {
    let machine = run.machine.as_ref().map(Machine::fingerprint);
    let own = run.measurements.iter().filter_map(|measurement| {
        let (fresh, better) = fresh_level(run, machine.as_ref(), measurement, policy)?;
        let before = previous.iter().find(|level| {
            level.benchmark == fresh.benchmark
                && level.metric == fresh.metric
                && level.unit == fresh.unit
                && level.machine == machine
                && level.better == fresh.better
        });
        Some(match before {
            None => fresh,
            Some(before) => {
                let is_best = match better {
                    Direction::Lower => fresh.best < before.best,
                    Direction::Higher => fresh.best > before.best,
                };
                let best = if is_best { &fresh } else { before };
                Level { best: best.best, best_run: best.best_run.clone(), ..before.clone() }
            }
        })
    });
    let mut levels: Vec<Level> = own.collect();
    // What this run did not measure keeps its level, and so does what another machine measured.
    let missing = |level: &&Level| {
        !levels.iter().any(|own| {
            own.benchmark == level.benchmark
                && own.metric == level.metric
                && (level.machine.is_none() || own.machine == level.machine)
        })
    };
    let kept: Vec<Level> = previous.iter().filter(missing).cloned().collect();
    levels.extend(kept);
    levels
}

/// The levels that a history without a saved baseline stands for: of each benchmark the middle one
/// of its first five runs, and the best of all. Runs oldest first.
pub fn levels_of_history(runs: &[&Run], policy: &Policy) -> Vec<Level> {
    const FIRST: usize = 5;
    let mut of_key: BTreeMap<(BenchmarkId, Metric), Vec<(Level, Direction)>> = BTreeMap::new();
    for run in runs {
        let directions = run.measurements.iter().map(|m| ((m.benchmark(), m.metric()), m.better()));
        let directions = order::map_of(directions);
        for level in levels_of_run(run, &[], policy) {
            let key = (level.benchmark.clone(), level.metric.clone());
            let better = directions.get(&(&key.0, &key.1)).copied().unwrap_or_default();
            let better = level.better.unwrap_or(better);
            of_key.entry(key).or_default().push((level, better));
        }
    }
    of_key
        .into_values()
        .filter_map(|levels| {
            let mut first: Vec<&(Level, Direction)> = levels.iter().take(FIRST).collect();
            order::sort_by(&mut first, |(a, _), (b, _)| a.accepted.total_cmp(&b.accepted));
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

/// What is known of the accepted levels' place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place<'a> {
    /// The fingerprint of the candidate's machine, where it is known.
    pub(super) machine: Option<&'a str>,
    /// Whether the baseline is from another machine, and that is not allowed.
    pub(super) foreign: bool,
    /// Whether levels of other machines count.
    pub(super) any: bool,
}

impl Place<'_> {
    /// Whether a level is of the candidate's machine. One of which that is not known is where the
    /// baseline is.
    fn is_of(self, level: &Level) -> bool {
        match (&level.machine, self.machine) {
            _ if self.any => true,
            (Some(level), Some(own)) => level == own,
            (Some(_), None) => true,
            (None, _) => !self.foreign,
        }
    }
}

/// How a benchmark stands against its accepted level, and why that is not judged where it is not.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Drifting {
    pub(super) drift: Option<Drift>,
    pub(super) not_judged: Option<&'static str>,
}

/// How each subject stands against the level that was accepted of it, in the order of `subjects`;
/// nothing where no level of its unit and machine was accepted, and where the same program made both
/// sides. Controlled over all of them like the changes.
pub(super) fn drifts(
    subjects: &[Subject<'_>],
    estimates: &[Option<Estimate>],
    levels: &[Level],
    place: Place<'_>,
    policy: &Policy,
) -> Vec<Drifting> {
    let mut accepted: BTreeMap<Key<'_>, &Level> = BTreeMap::new();
    for level in levels.iter().filter(|level| level.accepted >= 0.0 && place.is_of(level)) {
        accepted.entry((&level.benchmark, &level.metric)).or_insert(level);
    }
    let of_subject = |subject: &Subject<'_>| {
        let level = accepted.get(&subject.key).copied()?;
        (level.unit == *subject.unit && !subject.identical).then_some(level)
    };
    let is_turned = |subject: &Subject<'_>, level: &Level| match level.better {
        Some(better) => better != subject.better,
        None => subject.turned,
    };
    let against: Vec<Option<(Estimate, &Level)>> = subjects
        .iter()
        .zip(estimates)
        .map(|(subject, estimate)| {
            let Content::Levels(pair) = &subject.content else { return None };
            let level_of = |l: &&Level| l.accepted > 0.0 && !is_turned(subject, l);
            let accepted = of_subject(subject).filter(level_of)?;
            let reference = level(accepted.accepted, subject.better);
            Some((estimate.as_ref()?.against(pair, reference), accepted))
        })
        .collect();
    let p_values: Vec<f64> = against
        .iter()
        .flatten()
        .map(|(estimate, _)| estimate.prediction.p_value(estimate.difference))
        .collect();
    let mut controlled = p_values.iter().zip(benjamini_hochberg(&p_values));
    against
        .into_iter()
        .zip(subjects)
        .map(|(drifted, subject)| {
            let Some(level) = of_subject(subject) else { return Drifting::default() };
            if is_turned(subject, level) {
                return Drifting { drift: None, not_judged: Some(OTHER_DIRECTION) };
            }
            let drift = match (&subject.content, drifted) {
                (Content::Exact(counts), _) => drift_of_count(subject, *counts, level, policy),
                (_, Some((estimate, accepted))) => {
                    let (&p_value, q_value) = controlled.next().unwrap_or((&1.0, 1.0));
                    let chance = (p_value, q_value, p_values.len());
                    drift_of_level(subject, &estimate, accepted, chance, policy)
                }
                _ => None,
            };
            Drifting { drift, not_judged: None }
        })
        .collect()
}

fn drift_of_level(
    subject: &Subject<'_>,
    estimate: &Estimate,
    accepted: &Level,
    (p_value, q_value, tests): (f64, f64, usize),
    policy: &Policy,
) -> Option<Drift> {
    let (benchmark, metric) = subject.key;
    let limits = policy.limits_of(benchmark, metric, subject.unit);
    let baseline = figure(estimate.levels.0, subject.better);
    let confidence = policy.confidence.ratio();
    let interval = estimate.prediction.interval(estimate.difference, confidence);
    let decision = decide(Matter {
        estimate,
        interval,
        relevance: Relevance::of(limits, baseline, subject.better),
        better: subject.better,
        unit: subject.unit,
        p_value,
        q_value,
        fdr: policy.fdr.ratio(),
        confidence,
        tests,
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
}

/// By the exact rule. From 0 there is no change that could be shown.
fn drift_of_count(
    subject: &Subject<'_>,
    counts: ExactCounts,
    level: &Level,
    policy: &Policy,
) -> Option<Drift> {
    let (benchmark, metric) = subject.key;
    let limits = policy.limits_of(benchmark, metric, subject.unit);
    let counts = counts.against(level.accepted);
    let decision = decide_exact(counts, limits, subject.better, subject.unit);
    let change = (level.accepted > 0.0).then(|| counts.candidate / level.accepted - 1.0);
    change.filter(|change| change.is_finite()).map(|change| Drift {
        accepted: level.accepted,
        best: level.best,
        change,
        interval: [change; 2],
        verdict: decision.verdict,
    })
}
