//! Go's `testing` package: the text of `go test -bench`, and the events of `go test -json`;
//! checked with Go 1.19.8 and the benchmark format's description (golang.org/design/14313).
//!
//! - Repeated lines of one name (`-count`) are one sample. The number of processors behind the name
//!   (`-8`) stays, because names may end so themselves.
//! - Every value with its unit is a metric: `ns/op` the wall time, `B/op` `allocated_bytes`,
//!   `allocs/op` `allocations`, `MB/s` `throughput`, another unit a metric of that name. Rates are
//!   better when higher; what is per operation, and errors, when lower.
//! - Benchmarks of several packages that share a name are told apart by their package.
//! - A benchmark that prints breaks its line in two; events break lines anywhere.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, text_at};
use super::super::numbers::{count, number};
use super::super::plain_text::{Line, lines, plain};
use super::super::{Format, FormatError, Reading};
use crate::model::{Direction, Iterations, Machine};

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    let action = text_at(value, "Action");
    matches!(
        action,
        Some("start" | "run" | "output" | "bench" | "pass" | "fail" | "skip" | "pause" | "cont")
    ) && (json::has(value, &["Package"]) || json::has(value, &["Output"]))
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    let result = |line: &&str| {
        let Some((name, rest)) = named(line) else { return false };
        !name.is_empty() && values(rest).is_some_and(|(_, pairs)| !pairs.is_empty())
    };
    let header = |line: &&str| line.starts_with("goos: ") || line.starts_with("goarch: ");
    lines.iter().any(result) || lines.iter().any(header)
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut reader = Reader::new();
    let events: Vec<&Value<'_>> =
        content.documents.iter().map(|document| &document.value).filter(|v| is_json(v)).collect();
    if events.is_empty() {
        if let Some(error) = content.json_error() {
            return Err(error.clone());
        }
        reader.text(content.plain, content.is_cut_off());
    } else {
        // One result may be split over several events, between those of other packages.
        let mut outputs: Vec<(&str, String)> = Vec::new();
        let mut positions = BTreeMap::<&str, usize>::new();
        for event in events {
            let package = text_at(event, "Package").unwrap_or_default();
            let Some(output) = event.get("Output").and_then(Value::as_str) else { continue };
            let position = *positions.entry(package).or_insert(outputs.len());
            if position == outputs.len() {
                outputs.push((package, String::new()));
            }
            if let Some((_, text)) = outputs.get_mut(position) {
                text.push_str(output);
            }
        }
        for (package, output) in &outputs {
            (*package).clone_into(&mut reader.package);
            reader.text(&plain(output), !output.ends_with('\n'));
        }
        for broken in &content.broken {
            let reason = format!("not valid JSON: {}; expected an event", broken.problem);
            reader.collected.skip(&format!("line {}", broken.line), reason);
        }
    }
    Ok(reader.collected.finish(content, Repeated::Values))
}

#[derive(Debug)]
struct Reader {
    collected: Collected,
    package: String,
    machine: Machine,
}

impl Reader {
    fn new() -> Self {
        let (package, machine) = (String::new(), Machine::default());
        Self { collected: Collected::new(Format::Go), package, machine }
    }

    fn text(&mut self, plain: &str, cut_off: bool) {
        // The name of a benchmark whose values have not come yet, and its line.
        let mut pending: Option<(&str, u64)> = None;
        let last = if cut_off { plain.lines().count() as u64 } else { 0 };
        // One that `-v` announced and that has not ended yet.
        let mut begun: Option<(&str, u64)> = None;
        // A benchmark that ended without values, and how: the next line says why, with `-v` the
        // one before.
        let mut ended: Option<(&str, &str)> = None;
        let (mut above, mut why_above) = ("", "");
        for line in lines(plain) {
            if let Some((name, how)) = ended.take() {
                let why = if line.text.starts_with(' ') { line.text } else { why_above };
                let why = [how, why.trim()].join(": ");
                self.collected.skip(name, why.trim_end_matches(": "));
            }
            let before = std::mem::replace(&mut above, line.text);
            let whole = !cut_off || line.number != last;
            if let Some((name, rest)) = named(line.text) {
                let announced = name.is_empty() || !line.text.contains('\t');
                match values(rest) {
                    Some(found) if !found.1.is_empty() => {
                        self.result(name, found, whole, line);
                        begun = None;
                        if let Some(before) = pending.take() {
                            self.no_values(before);
                        }
                    }
                    _ if announced => {
                        if rest.is_empty() {
                            begun = Some((name, line.number));
                        }
                    }
                    _ => {
                        if let Some(before) = pending.replace((name, line.number)) {
                            self.no_values(before);
                        }
                    }
                }
            } else if let Some((name, number)) = pending
                && let Some(found) = values(last_columns(line.text))
                && !found.1.is_empty()
            {
                self.result(name, found, whole, Line { number, ..line });
                pending = None;
            } else if line.text.contains('\t') && line.text.contains(" ns/op") {
                // Behind what the benchmark printed without a line end.
                let at = line.text.rfind("Benchmark").unwrap_or_default();
                let named = line.text.get(at..).and_then(named);
                let found = named.and_then(|(name, rest)| Some((name, values(rest)?)));
                if let Some((name, found)) = found {
                    self.result(name, found, whole, line);
                    begun = None;
                } else {
                    let reason = "expected a benchmark's name before the values";
                    self.collected.skip(&format!("line {}", line.number), reason);
                }
            } else if let Some((name, how)) = without_values(line.text) {
                ended = Some((name, how));
                why_above = if before.starts_with(' ') { before } else { "" };
                pending = pending.filter(|(before, _)| !before.starts_with(name));
                begun = None;
            } else {
                match line.text {
                    "PASS" | "FAIL" => begun = None,
                    text if text.starts_with("FAIL\t") => {
                        if let Some(before) = begun.take() {
                            self.no_values(before);
                        }
                    }
                    _ => {}
                }
                self.header(line.text);
            }
        }
        if let Some((name, how)) = ended {
            self.collected.skip(name, how);
        }
        for before in [pending, begun].into_iter().flatten() {
            self.no_values(before);
        }
    }

    fn no_values(&mut self, (name, line): (&str, u64)) {
        let reason = format!("line {line}: no values behind its name: it failed, or is cut off");
        self.collected.skip(name, reason);
    }

    /// Lines that say something of all results behind them, or of a package that failed.
    fn header(&mut self, line: &str) {
        let Some((key, value)) = line.split_once([':', '\t']) else { return };
        let value = value.trim();
        let of_machine = matches!(key, "goos" | "goarch" | "cpu");
        match key {
            "pkg" => value.clone_into(&mut self.package),
            "goos" => self.machine.os = Some(value.to_owned()),
            "goarch" => self.machine.architecture = Some(value.to_owned()),
            "cpu" => self.machine.cpu = Some(value.to_owned()),
            "FAIL" if value.contains("build failed") || value.contains("setup failed") => {
                let (package, why) = value.split_once(' ').unwrap_or((value, "failed"));
                self.collected.skip(package, format!("the package: {}", why.trim()));
            }
            _ => {}
        }
        if of_machine || self.collected.machine.is_none() {
            self.collected.machine = Some(self.machine.clone());
        }
    }

    fn result(
        &mut self,
        name: &str,
        (iterations, pairs): (u64, Vec<(f64, &str)>),
        whole: bool,
        line: Line<'_>,
    ) {
        let full: Rc<str> = match self.package.as_str() {
            "" => name.into(),
            package => [package, "/", name].concat().into(),
        };
        let count = pairs.len();
        for (position, (value, unit)) in pairs.into_iter().enumerate() {
            // The last unit of a file that is cut off may be half of one.
            if !whole && position + 1 == count && !OWN_UNITS.contains(&unit) {
                let reason = format!("line {}: cut off behind {value} {unit:?}", line.number);
                self.collected.skip(name, reason);
                continue;
            }
            let values = Values::Sample(vec![value], Iterations::Every(iterations));
            self.collected.add_told_apart(name, Rc::clone(&full), kind(unit), values);
        }
    }
}

/// The benchmark of a line that says it gave no values, and how it ended.
fn without_values(line: &str) -> Option<(&str, &'static str)> {
    let (name, how) = match line.strip_prefix("--- FAIL: ") {
        Some(name) => (name, "it failed"),
        // Not of tests, which are no benchmarks.
        None => (
            line.strip_prefix("--- SKIP: ").filter(|name| name.starts_with("Benchmark"))?,
            "it was skipped",
        ),
    };
    Some((name.split([' ', '\t']).next().unwrap_or(name), how))
}

/// The units that `testing` has of its own.
const OWN_UNITS: [&str; 4] = ["ns/op", "B/op", "allocs/op", "MB/s"];

/// What a value of this unit measures.
pub(in super::super) fn kind(unit: &str) -> Kind<'_> {
    match unit {
        "ns/op" => Kind::wall_time(unit),
        "B/op" => Kind::lower("allocated_bytes", unit),
        "allocs/op" => Kind::lower("allocations", unit),
        "MB/s" => Kind::throughput(unit),
        _ if unit.ends_with("-err") || unit.ends_with("errors") => {
            Kind::of_unit(unit, unit).better(Direction::Lower)
        }
        _ => Kind::of_unit(unit, unit),
    }
}

/// A line that begins with a benchmark's name, and what stands behind that.
fn named(line: &str) -> Option<(&str, &str)> {
    let after = line.strip_prefix("Benchmark")?;
    // "Benchmarking", "Benchmarks": the name goes on with no lower-case letter.
    if after.starts_with(char::is_lowercase) {
        return None;
    }
    let end = line.bytes().position(|byte| matches!(byte, b' ' | b'\t'));
    Some(end.and_then(|end| Some((line.get(..end)?, line.get(end + 1..)?))).unwrap_or((line, "")))
}

/// The line from the last word before its first tab on.
fn last_columns(line: &str) -> &str {
    let tab = line.find('\t').unwrap_or_default();
    let space = line.get(..tab).and_then(|before| before.rfind(' '));
    space.and_then(|at| line.get(at..)).unwrap_or(line)
}

/// The iterations, and the values with their units.
fn values(text: &str) -> Option<(u64, Vec<(f64, &str)>)> {
    let mut words = text.split_ascii_whitespace();
    let iterations = count(words.next()?)?;
    // Mostly time, bytes, allocations, and perhaps one of its own.
    let mut pairs = Vec::with_capacity(4);
    let mut before = None;
    for word in words {
        match before.take() {
            None => before = Some(number(word)?),
            Some(value) => pairs.push((value, word)),
        }
    }
    Some((iterations, pairs))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        assert_eq!(reading.format, Format::Go);
        reading
    }

    fn found(reading: &Reading) -> Vec<String> {
        let measurements = reading.runs[0].measurements.iter();
        measurements
            .map(|m| format!("{} {} {:?}", m.benchmark(), m.metric(), m.values().unwrap()))
            .collect()
    }

    fn skipped(reading: &Reading) -> Vec<String> {
        let skipped = reading.runs[0].skipped.iter();
        skipped.map(|s| format!("{}: {}", s.name, s.reason)).collect()
    }

    #[test]
    fn packages_are_told_apart_and_repetitions_are_one_sample() {
        let reading = reading(
            "goos: linux\npkg: e.com/a\ncpu: AMD EPYC\nBenchmarkX-2 \t 10\t 5.5 ns/op\n\
             BenchmarkX-2 \t 20\t 6 ns/op\nBenchmarkOnly-2 \t 1\t 2 ns/op\nPASS\n\
             pkg: e.com/b\nBenchmarkX-2 \t 10\t 7 ns/op\n",
        );
        assert_eq!(
            found(&reading),
            [
                "BenchmarkOnly-2 wall_time [2.0]",
                "e.com/a/BenchmarkX-2 wall_time [5.5, 6.0]",
                "e.com/b/BenchmarkX-2 wall_time [7.0]",
            ]
        );
        let sample = reading.runs[0].measurements[1].rounds()[0].sample().unwrap();
        assert_eq!((sample.iterations_at(0), sample.iterations_at(1)), (10, 20));
        let machine = reading.runs[0].machine.as_ref().unwrap();
        assert_eq!(machine.cpu.as_deref(), Some("AMD EPYC"));
    }

    #[test]
    fn results_broken_by_what_they_print_and_failures() {
        let reading = reading(
            "BenchmarkPrint-2 \tstray stdout line\n 2515381\t        19.93 ns/op\n\
             BenchmarkDies-2 \tpanic: oh\n\ngoroutine 1 [running]:\n\
             --- FAIL: BenchmarkFail\n    fail_test.go:3: boom\n\
             --- SKIP: BenchmarkSkip\n    skip_test.go:9: no database\n\
             --- SKIP: TestOther (0.00s)\nBenchmarkVerbose\n\
             BenchmarkVerbose-2 \t 3\t 1 ns/op\t 0.5 hit-ratio\n\
             FAIL\te.com/c [build failed]\n\
             BenchmarkCut-2 \t 10\t 5 ns/op\t 7 widg",
        );
        assert_eq!(
            found(&reading),
            [
                "BenchmarkCut-2 wall_time [5.0]",
                "BenchmarkPrint-2 wall_time [19.93]",
                "BenchmarkVerbose-2 hit-ratio [0.5]",
                "BenchmarkVerbose-2 wall_time [1.0]",
            ]
        );
        assert_eq!(
            skipped(&reading),
            [
                "BenchmarkFail: it failed: fail_test.go:3: boom",
                "BenchmarkSkip: it was skipped: skip_test.go:9: no database",
                "BenchmarkDies-2: line 3: no values behind its name: it failed, or is cut off",
                "e.com/c: the package: [build failed]",
                "BenchmarkCut-2: line 14: cut off behind 7 \"widg\"",
            ]
        );
        assert_eq!(
            reading.notes,
            ["the file does not say which way `hit-ratio` is better: lower is taken to be"]
        );
    }

    #[test]
    fn what_is_printed_before_a_result_on_its_line() {
        let reading = reading(
            "goos: linux\nBenchmarkA-2 \tout\nno end   117609\t        18.61 ns/op\n\
             no end BenchmarkB-2    \t  160263\t        13.54 ns/op\n\
             no end   117609\t        18.61 ns/op\n",
        );
        assert_eq!(
            found(&reading),
            ["BenchmarkA-2 wall_time [18.61]", "BenchmarkB-2 wall_time [13.54]"]
        );
        assert_eq!(skipped(&reading), ["line 5: expected a benchmark's name before the values"]);
    }

    #[test]
    fn what_fails_with_v_says_why_above_and_what_panics_is_told() {
        let reading = reading(
            "goos: linux\nBenchmarkFail\n    a_test.go:14: it broke\n--- FAIL: BenchmarkFail\n\
             BenchmarkMute\n--- FAIL: BenchmarkMute\n\
             BenchmarkAll\nBenchmarkAll/one\nBenchmarkAll/one-2 \t 3\t 1 ns/op\nPASS\n\
             pkg: e.com/b\nBenchmarkPanic\npanic: boom\n\nexit status 2\n\
             FAIL\te.com/b\t0.046s\nFAIL\nBenchmarkParent\nPASS\n",
        );
        assert_eq!(found(&reading), ["BenchmarkAll/one-2 wall_time [1.0]"]);
        assert_eq!(
            skipped(&reading),
            [
                "BenchmarkFail: it failed: a_test.go:14: it broke",
                "BenchmarkMute: it failed",
                "BenchmarkPanic: line 12: no values behind its name: it failed, or is cut off",
            ]
        );
    }

    #[test]
    fn events_of_several_packages_are_joined_before_they_are_read() {
        let reading = reading(
            r#"{"Action":"output","Package":"a","Output":"BenchmarkX \t"}
{"Action":"output","Package":"b","Output":"BenchmarkX \t 1\t 9 ns/op\n"}
{"Action":"output","Package":"a","Output":" 2\t 8 ns/op\n"}
{"Action":"output","Package":"a","Outp"#,
        );
        assert_eq!(
            found(&reading),
            ["a/BenchmarkX wall_time [8.0]", "b/BenchmarkX wall_time [9.0]"]
        );
        assert!(skipped(&reading)[0].starts_with("line 4: not valid JSON: EOF"));
    }
}
