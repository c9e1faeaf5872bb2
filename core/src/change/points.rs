use super::analysis::{Analysis, SeriesShift};
use super::axis::Axis;
use super::document::{
    ChangePoint, Circumstance, Drift, Effect, Extent, Occasion, PartialReturn, State,
};
use super::recovery::{Return, returns};
use super::segmentation::SETTLED_AFTER;
use super::series::Series;
use crate::model::{Direction, Run, rfc3339};

/// Seconds in a week.
const WEEK: f64 = 7.0 * 24.0 * 3600.0;
/// How many characters of a time, as RFC 3339 writes it, are its day.
const DATE: usize = 10;
/// How many circumstances of runs that are only candidates are told.
const FEW: usize = 3;

/// A series, and what is needed to tell of its changes.
pub(super) struct Told<'a> {
    pub series: &'a Series<'a>,
    pub runs: &'a [&'a Run],
    pub axis: &'a Axis,
}

impl Told<'_> {
    fn run(&self, index: usize) -> Option<&Run> {
        self.runs.get(*self.series.runs.get(index)?).copied()
    }

    /// Where the commit of a value is.
    fn place(&self, index: usize) -> Option<usize> {
        self.axis.of_run.get(*self.series.runs.get(index)?).copied()
    }

    /// The first and the newest run.
    pub(super) fn ends(&self) -> Option<[Occasion; 2]> {
        let occasion = |run: &Run| Occasion {
            run: run.id.to_string(),
            commit: run.commit.as_ref().map(|commit| commit.id.clone()),
            day: run.time.map(|time| rfc3339(time).chars().take(DATE).collect()),
        };
        let newest = self.series.values.len().checked_sub(1)?;
        Some([occasion(self.run(0)?), occasion(self.run(newest)?)])
    }

    /// Moves each change that lies among several runs of one commit to where these begin or end, if
    /// that is among the candidates and no other change is in the way: the code did not change in
    /// between. The nearer end, of equally near ones the beginning.
    pub(super) fn moved_to_commits(&self, analysis: &mut Analysis) {
        let end = self.series.values.len();
        for which in 0..analysis.shifts.len() {
            let before = which.checked_sub(1).and_then(|b| analysis.shifts.get(b));
            let lowest = before.map_or(0, |b| b.index) + 1;
            let highest = analysis.shifts.get(which + 1).map_or(end, |next| next.index);
            let Some(shift) = analysis.shifts.get_mut(which) else { break };
            let at = shift.index;
            let here = self.place(at);
            let same = |index: &usize| here.is_some() && self.place(*index) == here;
            let first = (0..=at).rev().take_while(same).last();
            let next = (at..end).find(|index| !same(index));
            if first == Some(at) {
                continue;
            }
            let [from, to] = shift.candidates;
            let ends = first.into_iter().chain(next);
            let free = ends.filter(|i| (from..=to).contains(i) && (lowest..highest).contains(i));
            let Some(moved) = free.min_by_key(|index| index.abs_diff(at)) else { continue };
            shift.index = moved;
            for segment in &mut analysis.segments {
                if segment.start == at {
                    segment.start = moved;
                }
                if segment.end == at {
                    segment.end = moved;
                }
            }
        }
    }

    /// The changes of the analysis, each with its q-value; none acknowledged yet.
    pub(super) fn change_points(
        &self,
        analysis: &Analysis,
        q_value: impl Fn(&SeriesShift) -> f64,
    ) -> Vec<ChangePoint> {
        let pairs = analysis.shifts.iter().zip(returns(analysis));
        pairs.filter_map(|(shift, then)| self.change_point(shift, then, q_value(shift))).collect()
    }

    fn change_point(&self, shift: &SeriesShift, then: Return, q_value: f64) -> Option<ChangePoint> {
        let commit = |index: usize| Some(self.run(index)?.commit.as_ref()?.id.clone());
        let run = |index: usize| Some(self.run(index)?.id.to_string());
        let [first, last] = shift.candidates;
        let before = first.checked_sub(1);
        let extent = self.extent(shift)?;
        let commits = before
            .and_then(|before| Some((self.place(before)?, self.place(last)?)))
            .and_then(|(before, last)| self.axis.commits_between(before, last));
        let lasted = self.series.values.len().saturating_sub(shift.index);
        Some(ChangePoint {
            index: shift.index,
            run: run(shift.index)?,
            commit: commit(shift.index),
            state: if shift.settled { State::Settled } else { State::Probable },
            effect: effect(self.series.better, shift.before, shift.after),
            candidates: [commit(first), commit(last)],
            candidate_indices: shift.candidates,
            last_before: before.and_then(commit),
            commits,
            before: shift.before,
            after: shift.after,
            change: shift.change,
            interval: shift.interval,
            p_value: shift.p_value,
            q_value,
            holds: then.recovered.is_none(),
            recovered: then.recovered.and_then(run),
            perhaps_recovered: then.perhaps.and_then(run),
            partly_recovered: then
                .partly
                .and_then(|(index, share)| Some(PartialReturn { run: run(index)?, share })),
            settled_in: SETTLED_AFTER
                .checked_sub(lasted)
                .filter(|runs| !shift.settled && *runs > 0),
            circumstances: self.circumstances(shift),
            acknowledged: None,
            extent,
        })
    }

    /// Where the change is among all commits: those between the last run that is not in question and
    /// the first that is are in question too, although this series was not measured there.
    fn extent(&self, shift: &SeriesShift) -> Option<Extent> {
        let [first, last] = shift.candidates;
        let places = || (first..=last).filter_map(|index| self.place(index));
        let (lowest, highest) = (places().min()?, places().max()?);
        let before = first.checked_sub(1).and_then(|before| self.place(before));
        let from = before.filter(|before| *before < lowest).map_or(lowest, |before| before + 1);
        let at = self.place(shift.index)?.clamp(from, highest);
        Some(Extent { at, candidates: [from, highest] })
    }

    /// What else changed at the first run after the shift; if nothing did, at the other candidates.
    fn circumstances(&self, shift: &SeriesShift) -> Vec<Circumstance> {
        let at = |index: usize| -> Vec<Circumstance> {
            let runs =
                index.checked_sub(1).and_then(|before| self.run(before)).zip(self.run(index));
            runs.map_or_else(Vec::new, |(before, after)| differences(before, after))
        };
        let here = at(shift.index);
        if !here.is_empty() {
            return here;
        }
        let [first, last] = shift.candidates;
        (first..=last).flat_map(at).take(FEW).collect()
    }

    /// The drift of the series, if it is told.
    pub(super) fn drift(&self, analysis: &Analysis, q_value: f64) -> Option<Drift> {
        let trend = analysis.trend?;
        let time = |index: usize| self.run(index)?.time.map(|time| time.as_second() as f64);
        let weeks = time(trend.start)
            .zip(self.series.values.len().checked_sub(1).and_then(time))
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
            run: self.run(trend.start)?.id.to_string(),
            effect: effect(self.series.better, 0.0, trend.total),
            total: trend.total,
            per_week: weeks.map(per_week),
            weeks,
            per_run: trend.per_value,
            relative: trend.relative,
            p_value: trend.p_value,
            q_value,
        })
    }
}

/// What a change from one level to another means.
fn effect(better: Direction, before: f64, after: f64) -> Effect {
    match (better, after > before) {
        (Direction::Lower, true) | (Direction::Higher, false) => Effect::Regression,
        (Direction::Lower, false) | (Direction::Higher, true) => Effect::Improvement,
    }
}

/// In what else than their code two neighbouring runs differ, where both say.
fn differences(before: &Run, after: &Run) -> Vec<Circumstance> {
    let rounds = |run: &Run| run.settings.rounds.map(|rounds| rounds.to_string());
    let arguments = |run: &Run| Some(run.settings.arguments.join(" "));
    let parts = [
        ("toolchain", before.toolchain.clone(), after.toolchain.clone()),
        ("driftline", before.driftline.clone(), after.driftline.clone()),
        ("rounds", rounds(before), rounds(after)),
        ("arguments", arguments(before), arguments(after)),
    ];
    let differing = parts.into_iter().filter_map(|(what, from, to)| {
        let (before, to) = from.zip(to).filter(|(from, to)| from != to)?;
        Some(Circumstance { what: what.to_owned(), before, after: to, run: after.id.to_string() })
    });
    differing.collect()
}
