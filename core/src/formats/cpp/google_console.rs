//! Google Benchmark's table for the console: three digits of each time, counters with a prefix.

use std::borrow::Cow;

use super::super::collected::Collected;
use super::super::content::Content;
use super::super::numbers::{count, number, prefix_factor, quantity, time_factor};
use super::google_benchmark::{Row, What, mark_aggregates};

/// What is longer is no row.
const LONGEST_ROW: usize = 4096;

/// The names of the counters in a table's header, if it is one: with `--benchmark_counters_tabular`
/// they stand there, else in each line, which the header of a table that begins with one announces.
pub(super) fn header(line: &str) -> Option<Vec<&str>> {
    // Most lines are none: told before they are taken apart.
    if !line.trim_start().starts_with("Benchmark") {
        return None;
    }
    let mut words = line.split_whitespace();
    let table = [words.next()?, words.next()?, words.next()?, words.next()?];
    (table == ["Benchmark", "Time", "CPU", "Iterations"])
        .then(|| words.filter(|word| *word != "UserCounters...").collect())
}

/// The rows of every table in the text.
pub(super) fn rows<'a>(collected: &mut Collected, content: &Content<'a>) -> Vec<Row<'a>> {
    let mut rows: Vec<Row<'_>> = Vec::new();
    let mut counters: Option<Vec<&str>> = None;
    for line in content.lines() {
        if let Some(found) = header(line.text) {
            counters = Some(found);
            continue;
        }
        let Some(counters) = &counters else { continue };
        let text = line.text.trim_end();
        if text.is_empty() || text.starts_with("---") || text.starts_with("***") {
            continue;
        }
        match row(text, counters) {
            Some(mut row) => {
                if let What::Nothing(reason) = &mut row.what {
                    *reason = format!("line {}: {reason}", line.number);
                }
                let few = row.counters.len() < counters.len();
                if few && time_factor(row.unit).is_some() {
                    let reason = "not as many values as the header has words for counters";
                    collected.skip(&row.name, format!("line {}: {reason}", line.number));
                    row.counters.clear();
                }
                rows.push(row);
            }
            // Only what looks like a result is one: programs print between them.
            None if text.contains("  ") && text.contains([' ', '.']) && has_time(text) => {
                let name = text.split("  ").next().unwrap_or(text);
                collected.skip(
                    name,
                    format!(
                        "line {}: expected a time, a CPU time and iterations behind the name",
                        line.number
                    ),
                );
            }
            None => {}
        }
    }
    mark_aggregates(&mut rows);
    rows
}

fn has_time(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.windows(2).any(|pair| match pair {
        [value, unit] => number(value).is_some() && time_factor(unit).is_some(),
        _ => false,
    })
}

fn row<'a>(text: &'a str, counters: &[&'a str]) -> Option<Row<'a>> {
    // Both end alike, and most lines have neither.
    let is_failed = text.contains("ED:");
    if is_failed && let Some((name, message)) = text.split_once("ERROR OCCURRED:") {
        return Some(nothing(name.trim(), message.trim().to_owned()));
    }
    if is_failed && let Some((name, message)) = text.split_once("SKIPPED:") {
        return Some(nothing(name.trim(), format!("skipped: {}", message.trim())));
    }
    // Names have spaces: the columns begin at the first "number unit number unit" behind two.
    if text.len() > LONGEST_ROW {
        return None;
    }
    for (blank, pair) in text.as_bytes().windows(2).enumerate() {
        if !matches!(pair, [b' ', b'0'..=b'9' | b'-']) {
            continue;
        }
        let (name, rest) = text.split_at_checked(blank)?;
        let mut words = rest.split_ascii_whitespace();
        let (Some(real), Some(real_unit), Some(cpu), Some(cpu_unit)) =
            (words.next(), words.next(), words.next(), words.next())
        else {
            return None;
        };
        let (Some(real_time), Some(cpu_time)) = (number(real), number(cpu)) else { continue };
        let fit = real_unit == cpu_unit && time_factor(real_unit).is_none();
        let iterations = words.next().and_then(count);
        if !fit && (time_factor(real_unit).is_none() || time_factor(cpu_unit).is_none()) {
            continue;
        }
        if !fit && iterations.is_none() {
            return None;
        }
        return Some(Row {
            name: Cow::Borrowed(name.trim()),
            what: What::Repetition,
            unit: real_unit,
            real_time,
            cpu_time: Some(cpu_time),
            cpu_unit,
            iterations: iterations.unwrap_or(1),
            counters: if counters.is_empty() {
                words.filter_map(assigned).collect()
            } else {
                let values = counters.iter().zip(words);
                values.filter_map(|(name, word)| scaled(name, word)).collect()
            },
        });
    }
    None
}

fn nothing(name: &str, reason: String) -> Row<'_> {
    Row {
        name: Cow::Borrowed(name),
        what: What::Nothing(reason),
        unit: "",
        real_time: 0.0,
        cpu_time: None,
        cpu_unit: "",
        iterations: 1,
        counters: Vec::new(),
    }
}

/// A counter `rate=82.035k/s`.
fn assigned(word: &str) -> Option<(&str, f64, &str)> {
    let (name, value) = word.split_once('=')?;
    scaled(name, value)
}

/// A counter, its value with its prefix (`21.6812G/s`, `4.06331ms`), and what it is per. Bytes have
/// prefixes of 1024 even where they are written without an `i`.
fn scaled<'a>(name: &'a str, value: &'a str) -> Option<(&'a str, f64, &'a str)> {
    let step = if name == "bytes_per_second" { 1024.0 } else { 1000.0 };
    // No measurement, which is said of it later.
    if matches!(value.trim_start_matches('-'), "nan" | "inf") {
        return Some((name, f64::NAN, ""));
    }
    let (number, unit) = quantity(value)?;
    let per = ["/s", "s"].into_iter().find(|per| unit.ends_with(per)).unwrap_or_default();
    let prefix = unit.strip_suffix(per)?;
    Some((name, number * prefix_factor(prefix, step)?, per))
}

#[cfg(test)]
mod tests {
    use super::super::super::{Format, InputFile, read as read_any};

    #[test]
    fn aggregates_alone_and_counters_that_the_header_announces() {
        let text = "\
            Benchmark              Time             CPU   Iterations UserCounters...\n\
            a                   30.2 ns         30.1 ns       453601 foo=5 rate=7.5k/s gap=-nan\n\
            b_mean              48.5 ns         39.2 ns            3\n\
            b_median            32.8 ns         32.7 ns            3\n\
            b_stddev            27.5 ns         11.6 ns            3\n\
            b_cv               56.62 %         29.67 %             3\n\
            b_ratio            50.00 %         50.00 %             3\n";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        let run = &reading.runs[0];
        let found = run.measurements.iter().map(|m| {
            let summary = m.summary();
            let centre = summary.median.unwrap();
            let (name, better) = (m.benchmark(), m.better());
            format!("{name} {} {centre} {:?} {better:?}", m.metric(), summary.std_dev)
        });
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                "a cpu_time 30.1 None Lower",
                "a foo 5 None Lower",
                "a rate 7500 None Higher",
                "a wall_time 30.2 None Lower",
                "b cpu_time 32.7 Some(11.6) Lower",
                "b wall_time 32.8 Some(27.5) Lower",
            ]
        );
        assert!(run.skipped[0].reason.starts_with("gap: "), "{:?}", run.skipped);
        assert_eq!(run.skipped.len(), 1);
    }

    #[test]
    fn columns_of_counters_whose_names_have_spaces_are_not_guessed() {
        let text = "\
            Benchmark              Time             CPU   Iterations        a b       rate\n\
            x                   30.2 ns         30.1 ns       453601          3     7.5k/s\n\
            Benchmark              Time             CPU   Iterations       rate\n\
            y                   30.2 ns         30.1 ns       453601     7.5k/s\n";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        let run = &reading.runs[0];
        let found = run.measurements.iter().map(|m| format!("{} {}", m.benchmark(), m.metric()));
        assert_eq!(
            found.collect::<Vec<_>>(),
            ["x cpu_time", "x wall_time", "y cpu_time", "y rate", "y wall_time"]
        );
        assert!(run.skipped[0].reason.starts_with("line 2: not as many values"));
        assert_eq!((&*run.skipped[0].name, run.skipped.len()), ("x", 1));
    }

    #[test]
    fn names_with_numbers_counters_and_failures() {
        let text = "2026-11-23 run\n\
            -----------------------------------------------------\n\
            Benchmark              Time             CPU   Iterations\n\
            -----------------------------------------------------\n\
            a 5 ns x/2          1.50 us         1400 ns       1,000 bytes_per_second=2G/s foo=4m lbl\n\
            bad                ERROR OCCURRED: 'on purpose'\n\
            left               SKIPPED: 'not here'\n\
            a_BigO              0.77 NlgN       0.76 NlgN \n\
            something a program prints\n\
            cut                 9.00 ns         8.0";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(reading.format, Format::GoogleBenchmark);
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {}", m.benchmark(), m.metric(), m.summary().median.unwrap()))
            .collect();
        assert_eq!(
            found,
            [
                "a 5 ns x/2 bytes_per_second 2147483648",
                "a 5 ns x/2 cpu_time 1400",
                "a 5 ns x/2 foo 0.004",
                "a 5 ns x/2 wall_time 1500",
            ]
        );
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(
            skipped,
            [
                "cut: line 10: expected a time, a CPU time and iterations behind the name",
                "bad: line 6: 'on purpose'",
                "left: line 7: skipped: 'not here'",
            ]
        );
    }
}
