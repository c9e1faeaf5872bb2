//! What is launched, and what becomes of it: a program that fails in one benchmark is started again
//! for those behind it.
//!
//! A benchmark that two targets have is two benchmarks, named `package/target/benchmark`: neither is
//! compared with the other. Which those are is known before they are run, except for targets that
//! cannot list theirs: then the first is renamed when the second is measured. Filters match the
//! benchmark's own name.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use driftline_core::model::{BenchmarkId, Measurement, Skipped};

use super::files;
use super::list::{Listed, chunk, may_be};
use super::raw::Raw;
use super::session::{self, Ending, Launch, Launched, Observer};
use super::{RunOptions, Selection};
use crate::harness::cargo::BenchTarget;
use crate::harness::process::described;
use crate::harness::{Failure, Finished, Interrupt, Outcome, Progress};

/// All launches of one run.
pub(super) struct Schedule<'a> {
    options: &'a RunOptions,
    interrupt: &'a Interrupt,
    progress: &'a dyn Progress,
    pub(super) outcome: Outcome,
    /// Benchmarks that more than one target has, by their own names.
    shared: BTreeSet<String>,
    /// The measured ones: in which target, by its qualified name, and at which position.
    owners: BTreeMap<String, (String, usize)>,
    position: usize,
}

/// One bench target while it is run.
struct TargetRun<'s, 'a> {
    schedule: &'s mut Schedule<'a>,
    target: &'s BenchTarget,
    /// Benchmarks that were measured or failed, by full name.
    done: BTreeSet<String>,
    /// Those measured in this launch.
    launched: BTreeSet<String>,
    /// Listed benchmarks that are still to be run.
    remaining: Vec<Listed>,
    /// Whether the user knows that it shares names with another target.
    told: bool,
}

impl<'a> Schedule<'a> {
    pub(super) fn new(
        options: &'a RunOptions,
        interrupt: &'a Interrupt,
        progress: &'a dyn Progress,
        shared: BTreeSet<String>,
    ) -> Self {
        let (outcome, owners) = (Outcome::default(), BTreeMap::new());
        Self { options, interrupt, progress, outcome, shared, owners, position: 0 }
    }

    /// Runs the listed benchmarks `names` of a target; `all` if those are all it has.
    pub(super) fn run_listed(&mut self, target: &BenchTarget, names: Vec<Listed>, all: bool) {
        let mut run = TargetRun::new(self, target, names);
        let mut protocol = true;
        let mut first = true;
        while !run.remaining.is_empty() {
            let (chunk, pattern) = chunk(&run.remaining);
            let pattern = if all && first { None } else { Some(pattern) };
            let expected = if pattern.is_some() { chunk } else { run.remaining.len() };
            first = false;
            let before = run.remaining.len();
            let Some(launched) = run.launch(pattern.as_deref(), protocol) else { return };
            let progressed = run.remaining.len() < before;
            match launched.ending {
                Ending::Interrupted => return,
                Ending::Refused(error) => {
                    if !protocol {
                        return;
                    }
                    run.fall_back(&error.to_string());
                    protocol = false;
                    first = true;
                }
                // An end in the middle of a benchmark is none of the good ones, whatever its status.
                Ending::Exited(status) if status.success() && launched.current.is_none() => {
                    run.skip_unmeasured(expected.saturating_sub(before - run.remaining.len()));
                }
                ref ending => {
                    let reason = TargetRun::reason(ending);
                    let failed = launched.current.as_deref();
                    if !run.fail(failed, &reason, &launched.last_output, progressed) {
                        return;
                    }
                }
            }
        }
    }

    /// Runs a target that cannot list its benchmarks, once: after a failure nobody knows what is
    /// left.
    pub(super) fn run_unlisted(&mut self, target: &BenchTarget) {
        let filter = match &self.options.selection {
            Selection::All => None,
            Selection::Matching(filter) => Some(filter.as_str().to_owned()),
        };
        let mut run = TargetRun::new(self, target, Vec::new());
        let Some(mut launched) = run.launch(filter.as_deref(), true) else { return };
        if let Ending::Refused(error) = &launched.ending {
            run.fall_back(&error.to_string());
            let Some(again) = run.launch(filter.as_deref(), false) else { return };
            launched = again;
        }
        match &launched.ending {
            Ending::Interrupted => {}
            Ending::Exited(status) if status.success() && launched.current.is_none() => {
                if run.done.is_empty() && !launched.connected {
                    run.schedule.outcome.skip(
                        &target.name,
                        "this bench target is none of criterion's: it neither connects to a runner \
                         nor writes criterion's files; run it as a suite with a `command`, or leave \
                         it out with --bench",
                    );
                } else if run.done.is_empty() && filter.is_none() {
                    run.schedule.outcome.skip(&target.name, "this bench target has no benchmarks");
                }
            }
            ending => {
                let mut reason = TargetRun::reason(ending);
                if launched.current.is_some() {
                    reason += "; the benchmarks behind it were not run, because this bench target \
                               cannot list them";
                }
                run.record(launched.current.clone(), reason, launched.last_output);
            }
        }
    }
}

impl<'s, 'a> TargetRun<'s, 'a> {
    fn new(
        schedule: &'s mut Schedule<'a>,
        target: &'s BenchTarget,
        remaining: Vec<Listed>,
    ) -> Self {
        let (done, launched) = (BTreeSet::new(), BTreeSet::new());
        Self { schedule, target, done, launched, remaining, told: false }
    }

    /// Starts the program for the benchmarks that `pattern` matches and takes in what it measures.
    fn launch(&mut self, pattern: Option<&str>, protocol: bool) -> Option<Launched> {
        let options = self.schedule.options;
        let home = match tempfile::tempdir() {
            Ok(home) => home,
            Err(error) => {
                let reason = format!(
                    "could not be given a folder for its results: {error}; free some space"
                );
                self.record(None, reason, Vec::new());
                return None;
            }
        };
        let mut command = self.target.command();
        command.env("CRITERION_HOME", home.path()).arg("--bench");
        if options.quick {
            // Ten is criterion's least sample. Resamples are of its own analysis, which nobody reads.
            command.args(["--warm-up-time", "0.3", "--measurement-time", "0.6"]);
            command.args(["--sample-size", "10", "--nresamples", "1000"]);
        }
        if !protocol {
            command.arg("--noplot");
        }
        command.args(&options.arguments);
        if let Some(pattern) = pattern {
            command.arg(pattern);
        }
        self.launched.clear();
        let interrupt = self.schedule.interrupt;
        let launch = Launch { command, protocol, timeout: options.timeout, interrupt };
        let mut launched = match session::run(launch, self) {
            Ok(launched) => launched,
            Err(error) => {
                self.record(None, format!("could not be run: {error}"), Vec::new());
                return None;
            }
        };
        if !launched.connected {
            self.read_files(home.path(), &mut launched);
        }
        Some(launched)
    }

    fn read_files(&mut self, home: &Path, launched: &mut Launched) {
        let (measured, unreadable) = files::read(home);
        for measurement in measured {
            let name = measurement.benchmark().to_string();
            if launched.current.as_ref().is_some_and(|title| may_be(title, &name)) {
                launched.current = None;
            }
            self.keep(name, Ok(measurement));
        }
        for Skipped { name, reason } in unreadable {
            // Cut off with the benchmark that is reported as failed anyway.
            if launched.current.as_ref() != Some(&name) {
                self.reject(&name, &reason);
            }
        }
    }

    fn fall_back(&mut self, why: &str) {
        let text = format!("{}: {why}; reading criterion's files instead", self.target.name);
        self.schedule.progress.message(&text);
    }

    fn reason(ending: &Ending) -> String {
        match ending {
            Ending::Exited(status) => described(*status),
            Ending::Hung(limit) => format!(
                "hung: gave no sign of life for {} s and was ended; allow more with --timeout, or \
                 leave it out with --filter",
                limit.as_secs_f64().round()
            ),
            Ending::Broken(error) | Ending::Refused(error) => {
                format!("spoke criterion's runner protocol wrongly: {error}")
            }
            Ending::Interrupted => "was interrupted".to_owned(),
        }
    }

    /// Records what failed: the benchmark that was running or else the target. Whether to go on with
    /// those that remain.
    fn fail(
        &mut self,
        failed: Option<&str>,
        reason: &str,
        output: &[String],
        progressed: bool,
    ) -> bool {
        if let Some(name) = failed
            && !self.done.contains(name)
        {
            let known = self.take_remaining(name);
            self.record(Some(name.to_owned()), reason.to_owned(), output.to_vec());
            if known || progressed {
                return true;
            }
        } else if progressed && !self.remaining.is_empty() {
            // It failed between two benchmarks. Started again, it may get further.
            return true;
        } else {
            self.record(None, reason.to_owned(), output.to_vec());
        }
        let reason = format!("not reached: its bench target {} {reason}", self.target.name);
        for listed in std::mem::take(&mut self.remaining) {
            let id = self.id(&listed.title);
            self.schedule.outcome.skip(id, reason.clone());
        }
        false
    }

    /// The program ended well without running the first `count` that remain.
    fn skip_unmeasured(&mut self, count: usize) {
        let rest = self.remaining.split_off(count.min(self.remaining.len()));
        for listed in std::mem::replace(&mut self.remaining, rest) {
            let reason = match listed.repeats {
                Some(first) => format!(
                    "{:?} has two benchmarks named {first:?}: give each a name of its own",
                    self.target.name
                ),
                None => format!(
                    "{:?} lists it, but ended without measuring it; look for arguments after -- that \
                     keep it from measuring",
                    self.target.name
                ),
            };
            let id = self.id(&listed.title);
            self.schedule.outcome.skip(id, reason);
        }
    }

    /// Takes the benchmark out of those that remain; false if it is none of them.
    fn take_remaining(&mut self, name: &str) -> bool {
        let exact = self.remaining.iter().position(|listed| listed.title == name);
        let at = exact.or_else(|| self.remaining.iter().position(|listed| listed.may_be(name)));
        at.map(|at| self.remaining.remove(at)).is_some()
    }

    /// Keeps a measurement, or says why not.
    fn keep(&mut self, name: String, measurement: Result<Measurement, String>) {
        // A cut name's filter may match more than was chosen, or what was measured before.
        let again = self.done.contains(&name) && !self.launched.contains(&name);
        if again || !self.schedule.options.selection.allows(&name) {
            return;
        }
        if !self.launched.insert(name.clone()) {
            if let Some(at) = self.remaining.iter().position(|l| l.repeats.as_ref() == Some(&name))
            {
                self.remaining.remove(at);
            }
            let target = &self.target.name;
            let reason = format!(
                "{target:?} measures two benchmarks of this name; the first is kept: give each a name of its own"
            );
            let id = self.id(&name);
            self.schedule.outcome.skip(id, reason);
            return;
        }
        self.take_remaining(&name);
        self.done.insert(name.clone());
        self.tell_apart(&name);
        match measurement {
            Ok(mut measurement) => {
                let id = self.id(&name);
                rename(&mut measurement, &id);
                let owner =
                    (self.target.qualified_name.clone(), self.schedule.outcome.measurements.len());
                self.schedule.owners.insert(name, owner);
                self.schedule.progress.finished(&id, Finished::Measured(&measurement));
                self.schedule.outcome.measurements.push(measurement);
            }
            Err(error) => {
                let reason = format!("its sample cannot be used: {error}; correct its measurement");
                self.record(Some(name), reason, Vec::new());
            }
        }
    }

    /// What the benchmark is recorded as.
    fn id(&self, name: &str) -> String {
        if self.schedule.shared.contains(name) {
            return format!("{}/{name}", self.target.qualified_name);
        }
        name.to_owned()
    }

    /// Renames the benchmark that was measured in another target, and tells of the first such one.
    fn tell_apart(&mut self, name: &str) {
        let Some((owner, at)) = self.schedule.owners.get(name) else { return };
        let (other, own) = (format!("{owner}/{name}"), &self.target.qualified_name);
        if self.schedule.shared.insert(name.to_owned())
            && let Some(measurement) = self.schedule.outcome.measurements.get_mut(*at)
        {
            rename(measurement, &other);
        }
        if !std::mem::replace(&mut self.told, true) {
            self.schedule.progress.message(&format!(
                "bench targets {owner} and {own} have benchmarks of the same name: they are kept as \
                 {other} and {own}/{name}, and other names they share likewise"
            ));
        }
    }

    fn reject(&mut self, name: &str, reason: &str) {
        self.take_remaining(name);
        self.record(Some(name.to_owned()), reason.to_owned(), Vec::new());
    }

    fn record(&mut self, benchmark: Option<String>, reason: String, last_output: Vec<String>) {
        let benchmark = benchmark.map(|name| {
            let id = self.id(&name);
            self.done.insert(name);
            self.schedule.progress.finished(&id, Finished::Failed(&reason));
            id
        });
        let target = self.target.name.clone();
        self.schedule.outcome.failures.push(Failure { target, benchmark, reason, last_output });
    }
}

impl Observer for TargetRun<'_, '_> {
    fn begun(&mut self, name: &str) {
        if self.schedule.options.selection.allows(name) && !self.done.contains(name) {
            self.schedule.position += 1;
            self.schedule.progress.benchmark(name, self.schedule.position);
        }
    }

    fn measuring(&mut self, estimate: Duration) {
        self.schedule.progress.measuring(estimate);
    }

    fn measured(&mut self, raw: Raw) {
        let measurement = raw.clone().into_measurement().map_err(|error| error.to_string());
        self.keep(raw.name, measurement);
    }

    fn printed(&mut self, line: &str) {
        if self.schedule.options.verbose {
            self.schedule.progress.message(line);
        }
    }
}

/// A name that is not blank stays so with another before it.
fn rename(measurement: &mut Measurement, name: &str) {
    if let Ok(id) = BenchmarkId::new(name) {
        measurement.rename(id);
    }
}
