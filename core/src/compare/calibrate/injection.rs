//! Slowdowns of known size, put into a stored run.

use super::replay::Key;
use crate::compare::judge::Judged;
use crate::compare::pairs::{Content, Subject, Table};
use crate::compare::verdict::{Matter, decide, decide_exact};
use crate::compare::{Policy, Side, Verdict};
use crate::model::Direction;

/// The sizes, as ratios.
pub(super) const SLOWDOWNS: [f64; 5] = [0.05, 0.1, 0.2, 0.3, 0.5];

/// What became of one metric of one benchmark when it alone was slower.
#[derive(Debug)]
pub(super) struct Slowed {
    pub(super) key: Key,
    /// By slowdown.
    pub(super) verdicts: [Verdict; SLOWDOWNS.len()],
}

/// Judges `candidate`, which is of the baseline's machine, once for every benchmark and slowdown
/// with all figures of that one benchmark worse by it: times and counts multiplied, rates divided.
/// What neither has a level nor is counted is left out.
///
/// Worse figures are levels that are shifted, and nothing else: the noise and the other benchmarks
/// stay as they are. So the launches are looked at once. O(launches).
pub(super) fn slowed(baseline: &Side<'_>, candidate: &Side<'_>, policy: &Policy) -> Vec<Slowed> {
    let (subjects, _) = Table::new(baseline, candidate, &[], &[]).subjects(policy);
    let judged = Judged::of(&subjects, policy, false);
    let fdr = policy.fdr.ratio();
    let is_significant = |q: &Option<f64>| q.is_some_and(|q| q <= fdr);
    let significant = judged.q_values.iter().filter(|q| is_significant(q)).count();
    let one = |(index, subject): (usize, &Subject<'_>)| {
        let verdict = |slowdown: f64| match &subject.content {
            Content::Exact(counts) => {
                let limits = policy.limits_of(subject.key.0, subject.key.1, subject.unit);
                let worse = match subject.better {
                    Direction::Lower => counts.times(1.0 + slowdown),
                    Direction::Higher => counts.times(1.0 / (1.0 + slowdown)),
                };
                Some(decide_exact(worse, limits, subject.better, subject.unit).verdict)
            }
            Content::Levels(pair) => {
                let estimate = judged.estimates.get(index).copied().flatten()?;
                let estimate = estimate.worse_by(pair, libm::log1p(slowdown));
                let p_value = estimate.prediction.p_value(estimate.difference);
                // Beside the r others that are significant it is so as well if p ≤ (r + 1) fdr / m:
                // then r + 1 of the m p-values are that small (Benjamini & Hochberg 1995).
                let own = judged.q_values.get(index).copied().flatten();
                let others = significant - usize::from(is_significant(&own));
                let tests = judged.tests + usize::from(own.is_none());
                let q_value = p_value * tests as f64 / (others + 1) as f64;
                let limits = policy.limits_of(subject.key.0, subject.key.1, subject.unit);
                let matter = judged.matter(index, &estimate, subject, limits, policy);
                Some(decide(Matter { p_value, q_value, ..matter }).verdict)
            }
            Content::New | Content::Unusable(_) | Content::Gone | Content::NotPositive(..) => None,
        };
        let key = (subject.key.0.to_string(), subject.key.1.to_string());
        let [a, b, c, d, e] = SLOWDOWNS.map(verdict);
        Some(Slowed { key, verdicts: [a?, b?, c?, d?, e?] })
    };
    subjects.iter().enumerate().filter_map(one).collect()
}
