use serde::{Deserialize, Serialize};

use super::estimate::Estimate;
use super::side::mismatch;
use super::verdict::{Verdict, decide};
use super::{Policy, Side};
use crate::model::{Direction, Run, Skipped};
use crate::stats::benjamini_hochberg;

/// What came of setting a candidate against a baseline: machine-readable as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// `driftline-comparison/1`.
    pub format: String,
    /// The version of the core that decided.
    pub core: String,
    /// By which policy.
    pub policy: PolicyUsed,
    /// The reference.
    pub baseline: SideUsed,
    /// What was judged against it.
    pub candidate: SideUsed,
    /// How many benchmarks came out which way.
    pub summary: Counts,
    /// What makes the whole comparison less certain, such as another machine.
    pub warnings: Vec<String>,
    /// One row for each metric of each benchmark, by impact: regressed first, and within a verdict
    /// the largest change first.
    pub benchmarks: Vec<Row>,
    /// What could not be compared, and why.
    pub skipped: Vec<Skipped>,
}

/// The policy behind a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PolicyUsed {
    /// The ratio of change that is relevant where no rule for the benchmark says otherwise.
    pub threshold: f64,
    /// The confidence of the intervals.
    pub confidence: f64,
}

/// One side of a comparison.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct SideUsed {
    /// A baseline's name, a run's id, a commit or a file.
    pub name: String,
    /// The ids of its runs, oldest first.
    pub runs: Vec<String>,
    /// The commit of its newest run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub commit: Option<String>,
    /// The fingerprint of its newest run's machine.
    pub machine: String,
    /// The toolchain of its newest run.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub toolchain: Option<String>,
}

impl SideUsed {
    fn of(side: &Side<'_>) -> Self {
        let newest = side.runs.last();
        Self {
            name: side.name.clone(),
            runs: side.runs.iter().map(|run| run.id.to_string()).collect(),
            commit: newest.and_then(|run| run.commit.as_ref()).map(|commit| commit.id.clone()),
            machine: newest.map_or_else(|| "unknown".to_owned(), |run| run.machine_fingerprint()),
            toolchain: newest.and_then(|run| run.toolchain.clone()),
        }
    }
}

/// How many benchmarks came out which way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Counts {
    /// On both sides, and set against each other.
    pub compared: usize,
    /// Worse, relevantly and significantly.
    pub regressed: usize,
    /// Better, relevantly and significantly.
    pub improved: usize,
    /// Not relevantly different.
    pub unchanged: usize,
    /// The data cannot tell.
    pub inconclusive: usize,
    /// Only in the candidate.
    pub new: usize,
    /// Only in the baseline.
    pub gone: usize,
    /// Could not be compared, or gave no measurement.
    pub skipped: usize,
}

/// What became of one metric of one benchmark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Row {
    /// The benchmark.
    pub id: String,
    /// The metric.
    pub metric: String,
    /// The unit of `baseline` and `candidate`.
    pub unit: String,
    /// Which way it is better.
    pub better: Direction,
    /// The baseline's median (the mean where only that is known).
    pub baseline: Option<f64>,
    /// The candidate's.
    pub candidate: Option<f64>,
    /// How many values the baseline's median rests on.
    pub baseline_n: Option<u64>,
    /// How many values the candidate's median rests on.
    pub candidate_n: Option<u64>,
    /// candidate / baseline − 1.
    pub change: Option<f64>,
    /// The interval of the change.
    pub interval: Option<[f64; 2]>,
    /// How much the baseline moved between its launches, as a ratio; none with a single launch.
    pub noise_floor: Option<f64>,
    /// How often unchanged code would look at least this different, by the spread within the runs.
    pub p_value: Option<f64>,
    /// The same, controlled for how many benchmarks were compared (Benjamini–Hochberg).
    pub q_value: Option<f64>,
    /// The ratio of change that is relevant.
    pub threshold: f64,
    /// What follows.
    pub verdict: Verdict,
    /// Why, in sentences.
    pub reasons: Vec<String>,
}

/// Sets `candidate` against `baseline`. Nothing is dropped: what only one side has is *new* or
/// *gone*, what cannot be set against each other is skipped with the reason. O(values log values).
pub fn compare(baseline: &Side<'_>, candidate: &Side<'_>, policy: &Policy) -> Comparison {
    let (before, mut skipped) = baseline.pooled();
    let (after, skipped_after) = candidate.pooled();
    skipped.extend(skipped_after);
    // What the candidate could not measure; what the baseline could not is *new*.
    skipped.extend(candidate.runs.iter().flat_map(|run| run.skipped.iter().cloned()));

    let mut rows = Vec::new();
    for (&key, pooled) in &after {
        let Some(reference) = before.get(&key) else {
            let estimate = Estimate::of(key, pooled, pooled, policy.confidence.ratio());
            rows.push(Row {
                candidate: estimate.as_ref().map(|e| e.candidate),
                candidate_n: estimate.and_then(|e| e.counts.1),
                ..row(key, pooled.unit, pooled.better, policy, Verdict::New, "not in the baseline")
            });
            continue;
        };
        if let Some(reason) = mismatch(reference, pooled.unit, pooled.better) {
            skipped.push(Skipped { name: key.0.to_string(), reason });
            continue;
        }
        let Some(estimate) = Estimate::of(key, reference, pooled, policy.confidence.ratio()) else {
            let reason = "one side knows only a median, the other only a mean".to_owned();
            skipped.push(Skipped { name: key.0.to_string(), reason });
            continue;
        };
        let decision = decide(&estimate, policy.threshold_of(key.0), policy.confidence.ratio());
        rows.push(Row {
            baseline: Some(estimate.baseline),
            candidate: Some(estimate.candidate),
            baseline_n: estimate.counts.0,
            candidate_n: estimate.counts.1,
            change: estimate.ratio().map(|ratio| ratio - 1.0),
            interval: estimate.interval.map(|i| [i.lower - 1.0, i.upper - 1.0]),
            noise_floor: estimate.noise_floor,
            p_value: estimate.interval.map(|i| i.p_value),
            reasons: decision.reasons,
            ..row(key, pooled.unit, pooled.better, policy, decision.verdict, "")
        });
    }
    // What failed is counted as skipped: it is not gone.
    let is_gone = |(benchmark, _): &super::side::Key<'_>| {
        !skipped.iter().any(|skipped| skipped.name == benchmark.as_str())
    };
    let only_before = before.iter().filter(|(key, _)| !after.contains_key(*key) && is_gone(key));
    for (&key, pooled) in only_before {
        let estimate = Estimate::of(key, pooled, pooled, policy.confidence.ratio());
        rows.push(Row {
            baseline: estimate.as_ref().map(|e| e.baseline),
            baseline_n: estimate.and_then(|e| e.counts.0),
            ..row(key, pooled.unit, pooled.better, policy, Verdict::Gone, "not in the candidate")
        });
    }

    control_false_discoveries(&mut rows);
    rows.sort_by(|a, b| {
        let size = |row: &Row| row.change.map_or(0.0, |change| libm::log1p(change).abs());
        a.verdict
            .cmp(&b.verdict)
            .then(size(b).total_cmp(&size(a)))
            .then_with(|| (&a.id, &a.metric).cmp(&(&b.id, &b.metric)))
    });
    Comparison {
        format: "driftline-comparison/1".to_owned(),
        core: crate::VERSION.to_owned(),
        policy: PolicyUsed {
            threshold: policy.threshold.ratio(),
            confidence: policy.confidence.ratio(),
        },
        baseline: SideUsed::of(baseline),
        candidate: SideUsed::of(candidate),
        summary: count(&rows, &skipped),
        warnings: warnings(baseline, candidate),
        benchmarks: rows,
        skipped,
    }
}

fn row(
    (benchmark, metric): super::side::Key<'_>,
    unit: &crate::model::Unit,
    better: Direction,
    policy: &Policy,
    verdict: Verdict,
    reason: &str,
) -> Row {
    Row {
        id: benchmark.to_string(),
        metric: metric.to_string(),
        unit: unit.to_string(),
        better,
        baseline: None,
        candidate: None,
        baseline_n: None,
        candidate_n: None,
        change: None,
        interval: None,
        noise_floor: None,
        p_value: None,
        q_value: None,
        threshold: policy.threshold_of(benchmark).ratio(),
        verdict,
        reasons: vec![reason.to_owned()],
    }
}

fn control_false_discoveries(rows: &mut [Row]) {
    let p_values: Vec<f64> = rows.iter().filter_map(|row| row.p_value).collect();
    let tested = rows.iter_mut().filter(|row| row.p_value.is_some());
    for (row, q_value) in tested.zip(benjamini_hochberg(&p_values)) {
        row.q_value = Some(q_value);
    }
}

fn count(rows: &[Row], skipped: &[Skipped]) -> Counts {
    let mut counts = Counts { skipped: skipped.len(), ..Counts::default() };
    for row in rows {
        let count = match row.verdict {
            Verdict::Regressed => &mut counts.regressed,
            Verdict::Improved => &mut counts.improved,
            Verdict::Unchanged => &mut counts.unchanged,
            Verdict::Inconclusive => &mut counts.inconclusive,
            Verdict::New => &mut counts.new,
            Verdict::Gone => &mut counts.gone,
        };
        *count += 1;
    }
    counts.compared = counts.regressed + counts.improved + counts.unchanged + counts.inconclusive;
    counts
}

/// What makes the whole comparison less certain.
fn warnings(baseline: &Side<'_>, candidate: &Side<'_>) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut warn = |text: String| {
        if !warnings.contains(&text) {
            warnings.push(text);
        }
    };
    for before in &baseline.runs {
        for after in &candidate.runs {
            if before == after {
                warn(format!("run {} is compared with itself", before.id));
                continue;
            }
            for difference in environment_differences(before, after) {
                warn(difference);
            }
        }
    }
    warnings
}

fn environment_differences(before: &Run, after: &Run) -> Vec<String> {
    let mut found = Vec::new();
    match (&before.machine, &after.machine) {
        (Some(a), Some(b)) => {
            let parts: Vec<String> = a
                .differences(b)
                .into_iter()
                .map(|(part, a, b)| format!("{part} {a} → {b}"))
                .collect();
            if !parts.is_empty() {
                found.push(format!(
                    "the baseline was measured on another machine ({}): the difference may be the machine's",
                    parts.join("; ")
                ));
            }
        }
        (None, None) => {}
        _ => found.push(
            "the machine of one side is not known: the difference may be the machine's".to_owned(),
        ),
    }
    if let (Some(a), Some(b)) = (&before.toolchain, &after.toolchain)
        && a != b
    {
        found.push(format!(
            "the baseline was built with another toolchain ({a} → {b}): the difference may be the toolchain's"
        ));
    }
    if before.settings.quick != after.settings.quick {
        found.push(
            "one side was measured with --quick, the other in full: the two are not measured alike"
                .to_owned(),
        );
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        BenchmarkId, Iterations, Machine, Measurement, Metric, Round, RunId, Sample, Summary, Unit,
    };

    fn values(centre: f64) -> Vec<f64> {
        (0..40).map(|i| centre * (1.0 + f64::from(i % 7) / 1000.0)).collect()
    }

    fn measurement(id: &str, centre: f64) -> Measurement {
        let sample = Sample::new(values(centre), Iterations::Every(1)).unwrap();
        Measurement::wall_time(BenchmarkId::new(id).unwrap(), sample).unwrap()
    }

    fn run(id: &str, measurements: Vec<Measurement>) -> Run {
        Run::new(RunId::new(id).unwrap(), measurements)
    }

    fn compared(before: &Run, after: &Run) -> Comparison {
        let (before, after) = (Side::of_run("main", before), Side::of_run("new", after));
        compare(&before, &after, &Policy::default())
    }

    #[test]
    fn rows_come_by_impact_and_every_benchmark_is_counted() {
        let before = run("1", ["a", "b", "c", "d", "gone"].map(|id| measurement(id, 100.0)).into());
        let after = run(
            "2",
            vec![
                measurement("a", 100.0),
                measurement("b", 130.0),
                measurement("c", 200.0),
                measurement("d", 50.0),
                measurement("new", 1.0),
            ],
        );
        let comparison = compared(&before, &after);
        let rows: Vec<(&str, Verdict)> =
            comparison.benchmarks.iter().map(|r| (r.id.as_str(), r.verdict)).collect();
        assert_eq!(
            rows,
            [
                ("c", Verdict::Regressed),
                ("b", Verdict::Regressed),
                ("d", Verdict::Improved),
                ("gone", Verdict::Gone),
                ("new", Verdict::New),
                ("a", Verdict::Unchanged),
            ]
        );
        let expected = Counts {
            compared: 4,
            regressed: 2,
            improved: 1,
            unchanged: 1,
            new: 1,
            gone: 1,
            ..Counts::default()
        };
        assert_eq!(comparison.summary, expected);
        let top = &comparison.benchmarks[0];
        assert!((top.change.unwrap() - 1.0).abs() < 1e-9, "{top:?}");
        assert!(top.q_value >= top.p_value);
        assert!(top.interval.unwrap()[0] > 0.9 && top.interval.unwrap()[1] < 1.1);
    }

    #[test]
    fn a_changed_unit_is_skipped_with_the_reason() {
        let in_bytes = {
            let summary = Summary { median: Some(1.0), ..Summary::default() };
            let id = BenchmarkId::new("a").unwrap();
            let rounds = vec![Round::summarised(summary)];
            let unit = Unit::parse("bytes").0;
            Measurement::new(id, Metric::wall_time(), unit, Direction::Lower, rounds).unwrap()
        };
        let comparison =
            compared(&run("1", vec![measurement("a", 1.0)]), &run("2", vec![in_bytes]));
        assert_eq!(comparison.summary, Counts { skipped: 1, ..Counts::default() });
        assert_eq!(comparison.skipped[0].reason, "the unit changed from ns to bytes");
    }

    #[test]
    fn another_machine_and_toolchain_are_warned_of() {
        let mut before = run("1", vec![measurement("a", 1.0)]);
        let mut after = run("2", vec![measurement("a", 1.0)]);
        before.machine = Some(Machine { cores: Some(2), ..Machine::default() });
        after.machine = Some(Machine { cores: Some(4), ..Machine::default() });
        before.toolchain = Some("rustc 1.94.0".into());
        after.toolchain = Some("rustc 1.95.0".into());
        let warnings = compared(&before, &after).warnings;
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[0].contains("cores 2 → 4"), "{warnings:?}");
        assert!(warnings[1].contains("rustc 1.94.0 → rustc 1.95.0"), "{warnings:?}");
        assert!(compared(&before, &before).warnings[0].contains("itself"));
    }

    #[test]
    fn what_failed_is_skipped_and_not_gone() {
        let before = run("1", vec![measurement("a", 1.0), measurement("b", 1.0)]);
        let mut after = run("2", vec![measurement("a", 1.0)]);
        after.skipped.push(Skipped { name: "b".into(), reason: "panicked".into() });
        let summary = compared(&before, &after).summary;
        assert_eq!((summary.compared, summary.gone, summary.skipped), (1, 0, 1));
    }

    #[test]
    fn a_median_is_never_set_against_a_mean() {
        let known = |median, mean| {
            let summary =
                Summary { n: Some(10), median, mean, std_dev: Some(1.0), ..Summary::default() };
            let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
            let rounds = vec![Round::summarised(summary)];
            let id = BenchmarkId::new("a").unwrap();
            run("1", vec![Measurement::new(id, metric, unit, Direction::Lower, rounds).unwrap()])
        };
        let comparison = compared(&known(Some(100.0), None), &known(None, Some(200.0)));
        assert_eq!((comparison.summary.compared, comparison.summary.skipped), (0, 1));
        assert!(comparison.skipped[0].reason.contains("only a mean"));
        let comparison = compared(&known(Some(1.0), Some(100.0)), &known(None, Some(200.0)));
        assert_eq!(comparison.benchmarks[0].baseline, Some(100.0));
    }

    #[test]
    fn summaries_without_samples_are_compared_by_their_spread() {
        let summary = |median| {
            let summary = Summary {
                n: Some(100),
                median: Some(median),
                std_dev: Some(median / 10.0),
                ..Summary::default()
            };
            let rounds = vec![Round::summarised(summary)];
            let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
            let id = BenchmarkId::new("a").unwrap();
            Measurement::new(id, metric, unit, Direction::Lower, rounds).unwrap()
        };
        let comparison = compared(&run("1", vec![summary(100.0)]), &run("2", vec![summary(150.0)]));
        assert_eq!(comparison.summary.regressed, 1);
    }

    #[test]
    fn the_runs_of_a_side_are_pooled_and_give_a_noise_floor() {
        let runs = [100.0, 110.0, 90.0].map(|c| run(&c.to_string(), vec![measurement("a", c)]));
        let side = Side { name: "history".into(), runs: runs.iter().collect() };
        let after = run("2", vec![measurement("a", 100.0)]);
        let comparison = compare(&side, &Side::of_run("new", &after), &Policy::default());
        let row = &comparison.benchmarks[0];
        assert_eq!(row.baseline_n, Some(120));
        assert!((row.noise_floor.unwrap() - 0.1).abs() < 0.01, "{row:?}");
        assert_eq!(comparison.baseline.runs.len(), 3);
    }

    #[test]
    fn the_output_reads_back() {
        let (before, after) =
            (run("1", vec![measurement("a", 1.0)]), run("2", vec![measurement("a", 2.0)]));
        let comparison = compared(&before, &after);
        let text = serde_json::to_string(&comparison).unwrap();
        assert_eq!(serde_json::from_str::<Comparison>(&text).unwrap(), comparison);
    }
}
