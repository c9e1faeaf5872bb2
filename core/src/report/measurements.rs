//! Single runs and saved baselines, for a terminal.

use super::terminal::title_in_bold;
use super::words::{dash, name, value};
use crate::model::{Baseline, Run};
use crate::text::{Align, Column, columns, quantity, terminal};

/// The measurements of a run: the low and the median, quartiles, extremes, and how many values in
/// how many rounds.
pub fn measurement_table(run: &Run, width: Option<usize>) -> String {
    const COLUMNS: [Column; 8] = [
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "low", align: Align::Right, sacrifice: 1 },
        Column { title: "median", align: Align::Right, sacrifice: 0 },
        Column { title: "quartiles", align: Align::Left, sacrifice: 3 },
        Column { title: "minimum", align: Align::Right, sacrifice: 6 },
        Column { title: "maximum", align: Align::Right, sacrifice: 5 },
        Column { title: "values", align: Align::Right, sacrifice: 4 },
        Column { title: "rounds", align: Align::Right, sacrifice: 2 },
    ];
    let rows: Vec<Vec<String>> = run
        .measurements
        .iter()
        .map(|measurement| {
            let summary = measurement.summary();
            let shown = |figure: Option<f64>| value(figure, measurement.unit().as_str());
            let quartiles = summary.lower_quartile.zip(summary.upper_quartile).map_or_else(
                dash,
                |(low, high)| {
                    let unit = measurement.unit();
                    format!("{} … {}", quantity(low, unit), quantity(high, unit))
                },
            );
            vec![
                terminal(&name(measurement.benchmark().as_str(), measurement.metric().as_str())),
                shown(summary.low),
                shown(summary.centre()),
                quartiles,
                shown(summary.minimum),
                shown(summary.maximum),
                summary.n.map_or_else(dash, |n| n.to_string()),
                measurement.rounds().len().to_string(),
            ]
        })
        .collect();
    let mut out = columns(&COLUMNS, &rows, width, title_in_bold);
    for skipped in &run.skipped {
        out += &format!("\nskipped {}: {}", terminal(&skipped.name), terminal(&skipped.reason));
    }
    if !run.skipped.is_empty() {
        out.push('\n');
    }
    out
}

/// The baselines: what each holds, and where it comes from.
pub fn baseline_list(baselines: &[Baseline], width: Option<usize>) -> String {
    const COLUMNS: [Column; 6] = [
        Column { title: "baseline", align: Align::Left, sacrifice: 0 },
        Column { title: "saved", align: Align::Left, sacrifice: 1 },
        Column { title: "benchmarks", align: Align::Right, sacrifice: 0 },
        Column { title: "commit", align: Align::Left, sacrifice: 2 },
        Column { title: "machine", align: Align::Left, sacrifice: 3 },
        Column { title: "run", align: Align::Left, sacrifice: 4 },
    ];
    let rows: Vec<Vec<String>> = baselines
        .iter()
        .map(|Baseline { name, saved, run, .. }| {
            vec![
                name.to_string(),
                saved.map_or_else(dash, |time| time.to_string()),
                run.measurements.len().to_string(),
                run.commit.as_ref().map_or_else(dash, |commit| terminal(&commit.short())),
                terminal(&run.machine_fingerprint()),
                terminal(run.id.as_str()),
            ]
        })
        .collect();
    columns(&COLUMNS, &rows, width, title_in_bold)
}
