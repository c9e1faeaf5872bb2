use super::Run;
use crate::order;

/// Runs in commit order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    runs: Vec<Run>,
    /// Where in `runs` each is, in the order in which they were recorded.
    recorded: Vec<usize>,
}

impl History {
    /// Orders runs: by first-parent position when every run has one, runs of one commit as they
    /// were recorded; otherwise all as they were recorded. Never by date, which mixes branches.
    /// Of runs with the same id the last recorded stays.
    pub fn new(mut runs: Vec<Run>) -> Self {
        let mut seen = std::collections::BTreeSet::new();
        runs.reverse();
        runs.retain(|run| seen.insert(run.id.clone()));
        runs.reverse();
        let mut numbered: Vec<(usize, Run)> = runs.into_iter().enumerate().collect();
        if numbered.iter().all(|(_, run)| run.order().is_some()) {
            order::sort_by_key(&mut numbered, |(_, run)| run.order());
        }
        let mut recorded: Vec<(usize, usize)> = numbered
            .iter()
            .enumerate()
            .map(|(position, (number, _))| (*number, position))
            .collect();
        order::sort_by_key(&mut recorded, |(number, _)| *number);
        Self {
            runs: numbered.into_iter().map(|(_, run)| run).collect(),
            recorded: recorded.into_iter().map(|(_, position)| position).collect(),
        }
    }

    /// This history with more runs, recorded after those that it holds.
    #[must_use]
    pub fn with(self, more: Vec<Run>) -> Self {
        let mut runs: Vec<Option<Run>> = self.runs.into_iter().map(Some).collect();
        let as_recorded = self.recorded.into_iter().filter_map(|at| runs.get_mut(at)?.take());
        let mut all: Vec<Run> = as_recorded.collect();
        all.extend(more);
        Self::new(all)
    }

    /// The runs, oldest first.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The runs in the order in which they were recorded.
    pub fn as_recorded(&self) -> impl Iterator<Item = &Run> {
        self.recorded.iter().filter_map(|at| self.runs.get(*at))
    }

    /// The run that was recorded last, whatever its commit: after an older commit was checked out
    /// and measured, that is the one people mean.
    pub fn last_recorded(&self) -> Option<&Run> {
        self.runs.get(*self.recorded.last()?)
    }

    /// The runs that may serve as the reference of `candidate`, oldest first: earlier in the history
    /// (for a run that is not in it: of no later commit), on the same machine with the same toolchain,
    /// measured as thoroughly, of clean trees, and of the default branch where that is known. Where
    /// too few are of that branch, those of the candidate's own branch count as well.
    pub fn comparable_before<'a>(
        &'a self,
        candidate: &Run,
        default_branch: Option<&str>,
    ) -> Vec<&'a Run> {
        let fingerprint = candidate.machine_fingerprint();
        let not_later = |run: &Run| match (run.order(), candidate.order()) {
            (Some(run), Some(candidate)) => run <= candidate,
            _ => true,
        };
        let recorded = self.runs.iter().position(|run| run.id == candidate.id);
        let end = recorded.unwrap_or(self.runs.len());
        let alike: Vec<&Run> = self
            .runs
            .iter()
            .take(end)
            .filter(|run| {
                (recorded.is_some() || not_later(run))
                    && run.machine_fingerprint() == fingerprint
                    && run.toolchain == candidate.toolchain
                    && run.settings.quick == candidate.settings.quick
                    && !run.commit.as_ref().is_some_and(|c| c.dirty)
            })
            .collect();
        let Some(default_branch) = default_branch else { return alike };
        let own = branch_of(candidate);
        let on_default = |run: &&&Run| branch_of(run).is_none_or(|name| name == default_branch);
        let of_default: Vec<&Run> = alike.iter().filter(on_default).copied().collect();
        if of_default.len() >= Self::ENOUGH {
            return of_default;
        }
        let acceptable = |run: &&Run| on_default(&run) || branch_of(run) == own;
        alike.into_iter().filter(acceptable).collect()
    }

    /// How many comparable runs make the history a reference of its own.
    pub const ENOUGH: usize = 5;
}

fn branch_of(run: &Run) -> Option<&str> {
    run.commit.as_ref().and_then(|commit| commit.branch.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Commit, Machine, RunId};

    fn run(id: &str, order: Option<u64>) -> Run {
        let mut run = Run::new(RunId::new(id).unwrap(), Vec::new());
        run.commit = Some(Commit { id: id.into(), order, ..Commit::default() });
        run
    }

    fn ids(history: &History) -> Vec<&str> {
        history.runs().iter().map(|r| r.id.as_str()).collect()
    }

    #[test]
    fn commit_order_when_all_have_one() {
        let history = History::new(vec![run("b", Some(2)), run("a", Some(1)), run("c", Some(2))]);
        assert_eq!(ids(&history), ["a", "b", "c"]);
        let history = History::new(vec![run("b", Some(2)), run("a", None)]);
        assert_eq!(ids(&history), ["b", "a"]);
    }

    #[test]
    fn the_last_of_one_id_stays() {
        let mut second = run("a", Some(1));
        second.toolchain = Some("new".into());
        let history = History::new(vec![run("a", Some(1)), second]);
        assert_eq!(history.runs().len(), 1);
        assert_eq!(history.last_recorded().unwrap().toolchain.as_deref(), Some("new"));
    }

    #[test]
    fn an_older_commit_measured_later_is_the_last_recorded() {
        let history = History::new(vec![run("3", Some(3)), run("1", Some(1))]);
        assert_eq!(ids(&history), ["1", "3"]);
        assert_eq!(history.last_recorded().unwrap().id.as_str(), "1");
        let recorded: Vec<&str> = history.as_recorded().map(|run| run.id.as_str()).collect();
        assert_eq!(recorded, ["3", "1"]);
        assert_eq!(History::default().last_recorded(), None);
        // No later commit serves as its reference, recorded or not.
        assert!(history.comparable_before(history.last_recorded().unwrap(), None).is_empty());
        assert_eq!(history.comparable_before(&run("new", Some(2)), None).len(), 1);
    }

    #[test]
    fn more_runs_are_ordered_among_the_others_and_recorded_after_them() {
        let history = History::new(vec![run("3", Some(3)), run("1", Some(1))]);
        let history = history.with(vec![run("2", Some(2))]);
        assert_eq!(ids(&history), ["1", "2", "3"]);
        assert_eq!(history.last_recorded().unwrap().id.as_str(), "2");
        // With a run of no known place, all are as they were recorded.
        let history = history.with(vec![run("x", None)]);
        assert_eq!(ids(&history), ["3", "1", "2", "x"]);
        assert_eq!(history.with(Vec::new()).last_recorded().unwrap().id.as_str(), "x");
    }

    #[test]
    fn only_like_runs_serve_as_reference() {
        let mut other = run("2", Some(2));
        other.machine = Some(Machine { name: Some("ci-2".into()), ..Machine::default() });
        let mut dirty = run("3", Some(3));
        dirty.commit.as_mut().unwrap().dirty = true;
        let history = History::new(vec![
            run("1", Some(1)),
            other,
            dirty,
            run("4", Some(4)),
            run("5", Some(5)),
        ]);
        let candidate = history.last_recorded().unwrap();
        let before: Vec<&str> =
            history.comparable_before(candidate, None).iter().map(|r| r.id.as_str()).collect();
        assert_eq!(before, ["1", "4"]);
    }

    #[test]
    fn the_default_branch_is_the_reference() {
        let on = |id: &str, branch: Option<&str>| {
            let mut run = run(id, None);
            run.commit.as_mut().unwrap().branch = branch.map(str::to_owned);
            run
        };
        let mut runs: Vec<Run> = (0..4).map(|i| on(&format!("main-{i}"), Some("main"))).collect();
        runs.push(on("topic-1", Some("topic")));
        runs.push(on("other", Some("other")));
        let before = |runs: &[Run]| -> Vec<String> {
            let history = History::new(runs.to_vec());
            let found = history.comparable_before(&on("new", Some("topic")), Some("main"));
            found.iter().map(|run| run.id.to_string()).collect()
        };
        assert_eq!(before(&runs), ["main-0", "main-1", "main-2", "main-3", "topic-1"]);
        runs.push(on("detached", None));
        assert_eq!(before(&runs), ["main-0", "main-1", "main-2", "main-3", "detached"]);
    }
}
