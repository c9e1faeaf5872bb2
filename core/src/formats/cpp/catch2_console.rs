//! Catch2's table for the console. Long names are wrapped over several lines, of which the last has
//! the numbers; every number has a unit of its own.

use super::super::collected::{Collected, Kind, Values};
use super::super::content::Content;
use super::super::numbers::{count, duration};
use super::catch2::full_name;
use crate::model::Summary;

/// Which columns a table has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Columns {
    /// Three lines a benchmark: samples, iterations and an estimate; the mean with its bounds; the
    /// deviation with its bounds.
    Analysed,
    /// One line, which ends with the mean: `--benchmark-no-analysis`.
    MeanOnly,
}

/// The kind of table whose header this line is.
pub(super) fn header(line: &str) -> Option<Columns> {
    let words: Vec<&str> = line.split_whitespace().collect();
    match words.as_slice() {
        ["benchmark", "name", "samples", "iterations", "mean"] => Some(Columns::MeanOnly),
        ["benchmark", "name", "samples", "iterations", ..] => Some(Columns::Analysed),
        _ => None,
    }
}

/// Where in the text a line is; rules of dashes lead from one place to the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// Outside of everything that counts.
    Between,
    /// Above a table: the test case, and its sections further in.
    Path,
    /// In a table's header.
    Header,
    /// In a table.
    Rows,
}

/// What a benchmark's lines have said so far.
#[derive(Debug, Default)]
struct Open {
    name: String,
    line: u64,
    summary: Summary,
}

pub(super) fn read(collected: &mut Collected, content: &Content<'_>) {
    let (mut columns, mut place) = (Columns::Analysed, Place::Between);
    let mut path: Vec<String> = Vec::new();
    let mut wrapped: Vec<&str> = Vec::new();
    let mut open: Option<Open> = None;
    for line in content.lines() {
        let text = line.text.trim();
        if let Some(found) = header(text) {
            (columns, place) = (found, Place::Header);
            continue;
        }
        if text.starts_with("-----") {
            close(collected, &mut open, &path);
            wrapped.clear();
            place = match place {
                Place::Header => Place::Rows,
                Place::Path => Place::Between,
                Place::Between | Place::Rows => {
                    path.clear();
                    Place::Path
                }
            };
            continue;
        }
        match place {
            Place::Path if !text.is_empty() => path.push(text.to_owned()),
            Place::Rows if text.is_empty() => {
                close(collected, &mut open, &path);
                wrapped.clear();
            }
            _ => {}
        }
        if place != Place::Rows || text.is_empty() {
            continue;
        }
        if let Some((name, why)) = text.split_once("Benchmark failed") {
            wrapped.push(name.trim());
            let name = wrapped.join(" ");
            wrapped.clear();
            collected.skip(
                name.trim(),
                format!("line {}: it failed: {}", line.number, why.trim().trim_matches(['(', ')'])),
            );
            continue;
        }
        if let Some(open) = &mut open
            && let Some(first) = times(text)
        {
            if open.summary.mean.is_none() {
                open.summary.mean = Some(first);
            } else if open.summary.std_dev.is_none() {
                open.summary.std_dev = Some(first);
            }
            continue;
        }
        match last_line(text) {
            Some((name, n, time)) => {
                close(collected, &mut open, &path);
                wrapped.push(name);
                let mean = (columns == Columns::MeanOnly).then_some(time);
                let summary = Summary { n: Some(n), mean, ..Summary::default() };
                open = Some(Open { name: wrapped.join(" "), line: line.number, summary });
                wrapped.clear();
                if columns == Columns::MeanOnly {
                    close(collected, &mut open, &path);
                }
            }
            None => wrapped.push(text),
        }
    }
    close(collected, &mut open, &path);
}

fn close(collected: &mut Collected, open: &mut Option<Open>, path: &[String]) {
    let Some(Open { name, line, summary }) = open.take() else { return };
    if summary.mean.is_none() {
        let reason = format!("line {line}: no mean below its name: is the file cut off?");
        return collected.skip(&name, reason);
    }
    let full = full_name(path.iter().map(String::as_str), &name);
    collected.add_told_apart(&name, full.into(), Kind::wall_time("ns"), Values::Summary(summary));
}

/// The line with a name's last part, samples, iterations, and a time.
fn last_line(text: &str) -> Option<(&str, u64, f64)> {
    let (rest, unit) = text.rsplit_once(' ')?;
    let (rest, value) = rest.trim_end().rsplit_once(' ')?;
    let time = duration(&format!("{value} {unit}"))?;
    let (rest, iterations) = rest.trim_end().rsplit_once(' ')?;
    let (name, samples) = rest.trim_end().rsplit_once(' ')?;
    count(iterations)?;
    Some((name.trim(), count(samples)?, time))
}

/// The first of three times in a line that holds nothing else, in nanoseconds.
fn times(text: &str) -> Option<f64> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [first, unit, low, low_unit, high, high_unit] = words.as_slice() else { return None };
    duration(&format!("{low} {low_unit}"))?;
    duration(&format!("{high} {high_unit}"))?;
    duration(&format!("{first} {unit}"))
}
