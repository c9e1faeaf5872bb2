use std::collections::BTreeMap;

use super::document::{ChangePoint, Effect, Event, EventMember, SeriesChanges, State};
use crate::stats;

/// A change point on the axis that all series share: the commits in order.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    /// The series, and the change point in it.
    pub member: (usize, usize),
    /// Where its commit is.
    pub at: usize,
    /// Where its first and last candidates are.
    pub candidates: [usize; 2],
}

/// Groups change points that can be of one commit, the surest first: each joins the nearest event
/// that lies among its candidates, or begins one at its own commit. Each event is the list of its
/// members, the surest first; events ascend. O(k log k).
pub(super) fn group(mut placed: Vec<Placed>) -> Vec<Vec<Placed>> {
    placed.sort_by_key(|p| (p.candidates[1] - p.candidates[0], p.at, p.member));
    let mut events: BTreeMap<usize, Vec<Placed>> = BTreeMap::new();
    for change in placed {
        let [first, last] = change.candidates;
        let below = events.range(first..=change.at.max(first)).next_back().map(|(at, _)| *at);
        let above = events.range(change.at.min(last)..=last).next().map(|(at, _)| *at);
        let nearest = below.into_iter().chain(above).min_by_key(|at| (at.abs_diff(change.at), *at));
        events.entry(nearest.unwrap_or(change.at)).or_default().push(change);
    }
    events.into_values().collect()
}

/// An event of these members, the surest first.
pub(super) fn event(
    members: &[Placed],
    series: &[SeriesChanges],
    subject: impl Fn(&str) -> Option<String>,
) -> Option<Event> {
    let find = |placed: &Placed| -> Option<(&SeriesChanges, &ChangePoint)> {
        let series = series.get(placed.member.0)?;
        Some((series, series.change_points.get(placed.member.1)?))
    };
    let (_, surest) = find(members.first()?)?;
    let mut rows: Vec<EventMember> = members
        .iter()
        .filter_map(|placed| {
            let (series, change) = find(placed)?;
            Some(EventMember {
                series: placed.member.0,
                change_point: placed.member.1,
                id: series.id.clone(),
                metric: series.metric.clone(),
                change: change.change,
                effect: change.effect,
                state: change.state,
                holds: change.holds,
            })
        })
        .collect();
    let size = |row: &EventMember| row.change.map_or(0.0, |c| libm::log1p(c.max(-0.999)).abs());
    rows.sort_by(|a, b| size(b).total_cmp(&size(a)).then_with(|| a.id.cmp(&b.id)));
    let reasons: Option<Vec<&String>> =
        members.iter().map(|m| find(m).and_then(|(_, c)| c.acknowledged.as_ref())).collect();
    let mut event = Event {
        commit: surest.commit.clone(),
        subject: surest.commit.as_deref().and_then(subject),
        run: surest.run.clone(),
        candidates: surest.candidates.clone(),
        last_before: surest.last_before.clone(),
        commits: surest.commits,
        regressions: 0,
        improvements: 0,
        median_change: None,
        state: State::Probable,
        members: rows,
        acknowledged: reasons.and_then(|r| r.first().map(|reason| (*reason).clone())),
    };
    event.recount();
    Some(event)
}

impl Event {
    /// Counts its members anew.
    pub(super) fn recount(&mut self) {
        let of = |effect| self.members.iter().filter(move |m| m.effect == effect);
        let median = |effect| {
            let changes: Vec<f64> = of(effect).filter_map(|m| m.change).collect();
            stats::median(&stats::sorted(&changes))
        };
        let settled = self.members.iter().any(|m| m.state == State::Settled);
        let median_change = median(Effect::Regression).or_else(|| median(Effect::Improvement));
        let (regressions, improvements) =
            (of(Effect::Regression).count(), of(Effect::Improvement).count());
        self.regressions = regressions;
        self.improvements = improvements;
        self.median_change = median_change;
        self.state = if settled { State::Settled } else { State::Probable };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(series: usize, first: usize, at: usize, last: usize) -> Placed {
        Placed { member: (series, 0), at, candidates: [first, last] }
    }

    #[test]
    fn an_unsure_one_joins_the_nearest_event_among_its_candidates() {
        let events = group(vec![
            placed(0, 5, 9, 20),
            placed(1, 10, 10, 10),
            placed(2, 10, 11, 12),
            placed(3, 15, 15, 15),
            placed(4, 30, 31, 33),
        ]);
        let members: Vec<Vec<usize>> =
            events.iter().map(|e| e.iter().map(|p| p.member.0).collect()).collect();
        assert_eq!(members, [vec![1, 2, 0], vec![3], vec![4]]);
        assert!(group(Vec::new()).is_empty());
    }
}
