//! mitata's JSON, checked with 0.1.6, 0.1.14, 1.0.20 and 1.0.34.
//!
//! Times are nanoseconds. `avg`, `p50` and the quartiles are mitata's own and kept beside the raw
//! values, which are there with `samples: true` alone, sorted: their order in time is lost. The name
//! is that of the run, with its arguments; benchmarks of one name are told apart by their group.
//! What a benchmark prints may stand before and behind the JSON.

use std::fmt;
use std::rc::Rc;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::{Machine, Summary};

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(value.get("benchmarks"), |b| json::has(b, &["alias", "runs"]) || is_old(b))
}

/// Before 1.0 a benchmark is its only run, and knows its group's name.
fn is_old(benchmark: &Value<'_>) -> bool {
    json::has(benchmark, &["warmup", "baseline", "async"])
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Mitata);
    for document in content.documents(is_json, "the JSON of mitata's `format: 'json'`")? {
        let Some(Value::Array(benchmarks)) = document.value.get("benchmarks") else {
            let found = document.value.get("benchmarks");
            return Err(content.shape_error("benchmarks", "an array of benchmarks", found));
        };
        let groups = json::elements(&document.value, "layout");
        for (b, benchmark) in benchmarks.iter().enumerate() {
            if is_old(benchmark) {
                let (name, group) = (text_at(benchmark, "name"), text_at(benchmark, "group"));
                add(&mut collected, name, group, benchmark, format_args!("benchmarks[{b}]"));
                continue;
            }
            let group = benchmark.get("group").and_then(Value::as_u64);
            let group = group.and_then(|at| groups.get(usize::try_from(at).ok()?));
            let group = group.and_then(|group| text_at(group, "name"));
            for (r, run) in json::elements(benchmark, "runs").iter().enumerate() {
                let name = text_at(run, "name").or_else(|| text_at(benchmark, "alias"));
                let place = format_args!("benchmarks[{b}].runs[{r}]");
                add(&mut collected, name, group, run, place);
            }
        }
        let context = document.value.get("context").unwrap_or(&Value::Null);
        let cpu = context.get("cpu").and_then(|cpu| text_at(cpu, "name"));
        let cpu = cpu.or_else(|| text_at(&document.value, "cpu")).map(str::to_owned);
        let architecture = text_at(context, "arch").map(str::to_owned);
        collected.machine = Some(Machine { cpu, architecture, ..Machine::default() });
        let version = text_at(context, "version");
        let runtime = text_at(context, "runtime").or_else(|| text_at(&document.value, "runtime"));
        collected.toolchain = runtime.map(|runtime| {
            format!("{runtime} {}", version.unwrap_or_default()).trim_end().to_owned()
        });
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn add(
    collected: &mut Collected,
    name: Option<&str>,
    group: Option<&str>,
    run: &Value<'_>,
    place: fmt::Arguments<'_>,
) {
    let Some(name) = name else {
        return collected
            .skip(&place.to_string(), format!("{place}: expected a name in `name`, found none"));
    };
    let Some(stats) = run.get("stats").filter(|stats| stats.is_object()) else {
        let message = run.get("error").and_then(|error| text_at(error, "message"));
        let message = message.unwrap_or("no `stats`, and no message");
        return collected.skip(name, format!("{place}: it failed: {message}"));
    };
    let mut full = group.map_or_else(|| name.to_owned(), |group| format!("{group}/{name}"));
    // What the name says of them is up to who wrote the benchmark.
    if let Some(arguments) = run.get("args").and_then(Value::as_object)
        && !arguments.is_empty()
    {
        full.push_str(&format!(" ({})", arguments.listed()));
    }
    let full: Rc<str> = full.into();
    let summary = Summary {
        // Of 0.1.6, which has no samples.
        n: json::count(stats, "n"),
        mean: json::figure(stats, "avg"),
        median: json::figure(stats, "p50"),
        minimum: json::figure(stats, "min"),
        lower_quartile: json::figure(stats, "p25"),
        upper_quartile: json::figure(stats, "p75"),
        maximum: json::figure(stats, "max"),
        ..Summary::default()
    };
    if summary.centre().is_none() {
        let found = json::described(stats.get("avg"));
        let reason = format!("{place}: expected a number in `stats.avg`, found {found}");
        return collected.skip(name, reason);
    }
    let values = if json::elements(stats, "samples").is_empty() {
        Values::Summary(summary)
    } else {
        match json::numbers(stats, "samples") {
            Ok(samples) => {
                collected.note("the raw values are sorted: their order in time is lost");
                Values::Both(samples, summary)
            }
            Err(reason) => return collected.skip(name, format!("{place}.stats: {reason}")),
        }
    };
    collected.add_told_apart(name, Rc::clone(&full), Kind::wall_time("ns"), values);
    let heap = stats.get("heap").and_then(|heap| json::figure(heap, "avg"));
    if let Some(bytes) = heap {
        let summary = Summary { mean: Some(bytes), ..Summary::default() };
        let kind = Kind::lower("allocated_bytes", "B");
        collected.add_told_apart(name, full, kind, Values::Summary(summary));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn arguments_tell_apart_what_has_one_name() {
        let run =
            |n: u32| format!("{{\"name\":\"r\",\"args\":{{\"n\":{n}}},\"stats\":{{\"avg\":{n}}}}}");
        let text = format!(
            "{{\"layout\":[],\"context\":{{}},\"benchmarks\":[{{\"alias\":\"r\",\"runs\":[{},{}]}}]}}",
            run(8),
            run(64)
        );
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, Some(Format::Mitata)).unwrap();
        let names = reading.runs[0].measurements.iter().map(|m| m.benchmark().as_str());
        assert_eq!(names.collect::<Vec<_>>(), ["r (n=64)", "r (n=8)"]);
    }

    #[test]
    fn json_between_printed_lines_groups_and_failures() {
        let text = "hello {x}\n{\"layout\":[{\"name\":null},{\"name\":\"g\"}],\"benchmarks\":[\
            {\"alias\":\"a\",\"group\":0,\"runs\":[{\"name\":\"a\",\"stats\":{\"avg\":2,\"p50\":1.5,\"samples\":[1,3]}}]},\
            {\"alias\":\"a\",\"group\":1,\"runs\":[{\"stats\":{\"avg\":5,\"samples\":null}}]},\
            {\"alias\":\"bad\",\"group\":0,\"runs\":[{\"error\":{\"message\":\"boom\"}},{\"stats\":{\"avg\":null}}]}]}\nbye\n";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(reading.format, Format::Mitata);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {:?} {:?}", m.benchmark(), m.summary().mean, m.values()))
            .collect();
        assert_eq!(found, ["a Some(2.0) Some([1.0, 3.0])", "g/a Some(5.0) None"]);
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "benchmarks[2].runs[0]: it failed: boom",
                "benchmarks[2].runs[1]: expected a number in `stats.avg`, found null",
            ]
        );
    }

    #[test]
    fn a_benchmark_of_the_versions_before_1_is_its_only_run() {
        let text = r#"{"benchmarks": [
            {"name": "a", "group": null, "warmup": true, "baseline": false, "async": false,
             "stats": {"samples": [1, 2, 4], "min": 1, "max": 4, "p50": 2, "p75": 4, "avg": 2.5}},
            {"name": "bad", "group": "g", "warmup": true, "baseline": true, "async": false,
             "error": {"stack": "", "message": "boom"}},
            {"name": "c", "group": null, "warmup": true, "baseline": false, "async": false,
             "stats": {"n": 530, "min": 1, "max": 4, "p75": 3, "avg": 2}}],
            "cpu": "AMD EPYC", "runtime": "node v20.20.2 (x64-linux)"}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(reading.format, Format::Mitata);
        let run = &reading.runs[0];
        assert_eq!(run.measurements[0].values(), Some(vec![1.0, 2.0, 4.0]));
        assert_eq!(run.measurements[0].summary().mean, Some(2.5));
        assert_eq!(run.measurements[1].summary().n, Some(530));
        assert_eq!(run.skipped[0].reason, "benchmarks[1]: it failed: boom");
        assert_eq!(run.toolchain.as_deref(), Some("node v20.20.2 (x64-linux)"));
        assert_eq!(run.machine.as_ref().unwrap().cpu.as_deref(), Some("AMD EPYC"));
    }
}
