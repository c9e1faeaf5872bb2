//! `PHPBench`'s XML (`--dump-file`), after the layout of 1.2.
//!
//! Times are microseconds whatever the output's unit is. An iteration's `time-avg` is the time of
//! one revolution; older files have the total alone. The name is class, subject and parameter set.
//! `stdev` divides by n, not n − 1, and is not read; the values say more. The peak of the memory is a
//! metric of its own. A variant with `errors` failed.

use roxmltree::Node;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::numbers::count;
use super::super::xml;
use super::super::{Format, FormatError, Reading};
use crate::model::{Iterations, Summary, read_time};

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.contains("<phpbench ") || line.contains("<phpbench>"))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::PhpBench);
    let document = xml::parse(content, content.plain.trim_start())?;
    let mut lines = xml::Lines::default();
    for suite in xml::children(document.root_element(), "suite") {
        collected.time = suite.attribute("date").and_then(read_time);
        for benchmark in xml::children(suite, "benchmark") {
            let class = benchmark.attribute("class").unwrap_or_default();
            for subject in xml::children(benchmark, "subject") {
                let name = format!("{class}::{}", subject.attribute("name").unwrap_or_default());
                for variant in xml::children(subject, "variant") {
                    add(&mut collected, &name, variant, &mut lines);
                }
            }
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn add(collected: &mut Collected, subject: &str, variant: Node<'_, '_>, lines: &mut xml::Lines) {
    let parameters = xml::children(variant, "parameter-set").next();
    let parameters = parameters.and_then(|node| node.attribute("name")).unwrap_or_default();
    let name = if parameters.is_empty() {
        subject.to_owned()
    } else {
        format!("{subject} # {parameters}")
    };
    let line = lines.of(variant);
    if let Some(errors) = xml::children(variant, "errors").next() {
        let message = xml::children(errors, "error").next().and_then(|error| error.text());
        let message = message.unwrap_or("no message").trim();
        return collected.skip(&name, format!("line {line}: it failed: {message}"));
    }
    let (mut values, mut each, mut peaks) = (Vec::new(), Vec::new(), Vec::new());
    for iteration in xml::children(variant, "iteration") {
        let revolutions = iteration
            .attribute("time-revs")
            .or_else(|| variant.attribute("revs"))
            .and_then(count)
            .unwrap_or(1);
        let value = if iteration.has_attribute("time-avg") {
            xml::required(iteration, "time-avg")
        } else {
            xml::required(iteration, "time-net").map(|total| total / revolutions as f64)
        };
        match value {
            Ok(value) => values.push(value),
            Err(reason) => {
                let line = lines.of(iteration);
                return collected.skip(&name, format!("line {line}: {reason}"));
            }
        }
        each.push(revolutions);
        peaks.extend(xml::figure(iteration, "mem-peak"));
    }
    let values = if values.is_empty() {
        let Some(stats) = xml::children(variant, "stats").next() else {
            return collected.skip(&name, format!("line {line}: neither `iteration` nor `stats`"));
        };
        match xml::required(stats, "mean") {
            Ok(mean) => Values::Summary(Summary {
                mean: Some(mean),
                minimum: xml::figure(stats, "min"),
                maximum: xml::figure(stats, "max"),
                ..Summary::default()
            }),
            Err(reason) => return collected.skip(&name, format!("line {line}: {reason}")),
        }
    } else {
        Values::Sample(values, Iterations::Each(each))
    };
    collected.add(&name, Kind::wall_time("us"), values);
    if !peaks.is_empty() {
        collected.add(&name, Kind::lower("peak_bytes", "B"), Values::sample(peaks));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn totals_summaries_and_failures() {
        let text = r#"<?xml version="1.0"?><phpbench><suite date="2026-11-23T04:00:00+00:00">
            <benchmark class="\A"><subject name="x">
            <variant revs="10"><iteration time-net="50"/><iteration time-net="70"/></variant></subject>
            <subject name="y"><variant><parameter-set name="0"/><stats mean="2" stdev="1"/></variant>
            <variant><parameter-set name="1"/><iteration time-avg="x"/></variant>
            <variant><parameter-set name="2"/></variant></subject></benchmark></suite></phpbench>"#;
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!(reading.format, Format::PhpBench);
        let run = &reading.runs[0];
        assert_eq!(run.time.unwrap().to_string(), "2026-11-23T04:00:00Z");
        let names: Vec<&str> = run.measurements.iter().map(|m| m.benchmark().as_str()).collect();
        assert_eq!(names, [r"\A::x", r"\A::y # 0"]);
        assert_eq!(run.measurements[0].values(), Some(vec![5000.0, 7000.0]));
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "line 5: expected a number in `iteration/@time-avg`, found \"x\"",
                "line 6: neither `iteration` nor `stats`",
            ]
        );
    }
}
