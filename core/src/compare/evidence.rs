use jiff::civil::Date;

use super::acceptance::Acceptance;
use super::accepted_level::{AcceptedLevels, Established, Levels};
use super::{Comparison, Context, Policy, Side, compare_in, levels_of_history};
use crate::model::{BaselineName, History, Level, Run};

/// What the records know beside the two sides: the runs before the candidate that were made like
/// it, and the levels that were accepted: those of the baseline `main`, or where it is not saved,
/// of the history's first runs.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    comparable: Vec<&'a Run>,
    /// The levels that were accepted before anything else is said.
    saved: Vec<Level>,
    /// What is accepted on purpose, and the day that it is.
    pub(super) given: Vec<Acceptance>,
    pub(super) today: Option<Date>,
    /// The levels that were accepted by that, and by what is recorded with the runs.
    pub(super) established: Vec<Established>,
    pub(super) accepted: AcceptedLevels,
    window: usize,
}

impl<'a> Evidence<'a> {
    /// What is known before `candidate` was made: `comparable` are the runs made like it, oldest
    /// first ([`History::comparable_before`]), `accepted` the levels of the baseline `main`, none
    /// where it is not saved. `policy` says which way a metric is better where the harness does not.
    pub fn new(
        comparable: Vec<&'a Run>,
        accepted: &[Level],
        window: usize,
        policy: &Policy,
    ) -> Self {
        // Within the window every slow step shows by itself.
        let saved = if accepted.is_empty() && comparable.len() > window {
            levels_of_history(&comparable, policy)
        } else {
            accepted.to_vec()
        };
        let evidence = Self {
            comparable,
            saved,
            given: Vec::new(),
            today: None,
            established: Vec::new(),
            accepted: AcceptedLevels::default(),
            window,
        };
        evidence.established(policy)
    }

    fn established(self, policy: &Policy) -> Self {
        let levels = Levels { runs: &self.comparable, policy };
        let mut established = levels.recorded();
        established.extend(levels.given(&self.given, &self.saved, self.today));
        let accepted = levels.accepted(self.saved.clone(), established.clone());
        Self { established, accepted, ..self }
    }

    /// With what is accepted on purpose: it marks rows, and the levels of the runs at which it was accepted
    /// take the place of older ones. `policy` says which way a metric is better where the harness does not.
    #[must_use]
    pub fn accepting(self, given: Vec<Acceptance>, policy: &Policy, today: Date) -> Self {
        Self { given, today: Some(today), ..self }.established(policy)
    }

    /// The runs before the candidate that were made like it, oldest first.
    pub fn comparable(&self) -> &[&'a Run] {
        &self.comparable
    }

    /// The newest comparable runs as a baseline; none where there are none.
    pub fn history(&self) -> Option<Side<'a>> {
        let from = self.comparable.len().saturating_sub(self.window);
        let runs: Vec<&Run> = self.comparable.iter().skip(from).copied().collect();
        (!runs.is_empty()).then(|| Side { name: BaselineName::HISTORY.to_owned(), runs })
    }

    /// Whether the history is a reference of its own, so that no saved baseline is needed.
    pub fn suffices(&self) -> bool {
        self.comparable.len() >= History::ENOUGH
    }

    /// Sets the candidate against the baseline in the light of all this, and marks what is accepted.
    pub fn judge(&self, baseline: &Side<'_>, candidate: &Side<'_>, policy: &Policy) -> Comparison {
        let AcceptedLevels { levels, from } = &self.accepted;
        let context = Context { history: &self.comparable, levels, accepted_from: from };
        let mut comparison = compare_in(baseline, candidate, context, policy);
        self.accept(&mut comparison, candidate.runs.last().copied());
        comparison
    }
}
