//! benchmark.js: a line for each benchmark (`String(event.target)`), or the suite as JSON with
//! `name`, `hz` and `stats`; checked with 1.0.0 and 2.1.4.
//!
//! The value is the rate in operations a second, 1 over the mean time. `±` is the margin of error of
//! that mean (95 %) in per cent: no standard deviation, and not kept. The JSON also has the times in
//! seconds, which are the wall time beside the rate.

use std::borrow::Cow;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::numbers::{count, grouped, trimmed};
use super::super::search::{rsplit_once, split_once};
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

const UNIT: &str = "ops/sec";

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(Some(value), |b| json::has(b, &["name", "hz", "stats"]))
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| matches!(result(line), Some(Ok(_))))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::BenchmarkJs);
    if content.documents.is_empty() && content.json_error().is_none() {
        text(&mut collected, content);
        return Ok(collected.finish(content, Repeated::Others));
    }
    for document in content.documents(is_json, "an array of benchmark.js' benchmarks")? {
        let Value::Array(benchmarks) = &document.value else {
            return Err(content.shape_error("$", "an array of benchmarks", Some(&document.value)));
        };
        for (position, benchmark) in benchmarks.iter().enumerate() {
            from_json(&mut collected, benchmark, position);
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn from_json(collected: &mut Collected, benchmark: &Value<'_>, position: usize) {
    let place = format_args!("[{position}]");
    // As benchmark.js shows those that have none.
    let name = text_at(benchmark, "name").map(Cow::Borrowed);
    let name = name.unwrap_or_else(|| format!("<Test #{}>", position + 1).into());
    let name = &*name;
    if let Some(error) = benchmark.get("error").filter(|error| !error.is_null()) {
        let message = match (error.as_str().or_else(|| text_at(error, "message")), error) {
            (Some(message), _) => message.to_owned(),
            // `JSON.stringify` leaves nothing of an `Error`.
            (None, Value::Object(fields)) if fields.is_empty() => {
                return collected.skip(name, format!("{place}: it threw"));
            }
            (None, error) => described(Some(error)),
        };
        return collected.skip(name, format!("{place}: it failed: {message}"));
    }
    let rate = match json::number(benchmark, "hz") {
        Ok(rate) if rate > 0.0 => rate,
        Ok(rate) => {
            return collected.skip(name, format!("{place}: a rate of {rate}: it did not run"));
        }
        Err(reason) => return collected.skip(name, format!("{place}: {reason}")),
    };
    let stats = benchmark.get("stats").unwrap_or(&Value::Null);
    let summary = Summary { mean: Some(rate), ..Summary::default() };
    collected.add(name, Kind::throughput(UNIT), Values::Summary(summary));
    let times = match json::numbers(stats, "sample") {
        Ok(times) if !times.is_empty() => Values::sample(times),
        Err(reason) if stats.get("sample").is_some() => {
            return collected.skip(name, format!("{place}.stats: {reason}"));
        }
        _ => Values::Summary(Summary {
            mean: json::figure(stats, "mean"),
            std_dev: json::figure(stats, "deviation"),
            ..Summary::default()
        }),
    };
    collected.add(name, Kind::wall_time("s"), times);
}

fn text(collected: &mut Collected, content: &Content<'_>) {
    let mut results_begun = false;
    for line in content.lines() {
        match result(line.text) {
            Some(Ok((name, rate, n))) => {
                results_begun = true;
                let summary = Summary { n: Some(n), mean: Some(rate), ..Summary::default() };
                collected.add(name, Kind::throughput(UNIT), Values::Summary(summary));
            }
            Some(Err(name)) => collected.skip(
                name,
                format!(
                    "line {}: expected `… ops/sec ±…% (… runs sampled)` behind the last ` x `",
                    line.number
                ),
            ),
            // "name: " and its error, or nothing: a benchmark that threw.
            None => {
                if let Some((name, error)) = rsplit_once(line.text, b": ")
                    && results_begun
                    && !name.is_empty()
                    && !name.starts_with("Fastest is")
                {
                    // "name: TypeError: why".
                    let kind = rsplit_once(name, b": ").filter(|(_, kind)| kind.ends_with("Error"));
                    let name = kind.map_or(name, |(name, _)| name);
                    let error = line.text.get(name.len() + ": ".len()..).unwrap_or(error).trim();
                    let error = if error.is_empty() { "it threw" } else { error };
                    collected.skip(name, format!("line {}: {error}", line.number));
                }
            }
        }
    }
}

/// A line `name x 2,316,757 ops/sec ±14.01% (9 runs sampled)`; the name may hold ` x ` as well.
fn result(line: &str) -> Option<Result<(&str, f64, u64), &str>> {
    let (name, rest) = rsplit_once(line, b" x ")?;
    let name = trimmed(name);
    let Some((rate, rest)) = split_once(rest, b" ops/sec") else {
        // Cut off within its number, or no result at all.
        return (rest.contains(" ops") && !name.is_empty()).then_some(Err(name));
    };
    let read = || {
        let rate = grouped(rate)?;
        let (_, runs) = rsplit_once(rest, b"(")?;
        let (n, _) = split_once(runs, b" run")?;
        runs.trim_end().ends_with("sampled)").then_some((name, rate, count(n)?))
    };
    Some(read().ok_or(name))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(reading.format, Format::BenchmarkJs);
        reading
    }

    #[test]
    fn lines_that_threw_or_are_cut_off() {
        let reading = reading(
            "a x 2 x 47.60 ops/sec +-3.61% (1 run sampled)\nbad: boom\nworse: TypeError: no\n\
             Fastest is a: b\nwrong x NaN ops/sec ±1% (2 runs sampled)\ncut x 1,234 ops/sec ±0.",
        );
        let run = &reading.runs[0];
        let summary = run.measurements[0].summary();
        assert_eq!(run.measurements[0].benchmark().as_str(), "a x 2");
        assert_eq!((summary.mean, summary.n), (Some(47.6), Some(1)));
        let names: Vec<&str> = run.skipped.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["bad", "worse", "wrong", "cut"]);
        assert_eq!(run.skipped[0].reason, "line 2: boom");
        assert_eq!(run.skipped[1].reason, "line 3: TypeError: no");
    }

    #[test]
    fn json_with_and_without_a_sample() {
        let reading = reading(
            r#"[{"name": "a", "hz": 4, "stats": {"sample": [0.25, 0.5]}},
                {"name": "b", "hz": 2, "stats": {"mean": 0.5, "deviation": 0.1}},
                {"name": "c", "hz": 0, "stats": {}}, {"name": "d", "hz": 1, "stats": {}, "error": {"message": "x"}},
                {"name": "e", "stats": {}, "error": {}}]"#,
        );
        let run = &reading.runs[0];
        assert_eq!(run.measurements[1].values(), Some(vec![0.25e9, 0.5e9]));
        assert_eq!(run.measurements[3].summary().std_dev, Some(0.1e9));
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            ["[2]: a rate of 0: it did not run", "[3]: it failed: x", "[4]: it threw"]
        );
    }
}
