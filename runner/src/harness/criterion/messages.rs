//! What bench programs and runners tell each other, as far as a runner needs it. Fields that are
//! not named here, such as the throughput with its ever new kinds, are passed over.

use serde::{Deserialize, Serialize};

/// A benchmark's name in the parts that criterion keeps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct RawId {
    group_id: String,
    function_id: Option<String>,
    value_str: Option<String>,
}

impl RawId {
    /// The whole name, as criterion shows and filters it: `group/function/value`.
    pub(super) fn full(&self) -> String {
        let parts = [Some(&self.group_id), self.function_id.as_ref(), self.value_str.as_ref()];
        parts.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join("/")
    }
}

/// From the bench program.
#[derive(Debug, PartialEq, Deserialize)]
pub(super) enum Incoming {
    BeginningBenchmarkGroup {},
    /// It waits for [`Outgoing::Continue`].
    FinishedBenchmarkGroup {},
    BeginningBenchmark {
        id: RawId,
    },
    SkippingBenchmark {},
    Warmup {
        nanos: f64,
    },
    MeasurementStart {
        estimate_ns: f64,
    },
    /// It answers requests until [`Outgoing::Continue`].
    MeasurementComplete {
        id: RawId,
        iters: Vec<f64>,
        times: Vec<f64>,
    },
    FormattedValue {},
    ScaledValues {
        scaled_values: Vec<f64>,
        unit: String,
    },
}

/// To the bench program.
#[derive(Debug, Serialize)]
pub(super) enum Outgoing<'a> {
    /// Asks for the values in the unit that the measurement always uses.
    ScaleForMachines {
        values: &'a [f64],
    },
    Continue,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(function: Option<&str>, value: Option<&str>) -> String {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let id =
            RawId { group_id: "g".into(), function_id: owned(function), value_str: owned(value) };
        id.full()
    }

    #[test]
    fn names_are_joined_as_criterion_does() {
        assert_eq!(id(None, None), "g");
        assert_eq!(id(Some("f"), None), "g/f");
        assert_eq!(id(None, Some("1")), "g/1");
        assert_eq!(id(Some("f"), Some("a/b")), "g/f/a/b");
    }
}
