//! criterion beside its directory: its text, its bencher text (`--output-format bencher`), and the
//! JSON lines of cargo-criterion; checked with criterion 0.2.11, 0.3.2, 0.3.6, 0.4.0, 0.5.1,
//! 0.6.0, 0.8.2 and cargo-criterion 1.1.0.
//!
//! - Text: of the three times in brackets the middle one is the estimate (the slope, or the mean
//!   where there is none) and is taken as the mean; the others bound its confidence interval, which
//!   is no spread of the values and is not kept. Changes in per cent are not read.
//!   A custom measurement's unit is its metric.
//! - Bencher text: the median and the standard deviation, cut to whole nanoseconds.
//! - cargo-criterion: the raw totals. Its estimates are not needed beside them.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, described, text_at};
use super::super::numbers::{number, prefix_of};
use super::super::search::{contains, rsplit_once, split_once};
use super::super::{Format, FormatError, Reading};
use super::libtest::{Bench, bench_line};
use crate::model::{Iterations, Summary};

/// The files of criterion's own directory, by their keys.
const DIRECTORY: [&[&str]; 3] = [
    &["group_id", "full_id", "directory_name"],
    &["sampling_mode", "iters", "times"],
    &["mean", "median", "median_abs_dev"],
];

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    is_message(value) || is_of_directory(value)
}

fn is_of_directory(value: &Value<'_>) -> bool {
    DIRECTORY.iter().any(|keys| json::has(value, keys))
}

/// Whether it is one of cargo-criterion's messages.
fn is_message(value: &Value<'_>) -> bool {
    matches!(text_at(value, "reason"), Some("benchmark-complete" | "group-complete"))
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    let of_libtest = |line: &&str| line.starts_with("running ") && contains(line, b" test");
    lines.iter().any(|line| times(line).is_some())
        || lines.iter().any(|line| bench_line(line).is_some()) && !lines.iter().any(of_libtest)
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    if content.documents.iter().any(|document| is_message(&document.value)) {
        return Ok(messages(content));
    }
    if content.documents.iter().any(|document| is_of_directory(&document.value)) {
        return Err(FormatError::NeedsDirectory {
            file: content.file.name.to_owned(),
            format: Format::Criterion,
            usual: "target/criterion",
        });
    }
    if let Some(error) = content.json_error() {
        return Err(error.clone());
    }
    Ok(text(content))
}

fn messages(content: &Content<'_>) -> Reading {
    let mut collected = Collected::new(Format::Criterion);
    for document in &content.documents {
        let message = &document.value;
        if text_at(message, "reason") != Some("benchmark-complete") {
            continue;
        }
        let name = match json::name_at(message, "id") {
            Ok(name) => name,
            Err(reason) => {
                collected.skip(&format!("line {}", document.line), reason);
                continue;
            }
        };
        match per_iteration(message) {
            Ok(values) => {
                let unit = text_at(message, "unit").unwrap_or("ns");
                collected.add(name, Kind::named_after_unit(unit), values);
            }
            Err(reason) => collected.skip(name, format!("line {}: {reason}", document.line)),
        }
    }
    for broken in &content.broken {
        collected.skip(
            &format!("line {}", broken.line),
            format!("not valid JSON: {}; expected a message of cargo-criterion", broken.problem),
        );
    }
    collected.finish(content, Repeated::Rounds)
}

fn per_iteration(message: &Value<'_>) -> Result<Values, String> {
    let totals = json::numbers(message, "measured_values")?;
    let mut iterations = Vec::with_capacity(totals.len());
    for (position, value) in json::elements(message, "iteration_count").iter().enumerate() {
        iterations.push(json::whole(value).ok_or_else(|| {
            format!(
                "expected a whole number of at least 1 in `iteration_count[{position}]`, found {}",
                described(Some(value))
            )
        })?);
    }
    if iterations.len() != totals.len() {
        return Err(format!(
            "{} values in `measured_values` but {} in `iteration_count`",
            totals.len(),
            iterations.len()
        ));
    }
    let values = totals.iter().zip(&iterations).map(|(total, &n)| total / n as f64).collect();
    Ok(Values::Sample(values, Iterations::Each(iterations)))
}

fn text(content: &Content<'_>) -> Reading {
    let mut collected = Collected::new(Format::Criterion);
    // A name of more than 23 characters stands in the line before.
    let (mut before, mut last) = ("", String::new());
    for line in content.lines() {
        if let Some(bench) = bench_line(line.text) {
            bencher(&mut collected, bench, line.number);
            continue;
        }
        if let Some((name, cells)) = times(line.text) {
            let name = if name.is_empty() { before } else { name };
            name.clone_into(&mut last);
            match cells.and_then(middle) {
                // Of a custom `Measurement` the unit is no time.
                Some((mean, unit)) => {
                    let summary = Summary { mean: Some(mean), ..Summary::default() };
                    collected.add(name, Kind::named_after_unit(unit), Values::Summary(summary));
                }
                None => collected.skip(
                    name,
                    format!(
                        "line {}: expected three times in brackets behind `time:`; is it cut off?",
                        line.number
                    ),
                ),
            }
        } else if let Some(("", Some(cells))) = bracketed(line.text, b"thrpt:")
            && let Some((value, unit)) = middle(cells)
            && let Some((factor, unit)) = prefix_of(unit, &["elem/s", "B/s", "b/s", "bit/s"])
        {
            let summary = Summary { mean: Some(value * factor), ..Summary::default() };
            collected.add(&last, Kind::throughput(unit), Values::Summary(summary));
        }
        let text = line.text.trim();
        if !text.is_empty() && !text.starts_with("Benchmarking ") {
            before = text;
        }
    }
    collected.finish(content, Repeated::Others)
}

fn bencher(collected: &mut Collected, bench: Bench<'_>, line: u64) {
    match bench {
        Bench::Measured { name, nanoseconds, spread, .. } => {
            let summary =
                Summary { median: Some(nanoseconds), std_dev: Some(spread), ..Summary::default() };
            collected.add(name, Kind::wall_time("ns"), Values::Summary(summary));
        }
        Bench::Unreadable { name, problem } => {
            collected.skip(name, format!("line {line}: {problem}"));
        }
    }
}

/// The name before `time:`, and what stands in brackets behind it, if they are closed. Relative
/// changes are no times.
fn times(line: &str) -> Option<(&str, Option<&str>)> {
    let (name, cells) = bracketed(line, b"time:")?;
    (!cells.is_some_and(|cells| cells.contains('%')) && !name.ends_with("change:"))
        .then_some((name, cells))
}

fn bracketed<'a, const N: usize>(
    line: &'a str,
    label: &[u8; N],
) -> Option<(&'a str, Option<&'a str>)> {
    // Most lines have no colon.
    memchr::memchr(b':', line.as_bytes())?;
    let (name, rest) = rsplit_once(line, label)?;
    let cells = rest.trim_start().strip_prefix('[')?;
    (name.is_empty() || name.ends_with(' '))
        .then_some((name.trim(), split_once(cells, b"]").map(|(cells, _)| cells)))
}

/// The second of three quantities: its value and its unit.
fn middle(cells: &str) -> Option<(f64, &str)> {
    let mut words = cells.split_ascii_whitespace();
    let mut six = [""; 6];
    for word in &mut six {
        *word = words.next()?;
    }
    let [_, _, value, unit, ..] = six;
    Some((number(value)?, unit)).filter(|_| words.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Reading {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        read_any(&file, Some(Format::Criterion)).unwrap()
    }

    #[test]
    fn names_stand_before_or_above_and_changes_are_no_times() {
        let text = "Benchmarking a: Analyzing\na   time:   [1.0 ns 2.0 ns 3.0 ns]\n\
                    \x20 change: [-1.0% +0.5% +2.0%] (p = 0.50 > 0.05)\n\
                    quite a long name, with time: in it\n\
                    Benchmarking quite: Warming up for 3.0000 s\n\
                    \x20      time:   [1.0 µs 1.5 µs 2.0 ms]\n\
                    \x20      thrpt:  [1.0 MiB/s 2.0 MiB/s 3.0 MiB/s]\n\
                    \x20change:\n   time:   [-51.0% -50.0% -49.0%] (p = 0.00 < 0.05)\n\
                    \x20      thrpt:  [+90% +100% +110%]\n\
                    own   time:   [1.0000 cycles 2.0000 cycles 3.0000 cycles]\n\
                    odd   time:   [1.0 ns 2:0 ns 3.0 ns]\ncut   time:   [1.0 ns 2.0";
        let run = reading(text).runs.remove(0);
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {:?}", m.benchmark(), m.metric(), m.summary().mean))
            .collect();
        assert_eq!(
            found,
            [
                "a wall_time Some(2.0)",
                "own cycles Some(2.0)",
                "quite a long name, with time: in it throughput Some(2097152.0)",
                "quite a long name, with time: in it wall_time Some(1500.0)",
            ]
        );
        let skipped: Vec<&str> = run.skipped.iter().map(|skipped| &*skipped.name).collect();
        assert_eq!(skipped, ["odd", "cut"]);
        assert!(run.skipped[1].reason.starts_with("line 13: expected three times"));
    }

    #[test]
    fn unusable_messages_are_skipped() {
        let of = |fields: &str| {
            let text = format!(
                r#"{{"reason":"benchmark-complete","id":"a",{fields}}}
{{"reason":"group-complete"}}"#
            );
            reading(&text).runs.remove(0).skipped.remove(0).reason
        };
        for (fields, reason) in [
            (
                r#""measured_values":[1,NaN],"iteration_count":[1,1]"#,
                "line 1: expected a number in `measured_values[1]`, found NaN",
            ),
            (
                r#""measured_values":[1],"iteration_count":[0]"#,
                "line 1: expected a whole number of at least 1 in `iteration_count[0]`, found 0",
            ),
            (
                r#""measured_values":[1],"iteration_count":[]"#,
                "line 1: 1 values in `measured_values` but 0 in `iteration_count`",
            ),
        ] {
            assert_eq!(of(fields), reason);
        }
    }
}
