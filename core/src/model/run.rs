use std::fmt;
use std::hash::Hasher as _;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use twox_hash::XxHash64;

use super::{BenchmarkId, Commit, Judgement, Machine, Measurement, Metric, NameError, non_empty};
use crate::order;

/// The name of a run, unique in its history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct RunId(String);

impl RunId {
    /// Names a run.
    ///
    /// # Errors
    /// When `name` is blank.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        non_empty("run id", &name)?;
        Ok(Self(name))
    }

    /// The id that depends on `bytes` alone, so that reading a file twice gives the same run.
    pub fn of_content(bytes: &[u8]) -> Self {
        Self::of_contents([bytes])
    }

    /// The same of several files, as if they were one.
    pub fn of_contents<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        // Reading a file takes a few nanoseconds a byte: a hash that goes by single bytes would show.
        let mut hash = XxHash64::with_seed(0);
        for part in parts {
            hash.write(part);
        }
        Self(format!("content-{:016x}", hash.finish()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RunId {
    type Error = NameError;
    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<RunId> for String {
    fn from(id: RunId) -> Self {
        id.0
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The CI job that made a run.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Ci {
    /// The platform: `github`, `gitlab`, `buildkite`, `jenkins` or `ci`.
    pub name: String,
    /// Where its log is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// How a run was made.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Settings {
    /// Measured for a first look only: short, and noisier than a full run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quick: bool,
    /// The regular expression that chose the benchmarks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    /// In how many launches the suites were measured; a single one where it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rounds: Option<u32>,
    /// The seed by which each launch's order of benchmarks was shuffled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub order_seed: Option<u64>,
    /// Arguments that were passed on to the harness.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub arguments: Vec<String>,
}

/// How busy the machine was while a run was made.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Conditions {
    /// The load average over the last minute when the run began.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load: Option<f64>,
    /// How many processors other programs kept busy on average.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub others_cpus: Option<f64>,
    /// The share of the processors' time that the host took from this virtual machine, 0 to 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub steal: Option<f64>,
    /// How many kilobytes were swapped in and out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub swapped_kilobytes: Option<f64>,
}

/// A benchmark that gave no measurement, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Skipped {
    /// The benchmark's name, or that of the file or bench target it belongs to.
    pub name: String,
    /// Why it is missing.
    pub reason: String,
}

/// All measurements of one execution, and where they come from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Run {
    /// Its name.
    pub id: RunId,
    /// When it began.
    #[serde(default, with = "super::time::optional", skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub time: Option<Timestamp>,
    /// The code that was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Commit>,
    /// Where it was measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub machine: Option<Machine>,
    /// What built or ran the code: `rustc 1.95.0`, `CPython 3.11.7`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub toolchain: Option<String>,
    /// The version of driftline that recorded it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub driftline: Option<String>,
    /// The CI job that made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ci: Option<Ci>,
    /// How busy the machine was meanwhile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conditions: Option<Conditions>,
    /// How it was made.
    #[serde(default)]
    pub settings: Settings,
    /// What was measured, sorted by benchmark and metric, each once.
    pub measurements: Vec<Measurement>,
    /// What was not, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skipped>,
    /// What was decided of it when it was recorded, where it was compared with anything.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub judgement: Option<Judgement>,
}

impl Run {
    /// A run with nothing but measurements.
    pub fn new(id: RunId, measurements: Vec<Measurement>) -> Self {
        let mut run = Self {
            id,
            time: None,
            commit: None,
            machine: None,
            toolchain: None,
            driftline: None,
            ci: None,
            conditions: None,
            settings: Settings::default(),
            measurements: Vec::new(),
            skipped: Vec::new(),
            judgement: None,
        };
        run.set_measurements(measurements);
        run
    }

    /// Puts `measurements` in, sorted. Of several of the same benchmark and metric the first stays;
    /// each further one is counted as skipped, with the reason.
    pub fn set_measurements(&mut self, mut measurements: Vec<Measurement>) {
        fn key(measurement: &Measurement) -> (&BenchmarkId, &Metric) {
            (measurement.benchmark(), measurement.metric())
        }
        order::sort_by_text(
            &mut measurements,
            |measurement| measurement.benchmark().as_str(),
            |a, b| a.metric().cmp(b.metric()),
        );
        let skipped = &mut self.skipped;
        measurements.dedup_by(|later, first| {
            let same = key(later) == key(first);
            if same {
                skipped.push(Skipped {
                    name: later.benchmark().to_string(),
                    reason: format!(
                        "measured twice ({}): only the first is kept; give one of them another name",
                        later.metric()
                    ),
                });
            }
            same
        });
        self.measurements = measurements;
    }

    /// The first-parent position of its commit.
    pub fn order(&self) -> Option<u64> {
        self.commit.as_ref().and_then(|c| c.order)
    }

    /// The fingerprint of its machine, or `unknown`.
    pub fn machine_fingerprint(&self) -> String {
        self.machine.as_ref().map_or_else(|| "unknown".to_owned(), Machine::fingerprint)
    }

    /// Forgets the raw values of all measurements.
    pub fn drop_samples(&mut self) {
        self.measurements.iter_mut().for_each(Measurement::drop_samples);
    }

    /// Whether any measurement still has its raw values.
    pub fn has_samples(&self) -> bool {
        self.measurements.iter().any(|m| m.rounds().iter().any(|r| r.sample().is_some()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Iterations, Sample};

    #[test]
    fn the_second_of_two_alike_is_counted_as_skipped() {
        let one = |id: &str, value: f64| {
            let sample = Sample::new(vec![value], Iterations::Every(1)).unwrap();
            Measurement::wall_time(BenchmarkId::new(id).unwrap(), sample).unwrap()
        };
        let run =
            Run::new(RunId::new("r").unwrap(), vec![one("b", 1.0), one("a", 2.0), one("b", 3.0)]);
        let ids: Vec<&str> = run.measurements.iter().map(|m| m.benchmark().as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(run.measurements[1].summary().median, Some(1.0));
        assert_eq!(run.skipped.len(), 1);
        assert!(run.skipped[0].reason.contains("measured twice"));
    }
}
