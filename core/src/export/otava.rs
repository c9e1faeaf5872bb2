use std::collections::BTreeMap;

use super::openmetrics::time_of;
use super::{Exported, counted};
use crate::model::{Measurement, Run, rfc3339};
use crate::text::csv_cell;

/// Columns that say what a run is of.
const ATTRIBUTES: [&str; 5] = ["time", "commit", "branch", "run", "machine"];

/// The runs as the CSV that Apache Otava reads: a row for each run, in the order of the history, with
/// its `time`, attributes, and a column for each benchmark's metric that holds its median (or mean).
/// `nan` where a run did not measure it, because Otava takes no empty cell.
///
/// A column is called `benchmark [unit]`, or `benchmark [metric: unit]` where the metric is not the
/// wall time; with another unit it is another column. A run of which no time is known is left out.
pub fn runs_otava_csv(runs: &[Run]) -> Exported<String> {
    let timed: Vec<(String, &Run)> =
        runs.iter().filter_map(|run| Some((rfc3339(time_of(run)?), run))).collect();
    let mut places = BTreeMap::<String, usize>::new();
    for measurement in timed.iter().flat_map(|(_, run)| &run.measurements) {
        places.entry(column(measurement)).or_default();
    }
    for (place, number) in places.values_mut().zip(0..) {
        *place = number;
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells.
    let names = ATTRIBUTES.map(str::to_owned).into_iter();
    let _ = writer.write_record(names.chain(places.keys().map(|name| csv_cell(name))));
    for (time, run) in &timed {
        let commit = run.commit.as_ref();
        let mut figures = vec!["nan".to_owned(); places.len()];
        for measurement in &run.measurements {
            let place = places.get(&column(measurement)).and_then(|place| figures.get_mut(*place));
            if let (Some(place), Some(centre)) = (place, measurement.summary().centre()) {
                *place = centre.to_string();
            }
        }
        let attributes = [
            time.clone(),
            commit.map(|c| csv_cell(&c.id)).unwrap_or_default(),
            csv_cell(commit.and_then(|c| c.branch.as_deref()).unwrap_or_default()),
            csv_cell(run.id.as_str()),
            run.machine.as_ref().map(|_| csv_cell(&run.machine_fingerprint())).unwrap_or_default(),
        ];
        let _ = writer.write_record(attributes.into_iter().chain(figures));
    }
    let content = String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default();
    Exported { content, notes: notes(runs, &timed) }
}

fn column(measurement: &Measurement) -> String {
    let (name, unit) = (measurement.benchmark(), measurement.unit());
    match measurement.metric().as_str() {
        "wall_time" => format!("{name} [{unit}]"),
        metric => format!("{name} [{metric}: {unit}]"),
    }
}

fn notes(runs: &[Run], timed: &[(String, &Run)]) -> Vec<String> {
    let mut notes = Vec::new();
    if timed.len() < runs.len() {
        let n = counted(runs.len() - timed.len(), "run");
        notes.push(format!("{n} of no known time: Otava's CSV has no place for it"));
    }
    let machines: std::collections::BTreeSet<String> =
        timed.iter().map(|(_, run)| run.machine_fingerprint()).collect();
    if machines.len() > 1 {
        notes.push(format!(
            "the runs are of {} machines, which Otava takes for one: keep the rows of one by the \
             column `machine`",
            machines.len()
        ));
    }
    notes
}
