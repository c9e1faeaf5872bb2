use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{BenchmarkId, Direction, NameError, Round, Sample, Summary, Unit, non_empty, shared};

/// What is measured of a benchmark: `wall_time`, `instructions`, `bytes`, or any other name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "String", into = "String")]
pub struct Metric(Cow<'static, str>);

/// Metrics that many harnesses measure.
const COMMON: [&str; 12] = [
    "wall_time",
    "throughput",
    "cpu_time",
    "allocated_bytes",
    "allocations",
    "peak_bytes",
    "instructions",
    "l1_hits",
    "ll_hits",
    "ram_hits",
    "read_write_refs",
    "estimated_cycles",
];

impl Metric {
    /// The default metric: elapsed time.
    pub fn wall_time() -> Self {
        Self(Cow::Borrowed("wall_time"))
    }

    /// Names a metric.
    ///
    /// # Errors
    /// When `name` is blank.
    pub fn new(name: impl Into<String>) -> Result<Self, NameError> {
        let name = name.into();
        non_empty("metric name", &name)?;
        Ok(Self(shared(&COMMON, name)))
    }

    /// The name as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Metric {
    type Error = NameError;
    fn try_from(name: String) -> Result<Self, NameError> {
        Self::new(name)
    }
}

impl From<Metric> for String {
    fn from(metric: Metric) -> Self {
        metric.0.into_owned()
    }
}

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What one run measured of one metric of one benchmark, in one or more rounds.
///
/// Holds at least one round; every figure is finite, times are not negative, and each round knows
/// its median or its mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(try_from = "MeasurementRecord")]
pub struct Measurement {
    #[serde(rename = "id")]
    benchmark: BenchmarkId,
    metric: Metric,
    unit: Unit,
    better: Direction,
    #[serde(skip_serializing_if = "Option::is_none")]
    executable: Option<String>,
    rounds: Vec<Round>,
}

/// The form of a measurement in files.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Measurement"))]
struct MeasurementRecord {
    /// The benchmark: `suite/group/function/parameter`.
    id: BenchmarkId,
    /// What is measured of it.
    #[serde(default = "Metric::wall_time")]
    metric: Metric,
    /// The unit of every figure.
    #[serde(default = "Unit::nanoseconds")]
    unit: Unit,
    /// Which way it is better.
    #[serde(default)]
    better: Direction,
    /// A hash of the program that ran it: equal programs are equal code.
    #[serde(default)]
    executable: Option<String>,
    /// One entry for each launch; at least one.
    rounds: Vec<Round>,
}

impl TryFrom<MeasurementRecord> for Measurement {
    type Error = MeasurementError;
    fn try_from(record: MeasurementRecord) -> Result<Self, MeasurementError> {
        let MeasurementRecord { id, metric, unit, better, executable, rounds } = record;
        Self::new(id, metric, unit, better, rounds)
            .map(|measurement| Self { executable, ..measurement })
    }
}

/// Why rounds are not a measurement.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum MeasurementError {
    /// No round.
    #[error("benchmark {benchmark:?} has no rounds")]
    NoRounds {
        /// The benchmark.
        benchmark: String,
    },
    /// A round that knows neither median nor mean.
    #[error("benchmark {benchmark:?}, round {round} (0-based): neither median nor mean is given")]
    NoCentre {
        /// The benchmark.
        benchmark: String,
        /// The 0-based round.
        round: usize,
    },
    /// An infinite figure, or one that is not a number.
    #[error("benchmark {benchmark:?}, round {round} (0-based): {figure} {value} is not finite")]
    NotFinite {
        /// The benchmark.
        benchmark: String,
        /// The 0-based round.
        round: usize,
        /// Which figure.
        figure: &'static str,
        /// Its value.
        value: f64,
    },
    /// A time below zero.
    #[error(
        "benchmark {benchmark:?}, round {round} (0-based): a time of {value} {unit} is negative"
    )]
    NegativeTime {
        /// The benchmark.
        benchmark: String,
        /// The 0-based round.
        round: usize,
        /// The value.
        value: f64,
        /// Its unit.
        unit: String,
    },
}

impl Measurement {
    /// A measurement of at least one round.
    ///
    /// # Errors
    /// When there is no round, a round knows neither median nor mean, a figure is not finite, or a
    /// time is negative.
    pub fn new(
        benchmark: BenchmarkId,
        metric: Metric,
        unit: Unit,
        better: Direction,
        rounds: Vec<Round>,
    ) -> Result<Self, MeasurementError> {
        let name = || benchmark.as_str().to_owned();
        if rounds.is_empty() {
            return Err(MeasurementError::NoRounds { benchmark: name() });
        }
        for (position, round) in rounds.iter().enumerate() {
            // Mostly nothing is wrong, and need not be looked for.
            if round.is_plain() {
                continue;
            }
            let (round, sample, summary) = (position, round.sample(), round.summary());
            if summary.centre().is_none() {
                return Err(MeasurementError::NoCentre { benchmark: name(), round });
            }
            if let Some((figure, value)) = summary.figures().find(|(_, v)| !v.is_finite()) {
                return Err(MeasurementError::NotFinite {
                    benchmark: name(),
                    round,
                    figure,
                    value,
                });
            }
            let values = sample.into_iter().flat_map(Sample::values).copied();
            let mut all = summary.figures().map(|(_, v)| v).chain(values);
            if unit.is_time()
                && let Some(value) = all.find(|&v| v < 0.0)
            {
                let unit = unit.as_str().to_owned();
                return Err(MeasurementError::NegativeTime {
                    benchmark: name(),
                    round,
                    value,
                    unit,
                });
            }
        }
        Ok(Self { benchmark, metric, unit, better, executable: None, rounds })
    }

    /// Wall time of one round, from its raw sample in nanoseconds per iteration.
    ///
    /// # Errors
    /// When a value is negative.
    pub fn wall_time(benchmark: BenchmarkId, sample: Sample) -> Result<Self, MeasurementError> {
        let rounds = vec![Round::of(sample)];
        Self::new(benchmark, Metric::wall_time(), Unit::nanoseconds(), Direction::Lower, rounds)
    }

    /// The benchmark.
    pub fn benchmark(&self) -> &BenchmarkId {
        &self.benchmark
    }

    /// Gives the benchmark another name.
    pub fn rename(&mut self, benchmark: BenchmarkId) {
        self.benchmark = benchmark;
    }

    /// What is measured of it.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// The unit of every figure.
    pub fn unit(&self) -> &Unit {
        &self.unit
    }

    /// Which way it is better.
    pub fn better(&self) -> Direction {
        self.better
    }

    /// A hash of the program that ran it, where that is known: equal programs are equal code.
    pub fn executable(&self) -> Option<&str> {
        self.executable.as_deref()
    }

    /// Says which program ran it, by a hash.
    pub fn set_executable(&mut self, hash: impl Into<String>) {
        self.executable = Some(hash.into());
    }

    /// Says at which 0-based place of its launch its only round was measured.
    pub fn set_position(&mut self, position: u32) {
        for round in &mut self.rounds {
            round.set_position(position);
        }
    }

    /// Adds the rounds of `later`, a measurement of the same benchmark and metric; gives it back
    /// where unit, direction or program differ, and it does not belong to this one.
    #[must_use]
    pub fn append_rounds(&mut self, later: Self) -> Option<Self> {
        let same = self.benchmark == later.benchmark
            && self.metric == later.metric
            && self.unit == later.unit
            && self.better == later.better
            && self.executable == later.executable;
        if !same {
            return Some(later);
        }
        self.rounds.extend(later.rounds);
        None
    }

    /// Its launches; at least one.
    pub fn rounds(&self) -> &[Round] {
        &self.rounds
    }

    /// All raw values of all rounds, or none if any round's sample is not kept.
    pub fn values(&self) -> Option<Vec<f64>> {
        Round::pooled_values(&self.rounds.iter().collect::<Vec<_>>())
    }

    /// One summary over all rounds, as [`Round::pooled_summary`].
    pub fn summary(&self) -> Summary {
        Round::pooled_summary(&self.rounds.iter().collect::<Vec<_>>())
    }

    /// Forgets the raw values and keeps the summaries.
    pub fn drop_samples(&mut self) {
        for round in &mut self.rounds {
            round.drop_sample();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Iterations;

    fn id() -> BenchmarkId {
        BenchmarkId::new("memory/add").unwrap()
    }

    fn sample(values: &[f64]) -> Sample {
        Sample::new(values.to_vec(), Iterations::Every(1)).unwrap()
    }

    #[test]
    fn a_negative_time_is_refused_and_a_negative_balance_is_not() {
        let error = Measurement::wall_time(id(), sample(&[1.0, -2.0])).unwrap_err();
        assert_eq!(
            error.to_string(),
            "benchmark \"memory/add\", round 0 (0-based): a time of -0.5 ns is negative"
        );
        let rounds = vec![Round::of(sample(&[1.0, -2.0]))];
        let unit = Unit::parse("points").0;
        assert!(
            Measurement::new(id(), Metric::wall_time(), unit, Direction::Higher, rounds).is_ok()
        );
    }

    #[test]
    fn reading_checks_what_building_checks() {
        let read =
            |text: &str| serde_json::from_str::<Measurement>(text).map_err(|e| e.to_string());
        assert!(read(r#"{"id":"a","rounds":[]}"#).unwrap_err().contains("has no rounds"));
        assert!(read(r#"{"id":"a","rounds":[{"summary":{}}]}"#).unwrap_err().contains("neither"));
        assert!(read(r#"{"id":" ","rounds":[]}"#).unwrap_err().contains("is empty"));
        assert!(read(r#"{"id":"a","rounds":[{"summary":{"mean":3}}]}"#).is_ok());
    }

    #[test]
    fn rounds_of_another_program_are_given_back() {
        let mut first = Measurement::wall_time(id(), sample(&[1.0])).unwrap();
        let mut second = Measurement::wall_time(id(), sample(&[2.0])).unwrap();
        assert_eq!(first.append_rounds(second.clone()), None);
        assert_eq!(first.rounds().len(), 2);
        second.set_executable("abc");
        assert_eq!(first.append_rounds(second.clone()), Some(second));
    }

    #[test]
    fn dropping_samples_keeps_the_summary() {
        let mut measurement = Measurement::wall_time(id(), sample(&[1.0, 2.0, 4.0])).unwrap();
        let before = measurement.summary();
        measurement.drop_samples();
        assert_eq!(measurement.summary(), before);
        assert_eq!(measurement.values(), None);
    }
}
