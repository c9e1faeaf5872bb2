//! `driftline.toml`, and where a project's root is.

use std::path::{Path, PathBuf};
use std::time::Duration;

use driftline_core::change::Acknowledgement;
use driftline_core::compare::{
    CommonMode, Confidence, DEFAULT_WINDOW, FalseDiscoveryRate, Policy, Rule, Threshold,
};
use serde::Deserialize;

use crate::error::Error;
use crate::harness::criterion::Times;
use crate::measure::{self, Rename};
use crate::provenance;
use crate::store::{Retention, Store};

/// What `driftline.toml` says; every key has a default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Configuration {
    threshold: Option<Threshold>,
    confidence: Option<Confidence>,
    fdr: Option<FalseDiscoveryRate>,
    common_mode: Option<CommonMode>,
    allow_different_machine: bool,
    rounds: Option<u32>,
    confirm: Option<u32>,
    max_time: Option<Time>,
    history: HistoryKeys,
    suite: Vec<Suite>,
    benchmark: Vec<Rule>,
    acknowledged: Vec<Acknowledgement>,
}

/// A time as people write it: `10m`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
struct Time(Duration);

impl TryFrom<String> for Time {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        measure::duration(&text).map(Self)
    }
}

/// How often everything is measured, as far as the configuration says.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EffortKeys {
    pub(crate) rounds: Option<u32>,
    pub(crate) confirm: Option<u32>,
    pub(crate) max_time: Option<Duration>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct HistoryKeys {
    path: PathBuf,
    keep: usize,
    samples: usize,
    window: usize,
    default_branch: Option<String>,
}

impl Default for HistoryKeys {
    fn default() -> Self {
        let Retention { keep, samples } = Retention::default();
        let (window, default_branch) = (DEFAULT_WINDOW, None);
        Self { path: ".driftline".into(), keep, samples, window, default_branch }
    }
}

/// A `[[suite]]`: what to run.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Suite {
    pub(crate) name: String,
    pub(crate) harness: Option<String>,
    pub(crate) command: Option<String>,
    pub(crate) format: Option<String>,
    /// Relative to the project's root.
    pub(crate) directory: PathBuf,
    pub(crate) package: Vec<String>,
    pub(crate) bench: Vec<String>,
    pub(crate) features: Vec<String>,
    pub(crate) all_features: bool,
    pub(crate) no_default_features: bool,
    /// What all rounds of a benchmark take together: seconds of warming up.
    pub(crate) warm_up_time: Option<f64>,
    /// Seconds of measuring.
    pub(crate) measurement_time: Option<f64>,
    /// And how many values they give.
    pub(crate) sample_size: Option<u32>,
    /// How a command's benchmarks are called instead.
    pub(crate) rename: Vec<Rename>,
}

impl Suite {
    /// How long a benchmark is measured in all its rounds, if the configuration says so.
    pub(crate) fn times(&self) -> Option<Times> {
        if !self.says_times() {
            return None;
        }
        let Times { warm_up, measurement, sample_size } = Times::default();
        Some(Times {
            warm_up: self.warm_up_time.unwrap_or(warm_up),
            measurement: self.measurement_time.unwrap_or(measurement),
            sample_size: self.sample_size.unwrap_or(sample_size),
        })
    }

    fn says_times(&self) -> bool {
        self.warm_up_time.or(self.measurement_time).is_some() || self.sample_size.is_some()
    }
}

/// A project: its root, and how it is configured.
#[derive(Debug)]
pub(crate) struct Project {
    pub(crate) root: PathBuf,
    /// Where the command was started.
    pub(crate) directory: PathBuf,
    store: PathBuf,
    retention: Retention,
    pub(crate) suites: Vec<Suite>,
    pub(crate) effort: EffortKeys,
    /// How many runs the baseline `history` pools.
    pub(crate) window: usize,
    /// The branch whose runs are the reference, where the configuration says so.
    pub(crate) default_branch: Option<String>,
    /// Changes that people know of.
    pub(crate) acknowledged: Vec<Acknowledgement>,
    /// The configured policy, without what the command line says.
    pub(crate) policy: Policy,
}

impl Project {
    /// Finds the project around `directory` and reads its configuration.
    pub(crate) fn open(
        directory: &Path,
        config: Option<&Path>,
        store: Option<&Path>,
    ) -> Result<Self, Error> {
        let directory = std::path::absolute(directory)
            .ok()
            .filter(|path| path.is_dir())
            .ok_or_else(|| Error::usage(format!("{} is not a directory", directory.display())))?;
        let root = root_around(&directory);
        let file = config.map_or_else(|| root.join("driftline.toml"), |file| directory.join(file));
        let configuration = if config.is_some() || file.is_file() {
            read(&file)?
        } else {
            Configuration::default()
        };
        let Configuration { threshold, confidence, history, suite, benchmark, .. } = configuration;
        let Configuration { rounds, confirm, max_time, fdr, common_mode, acknowledged, .. } =
            configuration;
        let effort = EffortKeys { rounds, confirm, max_time: max_time.map(|Time(time)| time) };
        let allow_different_machine = configuration.allow_different_machine;
        let mut policy = Policy {
            fdr: fdr.unwrap_or_default(),
            common_mode: common_mode.unwrap_or_default(),
            allow_different_machine,
            rules: benchmark,
            ..Policy::default()
        };
        if let Some(threshold) = threshold {
            policy.threshold = threshold;
        }
        if let Some(confidence) = confidence {
            policy.confidence = confidence;
        }
        let store = store.map_or_else(|| root.join(&history.path), |path| directory.join(path));
        let project = Self {
            root,
            directory,
            store,
            retention: Retention { keep: history.keep, samples: history.samples },
            suites: suite,
            effort,
            window: history.window,
            default_branch: history.default_branch,
            acknowledged,
            policy,
        };
        Ok(project)
    }

    /// A path on the command line, as seen from where the command was started.
    pub(crate) fn relative(&self, path: Option<&Path>) -> Option<PathBuf> {
        path.map(|path| self.directory.join(path))
    }

    /// The branch whose runs are the reference: the configured one, else git's.
    pub(crate) fn reference_branch(&self) -> Option<String> {
        self.default_branch.clone().or_else(|| provenance::default_branch(&self.directory))
    }

    /// Where it may be written what is accepted.
    pub(crate) fn acceptance_files(&self) -> Vec<PathBuf> {
        self.kept_files("accepted.toml")
    }

    /// Where notes on runs may be, which the page shows.
    pub(crate) fn annotation_files(&self) -> Vec<PathBuf> {
        self.kept_files("annotations.json")
    }

    /// A file in `.driftline` at the root, and beside the runs, which are in another place where a cache
    /// keeps them.
    fn kept_files(&self, name: &str) -> Vec<PathBuf> {
        let own = self.root.join(".driftline").join(name);
        let stored = self.store.join(name);
        let same = match (own.canonicalize(), stored.canonicalize()) {
            (Ok(own), Ok(stored)) => own == stored,
            _ => own == stored,
        };
        let mut files = vec![own];
        if !same {
            files.push(stored);
        }
        files
    }

    /// Where its runs are kept.
    pub(crate) fn store(&self) -> Store {
        Store::new(&self.store, self.retention)
    }

    /// Where its runs are kept, with what the command line says about how many.
    pub(crate) fn store_keeping(&self, keep: Option<usize>, samples: Option<usize>) -> Store {
        let retention = Retention {
            keep: keep.unwrap_or(self.retention.keep),
            samples: samples.unwrap_or(self.retention.samples),
        };
        Store::new(&self.store, retention)
    }

    /// The configured policy with what the command line says on top.
    pub(crate) fn policy(
        &self,
        arguments: &crate::args::JudgingArguments,
    ) -> Result<Policy, Error> {
        let mut policy = self.rule(&arguments.rule)?;
        policy.allow_different_machine |= arguments.allow_different_machine;
        Ok(policy)
    }

    /// The configured policy with what the command line says on top about the rule.
    pub(crate) fn rule(&self, arguments: &crate::args::RuleArguments) -> Result<Policy, Error> {
        let mut policy = self.policy.clone();
        if let Some(threshold) = arguments.threshold {
            policy.threshold = threshold;
        }
        if let Some(confidence) = arguments.confidence {
            policy.confidence = confidence;
        }
        policy.fdr = arguments.fdr.unwrap_or(policy.fdr);
        policy.common_mode = arguments.common_mode.map_or(policy.common_mode, Into::into);
        for text in &arguments.threshold_for {
            let rule = text
                .rsplit_once('=')
                .filter(|(pattern, _)| !pattern.is_empty())
                .ok_or_else(|| {
                    Error::usage(format!("read --threshold-for {text:?}: expected PATTERN=PERCENT"))
                })
                .and_then(|(pattern, threshold)| {
                    let threshold = threshold.parse::<Threshold>().map_err(Error::usage)?;
                    Ok(Rule {
                        pattern: Some(pattern.to_owned()),
                        threshold: Some(threshold),
                        ..Rule::default()
                    })
                })?;
            policy.rules.push(rule);
        }
        Ok(policy)
    }
}

/// The nearest directory at or above `directory` that holds a configuration, a store or a
/// repository; else `directory` itself.
fn root_around(directory: &Path) -> PathBuf {
    let marked = |path: &&Path| {
        ["driftline.toml", ".driftline", ".git"].iter().any(|name| path.join(name).exists())
    };
    directory.ancestors().find(marked).unwrap_or(directory).to_owned()
}

fn read(file: &Path) -> Result<Configuration, Error> {
    let failed =
        |why: &dyn std::fmt::Display| Error::usage(format!("read {}: {why}", file.display()));
    let text = std::fs::read_to_string(file).map_err(|e| failed(&e))?;
    let configuration: Configuration = toml::from_str(&text).map_err(|e| failed(&e))?;
    check(&configuration).map_err(|why| failed(&why))?;
    Ok(configuration)
}

/// What the types cannot say.
fn check(configuration: &Configuration) -> Result<(), String> {
    if configuration.history.keep == 0 {
        return Err("[history] keep must be at least 1".to_owned());
    }
    if configuration.history.window == 0 {
        return Err("[history] window must be at least 1".to_owned());
    }
    if configuration.rounds == Some(0) {
        return Err("rounds must be at least 1".to_owned());
    }
    for rule in &configuration.benchmark {
        if rule.pattern.is_none() && rule.metric.is_none() {
            return Err("a [[benchmark]] names neither match nor metric".to_owned());
        }
        let says = rule.threshold.or(rule.improvement).is_some()
            || rule.absolute.is_some()
            || rule.better.is_some();
        if !says {
            return Err(format!(
                "the [[benchmark]] with {rule} sets nothing: give a threshold, absolute, \
                 improvement or better"
            ));
        }
    }
    if configuration.acknowledged.iter().any(|known| known.commit.trim().is_empty()) {
        return Err("an [[acknowledged]] names no commit".to_owned());
    }
    let mut names = std::collections::BTreeSet::new();
    for suite in &configuration.suite {
        let name = &suite.name;
        if name.is_empty() {
            return Err("a [[suite]] has no name".to_owned());
        }
        if !names.insert(name) {
            return Err(format!("two suites are called {name:?}"));
        }
        for (key, seconds) in
            [("warm_up_time", suite.warm_up_time), ("measurement_time", suite.measurement_time)]
        {
            // Criterion refuses 0; a day is no time for a benchmark either.
            if seconds.is_some_and(|seconds| !(seconds > 0.0 && seconds < 86_400.0)) {
                return Err(format!("suite {name:?}: {key} must be seconds, more than 0"));
            }
        }
        if suite.sample_size.is_some_and(|size| size < 10) {
            return Err(format!("suite {name:?}: sample_size must be at least 10"));
        }
        if let Some(problem) = suite.rename.iter().find_map(Rename::problem) {
            return Err(format!("suite {name:?}: {problem}"));
        }
        if suite.command.is_none() && !suite.rename.is_empty() {
            return Err(format!(
                "suite {name:?}: criterion's benchmarks keep their names: rename those of the \
                 command that measures the same"
            ));
        }
        let problem = match (suite.harness.as_deref(), &suite.command, &suite.format) {
            (Some("criterion") | None, None, None) => continue,
            (None, Some(_), Some(_)) => {
                let cargo_keys = !(suite.package.is_empty()
                    && suite.bench.is_empty()
                    && suite.features.is_empty())
                    || suite.all_features
                    || suite.no_default_features
                    || suite.says_times();
                if !cargo_keys {
                    continue;
                }
                "a command takes no package, bench, features or times"
            }
            (Some("criterion"), _, _) => "criterion takes no command and no format",
            (Some(other), _, _) => {
                return Err(format!(
                    "suite {name:?}: harness {other:?} is not known: use \"criterion\", or a command with its format"
                ));
            }
            (None, Some(_), None) => "the command's format is missing: say which format it writes",
            (None, None, Some(_)) => "a format without a command",
        };
        return Err(format!("suite {name:?}: {problem}"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> String {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("driftline.toml");
        std::fs::write(&file, text).unwrap();
        let error = read(&file).unwrap_err().to_string();
        assert!(error.contains("driftline.toml"), "{error}");
        error
    }

    #[test]
    fn the_documented_example_is_read() {
        let directory = tempfile::tempdir().unwrap();
        let file = directory.path().join("driftline.toml");
        std::fs::write(
            &file,
            r#"
            threshold = "20%"
            confidence = "95%"
            rounds = 5
            confirm = 0
            max_time = "1h30m"
            [history]
            path = "kept"
            keep = 50
            [[suite]]
            name = "bench"
            harness = "criterion"
            measurement_time = 1.5
            [[suite]]
            name = "python"
            command = "pytest --benchmark-json={output}"
            format = "pytest-benchmark"
            [[benchmark]]
            match = "upload/write_*"
            threshold = "30%"
            "#,
        )
        .unwrap();
        let inner = directory.path().join("a/b");
        std::fs::create_dir_all(&inner).unwrap();
        let project = Project::open(&inner, None, None).unwrap();
        assert_eq!(project.root, directory.path());
        assert_eq!(project.store, directory.path().join("kept"));
        assert_eq!(project.retention, Retention { keep: 50, samples: 20 });
        assert_eq!(project.suites.len(), 2);
        let times = Times { measurement: 1.5, ..Times::default() };
        assert_eq!((project.suites[0].times(), project.suites[1].times()), (Some(times), None));
        let EffortKeys { rounds, confirm, max_time } = project.effort;
        assert_eq!((rounds, confirm, max_time.unwrap().as_secs()), (Some(5), Some(0), 5400));
        assert!((project.policy.confidence.ratio() - 0.95).abs() < 1e-12);
        assert_eq!(project.policy.rules.len(), 1);
    }

    #[test]
    fn each_mistake_is_named() {
        for (text, expected) in [
            ("treshold = 1", "unknown field `treshold`"),
            ("threshold = \"twenty\"", "\"twenty\" is not a threshold"),
            ("rounds = 0", "rounds must be at least 1"),
            ("max_time = \"10\"", "write 90s, 10m or 1h30m"),
            ("[[suite]]\nname = \"a\"\nmeasurement_time = 0", "more than 0"),
            ("[[suite]]\nname = \"a\"\nwarm_up_time = nan", "more than 0"),
            ("[[suite]]\nname = \"a\"\nsample_size = 9", "sample_size must be at least 10"),
            ("[history]\nkeep = 0", "keep must be at least 1"),
            ("[history]\nwindow = 0", "window must be at least 1"),
            ("common_mode = \"sometimes\"", "unknown variant `sometimes`"),
            ("fdr = \"50%\"", "is not a false-discovery rate"),
            (
                "[[benchmark]]\nmatch = \"a\"\nabsolute = \"5 miles\"",
                "is not an absolute threshold",
            ),
            ("[[suite]]\nharness = \"criterion\"", "has no name"),
            ("[[suite]]\nname = \"a\"\n[[suite]]\nname = \"a\"", "two suites are called \"a\""),
            ("[[suite]]\nname = \"a\"\nharness = \"nose\"", "harness \"nose\" is not known"),
            ("[[suite]]\nname = \"a\"\ncommand = \"x\"", "the command's format is missing"),
            ("[[suite]]\nname = \"a\"\nformat = \"csv\"", "a format without a command"),
            (
                "[[suite]]\nname = \"a\"\ncommand = \"x\"\nformat = \"csv\"\nbench = [\"b\"]",
                "takes no package",
            ),
            (
                "[[suite]]\nname = \"a\"\n[[suite.rename]]\nfrom = \"x\"\nto = \"y\"",
                "criterion's benchmarks keep their names",
            ),
            (
                "[[suite]]\nname = \"a\"\ncommand = \"x\"\nformat = \"csv\"\n[[suite.rename]]\nfrom = \"x\"\nto = \"*\"",
                "has more * than",
            ),
            ("[[benchmark]]\nthreshold = 0.2", "names neither match nor metric"),
            ("[[benchmark]]\nmatch = \"a\"", "sets nothing"),
            ("[[acknowledged]]\ncommit = \" \"", "names no commit"),
            ("x", "line 1"),
        ] {
            let error = problem(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
