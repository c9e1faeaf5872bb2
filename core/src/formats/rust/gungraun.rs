//! gungraun and iai-callgrind, its older name: text, JSON lines (`--output-format=json`) and the
//! `summary.json` files that `--save-summary` writes; checked with gungraun 0.20.0 (schema 7),
//! iai-callgrind 0.16.1 (schema 6), 0.14.0 (3), 0.10.2 (2) and 0.7.3, and the text of iai 0.1.1, whose
//! names are those of functions.
//!
//! What Callgrind counts is read as the six metrics that the text shows, under the same names from
//! text and JSON; of other tools everything is read. Counts are of a single run and the same each
//! time: there is no spread. What a run before counted (`old`) is not read. In text the name holds
//! the arguments, in JSON it does not: a history should be of one kind.

use std::borrow::Cow;
use std::fmt;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::numbers::grouped;
use super::super::{Format, FormatError, InputFile, Reading};
use crate::model::RunId;

/// Callgrind's metrics: in JSON, in text, and here; then as older versions and iai call them in text.
const CALLGRIND: [(&str, &str, &str); 11] = [
    ("Ir", "Instructions", "instructions"),
    ("L1hits", "L1 Hits", "l1_hits"),
    ("LLhits", "LL Hits", "ll_hits"),
    ("RamHits", "RAM Hits", "ram_hits"),
    ("TotalRW", "Total read+write", "read_write_refs"),
    ("EstimatedCycles", "Estimated Cycles", "estimated_cycles"),
    ("", "L1 Data Hits", "l1_hits"),
    ("", "L2 Hits", "ll_hits"),
    ("", "L1 Accesses", "l1_hits"),
    ("", "L2 Accesses", "ll_hits"),
    ("", "RAM Accesses", "ram_hits"),
];

/// The file that holds a benchmark's summary.
pub(in super::super) const SUMMARY: &str = "summary.json";

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    ["profiles", "callgrind_summary"].iter().any(|tools| json::has(value, &["module_path", tools]))
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    let of_tool = |line: &&str| row(line).is_some() || line.contains("allgrind result: ");
    let path = |line: &&str| heading(line).is_some_and(|name| name.contains("::"));
    let of_callgrind = |line: &&str| row(line).is_some_and(|(label, _)| known(label).is_some());
    let any = |is: &dyn Fn(&&str) -> bool| lines.iter().any(is);
    any(&of_tool) && any(&path) || any(&of_callgrind) && any(&|line| heading(line).is_some())
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    if content.documents.is_empty() {
        if let Some(error) = content.json_error() {
            return Err(error.clone());
        }
        return Ok(text(content));
    }
    let mut collected = Collected::new(Format::Gungraun);
    let expected = "the JSON lines of gungraun";
    for document in content.documents(is_json, expected)? {
        benchmark(&mut collected, &document.value, format_args!("line {}", document.line));
    }
    for broken in &content.broken {
        let reason = format!("not valid JSON: {}; expected {expected}", broken.problem);
        collected.skip(&format!("line {}", broken.line), reason);
    }
    Ok(collected.finish(content, Repeated::Others))
}

/// Reads the `summary.json` files among `files` as one run.
pub(in super::super) fn read_directory(files: &[InputFile<'_>]) -> Reading {
    let mut collected = Collected::new(Format::Gungraun);
    let summaries = || files.iter().filter(|file| file.name.ends_with(SUMMARY));
    for file in summaries() {
        if let Err(error) =
            json::of_file(file, |it| benchmark(&mut collected, it, format_args!("{}", file.name)))
        {
            collected.skip(file.name, error.to_string());
        }
    }
    let id = RunId::of_contents(summaries().map(|file| file.bytes));
    collected.finish_as(id, Repeated::Others)
}

fn benchmark(collected: &mut Collected, benchmark: &Value<'_>, place: fmt::Arguments<'_>) {
    let path = match json::name_at(benchmark, "module_path") {
        Ok(path) => path,
        Err(reason) => return collected.skip(&place.to_string(), reason),
    };
    let name =
        text_at(benchmark, "id").map_or_else(|| path.to_owned(), |id| format!("{path} {id}"));
    let mut found = false;
    // Before schema 6 Callgrind stood apart from other tools.
    let callgrind = benchmark.get("callgrind_summary").filter(|summary| summary.is_object());
    let others = json::elements(benchmark, "tool_summaries");
    for profile in json::elements(benchmark, "profiles").iter().chain(callgrind).chain(others) {
        let tool = text_at(profile, "tool").unwrap_or("Callgrind");
        let metrics = metrics_of(profile);
        let Some(Value::Object(metrics)) = metrics else {
            let reason = format!("{place}: no metrics of {tool}, found {}", described(metrics));
            collected.skip(&name, reason);
            continue;
        };
        for (event, value) in metrics {
            if let Some(text) = value.as_str() {
                in_words(collected, &name, event, text);
                continue;
            }
            let metric = match CALLGRIND.iter().find(|(in_json, ..)| *in_json == event) {
                Some((.., metric)) => Cow::Borrowed(*metric),
                None if tool == "Callgrind" => continue,
                None => snake_case(event).into(),
            };
            match newest(value) {
                Some(count) => {
                    let unit = unit_of(&metric);
                    collected.add(&name, Kind::lower(&metric, unit), Values::single(count));
                }
                None => collected.skip(
                    &name,
                    format!("{place}: {event}: no new value in {}", described(Some(value))),
                ),
            }
        }
        found = true;
    }
    if !found {
        let reason = format!(
            "{place}: expected the tools' results in `profiles`, found {}",
            described(benchmark.get("profiles"))
        );
        collected.skip(&name, reason);
    }
}

/// Where the metrics of a tool stand: in schema 7, 6, 3 (Callgrind), 2 (Callgrind, tools that find
/// errors, others), and 3 (other tools).
fn metrics_of<'a>(profile: &'a Value<'a>) -> Option<&'a Value<'a>> {
    let first = |path: &str| {
        let summary = profile.pointer(path)?.as_object()?;
        summary.sorted().first().map(|(_, first)| *first)
    };
    let is_there = |path: &&str| profile.pointer(path).is_some_and(Value::is_object);
    first("/summaries/total/summary")
        .or_else(|| {
            let paths = [
                "/data/total/metrics",
                "/callgrind_run/total/summary",
                "/summaries/0/events",
                "/summaries/0/error_summary",
                "/summaries/0/summary",
            ];
            profile.pointer(paths.into_iter().find(is_there)?)
        })
        .or_else(|| first("/summaries/total"))
}

/// What the last run counted: `{"values": {"new": 1}}`, or in older schemas
/// `{"metrics": {"Left": {"Int": 1}}}` of a first run and `{"Both": [new, old]}` of another, of
/// numbers alone, `{"new": 1}`, and a number.
fn newest(metric: &Value<'_>) -> Option<f64> {
    let new = match metric.get("metrics") {
        Some(metrics) => metrics.get("Left").or_else(|| metrics.get("Both")?.get(0))?,
        None => metric.get("values").unwrap_or(metric),
    };
    let of_kind = || ["new", "Int", "Float"].iter().find_map(|key| json::figure(new, key));
    new.as_f64().or_else(of_kind)
}

/// Adds what older versions say of other tools: `2855 bytes in 16 blocks`.
fn in_words(collected: &mut Collected, name: &str, label: &str, text: &str) {
    let words: Vec<&str> = text.split_whitespace().collect();
    let label = label.trim_start_matches("Error Summary");
    for pair in words.windows(2) {
        if let [count, what @ ("bytes" | "blocks" | "errors" | "contexts")] = *pair
            && let Some(count) = grouped(count)
        {
            let metric = snake_case(&[label, " ", what].concat());
            collected.add(name, Kind::lower(&metric, unit_of(&metric)), Values::single(count));
        }
    }
}

fn unit_of(metric: &str) -> &'static str {
    if metric.contains("bytes") { "B" } else { "events" }
}

/// `AtTGmaxBytes` and `At t-gmax bytes` as `at_t_gmax_bytes`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    let mut upper_before = true;
    for character in name.chars() {
        if !character.is_alphanumeric() {
            if !snake.ends_with('_') {
                snake.push('_');
            }
            upper_before = true;
            continue;
        }
        if character.is_uppercase() && !upper_before {
            snake.push('_');
        }
        upper_before = character.is_uppercase();
        snake.extend(character.to_lowercase());
    }
    snake.trim_matches('_').to_owned()
}

fn text(content: &Content<'_>) -> Reading {
    let mut collected = Collected::new(Format::Gungraun);
    let mut name = "";
    // A line without an end, of which the number may be half of one.
    let last = content.plain.lines().next_back().filter(|last| !last.contains(['|', '(']));
    let cut_off = last.filter(|_| content.is_cut_off());
    for line in content.lines() {
        if let Some(heading) = heading(line.text) {
            name = heading;
        } else if let Some((label, new)) = row(line.text) {
            let metric = known(label).map_or_else(|| snake_case(label).into(), Cow::Borrowed);
            if name.is_empty() {
                collected.skip(label, format!("line {}: no benchmark above it", line.number));
            } else if cut_off.is_some_and(|last| std::ptr::eq(last, line.text)) {
                let reason = format!("line {}: {label}: cut off behind {new:?}", line.number);
                collected.skip(name, reason);
            } else if let Some(count) = grouped(new) {
                collected.add(name, Kind::lower(&metric, unit_of(&metric)), Values::single(count));
            } else {
                collected.skip(
                    name,
                    format!(
                        "line {}: {label}: expected a number before `|`, found {new:?}",
                        line.number
                    ),
                );
            }
        } else if let Some((label, text)) = line.text.split_once(':')
            && label.starts_with("  ")
            && !name.is_empty()
        {
            in_words(&mut collected, name, label.trim(), text);
        }
    }
    collected.finish(content, Repeated::Others)
}

/// A line with a benchmark's path, such as `file::group::function id:(8)`, or of iai with a
/// function's name alone.
fn heading(line: &str) -> Option<&str> {
    let path = line.split(' ').next().unwrap_or_default();
    let named = !line.starts_with([' ', '\t', '-', '=']) && path.contains("::");
    let function = |text: &str| text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let text = line.trim_end();
    (named || !text.is_empty() && function(text)).then_some(text)
}

/// What a metric of Callgrind is called here.
fn known(label: &str) -> Option<&'static str> {
    CALLGRIND.iter().find(|(_, in_text, _)| *in_text == label).map(|(.., metric)| *metric)
}

/// A line `  Label:   1805|N/A  (*********)`, or of older versions and iai
/// `  Instructions:   1805 (No change)`: the label and what the last run counted.
fn row(line: &str) -> Option<(&str, &str)> {
    let (label, values) = line.strip_prefix("  ")?.split_once(':')?;
    let label = label.trim();
    let new = match values.split_once('|') {
        Some((new, _)) => new.trim(),
        None => known(label).and(values.split_whitespace().next())?,
    };
    (!new.is_empty() && !new.contains(' ') && label.len() < 40).then_some((label, new))
}

#[cfg(test)]
mod tests {
    use super::super::super::read as read_any;
    use super::*;

    fn described_run(reading: &Reading) -> Vec<String> {
        let measurements = reading.runs[0].measurements.iter();
        measurements
            .map(|m| {
                let value = m.summary().median.unwrap();
                format!("{} {} {value} {}", m.benchmark(), m.metric(), m.unit())
            })
            .collect()
    }

    #[test]
    fn other_tools_are_read_under_their_own_names() {
        let text = "g::a::b\n  ======= CALLGRIND ======\n  Instructions:   1,805|1172   (+54%)\n\
                    \x20 ======= DHAT ======\n  Total bytes:    1024|N/A   (***)\n\
                    \x20 At t-gmax bytes:  x|N/A   (***)\n\nGungraun result: Ok. 1 without\n";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(
            described_run(&reading),
            ["g::a::b instructions 1805 events", "g::a::b total_bytes 1024 B"]
        );
        assert_eq!(
            reading.runs[0].skipped[0].reason,
            "line 6: At t-gmax bytes: expected a number before `|`, found \"x\""
        );
        assert_eq!(snake_case("AtTGmaxBytes"), "at_tgmax_bytes");
    }

    #[test]
    fn iai_and_older_versions_have_functions_alone_and_no_bars() {
        let text = "fib_short\n  Instructions:                1793\n\
                    \x20 L1 Accesses:                 2565 (No change)\n\
                    \x20 RAM Accesses:                   2 (-1.000000%)\n\n\
                    m::g::f id:10\n  L2 Hits:                        3 (No change)\n\
                    \x20 Other:                          3 (No change)\n\
                    \x20 RAM Accesses:                   2";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(
            described_run(&reading),
            [
                "fib_short instructions 1793 events",
                "fib_short l1_hits 2565 events",
                "fib_short ram_hits 2 events",
                "m::g::f id:10 ll_hits 3 events",
            ]
        );
        let cut = "line 9: RAM Accesses: cut off behind \"2\"";
        assert_eq!(reading.runs[0].skipped[0].reason, cut);
    }

    #[test]
    fn schemas_2_and_3_and_their_other_tools() {
        let text = r#"{"module_path":"m::a","callgrind_summary":{"summaries":[{"events":{"Ir":{"new":5,"old":4}}}]},"tool_summaries":[{"tool":"DHAT","summaries":[{"error_summary":null,"summary":{"Total":"2855 bytes in 16 blocks"}}]},{"tool":"Memcheck","summaries":[{"error_summary":{"errors":1},"summary":{}}]}]}
{"module_path":"m::b","callgrind_summary":{"callgrind_run":{"total":{"summary":{"Ir":{"metrics":{"Both":[7,6]}}}}}},"tool_summaries":[{"tool":"DHAT","summaries":{"total":{"DhatSummary":{"ReadsBytes":{"metrics":{"Left":9}}}}}}]}"#;
        let text = [text, "\nGungraun result: 2855 bytes"].concat();
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(
            described_run(&reading),
            [
                "m::a errors 1 events",
                "m::a instructions 5 events",
                "m::a total_blocks 16 events",
                "m::a total_bytes 2855 B",
                "m::b instructions 7 events",
                "m::b reads_bytes 9 B",
            ]
        );
        assert_eq!(reading.runs[0].skipped, []);
        let text = "g::a::b\n  Instructions:   5|N/A   (*)\n  ======= DHAT =======\n\
                    \x20 Reads:            18943 bytes\n  Logfile:   target/dhat.log\n\
                    \x20 Error Summary:    3 errors from 2 contexts (suppressed: 0 from 0)\n";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(
            described_run(&reading),
            [
                "g::a::b contexts 2 events",
                "g::a::b errors 3 events",
                "g::a::b instructions 5 events",
                "g::a::b reads_bytes 18943 B",
            ]
        );
    }

    #[test]
    fn both_schemas_and_what_lacks_a_value() {
        let text = r#"{"module_path":"m::a","id":null,"profiles":[{"tool":"Callgrind","summaries":{"total":{"summary":{"Callgrind":{"Ir":{"metrics":{"Left":{"Int":5}}},"LLhits":{"metrics":{"Right":{"Int":5}}}}}}}}]}
{"module_path":"m::b","id":"x","profiles":[{"tool":"DHAT","data":{"total":{"metrics":{"TotalBytes":{"values":{"new":7,"old":8}}}}}}]}
{"module_path":"m::c","profiles":[]}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(
            described_run(&reading),
            ["m::a instructions 5 events", "m::b x total_bytes 7 B"]
        );
        let skipped: Vec<&str> =
            reading.runs[0].skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "line 1: LLhits: no new value in an object with 1 fields",
                "line 3: expected the tools' results in `profiles`, found an array of 0",
            ]
        );
    }
}
