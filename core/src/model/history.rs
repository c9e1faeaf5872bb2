use super::{Run, RunId};

/// Runs in commit order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct History {
    runs: Vec<Run>,
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
        if runs.iter().all(|run| run.order().is_some()) {
            runs.sort_by_key(Run::order);
        }
        Self { runs }
    }

    /// The runs, oldest first.
    pub fn runs(&self) -> &[Run] {
        &self.runs
    }

    /// The run of that id.
    pub fn run(&self, id: &RunId) -> Option<&Run> {
        self.runs.iter().find(|run| run.id == *id)
    }

    /// The newest run.
    pub fn newest(&self) -> Option<&Run> {
        self.runs.last()
    }

    /// At most `limit` runs that may serve as the reference of `candidate`: earlier in the history,
    /// on the same machine with the same toolchain, measured as thoroughly, of clean trees; the
    /// newest last.
    pub fn comparable_before<'a>(&'a self, candidate: &Run, limit: usize) -> Vec<&'a Run> {
        let fingerprint = candidate.machine_fingerprint();
        let end = self.runs.iter().position(|r| r.id == candidate.id).unwrap_or(self.runs.len());
        let mut chosen: Vec<&Run> = self
            .runs
            .iter()
            .take(end)
            .rev()
            .filter(|run| {
                run.machine_fingerprint() == fingerprint
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
    use crate::model::{Commit, Machine};

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
        assert_eq!(history.newest().unwrap().toolchain.as_deref(), Some("new"));
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
        let candidate = history.newest().unwrap();
        let before: Vec<&str> =
            history.comparable_before(candidate, 5).iter().map(|r| r.id.as_str()).collect();
        assert_eq!(before, ["1", "4"]);
        assert_eq!(history.comparable_before(candidate, 1)[0].id.as_str(), "4");
    }
}
