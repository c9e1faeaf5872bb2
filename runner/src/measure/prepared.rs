use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use driftline_core::model::{Measurement, Run, Skipped};

use super::Budget;
use super::command_suite::CommandSuite;
use crate::harness::criterion::{self, RunOptions};
use crate::harness::{Failure, Interrupt, Pass, Progress as _, TerminalProgress};
use crate::output;

/// What came of measuring.
#[derive(Debug, Clone, Default)]
pub(crate) struct Measured {
    pub(crate) measurements: Vec<Measurement>,
    pub(crate) skipped: Vec<Skipped>,
    pub(crate) failures: Vec<Failure>,
    /// Every benchmark there is, as far as the harnesses can list them.
    pub(crate) known: Vec<String>,
    /// What built or ran the code, where the harness itself says so.
    pub(crate) toolchain: Option<String>,
    pub(crate) interrupted: bool,
}

/// Built and listed suites, and what was measured of them so far.
#[derive(Debug)]
pub(crate) struct Prepared<'a> {
    suites: Vec<Ready>,
    /// What did not build.
    failures: Vec<Failure>,
    interrupt: &'a Interrupt,
    progress: TerminalProgress,
    /// The number of passes made.
    passes: u32,
    interrupted: bool,
}

/// A suite that only has to be run.
#[derive(Debug)]
pub(super) enum Ready {
    Criterion { suite: Box<criterion::Suite>, options: RunOptions, spent: Spent },
    Command(Box<CommandSuite>),
}

/// How long how many benchmarks took.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Spent {
    time: Duration,
    benchmarks: u32,
}

impl Spent {
    /// How long so many more take, if they are like those before.
    fn estimate(self, benchmarks: usize) -> Duration {
        let each = self.time.checked_div(self.benchmarks).unwrap_or_default();
        each.saturating_mul(u32::try_from(benchmarks).unwrap_or(u32::MAX))
    }
}

impl Ready {
    pub(super) fn criterion(suite: criterion::Suite, options: RunOptions) -> Self {
        Self::Criterion { suite: Box::new(suite), options, spent: Spent::default() }
    }

    fn pass(
        &mut self,
        only: Option<&BTreeSet<String>>,
        pass: &mut Pass,
        interrupt: &Interrupt,
        progress: &TerminalProgress,
    ) {
        match self {
            Self::Command(suite) => suite.pass(only, pass, interrupt, progress),
            Self::Criterion { suite, options, spent } => {
                let (begun, before) = (Instant::now(), pass.begun());
                suite.pass(options, only, pass, interrupt, progress);
                spent.time += begun.elapsed();
                spent.benchmarks += pass.begun() - before;
            }
        }
    }

    fn estimate(&self, only: &BTreeSet<String>) -> Duration {
        match self {
            Self::Command(suite) => suite.estimate(only),
            Self::Criterion { suite, spent, .. } => spent.estimate(suite.count_of(only)),
        }
    }
}

impl<'a> Prepared<'a> {
    pub(super) fn new(interrupt: &'a Interrupt) -> Self {
        Self {
            suites: Vec::new(),
            failures: Vec::new(),
            interrupt,
            progress: TerminalProgress::new(),
            passes: 0,
            interrupted: false,
        }
    }

    pub(super) fn add(&mut self, suite: Ready) {
        self.suites.push(suite);
    }

    pub(super) fn fail(&mut self, failures: Vec<Failure>) {
        self.failures.extend(failures);
    }

    /// Leaves out what need not be measured: benchmarks of a program that is the same as the one
    /// that every run of the baseline was made with. Their ids; the user is told.
    pub(crate) fn leave_out_identical(&mut self, name: &str, baseline: &[Run]) -> BTreeSet<String> {
        let mut all = BTreeSet::new();
        for suite in &mut self.suites {
            let Ready::Criterion { suite, .. } = suite else { continue };
            for identical in suite.leave_out_identical(baseline) {
                output::note(&format!(
                    "identical program: {} is what {name} was measured with, its {} benchmarks are \
                     not measured; --force measures them all the same",
                    identical.target,
                    identical.benchmarks.len()
                ));
                all.extend(identical.benchmarks);
            }
        }
        all
    }

    /// Whether nothing is to be run, although nothing went wrong.
    pub(crate) fn is_empty(&self) -> bool {
        let empty = |suite: &Ready| match suite {
            Ready::Criterion { suite, .. } => suite.is_empty(),
            Ready::Command(_) => false,
        };
        self.failures.is_empty() && self.suites.iter().all(empty)
    }

    /// Whether the user asked to stop.
    pub(crate) fn is_interrupted(&self) -> bool {
        self.interrupted || self.interrupt.is_set()
    }

    /// Measures everything in so many passes, one after the other, as long as the budget allows:
    /// the first is made in any case, and none is begun that would probably overrun. How many were
    /// begun.
    pub(crate) fn rounds(&mut self, rounds: u32, seed: u64, budget: &Budget) -> u32 {
        let count = self.count();
        let total = |passes: u32| count.map(|count| count * passes as usize);
        if count != Some(0) {
            self.progress.started(total(rounds));
        }
        let mut longest = Duration::ZERO;
        for number in 0..rounds {
            if number > 0 && !budget.allows(longest) {
                self.say(&format!(
                    "--max-time: {number} of {rounds} rounds were measured; another would take \
                     about {} s more",
                    longest.as_secs()
                ));
                return number;
            }
            let label = match rounds {
                1 => String::new(),
                _ => format!("round {}/{rounds}", number + 1),
            };
            self.progress.pass(&label, total(number));
            let begun = Instant::now();
            self.pass(None, seed, label);
            longest = longest.max(begun.elapsed());
            if self.is_interrupted() {
                return number + 1;
            }
        }
        rounds
    }

    /// Measures these benchmarks in one more round.
    pub(crate) fn repeat(&mut self, only: &BTreeSet<String>, seed: u64, label: &str) {
        let in_suite = |suite: &Ready| match suite {
            Ready::Criterion { suite, .. } => suite.count_of(only),
            Ready::Command(_) => 0,
        };
        let count: usize = self.suites.iter().map(in_suite).sum();
        if count > 0 {
            self.progress.started(Some(count));
        }
        self.progress.pass(label, Some(0));
        self.pass(Some(only), seed, label.to_owned());
    }

    /// About how long it takes to measure these benchmarks once more.
    pub(crate) fn estimate(&self, only: &BTreeSet<String>) -> Duration {
        self.suites.iter().map(|suite| suite.estimate(only)).sum()
    }

    fn pass(&mut self, only: Option<&BTreeSet<String>>, seed: u64, label: String) {
        let mut pass = Pass::new(seed, self.passes, label);
        self.passes += 1;
        for suite in &mut self.suites {
            if self.interrupt.is_set() {
                break;
            }
            suite.pass(only, &mut pass, self.interrupt, &self.progress);
        }
        self.interrupted |= self.interrupt.is_set();
    }

    /// Tells the user something while measuring goes on.
    pub(crate) fn say(&self, text: &str) {
        self.progress.message(text);
    }

    /// How many benchmarks a pass runs one by one, if every target could list its own.
    fn count(&self) -> Option<usize> {
        let of = |suite: &Ready| match suite {
            Ready::Criterion { suite, .. } => suite.count(),
            Ready::Command(_) => Some(0),
        };
        self.suites.iter().map(of).sum()
    }

    /// What was measured so far, and what went wrong.
    pub(crate) fn measured(&self) -> Measured {
        let mut all = Measured {
            failures: self.failures.clone(),
            interrupted: self.is_interrupted(),
            ..Measured::default()
        };
        for suite in &self.suites {
            match suite {
                Ready::Criterion { suite, .. } => {
                    let outcome = suite.outcome();
                    all.measurements.extend_from_slice(&outcome.measurements);
                    all.skipped.extend_from_slice(&outcome.skipped);
                    all.failures.extend_from_slice(&outcome.failures);
                    all.known.extend_from_slice(&outcome.known);
                    all.interrupted |= outcome.interrupted;
                }
                Ready::Command(suite) => {
                    let measured = suite.measured();
                    all.measurements.extend_from_slice(&measured.measurements);
                    all.skipped.extend_from_slice(&measured.skipped);
                    all.failures.extend_from_slice(&measured.failures);
                    all.known.extend_from_slice(&measured.known);
                    all.toolchain = all.toolchain.or_else(|| measured.toolchain.clone());
                    all.interrupted |= measured.interrupted;
                }
            }
        }
        all
    }
}
