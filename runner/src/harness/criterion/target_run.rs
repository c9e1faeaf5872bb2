use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::Duration;

use driftline_core::model::{Measurement, Skipped};

use super::files;
use super::ledger::rename;
use super::list::{Listed, may_be};
use super::raw::Raw;
use super::schedule::Schedule;
use super::session::{self, Ending, Launch, Launched, Observer};
use super::suite::Target;
use crate::harness::process::described;
use crate::harness::{Failure, Finished};

/// One bench target while some of its benchmarks are run.
pub(super) struct TargetRun<'s, 'a> {
    schedule: &'s mut Schedule<'a>,
    target: &'a Target,
    /// Its 0-based number.
    number: usize,
    /// Benchmarks that were measured or failed, by full name.
    pub(super) done: BTreeSet<String>,
    /// Those measured in this launch.
    launched: BTreeSet<String>,
    /// At which place of the pass each began.
    places: BTreeMap<String, u32>,
    /// Listed benchmarks that are still to be run.
    pub(super) remaining: Vec<Listed>,
}

impl<'s, 'a> TargetRun<'s, 'a> {
    pub(super) fn new(
        schedule: &'s mut Schedule<'a>,
        number: usize,
        remaining: Vec<Listed>,
    ) -> Option<Self> {
        let target = schedule.targets.get(number)?;
        let (done, launched, places) = Default::default();
        Some(Self { schedule, target, number, done, launched, places, remaining })
    }

    /// Whether to offer it the protocol.
    pub(super) fn speaks_protocol(&self) -> bool {
        !self.schedule.ledger.without_protocol.contains(&self.number)
    }

    /// Starts the program for the benchmarks that `pattern` matches and takes in what it measures.
    pub(super) fn launch(&mut self, pattern: Option<&str>) -> Option<Launched> {
        let options = self.schedule.options;
        let protocol = self.speaks_protocol();
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
        let mut command = self.target.bench.command();
        command.env("CRITERION_HOME", home.path()).arg("--bench");
        if !protocol {
            command.arg("--noplot");
        }
        command.args(&options.times.arguments);
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
                self.take_remaining(&name);
                self.record(Some(name), reason, Vec::new());
            }
        }
    }

    /// From now on this target's files are read.
    pub(super) fn fall_back(&mut self, why: &str) {
        let text = format!("{}: {why}; reading criterion's files instead", self.target.bench.name);
        self.schedule.progress.message(&text);
        self.schedule.ledger.without_protocol.insert(self.number);
    }

    /// Records what failed: the benchmark that was running or else the target. Whether to go on with
    /// those that remain.
    pub(super) fn fail(&mut self, launched: Launched, progressed: bool) -> bool {
        let reason = reason(&launched.ending);
        if let Some(name) = launched.current
            && !self.done.contains(&name)
        {
            if matches!(launched.ending, Ending::Hung(_)) {
                self.schedule.ledger.hang((self.number, name.clone()));
            }
            let known = self.take_remaining(&name);
            self.record(Some(name), reason.clone(), launched.last_output);
            if known || progressed {
                return true;
            }
        } else if progressed && !self.remaining.is_empty() {
            // It failed between two benchmarks. Started again, it may get further.
            return true;
        } else {
            self.record(None, reason.clone(), launched.last_output);
        }
        let reason = format!("not reached: its bench target {} {reason}", self.target.bench.name);
        for listed in std::mem::take(&mut self.remaining) {
            self.skip(&listed.title, &reason);
        }
        false
    }

    /// Records the failure of a target that cannot list its benchmarks.
    pub(super) fn give_up(&mut self, launched: Launched) {
        let mut reason = reason(&launched.ending);
        if launched.current.is_some() {
            reason += "; the benchmarks behind it were not run, because this bench target cannot \
                       list them";
        }
        if matches!(launched.ending, Ending::Hung(_)) {
            self.schedule.ledger.given_up.insert(self.number);
        }
        self.record(launched.current, reason, launched.last_output);
    }

    /// The program ended well without running the first `count` that remain.
    pub(super) fn skip_unmeasured(&mut self, count: usize) {
        let rest = self.remaining.split_off(count.min(self.remaining.len()));
        let target = self.target.bench.name.clone();
        for listed in std::mem::replace(&mut self.remaining, rest) {
            let reason = match listed.repeats {
                Some(first) => format!(
                    "{target:?} has two benchmarks named {first:?}: give each a name of its own"
                ),
                None => format!(
                    "{target:?} lists it, but ended without measuring it; look for arguments after -- \
                     that keep it from measuring"
                ),
            };
            self.skip(&listed.title, &reason);
        }
    }

    /// The whole target gave no measurement although nothing went wrong.
    pub(super) fn skip_target(&mut self, reason: &str) {
        self.schedule.ledger.outcome.skip(&self.target.bench.name, reason);
    }

    fn skip(&mut self, name: &str, reason: &str) {
        let id = self.id(name);
        self.schedule.ledger.outcome.skip(id, reason);
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
        if again || !self.schedule.selection.allows(&name) {
            return;
        }
        if !self.launched.insert(name.clone()) {
            if let Some(at) = self.remaining.iter().position(|l| l.repeats.as_ref() == Some(&name))
            {
                self.remaining.remove(at);
            }
            let target = &self.target.bench.name;
            let reason = format!(
                "{target:?} measures two benchmarks of this name; the first is kept: give each a name of its own"
            );
            self.skip(&name, &reason);
            return;
        }
        self.take_remaining(&name);
        self.done.insert(name.clone());
        self.tell_apart(&name);
        if let Err(error) = measurement.and_then(|measurement| self.add(&name, measurement)) {
            let reason = format!("its sample cannot be used: {error}; correct its measurement");
            self.record(Some(name), reason, Vec::new());
        }
    }

    fn add(&mut self, name: &str, mut measurement: Measurement) -> Result<(), String> {
        let id = self.id(name);
        rename(&mut measurement, &id);
        if let Some(&place) = self.places.get(name) {
            measurement.set_position(place);
        }
        if let Some(hash) = &self.target.executable {
            measurement.set_executable(hash);
        }
        let Schedule { ledger, progress, .. } = &mut *self.schedule;
        ledger.add((self.number, name.to_owned()), measurement.clone())?;
        progress.finished(&id, Finished::Measured(&measurement));
        Ok(())
    }

    /// What the benchmark is recorded as.
    fn id(&self, name: &str) -> String {
        self.schedule.ledger.id(&self.target.bench.qualified_name, name)
    }

    /// Renames the benchmark that was measured in another target, and tells of the first such one.
    fn tell_apart(&mut self, name: &str) {
        let Schedule { ledger, targets, progress, .. } = &mut *self.schedule;
        let qualified: Vec<&str> =
            targets.iter().map(|t| t.bench.qualified_name.as_str()).collect();
        let Some(other) = ledger.share(self.number, name, &qualified) else { return };
        if !ledger.told.contains(&other) && ledger.told.insert(self.number) {
            let own = &self.target.bench.qualified_name;
            let other = qualified.get(other).copied().unwrap_or_default();
            progress.message(&format!(
                "bench targets {other} and {own} have benchmarks of the same name: they are kept as \
                 {other}/{name} and {own}/{name}, and other names they share likewise"
            ));
        }
    }

    fn record(&mut self, benchmark: Option<String>, reason: String, last_output: Vec<String>) {
        let kept = benchmark
            .as_ref()
            .is_some_and(|name| self.schedule.ledger.has(&(self.number, name.clone())));
        let benchmark = benchmark.map(|name| {
            let id = self.id(&name);
            self.done.insert(name);
            self.schedule.progress.finished(&id, Finished::Failed(&reason));
            id
        });
        let reason = if kept {
            format!("{reason} (in {}; its other rounds are kept)", self.schedule.pass.label)
        } else {
            reason
        };
        let target = self.target.bench.name.clone();
        self.schedule.ledger.fail(Failure { target, benchmark, reason, last_output });
    }
}

fn reason(ending: &Ending) -> String {
    match ending {
        Ending::Exited(status) => described(*status),
        Ending::Hung(limit) => format!(
            "hung: gave no sign of life for {} s and was ended; allow more with --timeout, or leave \
             it out with --filter",
            limit.as_secs_f64().round()
        ),
        Ending::Broken(error) | Ending::Refused(error) => {
            format!("spoke criterion's runner protocol wrongly: {error}")
        }
        Ending::Interrupted => "was interrupted".to_owned(),
    }
}

impl Observer for TargetRun<'_, '_> {
    fn begun(&mut self, name: &str) {
        if self.schedule.selection.allows(name) && !self.done.contains(name) {
            let place = self.schedule.pass.next_place();
            self.places.insert(name.to_owned(), place);
            self.schedule.progress.benchmark(name);
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
