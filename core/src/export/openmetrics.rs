use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Exported, counted};
use crate::model::{Run, Summary};

/// The family of times, which are in seconds as Prometheus wants them.
const TIMES: &str = "driftline_time_seconds";
/// The family of all other metrics.
const VALUES: &str = "driftline_value";

/// The runs in the `OpenMetrics` text format 1.0, with timestamps, as `promtool tsdb create-blocks-from
/// openmetrics` takes it: of every benchmark and metric the median, the mean and the low as series
/// over the runs, and what each run is of. Only summaries, and no commit at the values, which would
/// make a series of every run.
///
/// Points of a series must follow each other in time: a run of which no time is known is left out, and
/// of several at one time the last stays.
pub fn runs_openmetrics(runs: &[Run]) -> Exported<String> {
    let mut timed: Vec<(i64, &Run)> =
        runs.iter().filter_map(|run| Some((time_of(run)?.as_millisecond(), run))).collect();
    let mut notes = Vec::new();
    if timed.len() < runs.len() {
        notes.push(format!(
            "{} of no known time: OpenMetrics has no place for it",
            counted(runs.len() - timed.len(), "run")
        ));
    }
    timed.sort_by_key(|(time, _)| *time);
    let mut points = Points::default();
    for (time, run) in &timed {
        points.add(*time, run);
    }
    if points.replaced > 0 {
        notes.push(format!(
            "{} at the time of another of their series: the one recorded last is kept",
            counted(points.replaced, "point")
        ));
    }
    let mut out = String::new();
    out += "# TYPE driftline_run info\n# HELP driftline_run What each run is of.\n";
    for (labels, time) in &points.runs {
        out += &format!("driftline_run_info{{{labels}}} 1 {}\n", seconds(*time));
    }
    out += &format!(
        "# TYPE {TIMES} gauge\n# UNIT {TIMES} seconds\n# HELP {TIMES} What a benchmark takes.\n"
    );
    out += &written(TIMES, &points.times);
    out += &format!("# TYPE {VALUES} gauge\n# HELP {VALUES} A benchmark's other metrics.\n");
    out += &written(VALUES, &points.values);
    Exported { content: out + "# EOF\n", notes }
}

/// When the run began, or its commit was made.
pub(super) fn time_of(run: &Run) -> Option<Timestamp> {
    run.time.or_else(|| run.commit.as_ref().and_then(|commit| commit.time))
}

/// The points of each series by its labels.
type Series = BTreeMap<String, BTreeMap<i64, f64>>;

#[derive(Debug, Default)]
struct Points {
    runs: BTreeMap<String, i64>,
    times: Series,
    values: Series,
    replaced: usize,
}

impl Points {
    fn add(&mut self, time: i64, run: &Run) {
        let machine = run.machine_fingerprint();
        let commit = run.commit.as_ref();
        self.runs.insert(
            labels(&[
                ("run", run.id.as_str()),
                ("commit", commit.map(|c| c.id.as_str()).unwrap_or_default()),
                ("branch", commit.and_then(|c| c.branch.as_deref()).unwrap_or_default()),
                ("machine", &machine),
                ("toolchain", run.toolchain.as_deref().unwrap_or_default()),
            ]),
            time,
        );
        for measurement in &run.measurements {
            let Summary { median, mean, low, .. } = measurement.summary();
            for (statistic, figure) in [("median", median), ("mean", mean), ("low", low)] {
                let Some(figure) = figure else { continue };
                let unit = measurement.unit();
                let mut of = vec![
                    ("benchmark", measurement.benchmark().as_str()),
                    ("metric", measurement.metric().as_str()),
                    ("better", measurement.better().as_str()),
                    ("machine", &machine),
                    ("statistic", statistic),
                ];
                let (series, figure) = if unit.is_time() {
                    (&mut self.times, figure / 1e9)
                } else {
                    of.push(("unit", unit.as_str()));
                    (&mut self.values, figure)
                };
                let before = series.entry(labels(&of)).or_default().insert(time, figure);
                self.replaced += usize::from(before.is_some());
            }
        }
    }
}

fn written(family: &str, series: &Series) -> String {
    let mut out = String::new();
    for (labels, points) in series {
        for (time, figure) in points {
            out += &format!("{family}{{{labels}}} {figure} {}\n", seconds(*time));
        }
    }
    out
}

fn labels(labels: &[(&str, &str)]) -> String {
    let written = labels.iter().filter(|(_, value)| !value.is_empty()).map(|(name, value)| {
        let value = value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
        format!("{name}=\"{value}\"")
    });
    written.collect::<Vec<_>>().join(",")
}

/// Milliseconds as seconds.
fn seconds(milliseconds: i64) -> String {
    let sign = if milliseconds < 0 { "-" } else { "" };
    let all = milliseconds.unsigned_abs();
    format!("{sign}{}.{:03}", all / 1000, all % 1000)
}
