//! Change points of one commit are one event.

use std::collections::{BTreeMap, BTreeSet, BinaryHeap};

use super::axis::Axis;
use super::document::{
    ChangePoint, Changes, Effect, Event, EventMember, Extent, SeriesChanges, State,
};
use crate::order;
use crate::stats;

/// How often a set of candidates does not hold the true commit: sets of 95 % confidence hold it in 97
/// to 99 of 100 simulated steps.
const MISSED: f64 = 0.025;
/// How rarely more of an event's sets miss its commit than are let off.
const RARELY: f64 = 0.05;
/// From so many on the binomial distribution is taken for normal.
const MANY: usize = 1_000;

/// A change point on the axis that all series share.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Placed {
    /// The series, and the change point in it.
    member: (usize, usize),
    extent: Extent,
}

impl Placed {
    fn width(&self) -> usize {
        let [first, last] = self.extent.candidates;
        last - first
    }

    /// How much this one speaks for a place: a triangle over its candidates, of an area of 1, with its
    /// own place at the top.
    fn vote(&self, place: usize) -> f64 {
        let (Extent { at, candidates: [first, last] }, place) = (self.extent, place);
        if place < first || last < place {
            return 0.0;
        }
        let (below, above) = ((at - first + 1) as f64, (last - at + 1) as f64);
        let side = if place < at { below } else { above };
        (1.0 - place.abs_diff(at) as f64 / side) * 2.0 / (below + above)
    }

    /// Whether a place is no further outside the candidates than they are wide.
    fn nearly_holds(&self, place: usize) -> bool {
        let [first, last] = self.extent.candidates;
        let beside = self.width() + 1;
        first <= place + beside && place <= last + beside
    }
}

/// Of how many sets of candidates one can expect that they miss what all are about: the smallest m for
/// which more than m of `count` do in at most one of twenty cases.
fn misses(count: usize) -> usize {
    if count > MANY {
        let mean = count as f64 * MISSED;
        let bound = mean + 1.645 * (mean * (1.0 - MISSED)).sqrt();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "positive")]
        return bound.ceil() as usize;
    }
    let odds = MISSED / (1.0 - MISSED);
    let mut likely = libm::pow(1.0 - MISSED, count as f64);
    let mut sum = likely;
    let mut missed = 0;
    while sum < 1.0 - RARELY && missed < count {
        likely *= (count - missed) as f64 / (missed + 1) as f64 * odds;
        sum += likely;
        missed += 1;
    }
    missed
}

/// Groups change points that can be of one commit: each group as the series and the change points in
/// them, the groups in commit order.
///
/// Each change point votes for the places among its candidates. The place of the most votes is an
/// event's, whoever can be of it is taken out, and so on with the rest. Then each joins the event it
/// speaks for most, by the votes that the event has. An event that is as small as chance makes beside
/// a large one, because a set of candidates holds the true commit only nearly always, joins that. No
/// event has two places of one series. O(k w log k) for k change points of w candidates.
pub(super) fn group(changes: &Changes) -> Vec<Vec<(usize, usize)>> {
    let placed = changes.series.iter().enumerate().flat_map(|(series, of)| {
        let points = of.change_points.iter().enumerate();
        points.map(move |(point, change)| Placed { member: (series, point), extent: change.extent })
    });
    let groups = grouped(placed.collect()).into_iter();
    groups.map(|group| group.iter().map(|placed| placed.member).collect()).collect()
}

fn grouped(mut placed: Vec<Placed>) -> Vec<Vec<Placed>> {
    order::sort_by_key(&mut placed, |p| (p.width(), p.extent.at, p.member));
    let strengths = elected(&placed);
    let mut events: BTreeMap<usize, Vec<Placed>> = BTreeMap::new();
    let mut taken: BTreeSet<(usize, usize)> = BTreeSet::new();
    for change in &placed {
        let [first, last] = change.extent.candidates;
        let free = strengths.range(first..=last).filter(|(at, _)| {
            **at == change.extent.at || !taken.contains(&(**at, change.member.0))
        });
        let best = free.map(|(at, strength)| (*at, strength * change.vote(*at))).fold(
            None,
            |best: Option<(usize, f64)>, next| {
                if best.is_none_or(|(_, most)| next.1 > most) { Some(next) } else { best }
            },
        );
        let at = best.map_or(change.extent.at, |(at, _)| at);
        taken.insert((at, change.member.0));
        events.entry(at).or_default().push(*change);
    }
    absorb(&mut events);
    events.into_values().collect()
}

/// The places of events, each with its votes. The heap holds bounds: votes only ever get fewer.
fn elected(placed: &[Placed]) -> BTreeMap<usize, f64> {
    let mut holders =
        order::map_of(placed.iter().map(|change| (change.extent.at, Vec::<usize>::new())));
    for (which, change) in placed.iter().enumerate() {
        let [first, last] = change.extent.candidates;
        for (_, holders) in holders.range_mut(first..=last) {
            holders.push(which);
        }
    }
    let mut free = vec![true; placed.len()];
    let votes = |at: usize, holders: &[usize], free: &[bool]| -> f64 {
        let all = holders.iter().filter(|which| free.get(**which).copied().unwrap_or(false));
        all.filter_map(|which| placed.get(*which)).map(|change| change.vote(at)).sum()
    };
    // Positive numbers are in the order of their bits.
    let mut heap: BinaryHeap<(u64, std::cmp::Reverse<usize>)> = holders
        .iter()
        .map(|(at, holders)| (votes(*at, holders, &free).to_bits(), std::cmp::Reverse(*at)))
        .collect();
    let mut events = BTreeMap::new();
    while let Some((bound, std::cmp::Reverse(at))) = heap.pop() {
        let Some(holders) = holders.get(&at) else { continue };
        let now = votes(at, holders, &free);
        if now <= 0.0 {
            continue;
        }
        if now.to_bits() < bound {
            heap.push((now.to_bits(), std::cmp::Reverse(at)));
            continue;
        }
        for which in holders {
            if let Some(free) = free.get_mut(*which) {
                *free = false;
            }
        }
        events.insert(at, now);
    }
    events
}

/// Lets events join a larger one nearby of whose sets as many may miss the true commit.
fn absorb(events: &mut BTreeMap<usize, Vec<Placed>>) {
    let mut sizes: Vec<(usize, usize)> = events.iter().map(|(at, e)| (e.len(), *at)).collect();
    order::sort_by_key(&mut sizes, |size| *size);
    let mut guests: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, at) in sizes {
        let Some(small) = events.get(&at) else { continue };
        let reach = small.iter().map(|p| 2 * (p.width() + 1)).min().unwrap_or(0);
        let near = events.range(at.saturating_sub(reach)..=at + reach);
        let host = near
            .filter(|(place, large)| {
                let already = guests.get(*place).copied().unwrap_or(0);
                let known = || large.iter().map(|p| p.member.0);
                **place != at
                    && large.len() > small.len()
                    && small.len() + already <= misses(large.len() + small.len())
                    && small.iter().all(|p| p.nearly_holds(**place))
                    && !small.iter().any(|p| known().any(|series| series == p.member.0))
            })
            .max_by_key(|(place, large)| (large.len(), std::cmp::Reverse(place.abs_diff(at))))
            .map(|(place, _)| *place);
        let Some(host) = host else { continue };
        let Some(small) = events.remove(&at) else { continue };
        *guests.entry(host).or_default() += small.len();
        events.entry(host).or_default().extend(small);
    }
}

/// Where an event is: the place that all its members' candidates hold, but for as many as may miss
/// it, and the surest speak for most; and the first and the last such place around it. The place and
/// the candidates of the surest where there is none. O(k · places).
fn extent(members: &[Placed]) -> Option<Extent> {
    let surest = members.iter().min_by_key(|p| (p.width(), p.extent.at, p.member))?;
    let needed = members.len() - misses(members.len());
    let mut steps: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
    for member in members {
        let [first, last] = member.extent.candidates;
        steps.entry(first).or_default().0 += 1;
        steps.entry(last + 1).or_default().1 += 1;
    }
    // Stretches that enough candidates hold.
    let mut held = 0;
    let mut stretches: Vec<[usize; 2]> = Vec::new();
    let ends = steps.keys().skip(1).copied().chain([usize::MAX]);
    for ((from, (begin, end)), until) in steps.iter().zip(ends) {
        held = held + begin - end;
        if held >= needed && held > 0 {
            match stretches.last_mut() {
                Some(stretch) if stretch[1] + 1 == *from => stretch[1] = until - 1,
                _ => stretches.push([*from, until - 1]),
            }
        }
    }
    let within = |at: usize| stretches.iter().find(|[first, last]| (*first..=*last).contains(&at));
    let places = order::set_of(members.iter().map(|p| p.extent.at));
    let votes = |at: usize| members.iter().map(|p| p.vote(at)).sum::<f64>();
    let best = places.iter().filter_map(|at| Some((*at, within(*at)?, votes(*at)))).fold(
        None,
        |best: Option<(usize, &[usize; 2], f64)>, next| {
            if best.is_none_or(|(_, _, most)| next.2 > most) { Some(next) } else { best }
        },
    );
    if let Some((at, candidates, _)) = best {
        return Some(Extent { at, candidates: *candidates });
    }
    // Where all agree nobody's own place is: the nearest to the surest's.
    let near = |[first, last]: &[usize; 2]| surest.extent.at.clamp(*first, *last);
    let nearest = stretches.iter().min_by_key(|s| near(s).abs_diff(surest.extent.at));
    Some(nearest.map_or(surest.extent, |s| Extent { at: near(s), candidates: *s }))
}

/// An event of these members, each a series and a change point in it.
pub(super) fn event(
    members: &[(usize, usize)],
    series: &[SeriesChanges],
    axis: &Axis,
) -> Option<Event> {
    let find = |member: (usize, usize)| -> Option<(&SeriesChanges, &ChangePoint)> {
        let series = series.get(member.0)?;
        Some((series, series.change_points.get(member.1)?))
    };
    let placed = members
        .iter()
        .filter_map(|member| Some(Placed { member: *member, extent: find(*member)?.1.extent }));
    let mut placed: Vec<Placed> = placed.collect();
    order::sort_by_key(&mut placed, |p| (p.width(), p.extent.at, p.member));
    let Extent { at, candidates: [first, last] } = extent(&placed)?;
    let sure = || placed.iter().filter_map(|p| find(p.member)).map(|(_, change)| change);
    let run = sure().find(|change| change.extent.at == at).map(|change| change.run.clone());
    let run = run.or_else(|| axis.places.get(at)?.runs.first().cloned())?;
    let circumstances = sure().map(|change| &change.circumstances);
    let told = circumstances.clone().find(|told| told.iter().any(|one| one.run == run));
    let mut rows: Vec<EventMember> = placed
        .iter()
        .filter_map(|placed| {
            let (series, change) = find(placed.member)?;
            Some(EventMember {
                series: placed.member.0,
                change_point: placed.member.1,
                id: series.id.clone(),
                metric: series.metric.clone(),
                machine: series.machine.clone(),
                change: change.change,
                effect: change.effect,
                state: change.state,
                holds: change.holds,
            })
        })
        .collect();
    let size = |row: &EventMember| row.change.map_or(0.0, |c| libm::log1p(c.max(-0.999)).abs());
    order::sort_by(&mut rows, |a, b| size(b).total_cmp(&size(a)).then_with(|| a.id.cmp(&b.id)));
    let reasons: Option<Vec<&String>> = sure().map(|change| change.acknowledged.as_ref()).collect();
    let of = |effect| rows.iter().filter(move |row| row.effect == effect);
    let benchmarks = |effect| order::set_of(of(effect).map(|row| &row.id)).len();
    let median = |effect| {
        let mut changes: Vec<f64> = of(effect).filter_map(|row| row.change).collect();
        stats::median_of(&mut changes)
    };
    let before = first.checked_sub(1);
    Some(Event {
        commit: axis.commit(at),
        subject: axis.places.get(at).and_then(|place| place.subject.clone()),
        run,
        candidates: [axis.commit(first), axis.commit(last)],
        last_before: before.and_then(|before| axis.commit(before)),
        commits: event_commits(axis, first, last, sure()),
        circumstances: told
            .or_else(|| circumstances.clone().find(|told| !told.is_empty()))
            .cloned()
            .unwrap_or_default(),
        regressions: benchmarks(Effect::Regression),
        improvements: benchmarks(Effect::Improvement),
        median_change: median(Effect::Regression).or_else(|| median(Effect::Improvement)),
        state: if rows.iter().any(|row| row.state == State::Settled) {
            State::Settled
        } else {
            State::Probable
        },
        acknowledged: reasons.and_then(|reasons| reasons.first().map(|reason| (*reason).clone())),
        members: rows,
    })
}

/// How many commits are in question: none where the only place is a commit that a member was measured
/// at before and after its change.
fn event_commits<'a>(
    axis: &Axis,
    first: usize,
    last: usize,
    mut members: impl Iterator<Item = &'a ChangePoint>,
) -> Option<u64> {
    if first == last && members.any(|change| change.commits == Some(0)) {
        return Some(0);
    }
    axis.commits_between(first.checked_sub(1)?, last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(series: usize, first: usize, at: usize, last: usize) -> Placed {
        Placed { member: (series, 0), extent: Extent { at, candidates: [first, last] } }
    }

    fn members(events: &[Vec<Placed>]) -> Vec<Vec<usize>> {
        events.iter().map(|e| e.iter().map(|p| p.member.0).collect()).collect()
    }

    #[test]
    fn an_unsure_one_joins_the_event_it_speaks_for() {
        let events = grouped(vec![
            placed(0, 5, 9, 20),
            placed(1, 10, 10, 10),
            placed(2, 10, 11, 12),
            placed(3, 15, 15, 15),
            placed(4, 30, 31, 33),
        ]);
        assert_eq!(members(&events), [vec![1, 2, 0], vec![3], vec![4]]);
        assert!(grouped(Vec::new()).is_empty());
    }

    #[test]
    fn many_small_changes_of_one_commit_are_one_event() {
        // The true place is 30; two of 24 sets miss it.
        let of = |i: usize| match i {
            7 => placed(i, 31, 33, 36),
            13 => placed(i, 20, 27, 29),
            _ => {
                let at = 26 + i * 5 % 9;
                placed(i, at.min(29) - i % 3, at, 35 + i % 4)
            }
        };
        let events = grouped((0..24).map(of).collect());
        assert_eq!(events.len(), 1, "{:?}", members(&events));
        let Extent { at, candidates: [first, last] } = extent(&events[0]).unwrap();
        assert!(first <= 30 && 30 <= last && at.abs_diff(30) <= 2, "{at} in {first}..={last}");
    }

    #[test]
    fn neighbouring_commits_that_many_are_sure_of_stay_apart() {
        let all = (0..20).map(|i| if i < 10 { placed(i, 3, 5, 6) } else { placed(i, 6, 8, 9) });
        let sizes: Vec<usize> = grouped(all.collect()).iter().map(Vec::len).collect();
        assert_eq!(sizes, [10, 10]);
    }

    #[test]
    fn two_changes_of_one_series_are_two_events() {
        let up = placed(0, 5, 9, 14);
        let down = Placed { member: (0, 1), ..placed(0, 8, 12, 20) };
        let events = grouped(vec![up, down, placed(1, 7, 9, 13)]);
        assert_eq!(members(&events), [vec![1, 0], vec![0]]);
    }

    #[test]
    fn an_event_is_where_its_members_agree() {
        let agree = |all: &[Placed]| extent(all).unwrap();
        let two = agree(&[placed(0, 5, 9, 14), placed(1, 8, 12, 20)]);
        assert_eq!(two.candidates, [8, 14]);
        let apart = agree(&[placed(0, 5, 6, 7), placed(1, 9, 10, 13)]);
        assert_eq!(apart, placed(0, 5, 6, 7).extent);
        // Nobody's own place is where both agree.
        let edge = agree(&[placed(0, 1, 2, 5), placed(1, 5, 8, 9)]);
        assert_eq!(edge, Extent { at: 5, candidates: [5, 5] });
        assert_eq!(extent(&[]), None);
        assert_eq!([1, 2, 3, 14, 15, 24].map(misses), [0, 0, 1, 1, 2, 2]);
        assert!((2_500..2_700).contains(&misses(100_000)));
    }

    #[test]
    fn events_of_a_long_history_cost_little() {
        let all = (0..20_000).map(|i| placed(i % 7, 5 * i, 5 * i + 2, 5 * i + 9));
        assert!(grouped(all.collect()).len() > 9_000);
    }
}
