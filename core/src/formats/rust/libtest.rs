//! Rust's own benchmark tests (`#[bench]`): text and JSON lines, checked with 1.95 and nightly 1.97.
//!
//! The value is the median in nanoseconds. `+/-` (`deviation`) is the range from the smallest to
//! the largest value and no deviation; as neither end is given, it is not kept. Throughput is in
//! decimal megabytes, although the JSON calls it `mib_per_second`. The output of a failed benchmark
//! may hold lines that look like results: what stands behind `failures:` is not read.

use std::rc::Rc;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, text_at};
use super::super::numbers::{grouped, trimmed};
use super::super::search::{contains, rsplit_once, split_once};
use super::super::{Format, FormatError, Reading};

/// A line with a benchmark's result.
#[derive(Debug, PartialEq)]
pub(super) enum Bench<'a> {
    /// With all that belongs to it.
    Measured {
        name: &'a str,
        nanoseconds: f64,
        spread: f64,
        /// In MB/s.
        throughput: Option<f64>,
    },
    /// One that cannot be read.
    Unreadable { name: &'a str, problem: String },
}

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    match text_at(value, "type") {
        Some("bench") => json::has(value, &["name", "median"]),
        Some("suite" | "test") => json::has(value, &["event"]),
        _ => false,
    }
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| bench_line(line).is_some())
        && lines.iter().any(|line| line.starts_with("running ") && contains(line, b" test"))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    if content.documents.iter().any(|document| is_json(&document.value)) {
        return Ok(events(content));
    }
    if let Some(error) = content.json_error() {
        return Err(error.clone());
    }
    Ok(text(content))
}

fn events(content: &Content<'_>) -> Reading {
    let mut collected = Collected::new(Format::Libtest);
    let mut ignored = 0;
    for document in &content.documents {
        let event = &document.value;
        let name = text_at(event, "name").unwrap_or_default();
        match (text_at(event, "type"), text_at(event, "event")) {
            (Some("bench"), _) => match json::number(event, "median") {
                Ok(median) => {
                    collected.add(name, Kind::wall_time("ns"), Values::single(median));
                    if let Some(rate) = json::figure(event, "mib_per_second") {
                        collected.add(name, Kind::throughput("MB/s"), Values::single(rate));
                    }
                }
                Err(reason) => collected.skip(name, format!("line {}: {reason}", document.line)),
            },
            (Some("test"), Some("failed")) => {
                let output = text_at(event, "stdout").and_then(|text| text.trim().lines().next());
                collected.skip(name, format!("it failed: {}", output.unwrap_or("no output")));
            }
            (Some("test"), Some("ignored")) => ignored += 1,
            _ => {}
        }
    }
    note_ignored(&mut collected, ignored);
    for broken in &content.broken {
        let reason = format!("not valid JSON: {}; expected an event", broken.problem);
        collected.skip(&format!("line {}", broken.line), reason);
    }
    collected.finish(content, Repeated::Others)
}

fn text(content: &Content<'_>) -> Reading {
    let mut collected = Collected::new(Format::Libtest);
    let (mut target, mut ignored, mut in_failures) = (String::new(), 0_u64, false);
    // A benchmark that prints has its name and its result in different lines.
    let mut pending: Option<&str> = None;
    for line in content.lines() {
        let text = line.text.trim();
        if let Some(running) = text.strip_prefix("Running ") {
            // "unittests src/lib.rs (target/release/…)": what tells equal names apart.
            let path = running.split(" (").next().unwrap_or(running);
            path.trim_start_matches("unittests ").clone_into(&mut target);
        }
        match text {
            "failures:" => in_failures = true,
            _ if text.starts_with("test result:") || text.starts_with("running ") => {
                in_failures = false;
            }
            _ => {}
        }
        if in_failures {
            continue;
        }
        let found = bench_line(text).or_else(|| result(pending?, text));
        let full = |name: &str| -> Rc<str> {
            if target.is_empty() { name.into() } else { [&target, "::", name].concat().into() }
        };
        match found {
            Some(Bench::Measured { name, nanoseconds, throughput, .. }) => {
                let (kind, value) = (Kind::wall_time("ns"), Values::single(nanoseconds));
                collected.add_told_apart(name, full(name), kind, value);
                if let Some(rate) = throughput {
                    let (kind, value) = (Kind::throughput("MB/s"), Values::single(rate));
                    collected.add_told_apart(name, full(name), kind, value);
                }
                pending = None;
            }
            Some(Bench::Unreadable { name, problem }) => {
                collected.skip(name, format!("line {}: {problem}", line.number));
                pending = None;
            }
            None => {
                let Some((name, rest)) = named(text) else {
                    if let Some(name) = text.strip_suffix(" --- FAILED") {
                        collected.skip(name, format!("line {}: it failed", line.number));
                    }
                    continue;
                };
                match rest.trim() {
                    "FAILED" => collected.skip(name, format!("line {}: it failed", line.number)),
                    "ignored" => ignored += 1,
                    rest if rest.starts_with("ignored,") => ignored += 1,
                    "ok" => {}
                    _ => pending = Some(name),
                }
            }
        }
    }
    if let Some(name) = pending {
        collected.skip(name, "no result behind its name: is the file cut off?");
    }
    note_ignored(&mut collected, ignored);
    collected.finish(content, Repeated::Others)
}

fn note_ignored(collected: &mut Collected, ignored: u64) {
    if ignored > 0 {
        collected.note(format!("{ignored} tests or benchmarks were ignored by the harness"));
    }
}

/// `test NAME ... REST`, as its two parts. With `--quiet` a letter for each test that gave nothing
/// stands before it.
fn named(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start_matches(['.', 'i', 'F', 'a']);
    let (name, rest) = split_once(line.strip_prefix("test ")?, b" ...")?;
    Some((trimmed(name), rest))
}

/// A line `test NAME ... bench: 1,655 ns/iter (+/- 318) = 5 MB/s`.
pub(super) fn bench_line(line: &str) -> Option<Bench<'_>> {
    let (name, rest) = named(line)?;
    result(name, rest)
}

/// The result in `text`, which ends with it.
fn result<'a>(name: &'a str, text: &str) -> Option<Bench<'a>> {
    let (_, result) = rsplit_once(text, b"bench:")?;
    let read = || {
        let (value, rest) = split_once(result, b" ns/iter (+/- ")?;
        let (spread, rest) = split_once(rest, b")")?;
        let rest = rest.trim();
        let throughput = match rest.strip_prefix('=') {
            Some(rate) => Some(grouped(rate.strip_suffix("MB/s")?)?),
            None if rest.is_empty() => None,
            None => return None,
        };
        let (nanoseconds, spread) = (grouped(value)?, grouped(spread)?);
        Some(Bench::Measured { name, nanoseconds, spread, throughput })
    };
    Some(read().unwrap_or_else(|| {
        let found: String = result.trim().chars().take(60).collect();
        let problem = format!("expected `… ns/iter (+/- …)` behind `bench:`, found {found:?}");
        Bench::Unreadable { name, problem }
    }))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!(reading.format, Format::Libtest);
        reading
    }

    #[test]
    fn failed_and_ignored_benchmarks_and_what_a_failed_one_printed() {
        let reading = reading(
            "running 4 tests\n\
             test a::good   ... \u{1b}[36mbench\u{1b}(B\u{1b}[m:       1,655 ns/iter (+/- 318)\n\
             test a::panics ... FAILED\n\
             test a::left   ... ignored\n\
             test a::prints ... hello\nbench: worldbench:   12.5 ns/iter (+/- 2,537.33) = 7 MB/s\n\
             \nfailures:\n\n---- a::panics stdout ----\n\
             test fake ... bench:         1 ns/iter (+/- 0)\n\nfailures:\n    a::panics\n\n\
             test result: FAILED. 0 passed; 1 failed; 1 ignored; 2 measured\n\n\
             running 1 test\ntest cut ... bench:     2,1",
        );
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {:?}", m.benchmark(), m.metric(), m.summary().median.unwrap()))
            .collect();
        assert_eq!(
            found,
            ["a::good wall_time 1655.0", "a::prints throughput 7.0", "a::prints wall_time 12.5",]
        );
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "line 3: it failed",
                "line 19: expected `… ns/iter (+/- …)` behind `bench:`, found \"2,1\"",
            ]
        );
        assert_eq!(reading.notes, ["1 tests or benchmarks were ignored by the harness"]);
    }

    #[test]
    fn letters_of_quiet_runs_stand_before_results() {
        let reading = reading(
            "running 8 tests\nitest m::bytes  ... bench:      30.06 ns/iter (+/- 4.56) = 32 MB/s\n\
             test m::empty  ... bench:           1.11 ns/iter (+/- 0.71)\n 1/8\n\
             m::fails --- FAILED\nitest m::noiter ... bench:  0.00 ns/iter (+/- 0.00)\n",
        );
        let run = &reading.runs[0];
        let names: Vec<&str> = run.measurements.iter().map(|m| m.benchmark().as_str()).collect();
        assert_eq!(names, ["m::bytes", "m::bytes", "m::empty", "m::noiter"]);
        assert_eq!((&*run.skipped[0].name, run.skipped.len()), ("m::fails", 1));
    }

    #[test]
    fn equal_names_of_two_targets_are_told_apart() {
        let lines = "test x ... bench:  1 ns/iter (+/- 0)\n";
        let named = |text: &str| -> Vec<String> {
            let run = reading(text).runs.remove(0);
            run.measurements.iter().map(|m| m.benchmark().to_string()).collect()
        };
        assert_eq!(
            named(&format!(
                "     Running unittests src/lib.rs (target/x)\nrunning 1 test\n{lines}\
                 \x20    Running benches/b.rs (target/y)\nrunning 1 test\n{lines}"
            )),
            ["benches/b.rs::x", "src/lib.rs::x"]
        );
        assert_eq!(named(&format!("running 1 test\n{lines}{lines}")), ["x", "x #2"]);
    }

    #[test]
    fn json_events() {
        let reading = reading(
            "{ \"type\": \"suite\", \"event\": \"started\", \"test_count\": 2 }\n\
             { \"type\": \"bench\", \"name\": \"a\", \"median\": 1.5, \"deviation\": 9 }\n\
             { \"type\": \"bench\", \"name\": \"b\", \"median\": null, \"deviation\": 9 }\n\
             { \"type\": \"test\", \"name\": \"c\", \"event\": \"failed\", \"stdout\": \"boom\\n\" }\n\
             { \"type\": \"test\", \"name\": \"d\", \"event\": \"ignored\" }\n\
             { \"type\": \"bench\", \"na",
        );
        assert_eq!(reading.notes, ["1 tests or benchmarks were ignored by the harness"]);
        let run = &reading.runs[0];
        assert_eq!(run.measurements.len(), 1);
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(skipped[0], "b: line 3: expected a number in `median`, found null");
        assert_eq!(skipped[1], "c: it failed: boom");
        assert!(skipped[2].starts_with("line 6: not valid JSON: EOF"), "{}", skipped[2]);
    }
}
