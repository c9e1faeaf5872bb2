use super::acceptance::{Acceptance, accepted_levels};
use super::{Comparison, Context, Policy, Side, compare_in, levels_of_history};
use crate::model::{BaselineName, History, Level, Run};

/// What the records know beside the two sides: the runs before the candidate that were made like
/// it, and the levels that were accepted: those of the baseline `main`, or where it is not saved,
/// of the history's first runs.
#[derive(Debug, Clone)]
pub struct Evidence<'a> {
    comparable: Vec<&'a Run>,
    levels: Vec<Level>,
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
        let levels = if accepted.is_empty() && comparable.len() > window {
            levels_of_history(&comparable, policy)
        } else {
            accepted.to_vec()
        };
        Self { comparable, levels, window }
    }

    /// With the levels of the runs at which something was accepted in place of older ones. `policy`
    /// says which way a metric is better where the harness does not.
    #[must_use]
    pub fn accepting(
        self,
        given: &[Acceptance],
        policy: &Policy,
        today: jiff::civil::Date,
    ) -> Self {
        let levels = accepted_levels(self.levels, given, &self.comparable, policy, today);
        Self { levels, ..self }
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

    /// Sets the candidate against the baseline in the light of all this.
    pub fn judge(&self, baseline: &Side<'_>, candidate: &Side<'_>, policy: &Policy) -> Comparison {
        let context = Context { history: &self.comparable, levels: &self.levels };
        compare_in(baseline, candidate, context, policy)
    }
}
