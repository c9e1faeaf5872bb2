//! The plain CSV: one value a line, under a header with `benchmark` (or `name`) and `value`.
//!
//! - Lines of one benchmark and metric in one run and round are its sample, in the file's order;
//!   `iterations` says over how many iterations a value was averaged.
//! - Without `run` the file is one run, named after its content. Runs stay in the file's order;
//!   rounds are ordered by their number.
//! - `commit`, `order`, `time` and `machine` belong to the run, and `unit` and `better` to the
//!   benchmark's metric: lines that contradict each other are an error; an empty cell of a run's
//!   column says nothing.
//! - The metric is `wall_time` unless named, but a metric whose unit is no time is then named after
//!   its unit: bytes are no elapsed time.
//! - A value that is missing, infinite or not a number spoils the benchmark's metric in that run,
//!   which is then skipped with the reason. A cell that cannot be read at all spoils the file: the
//!   columns may be shifted.

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::Timestamp;

use super::super::content::Content;
use super::super::{Format, FormatError, Reading};
use super::csv_table::{
    BENCHMARK, BETTER, COMMIT, ITERATIONS, MACHINE, METRIC, ORDER, ROUND, RUN, Row, TIME, Table,
    UNIT, VALUE,
};
use crate::model::{
    BenchmarkId, Commit, Direction, Iterations, Machine, Measurement, Metric, Round, Run, RunId,
    Sample, Skipped, Unit,
};

/// Reads a whole file, already decoded.
pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let Content { file, text, .. } = content;
    let mut table = Table::new(file.name, text)?;
    let one_run = !table.has(RUN);
    let mut drafts: Vec<RunDraft> = Vec::new();
    let mut positions = BTreeMap::<String, usize>::new();
    let mut named_after_unit = BTreeMap::<String, u64>::new();
    while let Some(row) = table.next()? {
        let name = match row.cell(RUN) {
            Some(name) => name,
            None if one_run => "",
            None => return Err(row.error(RUN, "is empty: name the run on every line".to_owned())),
        };
        let position = positions.get(name).copied().unwrap_or(drafts.len());
        if position == drafts.len() {
            positions.insert(name.to_owned(), position);
            let id = if one_run { Ok(RunId::of_content(file.bytes)) } else { RunId::new(name) };
            let id = id.map_err(|error| row.error(RUN, error.to_string()))?;
            drafts.push(RunDraft::new(id));
        }
        if let Some(draft) = drafts.get_mut(position) {
            draft.add(&row, &mut named_after_unit)?;
        }
    }
    let mut notes = Vec::new();
    if drafts.is_empty() {
        notes.push("no line behind the header".to_owned());
    }
    notes.extend(named_after_unit.iter().map(|(unit, line)| {
        format!("line {line}: the unit {unit:?} is no time, so its metric is named after it")
    }));
    let runs = drafts.into_iter().map(RunDraft::finish).collect::<Result<_, _>>();
    let runs = runs.map_err(|(line, column, problem)| FormatError::CsvCell {
        file: file.name.to_owned(),
        line,
        column,
        problem,
    })?;
    Ok(Reading { format: Format::Csv, runs, notes })
}

/// What a line said, and which.
#[derive(Debug)]
struct Said<T> {
    value: T,
    line: u64,
}

/// Keeps what the first line says, and refuses another that contradicts it.
fn agree<T: PartialEq + Display>(
    said: &mut Option<Said<T>>,
    value: T,
    row: &Row<'_>,
    column: &'static str,
) -> Result<(), FormatError> {
    match said {
        None => *said = Some(Said { value, line: row.line }),
        Some(first) if first.value != value => {
            let problem = format!(
                "\"{value}\" contradicts \"{}\" on line {}: it must be the same in all lines of \
                 one run{}",
                first.value,
                first.line,
                if matches!(column, UNIT | BETTER) { ", benchmark and metric" } else { "" }
            );
            return Err(row.error(column, problem));
        }
        Some(_) => {}
    }
    Ok(())
}

#[derive(Debug)]
struct RunDraft {
    id: RunId,
    commit: Option<Said<String>>,
    order: Option<Said<u64>>,
    time: Option<Said<Timestamp>>,
    machine: Option<Said<String>>,
    measurements: BTreeMap<(BenchmarkId, Metric), MeasurementDraft>,
}

#[derive(Debug, Default)]
struct MeasurementDraft {
    unit: Option<Said<String>>,
    better: Option<Said<Direction>>,
    rounds: BTreeMap<u64, (Vec<f64>, Vec<u64>)>,
    problem: Option<String>,
}

impl RunDraft {
    fn new(id: RunId) -> Self {
        let measurements = BTreeMap::new();
        Self { id, commit: None, order: None, time: None, machine: None, measurements }
    }

    fn add(
        &mut self,
        row: &Row<'_>,
        named_after_unit: &mut BTreeMap<String, u64>,
    ) -> Result<(), FormatError> {
        if let Some(commit) = row.cell(COMMIT) {
            agree(&mut self.commit, commit.to_owned(), row, COMMIT)?;
        }
        if let Some(order) = row.parsed(ORDER, "a whole number")? {
            agree(&mut self.order, order, row, ORDER)?;
        }
        if let Some(time) = row.parsed(TIME, "a time like 2026-11-23T04:40:12Z")? {
            agree(&mut self.time, time, row, TIME)?;
        }
        if let Some(machine) = row.cell(MACHINE) {
            agree(&mut self.machine, machine.to_owned(), row, MACHINE)?;
        }

        let unit_text = row.cell(UNIT).unwrap_or("ns");
        let (unit, factor) = Unit::parse(unit_text);
        let metric = match row.cell(METRIC) {
            Some(metric) => metric,
            None if unit.is_time() => "wall_time",
            None => {
                named_after_unit.entry(unit_text.to_owned()).or_insert(row.line);
                unit_text
            }
        };
        let metric = Metric::new(metric).map_err(|e| row.error(METRIC, e.to_string()))?;
        let benchmark = BenchmarkId::new(row.raw(BENCHMARK))
            .map_err(|e| row.error(BENCHMARK, e.to_string()))?;
        let draft = self.measurements.entry((benchmark, metric)).or_default();
        agree(&mut draft.unit, unit_text.to_owned(), row, UNIT)?;
        let better = match row.cell(BETTER) {
            None | Some("lower") => Direction::Lower,
            Some("higher") => Direction::Higher,
            Some(other) => {
                let other: String = other.chars().take(40).collect();
                return Err(row.error(BETTER, format!("expected lower or higher, found {other:?}")));
            }
        };
        agree(&mut draft.better, better, row, BETTER)?;

        let round = row.parsed(ROUND, "a whole number")?.unwrap_or(0);
        let iterations: u64 = row.parsed(ITERATIONS, "a whole number of at least 1")?.unwrap_or(1);
        if iterations == 0 {
            let problem = "expected a whole number of at least 1, found 0".to_owned();
            return Err(row.error(ITERATIONS, problem));
        }
        let value = row.parsed::<f64>(VALUE, "a number with a decimal point and nothing else")?;
        let Some(value) = value else {
            draft.problem(row.line, "no value");
            return Ok(());
        };
        let written = row.raw(VALUE).trim();
        if !(value * factor).is_finite() {
            draft.problem(row.line, &format!("the value {written} is not finite"));
        } else if unit.is_time() && value < 0.0 {
            draft.problem(row.line, &format!("a time of {written} {unit_text} is negative"));
        } else {
            let (values, each) = draft.rounds.entry(round).or_default();
            values.push(value * factor);
            each.push(iterations);
        }
        Ok(())
    }

    /// The run; or the line and column of what does not fit, and why.
    fn finish(self) -> Result<Run, (u64, &'static str, String)> {
        let mut run = Run::new(self.id, Vec::new());
        run.time = self.time.map(|said| said.value);
        run.machine =
            self.machine.map(|said| Machine { name: Some(said.value), ..Machine::default() });
        run.commit = match (self.commit, self.order) {
            (None, None) => None,
            (None, Some(order)) => {
                let problem = "an order is that of a commit: expected its id in the column \
                               `commit` as well";
                return Err((order.line, ORDER, problem.to_owned()));
            }
            (Some(commit), order) => Some(Commit {
                id: commit.value,
                order: order.map(|said| said.value),
                ..Commit::default()
            }),
        };
        let mut measurements = Vec::new();
        for ((benchmark, metric), draft) in self.measurements {
            let (name, what) = (benchmark.to_string(), metric.to_string());
            match draft.finish(benchmark, metric) {
                Ok(measurement) => measurements.push(measurement),
                Err(reason) => {
                    run.skipped.push(Skipped { name, reason: format!("{what}: {reason}") });
                }
            }
        }
        run.set_measurements(measurements);
        Ok(run)
    }
}

impl MeasurementDraft {
    /// Remembers the first problem.
    fn problem(&mut self, line: u64, problem: &str) {
        self.problem.get_or_insert_with(|| format!("line {line}: {problem}"));
    }

    fn finish(self, benchmark: BenchmarkId, metric: Metric) -> Result<Measurement, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let unit = self.unit.map_or_else(Unit::nanoseconds, |said| Unit::parse(&said.value).0);
        let better = self.better.map_or_else(Direction::default, |said| said.value);
        let rounds = self.rounds.into_values().map(|(values, each)| {
            let same = each.first().copied().filter(|&n| each.iter().all(|&m| m == n));
            let iterations = same.map_or(Iterations::Each(each), Iterations::Every);
            Sample::new(values, iterations).map(Round::of)
        });
        let rounds = rounds.collect::<Result<_, _>>().map_err(|error| error.to_string())?;
        Measurement::new(benchmark, metric, unit, better, rounds).map_err(|e| e.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::{self, InputFile};

    fn read(text: &str) -> Result<Reading, String> {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        formats::read(&file, Some(Format::Csv)).map_err(|error| error.to_string())
    }

    #[test]
    fn lines_are_grouped_into_runs_rounds_and_samples() {
        let reading = read(
            "value,benchmark,unit,run,round,iterations,commit,order,time,machine\n\
             2,a,us,two,1,10,c2,7,2026-01-02T00:00:00Z,ci\n\
             1,a,us,one,,,,,,\n\
             3,a,us,two,2,10,,,,\n\
             4,a,us,two,1,20,c2,7,2026-01-02T01:00:00+01:00,\n",
        )
        .unwrap();
        let ids: Vec<&str> = reading.runs.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids, ["two", "one"]);
        let two = &reading.runs[0];
        assert_eq!((two.order(), two.machine_fingerprint().as_str()), (Some(7), "ci"));
        assert_eq!(two.time.unwrap().to_string(), "2026-01-02T00:00:00Z");
        let rounds = two.measurements[0].rounds();
        let samples: Vec<&Sample> = rounds.iter().filter_map(|r| r.sample.as_ref()).collect();
        assert_eq!(
            *samples[0],
            Sample::new(vec![2e3, 4e3], Iterations::Each(vec![10, 20])).unwrap()
        );
        assert_eq!(*samples[1], Sample::new(vec![3e3], Iterations::Every(10)).unwrap());
        assert_eq!(reading.runs[1].commit, None);
    }

    #[test]
    fn without_run_the_file_is_one_named_after_its_content() {
        let text = "benchmark,value\n\"a,b\",1\n c ,2.5e0\n";
        let reading = read(text).unwrap();
        assert_eq!(reading.runs[0].id, RunId::of_content(text.as_bytes()));
        let measurements = &reading.runs[0].measurements;
        assert_eq!(measurements[0].benchmark().as_str(), " c ");
        assert_eq!(measurements[1].benchmark().as_str(), "a,b");
        assert_eq!(measurements[1].metric(), &Metric::wall_time());
    }

    #[test]
    fn a_metric_that_is_no_time_is_named_after_its_unit() {
        let reading =
            read("benchmark,value,unit,better,metric\na,1,MB/s,higher,\na,2,,,\na,3,B,,heap")
                .unwrap();
        let found: Vec<(String, Direction)> = reading.runs[0]
            .measurements
            .iter()
            .map(|m| (format!("{} {}", m.metric(), m.unit()), m.better()))
            .collect();
        let (lower, higher) = (Direction::Lower, Direction::Higher);
        let expected = [("MB/s MB/s", higher), ("heap B", lower), ("wall_time ns", lower)];
        assert_eq!(found, expected.map(|(text, better)| (text.to_owned(), better)));
        assert_eq!(
            reading.notes,
            ["line 2: the unit \"MB/s\" is no time, so its metric is named after it"]
        );
    }

    #[test]
    fn a_missing_value_spoils_its_benchmark_only() {
        for (value, reason) in [
            ("", "wall_time: line 3: no value"),
            ("nan", "wall_time: line 3: the value nan is not finite"),
            ("-inf", "wall_time: line 3: the value -inf is not finite"),
            ("-2", "wall_time: line 3: a time of -2 s is negative"),
            ("1e300", "wall_time: line 3: the value 1e300 is not finite"),
        ] {
            let text = format!("benchmark,value,unit\na,1,s\na,{value},s\nb,1,s\n");
            let run = read(&text).unwrap().runs.remove(0);
            assert_eq!(run.measurements.len(), 1, "{value}");
            assert_eq!((&*run.skipped[0].name, &*run.skipped[0].reason), ("a", reason));
        }
    }

    #[test]
    fn contradictions_name_both_lines() {
        for (column, one, other) in [
            ("commit", "a", "b"),
            ("machine", "a", "b"),
            ("order", "1", "2"),
            ("time", "2026-01-02T00:00:00Z", "2026-01-02T00:00:01Z"),
        ] {
            let text = format!("benchmark,value,{column}\na,1,{one}\nb,2,\nc,3,{other}\n");
            assert_eq!(
                read(&text).unwrap_err(),
                format!(
                    "f, line 4, column `{column}`: \"{other}\" contradicts \"{one}\" on line 2: it \
                     must be the same in all lines of one run"
                )
            );
        }
        let error = read("benchmark,value,unit\na,1,ms\nb,1,s\na,1,\n").unwrap_err();
        assert!(
            error.contains("line 4, column `unit`: \"ns\" contradicts \"ms\" on line 2"),
            "{error}"
        );
        let error = read("benchmark,value,better\na,1,lower\na,1,higher\n").unwrap_err();
        assert!(error.ends_with("of one run, benchmark and metric"), "{error}");
    }

    #[test]
    fn a_cell_that_cannot_be_read_says_where_and_what_was_expected() {
        for (text, message) in [
            (
                "benchmark,value\na,\"1,5\"",
                "value`: expected a number with a decimal point and nothing else, found \"1,5\"",
            ),
            ("benchmark,value,round\na,1,x", "round`: expected a whole number, found \"x\""),
            (
                "benchmark,value,iterations\na,1,0",
                "iterations`: expected a whole number of at least 1, found 0",
            ),
            (
                "benchmark,value,time\na,1,yesterday",
                "time`: expected a time like 2026-11-23T04:40:12Z, found \"yesterday\"",
            ),
            ("benchmark,value,better\na,1,up", "better`: expected lower or higher, found \"up\""),
            ("benchmark,value,run\na,1,", "run`: is empty: name the run on every line"),
            ("benchmark,value\n,1", "benchmark`: benchmark name \"\" is empty"),
            (
                "benchmark,value,order\na,1,5",
                "order`: an order is that of a commit: expected its id in the column `commit` as \
                 well",
            ),
        ] {
            assert_eq!(read(text).unwrap_err(), format!("f, line 2, column `{message}"));
        }
    }

    #[test]
    fn a_header_alone_is_noted() {
        let reading = read("benchmark,value\n").unwrap();
        assert!(reading.runs.is_empty());
        assert_eq!(reading.notes, ["no line behind the header"]);
    }
}
