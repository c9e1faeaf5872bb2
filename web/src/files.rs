//! One call for a whole question: files in, JSON out.

use driftline_core::change;
use driftline_core::compare::{self, Side};
use driftline_core::formats::{self, InputFile};
use driftline_core::model::{History, Run};
use driftline_core::report;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

use crate::settings::{acknowledged_of, policy_of};
use crate::thrown;

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
    let policy = policy_of(policy).map_err(thrown)?;
    let baseline = runs_of(baseline, baseline_name)?;
    let candidate = runs_of(candidate, candidate_name)?;
    let no_run = |name: &str| JsError::new(&format!("{name} holds no run"));
    let after = candidate.last().ok_or_else(|| no_run(candidate_name))?;
    let history = History::new(baseline);
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
#[wasm_bindgen(js_name = changes)]
pub fn changes_of_file(
    bytes: &[u8],
    name: &str,
    acknowledged: Option<String>,
) -> Result<String, JsError> {
    let history = History::new(runs_of(bytes, name)?);
    let acknowledged = acknowledged_of(&acknowledged.unwrap_or_default()).map_err(thrown)?;
    Ok(report::changes_json(&change::changes(&history, &acknowledged)))
}

/// Replays the rule over the runs of a file that were made like its newest, each judged by up to ten
/// before it. `policy` is as for `compare`.
///
/// # Errors
/// When the file cannot be read, or the policy makes no sense.
#[wasm_bindgen(js_name = calibrate)]
pub fn calibrate_file(bytes: &[u8], name: &str, policy: &str) -> Result<String, JsError> {
    let policy = policy_of(policy).map_err(thrown)?;
    let history = History::new(runs_of(bytes, name)?);
    let alike: Vec<&Run> = history.runs().last().map_or_else(Vec::new, |newest| {
        history.comparable_before(newest, None).into_iter().chain([newest]).collect()
    });
    let calibration = compare::calibrate(&alike, &policy, compare::DEFAULT_WINDOW);
    Ok(report::calibration_json(&calibration))
}

fn runs_of(bytes: &[u8], name: &str) -> Result<Vec<Run>, JsError> {
    Ok(formats::read(&InputFile { name, bytes }, None).map_err(thrown)?.runs)
}
