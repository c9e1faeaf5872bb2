use driftline_core::model::{
    BenchmarkId, Direction, Measurement, MeasurementError, Metric, NameError, Round, Sample,
    SampleError, Unit,
};

/// Whole numbers up to here are exact in an `f64`.
const LARGEST_EXACT: f64 = 9_007_199_254_740_992.0;

/// One benchmark's sample as criterion gives it: totals over their iterations.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Raw {
    pub(super) name: String,
    pub(super) iters: Vec<f64>,
    pub(super) totals: Vec<f64>,
    pub(super) unit: String,
}

/// Why a sample cannot be used.
#[derive(Debug, thiserror::Error)]
pub(super) enum RawError {
    #[error("it took no time at all")]
    NoTime,
    #[error("{value} is no number of iterations")]
    Iterations { value: f64 },
    #[error(transparent)]
    Name(#[from] NameError),
    #[error(transparent)]
    Sample(#[from] SampleError),
    #[error(transparent)]
    Measurement(#[from] MeasurementError),
}

impl Raw {
    /// The measurement: wall time where the unit is a time, else a metric named after its unit.
    /// Criterion's custom measurements do not say which way is better; all that exist count work.
    pub(super) fn into_measurement(self) -> Result<Measurement, RawError> {
        // Criterion refuses these too: its iteration counts come from dividing by the time.
        if Unit::parse(&self.unit).0.is_time() && self.totals.contains(&0.0) {
            return Err(RawError::NoTime);
        }
        let iterations = self.iters.iter().map(|&n| whole(n)).collect::<Result<_, _>>()?;
        let (unit, factor) = Unit::parse(&self.unit);
        let mut totals = self.totals;
        if (factor - 1.0).abs() > 0.0 {
            for total in &mut totals {
                *total *= factor;
            }
        }
        let sample = Sample::from_totals(&totals, iterations)?;
        let benchmark = BenchmarkId::new(self.name)?;
        if unit.is_time() {
            return Ok(Measurement::wall_time(benchmark, sample)?);
        }
        let metric = Metric::new(unit.as_str()).or_else(|_| Metric::new("custom"))?;
        Ok(Measurement::new(benchmark, metric, unit, Direction::Lower, vec![Round::of(sample)])?)
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole, positive and below 2^53"
)]
fn whole(value: f64) -> Result<u64, RawError> {
    if (1.0..=LARGEST_EXACT).contains(&value) && value.fract() == 0.0 {
        return Ok(value as u64);
    }
    Err(RawError::Iterations { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn raw(iters: &[f64], totals: &[f64], unit: &str) -> Result<Measurement, String> {
        let raw =
            Raw { name: "a".into(), iters: iters.into(), totals: totals.into(), unit: unit.into() };
        raw.into_measurement().map_err(|error| error.to_string())
    }

    #[test]
    fn the_unit_decides_the_metric() {
        let time = raw(&[2.0, 4.0], &[10.0, 24.0], "ns").unwrap();
        assert_eq!(time.metric().as_str(), "wall_time");
        assert_eq!(time.values().unwrap(), [5.0, 6.0]);
        let milliseconds = raw(&[2.0], &[10.0], "ms").unwrap();
        assert_eq!((milliseconds.unit().as_str(), milliseconds.values().unwrap()[0]), ("ns", 5e6));
        let cycles = raw(&[2.0], &[10.0], "cycles").unwrap();
        assert_eq!((cycles.metric().as_str(), cycles.unit().as_str()), ("cycles", "cycles"));
        assert_eq!(raw(&[1.0], &[1.0], "").unwrap().metric().as_str(), "custom");
    }

    #[test]
    fn malformed_samples_say_why() {
        let refused = |iters: &[f64], totals: &[f64]| raw(iters, totals, "ns").unwrap_err();
        assert_eq!(refused(&[0.0], &[1.0]), "0 is no number of iterations");
        assert_eq!(refused(&[f64::NAN], &[1.0]), "NaN is no number of iterations");
        assert_eq!(refused(&[1.5], &[1.0]), "1.5 is no number of iterations");
        assert_eq!(refused(&[1e300], &[1.0]), format!("{} is no number of iterations", 1e300));
        assert_eq!(
            refused(&[1.0], &[f64::NAN]),
            "value NaN at position 0 (0-based) is not a finite number"
        );
        assert_eq!(refused(&[1.0, 1.0], &[1.0]), "1 values but 2 numbers of iterations");
        assert_eq!(refused(&[1e300, 1.0], &[0.0, 1.0]), "it took no time at all");
        assert_eq!(refused(&[], &[]), "the sample has no values");
        assert!(refused(&[1.0], &[-1.0]).contains("negative"));
    }
}
