//! The flat table of runs: one row for each raw value, and one for each round of which only figures
//! are known.
//!
//! A value is the smallest thing that was measured, so whoever reads the table can aggregate as they
//! like, and needs no nested types for it. What belongs to a round (the figures of its summary) stands
//! in the round's first row, so that summing up rounds is a `WHERE` and not a `GROUP BY`; what belongs
//! to the run and is asked for often stands in every row; and what else is known of a run is the
//! column `details` of the run's first row.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::formats::CsvColumn;
use crate::model::{Measurement, Round, Run, Sample, Summary};
use crate::wire;

/// What a cell holds.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'a> {
    Missing,
    Text(Cow<'a, str>),
    Real(f64),
    Whole(u64),
    Time(Timestamp),
    Flag(bool),
}

/// What a column's cells are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Text,
    Real,
    Whole,
    Time,
    Flag,
}

/// What the cells of a column are.
pub(super) fn kind(column: CsvColumn) -> Kind {
    match column {
        CsvColumn::Benchmark
        | CsvColumn::Metric
        | CsvColumn::Statistic
        | CsvColumn::Unit
        | CsvColumn::Better
        | CsvColumn::Run
        | CsvColumn::Commit
        | CsvColumn::Branch
        | CsvColumn::Machine
        | CsvColumn::Toolchain
        | CsvColumn::Executable
        | CsvColumn::Details => Kind::Text,
        CsvColumn::Iterations
        | CsvColumn::Round
        | CsvColumn::Order
        | CsvColumn::N
        | CsvColumn::Position => Kind::Whole,
        CsvColumn::Value
        | CsvColumn::Median
        | CsvColumn::Mean
        | CsvColumn::StdDev
        | CsvColumn::Minimum
        | CsvColumn::LowerQuartile
        | CsvColumn::UpperQuartile
        | CsvColumn::Maximum
        | CsvColumn::Low
        | CsvColumn::Tail => Kind::Real,
        CsvColumn::Time => Kind::Time,
        CsvColumn::Dirty => Kind::Flag,
    }
}

/// A row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row<'a> {
    run: &'a Run,
    machine: &'a str,
    measurement: &'a Measurement,
    /// 0-based, as the rounds of a measurement are.
    number: usize,
    round: &'a Round,
    sample: Option<&'a Sample>,
    /// The 0-based place in the sample.
    place: usize,
    first_of_run: bool,
}

/// Gives every row of the runs to `each`, in the runs' order.
pub(super) fn for_each_row(runs: &[Run], mut each: impl FnMut(&Row<'_>)) {
    for run in runs {
        let machine = run.machine.as_ref().map(|_| run.machine_fingerprint()).unwrap_or_default();
        let mut first_of_run = true;
        for measurement in &run.measurements {
            for (number, round) in measurement.rounds().iter().enumerate() {
                let sample = round.sample();
                for place in 0..sample.map_or(1, |sample| sample.values().len()) {
                    each(&Row {
                        run,
                        machine: &machine,
                        measurement,
                        number,
                        round,
                        sample,
                        place,
                        first_of_run,
                    });
                    first_of_run = false;
                }
            }
        }
    }
}

impl<'a> Row<'a> {
    /// What stands in a column.
    pub(super) fn cell(&self, column: CsvColumn) -> Cell<'a> {
        let text = |text: &'a str| Cell::Text(Cow::Borrowed(text));
        let said = |said: Option<&'a str>| said.map_or(Cell::Missing, text);
        let number = |number: Option<u64>| number.map_or(Cell::Missing, Cell::Whole);
        let commit = self.run.commit.as_ref();
        match column {
            CsvColumn::Benchmark => text(self.measurement.benchmark().as_str()),
            CsvColumn::Metric => text(self.measurement.metric().as_str()),
            CsvColumn::Value => self.value(),
            CsvColumn::Statistic => text(self.statistic()),
            CsvColumn::Unit => text(self.measurement.unit().as_str()),
            CsvColumn::Better => text(self.measurement.better().as_str()),
            CsvColumn::Iterations => {
                number(self.sample.map(|sample| sample.iterations_at(self.place)))
            }
            CsvColumn::Run => text(self.run.id.as_str()),
            CsvColumn::Round => Cell::Whole(self.number as u64),
            CsvColumn::Time => self.run.time.map_or(Cell::Missing, Cell::Time),
            CsvColumn::Commit => said(commit.map(|commit| commit.id.as_str())),
            CsvColumn::Order => number(self.run.order()),
            CsvColumn::Branch => said(commit.and_then(|commit| commit.branch.as_deref())),
            CsvColumn::Dirty => commit.map_or(Cell::Missing, |commit| Cell::Flag(commit.dirty)),
            CsvColumn::Machine => {
                if self.machine.is_empty() {
                    Cell::Missing
                } else {
                    text(self.machine)
                }
            }
            CsvColumn::Toolchain => said(self.run.toolchain.as_deref()),
            CsvColumn::Executable => said(self.measurement.executable()),
            CsvColumn::Position if self.place == 0 => number(self.round.position().map(u64::from)),
            CsvColumn::N if self.place == 0 => number(self.round.summary().n),
            CsvColumn::Position | CsvColumn::N => Cell::Missing,
            CsvColumn::Details => self.details(),
            CsvColumn::Median
            | CsvColumn::Mean
            | CsvColumn::StdDev
            | CsvColumn::Minimum
            | CsvColumn::LowerQuartile
            | CsvColumn::UpperQuartile
            | CsvColumn::Maximum
            | CsvColumn::Low
            | CsvColumn::Tail => match column.figure(&mut self.round.summary()) {
                Some(Some(figure)) if self.place == 0 => Cell::Real(*figure),
                _ => Cell::Missing,
            },
        }
    }

    fn value(&self) -> Cell<'a> {
        let raw = self.sample.and_then(|sample| sample.values().get(self.place).copied());
        raw.or_else(|| self.round.summary().centre()).map_or(Cell::Missing, Cell::Real)
    }

    /// What the value is: a raw one, or the figure that stands for a round whose values are not kept.
    fn statistic(&self) -> &'static str {
        let Summary { median, .. } = self.round.summary();
        match (self.sample, median) {
            (Some(_), _) => "value",
            (None, Some(_)) => "median",
            (None, None) => "mean",
        }
    }

    fn details(&self) -> Cell<'a> {
        if !self.first_of_run {
            return Cell::Missing;
        }
        let run = Run { measurements: Vec::new(), ..self.run.clone() };
        Cell::Text(Cow::Owned(wire::write_run(&run).trim_end().to_owned()))
    }
}
