//! The history, one series a row.

use std::collections::BTreeMap;

use super::csv::records;
use super::terminal::title_in_bold;
use super::words::{change, name, value};
use crate::model::{BenchmarkId, History, Metric};
use crate::text::{Align, Column, columns, csv_cell, markdown, sparkline, terminal};

/// How many of the newest runs a sparkline shows.
const SPARKLINE: usize = 40;

/// One benchmark's centre in every run of the history; none where the run did not measure it.
struct Series<'a> {
    unit: &'a str,
    values: Vec<Option<f64>>,
}

impl Series<'_> {
    /// How many runs, the first and the newest value, the last step, and a sparkline.
    fn cells(&self) -> [String; 5] {
        let known: Vec<f64> = self.values.iter().flatten().copied().collect();
        let last_two = match known.as_slice() {
            [.., before, last] if *before > 0.0 => Some(last / before - 1.0),
            _ => None,
        };
        [
            known.len().to_string(),
            value(known.first().copied(), self.unit),
            value(known.last().copied(), self.unit),
            change(last_two),
            sparkline(&self.values, SPARKLINE),
        ]
    }
}

/// The series of every benchmark whose name passes `wanted`. A benchmark whose unit changed has
/// the values of its newest unit.
fn series<'a>(
    history: &'a History,
    wanted: &dyn Fn(&BenchmarkId) -> bool,
) -> BTreeMap<(&'a BenchmarkId, &'a Metric), Series<'a>> {
    let runs = history.runs();
    let mut all: BTreeMap<_, Series<'a>> = BTreeMap::new();
    for (position, run) in runs.iter().enumerate().rev() {
        for measurement in run.measurements.iter().filter(|m| wanted(m.benchmark())) {
            let series =
                all.entry((measurement.benchmark(), measurement.metric())).or_insert_with(|| {
                    Series { unit: measurement.unit().as_str(), values: vec![None; runs.len()] }
                });
            if series.unit == measurement.unit().as_str()
                && let Some(slot) = series.values.get_mut(position)
            {
                *slot = measurement.summary().centre();
            }
        }
    }
    all
}

/// A table of the series: how many runs, the first and the newest value, the change of the newest
/// against the one before it, and a sparkline of the newest 40 runs.
pub fn history_table(
    history: &History,
    wanted: &dyn Fn(&BenchmarkId) -> bool,
    width: Option<usize>,
) -> String {
    const COLUMNS: [Column; 6] = [
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "runs", align: Align::Right, sacrifice: 3 },
        Column { title: "first", align: Align::Right, sacrifice: 2 },
        Column { title: "newest", align: Align::Right, sacrifice: 0 },
        Column { title: "last step", align: Align::Right, sacrifice: 0 },
        Column { title: "series", align: Align::Left, sacrifice: 1 },
    ];
    let rows: Vec<Vec<String>> = series(history, wanted)
        .into_iter()
        .map(|((benchmark, metric), series)| {
            let mut cells = series.cells().to_vec();
            cells.insert(0, terminal(&name(benchmark.as_str(), metric.as_str())));
            cells
        })
        .collect();
    let mut out = columns(&COLUMNS, &rows, width, title_in_bold);
    let runs = history.runs();
    if let (Some(first), Some(newest)) = (runs.first(), runs.last()) {
        let when = |run: &crate::model::Run| {
            let commit = run.commit.as_ref().map(|c| format!(" ({})", terminal(&c.short())));
            format!("{}{}", terminal(run.id.as_str()), commit.unwrap_or_default())
        };
        out += &match runs.len() {
            1 => format!("\n1 run: {}\n", when(newest)),
            n => format!("\n{n} runs, from {} to {}\n", when(first), when(newest)),
        };
        let machines: std::collections::BTreeSet<String> =
            runs.iter().map(crate::model::Run::machine_fingerprint).collect();
        if machines.len() > 1 {
            out +=
                &format!("of {} different machines: steps may be the machines'\n", machines.len());
        }
    }
    out
}

/// The table of [`history_table`] as Markdown.
pub fn history_markdown(history: &History, wanted: &dyn Fn(&BenchmarkId) -> bool) -> String {
    let mut out = "| benchmark | runs | first | newest | last step | series |\n\
                   |---|---:|---:|---:|---:|---|\n"
        .to_owned();
    for ((benchmark, metric), series) in series(history, wanted) {
        let [runs, first, newest, step, drawn] = series.cells();
        out += &format!(
            "| {} | {runs} | {} | {} | {step} | {drawn} |\n",
            markdown(&name(benchmark.as_str(), metric.as_str())),
            markdown(&first),
            markdown(&newest),
        );
    }
    out
}

/// The series as CSV: a row for each value, in the columns that `import --format csv` reads.
pub fn history_csv(history: &History, wanted: &dyn Fn(&BenchmarkId) -> bool) -> String {
    let header = [
        "benchmark",
        "metric",
        "value",
        "unit",
        "better",
        "run",
        "commit",
        "order",
        "time",
        "machine",
    ];
    let rows = history.runs().iter().flat_map(|run| {
        run.measurements.iter().filter(|m| wanted(m.benchmark())).map(|measurement| {
            let commit = run.commit.as_ref();
            vec![
                csv_cell(measurement.benchmark().as_str()),
                csv_cell(measurement.metric().as_str()),
                measurement.summary().centre().map(|v| v.to_string()).unwrap_or_default(),
                csv_cell(measurement.unit().as_str()),
                measurement.better().to_string(),
                csv_cell(run.id.as_str()),
                commit.map(|c| csv_cell(&c.id)).unwrap_or_default(),
                commit.and_then(|c| c.order).map(|o| o.to_string()).unwrap_or_default(),
                run.time.map(|t| t.to_string()).unwrap_or_default(),
                csv_cell(&run.machine_fingerprint()),
            ]
        })
    });
    records(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows))
}
