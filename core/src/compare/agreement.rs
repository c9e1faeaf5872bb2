use std::collections::BTreeMap;

use serde::Serialize;

use super::{AcceptedFrom, Comparison, Context, Evidence, Policy, Side, compare_in};
use crate::model::{
    BenchmarkId, Judgement, Metric, RecordedAcceptance, RecordedVerdict, Run, RunId,
};
use crate::order;

/// Whether what was recorded with a run is what this core says of the same runs.
#[derive(Debug, Clone, PartialEq, Default, Serialize)]
pub struct Agreement {
    /// Whether anything was recorded.
    pub recorded: bool,
    /// The version of the core that decided then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub core: Option<String>,
    /// By which policy.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy: Option<serde_json::Value>,
    /// What the run was compared with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    /// The runs of that.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub baseline_runs: Vec<RunId>,
    /// How many came out which way then, by the verdict's word.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counts: BTreeMap<String, usize>,
    /// Whether every verdict is the same now; none where that cannot be told.
    pub agrees: Option<bool>,
    /// Why it cannot be told.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_unknown: Option<String>,
    /// Runs that the decision rested on and that are not here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing_runs: Vec<RunId>,
    /// The verdicts that differ.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Disagreement>,
}

/// A verdict that is not what it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Disagreement {
    /// The benchmark.
    pub id: String,
    /// The metric.
    pub metric: String,
    /// The word that was recorded; none where there was no such row.
    pub recorded: Option<String>,
    /// The word now; none where there is no such row.
    pub now: Option<String>,
}

impl Evidence<'_> {
    /// What was decided, to be recorded with the candidate.
    pub fn judgement(&self, comparison: &Comparison, policy: &Policy) -> Judgement {
        let id = |id: &String| RunId::new(id.as_str()).ok();
        let from = self.accepted.from.iter();
        let from = order::map_of(
            from.map(|one| ((one.benchmark.as_str(), one.metric.as_str()), &one.run)),
        );
        let verdicts = comparison.benchmarks.iter().map(|row| RecordedVerdict {
            id: row.id.clone(),
            metric: row.metric.clone(),
            verdict: row.verdict.word().to_owned(),
            change: row.change,
            drifted: row.is_drifted(),
            accepted: row.acceptance.as_ref().filter(|_| row.is_accepted()).map(|known| {
                let (reason, source) = (known.reason.clone(), known.source.clone());
                RecordedAcceptance { reason, source }
            }),
            accepted_from: from.get(&(row.id.as_str(), row.metric.as_str())).copied().cloned(),
        });
        Judgement {
            core: comparison.core.clone(),
            // Its keys are texts and its numbers finite: nothing in it can fail to serialise.
            policy: serde_json::to_value(policy).unwrap_or_default(),
            baseline: comparison.baseline.name.clone(),
            runs: comparison.baseline.runs.iter().filter_map(id).collect(),
            history: self.comparable().iter().map(|run| run.id.clone()).collect(),
            verdicts: verdicts.collect(),
        }
    }
}

/// Decides anew what was recorded with `run`, from the runs that `find` knows. Where a run is missing
/// that only told how much unchanged code moves, that is said, and the others tell it.
pub fn agreement<'a>(run: &Run, find: impl Fn(&RunId) -> Option<&'a Run>) -> Agreement {
    let Some(judgement) = &run.judgement else { return Agreement::default() };
    let mut counts = BTreeMap::new();
    for row in &judgement.verdicts {
        *counts.entry(row.verdict.clone()).or_default() += 1;
    }
    let all = order::set_of(judgement.runs.iter().chain(&judgement.history));
    let recorded = Agreement {
        recorded: true,
        core: Some(judgement.core.clone()),
        policy: Some(judgement.policy.clone()),
        baseline: Some(judgement.baseline.clone()),
        baseline_runs: judgement.runs.clone(),
        counts,
        missing_runs: all.into_iter().filter(|id| find(id).is_none()).cloned().collect(),
        ..Agreement::default()
    };
    match judged_anew(run, judgement, &find) {
        Err(why) => Agreement { why_unknown: Some(why), ..recorded },
        Ok(comparison) => {
            let rows = differences(judgement, &comparison);
            Agreement { agrees: Some(rows.is_empty()), rows, ..recorded }
        }
    }
}

fn judged_anew<'a>(
    run: &Run,
    judgement: &Judgement,
    find: &impl Fn(&RunId) -> Option<&'a Run>,
) -> Result<Comparison, String> {
    // By way of text, because nothing else reads a policy from a tree of values.
    let policy = serde_json::to_vec(&judgement.policy);
    let policy: Policy = policy
        .and_then(|text| serde_json::from_slice(&text))
        .map_err(|e| format!("this version does not know the policy: {e}"))?;
    let found: Option<Vec<&Run>> = judgement.runs.iter().map(find).collect();
    let baseline = found
        .filter(|runs| !runs.is_empty())
        .ok_or_else(|| "a run that it was compared with is not here".to_owned())?;
    // What was not to be run is not gone: it was not compared.
    let ids = order::set_of(judgement.verdicts.iter().map(|row| row.id.as_str()));
    let compared = |id: &str| {
        ids.contains(id)
            || run.measurements.iter().any(|m| m.benchmark().as_str() == id)
            || run.skipped.iter().any(|skipped| skipped.name == id)
    };
    let baseline: Vec<Run> = baseline
        .into_iter()
        .map(|run| {
            let mut run = run.clone();
            run.measurements.retain(|measurement| compared(measurement.benchmark().as_str()));
            run
        })
        .collect();
    let side = Side { name: judgement.baseline.clone(), runs: baseline.iter().collect() };
    let history: Vec<&Run> = judgement.history.iter().filter_map(find).collect();
    let from = |verdict: &RecordedVerdict| {
        let benchmark = BenchmarkId::new(verdict.id.as_str()).ok()?;
        let metric = Metric::new(verdict.metric.as_str()).ok()?;
        Some(AcceptedFrom { benchmark, metric, run: verdict.accepted_from.clone()? })
    };
    let accepted_from: Vec<AcceptedFrom> = judgement.verdicts.iter().filter_map(from).collect();
    let context = Context { history: &history, levels: &[], accepted_from: &accepted_from };
    Ok(compare_in(&side, &Side::of_run(run.id.as_str(), run), context, &policy))
}

/// The word that was recorded, and the word now.
type Words<'a> = (Option<&'a str>, Option<&'a str>);

fn differences(judgement: &Judgement, comparison: &Comparison) -> Vec<Disagreement> {
    let mut rows: BTreeMap<(&str, &str), Words<'_>> = BTreeMap::new();
    for row in &judgement.verdicts {
        rows.entry((&row.id, &row.metric)).or_default().0 = Some(&row.verdict);
    }
    for row in &comparison.benchmarks {
        rows.entry((&row.id, &row.metric)).or_default().1 = Some(row.verdict.word());
    }
    let owned = |word: Option<&str>| word.map(str::to_owned);
    rows.into_iter()
        .filter(|(_, (recorded, now))| recorded != now)
        .map(|((id, metric), (recorded, now))| Disagreement {
            id: id.to_owned(),
            metric: metric.to_owned(),
            recorded: owned(recorded),
            now: owned(now),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::DEFAULT_WINDOW;
    use crate::model::{BenchmarkId, History, Iterations, Measurement, Sample};

    fn run(id: usize, benchmarks: &[(&str, f64)]) -> Run {
        let measurement = |&(name, centre): &(&str, f64)| {
            let values = (0..30).map(|i| centre * (1.0 + ((i * 7 + id) % 30) as f64 / 1000.0));
            let sample = Sample::new(values.collect(), Iterations::Every(1000)).unwrap();
            Measurement::wall_time(BenchmarkId::new(name).unwrap(), sample).unwrap()
        };
        let measurements = benchmarks.iter().map(measurement).collect();
        Run::new(RunId::new(format!("r{id:02}")).unwrap(), measurements)
    }

    /// Twelve runs of three benchmarks, and one in which the first takes half as long again, and the
    /// third is gone.
    fn runs() -> Vec<Run> {
        let all = [("a", 100.0), ("b", 900.0), ("c", 10.0)];
        let mut runs: Vec<Run> = (0..12).map(|i| run(i, &all)).collect();
        runs.push(run(12, &[("a", 150.0), ("b", 900.0)]));
        runs
    }

    fn judged(policy: &Policy) -> History {
        let mut runs = runs();
        let history = History::new(runs.clone());
        let candidate = runs.last_mut().unwrap();
        let comparable = history.comparable_before(candidate, None);
        let evidence = Evidence::new(comparable, &[], DEFAULT_WINDOW, policy);
        let side = Side::of_run(candidate.id.as_str(), candidate);
        let comparison = evidence.judge(&evidence.history().unwrap(), &side, policy);
        let judgement = evidence.judgement(&comparison, policy);
        candidate.judgement = Some(judgement);
        History::new(runs)
    }

    fn agreement_in(history: &History) -> Agreement {
        let find = |id: &RunId| history.runs().iter().find(|run| run.id == *id);
        agreement(history.runs().last().unwrap(), find)
    }

    #[test]
    fn the_same_runs_and_policy_give_the_same_verdicts() {
        let history = judged(&Policy::default());
        let agreement = agreement_in(&history);
        assert_eq!((agreement.agrees, agreement.missing_runs.len()), (Some(true), 0));
        assert_eq!(agreement.counts["regressed"], 1, "{agreement:?}");
        assert_eq!(
            (agreement.baseline.as_deref(), agreement.baseline_runs.len()),
            (Some("history"), 10)
        );
        let lenient: Policy =
            serde_json::from_str(r#"{"benchmark":[{"match":"a*","threshold":"80%"}]}"#).unwrap();
        let agreement = agreement_in(&judged(&lenient));
        assert_eq!(agreement.agrees, Some(true));
        assert_eq!(agreement.counts.get("regressed"), None, "{agreement:?}");
    }

    #[test]
    fn what_differs_is_named() {
        let mut history = judged(&Policy::default());
        let mut runs = history.runs().to_vec();
        let judgement = runs.last_mut().unwrap().judgement.as_mut().unwrap();
        judgement.core = "9.9.9".into();
        judgement.verdicts[0].verdict = "unheard-of".into();
        assert_eq!(
            (judgement.verdicts[1].id.as_str(), judgement.verdicts[2].id.as_str()),
            ("c", "b")
        );
        judgement.verdicts.remove(1);
        history = History::new(runs);
        let agreement = agreement_in(&history);
        assert_eq!((agreement.agrees, agreement.core.as_deref()), (Some(false), Some("9.9.9")));
        let [a] = agreement.rows.as_slice() else { panic!("{agreement:?}") };
        assert_eq!(a.id, "a");
        assert_eq!(a.recorded.as_deref(), Some("unheard-of"));
        assert_eq!(a.now.as_deref(), Some("regressed"));
        // c was not to be run then, as with a selection: it is not gone now.
    }

    #[test]
    fn without_the_runs_it_rested_on_nothing_is_claimed() {
        let history = judged(&Policy::default());
        let without = |ids: &[&str]| {
            let kept = history.runs().iter().filter(|run| !ids.contains(&run.id.as_str()));
            agreement_in(&History::new(kept.cloned().collect()))
        };
        // Only told about the noise.
        let agreement = without(&["r00"]);
        assert_eq!((agreement.agrees, agreement.missing_runs.len()), (Some(true), 1));
        // A run of the baseline.
        let agreement = without(&["r11"]);
        assert_eq!((agreement.agrees, agreement.missing_runs.len()), (None, 1));
        assert!(agreement.why_unknown.unwrap().contains("is not here"));
    }

    #[test]
    fn a_policy_of_another_version_is_no_agreement() {
        let history = judged(&Policy::default());
        let mut runs = history.runs().to_vec();
        let judgement = runs.last_mut().unwrap().judgement.as_mut().unwrap();
        judgement.policy = serde_json::json!({"threshold": 0.2, "unheard_of": 1});
        let agreement = agreement_in(&History::new(runs));
        assert_eq!(agreement.agrees, None);
        assert!(agreement.why_unknown.unwrap().contains("unknown field `unheard_of`"));
        assert_eq!(agreement_in(&History::new(self::runs())), Agreement::default());
    }
}
