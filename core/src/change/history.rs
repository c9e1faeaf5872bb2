use std::collections::BTreeMap;

use super::analysis::{Analysis, Segment, SeriesShift, analyse};
use super::document::{
    Acknowledgement, ChangeCounts, ChangePoint, Changes, Drift, Effect, SeriesChanges, State,
};
use super::events::{Placed, event, group};
use super::segmentation::SETTLED_AFTER;
use crate::model::{BenchmarkId, Direction, History, Run, Skipped};
use crate::stats::benjamini_hochberg;

/// The share of false ones among the change points that are listed, at most; among the probable ones
/// and among the drifts as well.
const FALSE_DISCOVERY_RATE: f64 = 0.05;
/// p-values of settled change points are raised to this power: they rest on an estimate of the noise,
/// and far out they are too small where its variance changes. By simulation (`make
/// evaluate-changes`).
const TAIL: f64 = 0.7;
/// The same where neighbouring runs resemble one another: how much they do is an estimate as well.
const TAIL_OF_DEPENDENT: f64 = 0.45;
/// Of how many places a step is the best, about, where a straight line is the one there is.
const STEPS_TO_A_LINE: f64 = 20.0;
/// For each series that is told to drift there may be so many that do.
const UNTOLD: f64 = 10.0;
/// Seconds in a week.
const WEEK: f64 = 7.0 * 24.0 * 3600.0;

/// One benchmark's metric on one machine.
struct Series<'a> {
    id: &'a BenchmarkId,
    metric: &'a str,
    unit: &'a str,
    better: Direction,
    machine: String,
    /// The positions of its runs in the history.
    runs: Vec<usize>,
    values: Vec<f64>,
}

/// Finds the change points of every series of a history.
///
/// A series is one benchmark's metric on one machine: machines are segmented apart, so that moving to
/// another one is no change point. Its values are the medians (means where only these are known).
/// Runs of a dirty tree or measured briefly, and values in another unit than the newest, are left
/// out and counted. Of the change points only those are listed among which at most 5 % are false by
/// Benjamini & Hochberg, over all series with and without; so are the probable ones, and the drifts,
/// each by themselves. O(runs × benchmarks).
pub fn changes(history: &History, acknowledgements: &[Acknowledgement]) -> Changes {
    let runs = history.runs();
    let (all, skipped) = series_of(runs);
    let mut analyses: Vec<Analysis> = all.iter().map(|series| analyse(&series.values)).collect();
    temper(&mut analyses);
    let q_values = q_values(&analyses);
    for (analysis, q) in analyses.iter_mut().zip(&q_values) {
        drop_undiscovered(analysis, q);
    }
    let axis = commit_axis(runs);
    let mut placed = Vec::new();
    let mut series = Vec::with_capacity(all.len());
    for ((of, analysis), q) in all.iter().zip(&analyses).zip(&q_values) {
        let change_points: Vec<ChangePoint> = analysis
            .shifts
            .iter()
            .filter_map(|shift| change_point(of, runs, shift, q.of(shift), acknowledgements))
            .collect();
        for (place, change) in change_points.iter().enumerate() {
            let at = |index: usize| of.runs.get(index).and_then(|run| axis.get(*run)).copied();
            let [first, last] = change.candidate_indices;
            if let (Some(at), Some(first), Some(last)) = (at(change.index), at(first), at(last)) {
                placed.push(Placed {
                    member: (series.len(), place),
                    at,
                    candidates: [first, last],
                });
            }
        }
        let drift = drift_of(of, runs, analysis, q.drift);
        series.push(SeriesChanges {
            id: of.id.to_string(),
            metric: of.metric.to_owned(),
            unit: of.unit.to_owned(),
            better: of.better,
            machine: of.machine.clone(),
            points: of.values.len(),
            values: of.values.clone(),
            noise: analysis.noise,
            segments: analysis.segments.clone(),
            change_points,
            drift,
        });
    }
    let subjects: BTreeMap<&str, &String> = runs
        .iter()
        .filter_map(|run| run.commit.as_ref())
        .filter_map(|commit| Some((commit.id.as_str(), commit.subject.as_ref()?)))
        .collect();
    let subject = |commit: &str| subjects.get(commit).map(|subject| (*subject).clone());
    let events =
        group(placed).iter().filter_map(|members| event(members, &series, subject)).collect();
    Changes {
        format: "driftline-changes/1",
        core: crate::VERSION,
        false_discovery_rate: FALSE_DISCOVERY_RATE,
        runs: runs.len(),
        summary: ChangeCounts::default(),
        events,
        series,
        skipped,
    }
    .recounted()
}

/// The series of a history, by benchmark, metric and machine; and what was left out.
fn series_of(runs: &[Run]) -> (Vec<Series<'_>>, Vec<Skipped>) {
    let mut all: BTreeMap<_, Series<'_>> = BTreeMap::new();
    let mut skipped = Vec::new();
    let mut other_units: BTreeMap<&BenchmarkId, usize> = BTreeMap::new();
    // From the newest run on, because its unit holds.
    for (position, run) in runs.iter().enumerate().rev() {
        let reason = match &run.commit {
            Some(commit) if commit.dirty => "its tree was dirty",
            _ if run.settings.quick => "it was measured briefly",
            _ => "",
        };
        if !reason.is_empty() {
            skipped.push(Skipped { name: run.id.to_string(), reason: reason.to_owned() });
            continue;
        }
        let machine = run.machine_fingerprint();
        for measurement in &run.measurements {
            let Some(value) = measurement.summary().centre() else { continue };
            let key = (measurement.benchmark(), measurement.metric(), machine.clone());
            let series = all.entry(key).or_insert_with(|| Series {
                id: measurement.benchmark(),
                metric: measurement.metric().as_str(),
                unit: measurement.unit().as_str(),
                better: measurement.better(),
                machine: machine.clone(),
                runs: Vec::new(),
                values: Vec::new(),
            });
            if series.unit == measurement.unit().as_str() {
                series.runs.push(position);
                series.values.push(value);
            } else {
                *other_units.entry(measurement.benchmark()).or_default() += 1;
            }
        }
    }
    skipped.reverse();
    for (id, count) in other_units {
        let reason = format!("{count} values in another unit than the newest");
        skipped.push(Skipped { name: id.to_string(), reason });
    }
    let ascending = all.into_values().map(|mut series| {
        series.runs.reverse();
        series.values.reverse();
        series
    });
    (ascending.collect(), skipped)
}

/// The q-values of one series' change points.
#[derive(Debug, Clone, Default)]
struct QValues {
    /// Of the settled ones, ascending by place.
    settled: Vec<(usize, f64)>,
    probable: Option<f64>,
    drift: Option<f64>,
}

impl QValues {
    fn of(&self, shift: &SeriesShift) -> f64 {
        if !shift.settled {
            return self.probable.unwrap_or(1.0);
        }
        self.settled.iter().find(|(index, _)| *index == shift.index).map_or(1.0, |(_, q)| *q)
    }
}

/// Benjamini & Hochberg over the settled change points of all series, over the probable ones, and
/// over the drifts; a series that has none of a kind counts with a p-value of 1.
fn q_values(analyses: &[Analysis]) -> Vec<QValues> {
    let mut all = vec![QValues::default(); analyses.len()];
    let mut settled: Vec<(usize, Option<usize>, f64)> = Vec::new();
    for (place, analysis) in analyses.iter().enumerate() {
        let before = settled.len();
        let found = analysis.shifts.iter().filter(|shift| shift.settled);
        settled.extend(found.map(|shift| (place, Some(shift.index), shift.p_value)));
        if settled.len() == before {
            settled.push((place, None, 1.0));
        }
    }
    let q = benjamini_hochberg(&settled.iter().map(|(_, _, p)| *p).collect::<Vec<_>>());
    for ((place, index, _), q) in settled.iter().zip(q) {
        if let (Some(values), Some(index)) = (all.get_mut(*place), index) {
            values.settled.push((*index, q));
        }
    }
    let probable = |a: &Analysis| a.shifts.iter().find(|s| !s.settled).map(|s| s.p_value);
    let drift = |a: &Analysis| a.trend.map(|trend| trend.p_value);
    let of_one = |p: &dyn Fn(&Analysis) -> Option<f64>| -> Vec<Option<f64>> {
        let known: Vec<Option<f64>> = analyses.iter().map(p).collect();
        let q = benjamini_hochberg(&known.iter().map(|p| p.unwrap_or(1.0)).collect::<Vec<_>>());
        known.iter().zip(q).map(|(p, q)| p.map(|_| q)).collect()
    };
    let pairs = of_one(&probable).into_iter().zip(of_one(&drift));
    for (values, (probable, drift)) in all.iter_mut().zip(pairs) {
        (values.probable, values.drift) = (probable, drift);
    }
    all
}

/// Makes the p-values of settled change points such that they hold over a whole history: honest far
/// out ([`TAIL`]), and where many series drift, so that a step among them is less likely to be one, at
/// least the share of drifting series, with a margin for those whose drift is not told, times the
/// likelihood of a drift.
fn temper(analyses: &mut [Analysis]) {
    let drifting = analyses.iter().filter(|analysis| analysis.trend.is_some()).count();
    let share = (UNTOLD * drifting as f64 / analyses.len().max(1) as f64).min(1.0);
    for analysis in analyses {
        let tail = if analysis.inflation > 1.0 { TAIL_OF_DEPENDENT } else { TAIL };
        for shift in analysis.shifts.iter_mut().filter(|shift| shift.settled) {
            let of_line = (share * STEPS_TO_A_LINE * shift.ramp).min(1.0);
            shift.p_value = libm::pow(shift.p_value, tail).max(of_line);
        }
    }
}

/// Takes out what may be false, and joins the segments that a change point divided.
fn drop_undiscovered(analysis: &mut Analysis, q: &QValues) {
    let (kept, dropped): (Vec<SeriesShift>, Vec<SeriesShift>) =
        analysis.shifts.iter().partition(|shift| q.of(shift) <= FALSE_DISCOVERY_RATE);
    analysis.shifts = kept;
    for shift in dropped.iter().filter(|shift| shift.settled) {
        let mut joined: Vec<Segment> = Vec::with_capacity(analysis.segments.len());
        for segment in &analysis.segments {
            match joined.last_mut() {
                Some(before) if segment.start == shift.index => *before = before.and(segment),
                _ => joined.push(*segment),
            }
        }
        analysis.segments = joined;
    }
}

impl Segment {
    /// This and the one behind it as one: the levels weighted by length.
    fn and(&self, next: &Self) -> Self {
        let (n, m) = ((self.end - self.start) as f64, (next.end - next.start) as f64);
        let mean = |a: f64, b: f64| a * (n / (n + m)) + b * (m / (n + m));
        Self {
            start: self.start,
            end: next.end,
            level: mean(self.level, next.level),
            level_at_end: mean(self.level_at_end, next.level_at_end),
        }
    }
}

/// For each run how many commits with runs come before its own.
fn commit_axis(runs: &[Run]) -> Vec<usize> {
    let id = |run: &Run| run.commit.as_ref().map(|commit| commit.id.clone());
    let mut at = 0;
    let mut before: Option<&Run> = None;
    runs.iter()
        .map(|run| {
            if before.is_some_and(|b| id(b).is_none() || id(b) != id(run)) {
                at += 1;
            }
            before = Some(run);
            at
        })
        .collect()
}

/// What a change from one level to another means.
fn effect(better: Direction, before: f64, after: f64) -> Effect {
    match (better, after > before) {
        (Direction::Lower, true) | (Direction::Higher, false) => Effect::Regression,
        (Direction::Lower, false) | (Direction::Higher, true) => Effect::Improvement,
    }
}

fn change_point(
    series: &Series<'_>,
    runs: &[Run],
    shift: &SeriesShift,
    q_value: f64,
    acknowledgements: &[Acknowledgement],
) -> Option<ChangePoint> {
    let run_at = |index: usize| series.runs.get(index).and_then(|run| runs.get(*run));
    let commit_at = |index: usize| run_at(index).and_then(|run| run.commit.as_ref());
    let id_at = |index: usize| commit_at(index).map(|commit| commit.id.clone());
    let [first, last] = shift.candidates;
    let before = first.checked_sub(1);
    let order = |index: usize| commit_at(index).and_then(|commit| commit.order);
    let commits = before.and_then(|before| Some(order(last)?.saturating_sub(order(before)?)));
    let candidates: Vec<&str> =
        (first..=last).filter_map(|index| commit_at(index).map(|c| c.id.as_str())).collect();
    let acknowledged = acknowledgements
        .iter()
        .find(|known| known.holds_for(series.id, &candidates))
        .map(|known| known.reason.clone());
    let lasted = series.values.len() - shift.index.min(series.values.len());
    Some(ChangePoint {
        index: shift.index,
        run: run_at(shift.index)?.id.to_string(),
        commit: id_at(shift.index),
        state: if shift.settled { State::Settled } else { State::Probable },
        effect: effect(series.better, shift.before, shift.after),
        candidates: [id_at(first), id_at(last)],
        candidate_indices: shift.candidates,
        last_before: before.and_then(id_at),
        commits,
        before: shift.before,
        after: shift.after,
        change: shift.change,
        interval: shift.interval,
        p_value: shift.p_value,
        q_value,
        holds: shift.recovered.is_none(),
        recovered: shift.recovered.and_then(run_at).map(|run| run.id.to_string()),
        settled_in: (!shift.settled).then(|| SETTLED_AFTER.saturating_sub(lasted).max(1)),
        acknowledged,
    })
}

fn drift_of(
    series: &Series<'_>,
    runs: &[Run],
    analysis: &Analysis,
    q_value: Option<f64>,
) -> Option<Drift> {
    let trend = analysis.trend?;
    let q_value = q_value.filter(|q| *q <= FALSE_DISCOVERY_RATE)?;
    let run_at = |index: usize| series.runs.get(index).and_then(|run| runs.get(*run));
    let time_at = |index: usize| run_at(index)?.time.map(|time| time.as_second() as f64);
    let weeks = time_at(trend.start)
        .zip(time_at(series.values.len() - 1))
        .map(|(from, to)| (to - from) / WEEK)
        .filter(|weeks| *weeks >= 1.0);
    let per_week = |weeks: f64| {
        if trend.relative {
            libm::expm1(libm::log1p(trend.total) / weeks)
        } else {
            trend.total / weeks
        }
    };
    Some(Drift {
        index: trend.start,
        run: run_at(trend.start)?.id.to_string(),
        effect: effect(series.better, 0.0, trend.total),
        total: trend.total,
        per_week: weeks.map(per_week),
        weeks,
        per_run: trend.per_value,
        relative: trend.relative,
        p_value: trend.p_value,
        q_value,
    })
}
