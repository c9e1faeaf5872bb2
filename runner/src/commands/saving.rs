//! Whether a run becomes a baseline.

use driftline_core::compare::{Comparison, Policy, Verdict};
use driftline_core::model::{Baseline, BaselineName, Level, Run};

use super::{Error, Exit, Store, baseline, output};
use crate::args::RunArguments;
use crate::harness::Failure;
use crate::store::StoreError;

/// What `--save-baseline` and `--init-baseline` ask for.
#[derive(Debug)]
pub(super) struct Saving {
    save: Option<BaselineName>,
    pub(super) init: Option<BaselineName>,
    /// The baseline of that name, if there is one.
    saved: Option<Baseline>,
    /// Which way metrics are better, where that is configured.
    policy: Policy,
}

impl Saving {
    pub(super) fn new(
        store: &Store,
        arguments: &RunArguments,
        policy: &Policy,
    ) -> Result<Self, Error> {
        let name = |text: &Option<String>| text.as_deref().map(baseline::name_of).transpose();
        let (save, init) = (name(&arguments.save_baseline)?, name(&arguments.init_baseline)?);
        let saved = match save.as_ref().or(init.as_ref()).map(|name| store.baseline(name)) {
            None | Some(Err(StoreError::NoSuchBaseline { .. })) => None,
            Some(saved) => Some(saved?),
        };
        Ok(Self { save, init, saved, policy: policy.clone() })
    }

    pub(super) fn wanted(&self) -> bool {
        self.save.is_some() || self.init.is_some()
    }

    /// Whether `--init-baseline` finds no baseline, so that this run is to become it.
    pub(super) fn is_first(&self) -> bool {
        self.init.is_some() && self.saved.is_none()
    }

    /// Saves the run, unless it would make a bad reference: then the baseline stays as it was, and
    /// the user is told why.
    pub(super) fn save(
        &self,
        store: &Store,
        run: &Run,
        comparison: Option<&Comparison>,
        exit: Exit,
        failures: &[Failure],
        is_selection: bool,
    ) -> Result<(), Error> {
        let name = match (&self.save, &self.init) {
            (Some(name), _) => name,
            (None, Some(name)) if self.saved.is_none() => name,
            _ => return Ok(()),
        };
        if let Some(why) = self.objection(run, exit, failures, is_selection) {
            output::warn(&format!("baseline {name} is not saved: {why}"));
            return Ok(());
        }
        // What somebody saves although it is shown as regressed, somebody accepts; and what is accepted
        // becomes the level.
        let regressed = |level: &Level| {
            comparison.is_some_and(|comparison| {
                comparison.benchmarks.iter().any(|row| {
                    (row.verdict == Verdict::Regressed || row.is_accepted())
                        && row.id == level.benchmark.as_str()
                        && row.metric == level.metric.as_str()
                })
            })
        };
        baseline::save(store, name, run, &self.policy, |level| !regressed(level))?;
        if self.is_first() {
            output::note("there was no baseline: the next run is compared with this one");
        }
        Ok(())
    }

    fn objection(
        &self,
        run: &Run,
        exit: Exit,
        failures: &[Failure],
        is_selection: bool,
    ) -> Option<String> {
        if exit == Exit::Regressed {
            // In CI a slow run must not become the norm that the next one is judged by.
            return Some(format!(
                "something regressed; `driftline baseline save NAME --run {}` accepts this run",
                run.id
            ));
        }
        if !failures.is_empty() {
            return Some(format!(
                "{} benchmarks failed, and nothing would be compared with them from then on",
                failures.len()
            ));
        }
        if !is_selection {
            return None;
        }
        let measured = |name: &str| run.measurements.iter().any(|m| m.benchmark().as_str() == name);
        match &self.saved {
            None if self.init.is_some() => {
                Some("this run measured only a selection; run it once in full".to_owned())
            }
            None => None,
            Some(saved) => {
                let before = &saved.run.measurements;
                let lost = before.iter().filter(|m| !measured(m.benchmark().as_str())).count();
                (lost > 0).then(|| {
                    format!(
                        "this run measured only a selection, and {lost} benchmarks of the saved one \
                         would be lost; run them all, or save under another name"
                    )
                })
            }
        }
    }
}
