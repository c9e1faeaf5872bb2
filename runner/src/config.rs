//! `driftline.toml`, and where a project's root is.

use std::path::{Path, PathBuf};

use driftline_core::change::Acknowledgement;
use driftline_core::compare::{Confidence, Policy, Rule, Threshold};
use serde::Deserialize;

use crate::error::Error;
use crate::store::{Retention, Store};

/// What `driftline.toml` says; every key has a default.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Configuration {
    threshold: Option<Threshold>,
    confidence: Option<Confidence>,
    history: HistoryKeys,
    suite: Vec<Suite>,
    benchmark: Vec<Rule>,
    acknowledged: Vec<Acknowledgement>,
}

#[derive(Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct HistoryKeys {
    path: PathBuf,
    keep: usize,
    samples: usize,
}

impl Default for HistoryKeys {
    fn default() -> Self {
        let Retention { keep, samples } = Retention::default();
        Self { path: ".driftline".into(), keep, samples }
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
    /// Changes that people know of.
    pub(crate) acknowledged: Vec<Acknowledgement>,
    policy: Policy,
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
        let Configuration { threshold, confidence, history, suite, benchmark, acknowledged } =
            configuration;
        let mut policy = Policy { rules: benchmark, ..Policy::default() };
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
            acknowledged,
            policy,
        };
        Ok(project)
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
    pub(crate) fn policy(&self, arguments: &crate::args::PolicyArguments) -> Result<Policy, Error> {
        let mut policy = self.policy.clone();
        if let Some(threshold) = arguments.threshold {
            policy.threshold = threshold;
        }
        if let Some(confidence) = arguments.confidence {
            policy.confidence = confidence;
        }
        for text in &arguments.threshold_for {
            let rule = text
                .rsplit_once('=')
                .filter(|(pattern, _)| !pattern.is_empty())
                .ok_or_else(|| {
                    Error::usage(format!("read --threshold-for {text:?}: expected PATTERN=PERCENT"))
                })
                .and_then(|(pattern, threshold)| {
                    let threshold = threshold.parse().map_err(Error::usage)?;
                    Ok(Rule { pattern: pattern.to_owned(), threshold })
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
    if configuration.acknowledged.iter().any(|known| known.commit.trim().len() < 4) {
        return Err(
            "an [[acknowledged]] commit needs at least four characters of its id".to_owned()
        );
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
        let problem = match (suite.harness.as_deref(), &suite.command, &suite.format) {
            (Some("criterion") | None, None, None) => continue,
            (None, Some(_), Some(_)) => {
                let cargo_keys = !(suite.package.is_empty()
                    && suite.bench.is_empty()
                    && suite.features.is_empty())
                    || suite.all_features
                    || suite.no_default_features;
                if !cargo_keys {
                    continue;
                }
                "a command takes no package, bench or features"
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
            [history]
            path = "kept"
            keep = 50
            [[suite]]
            name = "bench"
            harness = "criterion"
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
        assert!((project.policy.confidence.ratio() - 0.95).abs() < 1e-12);
        assert_eq!(project.policy.rules.len(), 1);
    }

    #[test]
    fn each_mistake_is_named() {
        for (text, expected) in [
            ("treshold = 1", "unknown field `treshold`"),
            ("threshold = \"twenty\"", "\"twenty\" is not a threshold"),
            ("[history]\nkeep = 0", "keep must be at least 1"),
            ("[[suite]]\nharness = \"criterion\"", "has no name"),
            ("[[suite]]\nname = \"a\"\n[[suite]]\nname = \"a\"", "two suites are called \"a\""),
            ("[[suite]]\nname = \"a\"\nharness = \"nose\"", "harness \"nose\" is not known"),
            ("[[suite]]\nname = \"a\"\ncommand = \"x\"", "the command's format is missing"),
            ("[[suite]]\nname = \"a\"\nformat = \"csv\"", "a format without a command"),
            (
                "[[suite]]\nname = \"a\"\ncommand = \"x\"\nformat = \"csv\"\nbench = [\"b\"]",
                "takes no package",
            ),
            ("[[benchmark]]\nthreshold = 0.2", "missing field `match`"),
            ("x", "line 1"),
        ] {
            let error = problem(text);
            assert!(error.contains(expected), "{text}: {error}");
        }
    }
}
