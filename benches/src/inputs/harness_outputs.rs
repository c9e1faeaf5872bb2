//! Outputs of harnesses in the size that a large project gives: the real files of the core's tests, with
//! their benchmarks repeated under other names.

use std::path::Path;

use driftline_core::formats::Format;
use serde_json::{Map, Value};

/// About how many bytes an output has.
const SIZE: usize = 4_000_000;
const NOT_A_NUMBER: &str = "\"not a number\"";
const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../core/tests/data/formats");
/// Keys that name a benchmark.
const NAMES: [&str; 11] = [
    "name",
    "run_name",
    "fullname",
    "full_name",
    "FullName",
    "MethodTitle",
    "benchmark",
    "command",
    "alias",
    "groupName",
    "fullName",
];

/// How a file grows.
#[derive(Debug, Clone, Copy)]
enum Growth {
    /// What stands at this JSON pointer is repeated: an array's elements, or an object's fields.
    Json(&'static str),
    /// As JSON, behind the beginning of a script.
    Script(&'static str),
    /// The whole text; these parts of the names become others.
    Text(&'static [&'static str]),
    /// A table's rows; this part of the names becomes another.
    Rows(&'static str),
    /// What stands between these; this part of the names becomes another.
    Within(&'static str, &'static str, &'static str),
}

/// An output of a harness.
#[derive(Debug)]
pub struct HarnessOutput {
    /// What it is, for a benchmark's name.
    pub name: &'static str,
    /// The format to read it as, where its content does not show it.
    pub format: Option<Format>,
    /// The file.
    pub bytes: Vec<u8>,
}

/// Parts of the names in criterion's outputs.
const CRITERION: [&str; 5] = ["fib_8", "naïve sum", "xorshift/", "bytes/", "sleep_"];

/// Of each format's forms: what it is called, the file that grows, and how.
const FILES: [(&str, &str, Growth); 37] = [
    ("criterion/text", "criterion/a.stdout.txt", Growth::Text(&CRITERION)),
    ("criterion/bencher", "criterion/c.bencher.txt", Growth::Text(&CRITERION)),
    ("criterion/json_lines", "criterion/d.cargo-criterion.first.jsonl", Growth::Text(&CRITERION)),
    ("libtest/text", "libtest/a.txt", Growth::Text(&["tests::", "test fib_", "sort_"])),
    ("libtest/json_lines", "libtest/b.json-lines.jsonl", Growth::Text(&["tests::"])),
    ("divan/text", "divan/a.txt", Growth::Text(&["div"])),
    ("gungraun/text", "gungraun/a.text.txt", Growth::Text(&["gun::"])),
    (
        "gungraun/json_lines",
        "gungraun/c.output-format-json.first-run.jsonl",
        Growth::Text(&["gun::"]),
    ),
    ("tango/text", "tango/a.solo.txt", Growth::Text(&["fib_", "sort/", "sleep_"])),
    ("pytest-benchmark/json", "pytest-benchmark/a.json", Growth::Json("/benchmarks")),
    (
        "pytest-benchmark/json_with_data",
        "pytest-benchmark/b.full-data.json",
        Growth::Json("/benchmarks"),
    ),
    ("pyperf/json", "pyperf/b.suite.json", Growth::Json("/benchmarks")),
    ("asv/json", "asv/results/vm/269da593-virtualenv-py3.11.json", Growth::Json("/results")),
    ("go/text", "go/a.txt", Growth::Text(&["Benchmark"])),
    ("go/json_lines", "go/d.test2json.jsonl", Growth::Text(&["Benchmark"])),
    ("hyperfine/json", "hyperfine/a.json", Growth::Json("/results")),
    ("google-benchmark/json", "google-benchmark/a.json", Growth::Json("/benchmarks")),
    ("google-benchmark/console", "google-benchmark/a.console.txt", Growth::Text(&["BM_"])),
    ("catch2/xml", "catch2/a.xml", Growth::Within("<TestCase", "</Group>", "Fibonacci")),
    ("catch2/console", "catch2/a.console.txt", Growth::Text(&["Fibonacci"])),
    ("nanobench/table", "nanobench/a.synthetic.md", Growth::Text(&["naïve", "sort", "copy"])),
    ("nanobench/json", "nanobench/b.synthetic.json", Growth::Json("/results")),
    (
        "benchmarkjs/text",
        "benchmarkjs/a.txt",
        Growth::Text(&["fib(", "naïve", "#", "sleep", "throws"]),
    ),
    ("benchmarkjs/json", "benchmarkjs/a.object-dump.json", Growth::Json("")),
    ("tinybench/json", "tinybench/b.retain-samples.json", Growth::Json("")),
    ("vitest/json", "vitest/a.v3.json", Growth::Json("/files")),
    ("mitata/json", "mitata/b.samples-trimmed-to-40.json", Growth::Json("/benchmarks")),
    ("jmh/json", "jmh/a.synthetic.json", Growth::Json("")),
    ("benchmarkdotnet/json", "benchmarkdotnet/a.synthetic.json", Growth::Json("/Benchmarks")),
    ("julia/json", "julia-benchmarktools/a.synthetic.json", Growth::Json("/1/0/1/data")),
    ("phpbench/xml", "phpbench/a.synthetic.xml", Growth::Within("<benchmark", "</suite>", "Fib")),
    ("benchmark-ips/text", "benchmark-ips/a.txt", Growth::Text(&["fib ", "addition", "sleep"])),
    ("benchmark-ips/json", "benchmark-ips/a.json", Growth::Json("")),
    ("custom/json", "github-action-benchmark/a.customSmallerIsBetter.json", Growth::Json("")),
    (
        "github-action-benchmark/script",
        "github-action-benchmark/c.data.js",
        Growth::Script("/entries"),
    ),
    ("bencher-bmf/json", "bencher-bmf/a.bmf.json", Growth::Json("")),
    ("hyperfine/csv", "hyperfine/a.csv", Growth::Rows("sleep ")),
];

/// Outputs of every format that harnesses write, and tables as people keep them, each of about four
/// megabytes.
///
/// # Panics
/// When a file of the core's tests is not there, or not what it was.
pub fn harness_outputs() -> Vec<HarnessOutput> {
    let grown = FILES.into_iter().map(|(name, file, growth)| output(name, file, growth));
    grown.chain([table("otava/csv", &otava_csv()), table("csv", &plain_csv())]).collect()
}

fn table(name: &'static str, text: &str) -> HarnessOutput {
    HarnessOutput { name, format: None, bytes: text.into() }
}

/// The runs of years, with a metric in each of forty columns.
fn otava_csv() -> String {
    const UNITS: [&str; 4] = ["ns", "allocated_bytes: B", "ops/s", "ms"];
    const COLUMNS: usize = 40;
    let mut text = "time,commit,branch".to_owned();
    for (column, unit) in UNITS.iter().cycle().take(COLUMNS).enumerate() {
        text += &format!(",suite/group_{}/function_{column} [{unit}]", column % 7);
    }
    for run in 0_usize.. {
        if text.len() >= SIZE {
            break;
        }
        let (day, hour) = (1 + run / 24 % 28, run % 24);
        let (month, year) = (1 + run / 672 % 12, 2010 + run / 8064);
        text += &format!("\n{year}-{month:02}-{day:02}T{hour:02}:00:00Z,{run:040x},main");
        for column in 0..COLUMNS {
            let (whole, thousandths) = (1000 + (run * 31 + column * 17) % 977, run * column % 1000);
            text += &format!(",{whole}.{thousandths:03}");
        }
    }
    text + "\n"
}

/// One run, with samples of ten values.
fn plain_csv() -> String {
    const VALUES: usize = 10;
    let mut text = "benchmark,value,unit,better,metric\n".to_owned();
    for line in 0_usize.. {
        if text.len() >= SIZE {
            break;
        }
        let benchmark = line / VALUES;
        let (group, whole, thousandths) = (benchmark % 50, 1000 + line * 31 % 977, line % 1000);
        text += &format!(
            "suite/group_{group}/function_{benchmark},{whole}.{thousandths:03},ns,lower,wall_time\n"
        );
    }
    text
}

fn output(name: &'static str, file: &str, growth: Growth) -> HarnessOutput {
    let text = std::fs::read_to_string(Path::new(DATA).join(file)).expect(file);
    let grown = match growth {
        Growth::Json(pointer) => grown_json(&text, pointer),
        Growth::Script(pointer) => {
            let (before, json) = text.split_once('=').expect("a script");
            format!("{before}= {}", grown_json(json.trim().trim_end_matches(';'), pointer))
        }
        Growth::Text(names) => repeated(&text, names),
        Growth::Rows(name) => {
            let (header, rows) = text.split_once('\n').expect("a header");
            format!("{header}\n{}", repeated(rows, &[name]))
        }
        Growth::Within(begin, end, part) => {
            let (from, to) = (text.find(begin).expect(begin), text.find(end).expect(end));
            format!("{}{}{}", &text[..from], repeated(&text[from..to], &[part]), &text[to..])
        }
    };
    let format = (name == "custom/json").then_some(Format::CustomSmallerIsBetter);
    HarnessOutput { name, format, bytes: grown.into_bytes() }
}

fn repeated(text: &str, names: &[&str]) -> String {
    let mut grown = String::new();
    for copy in 0.. {
        if grown.len() >= SIZE {
            break;
        }
        for line in text.lines() {
            grown += &line_renamed(line, names, copy);
            grown.push('\n');
        }
    }
    grown
}

/// The line with other names, and with its columns where they were.
fn line_renamed(line: &str, names: &[&str], copy: usize) -> String {
    let renamed = names
        .iter()
        .fold(line.to_owned(), |line, name| line.replace(name, &format!("{name}{copy}")));
    let added = " ".repeat(renamed.len() - line.len());
    // What is filled up with blanks has two of them at least.
    let blanks = format!("  {added}");
    if added.is_empty() { renamed } else { renamed.replacen(&blanks, "  ", 1) }
}

fn grown_json(text: &str, pointer: &str) -> String {
    // Python's NaN is no JSON: a text for the time being.
    let quoted = [": ", "[", ", "].iter().fold(text.to_owned(), |text, before| {
        text.replace(&format!("{before}NaN"), &format!("{before}{NOT_A_NUMBER}"))
    });
    let mut document: Value = serde_json::from_str(&quoted).expect("JSON");
    let place = document.pointer_mut(pointer).expect(pointer);
    let size = place.to_string().len();
    let copies = SIZE / size.max(1) + 1;
    match place {
        Value::Array(elements) => {
            let original = elements.clone();
            *elements = (0..copies)
                .flat_map(|copy| original.iter().map(move |element| renamed(element, copy)))
                .collect();
        }
        Value::Object(fields) => {
            let original = fields.clone();
            let copied = (0..copies).flat_map(|copy| {
                original.iter().map(move |(key, value)| (format!("{key}_{copy}"), value.clone()))
            });
            *fields = copied.collect::<Map<String, Value>>();
        }
        other => unreachable!("{other}"),
    }
    // As harnesses lay it out: Python's indented, others on one line.
    let indented = text.trim_start().starts_with("{\n") || text.trim_start().starts_with("[\n");
    let grown = if indented { format!("{document:#}") } else { document.to_string() };
    grown.replace(NOT_A_NUMBER, "NaN")
}

fn renamed(value: &Value, copy: usize) -> Value {
    match value {
        Value::Object(fields) => {
            let renamed = fields.iter().map(|(key, value)| match value {
                Value::String(text) if NAMES.contains(&key.as_str()) => {
                    (key.clone(), Value::String(format!("{text}_{copy}")))
                }
                value => (key.clone(), renamed(value, copy)),
            });
            Value::Object(renamed.collect())
        }
        Value::Array(elements) => {
            Value::Array(elements.iter().map(|element| renamed(element, copy)).collect())
        }
        other => other.clone(),
    }
}
