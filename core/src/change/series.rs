use std::collections::BTreeMap;

use super::document::LeftOut;
use crate::compare::{Statistic, undisturbed_figure};
use crate::model::{BenchmarkId, Direction, History, Measurement, Metric, Run, Unit};
use crate::order;
use crate::stats::median_of;

/// One benchmark's metric on one machine.
pub(super) struct Series<'a> {
    pub id: &'a BenchmarkId,
    pub metric: &'a Metric,
    pub unit: &'a Unit,
    pub better: Direction,
    pub machine: String,
    /// The figure of each run; `None` where some know only a median and others only a mean.
    pub statistic: Option<Statistic>,
    /// The positions of its runs among those that count.
    pub runs: Vec<usize>,
    pub values: Vec<f64>,
}

/// What of a history is looked at.
pub(super) struct Selection<'a> {
    /// The runs that count, oldest first.
    pub runs: Vec<&'a Run>,
    pub left_out: Vec<LeftOut>,
    /// What else is to be known about that choice.
    pub warnings: Vec<String>,
}

/// The runs that count: of clean trees, measured thoroughly, and of the default branch where it is
/// known, those of unknown branches among them. Where fewer than five are of it, those of all
/// branches. In the order of their commits where all of these know it, else as the history has them.
pub(super) fn select<'a>(history: &'a History, default_branch: Option<&str>) -> Selection<'a> {
    let mut selection = Selection { runs: Vec::new(), left_out: Vec::new(), warnings: Vec::new() };
    let mut reasons: BTreeMap<&str, usize> = BTreeMap::new();
    for run in history.runs() {
        let reason = match &run.commit {
            Some(commit) if commit.dirty => "files differed from their commits",
            _ if run.settings.quick => "measured briefly (--quick)",
            _ => {
                selection.runs.push(run);
                continue;
            }
        };
        *reasons.entry(reason).or_default() += 1;
    }
    let mut left_out: Vec<(String, usize)> =
        reasons.into_iter().map(|(reason, count)| (reason.to_owned(), count)).collect();
    if let Some(default_branch) = default_branch {
        let on_default = |run: &&Run| branch(run).is_none_or(|name| name == default_branch);
        let (own, others): (Vec<&Run>, Vec<&Run>) =
            selection.runs.iter().partition(|run| on_default(run));
        if own.len() >= History::ENOUGH && !others.is_empty() {
            let reason = format!("of other branches than {default_branch}");
            left_out.push((reason, others.len()));
            selection.runs = own;
        } else if !others.is_empty() {
            selection.warnings.push(format!(
                "only {} of {} runs are of the branch {default_branch}, so those of all branches \
                 count: a change may be another branch's",
                own.len(),
                own.len() + others.len(),
            ));
        }
    }
    if selection.runs.iter().all(|run| run.order().is_some()) {
        order::sort_by_key(&mut selection.runs, |run| run.order());
    }
    selection.left_out = left_out
        .into_iter()
        .map(|(reason, count)| LeftOut {
            name: format!("{count} run{}", if count == 1 { "" } else { "s" }),
            count,
            reason,
        })
        .collect();
    selection
}

fn branch(run: &Run) -> Option<&str> {
    run.commit.as_ref().and_then(|commit| commit.branch.as_deref())
}

/// The series of runs that count, by benchmark, metric and machine; and what was left out of them:
/// values in another unit, or of another direction, than the newest. O(runs × benchmarks).
pub(super) fn series_of<'a>(runs: &[&'a Run]) -> (Vec<Series<'a>>, Vec<LeftOut>) {
    struct Found<'a> {
        machine: String,
        newest: &'a Measurement,
        runs: Vec<usize>,
        measurements: Vec<&'a Measurement>,
    }
    let mut all: BTreeMap<_, Found<'a>> = BTreeMap::new();
    let mut others: BTreeMap<(&BenchmarkId, &str), usize> = BTreeMap::new();
    // From the newest run on, because its unit holds.
    for (position, run) in runs.iter().enumerate().rev() {
        let machine = run.machine_fingerprint();
        for measurement in &run.measurements {
            let key = (measurement.benchmark(), measurement.metric(), machine.clone());
            let found = all.entry(key).or_insert_with(|| Found {
                machine: machine.clone(),
                newest: measurement,
                runs: Vec::new(),
                measurements: Vec::new(),
            });
            let other = match () {
                () if found.newest.unit() != measurement.unit() => "in another unit",
                () if found.newest.better() != measurement.better() => "of another direction",
                () => {
                    found.runs.push(position);
                    found.measurements.push(measurement);
                    continue;
                }
            };
            *others.entry((measurement.benchmark(), other)).or_default() += 1;
        }
    }
    let left_out = others.into_iter().map(|((id, other), count)| LeftOut {
        name: id.to_string(),
        count,
        reason: format!(
            "{count} value{} {other} than the newest",
            if count == 1 { "" } else { "s" }
        ),
    });
    let left_out = left_out.collect();
    let series = all.into_values().map(|mut found| {
        found.runs.reverse();
        found.measurements.reverse();
        let newest = found.newest;
        let (metric, unit, better) = (newest.metric(), newest.unit(), newest.better());
        let rounds = found.measurements.iter().flat_map(|measurement| measurement.rounds());
        let statistic = Statistic::of(metric, unit, better, &rounds);
        let known = found
            .runs
            .iter()
            .zip(&found.measurements)
            .filter_map(|(run, measurement)| Some((*run, figure_of(measurement, statistic)?)));
        let (runs, values) = known.unzip();
        let id = newest.benchmark();
        Series { id, metric, unit, better, machine: found.machine, statistic, runs, values }
    });
    (series.collect(), left_out)
}

/// What a measurement stands for: of several launches what the undisturbed ones agree on, and where
/// that cannot be said because a figure is not above 0, or nothing is disturbed because it is counted,
/// the median of theirs.
fn figure_of(measurement: &Measurement, statistic: Option<Statistic>) -> Option<f64> {
    let Some(statistic) = statistic else { return measurement.summary().centre() };
    let rounds = measurement.rounds();
    if let [only] = rounds {
        return statistic.figure(only);
    }
    let agreed = || undisturbed_figure(rounds, statistic, measurement.better());
    let middle = || {
        let mut figures: Vec<f64> = rounds.iter().filter_map(|r| statistic.figure(r)).collect();
        median_of(&mut figures)
    };
    if statistic == Statistic::Exact { middle() } else { agreed().or_else(middle) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Commit, Round, RunId, Summary};

    fn run(id: usize, branch: Option<&str>, summaries: &[Summary]) -> Run {
        let rounds = summaries.iter().map(|s| Round::summarised(*s)).collect();
        let measurement = Measurement::new(
            BenchmarkId::new("x").unwrap(),
            Metric::wall_time(),
            Unit::nanoseconds(),
            Direction::Lower,
            rounds,
        );
        let mut run = Run::new(RunId::new(format!("r{id}")).unwrap(), vec![measurement.unwrap()]);
        run.commit = Some(Commit {
            id: format!("{id:040x}"),
            order: Some(id as u64),
            branch: branch.map(str::to_owned),
            ..Commit::default()
        });
        run
    }

    fn full(low: f64, median: f64) -> Summary {
        Summary { low: Some(low), median: Some(median), mean: Some(median), ..Summary::default() }
    }

    fn of(runs: &[Run]) -> (Option<Statistic>, Vec<f64>) {
        let runs: Vec<&Run> = runs.iter().collect();
        let (mut series, left_out) = series_of(&runs);
        assert!(left_out.is_empty() && series.len() == 1);
        let series = series.pop().unwrap();
        (series.statistic, series.values)
    }

    #[test]
    fn the_figure_is_the_one_that_verdicts_compare() {
        let known = [full(10.0, 12.0), full(10.1, 12.0), full(15.0, 19.0)];
        let (statistic, values) = of(&[run(0, None, &known), run(1, None, &known[..1])]);
        assert_eq!((statistic, values[1]), (Some(Statistic::Low), 10.0));
        // The launch that was disturbed does not count.
        assert!((values[0] - 10.05).abs() < 0.06, "{values:?}");
        let median = Summary { median: Some(13.0), ..Summary::default() };
        let mean = Summary { mean: Some(14.0), ..Summary::default() };
        let all = |other: Summary| of(&[run(0, None, &known[..1]), run(1, None, &[other])]);
        assert_eq!(all(median), (Some(Statistic::Median), vec![12.0, 13.0]));
        assert_eq!(all(mean), (Some(Statistic::Mean), vec![12.0, 14.0]));
        let mixed = of(&[run(0, None, &[median]), run(1, None, &[mean])]);
        assert_eq!(mixed, (None, vec![13.0, 14.0]));
        let zero = of(&[run(0, None, &[full(0.0, 0.0), full(0.0, 1.0), full(2.0, 2.0)])]);
        assert_eq!(zero, (Some(Statistic::Low), vec![0.0]));
    }

    #[test]
    fn other_branches_are_left_out_once_the_default_branch_has_enough() {
        let at = |id: usize, branch: Option<&str>| run(id, branch, &[full(1.0, 1.0)]);
        let mut runs: Vec<Run> = (0..3).map(|id| at(id, Some("main"))).collect();
        runs.push(at(3, None));
        runs.extend((4..7).map(|id| at(id, Some("topic"))));
        let history = History::new(runs.clone());
        let few = select(&history, Some("main"));
        assert_eq!((few.runs.len(), few.left_out.len()), (7, 0));
        assert!(few.warnings[0].contains("only 4 of 7 runs"), "{:?}", few.warnings);
        runs.push(at(7, Some("main")));
        let history = History::new(runs);
        let enough = select(&history, Some("main"));
        assert_eq!(enough.runs.len(), 5);
        assert_eq!((enough.left_out[0].name.as_str(), enough.left_out[0].count), ("3 runs", 3));
        assert!(enough.left_out[0].reason.contains("other branches than main"));
        assert_eq!(select(&history, None).runs.len(), 8);
    }

    #[test]
    fn what_is_left_out_does_not_spoil_the_order() {
        let at = |id: usize| run(id, None, &[full(1.0, 1.0)]);
        let mut dirty = at(9);
        let commit = dirty.commit.as_mut().unwrap();
        (commit.dirty, commit.order) = (true, None);
        let history = History::new(vec![at(2), at(1), dirty]);
        let selection = select(&history, None);
        let ids: Vec<&str> = selection.runs.iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids, ["r1", "r2"]);
        assert_eq!(selection.left_out.len(), 1);
    }
}
