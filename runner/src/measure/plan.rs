use std::path::PathBuf;
use std::time::Duration;

use driftline_core::formats::Format;
use regex::Regex;

use super::Renames;
use super::command_suite::CommandSuite;
use super::prepared::{Prepared, Ready};
use crate::args::RunArguments;
use crate::config::{Project, Suite};
use crate::error::{Error, Exit};
use crate::harness::cargo::{self, BuildError, BuildOptions};
use crate::harness::command::{self, CommandHarness};
use crate::harness::criterion::{self, RoundTimes, RunOptions, Selection};
use crate::harness::{Failure, Interrupt};
use crate::output;

/// What is going to be run; everything about it that can be wrong has been checked.
#[derive(Debug)]
pub(crate) struct Plan {
    suites: Vec<Planned>,
    filter: Option<Regex>,
}

#[derive(Debug)]
enum Planned {
    Criterion { build: BuildOptions, run: RunOptions },
    Command { harness: CommandHarness, format: Format, renames: Renames },
}

impl Plan {
    /// Plans the suites of the configuration, or the one that the command line describes, or
    /// cargo's bench targets where neither says anything; to be measured in so many rounds.
    pub(crate) fn new(
        project: &Project,
        arguments: &RunArguments,
        rounds: u32,
    ) -> Result<Self, Error> {
        let filter = match &arguments.filter {
            None => None,
            Some(text) => Some(Regex::new(text).map_err(|e| {
                Error::usage(format!("read --filter {text:?}: {e}"))
                    .hint("it is a regular expression: write \\. for a dot, .* for anything")
            })?),
        };
        let suites = chosen_suites(project, arguments)?
            .into_iter()
            .map(|suite| planned(project, arguments, rounds, suite))
            .collect::<Result<_, _>>()?;
        Ok(Self { suites, filter })
    }

    /// Whether any suite is built by cargo.
    pub(crate) fn uses_cargo(&self) -> bool {
        self.suites.iter().any(|suite| matches!(suite, Planned::Criterion { .. }))
    }

    /// Whether the user's filter chooses the benchmark.
    pub(crate) fn selects(&self, benchmark: &str) -> bool {
        self.filter.as_ref().is_none_or(|filter| filter.is_match(benchmark))
    }

    /// Builds what has to be built and lists its benchmarks. What fails is recorded, and the others
    /// go on. An error only if there is nothing to build and no other suite.
    pub(crate) fn prepare<'a>(&self, interrupt: &'a Interrupt) -> Result<Prepared<'a>, Error> {
        let mut prepared = Prepared::new(interrupt);
        for suite in &self.suites {
            match suite {
                Planned::Command { harness, format, renames } => {
                    let (filter, renames) = (self.filter.clone(), renames.clone());
                    let suite = CommandSuite::new(harness.clone(), *format, filter, renames);
                    prepared.add(Ready::Command(Box::new(suite)));
                }
                Planned::Criterion { build, run } => match cargo::build(build, interrupt) {
                    Ok(built) => {
                        prepared.fail(built.failures);
                        let selection =
                            self.filter.clone().map_or(Selection::All, Selection::Matching);
                        let suite = criterion::Suite::list(built.targets, selection, interrupt);
                        prepared.add(Ready::criterion(suite, run.clone()));
                    }
                    Err(BuildError::Interrupted) => break,
                    Err(error @ BuildError::NoBenchTarget { .. }) if self.suites.len() == 1 => {
                        return Err(Error::new(Exit::Nothing, error));
                    }
                    Err(error) => prepared.fail(vec![Failure {
                        target: build.name.clone(),
                        benchmark: None,
                        reason: format!("failed to {error}"),
                        last_output: Vec::new(),
                    }]),
                },
            }
        }
        Ok(prepared)
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
fn planned(
    project: &Project,
    arguments: &RunArguments,
    rounds: u32,
    suite: Suite,
) -> Result<Planned, Error> {
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
        let run = RunOptions {
            times: RoundTimes::new(rounds, arguments.quick, suite.times(), &arguments.arguments),
            timeout: line.timeout.map_or(RunOptions::DEFAULT_TIMEOUT, Duration::from_secs),
            verbose: line.verbose,
        };
        let build = BuildOptions {
            name: suite.name,
            directory,
            packages: or(suite.package, &line.package),
            benches: or(suite.bench, &line.bench),
            features: [suite.features, line.features.clone()].concat(),
            all_features: suite.all_features || line.all_features,
            no_default_features: suite.no_default_features || line.no_default_features,
        };
        return Ok(Planned::Criterion { build, run });
    };
    let format = suite
        .format
        .unwrap_or_default()
        .parse()
        .map_err(|e| Error::usage(format!("run suite {:?}: {e}", suite.name)))?;
    if arguments.quick {
        output::note(&format!("suite {:?} is a command: --quick does not shorten it", suite.name));
    }
    if arguments.effort.order_seed.is_some() {
        output::note(&format!("suite {:?} is a command: it runs in its own order", suite.name));
    }
    let harness = CommandHarness {
        name: suite.name,
        line: command::with_arguments(&command_line, &arguments.arguments),
        directory,
        timeout: line.timeout.map(Duration::from_secs),
        verbose: line.verbose,
    };
    Ok(Planned::Command { harness, format, renames: Renames::new(&suite.rename) })
}
