//! What is launched, and what becomes of it: a program that fails in one benchmark is started again
//! for those behind it.

use super::ledger::Ledger;
use super::list::{Listed, chunk};
use super::session::Ending;
use super::suite::Target;
use super::target_run::TargetRun;
use super::{RunOptions, Selection};
use crate::harness::{Interrupt, Pass, Progress};

/// What is run without another target's benchmarks in between, of the target of this 0-based number.
#[derive(Debug)]
pub(super) enum Launches {
    /// These benchmarks, in one process as long as none fails; `all` if those are all it has.
    Of { target: usize, names: Vec<Listed>, all: bool },
    /// A target that cannot list its benchmarks.
    Unlisted { target: usize },
}

/// All launches of one pass.
pub(super) struct Schedule<'a> {
    pub(super) options: &'a RunOptions,
    pub(super) selection: &'a Selection,
    pub(super) targets: &'a [Target],
    pub(super) interrupt: &'a Interrupt,
    pub(super) progress: &'a dyn Progress,
    pub(super) pass: &'a mut Pass,
    pub(super) ledger: &'a mut Ledger,
}

impl Schedule<'_> {
    /// Runs one part of the pass.
    pub(super) fn run(&mut self, launches: Launches) {
        match launches {
            Launches::Of { target, names, all } => self.run_listed(target, names, all),
            Launches::Unlisted { target } => self.run_unlisted(target),
        }
    }

    fn run_listed(&mut self, target: usize, names: Vec<Listed>, all: bool) {
        let Some(mut run) = TargetRun::new(self, target, names) else { return };
        let mut first = true;
        while !run.remaining.is_empty() {
            let (chunk, pattern) = chunk(&run.remaining);
            let pattern = if all && first { None } else { Some(pattern) };
            let expected = if pattern.is_some() { chunk } else { run.remaining.len() };
            first = false;
            let before = run.remaining.len();
            let protocol = run.speaks_protocol();
            let Some(launched) = run.launch(pattern.as_deref()) else { return };
            let progressed = run.remaining.len() < before;
            match &launched.ending {
                Ending::Interrupted => return,
                Ending::Refused(error) => {
                    if !protocol {
                        return;
                    }
                    run.fall_back(&error.to_string());
                    first = true;
                }
                // An end in the middle of a benchmark is none of the good ones, whatever its status.
                Ending::Exited(status) if status.success() && launched.current.is_none() => {
                    run.skip_unmeasured(expected.saturating_sub(before - run.remaining.len()));
                }
                _ => {
                    if !run.fail(launched, progressed) {
                        return;
                    }
                }
            }
        }
    }

    /// Runs a target that cannot list its benchmarks, once: after a failure nobody knows what is
    /// left.
    fn run_unlisted(&mut self, target: usize) {
        let filter = match self.selection {
            Selection::All => None,
            Selection::Matching(filter) => Some(filter.as_str().to_owned()),
        };
        let Some(mut run) = TargetRun::new(self, target, Vec::new()) else { return };
        let Some(mut launched) = run.launch(filter.as_deref()) else { return };
        if let Ending::Refused(error) = &launched.ending {
            run.fall_back(&error.to_string());
            let Some(again) = run.launch(filter.as_deref()) else { return };
            launched = again;
        }
        match &launched.ending {
            Ending::Interrupted => {}
            Ending::Exited(status) if status.success() && launched.current.is_none() => {
                if run.done.is_empty() && !launched.connected {
                    run.skip_target(
                        "this bench target is none of criterion's: it neither connects to a runner \
                         nor writes criterion's files; run it as a suite with a `command`, or leave \
                         it out with --bench",
                    );
                } else if run.done.is_empty() && filter.is_none() {
                    run.skip_target("this bench target has no benchmarks");
                }
            }
            _ => run.give_up(launched),
        }
    }
}
