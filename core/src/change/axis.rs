use std::collections::BTreeMap;

use crate::model::{Commit, Run};

/// The commits of the runs that count, in the order in which each was first measured: what all series
/// share. A run without a commit stands for itself.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Axis {
    pub places: Vec<Place>,
    /// For each run where its commit is.
    pub of_run: Vec<usize>,
}

/// A commit on the axis.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Place {
    pub commit: Option<String>,
    pub subject: Option<String>,
    pub order: Option<u64>,
    /// The ids of its runs.
    pub runs: Vec<String>,
}

impl Axis {
    /// O(n log n).
    pub(super) fn of(runs: &[&Run]) -> Self {
        let mut axis = Self::default();
        let mut known: BTreeMap<&str, usize> = BTreeMap::new();
        for run in runs {
            let commit = run.commit.as_ref();
            let next = axis.places.len();
            let at = commit.map_or(next, |c| *known.entry(c.id.as_str()).or_insert(next));
            if at == next {
                axis.places.push(Place {
                    commit: commit.map(|c| c.id.clone()),
                    subject: commit.and_then(|c| c.subject.clone()),
                    order: commit.and_then(|c| c.order),
                    runs: Vec::new(),
                });
            }
            if let Some(place) = axis.places.get_mut(at) {
                place.runs.push(run.id.to_string());
            }
            axis.of_run.push(at);
        }
        axis
    }

    pub(super) fn commit(&self, at: usize) -> Option<String> {
        self.places.get(at)?.commit.clone()
    }

    pub(super) fn order(&self, at: usize) -> Option<u64> {
        self.places.get(at)?.order
    }

    /// How many commits lie behind `before` up to `last`: 0 where both are the same commit; `None`
    /// where their order is not known, or runs backwards.
    pub(super) fn commits_between(&self, before: usize, last: usize) -> Option<u64> {
        if before == last {
            return self.commit(last).map(|_| 0);
        }
        let (from, to) = (self.order(before)?, self.order(last)?);
        (from < to).then(|| to - from)
    }
}

/// What speaks against the order in which the runs stand. O(n log n).
pub(super) fn doubts(runs: &[&Run]) -> Vec<String> {
    let mut doubts = Vec::new();
    let commits = || runs.iter().filter_map(|run| run.commit.as_ref());
    let orders: Vec<u64> = commits().filter_map(|commit| commit.order).collect();
    let back = orders.iter().zip(orders.iter().skip(1)).filter(|(a, b)| b < a).count();
    if !orders.is_empty() && orders.len() < runs.len() {
        let unknown = runs.len() - orders.len();
        let backwards = if back > 0 {
            ", although the positions of the others contradict it: a change for the worse may be \
             one for the better, and the other way round"
        } else {
            ""
        };
        doubts.push(format!(
            "{unknown} of {} runs do not know their commit's position, so all stand in the order \
             they were recorded{backwards}; record them in a full clone, or import them with `order`",
            runs.len()
        ));
    }
    let mut places: BTreeMap<&str, (usize, Option<u64>)> = BTreeMap::new();
    let mut holders: BTreeMap<u64, &str> = BTreeMap::new();
    let (mut moved, mut shared) = (0, 0);
    for (at, commit) in
        runs.iter().enumerate().filter_map(|(at, run)| Some((at, run.commit.as_ref()?)))
    {
        let (_, order) = *places.entry(&commit.id).or_insert((at, commit.order));
        moved += usize::from(order != commit.order);
        if let Some(order) = commit.order {
            shared += usize::from(*holders.entry(order).or_insert(&commit.id) != commit.id);
        }
    }
    if moved > 0 && orders.len() == runs.len() {
        doubts.push(format!(
            "{} have another position than other runs of their commit",
            count(moved)
        ));
    }
    if shared > 0 {
        doubts.push(format!(
            "{} of different commits have the same position, as on two branches: which came first \
             is not known",
            count(shared)
        ));
    }
    let before_parent = |(at, commit): &(usize, &Commit)| {
        let parent = commit.parent.as_deref().and_then(|parent| places.get(parent));
        parent.is_some_and(|(parent, _)| at < parent)
    };
    let firsts = places.values().filter_map(|(at, _)| Some((*at, runs.get(*at)?.commit.as_ref()?)));
    let early = firsts.filter(before_parent).count();
    if early > 0 {
        doubts.push(format!(
            "{} before the commit that theirs is built on: a change may stand the wrong way round",
            if early == 1 { "1 run stands".to_owned() } else { format!("{early} runs stand") }
        ));
    }
    if orders.is_empty() && early == 0 {
        let times: Vec<_> = commits().filter_map(|commit| commit.time).collect();
        let steps = || times.iter().zip(times.iter().skip(1));
        let (back, on) =
            (steps().filter(|(a, b)| b < a).count(), steps().filter(|(a, b)| b > a).count());
        if back > on {
            doubts.push(
                "the commits' times run backwards, and their positions are not known: changes for \
                 the worse may be for the better, and the other way round; import them with `order`"
                    .to_owned(),
            );
        }
    }
    doubts
}

fn count(runs: usize) -> String {
    if runs == 1 { "1 run".to_owned() } else { format!("{runs} runs") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RunId;

    fn run(id: usize, commit: &str, order: Option<u64>, parent: Option<&str>) -> Run {
        let mut run = Run::new(RunId::new(format!("r{id}")).unwrap(), Vec::new());
        run.commit = Some(Commit {
            id: commit.into(),
            order,
            parent: parent.map(str::to_owned),
            time: jiff::Timestamp::from_second(1_000 - 10 * i64::try_from(id).unwrap()).ok(),
            ..Commit::default()
        });
        run
    }

    fn about(runs: &[Run]) -> Vec<String> {
        doubts(&runs.iter().collect::<Vec<_>>())
    }

    #[test]
    fn commits_are_told_apart_by_their_ids() {
        let runs = [
            run(0, "a", Some(1), None),
            run(1, "b", Some(2), None),
            run(2, "c", Some(2), None),
            run(3, "b", Some(2), None),
            Run::new(RunId::new("bare").unwrap(), Vec::new()),
        ];
        let axis = Axis::of(&runs.iter().collect::<Vec<_>>());
        assert_eq!(axis.of_run, [0, 1, 2, 1, 3]);
        let between = |before, last| axis.commits_between(before, last);
        assert_eq!(between(0, 1), Some(1));
        assert_eq!(between(1, 1), Some(0));
        // Of two branches, or backwards.
        assert_eq!([between(1, 2), between(2, 0), between(3, 3)], [None; 3]);
    }

    #[test]
    fn an_order_that_contradicts_itself_is_told() {
        let fine = [run(0, "a", Some(1), None), run(1, "b", Some(2), Some("a"))];
        assert!(about(&fine).is_empty());
        let says = |runs: &[Run], what: &str| {
            let doubts = about(runs);
            assert!(doubts.len() == 1 && doubts[0].contains(what), "{doubts:?}");
        };
        says(
            &[run(0, "b", Some(2), None), run(1, "c", None, None), run(2, "a", Some(1), None)],
            "1 of 3 runs do not know their commit's position, so all stand in the order they were \
             recorded, although",
        );
        says(&[run(0, "b", Some(2), None), run(1, "c", Some(2), None)], "the same position");
        says(&[run(0, "b", Some(2), None), run(1, "b", Some(3), None)], "another position");
        says(&[run(0, "b", None, Some("a")), run(1, "a", None, None)], "1 run stands before");
        says(&[run(0, "b", None, None), run(1, "a", None, None)], "times run backwards");
        assert!(about(&[]).is_empty());
    }
}
