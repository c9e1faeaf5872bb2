//! The JSON of Julia's `BenchmarkTools`, after the layout of 1.5.
//!
//! Groups are nested; the name is the path of keys. Times are nanoseconds for one evaluation. A
//! `Trial` has its raw times, of which Julia shows the minimum. A `TrialEstimate` is one number that
//! does not say whether it is the minimum, the median or the mean: it is taken as the median, and
//! said. Memory and allocations are metrics of their own.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described};
use super::super::{Format, FormatError, Reading};
use crate::model::Iterations;

/// Groups within groups beyond this are not followed; `serde_json` allows about as many.
const DEEPEST: usize = 64;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    value.get(0).is_some_and(|versions| json::has(versions, &["Julia", "BenchmarkTools"]))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::BenchmarkTools);
    for document in content.documents(is_json, "the JSON of BenchmarkTools.save")? {
        let Some(Value::Array(saved)) = document.value.get(1) else {
            let expected = "an array of what was saved";
            return Err(content.shape_error("[1]", expected, document.value.get(1)));
        };
        for (position, value) in saved.iter().enumerate() {
            let name = if saved.len() > 1 { position.to_string() } else { String::new() };
            walk(&mut collected, value, &name, 0);
        }
        let julia = document.value.pointer("/0/Julia").and_then(Value::as_str);
        collected.toolchain = julia.map(|version| format!("Julia {version}"));
    }
    Ok(collected.finish(content, Repeated::Others))
}

/// A pair of a type's name and its fields.
fn walk(collected: &mut Collected, value: &Value<'_>, name: &str, depth: usize) {
    let fields = value.get(1).unwrap_or(&Value::Null);
    let shown = if name.is_empty() { "(root)" } else { name };
    match value.get(0).and_then(Value::as_str) {
        Some("BenchmarkGroup") if depth < DEEPEST => {
            let Some(Value::Object(data)) = fields.get("data") else {
                let found = described(fields.get("data"));
                return collected
                    .skip(shown, format!("expected an object in `data`, found {found}"));
            };
            for (key, value) in data {
                // Keys that were texts in Julia may be written with their quotation marks.
                let key = key.strip_prefix('"').and_then(|k| k.strip_suffix('"')).unwrap_or(key);
                let path = if name.is_empty() { key.to_owned() } else { format!("{name}/{key}") };
                walk(collected, value, &path, depth + 1);
            }
        }
        Some("TrialEstimate") => match json::number(fields, "time") {
            Ok(time) => {
                collected.note(
                    "a TrialEstimate does not say whether it is the minimum, the median or the \
                     mean: it is taken as the median",
                );
                collected.add(shown, Kind::wall_time("ns"), Values::single(time));
                memory(collected, shown, fields);
            }
            Err(reason) => collected.skip(shown, reason),
        },
        Some("Trial") => match json::numbers(fields, "times") {
            Ok(times) => {
                let evaluations = fields.pointer("/params/1/evals").and_then(json::whole);
                let iterations = Iterations::Every(evaluations.unwrap_or(1));
                collected.add(shown, Kind::wall_time("ns"), Values::Sample(times, iterations));
                memory(collected, shown, fields);
            }
            Err(reason) => collected.skip(shown, reason),
        },
        _ => collected.skip(
            shown,
            format!(
                "expected a BenchmarkGroup, a Trial or a TrialEstimate, found {}",
                described(value.get(0))
            ),
        ),
    }
}

fn memory(collected: &mut Collected, name: &str, fields: &Value<'_>) {
    for (key, metric, unit) in
        [("memory", "allocated_bytes", "B"), ("allocs", "allocations", "allocations")]
    {
        if let Some(value) = json::figure(fields, key) {
            collected.add(name, Kind::lower(metric, unit), Values::single(value));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn groups_quoted_keys_and_what_is_no_trial() {
        let text = r#"[{"Julia": "1.10.4", "BenchmarkTools": "1.0.0"}, [["BenchmarkGroup", {"data": {
            "\"a\"": ["Trial", {"times": [2.0, 1.0], "memory": 3, "params": ["Parameters", {"evals": 7}]}],
            "b": ["BenchmarkGroup", {"data": {"(1, 2)": ["TrialEstimate", {"time": 5}],
                                              "x": ["TrialEstimate", {"time": null}], "y": 7}}]}}]]]"#;
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!(reading.format, Format::BenchmarkTools);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {:?}", m.benchmark(), m.metric(), m.summary().median))
            .collect();
        assert_eq!(
            found,
            [
                "a allocated_bytes Some(3.0)",
                "a wall_time Some(1.5)",
                "b/(1, 2) wall_time Some(5.0)"
            ]
        );
        let sample = run.measurements[1].rounds()[0].sample().unwrap();
        assert_eq!(sample.iterations_at(0), 7);
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "b/x: expected a number in `time`, found null",
                "b/y: expected a BenchmarkGroup, a Trial or a TrialEstimate, found nothing",
            ]
        );
    }
}
