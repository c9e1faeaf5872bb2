//! tango, which compares two builds by pairs of measurements; checked with tango-bench
//! 0.5.0, 0.6.0, 0.8.0 and 0.9.0.
//!
//! - `solo`: smallest value, mean, largest value and standard deviation.
//! - `compare`, also with `-v`: of the pair only the candidate is read. The baseline's mean stands
//!   beside it, but it is another build, and belongs in a run of its own.
//! - The dumps (`--dump DIR`): a file for each benchmark, with the baseline's and the candidate's
//!   total and their number of iterations in each line. The benchmark is named after the file, in
//!   which `/` has become `-`.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::numbers::{duration, trimmed};
use super::super::plain_text::{lines, plain};
use super::super::search::{rsplit_once, split_once};
use super::super::{Format, FormatError, InputFile, Reading};
use crate::model::{Iterations, RunId, Summary};

const PAIRED: &str = "a paired comparison: the candidate's side is read, the baseline's is not";

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    is_dump(lines.iter().copied())
        || lines.iter().any(|line| {
            bracketed(line).is_some_and(|(_, cells, _)| cells.iter().all(|c| duration(c).is_some()))
                || verbose_name(line).is_some()
        })
}

/// Whether there is nothing but three whole numbers in each line.
fn is_dump<'a>(lines: impl Iterator<Item = &'a str>) -> bool {
    let mut any = false;
    for line in lines.filter(|line| !line.trim().is_empty()) {
        any = true;
        if pair(line).is_none() {
            return false;
        }
    }
    any
}

/// The candidate's total in nanoseconds, and the iterations.
fn pair(line: &str) -> Option<(f64, u64)> {
    let mut cells = line.trim().split(',');
    let mut whole = || cells.next()?.parse::<u64>().ok();
    let (_baseline, candidate, iterations) = (whole()?, whole()?, whole()?);
    cells.next().is_none().then_some((candidate as f64, iterations))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    if let Some(error) = content.json_error() {
        return Err(error.clone());
    }
    let mut collected = Collected::new(Format::Tango);
    let first = content.lines().find(|line| !line.text.trim().is_empty());
    if first.is_some_and(|line| pair(line.text).is_some()) {
        dump(&mut collected, content.file.name, content.plain);
    } else {
        text(&mut collected, content);
    }
    Ok(collected.finish(content, Repeated::Others))
}

/// Whether these are the files of a dump.
pub(in super::super) fn is_directory(files: &[InputFile<'_>]) -> bool {
    let mut dumps = files.iter().filter(|file| file.has_extension("csv")).peekable();
    dumps.peek().is_some()
        && dumps.all(|file| file.text().is_ok_and(|text| is_dump(plain(&text).lines())))
}

/// Reads the dumps among `files` as one run.
pub(in super::super) fn read_directory(files: &[InputFile<'_>]) -> Reading {
    let mut collected = Collected::new(Format::Tango);
    let dumps = || files.iter().filter(|file| file.has_extension("csv"));
    for file in dumps() {
        match file.text() {
            Ok(text) => dump(&mut collected, file.name, &plain(&text)),
            Err(error) => collected.skip(file.name, error.to_string()),
        }
    }
    let id = RunId::of_contents(dumps().map(|file| file.bytes));
    collected.finish_as(id, Repeated::Others)
}

fn dump(collected: &mut Collected, file: &str, plain: &str) {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let name = name.strip_suffix(".csv").unwrap_or(name);
    let (mut values, mut each) = (Vec::new(), Vec::new());
    for line in lines(plain).filter(|line| !line.text.trim().is_empty()) {
        match pair(line.text) {
            Some((total, iterations)) if iterations > 0 => {
                values.push(total / iterations as f64);
                each.push(iterations);
            }
            _ => {
                let found: String = line.text.chars().take(60).collect();
                return collected.skip(
                    name,
                    format!(
                        "{file}, line {}: expected the baseline's total, the candidate's total and \
                         a number of iterations, found {found:?}",
                        line.number
                    ),
                );
            }
        }
    }
    let values = Values::Sample(values, Iterations::Each(each));
    collected.add(name, Kind::wall_time("ns"), values);
    collected.note(PAIRED);
}

fn text(collected: &mut Collected, content: &Content<'_>) {
    let mut verbose: Option<Verbose<'_>> = None;
    let mut paired = false;
    for line in content.lines() {
        if let Some((name, n)) = verbose_name(line.text) {
            if let Some(before) = verbose.take() {
                before.finish(collected);
            }
            verbose = Some(Verbose { name, summary: Summary { n, ..Summary::default() } });
            paired = true;
        } else if let Some((label, cells)) = split_once(line.text, BAR) {
            if let Some(verbose) = &mut verbose {
                verbose.row(label.trim(), cells);
            }
        } else if let Some((name, cells, rest)) = bracketed(line.text) {
            let times: Option<Vec<f64>> = cells.iter().map(|cell| duration(cell)).collect();
            let summary = match times.as_deref() {
                Some(&[minimum, mean, maximum]) => Some(Summary {
                    minimum: Some(minimum),
                    mean: Some(mean),
                    maximum: Some(maximum),
                    std_dev: split_once(rest, b"stddev:").and_then(|(_, text)| duration(text)),
                    ..Summary::default()
                }),
                Some(&[_, candidate]) => {
                    paired = true;
                    Some(Summary { mean: Some(candidate), ..Summary::default() })
                }
                _ => None,
            };
            match summary {
                Some(summary) => {
                    collected.add(name, Kind::wall_time("ns"), Values::Summary(summary));
                }
                None => collected.skip(
                    name,
                    format!("line {}: expected times in brackets, found {cells:?}", line.number),
                ),
            }
        }
    }
    if let Some(last) = verbose {
        last.finish(collected);
    }
    if paired {
        collected.note(PAIRED);
    }
}

/// A line `name   [ 142.5 ns ... 189.0 ns ... 663.9 ns ]  stddev:  90.8 ns`: the name, what stands
/// in brackets, and the rest.
fn bracketed(line: &str) -> Option<(&str, Vec<&str>, &str)> {
    let (name, rest) = rsplit_once(line, b" [ ")?;
    let (mut within, rest) = split_once(rest, b"]").unwrap_or((rest, ""));
    let mut cells = Vec::with_capacity(3);
    while let Some((cell, behind)) = split_once(within, b" ... ") {
        cells.push(trimmed(cell));
        within = behind;
    }
    cells.push(trimmed(within));
    let name = name.trim();
    (cells.len() > 1 && !name.is_empty()).then_some((name, cells, rest))
}

/// A line `name  (n: 71, outliers: 0)` above a table.
fn verbose_name(line: &str) -> Option<(&str, Option<u64>)> {
    let (name, counts) = rsplit_once(line, b"  (n: ")?;
    let (n, _) = split_once(counts, b", outliers: ")?;
    Some((name.trim(), n.parse().ok()))
}

/// What stands between the columns of a table: `│`.
const BAR: &[u8; 3] = b"\xe2\x94\x82";

#[derive(Debug)]
struct Verbose<'a> {
    name: &'a str,
    summary: Summary,
}

impl Verbose<'_> {
    /// A row `mean │ 452.6 ns  232.2 ns  -220.4 ns  -48.70%*`, of which the second cell counts.
    fn row(&mut self, label: &str, cells: &str) {
        let words: Vec<&str> = cells.split_whitespace().collect();
        let [_, _, value, unit, ..] = words.as_slice() else { return };
        let time = duration(&format!("{value} {unit}"));
        match label {
            "mean" => self.summary.mean = time,
            "min" => self.summary.minimum = time,
            "max" => self.summary.maximum = time,
            "std. dev." => self.summary.std_dev = time,
            _ => {}
        }
    }

    fn finish(self, collected: &mut Collected) {
        if self.summary.mean.is_none() {
            collected.skip(self.name, "no row `mean` in the table below its name");
            return;
        }
        collected.add(self.name, Kind::wall_time("ns"), Values::Summary(self.summary));
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::read as read_any;
    use super::*;

    #[test]
    fn the_table_of_a_verbose_comparison() {
        let text = "\r\u{1b}[2Ka b  (n: 71, outliers: 0)\n  baseline  candidate  ∆\n\
                    \x20   mean         │   452.6 ns   232.2 ns   -220.4 ns   -48.70%*\n\
                    \x20   min          │   141.8 ns   87.2 ns   -54.7 ns\n\
                    \x20   std. dev.    │   226.0 ns   204.8 ns   263.0 ns\n\
                    \x20   cpu_sys      │   0    0    0   NaN%\n\
                    \r\u{1b}[2Kcut  (n: 44, outliers: 0)\n";
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(
            (reading.format, reading.notes.as_slice()),
            (Format::Tango, &[PAIRED.into()][..])
        );
        let run = &reading.runs[0];
        let summary = run.measurements[0].summary();
        assert_eq!(
            (summary.n, summary.mean, summary.std_dev),
            (Some(71), Some(232.2), Some(204.8))
        );
        assert_eq!(run.skipped[0].name, "cut");
    }

    #[test]
    fn a_dump_with_something_else_in_it_is_skipped() {
        let file = |bytes| InputFile { name: "d/a b.csv", bytes };
        let reading = read_any(&file(b"10,20,2\n8,12,1\n"), None).unwrap();
        let measurement = &reading.runs[0].measurements[0];
        assert_eq!(measurement.benchmark().as_str(), "a b");
        assert_eq!(measurement.values(), Some(vec![10.0, 12.0]));
        let reading = read_any(&file(b"10,20,2\n8,12,\n"), Some(Format::Tango)).unwrap();
        assert!(
            reading.runs[0].skipped[0].reason.contains("a b.csv, line 2: expected the baseline")
        );
    }
}
