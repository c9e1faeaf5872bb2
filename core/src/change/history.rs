use super::acknowledgement::{Acknowledgement, Known};
use super::analysis::{Analysis, SeriesShift, analyse};
use super::axis::{Axis, doubts};
use super::discovery::{FALSE_DISCOVERY_RATE, OF_PROBABLE, drop_undiscovered, q_values, temper};
use super::document::{ChangeCounts, Changes, Judged, SeriesChanges};
use super::events::{event, group};
use super::points::Told;
use super::series::{Selection, select, series_of};
use crate::model::History;
use crate::order;

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
/// over all series with and without; so are the drifts by themselves, and the probable ones at 10 %.
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
        let q_of =
            order::map_of(analysis.shifts.iter().map(|shift| (shift.candidates, q.of(shift))));
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
        probable_false_discovery_rate: OF_PROBABLE,
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
