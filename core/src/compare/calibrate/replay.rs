use std::collections::BTreeMap;

use super::calibration::{Alarm, Calibration, CalibrationRow, CalibrationTotals, Found, Outcome};
use super::injection::{SLOWDOWNS, slowed};
use super::suggestion::{threshold_of_benchmark, threshold_of_suite};
use crate::compare::{
    Comparison, Policy, PolicyUsed, Row, Rule, Side, Statistic, Threshold, Verdict, compare,
    level_of,
};
use crate::model::{Measurement, Round, Run, Summary};
use crate::order;
use crate::stats::median_of;

/// By how many earlier runs a run is judged, where nobody says.
pub const DEFAULT_WINDOW: usize = 10;
/// With fewer earlier runs than this a run is not judged.
pub const FEWEST_EARLIER: usize = 5;
/// How many later runs tell whether a shift lasted.
const LATER: usize = 5;
/// In how many of the newest runs slowdowns are put.
const INJECTED: usize = 5;
/// A benchmark's id and its metric's name.
pub(super) type Key = (String, String);

/// Replays the rule over `history`: the runs of one machine and toolchain, oldest first. Each run
/// with at least five before it is judged by the up to `window` (at least one) runs before it.
///
/// An alarm is *lasting* when the median level of up to five later runs that have the benchmark is
/// nearer to the alarm's level than to the one before, *false* when it is not, *undecided* when
/// there is no later one. An alarm that lasted ends what is known of the benchmark: later
/// runs are judged by the runs since then, as if it had been accepted, so that one shift is one alarm.
///
/// Slowdowns are put into the up to five newest replayed runs, one benchmark at a time, and not
/// where the run as it is raised an alarm already.
///
/// With no run there is no row, with fewer than six none was replayed. O(runs × window ×
/// launches of a run).
pub fn calibrate(history: &[&Run], policy: &Policy, window: usize) -> Calibration {
    let window = window.max(1);
    let mut runs: Vec<Run> = history.iter().map(|run| without_samples(run)).collect();
    let mut tallies = blank_tallies(&runs, policy);
    let mut alarms = Vec::new();
    let injected_from = runs.len().saturating_sub(INJECTED).max(FEWEST_EARLIER);
    for index in FEWEST_EARLIER..runs.len() {
        let comparison = judged(&runs, index, window, policy);
        for row in &comparison.benchmarks {
            let Some(tally) = tallies.get_mut(&key_of(row)) else { continue };
            tally.count(row);
            let Some(shift) = Shift::of(row, policy) else { continue };
            let outcome = outcome(&runs, index, row);
            if shift.alarm {
                tally.count_alarm(outcome);
                alarms.push(alarm(&runs, index, row, outcome));
            }
            match outcome {
                Outcome::False => tally.false_sizes.push(shift.size),
                Outcome::Lasting if shift.alarm => forget_before(&mut runs, index, row),
                Outcome::Lasting | Outcome::Undecided => {}
            }
        }
        if index >= injected_from {
            inject(&runs, index, window, policy, &comparison, &mut tallies);
        }
    }
    look_at_present(&runs, window, policy, &mut tallies);
    let benchmarks: Vec<CalibrationRow> = tallies.into_values().map(Tally::into_row).collect();
    Calibration {
        format: "driftline-calibration/1".to_owned(),
        core: crate::VERSION.to_owned(),
        policy: PolicyUsed::of(policy),
        window,
        runs: runs.len(),
        replayed: runs.len().saturating_sub(FEWEST_EARLIER),
        injected: runs.len() - injected_from.min(runs.len()),
        totals: CalibrationTotals::default(),
        suggested_threshold: threshold_of_suite(&benchmarks),
        benchmarks,
        alarms,
    }
    .summed()
}

/// What is counted of one metric of one benchmark.
#[derive(Debug)]
struct Tally {
    row: CalibrationRow,
    /// By what ratios it differed in significant shifts that did not last.
    false_sizes: Vec<f64>,
}

impl Tally {
    fn count(&mut self, row: &Row) {
        self.row.comparisons += usize::from(is_judged(row.verdict));
        self.row.inconclusive += usize::from(row.verdict == Verdict::Inconclusive);
        self.row.statistic = row.statistic.or(self.row.statistic);
    }

    fn count_alarm(&mut self, outcome: Outcome) {
        let count = match outcome {
            Outcome::Lasting => &mut self.row.lasting,
            Outcome::False => &mut self.row.false_alarms,
            Outcome::Undecided => &mut self.row.undecided,
        };
        *count += 1;
    }

    fn into_row(self) -> CalibrationRow {
        let suggested = threshold_of_benchmark(self.row.smallest_detectable, &self.false_sizes);
        CalibrationRow { suggested_threshold: suggested, ..self.row }
    }
}

/// The run without raw samples: the summaries say all that is compared.
fn without_samples(run: &Run) -> Run {
    let measurements = run.measurements.iter().map(|measurement| {
        let rounds = measurement.rounds().iter().map(|round| {
            let mut summary = round.summary();
            // Histories of an older version keep the low only in the sample.
            if let (None, Some(sample)) = (summary.low, round.sample()) {
                summary.low = Summary::of_sample(sample).low;
            }
            Round::summarised(summary).with_position(round.position())
        });
        let bare = Measurement::new(
            measurement.benchmark().clone(),
            measurement.metric().clone(),
            measurement.unit().clone(),
            measurement.better(),
            rounds.collect(),
        );
        let Ok(mut bare) = bare else { return measurement.clone() };
        if let Some(program) = measurement.executable() {
            bare.set_executable(program);
        }
        bare
    });
    let measurements = measurements.collect();
    Run {
        time: run.time,
        commit: run.commit.clone(),
        machine: run.machine.clone(),
        toolchain: run.toolchain.clone(),
        settings: run.settings.clone(),
        ..Run::new(run.id.clone(), measurements)
    }
}

fn blank_tallies(runs: &[Run], policy: &Policy) -> BTreeMap<Key, Tally> {
    let mut tallies = BTreeMap::new();
    for measurement in runs.iter().flat_map(|run| &run.measurements) {
        let (id, metric, unit) =
            (measurement.benchmark(), measurement.metric(), measurement.unit());
        let key = (id.to_string(), metric.to_string());
        // Runs are oldest first: the unit is the newest's.
        let (id_text, metric_text) = key.clone();
        let limits = policy.limits_of(id, metric, unit);
        let row = CalibrationRow {
            id: id_text,
            metric: metric_text,
            unit: unit.to_string(),
            statistic: None,
            comparisons: 0,
            inconclusive: 0,
            lasting: 0,
            undecided: 0,
            false_alarms: 0,
            noise_floor: None,
            trend: None,
            smallest_detectable: None,
            threshold: limits.relative.map_or(0.0, Threshold::ratio),
            absolute_threshold: limits.absolute,
            own_threshold: policy.rules.iter().any(|rule| {
                (rule.threshold.is_some() || rule.absolute.is_some()) && rule.matches(id, metric)
            }),
            suggested_threshold: None,
            found: SLOWDOWNS.map(|slowdown| Found { slowdown, tried: 0, found: 0 }).to_vec(),
        };
        tallies.insert(key, Tally { row, false_sizes: Vec::new() });
    }
    tallies
}

/// A run and the runs before it, as the sides of a comparison.
fn sides(runs: &[Run], index: usize, window: usize) -> (Side<'_>, Side<'_>) {
    let side = |name: &str, of: std::ops::Range<usize>| Side {
        name: name.to_owned(),
        runs: runs.get(of).unwrap_or_default().iter().collect(),
    };
    let earlier = side("earlier runs", index.saturating_sub(window)..index);
    (earlier, side("run", index..index + 1))
}

fn judged(runs: &[Run], index: usize, window: usize, policy: &Policy) -> Comparison {
    let (baseline, candidate) = sides(runs, index, window);
    compare(&baseline, &candidate, policy)
}

fn is_judged(verdict: Verdict) -> bool {
    !matches!(verdict, Verdict::New | Verdict::Gone)
}

fn is_alarm(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Regressed | Verdict::Improved)
}

fn key_of(row: &Row) -> Key {
    (row.id.clone(), row.metric.clone())
}

/// A difference that noise does not explain, relevant or not.
struct Shift {
    /// By what ratio the worse level exceeds the better.
    size: f64,
    /// Whether it is relevant as well, and so has a verdict.
    alarm: bool,
}

impl Shift {
    fn of(row: &Row, policy: &Policy) -> Option<Self> {
        let alarm = is_alarm(row.verdict);
        let significant = match row.statistic {
            Some(Statistic::Exact) => row.baseline != row.candidate,
            _ => row.q_value.is_some_and(|q| q <= policy.fdr.ratio()),
        };
        if !alarm && !significant {
            return None;
        }
        let ratio = row.change.map_or(f64::INFINITY, |change| 1.0 + change);
        Some(Self { size: ratio.max(1.0 / ratio) - 1.0, alarm })
    }
}

/// What became of a shift, by the runs after `index`.
fn outcome(runs: &[Run], index: usize, row: &Row) -> Outcome {
    let (Some(before), Some(after)) = (row.baseline, row.candidate) else {
        return Outcome::Undecided;
    };
    let mut later: Vec<f64> = runs
        .iter()
        .skip(index + 1)
        .filter_map(|run| level_of(measurement_of(run, &row.id, &row.metric)?))
        .take(LATER)
        .collect();
    match median_of(&mut later) {
        None => Outcome::Undecided,
        Some(level) if (level - after).abs() < (level - before).abs() => Outcome::Lasting,
        Some(_) => Outcome::False,
    }
}

fn position_of(run: &Run, id: &str, metric: &str) -> Option<usize> {
    let key = |m: &Measurement| (m.benchmark().as_str(), m.metric().as_str()).cmp(&(id, metric));
    run.measurements.binary_search_by(key).ok()
}

fn measurement_of<'a>(run: &'a Run, id: &str, metric: &str) -> Option<&'a Measurement> {
    run.measurements.get(position_of(run, id, metric)?)
}

/// Takes what a row is about out of every run before `index`.
fn forget_before(runs: &mut [Run], index: usize, row: &Row) {
    for run in runs.iter_mut().take(index) {
        if let Some(position) = position_of(run, &row.id, &row.metric) {
            run.measurements.remove(position);
        }
    }
}

fn alarm(runs: &[Run], index: usize, row: &Row, outcome: Outcome) -> Alarm {
    let run = runs.get(index);
    Alarm {
        run: run.map(|run| run.id.to_string()).unwrap_or_default(),
        commit: run.and_then(|run| run.commit.as_ref()).map(|commit| commit.id.clone()),
        id: row.id.clone(),
        metric: row.metric.clone(),
        verdict: row.verdict,
        unit: row.unit.clone(),
        before: row.baseline,
        after: row.candidate,
        change: row.change,
        outcome,
    }
}

/// Puts slowdowns into the run at `index` and counts which are found.
fn inject(
    runs: &[Run],
    index: usize,
    window: usize,
    policy: &Policy,
    as_it_is: &Comparison,
    tallies: &mut BTreeMap<Key, Tally>,
) {
    let (baseline, candidate) = sides(runs, index, window);
    let alarms = as_it_is.benchmarks.iter().filter(|row| is_alarm(row.verdict));
    let alarms = order::set_of(alarms.map(key_of));
    for slowed in slowed(&baseline, &candidate, policy) {
        if alarms.contains(&slowed.key) {
            continue;
        }
        let Some(tally) = tallies.get_mut(&slowed.key) else { continue };
        for (found, verdict) in tally.row.found.iter_mut().zip(slowed.verdicts) {
            found.tried += 1;
            found.found += usize::from(verdict == Verdict::Regressed);
        }
    }
}

/// What the newest run could show against its window, whatever the thresholds.
fn look_at_present(
    runs: &[Run],
    window: usize,
    policy: &Policy,
    tallies: &mut BTreeMap<Key, Tally>,
) {
    let Some(newest) = runs.len().checked_sub(1) else { return };
    let any_change = Policy {
        threshold: Threshold::NONE,
        rules: policy
            .rules
            .iter()
            .map(|rule| Rule {
                pattern: rule.pattern.clone(),
                metric: rule.metric.clone(),
                better: rule.better,
                ..Rule::default()
            })
            .collect(),
        ..policy.clone()
    };
    for row in judged(runs, newest, window, &any_change).benchmarks {
        let Some(Tally { row: tally, .. }) = tallies.get_mut(&key_of(&row)) else { continue };
        tally.statistic = row.statistic.or(tally.statistic);
        tally.noise_floor = row.noise_floor;
        tally.trend = row.trend;
        tally.smallest_detectable = match row.statistic {
            Some(Statistic::Exact) if is_judged(row.verdict) => Some(0.0),
            _ => row.smallest_detectable,
        };
    }
}
