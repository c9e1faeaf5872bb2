//! driftline's own files: a run, a baseline, a history of runs, or the [values] of other programs.

use super::super::content::Content;
use super::super::json::{Value, text_at};
use super::super::{Format, FormatError, Reading};
use super::values;
use crate::model::Run;
use crate::wire;

/// How the first characters of a file of ours are recognised.
const MARK: &str = "\"driftline-";
/// Within how many characters the mark stands.
const MARK_WITHIN: usize = 100;

/// Whether `text` begins as a file of ours does.
pub(in super::super) fn is_ours(text: &str) -> bool {
    let opening = opening(text);
    opening.contains("\"format\"") && opening.contains(MARK)
}

/// Whether a JSON value is of ours, wherever its `format` stands: many programs sort their keys.
pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    text_at(value, "format").is_some_and(|format| format.starts_with("driftline-"))
}

fn opening(text: &str) -> String {
    text.chars().take(MARK_WITHIN).collect()
}

/// Reads a run, a baseline or a history. Lines of a history that cannot be read become notes; a
/// file of which nothing can be read is an error.
pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let Content { file, text, .. } = content;
    let reading = |runs: Vec<Run>, notes| Reading { format: Format::Driftline, runs, notes };
    let failed = |error| FormatError::Wire { file: file.name.to_owned(), error };
    let bytes = text.as_bytes();
    let format = wire::format_of(bytes).unwrap_or_default();
    // One that is cut off says of itself what it is in its first characters only.
    if format.starts_with(values::FORMAT) || opening(text).contains(values::FORMAT) {
        return values::read(content);
    }
    if format.starts_with("driftline-baseline/") {
        let baseline = wire::read_baseline(bytes).map_err(failed)?;
        return Ok(reading(vec![baseline.run], Vec::new()));
    }
    let history = wire::read_history(bytes);
    if history.runs.is_empty()
        && let Some(damaged) = history.damaged.first()
    {
        return Err(failed(damaged.reason.clone()));
    }
    let notes = history.damaged.iter().map(|d| format!("skipped: {}", d.reason)).collect();
    Ok(reading(history.into_runs(), notes))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;
    use crate::model::{Baseline, BaselineName, RunId};

    fn run(id: &str) -> Run {
        Run::new(RunId::new(id).unwrap(), Vec::new())
    }

    fn runs(text: &str) -> Result<Vec<String>, String> {
        let file = InputFile { name: "f.json", bytes: text.as_bytes() };
        let reading = read_any(&file, None).map_err(|e| e.to_string())?;
        assert_eq!(reading.format, Format::Driftline);
        Ok(reading.runs.iter().map(|run| run.id.to_string()).collect())
    }

    #[test]
    fn what_driftline_writes_is_recognised() {
        let lines = wire::write_run(&run("a")) + &wire::write_run(&run("b"));
        assert_eq!(runs(&lines).unwrap(), ["a", "b"]);
        let name = BaselineName::new("main").unwrap();
        let baseline = wire::write_baseline(&Baseline {
            name,
            saved: None,
            levels: Vec::new(),
            run: run("c"),
        });
        assert_eq!(runs(&baseline).unwrap(), ["c"]);
    }

    #[test]
    fn keys_may_be_in_any_order() {
        let run = wire::write_run(&run("a"));
        let sorted: Value = serde_json::from_str(&run).unwrap();
        let settings = r#"{"a":"x","#.to_owned() + &" ".repeat(200) + &sorted.to_string()[1..];
        assert_eq!(runs(&settings).unwrap(), ["a"]);
        let values =
            r#"{"benchmarks":[{"name":"x","value":1}],"format":"driftline-values/1","run":"b"}"#;
        assert_eq!(runs(values).unwrap(), ["b"]);
    }

    #[test]
    fn damage_is_told() {
        let lines = wire::write_run(&run("a")) + "{\"format\":\"driftline-run/1\",\"id\":";
        let file = InputFile { name: "f.jsonl", bytes: lines.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!((reading.runs.len(), reading.notes.len()), (1, 1), "{reading:?}");
        assert!(reading.notes[0].contains("line 2"), "{reading:?}");
        let newer = runs("{\"format\":\"driftline-run/9\",\"id\":\"a\"}").unwrap_err();
        assert!(newer.contains("f.json") && newer.contains("driftline-run/9"), "{newer}");
    }
}
