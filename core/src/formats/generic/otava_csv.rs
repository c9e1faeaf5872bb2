//! A CSV as Apache Otava reads it: a row for each run, with its time, attributes, and a column for each
//! metric; after the documentation of Otava 0.8.
//!
//! Otava is told by its configuration which columns are which; here they are told by what they hold. The
//! time is the column `time`, `timestamp`, `datetime` or `date`. A column whose first cell is a number
//! is a metric, and what else is there an attribute, of which the commit, branch, run and machine are
//! kept under their usual names. A metric's column may say its unit in brackets, and its metric before
//! that: `memory/add [ns]`, `memory/add [instructions: events]`, which is what the export writes.
//!
//! An empty cell and `nan` mean that the run has no such value. A run is named by its column `run`, else
//! after its time and commit: a file that has grown since gives the same runs again.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::numbers::number;
use super::super::{Format, FormatError, Reading};
use crate::model::{Commit, Machine, RunId, read_time};
use crate::text::from_csv_cell;

/// Names of the columns that have a meaning, in lower case; of several the first that is there is taken.
const TIME: [&str; 4] = ["time", "timestamp", "datetime", "date"];
const COMMIT: [&str; 9] = [
    "commit",
    "commit_id",
    "commit_hash",
    "git_commit",
    "sha",
    "hash",
    "revision",
    "rev",
    "version",
];
const BRANCH: [&str; 2] = ["branch", "git_branch"];
const RUN: [&str; 2] = ["run", "run_id"];
const MACHINE: [&str; 4] = ["machine", "host", "hostname", "runner"];
/// Numbers that measure nothing.
const COUNTERS: [&str; 6] = ["build", "build_id", "build_number", "id", "order", "pr"];

/// Within how many lines the header and the first row are: names of benchmarks may have several.
const LINES_OF_THE_HEADER: usize = 1_000;

/// Whether the first two lines are a header with a column for the time, and a row with a time in it.
pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    let Some(begin) = lines.iter().position(|line| !line.trim().is_empty()) else { return false };
    let head = lines.iter().skip(begin).take(LINES_OF_THE_HEADER);
    if !head.clone().next().is_some_and(|line| line.contains(',')) {
        return false;
    }
    let head = head.copied().collect::<Vec<_>>().join("\n");
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(head.as_bytes());
    let mut records = reader.records().map_while(Result::ok);
    let cells = |record: csv::StringRecord| record.iter().map(str::to_owned).collect();
    let (header, row): (Vec<String>, Vec<String>) = match (records.next(), records.next()) {
        (Some(header), Some(row)) => (cells(header), cells(row)),
        _ => return false,
    };
    let place = place_of(&header, &TIME);
    header.len() > 1
        && header.len() == row.len()
        && place.and_then(|place| row.get(place)).is_some_and(|cell| time(cell).is_some())
}

fn place_of(header: &[String], names: &[&str]) -> Option<usize> {
    names.iter().find_map(|name| header.iter().position(|cell| normalised(cell) == *name))
}

fn normalised(cell: &str) -> String {
    cell.trim().to_ascii_lowercase()
}

/// Reads a time: RFC 3339, with or without offset (which is then UTC) and time of day, or seconds or
/// milliseconds since 1970.
fn time(text: &str) -> Option<Timestamp> {
    let text = text.trim();
    if text.bytes().all(|byte| byte.is_ascii_digit()) {
        let number: i64 = text.parse().ok()?;
        return match text.len() {
            9..=11 => Timestamp::from_second(number).ok(),
            12..=14 => Timestamp::from_millisecond(number).ok(),
            _ => None,
        };
    }
    let close = text.replace(" +", "+").replace(" -", "-").replace(" UTC", "Z");
    let with = |rest: &str| read_time(&format!("{close}{rest}"));
    read_time(&close).or_else(|| with("Z")).or_else(|| with("T00:00:00Z"))
}

/// A column of values.
#[derive(Debug)]
struct Column {
    place: usize,
    benchmark: String,
    metric: Option<String>,
    unit: String,
}

impl Column {
    fn new(place: usize, header: &str) -> Self {
        let header = from_csv_cell(header).trim();
        let bracketed = header.strip_suffix(']').and_then(|rest| rest.rsplit_once('['));
        let Some((benchmark, within)) = bracketed.filter(|(name, _)| !name.trim().is_empty())
        else {
            let (metric, unit) = (Some("value".to_owned()), String::new());
            return Self { place, benchmark: header.to_owned(), metric, unit };
        };
        let (metric, unit) = match within.rsplit_once(": ") {
            Some((metric, unit)) if !metric.trim().is_empty() => (Some(metric.to_owned()), unit),
            _ => (None, within),
        };
        // The export's one space before the bracket is no part of the name.
        let benchmark = benchmark.strip_suffix(' ').unwrap_or(benchmark).to_owned();
        Self { place, benchmark, metric, unit: unit.to_owned() }
    }

    fn kind(&self) -> Kind<'_> {
        match &self.metric {
            Some(metric) => Kind::of_unit(metric, &self.unit),
            None => Kind::named_after_unit(&self.unit),
        }
    }
}

/// Which column is what.
#[derive(Debug)]
struct Columns {
    time: usize,
    commit: Option<usize>,
    branch: Option<usize>,
    run: Option<usize>,
    machine: Option<usize>,
    metrics: Vec<Column>,
    /// The names of those that are not looked at.
    ignored: Vec<String>,
}

impl Columns {
    fn new(header: &[String], rows: &[(u64, csv::StringRecord)]) -> Option<Self> {
        let mut columns = Self {
            time: place_of(header, &TIME)?,
            commit: place_of(header, &COMMIT),
            branch: place_of(header, &BRANCH),
            run: place_of(header, &RUN),
            machine: place_of(header, &MACHINE),
            metrics: Vec::new(),
            ignored: Vec::new(),
        };
        let named = [columns.commit, columns.branch, columns.run, columns.machine];
        for (place, name) in header.iter().enumerate() {
            if place == columns.time || named.contains(&Some(place)) {
                continue;
            }
            let mut cells =
                rows.iter().filter_map(|(_, row)| row.get(place)).filter(|c| !is_empty(c));
            let measured = cells.next().is_some_and(|cell| cell.trim().parse::<f64>().is_ok());
            if measured && !COUNTERS.contains(&normalised(name).as_str()) {
                columns.metrics.push(Column::new(place, name));
            } else {
                columns.ignored.push(name.clone());
            }
        }
        Some(columns)
    }
}

/// Whether a cell says that there is no value.
fn is_empty(cell: &str) -> bool {
    let cell = cell.trim();
    cell.is_empty() || cell.eq_ignore_ascii_case("nan")
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let (header, rows) = records(content)?;
    let Some(columns) = Columns::new(&header, &rows) else {
        return Err(content.line_error(
            1,
            format!(
                "expected a header with a column `time`, `timestamp`, `datetime` or `date`, found {}",
                content.beginning()
            ),
        ));
    };
    let mut reading = Reading { format: Format::OtavaCsv, runs: Vec::new(), notes: Vec::new() };
    let mut names = BTreeMap::<String, u64>::new();
    for (line, row) in &rows {
        let one = run(content, &columns, *line, row, &mut names)?;
        reading.runs.extend(one.runs);
        for note in one.notes {
            if !reading.notes.contains(&note) {
                reading.notes.push(note);
            }
        }
    }
    if rows.is_empty() {
        reading.notes.push("no line behind the header".to_owned());
    }
    if !columns.ignored.is_empty() {
        let ignored: Vec<String> =
            columns.ignored.iter().take(20).map(|name| format!("`{name}`")).collect();
        reading.notes.push(format!("no values are in the columns {}", ignored.join(", ")));
    }
    Ok(reading)
}

/// The header, and the rows with the 1-based lines they end in.
type Records = (Vec<String>, Vec<(u64, csv::StringRecord)>);

fn records(content: &Content<'_>) -> Result<Records, FormatError> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(content.text.as_bytes());
    let mut header: Option<Vec<String>> = None;
    let mut rows = Vec::new();
    let mut record = csv::StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok((header.unwrap_or_default(), rows)),
            Ok(true) => {}
            Err(error) => return Err(content.line_error(line, format!("not valid CSV: {error}"))),
        }
        let Some(header) = &header else {
            header = Some(record.iter().map(str::to_owned).collect());
            continue;
        };
        let line = record.position().map_or(line, csv::Position::line);
        if record.len() != header.len() {
            return Err(content.line_error(
                line,
                format!(
                    "{} cells, but the header names {} columns: quote a cell that holds a comma, \
                     and see whether the line is cut off",
                    record.len(),
                    header.len()
                ),
            ));
        }
        rows.push((line, record.clone()));
    }
}

fn run(
    content: &Content<'_>,
    columns: &Columns,
    line: u64,
    row: &csv::StringRecord,
    names: &mut BTreeMap<String, u64>,
) -> Result<Reading, FormatError> {
    let text = |place: Option<usize>| {
        let cell = from_csv_cell(row.get(place?)?).trim();
        (!cell.is_empty()).then(|| cell.to_owned())
    };
    let written = row.get(columns.time).unwrap_or_default();
    let Some(time) = time(written) else {
        let found: String = written.chars().take(40).collect();
        let problem = format!("expected a time like 2026-11-23T04:40:12Z, found {found:?}");
        return Err(content.line_error(line, problem));
    };
    let mut collected = Collected::new(Format::OtavaCsv);
    collected.time = Some(time);
    let commit = text(columns.commit);
    let key = format!("{time}\n{}", commit.as_deref().unwrap_or_default());
    collected.commit =
        commit.map(|id| Commit { id, branch: text(columns.branch), ..Commit::default() });
    collected.machine =
        text(columns.machine).map(|name| Machine { name: Some(name), ..Machine::default() });
    for column in &columns.metrics {
        let cell = row.get(column.place).unwrap_or_default();
        match number(cell) {
            _ if is_empty(cell) => {}
            Some(value) => collected.add(&column.benchmark, column.kind(), Values::single(value)),
            None => {
                let found: String = cell.chars().take(40).collect();
                let reason = format!("line {line}: expected a number, found {found:?}");
                collected.skip(&column.benchmark, reason);
            }
        }
    }
    let id = text(columns.run).and_then(|name| RunId::new(name).ok());
    let key = id.as_ref().map_or(key, ToString::to_string);
    let times = names.entry(key.clone()).or_default();
    *times += 1;
    let id = match (id, *times) {
        (Some(id), 1) => id,
        (_, 1) => RunId::of_content(key.as_bytes()),
        (_, times) => RunId::of_content(format!("{key}\n{times}").as_bytes()),
    };
    Ok(collected.finish_as(id, Repeated::Others))
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Result<Reading, String> {
        let file = InputFile { name: "f.csv", bytes: text.as_bytes() };
        read_any(&file, None).map_err(|error| error.to_string())
    }

    fn figures(reading: &Reading, run: usize) -> Vec<String> {
        let shown = |m: &crate::model::Measurement| {
            let centre = m.summary().centre().unwrap();
            format!("{} {} {} {} {centre}", m.benchmark(), m.metric(), m.unit(), m.better())
        };
        reading.runs[run].measurements.iter().map(shown).collect()
    }

    #[test]
    fn the_example_of_otava_is_read() {
        let text = "time,commit,metric1,metric2\n\
                    2021-01-01 02:00:00 +0000,aaa0,154023,10.43\n\
                    2021-01-02 03:00:00 +0100,aaa1,138455,10.23\n";
        let one = reading(text).unwrap();
        assert_eq!((one.format, one.runs.len()), (Format::OtavaCsv, 2));
        assert_eq!(figures(&one, 0), ["metric1 value  lower 154023", "metric2 value  lower 10.43"]);
        assert_eq!(one.runs[1].time.unwrap().to_string(), "2021-01-02T02:00:00Z");
        assert_eq!(one.runs[1].commit.as_ref().unwrap().id, "aaa1");
        assert!(one.notes[0].contains("which way `value` is better"), "{:?}", one.notes);
        // A grown file gives the same runs again.
        let grown = reading(&format!("{text}2021-01-03,aaa2,1,2\n")).unwrap();
        assert_eq!(grown.runs[..2], one.runs[..]);
    }

    #[test]
    fn columns_say_what_they_hold() {
        let text = "\"sha\",date,branch,host,note,build,a b [ms],a b [instructions: events],r [req/s]\n\
                    c1,1732510800,main,m,hello,7,1.5,12,nan\n\
                    c1,1732510800000,main,m,hello,8,,13,2e3\n";
        let reading = reading(text).unwrap();
        assert_eq!(
            figures(&reading, 0),
            ["a b instructions events lower 12", "a b wall_time ns lower 1500000"]
        );
        assert_eq!(
            figures(&reading, 1),
            ["a b instructions events lower 13", "r req/s req/s higher 2000"]
        );
        let run = &reading.runs[0];
        assert_eq!(run.machine_fingerprint(), "m");
        assert_eq!(run.commit.as_ref().unwrap().branch.as_deref(), Some("main"));
        assert_ne!(reading.runs[1].id, run.id);
        assert_eq!(reading.notes[1], "no values are in the columns `note`, `build`");
    }

    #[test]
    fn what_cannot_be_read_is_said() {
        let error = reading("time,a\n2021-01-01,1\nyesterday,2\n").unwrap_err();
        assert!(error.contains("line 3: expected a time like"), "{error}");
        let error = reading("time,a\n2021-01-01,1\n2021-01-02\n").unwrap_err();
        assert!(error.contains("line 3: 1 cells, but the header names 2 columns"), "{error}");
        let run = reading("time,a,b\n2021-01-01,1,2\n2021-01-02,1,inf\n").unwrap().runs.remove(1);
        assert_eq!(run.skipped[0].reason, "line 3: expected a number, found \"inf\"");
        assert_eq!(run.measurements.len(), 1);
        // Other tables with times are not taken for one.
        assert!(reading("time,a\nsoon,1\n").unwrap_err().contains("is of no known format"));
    }
}
