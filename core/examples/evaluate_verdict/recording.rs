//! Recorded launches, and what is known of each.

use std::collections::BTreeMap;

use driftline_core::formats::{InputFile, read};
use driftline_core::model::{Run, Sample};

/// One launch of a whole suite.
pub(crate) struct LaunchOfSuite {
    /// Which build made it.
    pub(crate) build: String,
    /// Its place in time.
    pub(crate) at: usize,
    /// The sample of each benchmark.
    pub(crate) samples: Vec<Sample>,
}

/// Launches of unchanged code in the order they were made.
pub(crate) struct Recording {
    name: String,
    pub(crate) benchmarks: Vec<String>,
    pub(crate) launches: Vec<LaunchOfSuite>,
}

impl Recording {
    /// The recordings that come with the project.
    pub(crate) fn shipped() -> Vec<Self> {
        let files: [InputFile<'static>; 2] = [
            InputFile {
                name: "core/tests/data/twosample/runs.jsonl",
                bytes: include_bytes!("../../tests/data/twosample/runs.jsonl"),
            },
            InputFile {
                name: "core/tests/data/calm/runs.jsonl",
                bytes: include_bytes!("../../tests/data/calm/runs.jsonl"),
            },
        ];
        let runs = |file| read(file, None).map(|reading| reading.runs).unwrap_or_default();
        files.iter().map(|file| Self::of(file.name, &runs(file))).collect()
    }

    /// A history file: every run whose commit's subject is not "level N" with N above 0.
    pub(crate) fn read(path: &str) -> Result<Self, String> {
        #[expect(clippy::disallowed_methods, reason = "a program, not the core, reads a file")]
        let bytes = std::fs::read(path).map_err(|error| format!("{path}: {error}"))?;
        let reading = read(&InputFile { name: path, bytes: &bytes }, None);
        Ok(Self::of(path, &reading.map_err(|error| error.to_string())?.runs))
    }

    fn of(name: &str, runs: &[Run]) -> Self {
        let unchanged = |run: &&Run| {
            let subject = run.commit.as_ref().and_then(|commit| commit.subject.as_deref());
            !subject.is_some_and(|s| s.starts_with("level ") && s != "level 0")
        };
        let mut launches: Vec<(String, usize, BTreeMap<String, Sample>)> = Vec::new();
        for (at, run) in runs.iter().enumerate().filter(|(_, run)| unchanged(run)) {
            let rounds = run.measurements.iter().map(|m| m.rounds().len()).max().unwrap_or(0);
            for round in 0..rounds {
                let samples = run.measurements.iter().filter_map(|m| {
                    let sample = m.rounds().get(round)?.sample()?.clone();
                    Some((m.benchmark().to_string(), sample))
                });
                let build = run.commit.as_ref().map(|c| c.id.clone()).unwrap_or_default();
                launches.push((build, at * rounds + round, samples.collect()));
            }
        }
        let in_all = |name: &String| launches.iter().all(|(_, _, s)| s.contains_key(name));
        let benchmarks: Vec<String> = launches
            .first()
            .map(|(_, _, samples)| samples.keys().filter(|n| in_all(n)).cloned().collect())
            .unwrap_or_default();
        let launches = launches
            .into_iter()
            .map(|(build, at, samples)| LaunchOfSuite {
                build,
                at,
                samples: benchmarks.iter().filter_map(|n| samples.get(n).cloned()).collect(),
            })
            .collect();
        Self { name: name.to_owned(), benchmarks, launches }
    }

    pub(crate) fn describe(&self) -> String {
        format!(
            "{}: {} launches of unchanged code, {} benchmarks",
            self.name,
            self.launches.len(),
            self.benchmarks.len()
        )
    }

    /// The build that made most launches.
    pub(crate) fn main_build(&self) -> &str {
        let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
        for launch in &self.launches {
            *counts.entry(&launch.build).or_default() += 1;
        }
        counts.into_iter().max_by_key(|(_, count)| *count).map_or("", |(build, _)| build)
    }
}
