use std::collections::BTreeMap;

use super::Policy;
use super::estimate::{Estimate, figure};
use super::launches::level;
use super::pairs::Subject;
use super::row::Drift;
use super::side::Key;
use super::verdict::{Matter, Relevance, change_interval, decide, ratio};
use crate::model::Level;
use crate::stats::benjamini_hochberg;

/// How each subject stands against the level that was accepted of it, in the order of `subjects`;
/// none where no level of its unit was accepted. Controlled over all of them like the changes.
pub(super) fn drifts(
    subjects: &[Subject<'_>],
    estimates: &[Option<Estimate>],
    levels: &[Level],
    policy: &Policy,
) -> Vec<Option<Drift>> {
    let mut accepted: BTreeMap<Key<'_>, &Level> = BTreeMap::new();
    for level in levels.iter().filter(|level| level.accepted > 0.0) {
        accepted.entry((&level.benchmark, &level.metric)).or_insert(level);
    }
    let against: Vec<Option<(Estimate, &Level)>> = subjects
        .iter()
        .zip(estimates)
        .map(|(subject, estimate)| {
            let accepted =
                accepted.get(&subject.key).filter(|level| level.unit == *subject.unit).copied()?;
            let reference = level(accepted.accepted, subject.better);
            let drifted = estimate.as_ref()?.against(reference);
            Some((drifted, accepted))
        })
        .collect();
    let p_values: Vec<f64> = against
        .iter()
        .flatten()
        .map(|(estimate, _)| estimate.prediction.p_value(estimate.difference))
        .collect();
    let mut q_values = benjamini_hochberg(&p_values).into_iter();
    against
        .into_iter()
        .zip(subjects)
        .map(|(drifted, subject)| {
            let (estimate, accepted) = drifted?;
            let (benchmark, metric) = subject.key;
            let limits = policy.limits_of(benchmark, metric, subject.unit);
            let baseline = figure(estimate.levels.0, subject.better);
            let confidence = policy.confidence.ratio();
            let interval = estimate.prediction.interval(estimate.difference, confidence);
            let decision = decide(Matter {
                estimate: &estimate,
                interval,
                relevance: Relevance::of(limits, baseline, subject.better),
                better: subject.better,
                q_value: q_values.next().unwrap_or(1.0),
                fdr: policy.fdr.ratio(),
                confidence,
                tests: p_values.len(),
            });
            let change = ratio(estimate.difference, subject.better) - 1.0;
            let interval = change_interval(interval, subject.better);
            // A change beyond all numbers has no figure to show.
            let shown = change.is_finite() && interval.iter().all(|bound| bound.is_finite());
            shown.then_some(Drift {
                accepted: accepted.accepted,
                best: accepted.best,
                change,
                interval,
                verdict: decision.verdict,
            })
        })
        .collect()
}
