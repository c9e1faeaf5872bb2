use serde::{Deserialize, Serialize, Serializer, ser::SerializeStruct};

/// Over how many iterations each value of a sample was averaged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Iterations {
    /// The same number for every value.
    Every(u64),
    /// One number for each value.
    Each(Vec<u64>),
}

/// The raw per-iteration values of one benchmark in one round, in the order they were measured.
///
/// Holds at least one value; all values are finite, and every number of iterations is at least 1.
///
/// In files a sample whose values are whole totals over their iterations (which is what clocks
/// give) is written as those totals: shorter, faster to read, and the same to the last bit.
#[derive(Debug, Clone, PartialEq)]
pub struct Sample {
    values: Vec<f64>,
    iterations: Iterations,
}

/// Why values are not a sample.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum SampleError {
    /// No value at all.
    #[error("the sample has no values")]
    Empty,
    /// A value that is infinite or not a number.
    #[error("value {value} at position {position} (0-based) is not a finite number")]
    NotFinite {
        /// The value.
        value: f64,
        /// Its 0-based position.
        position: usize,
    },
    /// Fewer or more numbers of iterations than values.
    #[error("{values} values but {iterations} numbers of iterations")]
    Lengths {
        /// How many values.
        values: usize,
        /// How many numbers of iterations.
        iterations: usize,
    },
    /// A value averaged over no iteration.
    #[error("the value at position {position} (0-based) was measured over 0 iterations")]
    NoIterations {
        /// The value's 0-based position.
        position: usize,
    },
}

impl Sample {
    /// A sample of per-iteration values.
    ///
    /// # Errors
    /// When there is no value, one is not finite, or the iterations do not fit the values.
    pub fn new(values: Vec<f64>, iterations: Iterations) -> Result<Self, SampleError> {
        if values.is_empty() {
            return Err(SampleError::Empty);
        }
        if let Some((position, &value)) = values.iter().enumerate().find(|(_, v)| !v.is_finite()) {
            return Err(SampleError::NotFinite { value, position });
        }
        match &iterations {
            Iterations::Every(0) => return Err(SampleError::NoIterations { position: 0 }),
            Iterations::Every(_) => {}
            Iterations::Each(each) => {
                if each.len() != values.len() {
                    return Err(SampleError::Lengths {
                        values: values.len(),
                        iterations: each.len(),
                    });
                }
                if let Some(position) = each.iter().position(|&n| n == 0) {
                    return Err(SampleError::NoIterations { position });
                }
            }
        }
        Ok(Self { values, iterations })
    }

    /// A sample of totals, each over its number of iterations: `values[i] = totals[i] / iterations[i]`.
    ///
    /// # Errors
    /// As [`Sample::new`].
    pub fn from_totals(totals: &[f64], iterations: Vec<u64>) -> Result<Self, SampleError> {
        if totals.len() != iterations.len() {
            return Err(SampleError::Lengths {
                values: totals.len(),
                iterations: iterations.len(),
            });
        }
        if let Some(position) = iterations.iter().position(|&n| n == 0) {
            return Err(SampleError::NoIterations { position });
        }
        let values = totals.iter().zip(&iterations).map(|(t, &n)| t / n as f64).collect();
        let same = iterations.first().copied().filter(|&n| iterations.iter().all(|&m| m == n));
        Self::new(values, same.map_or(Iterations::Each(iterations), Iterations::Every))
    }

    /// Per-iteration values, in the order they were measured.
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// Over how many iterations the value at `position` was averaged.
    pub fn iterations_at(&self, position: usize) -> u64 {
        match &self.iterations {
            Iterations::Every(n) => *n,
            Iterations::Each(each) => each.get(position).copied().unwrap_or(1),
        }
    }

    /// How many iterations the sample took in all.
    pub fn total_iterations(&self) -> u64 {
        match &self.iterations {
            Iterations::Every(n) => n.saturating_mul(self.values.len() as u64),
            Iterations::Each(each) => each.iter().fold(0, |sum, &n| sum.saturating_add(n)),
        }
    }

    /// The values as whole totals over their iterations, if dividing those gives back every value
    /// to the last bit.
    #[expect(clippy::cast_possible_truncation, reason = "checked to be within ±2^53 before")]
    fn whole_totals(&self) -> Option<Vec<i64>> {
        const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: whole numbers up to it are exact
        self.values
            .iter()
            .enumerate()
            .map(|(position, &value)| {
                let n = self.iterations_at(position) as f64;
                let total = (value * n).round();
                let exact = total.abs() <= EXACT
                    && (total / n).to_bits() == value.to_bits()
                    && (total != 0.0 || value.is_sign_positive());
                exact.then_some(total as i64)
            })
            .collect()
    }
}

/// The form of a sample in files.
#[derive(Debug, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Sample"))]
pub(crate) struct SampleRecord {
    /// Per-iteration values; absent when `totals` is given.
    #[serde(default)]
    values: Option<Vec<f64>>,
    /// Totals over the iterations; absent when `values` is given.
    #[serde(default)]
    totals: Option<Vec<f64>>,
    /// Over how many iterations: one number for every value, or one each. 1 when absent.
    #[serde(default)]
    iterations: IterationsRecord,
}

#[derive(Debug)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(rename = "Iterations", untagged))]
enum IterationsRecord {
    Every(u64),
    Each(Vec<u64>),
}

/// By hand, because an untagged enum is read into a buffer first: this is a quarter of the time of
/// reading a history.
impl<'de> Deserialize<'de> for IterationsRecord {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NumberOrList;

        impl<'de> serde::de::Visitor<'de> for NumberOrList {
            type Value = IterationsRecord;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number of iterations, or a list with one for each value")
            }

            fn visit_u64<E: serde::de::Error>(self, every: u64) -> Result<Self::Value, E> {
                Ok(IterationsRecord::Every(every))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(
                self,
                mut list: A,
            ) -> Result<Self::Value, A::Error> {
                let mut each = Vec::with_capacity(list.size_hint().unwrap_or(128));
                while let Some(n) = list.next_element()? {
                    each.push(n);
                }
                Ok(IterationsRecord::Each(each))
            }
        }

        deserializer.deserialize_any(NumberOrList)
    }
}

impl Default for IterationsRecord {
    fn default() -> Self {
        Self::Every(1)
    }
}

impl TryFrom<SampleRecord> for Sample {
    type Error = SampleError;

    fn try_from(record: SampleRecord) -> Result<Self, SampleError> {
        let iterations = match record.iterations {
            IterationsRecord::Every(n) => Iterations::Every(n),
            IterationsRecord::Each(each) => Iterations::Each(each),
        };
        match (record.totals, record.values, iterations) {
            (Some(totals), _, Iterations::Each(each)) => Self::from_totals(&totals, each),
            (Some(totals), _, Iterations::Every(n)) => {
                if n == 0 {
                    return Err(SampleError::NoIterations { position: 0 });
                }
                Self::new(totals.iter().map(|t| t / n as f64).collect(), Iterations::Every(n))
            }
            (None, values, iterations) => Self::new(values.unwrap_or_default(), iterations),
        }
    }
}

impl<'de> Deserialize<'de> for Sample {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::try_from(SampleRecord::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Sample {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut record = serializer.serialize_struct("Sample", 2)?;
        match self.whole_totals() {
            Some(totals) => record.serialize_field("totals", &totals)?,
            None => record.serialize_field("values", &self.values)?,
        }
        match &self.iterations {
            Iterations::Every(n) => record.serialize_field("iterations", n)?,
            Iterations::Each(each) => record.serialize_field("iterations", each)?,
        }
        record.end()
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Sample {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        SampleRecord::schema_name()
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        SampleRecord::json_schema(generator)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn totals_are_written_whole_and_read_back_to_the_last_bit() {
        let sample = Sample::from_totals(&[345_570.0, 723_920.0], vec![54, 108]).unwrap();
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(text, r#"{"totals":[345570,723920],"iterations":[54,108]}"#);
        assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);
    }

    #[test]
    fn fractions_are_written_as_values() {
        let sample = Sample::new(vec![0.1, 2.5e-6], Iterations::Every(23)).unwrap();
        let text = serde_json::to_string(&sample).unwrap();
        assert_eq!(text, r#"{"values":[0.1,2.5e-6],"iterations":23}"#);
        assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);
    }

    #[test]
    fn what_is_no_sample_says_why() {
        let new = |v: &[f64], n| Sample::new(v.to_vec(), n).unwrap_err().to_string();
        assert_eq!(new(&[], Iterations::Every(1)), "the sample has no values");
        assert_eq!(
            new(&[1.0, f64::NAN], Iterations::Every(1)),
            "value NaN at position 1 (0-based) is not a finite number"
        );
        assert_eq!(
            new(&[1.0], Iterations::Each(vec![1, 2])),
            "1 values but 2 numbers of iterations"
        );
        assert_eq!(
            new(&[1.0], Iterations::Every(0)),
            "the value at position 0 (0-based) was measured over 0 iterations"
        );
        assert!(serde_json::from_str::<Sample>(r#"{"totals":[1],"iterations":0}"#).is_err());
        assert!(serde_json::from_str::<Sample>(r#"{"totals":[1],"iterations":[0]}"#).is_err());
        assert!(serde_json::from_str::<Sample>("{}").is_err());
    }

    proptest! {
        #[test]
        fn writing_and_reading_loses_nothing(
            values in prop::collection::vec(-1e300..1e300f64, 1..20),
            whole in prop::collection::vec((-1_000_000i64..1_000_000, 1u64..5000), 1..20),
        ) {
            let sample = Sample::new(values, Iterations::Every(7)).unwrap();
            let text = serde_json::to_string(&sample).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);

            let totals: Vec<f64> = whole.iter().map(|(t, _)| *t as f64).collect();
            let sample =
                Sample::from_totals(&totals, whole.iter().map(|(_, n)| *n).collect()).unwrap();
            let text = serde_json::to_string(&sample).unwrap();
            prop_assert_eq!(serde_json::from_str::<Sample>(&text).unwrap(), sample);
        }
    }
}
