use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::{Sample, Summary};

/// How many figures a summary has beside `n`.
const FIGURES: usize = 9;
/// The first places among them.
const MEDIAN: usize = 0;
const MEAN: usize = 1;
/// The bits of [`Round::known`] behind those of the figures.
const N: usize = FIGURES;
const POSITION: usize = FIGURES + 1;

/// One launch of a benchmark: its summary, and its raw sample as long as it is kept.
///
/// Histories are mostly rounds: one takes 96 bytes, where its parts would take 216.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(from = "RoundRecord")]
pub struct Round {
    /// In the order of [`Summary`]; 0 where a figure is not known.
    figures: [f64; FIGURES],
    n: u64,
    sample: Option<Box<Sample>>,
    position: u32,
    /// A bit for each of the figures, for `n` and for `position`: whether it is known.
    known: u16,
}

/// The form of a round in files.
#[derive(Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Round"))]
pub(crate) struct RoundRecord {
    /// What the values were.
    summary: Summary,
    /// The values themselves.
    #[serde(default)]
    sample: Option<Sample>,
    /// Its 0-based place in the order in which its launch ran the benchmarks.
    #[serde(default)]
    position: Option<u32>,
}

impl From<RoundRecord> for Round {
    fn from(record: RoundRecord) -> Self {
        let sample = record.sample.map(Box::new);
        Self { sample, ..Self::summarised(record.summary).with_position(record.position) }
    }
}

impl Serialize for Round {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let (sample, position) = (self.sample(), self.position());
        let fields = 1 + usize::from(sample.is_some()) + usize::from(position.is_some());
        let mut round = serializer.serialize_struct("Round", fields)?;
        round.serialize_field("summary", &self.summary())?;
        match sample {
            Some(sample) => round.serialize_field("sample", sample)?,
            None => round.skip_field("sample")?,
        }
        match position {
            Some(position) => round.serialize_field("position", &position)?,
            None => round.skip_field("position")?,
        }
        round.end()
    }
}

impl Round {
    /// A round with its raw values.
    pub fn of(sample: Sample) -> Self {
        let summary = Summary::of_sample(&sample);
        Self { sample: Some(Box::new(sample)), ..Self::summarised(summary) }
    }

    /// A round of which only a summary is known.
    pub fn summarised(summary: Summary) -> Self {
        let Summary { n, median, mean, std_dev, minimum, .. } = summary;
        let Summary { lower_quartile, upper_quartile, maximum, low, tail, .. } = summary;
        let figures =
            [median, mean, std_dev, minimum, lower_quartile, upper_quartile, maximum, low, tail];
        let bits = figures.iter().zip(0..).map(|(figure, bit)| u16::from(figure.is_some()) << bit);
        Self {
            known: bits.sum::<u16>() | u16::from(n.is_some()) << N,
            figures: figures.map(Option::unwrap_or_default),
            n: n.unwrap_or_default(),
            sample: None,
            position: 0,
        }
    }

    /// The same with another summary.
    #[must_use]
    pub fn with_summary(self, summary: Summary) -> Self {
        let position = self.position();
        Self { sample: self.sample, ..Self::summarised(summary).with_position(position) }
    }

    /// The same at another 0-based place in the order in which its launch ran the benchmarks.
    #[must_use]
    pub fn with_position(self, position: Option<u32>) -> Self {
        let known = self.known & !(1 << POSITION) | u16::from(position.is_some()) << POSITION;
        Self { known, position: position.unwrap_or_default(), ..self }
    }

    /// The same without its raw values.
    #[must_use]
    pub fn without_sample(self) -> Self {
        Self { sample: None, ..self }
    }

    /// What the values were.
    #[inline]
    pub fn summary(&self) -> Summary {
        Summary {
            n: self.n(),
            median: self.median(),
            mean: self.mean(),
            std_dev: self.std_dev(),
            minimum: self.minimum(),
            lower_quartile: self.figure(4),
            upper_quartile: self.figure(5),
            maximum: self.maximum(),
            low: self.low(),
            tail: self.tail(),
        }
    }

    /// How many values there were.
    pub fn n(&self) -> Option<u64> {
        self.is_known(N).then_some(self.n)
    }

    /// The median.
    pub fn median(&self) -> Option<f64> {
        self.figure(MEDIAN)
    }

    /// The arithmetic mean.
    pub fn mean(&self) -> Option<f64> {
        self.figure(MEAN)
    }

    /// The median, or the mean where only that is known.
    pub fn centre(&self) -> Option<f64> {
        self.median().or(self.mean())
    }

    /// The standard deviation of the values.
    pub fn std_dev(&self) -> Option<f64> {
        self.figure(2)
    }

    /// The smallest value.
    pub fn minimum(&self) -> Option<f64> {
        self.figure(3)
    }

    /// The largest value.
    pub fn maximum(&self) -> Option<f64> {
        self.figure(6)
    }

    /// The smallest value among those measured for long enough ([`Summary::low`]).
    pub fn low(&self) -> Option<f64> {
        self.figure(7)
    }

    /// The mean of the slowest tenth of the values.
    pub fn tail(&self) -> Option<f64> {
        self.figure(8)
    }

    /// The values themselves, as long as they are kept.
    pub fn sample(&self) -> Option<&Sample> {
        self.sample.as_deref()
    }

    /// Its 0-based place in the order in which its launch ran the benchmarks.
    pub fn position(&self) -> Option<u32> {
        self.is_known(POSITION).then_some(self.position)
    }

    /// All raw values of all `rounds`, or none if any round's sample is not kept.
    pub fn pooled_values(rounds: &[&Self]) -> Option<Vec<f64>> {
        let samples: Option<Vec<&Sample>> = rounds.iter().map(|r| r.sample()).collect();
        Some(samples?.into_iter().flat_map(Sample::values).copied().collect())
    }

    /// One summary over `rounds`: of the pooled values while every round's sample is kept, else
    /// combined from the rounds' own summaries.
    pub fn pooled_summary(rounds: &[&Self]) -> Summary {
        if let [only] = rounds {
            return only.summary();
        }
        let combined =
            || Summary::combined(&rounds.iter().map(|r| r.summary()).collect::<Vec<_>>());
        match Self::pooled_values(rounds) {
            Some(values) => Summary { low: combined().low, ..Summary::of(&values) },
            None => combined(),
        }
    }

    pub(super) fn set_position(&mut self, position: u32) {
        (self.position, self.known) = (position, self.known | 1 << POSITION);
    }

    pub(super) fn drop_sample(&mut self) {
        self.sample = None;
    }

    /// Whether a centre is known, and every figure and value is finite and not negative.
    pub(super) fn is_plain(&self) -> bool {
        // Counting needs no branch at each of them.
        let plain = |figures: &[f64]| {
            figures.iter().filter(|figure| !(0.0..f64::INFINITY).contains(*figure)).count() == 0
        };
        (self.is_known(MEDIAN) || self.is_known(MEAN))
            && plain(&self.figures)
            && self.sample().is_none_or(|sample| plain(sample.values()))
    }

    fn figure(&self, place: usize) -> Option<f64> {
        self.figures.get(place).copied().filter(|_| self.is_known(place))
    }

    #[inline]
    fn is_known(&self, bit: usize) -> bool {
        self.known & 1 << bit != 0
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Round {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        RoundRecord::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        RoundRecord::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Iterations;

    #[test]
    fn what_is_put_in_comes_out() {
        let figures: Vec<f64> = vec![3.0, 1.0, 2.5];
        let sample = Sample::new(figures, Iterations::Every(2)).unwrap();
        let round = Round::of(sample.clone()).with_position(Some(0));
        assert_eq!(round.summary(), Summary::of_sample(&sample));
        assert_eq!((round.sample(), round.position()), (Some(&sample), Some(0)));
        let few = Summary { n: Some(0), mean: Some(0.0), tail: Some(7.0), ..Summary::default() };
        let round = round.with_summary(few);
        assert_eq!((round.summary(), round.position()), (few, Some(0)));
        let text = serde_json::to_string(&round.clone().without_sample()).unwrap();
        assert_eq!(text, r#"{"summary":{"n":0,"mean":0.0,"tail":7.0},"position":0}"#);
        let read: Round = serde_json::from_str(&text).unwrap();
        assert_eq!(read, round.without_sample());
        assert_eq!(read.with_position(None).position(), None);
    }

    #[test]
    fn it_is_small() {
        assert_eq!(size_of::<Round>(), 96);
    }
}
