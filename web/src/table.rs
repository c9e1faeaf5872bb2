//! Which run measured what: the series of all runs side by side.

use std::cmp::Ordering;

use driftline_core::compare::level_of;
use driftline_core::model::{BenchmarkId, Measurement, Metric, Round, Run};

/// No measurement.
const ABSENT: u32 = u32::MAX;

/// The series, each one metric of one benchmark, by name; and where each run has them.
#[derive(Debug, Default)]
pub(crate) struct Table {
    /// Of each series the newest measurement, by its run and its place in it.
    newest: Vec<(usize, usize)>,
    /// For each series, run by run, the place of its measurement. One in another unit than the
    /// newest is absent.
    places: Vec<u32>,
    /// The median of each, or the mean where only that is known; not a number where absent.
    centres: Vec<f64>,
    runs: usize,
}

type Key<'a> = (&'a BenchmarkId, &'a Metric);

fn key(measurement: &Measurement) -> Key<'_> {
    (measurement.benchmark(), measurement.metric())
}

/// One series in typed columns: an entry for each run that has it, in commit order.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Columns {
    /// The run's position.
    pub(crate) run: Vec<u32>,
    /// The figure that is compared.
    pub(crate) level: Vec<f64>,
    /// The median, or the mean where only that is known: what change points are of.
    pub(crate) centre: Vec<f64>,
    /// The quartiles of the values; where they are not known, the ends of what the rounds gave.
    pub(crate) low: Vec<f64>,
    pub(crate) high: Vec<f64>,
    pub(crate) rounds: Vec<u32>,
    /// How many values; not a number where it is not known.
    pub(crate) n: Vec<f64>,
}

impl Table {
    /// O(runs × series).
    pub(crate) fn of(runs: &[Run]) -> Self {
        let newest = newest(runs);
        let mut table = Self { newest, runs: runs.len(), ..Self::default() };
        let cells = table.newest.len() * runs.len();
        (table.places, table.centres) = (vec![ABSENT; cells], vec![f64::NAN; cells]);
        for (position, run) in runs.iter().enumerate() {
            let mut measured = run.measurements.iter().enumerate().peekable();
            for (series, &(newest_run, newest_place)) in table.newest.iter().enumerate() {
                let newest = &runs[newest_run].measurements[newest_place];
                let Some((place, measurement)) =
                    measured.next_if(|(_, measurement)| key(measurement) == key(newest))
                else {
                    continue;
                };
                if measurement.unit() == newest.unit() {
                    let cell = series * runs.len() + position;
                    table.places[cell] = u32::try_from(place).unwrap_or(ABSENT);
                    table.centres[cell] = measurement.summary().centre().unwrap_or(f64::NAN);
                }
            }
        }
        table
    }

    /// The newest measurement of each series, by name.
    pub(crate) fn series<'a>(
        &'a self,
        runs: &'a [Run],
    ) -> impl Iterator<Item = &'a Measurement> + 'a {
        self.newest.iter().map(|&(run, place)| &runs[run].measurements[place])
    }

    /// Whether the run at a position has each series.
    pub(crate) fn runs_of(&self, series: usize) -> impl Iterator<Item = usize> + '_ {
        let row = &self.places[series * self.runs..(series + 1) * self.runs];
        row.iter().enumerate().filter(|(_, place)| **place != ABSENT).map(|(run, _)| run)
    }

    /// Series by series the centre in every run; not a number where the run has none.
    pub(crate) fn centres(&self) -> &[f64] {
        &self.centres
    }

    /// One series; `None` where there is none of that name.
    pub(crate) fn columns(&self, runs: &[Run], id: &str, metric: &str) -> Option<Columns> {
        let series = self
            .newest
            .binary_search_by(|&(run, place)| {
                let newest = &runs[run].measurements[place];
                (newest.benchmark().as_str(), newest.metric().as_str()).cmp(&(id, metric))
            })
            .ok()?;
        let mut columns = Columns::default();
        for run in self.runs_of(series) {
            let cell = series * self.runs + run;
            let measurement = &runs[run].measurements[self.places[cell] as usize];
            columns.push(run, measurement, self.centres[cell]);
        }
        Some(columns)
    }
}

impl Columns {
    fn push(&mut self, run: usize, measurement: &Measurement, centre: f64) {
        let known = |figure: Option<f64>| figure.unwrap_or(f64::NAN);
        let summary = measurement.summary();
        let (low, high) = match (summary.lower_quartile, summary.upper_quartile) {
            (Some(low), Some(high)) => (low, high),
            _ => ends(measurement),
        };
        self.run.push(u32::try_from(run).unwrap_or(ABSENT));
        self.level.push(known(level_of(measurement).or_else(|| summary.centre())));
        self.centre.push(centre);
        self.low.push(low);
        self.high.push(high);
        self.rounds.push(u32::try_from(measurement.rounds().len()).unwrap_or(ABSENT));
        self.n.push(known(summary.n.map(|n| n as f64)));
    }
}

/// The smallest and the largest centre of several rounds; not a number for one.
fn ends(measurement: &Measurement) -> (f64, f64) {
    let centres = || measurement.rounds().iter().filter_map(Round::centre);
    if centres().count() < 2 {
        return (f64::NAN, f64::NAN);
    }
    (centres().fold(f64::NAN, f64::min), centres().fold(f64::NAN, f64::max))
}

/// Of each series the newest measurement. The runs' measurements are sorted, each once, so that
/// they are merged instead of looked up.
fn newest(runs: &[Run]) -> Vec<(usize, usize)> {
    let mut all: Vec<(usize, usize)> = Vec::new();
    let at = |&(run, place): &(usize, usize)| key(&runs[run].measurements[place]);
    for (position, run) in runs.iter().enumerate() {
        let mut merged = Vec::with_capacity(all.len().max(run.measurements.len()));
        let mut known = all.iter().peekable();
        for (place, measurement) in run.measurements.iter().enumerate() {
            while let Some(before) = known.next_if(|known| at(known) < key(measurement)) {
                merged.push(*before);
            }
            // This one is newer.
            known.next_if(|known| at(known).cmp(&key(measurement)) == Ordering::Equal);
            merged.push((position, place));
        }
        merged.extend(known);
        all = merged;
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftline_core::model::{Direction, Round, RunId, Sample, Summary, Unit};

    fn measured(id: &str, unit: &str, rounds: Vec<Round>) -> Measurement {
        let (id, metric) = (BenchmarkId::new(id).unwrap(), Metric::wall_time());
        Measurement::new(id, metric, Unit::parse(unit).0, Direction::Lower, rounds).unwrap()
    }

    fn run(id: &str, measurements: Vec<Measurement>) -> Run {
        Run::new(RunId::new(id).unwrap(), measurements)
    }

    fn value(value: f64) -> Vec<Round> {
        vec![Round::summarised(Summary { mean: Some(value), ..Summary::default() })]
    }

    fn runs() -> Vec<Run> {
        let sample = Sample::from_totals(&[10.0, 20.0, 30.0, 40.0, 50.0], vec![1; 5]).unwrap();
        vec![
            run("1", vec![measured("b", "ns", value(1.0)), measured("d", "points", value(9.0))]),
            run("2", vec![measured("a", "ns", value(2.0)), measured("c", "ns", value(3.0))]),
            run(
                "3",
                vec![
                    measured("b", "ns", vec![Round::of(sample)]),
                    measured("c", "ns", [value(4.0), value(6.0)].concat()),
                    measured("d", "B", value(8.0)),
                ],
            ),
        ]
    }

    #[test]
    fn series_are_by_name_and_absent_where_not_measured_or_in_another_unit() {
        let runs = runs();
        let table = Table::of(&runs);
        let names: Vec<&str> = table.series(&runs).map(|m| m.benchmark().as_str()).collect();
        assert_eq!(names, ["a", "b", "c", "d"]);
        let of = |series| table.runs_of(series).collect::<Vec<_>>();
        assert_eq!([of(0), of(1), of(2), of(3)], [vec![1], vec![0, 2], vec![1, 2], vec![2]]);
        let shown: Vec<String> = table.centres().iter().map(f64::to_string).collect();
        assert_eq!(
            shown.join(" "),
            "NaN 2 NaN 1 NaN 30 NaN 3 5 NaN NaN 8",
            "series by series, run by run"
        );
        assert!(Table::of(&[]).centres().is_empty());
    }

    #[test]
    fn a_series_is_columns_with_the_spread_that_is_known() {
        let runs = runs();
        let table = Table::of(&runs);
        let b = table.columns(&runs, "b", "wall_time").unwrap();
        assert_eq!((b.run, b.rounds, b.centre), (vec![0, 2], vec![1, 1], vec![1.0, 30.0]));
        assert_eq!((b.low[1], b.high[1], b.n[1]), (20.0, 40.0, 5.0));
        assert!(b.low[0].is_nan() && b.n[0].is_nan());
        assert!((b.level[1] - 10.0).abs() < 1e-9, "{}", b.level[1]);
        let c = table.columns(&runs, "c", "wall_time").unwrap();
        assert_eq!((c.low[1], c.high[1], c.rounds), (4.0, 6.0, vec![1, 2]));
        assert_eq!(table.columns(&runs, "b", "bytes"), None);
    }
}
