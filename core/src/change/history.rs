use std::collections::BTreeMap;

use super::acknowledgement::{Acknowledgement, Known};
use super::analysis::{Analysis, Segment, SeriesShift, analyse};
use super::axis::{Axis, doubts};
use super::document::{ChangeCounts, Changes, Judged, SeriesChanges};
use super::events::{event, group};
use super::points::Told;
use super::series::{Selection, select, series_of};
use crate::model::History;
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
/// What is known about a history besides its runs.
#[derive(Debug, Clone, Copy, Default)]
pub struct ChangeContext<'a> {
    /// Changes that people know of.
    pub acknowledgements: &'a [Acknowledgement],
    /// The branch whose runs make the history; `None` where it is not known, and runs of all branches
    /// count.
    pub default_branch: Option<&'a str>,
}

/// Finds the change points of every series of a history of one branch: as [`changes_in`].
pub fn changes(history: &History, acknowledgements: &[Acknowledgement]) -> Changes {
    changes_in(history, ChangeContext { acknowledgements, default_branch: None })
}

/// Finds the change points of every series of a history.
///
/// A series is one benchmark's metric on one machine: machines are segmented apart, so that moving to
/// another one is no change point. Its values are those that verdicts compare ([`Statistic`]).
/// Runs of a dirty tree, measured briefly, or of other branches (where at least five are of the
/// default branch), and values in another unit than the newest, are left out and counted. Of the
/// change points only those are listed among which at most 5 % are false by Benjamini & Hochberg,
/// over all series with and without; so are the probable ones, and the drifts, each by themselves.
/// O(runs × benchmarks).
///
/// [`Statistic`]: crate::compare::Statistic
pub fn changes_in(history: &History, context: ChangeContext<'_>) -> Changes {
    let Selection { runs, mut left_out, mut warnings } = select(history, context.default_branch);
    warnings.extend(doubts(&runs));
    let (all, of_series) = series_of(&runs);
    left_out.extend(of_series);
    let mut analyses: Vec<Analysis> = all.iter().map(|series| analyse(&series.values)).collect();
    temper(&mut analyses);
    let q_values = q_values(&analyses);
    for (analysis, q) in analyses.iter_mut().zip(&q_values) {
        drop_undiscovered(analysis, q);
    }
    let axis = Axis::of(&runs);
    let known = Known::of(context.acknowledgements, &axis);
    let mut used = vec![false; context.acknowledgements.len()];
    let mut series = Vec::with_capacity(all.len());
    for ((of, analysis), q) in all.iter().zip(&mut analyses).zip(&q_values) {
        let told = Told { series: of, runs: &runs, axis: &axis };
        // Before the change moves, because that is what it is known by.
        let q_of: BTreeMap<[usize; 2], f64> =
            analysis.shifts.iter().map(|shift| (shift.candidates, q.of(shift))).collect();
        told.moved_to_commits(analysis);
        let q_of = |shift: &SeriesShift| q_of.get(&shift.candidates).copied().unwrap_or(1.0);
        let mut change_points = told.change_points(analysis, q_of);
        for (used, here) in used.iter_mut().zip(known.mark(of.id, &mut change_points, &axis)) {
            *used |= here;
        }
        let drift = q.drift.filter(|q| *q <= FALSE_DISCOVERY_RATE);
        series.push(SeriesChanges {
            id: of.id.to_string(),
            metric: of.metric.to_string(),
            unit: of.unit.to_string(),
            better: of.better,
            machine: of.machine.clone(),
            statistic: of.statistic,
            points: of.values.len(),
            values: of.values.clone(),
            ends: told.ends(),
            noise: analysis.noise,
            segments: analysis.segments.clone(),
            change_points,
            drift: drift.and_then(|q| told.drift(analysis, q)),
        });
    }
    warnings.extend(known.unused(&used));
    let judged = Judged {
        series: series.len(),
        change_points: series.iter().map(|series| series.change_points.len()).sum(),
        drifts: series.iter().filter(|series| series.drift.is_some()).count(),
    };
    let mut found = Changes {
        format: "driftline-changes/1",
        core: crate::VERSION,
        false_discovery_rate: FALSE_DISCOVERY_RATE,
        judged,
        runs: runs.len(),
        summary: ChangeCounts::default(),
        events: Vec::new(),
        series,
        skipped: left_out,
        warnings,
        axis,
    };
    let groups = group(&found);
    let events = groups.iter().filter_map(|members| event(members, &found.series, &found.axis));
    found.events = events.collect();
    found.recounted()
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
