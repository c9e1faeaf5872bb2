use super::Run;

/// Runs in commit order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    runs: Vec<Run>,
    /// Where in `runs` the one is that was recorded last.
    last_recorded: usize,
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
        let last_recorded = runs.last().map(|run| run.id.clone());
        if runs.iter().all(|run| run.order().is_some()) {
            runs.sort_by_key(Run::order);
        }
        let last_recorded = runs.iter().position(|run| Some(&run.id) == last_recorded.as_ref());
        Self { runs, last_recorded: last_recorded.unwrap_or_default() }
    }

    /// The runs, oldest first.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The run that was recorded last, whatever its commit: after an older commit was checked out
    /// and measured, that is the one people mean.
    pub fn last_recorded(&self) -> Option<&Run> {
        self.runs.get(self.last_recorded)
    }

    /// At most `limit` runs that may serve as the reference of `candidate`: earlier in the history
    /// (for a run that is not in it: of no later commit), on the same machine with the same toolchain, measured as thoroughly, of clean trees; the
    /// newest last.
    pub fn comparable_before<'a>(&'a self, candidate: &Run, limit: usize) -> Vec<&'a Run> {
        let fingerprint = candidate.machine_fingerprint();
        let not_later = |run: &Run| match (run.order(), candidate.order()) {
            (Some(run), Some(candidate)) => run <= candidate,
            _ => true,
        };
        let recorded = self.runs.iter().position(|run| run.id == candidate.id);
        let end = recorded.unwrap_or(self.runs.len());
        let mut chosen: Vec<&Run> = self
            .runs
            .iter()
            .take(end)
            .rev()
            .filter(|run| {
                (recorded.is_some() || not_later(run))
                    && run.machine_fingerprint() == fingerprint
                    && run.toolchain == candidate.toolchain
                    && run.settings.quick == candidate.settings.quick
                    && !run.commit.as_ref().is_some_and(|c| c.dirty)
            })
            .take(limit)
            .collect();
        chosen.reverse();
        chosen
    }
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
        assert_eq!(History::default().last_recorded(), None);
        // No later commit serves as its reference, recorded or not.
        assert!(history.comparable_before(history.last_recorded().unwrap(), 5).is_empty());
        assert_eq!(history.comparable_before(&run("new", Some(2)), 5).len(), 1);
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
            history.comparable_before(candidate, 5).iter().map(|r| r.id.as_str()).collect();
        assert_eq!(before, ["1", "4"]);
        assert_eq!(history.comparable_before(candidate, 1)[0].id.as_str(), "4");
    }
}
