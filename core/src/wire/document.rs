use serde::{Deserialize, Serialize};

use super::format::{BASELINE, Kind, RUN, Version, without_mark};
use super::{BASELINE_FORMAT, RUN_FORMAT, WireError, layout};
use crate::model::{Baseline, BaselineName, Run};

/// A run in a file.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(title = "driftline run", rename = "RunDocument"))]
struct RunDocument<'a> {
    /// `driftline-run/1`.
    format: &'static str,
    #[serde(flatten)]
    run: &'a Run,
}

/// A baseline in a file.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(title = "driftline baseline", rename = "BaselineDocument"))]
struct BaselineDocument<'a> {
    /// `driftline-baseline/1`.
    format: &'static str,
    #[serde(flatten)]
    baseline: &'a Baseline,
}

/// The JSON Schema of a line of `history.jsonl`.
#[cfg(feature = "schema")]
pub fn run_schema() -> schemars::Schema {
    schemars::schema_for!(RunDocument<'static>)
}

/// The JSON Schema of a baseline's file.
#[cfg(feature = "schema")]
pub fn baseline_schema() -> schemars::Schema {
    schemars::schema_for!(BaselineDocument<'static>)
}

/// The run as one line of a history, line feed included.
pub fn write_run(run: &Run) -> String {
    let mut line = layout::compact(&RunDocument { format: RUN_FORMAT, run });
    line.push('\n');
    line
}

/// The baseline as a file: indented, with each measurement on one line, so that version control
/// shows which benchmarks changed, and a sample of 100 numbers does not take 100 lines.
pub fn write_baseline(baseline: &Baseline) -> String {
    let mut text = layout::outlined(&BaselineDocument { format: BASELINE_FORMAT, baseline });
    text.push('\n');
    text
}

/// Reads the run that `bytes` hold.
///
/// # Errors
/// When they hold anything else, or a run of a version that this driftline does not know.
pub fn read_run(bytes: &[u8]) -> Result<Run, WireError> {
    run_at(without_mark(bytes), 1)
}

/// Reads the baseline that `bytes` hold.
///
/// # Errors
/// When they hold anything else, or a baseline of a version that this driftline does not know.
pub fn read_baseline(bytes: &[u8]) -> Result<Baseline, WireError> {
    let bytes = without_mark(bytes);
    match BASELINE.version(bytes, 1)? {
        Version::V1 => {
            let baseline: Baseline = typed(bytes, 1, BASELINE)?;
            Ok(Baseline { run: in_order(baseline.run), ..baseline })
        }
    }
}

/// What a file of ours may hold besides a history.
#[derive(Debug, Clone, PartialEq)]
pub enum Document {
    /// A run.
    Run(Run),
    /// A baseline.
    Baseline(Baseline),
}

impl Document {
    /// The baseline's name, if it is one.
    pub fn baseline_name(&self) -> Option<&BaselineName> {
        match self {
            Self::Run(_) => None,
            Self::Baseline(baseline) => Some(&baseline.name),
        }
    }

    /// The run it is, or holds.
    pub fn into_run(self) -> Run {
        match self {
            Self::Run(run) => run,
            Self::Baseline(baseline) => baseline.run,
        }
    }
}

/// Reads the run or baseline that `bytes` hold.
///
/// # Errors
/// When they hold neither, or one of a version that this driftline does not know.
pub fn read_run_or_baseline(bytes: &[u8]) -> Result<Document, WireError> {
    let format = super::format_of(bytes);
    if format.is_some_and(|format| BASELINE.includes(&format)) {
        read_baseline(bytes).map(Document::Baseline)
    } else {
        read_run(bytes).map(Document::Run)
    }
}

/// Reads the run that begins in line `line` of its file.
pub(super) fn run_at(bytes: &[u8], line: usize) -> Result<Run, WireError> {
    match RUN.version(bytes, line)? {
        Version::V1 => typed(bytes, line, RUN).map(in_order),
    }
}

/// Reads the current shape straight from the bytes, without a tree of values in between.
fn typed<'a, T: Deserialize<'a>>(bytes: &'a [u8], line: usize, kind: Kind) -> Result<T, WireError> {
    serde_json::from_slice(bytes).map_err(|e| WireError::of_json(&e, line, kind.expected()))
}

/// What a run promises of its measurements, which a file edited by hand may not keep: sorted, each
/// once.
fn in_order(mut run: Run) -> Run {
    let sorted = run
        .measurements
        .is_sorted_by(|a, b| (a.benchmark(), a.metric()) < (b.benchmark(), b.metric()));
    if !sorted {
        let measurements = std::mem::take(&mut run.measurements);
        run.set_measurements(measurements);
    }
    run
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BenchmarkId, Measurement, RunId, Sample};

    fn run() -> Run {
        let one = |id: &str| {
            let sample = Sample::from_totals(&[100.0, 204.0], vec![1, 2]).unwrap();
            Measurement::wall_time(BenchmarkId::new(id).unwrap(), sample).unwrap()
        };
        let mut run = Run::new(RunId::new("r1").unwrap(), vec![one("a"), one("b")]);
        run.settings.arguments = vec!["--x".into(), "y".into()];
        run
    }

    #[test]
    fn a_run_is_one_line() {
        let line = write_run(&run());
        assert!(line.starts_with(r#"{"format":"driftline-run/1","id":"r1","#), "{line}");
        assert_eq!(line.find('\n'), Some(line.len() - 1));
        assert_eq!(read_run(line.as_bytes()).unwrap(), run());
    }

    #[test]
    fn a_baseline_has_a_line_for_each_measurement() {
        let baseline = Baseline {
            name: BaselineName::new("main").unwrap(),
            saved: None,
            levels: Vec::new(),
            run: run(),
        };
        let text = write_baseline(&baseline);
        assert_eq!(
            text,
            r#"{
  "format": "driftline-baseline/1",
  "name": "main",
  "run": {
    "id": "r1",
    "settings": {
      "arguments": ["--x", "y"]
    },
    "measurements": [
      {"id": "a", "metric": "wall_time", "unit": "ns", "better": "lower", "rounds": [{"summary": {"n": 2, "median": 101.0, "mean": 101.0, "std_dev": 1.4142135623730951, "minimum": 100.0, "lower_quartile": 100.5, "upper_quartile": 101.5, "maximum": 102.0, "low": 100.0, "tail": 102.0}, "sample": {"totals": [100, 204], "iterations": [1, 2]}}]},
      {"id": "b", "metric": "wall_time", "unit": "ns", "better": "lower", "rounds": [{"summary": {"n": 2, "median": 101.0, "mean": 101.0, "std_dev": 1.4142135623730951, "minimum": 100.0, "lower_quartile": 100.5, "upper_quartile": 101.5, "maximum": 102.0, "low": 100.0, "tail": 102.0}, "sample": {"totals": [100, 204], "iterations": [1, 2]}}]}
    ]
  }
}
"#
        );
        assert_eq!(read_baseline(text.as_bytes()).unwrap(), baseline);
        let document = read_run_or_baseline(text.as_bytes()).unwrap();
        assert_eq!(document.baseline_name(), Some(&baseline.name));
        assert_eq!(document.into_run(), run());
    }

    #[test]
    fn measurements_out_of_order_are_put_in_order() {
        let text = r#"{"format":"driftline-run/1","id":"r","unheard_of":[{}],"measurements":[
            {"id":"b","rounds":[{"summary":{"mean":1}}]},
            {"id":"a","rounds":[{"summary":{"mean":2}}]},
            {"id":"b","rounds":[{"summary":{"mean":3}}]}]}"#;
        let run = read_run(text.as_bytes()).unwrap();
        let ids: Vec<&str> = run.measurements.iter().map(|m| m.benchmark().as_str()).collect();
        assert_eq!(ids, ["a", "b"]);
        assert_eq!(run.skipped.len(), 1);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_place() {
        let error = |text: &str| read_run(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(
            error("{\"format\":\"driftline-run/1\",\n\"id\":\" \"}"),
            "line 2, column 9: run id \" \" is empty (expected driftline-run/1)"
        );
        assert!(error("{\"format\":\"driftline-run/1\",\"id\":\"a\"}").contains("measurements"));
        assert!(
            read_baseline(write_run(&run()).as_bytes())
                .unwrap_err()
                .to_string()
                .ends_with("the format is \"driftline-run/1\" (expected driftline-baseline/1)")
        );
    }
}
