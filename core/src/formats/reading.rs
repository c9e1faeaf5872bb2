use super::content::Content;
use super::json::{self, Repair};
use super::own::{csv_table, driftline};
use super::plain_text::plain;
use super::table::{Entry, TABLE};
use super::{Format, FormatError, InputFile};
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

/// Within how many lines a format must show: what builds a project may print many before.
const LINES_LOOKED_AT: usize = 10_000;
/// Within how many JSON values.
const DOCUMENTS_LOOKED_AT: usize = 100;

/// Tells a file's format from its content.
///
/// # Errors
/// When the content is no text, no valid JSON, of no known format, or of several.
pub fn detect(file: &InputFile<'_>) -> Result<Format, FormatError> {
    let text = file.text()?;
    if let Some(own) = own_format(&text) {
        return Ok(own);
    }
    recognise(&Content::new(*file, &text, &plain(&text), &Repair::default()))
}

/// Reads a file, of the given format or of the one its content shows. The runs depend on the bytes
/// alone; tango's dumps are named after their file.
///
/// # Errors
/// When the format cannot be told, the file's structure is not that of its format, or the format
/// is of whole directories ([`read_directory`](super::read_directory)).
pub fn read(file: &InputFile<'_>, format: Option<Format>) -> Result<Reading, FormatError> {
    let text = file.text()?;
    if let Some(own @ (Format::Csv | Format::Driftline)) = format.or_else(|| own_format(&text)) {
        return (own.entry().read)(&Content::of_text(*file, &text));
    }
    let plain = plain(&text);
    let repair = Repair::default();
    let content = Content::new(*file, &text, &plain, &repair);
    let format = match format {
        Some(format) => format,
        None => recognise(&content)?,
    };
    (format.entry().read)(&content)
}

/// Our own formats are told before anything is parsed: histories are large.
fn own_format(text: &str) -> Option<Format> {
    if driftline::is_ours(text) {
        return Some(Format::Driftline);
    }
    // Not where it is plain JSON, which may be one long line.
    (!json::begins(text) && csv_table::has_header(text)).then_some(Format::Csv)
}

/// Outputs of known harnesses that are made for people, or hold no benchmarks: what they show
/// themselves by, what they are, and what to give instead.
const OTHER_OUTPUTS: [(&str, &str); 17] = [
    ("Time (mean ± σ):", "what hyperfine prints: give the file of --export-json"),
    ("Name (time in ", "what pytest-benchmark prints: give the file of --benchmark-json"),
    ("Mean +- std dev: ", "what pyperf prints: give the file of -o"),
    ("] ··· ", "what asv prints: give its directory of results"),
    ("Ratio   | Benchmark (Parameter)", "what asv compare prints: give asv's directory of results"),
    ("avg (min … max)", "what mitata prints: give its JSON"),
    ("time (avg) ", "what mitata prints: give its JSON"),
    ("p995 ", "what vitest prints: give the file of --outputJson"),
    ("Latency avg (ns)", "the table of tinybench: give the tasks as JSON"),
    ("Mode  Cnt", "what JMH prints: give the file of -rf json"),
    ("\"Benchmark\",\"Mode\",\"Threads\"", "JMH's CSV: give the file of -rf json"),
    ("| Mean [", "hyperfine's table: give the file of --export-json"),
    ("|              avg |", "mitata's table: give its JSON"),
    (",iqr,outliers,ops,", "the CSV of pytest-benchmark: give the file of --benchmark-json"),
    ("| Method ", "a table of BenchmarkDotNet: give the file of --exporters json"),
    (
        "\"catch2-version\"",
        "the JSON of Catch2, which holds no benchmarks: give the file of -r xml",
    ),
    ("<testsuites", "a JUnit report, which holds no benchmarks: of Catch2 give the file of -r xml"),
];

fn other_output(content: &Content<'_>) -> Option<String> {
    let mut lines = content.lines().take(LINES_LOOKED_AT);
    let known = |text: &str| OTHER_OUTPUTS.iter().find(|(mark, _)| text.contains(mark));
    lines.find_map(|line| known(line.text)).map(|(_, what)| (*what).to_owned())
}

fn recognise(content: &Content<'_>) -> Result<Format, FormatError> {
    let values = || content.documents.iter().take(DOCUMENTS_LOOKED_AT).map(|d| &d.value);
    let mut candidates: Vec<Format> = TABLE
        .iter()
        .filter(|entry| values().any(|value| (entry.is_json)(value)))
        .map(|entry| entry.format)
        .collect();
    if candidates.is_empty() {
        let head: Vec<&str> = content.lines().take(LINES_LOOKED_AT).map(|line| line.text).collect();
        let length: usize = head.iter().map(|line| line.len() + 1).sum();
        let text = content.plain.get(..length).unwrap_or(content.plain);
        let is_of = |entry: &&Entry| {
            let marked = entry.marks.is_empty() || entry.marks.iter().any(|m| text.contains(m));
            marked && (entry.is_text)(&head)
        };
        candidates = TABLE.iter().filter(is_of).map(|entry| entry.format).collect();
    }
    let file = || content.file.name.to_owned();
    match candidates.as_slice() {
        [format] => Ok(*format),
        [] => Err(content.json_error().cloned().unwrap_or_else(|| FormatError::Unrecognised {
            file: file(),
            found: other_output(content).unwrap_or_else(|| content.beginning()),
            candidates: Format::ALL.to_vec(),
        })),
        _ => Err(FormatError::Ambiguous { file: file(), candidates }),
    }
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
    fn marks_are_short() {
        for entry in &TABLE {
            assert!(entry.marks.iter().all(|mark| (2..=8).contains(&mark.len())), "{entry:?}");
        }
    }

    #[test]
    fn what_is_of_no_format_says_what_it_is() {
        for (text, found) in [
            ("[1]", "text that begins with \"[1]\""),
            ("[[]]", "JSON (an array of 1)"),
            ("{}", "an empty JSON object"),
            (r#"{"benchmarks":[],"other":1}"#, "a JSON object with `benchmarks`, `other`"),
            ("a,1\nb,2", "text that begins with \"a,1\""),
        ] {
            let error = detected(text).unwrap_err();
            let begin =
                format!("f is of no known format: it is {found}; expected one of: criterion, ");
            assert!(error.starts_with(&begin), "{error}");
        }
    }

    #[test]
    fn what_is_printed_for_people_says_what_to_give_instead() {
        for (text, instead) in [
            (
                "clk: ~2 GHz\nbenchmark   avg (min … max) p75 / p99",
                "what mitata prints: give its JSON",
            ),
            (
                "benchmark      time (avg)             (min … max)       p75",
                "what mitata prints: give its JSON",
            ),
            (
                "[62.50%] ··· b.time_plain   2.66±0.5μs",
                "what asv prints: give its directory of results",
            ),
            (
                "| Command | Mean [ms] | Min [ms] |\n|:---|---:|---:|",
                "hyperfine's table: give the file of --export-json",
            ),
            (
                "\"Benchmark\",\"Mode\",\"Threads\",\"Samples\",\"Score\"",
                "JMH's CSV: give the file of -rf json",
            ),
            (
                "| benchmark             |              avg |         min |",
                "mitata's table: give its JSON",
            ),
            (
                "{\"version\": 1, \"metadata\": {\n  \"catch2-version\": \"3.5.0\"}, \"test-run\": {}}",
                "the JSON of Catch2, which holds no benchmarks: give the file of -r xml",
            ),
            ("  Time (mean ± σ):  1 ms", "what hyperfine prints: give the file of --export-json"),
        ] {
            let error = detected(text).unwrap_err();
            assert!(error.contains(&format!("it is {instead}; expected one of: ")), "{error}");
        }
    }

    #[test]
    fn doubt_names_the_candidates_instead_of_guessing() {
        let error = detected(r#"[{"name":"a","unit":"ms","value":1}]"#).unwrap_err();
        assert!(
            error.starts_with(
                "f may be of several formats: say which: custom-smaller-is-better (a JSON array"
            ) && error.contains(", custom-bigger-is-better ("),
            "{error}"
        );
    }

    #[test]
    fn one_file_of_a_directory_is_not_enough() {
        let bytes = br#"{"sampling_mode":"Flat","iters":[1],"times":[1]}"#;
        let error = read(&InputFile { name: "sample.json", bytes }, None).unwrap_err();
        assert!(error.to_string().contains("give that (usually target/criterion)"), "{error}");
    }
}
