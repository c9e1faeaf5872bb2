use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use driftline_core::formats::{self, Format, InputFile, Reading};
use driftline_core::model::{BenchmarkId, Measurement, Run, RunId, Skipped};
use regex::Regex;

use super::{Measured, Renames};
use crate::harness::command::CommandHarness;
use crate::harness::{Failure, Interrupt, Pass, Progress};

/// A suite that a command runs, and what it gave so far. It runs in an order of its own, and always
/// as a whole.
#[derive(Debug)]
pub(super) struct CommandSuite {
    harness: CommandHarness,
    format: Format,
    filter: Option<Regex>,
    renames: Renames,
    /// Which of the renames matched a name so far.
    renamed: BTreeSet<usize>,
    measured: Measured,
    notes: Vec<String>,
    /// Whether it took longer than it may: it is not run again.
    hung: bool,
    /// The longest time it took.
    longest: Duration,
}

impl CommandSuite {
    pub(super) fn new(
        harness: CommandHarness,
        format: Format,
        filter: Option<Regex>,
        renames: Renames,
    ) -> Self {
        Self {
            harness,
            format,
            filter,
            renames,
            renamed: BTreeSet::new(),
            measured: Measured::default(),
            notes: Vec::new(),
            hung: false,
            longest: Duration::ZERO,
        }
    }

    /// What it gave so far.
    pub(super) fn measured(&self) -> &Measured {
        &self.measured
    }

    /// About how long it takes to measure `only` these again: as long as for all.
    pub(super) fn estimate(&self, only: &BTreeSet<String>) -> Duration {
        if self.has_any(only) { self.longest } else { Duration::ZERO }
    }

    fn has_any(&self, ids: &BTreeSet<String>) -> bool {
        self.measured.measurements.iter().any(|m| ids.contains(m.benchmark().as_str()))
    }

    /// Runs the command once more; of what it measures, `only` these are kept.
    pub(super) fn pass(
        &mut self,
        only: Option<&BTreeSet<String>>,
        pass: &Pass,
        interrupt: &Interrupt,
        progress: &dyn Progress,
    ) {
        if self.hung || only.is_some_and(|only| !self.has_any(only)) {
            return;
        }
        let label = if pass.label.is_empty() { "" } else { &format!("{}: ", pass.label) };
        progress.message(&format!("{label}running {}", self.harness.line));
        let begun = Instant::now();
        let outcome = self.harness.run(interrupt, progress);
        self.longest = self.longest.max(begun.elapsed());
        self.hung = outcome.timed_out;
        self.measured.interrupted |= outcome.interrupted;
        if let Some(failure) = outcome.failure {
            self.fail(failure, pass);
        }
        let Some(bytes) = outcome.bytes.filter(|_| !outcome.interrupted) else { return };
        let name = format!("the output of {}", self.harness.name);
        match formats::read(&InputFile { name: &name, bytes: &bytes }, Some(self.format)) {
            Ok(reading) => self.take(reading, only, pass, progress),
            Err(error) => {
                let target = self.harness.name.clone();
                let (reason, last_output) = (error.to_string(), Vec::new());
                self.fail(Failure { target, benchmark: None, reason, last_output }, pass);
            }
        }
    }

    fn take(
        &mut self,
        reading: Reading,
        only: Option<&BTreeSet<String>>,
        pass: &Pass,
        progress: &dyn Progress,
    ) {
        for note in reading.notes {
            if !self.notes.contains(&note) {
                progress.message(&note);
                self.notes.push(note);
            }
        }
        let mut all = Vec::new();
        for mut run in reading.runs {
            self.rename(&mut run);
            for measurement in &run.measurements {
                let name = measurement.benchmark().to_string();
                if !self.measured.known.contains(&name) {
                    self.measured.known.push(name);
                }
            }
            all.extend(run.measurements);
            run.skipped.into_iter().for_each(|skipped| self.skip(skipped));
            self.measured.toolchain = self.measured.toolchain.take().or(run.toolchain);
        }
        all.retain(|m| {
            let id = m.benchmark().as_str();
            self.filter.as_ref().is_none_or(|filter| filter.is_match(id))
                && only.is_none_or(|only| only.contains(id))
        });
        // What one output measures twice is no further round.
        let once = Run::new(RunId::of_content(&[]), all);
        once.skipped.into_iter().for_each(|skipped| self.skip(skipped));
        for measurement in once.measurements {
            self.add(measurement, pass);
        }
        if only.is_none() {
            self.warn_of_idle_renames(progress);
        }
    }

    /// Gives the benchmarks of one output the names that the configuration says.
    fn rename(&mut self, run: &mut Run) {
        for measurement in &mut run.measurements {
            let renamed = self.renames.apply(measurement.benchmark().as_str());
            if let Some((name, rule)) = renamed
                && let Ok(name) = BenchmarkId::new(name)
            {
                self.renamed.insert(rule);
                measurement.rename(name);
            }
        }
        for skipped in &mut run.skipped {
            if let Some((name, rule)) = self.renames.apply(&skipped.name) {
                self.renamed.insert(rule);
                skipped.name = name;
            }
        }
    }

    /// Tells of renames that match nothing that was measured: probably a misspelt name.
    fn warn_of_idle_renames(&mut self, progress: &dyn Progress) {
        for (number, rule) in self.renames.rules().enumerate() {
            let note = format!(
                "suite {:?}: the rename from {:?} matches no benchmark: look for a misspelt name",
                self.harness.name, rule.from
            );
            if !self.renamed.contains(&number) && !self.notes.contains(&note) {
                progress.message(&note);
                self.notes.push(note);
            }
        }
    }

    /// Adds the rounds of a benchmark.
    fn add(&mut self, measurement: Measurement, pass: &Pass) {
        let mut so_far = self.measured.measurements.iter_mut();
        let same = |m: &&mut Measurement| {
            m.benchmark() == measurement.benchmark() && m.metric() == measurement.metric()
        };
        let Some(so_far) = so_far.find(same) else {
            self.measured.measurements.push(measurement);
            return;
        };
        let unit = so_far.unit().clone();
        if let Some(other) = so_far.append_rounds(measurement) {
            self.skip(Skipped {
                name: other.benchmark().to_string(),
                reason: format!(
                    "{} is left out: it gives {} in {} and {unit} before, or another direction",
                    pass.label,
                    other.metric(),
                    other.unit(),
                ),
            });
        }
    }

    /// Counts what gave no measurement; once, in however many rounds.
    fn skip(&mut self, skipped: Skipped) {
        if !self.measured.skipped.contains(&skipped) {
            self.measured.skipped.push(skipped);
        }
    }

    /// Records what went wrong, unless it did in an earlier round too.
    fn fail(&mut self, mut failure: Failure, pass: &Pass) {
        if !self.measured.failures.is_empty() {
            return;
        }
        if !self.measured.measurements.is_empty() {
            failure.reason += &format!(" (in {}; the other rounds are kept)", pass.label);
        }
        self.measured.failures.push(failure);
    }
}
