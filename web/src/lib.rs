//! The core for a browser or node: bytes in, text and typed arrays out, few calls.
//!
//! ```text
//! new Runs(bytes, name) → .length, .summary(), .values(run, measurement)
//! compare(baseline, baselineName, candidate, candidateName, policy) → the JSON that
//!     `driftline compare --format json` prints, byte for byte; the baseline's file may hold
//!     several runs of a history
//! calibrate(bytes, name, policy) → the JSON that `driftline calibrate --format json` prints
//! changes(bytes, name, acknowledged?) → the JSON that `driftline changes --format json` prints, byte
//!     for byte
//! ```
//!
//! Everything that fails throws an `Error` whose message names the file, the place and what was
//! expected.

use driftline_core::change::{self, Acknowledgement};
use driftline_core::compare::{self, Policy, Side};
use driftline_core::formats::{self, InputFile};
use driftline_core::model::{History, Run};
use driftline_core::report;
use js_sys::Float64Array;
use serde::Serialize;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// The version of the core that this module holds.
#[wasm_bindgen]
pub fn version() -> String {
    driftline_core::VERSION.to_owned()
}

/// The runs of a file.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Runs {
    list: Vec<Run>,
    format: String,
    notes: Vec<String>,
}

/// What [`Runs::summary`] says of each run: its provenance and how many measurements it has.
#[derive(Serialize)]
struct RunSummary<'a> {
    id: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    commit: Option<&'a driftline_core::model::Commit>,
    machine: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    toolchain: Option<&'a str>,
    measurements: Vec<MeasurementSummary<'a>>,
    skipped: &'a [driftline_core::model::Skipped],
}

#[derive(Serialize)]
struct MeasurementSummary<'a> {
    id: &'a str,
    metric: &'a str,
    unit: &'a str,
    better: driftline_core::model::Direction,
    rounds: usize,
    summary: driftline_core::model::Summary,
}

#[derive(Serialize)]
struct FileSummary<'a> {
    format: &'a str,
    notes: &'a [String],
    runs: Vec<RunSummary<'a>>,
}

#[wasm_bindgen]
impl Runs {
    /// Reads a file of any format that the core knows; `name` is for messages.
    ///
    /// # Errors
    /// When the file is of no known format, or damaged as a whole.
    #[wasm_bindgen(constructor)]
    pub fn new(bytes: &[u8], name: &str) -> Result<Self, JsError> {
        let reading = formats::read(&InputFile { name, bytes }, None).map_err(thrown)?;
        Ok(Self { list: reading.runs, format: reading.format.to_string(), notes: reading.notes })
    }

    /// How many runs there are.
    #[wasm_bindgen(getter)]
    pub fn length(&self) -> usize {
        self.list.len()
    }

    /// The file's format, notes and runs as JSON: provenance and summaries, no samples.
    ///
    /// # Errors
    /// None that data can cause.
    pub fn summary(&self) -> Result<String, JsError> {
        let runs = self.list.iter().map(|run| RunSummary {
            id: run.id.as_str(),
            time: run.time.map(|time| time.to_string()),
            commit: run.commit.as_ref(),
            machine: run.machine_fingerprint(),
            toolchain: run.toolchain.as_deref(),
            measurements: run.measurements.iter().map(summarised).collect(),
            skipped: &run.skipped,
        });
        let file = FileSummary { format: &self.format, notes: &self.notes, runs: runs.collect() };
        serde_json::to_string(&file).map_err(thrown)
    }

    /// The raw values of one measurement in one run, by their positions in the summary; undefined
    /// where there is no such measurement or its samples are not kept.
    pub fn values(&self, run: usize, measurement: usize) -> Option<Float64Array> {
        let values = self.list.get(run)?.measurements.get(measurement)?.values()?;
        Some(Float64Array::from(values.as_slice()))
    }
}

fn summarised(measurement: &driftline_core::model::Measurement) -> MeasurementSummary<'_> {
    MeasurementSummary {
        id: measurement.benchmark().as_str(),
        metric: measurement.metric().as_str(),
        unit: measurement.unit().as_str(),
        better: measurement.better(),
        rounds: measurement.rounds().len(),
        summary: measurement.summary(),
    }
}

/// Sets the newest run of one file against the runs of another: all of them, in commit order, so
/// that a history shows how much unchanged code moves. A run of the baseline that is the candidate
/// itself does not count, unless it is the only one. `policy` is JSON with any of `threshold`,
/// `confidence`, `fdr`, `common_mode` and `benchmark` as in driftline.toml, or empty for the
/// defaults.
///
/// # Errors
/// When a file cannot be read or holds no run, or the policy makes no sense.
#[wasm_bindgen(js_name = compare)]
pub fn compare_files(
    baseline: &[u8],
    baseline_name: &str,
    candidate: &[u8],
    candidate_name: &str,
    policy: &str,
) -> Result<String, JsError> {
    let policy = policy_of(policy)?;
    let (baseline, candidate) =
        (Runs::new(baseline, baseline_name)?, Runs::new(candidate, candidate_name)?);
    let no_run = |name: &str| JsError::new(&format!("{name} holds no run"));
    let after = candidate.list.last().ok_or_else(|| no_run(candidate_name))?;
    let history = History::new(baseline.list);
    let others = history.runs().iter().filter(|run| run.id != after.id);
    let mut before: Vec<&Run> = others.collect();
    if before.is_empty() {
        before = history.runs().iter().collect();
    }
    if before.is_empty() {
        return Err(no_run(baseline_name));
    }
    let before = Side { name: baseline_name.to_owned(), runs: before };
    let comparison = compare::compare(&before, &Side::of_run(candidate_name, after), &policy);
    Ok(report::comparison_json(&comparison))
}

/// The change points of the runs of a file. `acknowledged` is a JSON array of what the
/// `[[acknowledged]]` of driftline.toml hold; none where it is left out or empty.
///
/// # Errors
/// When the file or the acknowledgements cannot be read.
#[wasm_bindgen]
pub fn changes(bytes: &[u8], name: &str, acknowledged: Option<String>) -> Result<String, JsError> {
    let runs = Runs::new(bytes, name)?;
    let acknowledged = acknowledged.unwrap_or_default();
    let acknowledged: Vec<Acknowledgement> = match acknowledged.trim() {
        "" => Vec::new(),
        text => serde_json::from_str(text)
            .map_err(|e| JsError::new(&format!("read the acknowledgements: {e}")))?,
    };
    Ok(report::changes_json(&change::changes(&History::new(runs.list), &acknowledged)))
}

/// Replays the rule over the runs of a file that were made like its newest, each judged by up to ten
/// before it. `policy` is as for `compare`.
///
/// # Errors
/// When the file cannot be read, or the policy makes no sense.
#[wasm_bindgen(js_name = calibrate)]
pub fn calibrate_file(bytes: &[u8], name: &str, policy: &str) -> Result<String, JsError> {
    let policy = policy_of(policy)?;
    let history = History::new(Runs::new(bytes, name)?.list);
    let alike: Vec<&Run> = history.runs().last().map_or_else(Vec::new, |newest| {
        history.comparable_before(newest, None).into_iter().chain([newest]).collect()
    });
    let calibration = compare::calibrate(&alike, &policy, compare::DEFAULT_WINDOW);
    Ok(report::calibration_json(&calibration))
}

fn policy_of(text: &str) -> Result<Policy, JsError> {
    match text.trim() {
        "" => Ok(Policy::default()),
        text => {
            serde_json::from_str(text).map_err(|e| JsError::new(&format!("read the policy: {e}")))
        }
    }
}

fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
