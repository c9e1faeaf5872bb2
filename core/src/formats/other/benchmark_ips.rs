//! Ruby's benchmark-ips: text, and the JSON of `x.json!`; checked with 2.7.2.
//!
//! The value is iterations a second, higher is better. `±` is the standard deviation in per cent,
//! in JSON whole iterations a second. There are no raw values. Only what stands behind
//! `Calculating` is read: the lines of the warm-up look alike, and those of the comparison repeat
//! the results. Names of more than 20 characters have a line of their own.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value};
use super::super::numbers::{number, prefix_factor, quantity};
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

const UNIT: &str = "i/s";

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(Some(value), |b| json::has(b, &["name", "central_tendency", "ips"]))
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| matches!(result(line), Some((_, Some(_)))))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::BenchmarkIps);
    if content.documents.is_empty() && content.json_error().is_none() {
        text(&mut collected, content);
        return Ok(collected.finish(content, Repeated::Others));
    }
    for document in content.documents(is_json, "the array that benchmark-ips' `json!` writes")? {
        let Value::Array(benchmarks) = &document.value else {
            return Err(content.shape_error("$", "an array of benchmarks", Some(&document.value)));
        };
        for (position, benchmark) in benchmarks.iter().enumerate() {
            let place = format_args!("[{position}]");
            match json::name_at(benchmark, "name") {
                Err(reason) => collected.skip(&place.to_string(), format!("{place}: {reason}")),
                Ok(name) => match json::number(benchmark, "central_tendency") {
                    Err(reason) => collected.skip(name, format!("{place}: {reason}")),
                    Ok(rate) => {
                        let std_dev = json::figure(benchmark, "stddev");
                        let summary = Summary { mean: Some(rate), std_dev, ..Summary::default() };
                        collected.add(name, Kind::throughput(UNIT), Values::Summary(summary));
                    }
                },
            }
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn text(collected: &mut Collected, content: &Content<'_>) {
    // Without its heading the text is an excerpt: then all of it is read.
    let has_heading = content.lines().any(|line| line.text.starts_with("Calculating ---"));
    let mut reading = !has_heading;
    let mut before = "";
    for line in content.lines() {
        let text = line.text.trim_end();
        if text.starts_with("Calculating ---") {
            reading = true;
        } else if text.starts_with("Warming up ---") || text.starts_with("Comparison:") {
            reading = false;
        } else if reading && let Some((name, found)) = result(text) {
            let name = if name.is_empty() { before } else { name };
            match found {
                Some((rate, per_cent)) => {
                    let std_dev = Some(rate * per_cent / 100.0);
                    let summary = Summary { mean: Some(rate), std_dev, ..Summary::default() };
                    collected.add(name, Kind::throughput(UNIT), Values::Summary(summary));
                }
                None => collected.skip(
                    name,
                    format!("line {}: expected `… (± …%) i/s` behind the name", line.number),
                ),
            }
        }
        before = text.trim();
    }
}

/// A line `name   149.998k (± 9.7%) i/s …`: the name, and the rate and its deviation in per cent.
fn result(line: &str) -> Option<(&str, Option<(f64, f64)>)> {
    let (before, after) = line.split_once("(±")?;
    let (name, rate) = before.trim_end().rsplit_once("  ").unwrap_or(("", before.trim()));
    let read = || {
        let (rate, prefix) = quantity(rate)?;
        let (per_cent, rest) = after.split_once("%)")?;
        if !rest.trim_start().starts_with(UNIT) {
            return None;
        }
        Some((rate * prefix_factor(prefix, 1000.0)?, number(per_cent)?))
    };
    Some((name.trim(), read()))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn warm_up_and_comparison_are_not_results() {
        let text = "Warming up ---\n  a    16.265k i/100ms\nCalculating -------\n\
                    \x20  a   2.500k (± 10.0%) i/s  (400 μs/i) -  97k in 0.6s\n\
                    a name that is longer (than) 20\n              1.000M (±17.0%) i/s - 5M\n\
                    \x20  cut  7.1k (± 1\n\nComparison:\n  a:  2500.0 i/s\n";
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!(reading.format, Format::BenchmarkIps);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| {
                let s = m.summary();
                format!("{} {:?} {:?} {}", m.benchmark(), s.mean, s.std_dev, m.better())
            })
            .collect();
        assert_eq!(
            found,
            [
                "a Some(2500.0) Some(250.0) higher",
                "a name that is longer (than) 20 Some(1000000.0) Some(170000.0) higher",
            ]
        );
        assert_eq!(run.skipped[0].name, "cut");
        assert!(run.skipped[0].reason.starts_with("line 7: expected"), "{:?}", run.skipped);
    }
}
