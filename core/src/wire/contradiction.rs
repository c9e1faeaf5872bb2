use crate::compare::{Figures, Row, Statistic, Verdict};
use crate::model::Direction;

/// What is left of a figure's digits after it was computed in another way.
const ROUNDING: f64 = 1e-6;

/// What in a row contradicts the rest of it, so that this core did not write it: a verdict that is not
/// what its change says, a change that is not that of its figures, an interval beside its change, launches
/// that do not add up. `runs` are how many either side has; `corrected` whether a shift that the suite has
/// in common was taken off the changes.
pub(super) fn contradiction(
    row: &Row,
    runs: (usize, usize),
    corrected: bool,
) -> Option<&'static str> {
    let sides = [(&row.baseline_figures, runs.0), (&row.candidate_figures, runs.1)];
    if sides.into_iter().any(|(figures, runs)| figures.as_ref().is_some_and(|f| !adds_up(f, runs)))
    {
        return Some("its launches are not as many as its runs have");
    }
    let is_missing = match row.verdict {
        Verdict::New => row.candidate.is_none() && row.candidate_figures.is_none(),
        Verdict::Gone => row.baseline.is_none() && row.baseline_figures.is_none(),
        Verdict::Regressed | Verdict::Improved => row.baseline.is_none() || row.candidate.is_none(),
        Verdict::Unchanged | Verdict::Inconclusive => false,
    };
    if is_missing {
        return Some("a side has no figure");
    }
    let has_other = match row.verdict {
        Verdict::New => row.baseline.is_some(),
        Verdict::Gone => row.candidate.is_some(),
        _ => false,
    };
    if has_other || matches!(row.verdict, Verdict::New | Verdict::Gone) && row.change.is_some() {
        return Some("it is of one side, and has figures of both");
    }
    let reading = |from: Option<f64>, change: Option<f64>| {
        corrected || is_change(from, row.candidate, change)
    };
    let drift = row.drift.as_ref();
    if !reading(row.baseline, row.change)
        || drift.is_some_and(|drift| !reading(Some(drift.accepted), Some(drift.change)))
    {
        return Some("its change is not that of its figures");
    }
    let inside = |change: Option<f64>, interval: Option<[f64; 2]>| {
        change.zip(interval).is_none_or(|(change, [lower, upper])| {
            let slack = ROUNDING * (1.0 + change.abs());
            (lower - slack..=upper + slack).contains(&change)
        })
    };
    if !inside(row.change, row.interval)
        || drift.is_some_and(|drift| !inside(Some(drift.change), Some(drift.interval)))
    {
        return Some("its change is outside the interval");
    }
    // An exact count may be held against an amount alone. An amount is another share of the accepted
    // level than of the baseline, which the threshold is of.
    let is_level = row.statistic.is_some_and(|statistic| statistic != Statistic::Exact);
    let is_of_drift = is_level && row.absolute_threshold.is_none();
    if !follows(row, row.verdict, row.change, is_level)
        || drift.is_some_and(|drift| !follows(row, drift.verdict, Some(drift.change), is_of_drift))
    {
        return Some("its verdict is not what its change says");
    }
    None
}

/// Whether a side's launches can be those of so many runs.
fn adds_up(figures: &Figures, runs: usize) -> bool {
    (1..=runs).contains(&figures.runs)
        && figures.rounds >= figures.runs
        && figures.launches.len() <= figures.rounds
}

/// Whether a change is the one from a figure to another; so is none.
fn is_change(from: Option<f64>, to: Option<f64>, change: Option<f64>) -> bool {
    let all = from.zip(to).zip(change).filter(|((from, _), _)| *from > 0.0);
    all.is_none_or(|((from, to), change)| {
        let expected = from * (1.0 + change);
        (expected - to).abs() <= ROUNDING * expected.abs().max(to.abs())
    })
}

/// Whether a verdict may follow from a change: what is worse is not better, and where that `is_level` with
/// the row's thresholds the change exceeds them or not. Where no change is told, nothing can be held
/// against it.
fn follows(row: &Row, verdict: Verdict, change: Option<f64>, is_level: bool) -> bool {
    let Some(change) = change else { return true };
    let (worse, better) = match row.better {
        Direction::Lower => (change, 1.0 / (1.0 + change) - 1.0),
        Direction::Higher => (1.0 / (1.0 + change) - 1.0, change),
    };
    let beyond = |size: f64, threshold: f64| {
        let threshold = if is_level { threshold } else { 0.0 };
        size > 0.0 && size >= threshold * (1.0 - ROUNDING) - ROUNDING
    };
    let within = |size: f64| !is_level || size <= row.threshold * (1.0 + ROUNDING) + ROUNDING;
    match verdict {
        Verdict::Regressed => beyond(worse, row.threshold),
        Verdict::Improved => beyond(better, row.improvement_threshold.unwrap_or(0.0)),
        Verdict::Unchanged => within(worse),
        Verdict::Inconclusive | Verdict::New | Verdict::Gone => true,
    }
}
