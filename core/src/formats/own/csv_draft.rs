//! Runs and measurements while the lines of a plain CSV are read.

use std::collections::BTreeMap;
use std::fmt::Display;

use jiff::Timestamp;

use super::super::FormatError;
use super::csv_table::{CsvColumn, Row};
use crate::model::{
    BenchmarkId, Commit, Direction, Iterations, Machine, Measurement, Metric, Round, Run, RunId,
    Sample, Skipped, Summary, Unit, read_time,
};
use crate::wire;

/// Units after which a metric was named, and the first line of each.
pub(super) type UnitsNamed = BTreeMap<String, u64>;

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
    column: CsvColumn,
) -> Result<(), FormatError> {
    match said {
        None => *said = Some(Said { value, line: row.line }),
        Some(first) if first.value != value => {
            return Err(contradiction(&first.value, first.line, &value, row, column));
        }
        Some(_) => {}
    }
    Ok(())
}

/// As [`agree`], for text, which is only copied where it is new.
fn agree_on_text(
    said: &mut Option<Said<String>>,
    text: &str,
    row: &Row<'_>,
    column: CsvColumn,
) -> Result<(), FormatError> {
    match said {
        Some(first) if first.value == text => Ok(()),
        said => agree(said, text.to_owned(), row, column),
    }
}

fn contradiction(
    first: &dyn Display,
    line: u64,
    value: &dyn Display,
    row: &Row<'_>,
    column: CsvColumn,
) -> FormatError {
    let within = match column {
        CsvColumn::Unit | CsvColumn::Better | CsvColumn::Executable => ", benchmark and metric",
        CsvColumn::N | CsvColumn::Position => ", benchmark, metric and round",
        column if CsvColumn::FIGURES.contains(&column) => ", benchmark, metric and round",
        _ => "",
    };
    row.error(
        column,
        format!(
            "\"{value}\" contradicts \"{first}\" on line {line}: it must be the same in all lines \
             of one run{within}"
        ),
    )
}

/// A run as far as it was read.
#[derive(Debug)]
pub(super) struct RunDraft {
    id: RunId,
    commit: Option<Said<String>>,
    order: Option<Said<u64>>,
    branch: Option<Said<String>>,
    dirty: Option<Said<bool>>,
    time: Option<Said<Timestamp>>,
    machine: Option<Said<String>>,
    toolchain: Option<Said<String>>,
    details: Option<Said<String>>,
    measurements: Vec<MeasurementDraft>,
    /// By benchmark and metric, with a NUL between them.
    positions: BTreeMap<String, u64>,
    /// The measurement that the line before belonged to.
    last: usize,
}

#[derive(Debug)]
struct MeasurementDraft {
    benchmark: BenchmarkId,
    metric: Metric,
    unit: Option<Said<String>>,
    better: Option<Said<Direction>>,
    executable: Option<Said<String>>,
    // Boxed: the map takes room for eleven at once, and most have one.
    rounds: BTreeMap<u64, Box<RoundDraft>>,
    problem: Option<String>,
}

#[derive(Debug, Default)]
struct RoundDraft {
    values: Vec<f64>,
    iterations: Vec<u64>,
    n: Option<Said<u64>>,
    position: Option<Said<u32>>,
    figures: Summary,
    /// The line that gave the first of them.
    line: u64,
}

impl RunDraft {
    pub(super) fn new(id: RunId) -> Self {
        Self {
            id,
            commit: None,
            order: None,
            branch: None,
            dirty: None,
            time: None,
            machine: None,
            toolchain: None,
            details: None,
            measurements: Vec::new(),
            positions: BTreeMap::new(),
            last: 0,
        }
    }

    pub(super) fn add(
        &mut self,
        row: &Row<'_>,
        named_after_unit: &mut UnitsNamed,
    ) -> Result<(), FormatError> {
        for (said, column) in [
            (&mut self.commit, CsvColumn::Commit),
            (&mut self.branch, CsvColumn::Branch),
            (&mut self.machine, CsvColumn::Machine),
            (&mut self.toolchain, CsvColumn::Toolchain),
            (&mut self.details, CsvColumn::Details),
        ] {
            if let Some(text) = row.cell(column) {
                agree_on_text(said, text, row, column)?;
            }
        }
        if let Some(order) = row.parsed(CsvColumn::Order, "a whole number")? {
            agree(&mut self.order, order, row, CsvColumn::Order)?;
        }
        if let Some(dirty) = row.parsed(CsvColumn::Dirty, "true or false")? {
            agree(&mut self.dirty, dirty, row, CsvColumn::Dirty)?;
        }
        if let Some(time) =
            row.read(CsvColumn::Time, "a time like 2026-11-23T04:40:12Z", read_time)?
        {
            agree(&mut self.time, time, row, CsvColumn::Time)?;
        }
        // A line that says its metric and what its value is says its unit as well: none is none.
        let said = |column| row.cell(column).is_some();
        let unit_text = row.cell(CsvColumn::Unit);
        let unit_text = match unit_text {
            None if said(CsvColumn::Metric) && said(CsvColumn::Statistic) => "",
            unit => unit.unwrap_or("ns"),
        };
        let (unit, factor) = Unit::parse(unit_text);
        let metric = match row.cell(CsvColumn::Metric) {
            Some(metric) => metric,
            None if unit.is_time() => "wall_time",
            None => {
                if !named_after_unit.contains_key(unit_text) {
                    named_after_unit.insert(unit_text.to_owned(), row.line);
                }
                unit_text
            }
        };
        let draft = self.measurement(row, metric)?;
        draft.add(row, unit_text, &unit, factor)
    }

    /// The measurement that a line belongs to.
    fn measurement(
        &mut self,
        row: &Row<'_>,
        metric: &str,
    ) -> Result<&mut MeasurementDraft, FormatError> {
        let name = row.raw(CsvColumn::Benchmark);
        let same = self
            .measurements
            .get(self.last)
            .is_some_and(|last| last.benchmark.as_str() == name && last.metric.as_str() == metric);
        if !same {
            let key = [name, metric].join("\0");
            let known = self.positions.get(&key).and_then(|known| usize::try_from(*known).ok());
            self.last = known.unwrap_or(self.measurements.len());
            if known.is_none() {
                let metric =
                    Metric::new(metric).map_err(|e| row.error(CsvColumn::Metric, e.to_string()))?;
                let benchmark = BenchmarkId::new(name)
                    .map_err(|e| row.error(CsvColumn::Benchmark, e.to_string()))?;
                self.measurements.push(MeasurementDraft::new(benchmark, metric));
                self.positions.insert(key, self.last as u64);
            }
        }
        let problem = || row.error(CsvColumn::Benchmark, "has no place".to_owned());
        self.measurements.get_mut(self.last).ok_or_else(problem)
    }

    /// The run; or the line and column of what does not fit, and why.
    pub(super) fn finish(self) -> Result<Run, (u64, CsvColumn, String)> {
        let mut run = match &self.details {
            None => Run::new(self.id.clone(), Vec::new()),
            Some(Said { value, line }) => {
                let run = wire::read_run(value.as_bytes());
                let run = run.map_err(|e| (*line, CsvColumn::Details, e.to_string()))?;
                Run { id: self.id.clone(), measurements: Vec::new(), ..run }
            }
        };
        run.time = self.time.as_ref().map(|said| said.value).or(run.time);
        if let Some(toolchain) = &self.toolchain {
            run.toolchain = Some(toolchain.value.clone());
        }
        if let Some(Said { value: name, .. }) = &self.machine
            && run.machine.as_ref().is_none_or(|machine| machine.fingerprint() != *name)
        {
            run.machine = Some(Machine { name: Some(name.clone()), ..Machine::default() });
        }
        run.commit = self.commit(run.commit)?;
        let mut measurements = Vec::new();
        for draft in self.measurements {
            let (name, what) = (draft.benchmark.to_string(), draft.metric.to_string());
            match draft.finish() {
                Ok(measurement) => measurements.push(measurement),
                Err(reason) => {
                    run.skipped.push(Skipped { name, reason: format!("{what}: {reason}") });
                }
            }
        }
        run.set_measurements(measurements);
        Ok(run)
    }

    /// The commit by the columns, with what the details say of the same.
    fn commit(&self, detailed: Option<Commit>) -> Result<Option<Commit>, (u64, CsvColumn, String)> {
        let mut commit = match (&self.commit, detailed) {
            (Some(said), Some(detailed)) if said.value == detailed.id => detailed,
            (Some(said), _) => Commit { id: said.value.clone(), ..Commit::default() },
            (None, Some(detailed)) => detailed,
            (None, None) => {
                let without = [
                    (self.order.as_ref().map(|said| said.line), CsvColumn::Order, "an order"),
                    (self.branch.as_ref().map(|said| said.line), CsvColumn::Branch, "a branch"),
                    (self.dirty.as_ref().map(|said| said.line), CsvColumn::Dirty, "dirty"),
                ];
                return match without.into_iter().find_map(|(line, c, what)| Some((line?, c, what)))
                {
                    None => Ok(None),
                    Some((line, column, what)) => {
                        let problem = format!(
                            "{what} is that of a commit: expected its id in the column `commit` as \
                             well"
                        );
                        Err((line, column, problem))
                    }
                };
            }
        };
        commit.order = self.order.as_ref().map(|said| said.value).or(commit.order);
        commit.branch = self.branch.as_ref().map(|said| said.value.clone()).or(commit.branch);
        commit.dirty = self.dirty.as_ref().map_or(commit.dirty, |said| said.value);
        Ok(Some(commit))
    }
}

impl MeasurementDraft {
    fn new(benchmark: BenchmarkId, metric: Metric) -> Self {
        Self {
            benchmark,
            metric,
            unit: None,
            better: None,
            executable: None,
            rounds: BTreeMap::new(),
            problem: None,
        }
    }

    fn add(
        &mut self,
        row: &Row<'_>,
        unit_text: &str,
        unit: &Unit,
        factor: f64,
    ) -> Result<(), FormatError> {
        agree_on_text(&mut self.unit, unit_text, row, CsvColumn::Unit)?;
        let better = match row.cell(CsvColumn::Better) {
            None | Some("lower") => Direction::Lower,
            Some("higher") => Direction::Higher,
            Some(other) => {
                return Err(row.expected(CsvColumn::Better, "lower or higher", other));
            }
        };
        agree(&mut self.better, better, row, CsvColumn::Better)?;
        if let Some(executable) = row.cell(CsvColumn::Executable) {
            agree_on_text(&mut self.executable, executable, row, CsvColumn::Executable)?;
        }
        let round = row.parsed(CsvColumn::Round, "a whole number")?.unwrap_or(0);
        let round = self.rounds.entry(round).or_default();
        if row.of_rounds {
            round.add_figures(row, factor)?;
        }
        let iterations: u64 =
            row.parsed(CsvColumn::Iterations, "a whole number of at least 1")?.unwrap_or(1);
        if iterations == 0 {
            let problem = "expected a whole number of at least 1, found 0".to_owned();
            return Err(row.error(CsvColumn::Iterations, problem));
        }
        let statistic = match row.cell(CsvColumn::Statistic) {
            None | Some("value") => None,
            Some("median") => Some(CsvColumn::Median),
            Some("mean") => Some(CsvColumn::Mean),
            Some(other) => {
                return Err(row.expected(CsvColumn::Statistic, "value, median or mean", other));
            }
        };
        let value =
            row.parsed::<f64>(CsvColumn::Value, "a number with a decimal point and nothing else")?;
        let problem = match value {
            None if round.figures.centre().is_some() => return Ok(()),
            None => "no value".to_owned(),
            Some(value) if !(value * factor).is_finite() => {
                format!("the value {} is not finite", row.raw(CsvColumn::Value).trim())
            }
            Some(value) if unit.is_time() && value < 0.0 => {
                let written = row.raw(CsvColumn::Value).trim();
                format!("a time of {written} {unit_text} is negative")
            }
            Some(value) => {
                if let Some(figure) = statistic {
                    round.add_figure(row, figure, value * factor)?;
                } else {
                    round.values.push(value * factor);
                    round.iterations.push(iterations);
                }
                return Ok(());
            }
        };
        self.problem.get_or_insert_with(|| format!("line {}: {problem}", row.line));
        Ok(())
    }

    fn finish(self) -> Result<Measurement, String> {
        if let Some(problem) = self.problem {
            return Err(problem);
        }
        let unit = self.unit.map_or_else(Unit::nanoseconds, |said| Unit::parse(&said.value).0);
        let better = self.better.map_or_else(Direction::default, |said| said.value);
        let rounds: Result<Vec<Round>, String> =
            self.rounds.into_values().map(|round| round.finish()).collect();
        let mut measurement = Measurement::new(self.benchmark, self.metric, unit, better, rounds?)
            .map_err(|e| e.to_string())?;
        if let Some(executable) = self.executable {
            measurement.set_executable(executable.value);
        }
        Ok(measurement)
    }
}

impl RoundDraft {
    fn add_figures(&mut self, row: &Row<'_>, factor: f64) -> Result<(), FormatError> {
        if let Some(n) = row.parsed(CsvColumn::N, "a whole number")? {
            agree(&mut self.n, n, row, CsvColumn::N)?;
        }
        if let Some(position) = row.parsed(CsvColumn::Position, "a whole number")? {
            agree(&mut self.position, position, row, CsvColumn::Position)?;
        }
        for column in CsvColumn::FIGURES {
            if let Some(figure) = row.parsed::<f64>(column, "a number with a decimal point")? {
                self.add_figure(row, column, figure * factor)?;
            }
        }
        Ok(())
    }

    fn add_figure(
        &mut self,
        row: &Row<'_>,
        column: CsvColumn,
        figure: f64,
    ) -> Result<(), FormatError> {
        let line = if self.line == 0 { row.line } else { self.line };
        self.line = line;
        match column.figure(&mut self.figures) {
            Some(Some(first)) if first.to_bits() != figure.to_bits() => {
                Err(contradiction(first, line, &figure, row, column))
            }
            Some(place) => {
                *place = Some(figure);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn finish(self) -> Result<Round, String> {
        let Self { values, iterations: each, mut figures, n, position, .. } = self;
        figures.n = n.map(|said| said.value);
        let round = if values.is_empty() {
            Round::summarised(figures)
        } else {
            let same = each.first().copied().filter(|&n| each.iter().all(|&m| m == n));
            let iterations = same.map_or(Iterations::Each(each), Iterations::Every);
            let round =
                Round::of(Sample::new(values, iterations).map_err(|error| error.to_string())?);
            // What is said goes before what is computed; with its n and centre it is all there is.
            let all_said = figures.n.is_some() && figures.centre().is_some();
            let mut summary = if all_said { Summary::default() } else { round.summary() };
            for column in CsvColumn::FIGURES {
                if let (Some(own), Some(computed)) =
                    (column.figure(&mut figures).copied(), column.figure(&mut summary))
                {
                    *computed = own.or(*computed);
                }
            }
            summary.n = figures.n.or(summary.n);
            round.with_summary(summary)
        };
        Ok(round.with_position(position.map(|said| said.value)))
    }
}
