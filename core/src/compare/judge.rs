use super::accepted_level::AcceptedFrom;
use super::common_mode::{CommonShift, common_shift};
use super::comparison::{Comparison, Counts, PolicyUsed, SideUsed};
use super::drift::{Drifting, Place, drifts};
use super::estimate::{Estimate, estimates, figure};
use super::launches::Pair;
use super::limits::Limits;
use super::pairs::{Content, Subject, Table};
use super::policy::CommonMode;
use super::reasons::{drift_reason, tail_reason, trend_reason};
use super::row::Row;
use super::statistic::Statistic;
use super::tail::{Tail, Tails, tails};
use super::verdict::{
    Decision, Matter, Relevance, Verdict, change_interval, decide, decide_exact, decide_identical,
    decide_not_positive, decide_other_machine, decide_unusable, ratio,
};
use super::warnings::{other_machine, warnings};
use super::{Policy, Side};
use crate::model::{Level, Machine, Run, Skipped};
use crate::stats::benjamini_hochberg;

/// What is known besides the two sides.
#[derive(Debug, Clone, Copy, Default)]
pub struct Context<'a> {
    /// Earlier runs made like the candidate: they show how much unchanged code moves. Runs that are
    /// on either side count once.
    pub history: &'a [&'a Run],
    /// Levels that were accepted, against which slow drift shows.
    pub levels: &'a [Level],
    /// At which runs levels were accepted: of a benchmark's earlier runs those since then count.
    pub accepted_from: &'a [AcceptedFrom],
}

/// Sets `candidate` against `baseline`, with nothing else known.
pub fn compare(baseline: &Side<'_>, candidate: &Side<'_>, policy: &Policy) -> Comparison {
    compare_in(baseline, candidate, Context::default(), policy)
}

/// Sets `candidate` against `baseline`. Nothing is dropped: what only one side has is *new* or
/// *gone*, what cannot be set against each other is skipped with the reason. O(launches of both
/// sides and the history).
pub fn compare_in(
    baseline: &Side<'_>,
    candidate: &Side<'_>,
    context: Context<'_>,
    policy: &Policy,
) -> Comparison {
    let mut warnings = warnings(baseline, candidate);
    let (reference, foreign) = of_this_machine(baseline, candidate, policy);
    if !foreign && reference.runs.len() < baseline.runs.len() {
        warnings.push(format!(
            "{} of {} runs of the baseline are from another machine, and were left out",
            baseline.runs.len() - reference.runs.len(),
            baseline.runs.len()
        ));
    }
    let table = Table::new(&reference, candidate, context.history, context.accepted_from);
    let (subjects, mut skipped) = table.subjects(policy);
    skipped.extend(candidate.runs.iter().flat_map(|run| run.skipped.iter().cloned()));
    skipped.extend(skipped_in_baseline(&reference, &subjects, &skipped));

    let judged = Judged::of(&subjects, policy, foreign);
    let machine = candidate.runs.last().and_then(|run| run.machine.as_ref());
    let machine = machine.map(Machine::fingerprint);
    let any = policy.allow_different_machine;
    let place = Place { machine: machine.as_deref(), foreign, any };
    let drifting = drifts(&subjects, &judged.estimates, context.levels, place, policy);
    let tails = judged.tails(&subjects, policy, foreign);
    let mut rows: Vec<Row> = Vec::with_capacity(subjects.len());
    let beside = drifting.into_iter().zip(tails);
    for ((index, subject), (Drifting { drift, not_judged }, tail)) in
        subjects.iter().enumerate().zip(beside)
    {
        // What failed is counted as skipped: it is not gone.
        let failed = || skipped.iter().any(|skipped| skipped.name == subject.key.0.as_str());
        if matches!(subject.content, Content::Gone) && failed() {
            continue;
        }
        let mut row = Row { tail, drift, ..judged.row(index, subject, policy, foreign) };
        let unclear = tail.filter(|tail| tail.too_few && row.verdict != Verdict::Regressed);
        if let Some(tail) = tail.filter(|_| row.is_tail_slower()).or(unclear) {
            row.reasons
                .push(tail_reason(&tail, subject.candidate.as_ref().map_or(0, |side| side.rounds)));
        }
        row.reasons.extend(not_judged.map(str::to_owned));
        if let Some(drift) = row.drift.as_ref().filter(|_| row.is_drifted()) {
            row.reasons.push(drift_reason(drift, subject.unit, policy.confidence.ratio()));
        }
        rows.push(row);
    }
    rows.sort_by(|a, b| {
        // Twice as much and half as much are of one size.
        let grown = |change: f64| if change < 0.0 { 1.0 / (1.0 + change) - 1.0 } else { change };
        let size = |row: &Row| row.change.map_or(0.0, grown);
        a.verdict
            .cmp(&b.verdict)
            .then(size(b).total_cmp(&size(a)))
            .then_with(|| (&a.id, &a.metric).cmp(&(&b.id, &b.metric)))
    });
    Comparison {
        format: "driftline-comparison/1".to_owned(),
        core: crate::VERSION.to_owned(),
        policy: PolicyUsed::of(policy),
        baseline: SideUsed::of(baseline),
        candidate: SideUsed::of(candidate),
        summary: Counts::of(&rows, &skipped),
        warnings,
        common_shift: judged.common_shift,
        benchmarks: rows,
        skipped,
    }
}

/// What the baseline's newest run could not measure and neither side shows otherwise.
fn skipped_in_baseline(
    baseline: &Side<'_>,
    subjects: &[Subject<'_>],
    known: &[Skipped],
) -> Vec<Skipped> {
    let Some(newest) = baseline.runs.last() else { return Vec::new() };
    let is_shown = |name: &str| {
        subjects.iter().any(|subject| subject.key.0.as_str() == name)
            || known.iter().any(|skipped| skipped.name == name)
    };
    let lost = newest.skipped.iter().filter(|skipped| !is_shown(&skipped.name));
    lost.map(|Skipped { name, reason }| Skipped {
        name: name.clone(),
        reason: format!("in the baseline: {reason}"),
    })
    .collect()
}

/// The baseline's runs of the candidate's machine; all, and true, if there is none and the policy
/// does not allow that.
fn of_this_machine<'a>(
    baseline: &Side<'a>,
    candidate: &Side<'a>,
    policy: &Policy,
) -> (Side<'a>, bool) {
    let Some(newest) = candidate.runs.last().filter(|_| !policy.allow_different_machine) else {
        return (baseline.clone(), false);
    };
    let own: Vec<&Run> =
        baseline.runs.iter().copied().filter(|run| !other_machine(run, newest)).collect();
    if own.is_empty() {
        return (baseline.clone(), !baseline.runs.is_empty());
    }
    (Side { name: baseline.name.clone(), runs: own }, false)
}

/// Everything that needs all benchmarks at once.
#[derive(Debug)]
pub(super) struct Judged {
    /// By subject; none where levels are not compared.
    pub(super) estimates: Vec<Option<Estimate>>,
    pub(super) q_values: Vec<Option<f64>>,
    pub(super) tests: usize,
    common_shift: Option<CommonShift>,
    /// What was taken off every difference, in the logarithm.
    corrected: f64,
}

impl Judged {
    pub(super) fn of(subjects: &[Subject<'_>], policy: &Policy, foreign: bool) -> Self {
        let pairs: Vec<&Pair> = subjects.iter().filter_map(levels).collect();
        let mut of_pairs = estimates(&pairs).into_iter();
        let mut estimates: Vec<Option<Estimate>> = subjects
            .iter()
            .map(|subject| levels(subject).and_then(|_| of_pairs.next().flatten()))
            .collect();

        let mut shift = None;
        if policy.common_mode != CommonMode::Off && !foreign {
            let known: Vec<Estimate> = estimates.iter().flatten().copied().collect();
            shift = common_shift(&known);
        }
        if let Some((common, shift)) = &mut shift
            && policy.common_mode == CommonMode::Correct
        {
            shift.corrected = true;
            for (estimate, pair) in estimates.iter_mut().zip(subjects.iter().map(levels)) {
                *estimate = estimate.zip(pair).map(|(e, pair)| e.without(pair, *common));
            }
        }

        let tested: Vec<Option<f64>> = subjects
            .iter()
            .zip(&estimates)
            .map(|(subject, estimate)| {
                let estimate = estimate.as_ref().filter(|_| !subject.identical && !foreign)?;
                Some(estimate.prediction.p_value(estimate.difference))
            })
            .collect();
        let p_values: Vec<f64> = tested.iter().copied().flatten().collect();
        let mut controlled = benjamini_hochberg(&p_values).into_iter();
        let q_values = tested.iter().map(|p| p.and_then(|_| controlled.next())).collect();
        Self {
            estimates,
            q_values,
            tests: p_values.len(),
            corrected: shift.filter(|(_, shift)| shift.corrected).map_or(0.0, |(common, _)| common),
            common_shift: shift.map(|(_, shift)| shift),
        }
    }

    fn row(&self, index: usize, subject: &Subject<'_>, policy: &Policy, foreign: bool) -> Row {
        let (benchmark, metric) = subject.key;
        let limits = policy.limits_of(benchmark, metric, subject.unit);
        let mut row = blank(subject, limits);
        let estimate = self.estimates.get(index).copied().flatten();
        let decision = match (&subject.content, &estimate) {
            (Content::New, _) => Decision::new(Verdict::New, "not in the baseline"),
            (Content::Gone, _) => Decision::new(Verdict::Gone, "not in the candidate"),
            (Content::NotPositive(before, after), _) => {
                row.baseline = Some(*before);
                row.candidate = Some(*after);
                decide_not_positive(*before, *after)
            }
            (Content::Unusable(reason), _) => decide_unusable(reason),
            (Content::Exact(counts), _) => {
                let (before, after) = (counts.baseline, counts.candidate);
                row.statistic = Some(Statistic::Exact);
                row.baseline = Some(before);
                row.candidate = Some(after);
                let change = (before > 0.0).then(|| after / before - 1.0);
                row.change = change.filter(|change| change.is_finite());
                if foreign {
                    row.other_machine = true;
                    decide_other_machine()
                } else {
                    decide_exact(*counts, limits, subject.better, subject.unit)
                }
            }
            (Content::Levels(pair), Some(estimate)) => {
                row.statistic = Some(pair.statistic);
                row.history_runs = pair.history.len();
                let trend = pair.trend.map(|trend| ratio(trend.per_run, subject.better) - 1.0);
                row.trend = trend.filter(|change| change.is_finite());
                let matter = self.matter(index, estimate, subject, limits, policy);
                self.fill(&mut row, index, &matter);
                if foreign {
                    row.interval = None;
                    row.other_machine = true;
                    decide_other_machine()
                } else if subject.identical {
                    decide_identical(estimate, matter.relevance, subject.better)
                } else {
                    decide(matter)
                }
            }
            (Content::Levels(_), None) => {
                Decision::new(Verdict::Inconclusive, "no launch was measured on one side")
            }
        };
        row.verdict = decision.verdict;
        row.reasons = decision.reasons;
        if let Content::Levels(pair) = &subject.content {
            row.reasons.extend(pair.trend.map(|trend| trend_reason(trend, subject.better)));
        }
        row
    }

    pub(super) fn matter<'e>(
        &self,
        index: usize,
        estimate: &'e Estimate,
        subject: &Subject<'e>,
        limits: Limits,
        policy: &Policy,
    ) -> Matter<'e> {
        let baseline = figure(estimate.levels.0, subject.better);
        let confidence = policy.confidence.ratio();
        Matter {
            estimate,
            interval: estimate.prediction.interval(estimate.difference, confidence),
            relevance: Relevance::of(limits, baseline, subject.better),
            better: subject.better,
            unit: subject.unit,
            p_value: estimate.prediction.p_value(estimate.difference),
            q_value: self.q_values.get(index).copied().flatten().unwrap_or(1.0),
            fdr: policy.fdr.ratio(),
            confidence,
            tests: self.tests,
        }
    }

    /// The figures of a row whose levels are compared.
    fn fill(&self, row: &mut Row, index: usize, matter: &Matter<'_>) {
        let Matter { estimate, relevance, better, interval, .. } = *matter;
        let (before, after) = estimate.levels;
        let baseline = figure(before, better);
        let finite = |figure: f64| Some(figure).filter(|figure| figure.is_finite());
        row.baseline = finite(baseline);
        row.candidate = finite(figure(after, better));
        row.change = finite(ratio(estimate.difference, better) - 1.0);
        row.interval =
            Some(change_interval(interval, better)).filter(|[a, b]| a.is_finite() && b.is_finite());
        row.noise_floor = finite(libm::exp(estimate.noise_floor()) - 1.0);
        row.noise_assumed = estimate.is_noise_assumed();
        row.smallest_detectable = finite(libm::exp(matter.smallest_detectable()) - 1.0);
        row.q_value = self.q_values.get(index).copied().flatten();
        row.p_value = row.q_value.map(|_| matter.p_value);
        row.threshold = finite(libm::exp(relevance.worse) - 1.0).unwrap_or(row.threshold);
        row.improvement_threshold = finite(libm::exp(relevance.better) - 1.0);
    }

    /// The slow ends, in the order of `subjects`; none where a slow end is no worse one. Against
    /// another machine, and of one program, they are shown and not judged.
    fn tails(&self, subjects: &[Subject<'_>], policy: &Policy, foreign: bool) -> Vec<Option<Tail>> {
        let both = subjects.iter().zip(&self.estimates);
        let suite: Vec<Option<Tails<'_>>> = both
            .map(|(subject, estimate)| {
                let (estimate, ends) = estimate.as_ref().zip(subject.slow_ends.as_ref())?;
                let limits = policy.limits_of(subject.key.0, subject.key.1, subject.unit);
                let baseline = figure(estimate.levels.0, subject.better);
                let threshold = Relevance::of(limits, baseline, subject.better).worse;
                let tested = !foreign && !subject.identical;
                Some(Tails { ends, threshold, common: self.corrected, tested })
            })
            .collect();
        tails(&suite, policy.fdr.ratio())
    }
}

fn levels<'p>(subject: &'p Subject<'_>) -> Option<&'p Pair> {
    match &subject.content {
        Content::Levels(pair) => Some(pair),
        _ => None,
    }
}

fn blank(subject: &Subject<'_>, limits: Limits) -> Row {
    let (benchmark, metric) = subject.key;
    Row {
        id: benchmark.to_string(),
        metric: metric.to_string(),
        unit: subject.unit.to_string(),
        better: subject.better,
        statistic: subject.content.statistic(),
        baseline: subject.newest.0,
        candidate: subject.newest.1,
        change: None,
        interval: None,
        noise_floor: None,
        noise_assumed: false,
        trend: None,
        history_runs: 0,
        smallest_detectable: None,
        p_value: None,
        q_value: None,
        threshold: limits.relative.map_or(0.0, super::limits::Threshold::ratio),
        improvement_threshold: None,
        absolute_threshold: limits.absolute,
        relative_threshold: limits
            .absolute
            .and(limits.relative)
            .map(super::limits::Threshold::ratio),
        verdict: Verdict::Inconclusive,
        reasons: Vec::new(),
        tail: None,
        drift: None,
        acceptance: None,
        other_machine: false,
        identical: subject.identical,
        baseline_figures: subject.baseline.clone(),
        candidate_figures: subject.candidate.clone(),
    }
}
