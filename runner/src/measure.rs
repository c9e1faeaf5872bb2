//! From suites to measurements: which harness runs what, and what comes of it.

use std::path::PathBuf;
use std::time::Duration;

use driftline_core::formats::{self, Format, InputFile};
use driftline_core::model::{Measurement, Skipped};
use regex::Regex;

use crate::args::RunArguments;
use crate::config::{Project, Suite};
use crate::error::{Error, Exit};
use crate::harness::cargo::{self, BuildError, BuildOptions};
use crate::harness::command::{self, CommandHarness};
use crate::harness::criterion::{self, RunOptions, Selection};
use crate::harness::{Failure, Interrupt, TerminalProgress};
use crate::output;

/// What is going to be run; everything about it that can be wrong has been checked.
#[derive(Debug)]
pub(crate) struct Plan {
    suites: Vec<Planned>,
    options: RunOptions,
    filter: Option<Regex>,
}

#[derive(Debug)]
enum Planned {
    Criterion(BuildOptions),
    Command { harness: CommandHarness, format: Format },
}

/// What came of it.
#[derive(Debug, Default)]
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

impl Plan {
    /// Plans the suites of the configuration, or the one that the command line describes, or
    /// cargo's bench targets where neither says anything.
    pub(crate) fn new(project: &Project, arguments: &RunArguments) -> Result<Self, Error> {
        let filter = match &arguments.filter {
            None => None,
            Some(text) => Some(Regex::new(text).map_err(|e| {
                Error::usage(format!("read --filter {text:?}: {e}"))
                    .hint("it is a regular expression: write \\. for a dot, .* for anything")
            })?),
        };
        let suites = chosen_suites(project, arguments)?
            .into_iter()
            .map(|suite| planned(project, arguments, suite))
            .collect::<Result<_, _>>()?;
        let timeout = arguments.harness.timeout;
        let options = RunOptions {
            selection: filter.clone().map_or(Selection::All, Selection::Matching),
            quick: arguments.quick,
            arguments: arguments.arguments.clone(),
            timeout: timeout.map_or(RunOptions::DEFAULT_TIMEOUT, Duration::from_secs),
            verbose: arguments.harness.verbose,
        };
        Ok(Self { suites, options, filter })
    }

    /// Whether any suite is built by cargo.
    pub(crate) fn uses_cargo(&self) -> bool {
        self.suites.iter().any(|suite| matches!(suite, Planned::Criterion(_)))
    }

    /// Whether the user's filter chooses the benchmark.
    pub(crate) fn selects(&self, benchmark: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.is_match(benchmark))
    }

    /// Runs one suite after the other. What fails is recorded, and the others go on.
    pub(crate) fn measure(&self, interrupt: &Interrupt) -> Result<Measured, Error> {
        let mut measured = Measured::default();
        for suite in &self.suites {
            if interrupt.is_set() {
                measured.interrupted = true;
                break;
            }
            match suite {
                Planned::Criterion(build) => self.criterion(build, interrupt, &mut measured)?,
                Planned::Command { harness, format } => {
                    self.command(harness, *format, interrupt, &mut measured);
                }
            }
        }
        Ok(measured)
    }

    /// An error only if there is nothing to build and no other suite.
    fn criterion(
        &self,
        build: &BuildOptions,
        interrupt: &Interrupt,
        measured: &mut Measured,
    ) -> Result<(), Error> {
        let built = match cargo::build(build, interrupt) {
            Ok(built) => built,
            Err(BuildError::Interrupted) => {
                measured.interrupted = true;
                return Ok(());
            }
            Err(error @ BuildError::NoBenchTarget { .. }) if self.suites.len() == 1 => {
                return Err(Error::new(Exit::Nothing, error));
            }
            Err(error) => {
                let target = build.name.clone();
                let reason = format!("failed to {error}");
                let last_output = Vec::new();
                measured.failures.push(Failure { target, benchmark: None, reason, last_output });
                return Ok(());
            }
        };
        measured.failures.extend(built.failures);
        let suite = criterion::Suite::list(built.targets, interrupt);
        let progress = TerminalProgress::new();
        let outcome = suite.run(&self.options, interrupt, &progress);
        measured.measurements.extend(outcome.measurements);
        measured.skipped.extend(outcome.skipped);
        measured.failures.extend(outcome.failures);
        measured.known.extend(outcome.known);
        measured.interrupted |= outcome.interrupted;
        Ok(())
    }

    fn command(
        &self,
        harness: &CommandHarness,
        format: Format,
        interrupt: &Interrupt,
        measured: &mut Measured,
    ) {
        output::note(&format!("running {}", harness.line));
        let outcome = harness.run(interrupt, &TerminalProgress::new());
        measured.failures.extend(outcome.failure);
        measured.interrupted |= outcome.interrupted;
        let Some(bytes) = outcome.bytes.filter(|_| !outcome.interrupted) else { return };
        let name = format!("the output of {}", harness.name);
        match formats::read(&InputFile { name: &name, bytes: &bytes }, Some(format)) {
            Ok(reading) => {
                for note in &reading.notes {
                    output::note(note);
                }
                for run in reading.runs {
                    let names = run.measurements.iter().map(|m| m.benchmark().to_string());
                    measured.known.extend(names);
                    let chosen = run.measurements.into_iter();
                    measured
                        .measurements
                        .extend(chosen.filter(|m| self.selects(m.benchmark().as_str())));
                    measured.skipped.extend(run.skipped);
                    measured.toolchain = measured.toolchain.take().or(run.toolchain);
                }
            }
            Err(error) => measured.failures.push(Failure {
                target: harness.name.clone(),
                benchmark: None,
                reason: error.to_string(),
                last_output: Vec::new(),
            }),
        }
    }
}

/// The suites to run. A package or bench target on the command line narrows the suites that have it;
/// where none has, it is looked for where driftline was started.
fn chosen_suites(project: &Project, arguments: &RunArguments) -> Result<Vec<Suite>, Error> {
    let line = &arguments.harness;
    if let Some(command) = &line.command {
        let suite = Suite {
            name: "command".to_owned(),
            command: Some(command.clone()),
            format: line.input_format.clone(),
            directory: project.directory.clone(),
            ..Suite::default()
        };
        return Ok(vec![suite]);
    }
    let bare = || Suite {
        name: "criterion".to_owned(),
        directory: project.directory.clone(),
        ..Suite::default()
    };
    if project.suites.is_empty() {
        return match line.suite.first() {
            Some(name) => {
                Err(Error::usage(format!("find suite {name:?}: driftline.toml has no [[suite]]")))
            }
            None => Ok(vec![bare()]),
        };
    }
    if line.suite.is_empty() && !(line.package.is_empty() && line.bench.is_empty()) {
        let covers = |suite: &&Suite| {
            let all_in = |own: &[String], given: &[String]| {
                own.is_empty() || given.iter().all(|name| own.contains(name))
            };
            suite.command.is_none()
                && all_in(&suite.package, &line.package)
                && all_in(&suite.bench, &line.bench)
        };
        let narrowed: Vec<Suite> = project.suites.iter().filter(covers).cloned().collect();
        return Ok(if narrowed.is_empty() { vec![bare()] } else { narrowed });
    }
    for name in &line.suite {
        if !project.suites.iter().any(|suite| suite.name == *name) {
            let known: Vec<&str> = project.suites.iter().map(|s| s.name.as_str()).collect();
            return Err(Error::usage(format!("find suite {name:?}"))
                .hint(format!("suites in driftline.toml: {}", known.join(", "))));
        }
    }
    let chosen = |suite: &&Suite| line.suite.is_empty() || line.suite.contains(&suite.name);
    Ok(project.suites.iter().filter(chosen).cloned().collect())
}

/// Makes a suite ready: its directory exists, its format is known, and the command line's choice of
/// targets and features is added to its own.
fn planned(project: &Project, arguments: &RunArguments, suite: Suite) -> Result<Planned, Error> {
    let directory: PathBuf = project.root.join(&suite.directory);
    if !directory.is_dir() {
        return Err(Error::usage(format!(
            "run suite {:?}: {} is not a directory",
            suite.name,
            directory.display()
        )));
    }
    let line = &arguments.harness;
    let Some(command_line) = suite.command else {
        let or = |own: Vec<String>, given: &[String]| {
            if given.is_empty() { own } else { given.to_vec() }
        };
        return Ok(Planned::Criterion(BuildOptions {
            name: suite.name,
            directory,
            packages: or(suite.package, &line.package),
            benches: or(suite.bench, &line.bench),
            features: [suite.features, line.features.clone()].concat(),
            all_features: suite.all_features || line.all_features,
            no_default_features: suite.no_default_features || line.no_default_features,
        }));
    };
    let format = suite
        .format
        .unwrap_or_default()
        .parse()
        .map_err(|e| Error::usage(format!("run suite {:?}: {e}", suite.name)))?;
    if arguments.quick {
        output::note(&format!("suite {:?} is a command: --quick does not shorten it", suite.name));
    }
    let harness = CommandHarness {
        name: suite.name,
        line: command::with_arguments(&command_line, &arguments.arguments),
        directory,
        timeout: line.timeout.map(Duration::from_secs),
        verbose: line.verbose,
    };
    Ok(Planned::Command { harness, format })
}
