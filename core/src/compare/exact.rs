use super::reasons::range;
use crate::stats::{median, sorted};

/// The counts of both sides. The same code repeats them to the last digit, so that one stands for
/// each side; where rounds disagree, the decision must hold for all of them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct ExactCounts {
    /// The baseline's that is nearest to the candidate's.
    pub(super) baseline: f64,
    /// The candidate's that is nearest to the baseline's.
    pub(super) candidate: f64,
    /// The smallest and the largest of the baseline's rounds.
    pub(super) baseline_range: [f64; 2],
    /// The same of the candidate's.
    pub(super) candidate_range: [f64; 2],
}

impl ExactCounts {
    /// The counts of each side's rounds, in any order; where the two overlap, their medians stand for
    /// them. `None` where a side has none. O(n log n).
    pub(super) fn of(baseline: &[f64], candidate: &[f64]) -> Option<Self> {
        let (before, after) = (sorted(baseline), sorted(candidate));
        let range = |counts: &[f64]| Some([*counts.first()?, *counts.last()?]);
        let (b, c) = (range(&before)?, range(&after)?);
        let (baseline, candidate) = match () {
            () if b[1] < c[0] => (b[1], c[0]),
            () if c[1] < b[0] => (b[0], c[1]),
            () => (median(&before)?, median(&after)?),
        };
        Some(Self { baseline, candidate, baseline_range: b, candidate_range: c })
    }

    /// The same candidate against one count of the baseline.
    pub(super) fn against(self, accepted: f64) -> Self {
        let [least, most] = self.candidate_range;
        let candidate = if accepted < least {
            least
        } else if accepted > most {
            most
        } else {
            self.candidate
        };
        Self { baseline: accepted, baseline_range: [accepted; 2], candidate, ..self }
    }

    /// As if all of the candidate's were so many times as large.
    pub(super) fn times(self, factor: f64) -> Self {
        let of = |counts: [f64; 2]| counts.map(|count| count * factor);
        Self {
            candidate: self.candidate * factor,
            candidate_range: of(self.candidate_range),
            ..self
        }
    }

    /// The two pairs of baseline and candidate that are furthest apart, either way.
    pub(super) fn extremes(self) -> [(f64, f64); 2] {
        let ([b0, b1], [c0, c1]) = (self.baseline_range, self.candidate_range);
        [(b0, c1), (b1, c0)]
    }

    /// That rounds disagree, and how far; `None` where they do not.
    pub(super) fn disagreement(self) -> Option<String> {
        let sides = [("baseline", self.baseline_range), ("candidate", self.candidate_range)];
        let differing = sides.iter().filter(|(_, [least, most])| least < most);
        let said: Vec<String> = differing
            .map(|(side, counts)| format!("of the {side} from {}", range(*counts)))
            .collect();
        (!said.is_empty()).then(|| format!("the rounds disagree: {}", said.join(", ")))
    }
}
