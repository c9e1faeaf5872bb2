use libm::exp;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::density::Density;
use super::location::locate;
use super::segmentation::Segmentation;
use super::shift::{DRIFTING, Shift, shift};
use super::signal::{Signal, median_of};
use super::slope::trend;

/// How sure the interval of a shift's size is before it is known that the place was chosen for its
/// size: 97.5 %, so that 95 % remain of the chosen.
const CONFIDENCE: f64 = 0.975;

/// What the analysis says of one series.
#[derive(Debug, Clone, PartialEq)]
pub struct Analysis {
    /// The stretches of one level, ascending and without gaps; none for a series of no finite
    /// values. A change point that is not settled ends none.
    pub segments: Vec<Segment>,
    /// The change points, ascending; the last may be one that is not settled.
    pub shifts: Vec<SeriesShift>,
    /// A slow drift up to the last value.
    pub trend: Option<SeriesTrend>,
    /// The standard deviation of the noise: relative to the level where all values are above 0, else
    /// in the unit of the series.
    pub noise: f64,
}

/// A slow drift of a series, up to its last value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesTrend {
    /// The index from which it drifts.
    pub start: usize,
    /// By how much it drifts from one value to the next: relative where all values are above 0, else
    /// in the unit of the series.
    pub per_value: f64,
    /// By how much it has drifted since the start, without the steps; relative, as above.
    pub total: f64,
    /// Whether both are relative.
    pub relative: bool,
    /// How often values that do not drift show as much.
    pub p_value: f64,
}

/// A stretch of one level. Indices are those of the series, from 0.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Segment {
    /// The first value's index.
    pub start: usize,
    /// The index behind the last value's.
    pub end: usize,
    /// The level at its start, in the unit of the series.
    pub level: f64,
    /// The level at its end: another one in a series that drifts.
    pub level_at_end: f64,
}

/// One change point of a series. Indices are those of the series, from 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SeriesShift {
    /// The likeliest first value after the shift.
    pub index: usize,
    /// The first and the last value that may be the first after the shift, with 95 % confidence.
    pub candidates: [usize; 2],
    /// The level before, in the unit of the series.
    pub before: f64,
    /// The level after.
    pub after: f64,
    /// after / before − 1; `None` unless both are above 0.
    pub change: Option<f64>,
    /// The 95 % interval of `change`.
    pub interval: Option<[f64; 2]>,
    /// How often the values of unchanged code show as much.
    pub p_value: f64,
    /// How likely a slow drift makes the values, relative to a step; at most 1.
    pub ramp: f64,
    /// Whether enough values follow; otherwise it is probable only, and its p-value that of the
    /// newest values alone.
    pub settled: bool,
    /// The first value of the later segment that is nearer to the level before than to the one
    /// after: since when the shift is undone.
    pub recovered: Option<usize>,
}

/// Finds the change points of a series and estimates each.
///
/// In: the values in commit order, as for [`segment`](super::segment). O(n (256 + log n)).
pub fn analyse(series: &[f64]) -> Analysis {
    let signal = Signal::of(series);
    let found = Segmentation::of(&signal.values);
    let values = &found.values;
    let n = values.len();
    let back = |level: f64, at: usize| signal.in_unit(level + found.slope * at as f64);
    let position = |at: usize| signal.positions.get(at).copied().unwrap_or(series.len());
    let mut scratch = Vec::new();
    let density = Density::of(values, &found.starts, &found.noise);

    let ends: Vec<usize> = found.starts.iter().skip(1).copied().chain([n]).collect();
    let mut places: Vec<(usize, usize, usize, Option<f64>)> = Vec::new();
    for (&start, pair) in found.starts.iter().zip(ends.windows(2)) {
        if let [at, end] = *pair {
            places.push((start, at, end, None));
        }
    }
    if let Some(ending) = found.ending {
        let start = found.starts.last().copied().unwrap_or(0);
        if let Some(last) = places.last_mut() {
            last.2 = ending.at;
        }
        places.push((start, ending.at, n, Some(ending.p_value)));
    }
    let shifts: Vec<(Shift, SeriesShift)> = places
        .iter()
        .map(|&(start, at, end, young)| {
            let estimate = shift(values, &found.noise, start, at, end, &mut scratch);
            let place = locate(
                values,
                &found.noise,
                &density,
                (start, at, end),
                estimate.before,
                estimate.after,
            );
            let [first, last] = place.candidates;
            let (before, after) = (back(estimate.before, at), back(estimate.after, at));
            let (change, interval) = signal.relative(&estimate, before, after);
            let shift = SeriesShift {
                index: position(at),
                candidates: [position(first.min(at)), position(last.max(at))],
                before,
                after,
                change,
                interval,
                p_value: young.unwrap_or(estimate.p_value_against(DRIFTING)),
                ramp: estimate.ramp,
                settled: young.is_none(),
                recovered: None,
            };
            (estimate, shift)
        })
        .collect();
    let recovered = |which: usize, estimate: &Shift| {
        let middle = f64::midpoint(estimate.before, estimate.after);
        let undone = |level: f64| (level < middle) == (estimate.before < estimate.after);
        shifts
            .iter()
            .skip(which + 1)
            .find(|(later, _)| undone(later.after))
            .map(|(_, later)| later.index)
    };
    let levels: Vec<f64> = found
        .starts
        .iter()
        .zip(&ends)
        .map(|(&start, &end)| {
            let end = found.ending.map_or(end, |e| end.min(e.at));
            scratch.clear();
            scratch.extend_from_slice(values.get(start..end).unwrap_or_default());
            median_of(&mut scratch)
        })
        .collect();
    let segments = found
        .starts
        .iter()
        .zip(&ends)
        .zip(levels)
        .filter(|((start, end), _)| start < end)
        .map(|((&start, &end), level)| Segment {
            start: if start == 0 { 0 } else { position(start) },
            end: if end == n { series.len() } else { position(end) },
            level: back(level, start),
            level_at_end: back(level, end - 1),
        })
        .collect();
    let shifts_with_recovery = shifts
        .iter()
        .enumerate()
        .map(|(which, (estimate, shift))| SeriesShift {
            recovered: recovered(which, estimate),
            ..*shift
        })
        .collect();
    let noise = found.noise.sigma * if signal.logarithmic { 1.0 } else { signal.divisor };
    let trend = trend(values, &found.starts, &found.noise, found.slope).map(|trend| {
        let relative = |d: f64| {
            if signal.logarithmic { exp(d) - 1.0 } else { d * signal.divisor }
        };
        let steps = n.saturating_sub(1).saturating_sub(trend.start) as f64;
        SeriesTrend {
            start: position(trend.start),
            per_value: relative(trend.slope.per_value),
            total: relative(trend.slope.per_value * steps),
            relative: signal.logarithmic,
            p_value: trend.p_value,
        }
    });
    Analysis { segments, shifts: shifts_with_recovery, trend, noise }
}

impl Signal {
    /// A level on the scale of the analysis, in the unit of the series.
    fn in_unit(&self, level: f64) -> f64 {
        if self.logarithmic { exp(level) } else { level * self.divisor }
    }

    /// The relative change and its interval.
    fn relative(&self, shift: &Shift, before: f64, after: f64) -> (Option<f64>, Option<[f64; 2]>) {
        let quantile = StudentsT::new(0.0, 1.0, shift.freedom)
            .map_or(f64::INFINITY, |d| d.inverse_cdf(f64::midpoint(1.0, CONFIDENCE)));
        let margin = quantile * shift.standard_error;
        let difference = shift.after - shift.before;
        let (change, interval) = if self.logarithmic {
            (
                exp(difference) - 1.0,
                [exp(difference - margin) - 1.0, exp(difference + margin) - 1.0],
            )
        } else if before > 0.0 && after > 0.0 {
            let relative = |d: f64| d * self.divisor / before;
            (relative(difference), [relative(difference - margin), relative(difference + margin)])
        } else {
            return (None, None);
        };
        let finite = |v: &f64| v.is_finite();
        (Some(change).filter(finite), Some(interval).filter(|i| i.iter().all(finite)))
    }
}
