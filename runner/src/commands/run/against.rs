use std::collections::BTreeSet;

use driftline_core::compare::Evidence;
use driftline_core::model::{BaselineName, BenchmarkId, Run};

use super::super::saving::Saving;
use super::super::{Error, Store, baseline};
use crate::args::RunArguments;
use crate::measure::Plan;
use crate::reference::{self, Named};

/// What the run is compared with. A baseline that is named is read before anything is measured.
#[derive(Debug, PartialEq)]
pub(super) enum Against {
    Nothing,
    Baseline(Named),
    History,
    /// The history, or the saved baseline of this name while the history is short.
    HistoryOr(String),
}

impl Against {
    /// What the command line asks for: the baseline it names, else the history, and while that is
    /// short the baseline that `--init-baseline` is about, or `main`.
    pub(super) fn new(
        store: &Store,
        arguments: &RunArguments,
        saving: &Saving,
    ) -> Result<Self, Error> {
        if arguments.compare.is_none() && !arguments.policy.ci {
            return Ok(Self::Nothing);
        }
        match arguments.compare.as_deref().filter(|name| !name.is_empty()) {
            Some(BaselineName::HISTORY) => Ok(Self::History),
            Some(name) => {
                let saved = store.baseline(&baseline::name_of(name)?)?;
                Ok(Self::Baseline(Named::of(name, vec![saved.run])))
            }
            None => {
                let name = saving.init.as_ref().map_or(BaselineName::DEFAULT, BaselineName::as_str);
                // Whatever is wrong with it is better known now.
                reference::baseline(store, name)?;
                Ok(Self::HistoryOr(name.to_owned()))
            }
        }
    }

    /// The baseline, in the light of what was recorded before.
    pub(super) fn baseline(
        &self,
        evidence: &Evidence<'_>,
        store: &Store,
    ) -> Result<Option<Named>, Error> {
        match self {
            Self::Nothing => Ok(None),
            Self::Baseline(named) => Ok(Some(named.clone())),
            Self::History => Ok(reference::of_history(evidence)),
            Self::HistoryOr(name) => reference::default_baseline(evidence, store, name),
        }
    }
}

/// Which benchmarks the run is about.
#[derive(Debug)]
pub(super) struct Scope<'a> {
    plan: &'a Plan,
    filters: bool,
    chooses_targets: bool,
    /// What was not run, because its program is the one that the baseline was measured with.
    pub(super) identical: BTreeSet<String>,
}

impl<'a> Scope<'a> {
    pub(super) fn new(plan: &'a Plan, arguments: &RunArguments) -> Self {
        let line = &arguments.harness;
        let lists = [&line.package, &line.bench, &line.suite];
        Self {
            plan,
            filters: arguments.filter.is_some(),
            chooses_targets: lists.iter().any(|list| !list.is_empty()),
            identical: BTreeSet::new(),
        }
    }

    /// Whether only some of the benchmarks were to be run.
    pub(super) fn is_selection(&self) -> bool {
        self.filters || self.chooses_targets || !self.identical.is_empty()
    }

    /// The baseline without what was not to be run, which is not gone; and how many benchmarks were
    /// taken out because they were not selected.
    pub(super) fn of(&self, mut baseline: Named, run: &Run) -> (Named, usize) {
        let ran = |id: &BenchmarkId| {
            run.measurements.iter().any(|m| m.benchmark() == id)
                || run.skipped.iter().any(|skipped| skipped.name == id.as_str())
        };
        let wanted =
            |id: &BenchmarkId| ran(id) || !self.chooses_targets && self.plan.selects(id.as_str());
        let mut left_out = 0;
        for run in &mut baseline.runs {
            run.measurements.retain(|m| !self.identical.contains(m.benchmark().as_str()));
            let before = run.measurements.len();
            run.measurements.retain(|m| wanted(m.benchmark()));
            left_out = left_out.max(before - run.measurements.len());
        }
        (baseline, left_out)
    }
}
