//! pyperf's JSON, checked with 1.7.1, 2.0.0 and 2.10.0.
//!
//! A run of the file is one process: a round. Its values are per iteration already, over `loops`
//! times `inner_loops` iterations. Runs without values calibrated the loops. The unit is the second
//! unless the metadata says otherwise (`byte` with `--track-memory`); metadata that all benchmarks
//! share stands at the top, with a single benchmark even its name.

use std::fmt;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::{Iterations, Machine};

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(value.get("benchmarks"), |benchmark| {
        json::any_of(benchmark.get("runs"), |run| {
            json::has(run, &["values"]) || json::has(run, &["warmups"])
        })
    })
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Pyperf);
    for document in content.documents(is_json, "the JSON that pyperf writes with `-o`")? {
        let suite = &document.value;
        let Some(Value::Array(benchmarks)) = suite.get("benchmarks") else {
            let expected = "an array of benchmarks";
            return Err(content.shape_error("benchmarks", expected, suite.get("benchmarks")));
        };
        let common = suite.get("metadata").unwrap_or(&Value::Null);
        for (position, benchmark) in benchmarks.iter().enumerate() {
            let own = benchmark.get("metadata").unwrap_or(&Value::Null);
            add(&mut collected, benchmark, [own, common], format_args!("benchmarks[{position}]"));
        }
        let text = |key: &str| text_at(common, key).map(str::to_owned);
        collected.machine = Some(Machine {
            cpu: text("cpu_model_name"),
            cores: json::count(common, "cpu_count"),
            os: text("platform"),
            ..Machine::default()
        });
        collected.toolchain = text("python_implementation").map(|implementation| {
            let version = text_at(common, "python_version").unwrap_or_default();
            let version = version.split(' ').next().unwrap_or_default();
            let name = if implementation == "cpython" { "CPython" } else { &implementation };
            format!("{name} {version}").trim_end().to_owned()
        });
    }
    Ok(collected.finish(content, Repeated::Launches))
}

fn add(
    collected: &mut Collected,
    benchmark: &Value<'_>,
    metadata: [&Value<'_>; 2],
    place: fmt::Arguments<'_>,
) {
    let known = |key: &str| metadata.iter().find_map(|object| object.get(key));
    let Some(name) = known("name").and_then(Value::as_str).filter(|name| !name.trim().is_empty())
    else {
        let found = described(known("name"));
        return collected.skip(
            &place.to_string(),
            format!("expected a name in `metadata.name`, found {found}"),
        );
    };
    let kind = match known("unit").and_then(Value::as_str).unwrap_or("second") {
        "second" => Kind::wall_time("s"),
        "byte" => Kind::lower("peak_bytes", "byte"),
        other => Kind::of_unit(other, other),
    };
    let mut processes = 0;
    for (position, run) in json::elements(benchmark, "runs").iter().enumerate() {
        if run.get("values").is_none() {
            continue;
        }
        let own = run.get("metadata").unwrap_or(&Value::Null);
        let loops =
            |key: &str| own.get(key).or_else(|| known(key)).and_then(json::whole).unwrap_or(1);
        let iterations = loops("loops").saturating_mul(loops("inner_loops"));
        match json::numbers(run, "values") {
            Ok(values) => {
                collected.add(name, kind, Values::Sample(values, Iterations::Every(iterations)));
                processes += 1;
            }
            Err(reason) => collected.skip(name, format!("{place}.runs[{position}]: {reason}")),
        }
    }
    if processes == 0 {
        collected.skip(name, format!("{place}: none of its runs has values"));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn processes_are_rounds_and_the_unit_may_be_bytes() {
        let text = br#"{"version": "1.0", "metadata": {"unit": "second", "loops": 4,
            "python_implementation": "cpython", "python_version": "3.11.7 (64-bit)"},
            "benchmarks": [
            {"metadata": {"name": "a", "inner_loops": 2}, "runs": [{"warmups": [[1, 2]]},
             {"values": [1e-6, 2e-6]}, {"metadata": {"loops": 8}, "values": [3e-6]}]},
            {"metadata": {"name": "m", "unit": "byte"}, "runs": [{"values": [7]}]},
            {"metadata": {"name": "b"}, "runs": [{"warmups": []}]},
            {"metadata": {"name": "c"}, "runs": [{"values": [NaN]}, {"values": [1]}]},
            {"runs": []}]}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        assert_eq!(reading.format, Format::Pyperf);
        let run = &reading.runs[0];
        let a = &run.measurements[0];
        let samples: Vec<_> = a.rounds().iter().filter_map(|r| r.sample()).collect();
        assert_eq!((samples.len(), samples[0].iterations_at(0)), (2, 8));
        assert_eq!((samples[1].values(), samples[1].iterations_at(0)), (&[3000.0][..], 16));
        let m = &run.measurements[2];
        assert_eq!((m.metric().as_str(), m.unit().as_str()), ("peak_bytes", "byte"));
        assert_eq!(run.toolchain.as_deref(), Some("CPython 3.11.7"));
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "b: benchmarks[2]: none of its runs has values",
                "c: benchmarks[3].runs[0]: expected a number in `values[0]`, found NaN",
                "benchmarks[4]: expected a name in `metadata.name`, found nothing",
            ]
        );
    }
}
