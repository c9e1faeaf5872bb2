use crate::model::Run;
use crate::wire;

/// The runs as a history holds them: one `driftline-run/1` a line, as the schema `run` describes it.
/// Reading them back gives the same runs.
pub fn runs_json(runs: &[Run]) -> String {
    runs.iter().map(wire::write_run).collect()
}
