use serde_json::Value;

use super::{
    Format, FormatError, InputFile, csv_table, driftline, json, plain_csv, pytest_benchmark,
};
use crate::model::Run;

/// What was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// The format it was read as.
    pub format: Format,
    /// The runs, in the file's order.
    pub runs: Vec<Run>,
    /// What a person should know about how it was read, without the file's name. Benchmarks that gave no measurement are
    /// not here but in each run's `skipped`.
    pub notes: Vec<String>,
}

/// Tells a file's format from its content.
///
/// # Errors
/// When the content is no text, no valid JSON, or of no known format.
pub fn detect(file: &InputFile<'_>) -> Result<Format, FormatError> {
    recognise(file.name, &file.text()?).map(|(format, _)| format)
}

/// Reads a file, of the given format or of the one its content shows. The runs depend on the bytes
/// alone.
///
/// # Errors
/// When the format cannot be told, the file's structure is not that of its format, or the format
/// is of whole directories ([`read_criterion_directory`](super::read_criterion_directory)).
pub fn read(file: &InputFile<'_>, format: Option<Format>) -> Result<Reading, FormatError> {
    let text = file.text()?;
    let (format, document) = match format {
        Some(format) => (format, None),
        None => recognise(file.name, &text)?,
    };
    match format {
        Format::PytestBenchmark => {
            let document = document.map_or_else(|| json::parse(file.name, &text), Ok)?;
            pytest_benchmark::read(file, &document)
        }
        Format::Criterion => Err(FormatError::NeedsDirectory { file: file.name.to_owned() }),
        Format::Csv => plain_csv::read(file, &text),
        Format::Driftline => driftline::read(file, &text),
    }
}

/// The format, and the JSON if that had to be read to tell.
fn recognise(file: &str, text: &str) -> Result<(Format, Option<Value>), FormatError> {
    if driftline::is_ours(text) {
        return Ok((Format::Driftline, None));
    }
    if text.trim_start().starts_with(['{', '[']) {
        let document = json::parse(file, text)?;
        return match json_format(&document) {
            Some(format) => Ok((format, Some(document))),
            None => Err(unrecognised(file, json_found(&document))),
        };
    }
    if csv_table::has_header(text) {
        return Ok((Format::Csv, None));
    }
    let first: String =
        text.trim_start().lines().next().unwrap_or_default().chars().take(80).collect();
    Err(unrecognised(file, format!("text that begins with {first:?}")))
}

fn json_format(document: &Value) -> Option<Format> {
    let has = |keys: &[&str]| keys.iter().all(|key| document.get(key).is_some());
    if has(&["benchmarks", "machine_info"]) {
        return Some(Format::PytestBenchmark);
    }
    // benchmark.json, sample.json and estimates.json.
    let criterion = [
        &["group_id", "full_id", "directory_name"],
        &["sampling_mode", "iters", "times"],
        &["mean", "median", "median_abs_dev"],
    ];
    criterion.iter().any(|keys| has(*keys)).then_some(Format::Criterion)
}

fn json_found(document: &Value) -> String {
    let Value::Object(fields) = document else {
        return format!("JSON ({})", json::described(Some(document)));
    };
    if fields.is_empty() {
        return "an empty JSON object".to_owned();
    }
    let keys: Vec<String> = fields
        .keys()
        .take(8)
        .map(|key| format!("`{}`", key.chars().take(40).collect::<String>()))
        .collect();
    let more = if fields.len() > keys.len() { ", …" } else { "" };
    format!("a JSON object with {}{more}", keys.join(", "))
}

fn unrecognised(file: &str, found: String) -> FormatError {
    FormatError::Unrecognised { file: file.to_owned(), found, candidates: Format::ALL.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn detected(text: &str) -> Result<Format, String> {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        detect(&file).map_err(|error| error.to_string())
    }

    #[test]
    fn formats_are_told_from_the_content() {
        for (text, format) in [
            (" {\"benchmarks\":[],\"machine_info\":{\"a\":NaN}}", Format::PytestBenchmark),
            (r#"{"group_id":"","full_id":"","directory_name":""}"#, Format::Criterion),
            (r#"{"sampling_mode":"Flat","iters":[],"times":[]}"#, Format::Criterion),
            ("value,benchmark\n", Format::Csv),
            ("\"benchmark\";\"value\"\n", Format::Csv),
        ] {
            assert_eq!(detected(text), Ok(format), "{text}");
        }
    }

    #[test]
    fn doubt_names_the_candidates() {
        let candidates = "expected one of: pytest-benchmark (a JSON object with `benchmarks` and \
                          `machine_info`), criterion (a directory with files \
                          `*/new/benchmark.json`), csv (a first line that names the columns \
                          `benchmark` and `value`), driftline (JSON that begins with `\"format\":\"driftline-…`)";
        for (text, found) in [
            ("[1]", "JSON (an array of 1)"),
            ("{}", "an empty JSON object"),
            (r#"{"benchmarks":[],"context":1}"#, "a JSON object with `benchmarks`, `context`"),
            ("a,1\nb,2", "text that begins with \"a,1\""),
        ] {
            assert_eq!(
                detected(text).unwrap_err(),
                format!("f is of no known format: it is {found}; {candidates}")
            );
        }
    }

    #[test]
    fn one_file_of_a_directory_is_not_enough() {
        let bytes = br#"{"sampling_mode":"Flat","iters":[1],"times":[1]}"#;
        let error = read(&InputFile { name: "sample.json", bytes }, None).unwrap_err();
        assert!(error.to_string().contains("give that (usually target/criterion)"), "{error}");
    }
}
