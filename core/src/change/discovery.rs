//! False-discovery control over all series of a history.

use super::analysis::{Analysis, Segment, SeriesShift};
use crate::stats::benjamini_hochberg;

/// The share of false ones among the settled change points that are listed, at most; among the
/// drifts as well.
pub(super) const FALSE_DISCOVERY_RATE: f64 = 0.05;
/// The same among the probable ones: who wants to hear of a change early is told wrongly more often.
pub(super) const OF_PROBABLE: f64 = 0.1;
/// p-values of settled change points are raised to this power: they rest on an estimate of the noise,
/// and far out they are too small where its variance changes. By simulation (`make
/// evaluate-changes`).
const TAIL: f64 = 0.7;
/// The same where neighbouring runs resemble one another: how much they do is an estimate as well.
const TAIL_OF_DEPENDENT: f64 = 0.45;
/// Of how many places a step is the best, about, where a straight line is the one there is.
const STEPS_TO_A_LINE: f64 = 20.0;
/// For each series that is told to drift there may be so many that do.
const UNTOLD: f64 = 10.0;

/// The q-values of one series' change points.
#[derive(Debug, Clone, Default)]
pub(super) struct QValues {
    /// Of the settled ones, ascending by place.
    settled: Vec<(usize, f64)>,
    probable: Option<f64>,
    pub(super) drift: Option<f64>,
}

impl QValues {
    pub(super) fn of(&self, shift: &SeriesShift) -> f64 {
        if !shift.settled {
            return self.probable.unwrap_or(1.0);
        }
        self.settled.iter().find(|(index, _)| *index == shift.index).map_or(1.0, |(_, q)| *q)
    }
}

/// Benjamini & Hochberg over the settled change points of all series, over the probable ones, and
/// over the drifts; a series that has none of a kind counts with a p-value of 1.
pub(super) fn q_values(analyses: &[Analysis]) -> Vec<QValues> {
    let mut all = vec![QValues::default(); analyses.len()];
    let mut settled: Vec<(usize, Option<usize>, f64)> = Vec::new();
    for (place, analysis) in analyses.iter().enumerate() {
        let before = settled.len();
        let found = analysis.shifts.iter().filter(|shift| shift.settled);
        settled.extend(found.map(|shift| (place, Some(shift.index), shift.p_value)));
        if settled.len() == before {
            settled.push((place, None, 1.0));
        }
    }
    let q = benjamini_hochberg(&settled.iter().map(|(_, _, p)| *p).collect::<Vec<_>>());
    for ((place, index, _), q) in settled.iter().zip(q) {
        if let (Some(values), Some(index)) = (all.get_mut(*place), index) {
            values.settled.push((*index, q));
        }
    }
    let probable = |a: &Analysis| a.shifts.iter().find(|s| !s.settled).map(|s| s.p_value);
    let drift = |a: &Analysis| a.trend.map(|trend| trend.p_value);
    let of_one = |p: &dyn Fn(&Analysis) -> Option<f64>| -> Vec<Option<f64>> {
        let known: Vec<Option<f64>> = analyses.iter().map(p).collect();
        let q = benjamini_hochberg(&known.iter().map(|p| p.unwrap_or(1.0)).collect::<Vec<_>>());
        known.iter().zip(q).map(|(p, q)| p.map(|_| q)).collect()
    };
    let pairs = of_one(&probable).into_iter().zip(of_one(&drift));
    for (values, (probable, drift)) in all.iter_mut().zip(pairs) {
        (values.probable, values.drift) = (probable, drift);
    }
    all
}

/// Makes the p-values of settled change points and of drifts such that they hold over a whole history: honest far
/// out ([`TAIL`]), and where many series drift, so that a step among them is less likely to be one, at
/// least the share of drifting series, with a margin for those whose drift is not told, times the
/// likelihood of a drift.
pub(super) fn temper(analyses: &mut [Analysis]) {
    let drifting = analyses.iter().filter(|analysis| analysis.trend.is_some()).count();
    let share = (UNTOLD * drifting as f64 / analyses.len().max(1) as f64).min(1.0);
    for analysis in analyses {
        let tail = if analysis.inflation > 1.0 { TAIL_OF_DEPENDENT } else { TAIL };
        for shift in analysis.shifts.iter_mut().filter(|shift| shift.settled) {
            let of_line = (share * STEPS_TO_A_LINE * shift.ramp).min(1.0);
            shift.p_value = libm::pow(shift.p_value, tail).max(of_line);
        }
        if let Some(trend) = &mut analysis.trend {
            trend.p_value = libm::pow(trend.p_value, tail);
        }
    }
}

/// Takes out what may be false, and joins the segments that a change point divided.
pub(super) fn drop_undiscovered(analysis: &mut Analysis, q: &QValues) {
    let (kept, dropped): (Vec<SeriesShift>, Vec<SeriesShift>) =
        analysis.shifts.iter().partition(|shift| {
            let tolerated = if shift.settled { FALSE_DISCOVERY_RATE } else { OF_PROBABLE };
            q.of(shift) <= tolerated
        });
    analysis.shifts = kept;
    for shift in dropped.iter().filter(|shift| shift.settled) {
        let mut joined: Vec<Segment> = Vec::with_capacity(analysis.segments.len());
        for segment in &analysis.segments {
            match joined.last_mut() {
                Some(before) if segment.start == shift.index => *before = before.and(segment),
                _ => joined.push(*segment),
            }
        }
        analysis.segments = joined;
    }
}

impl Segment {
    /// This and the one behind it as one: the levels weighted by length.
    fn and(&self, next: &Self) -> Self {
        let (n, m) = ((self.end - self.start) as f64, (next.end - next.start) as f64);
        let mean = |a: f64, b: f64| a * (n / (n + m)) + b * (m / (n + m));
        Self {
            start: self.start,
            end: next.end,
            level: mean(self.level, next.level),
            level_at_end: mean(self.level_at_end, next.level_at_end),
        }
    }
}
