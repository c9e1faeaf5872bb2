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
/// size: 99 %, so that 95 % remain of the chosen.
const CONFIDENCE: f64 = 0.99;

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
    /// The variance of a mean of neighbours over that of as many independent values: 1 where runs do
    /// not resemble those before them.
    pub inflation: f64,
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
}

/// Finds the change points of a series and estimates each.
///
/// In: the values in commit order, as for [`segment`](super::segment). O(n log n).
pub fn analyse(series: &[f64]) -> Analysis {
    let view =
        View { signal: Signal::of(series), found: Segmentation::default(), length: series.len() };
    let found = Segmentation::of(&view.signal.values);
    let view = View { found, ..view };
    let shifts = view.shifts();
    let noise =
        view.found.noise.sigma * if view.signal.logarithmic { 1.0 } else { view.signal.divisor };
    let inflation = view.found.noise.inflation;
    Analysis { segments: view.segments(), shifts, trend: view.trend(), noise, inflation }
}

/// What was found, and the series it was found in.
struct View {
    signal: Signal,
    found: Segmentation,
    length: usize,
}

impl View {
    /// Where a value of the analysis stands in the series.
    fn position(&self, at: usize) -> usize {
        self.signal.positions.get(at).copied().unwrap_or(self.length)
    }

    /// A level at a value, in the unit of the series.
    fn in_unit(&self, level: f64, at: usize) -> f64 {
        self.signal.in_unit(level + self.found.slope * at as f64)
    }

    /// Where the change that is not settled begins, or the end.
    fn young(&self) -> usize {
        self.found.ending.map_or(self.found.values.len(), |ending| ending.at)
    }

    fn ends(&self) -> Vec<usize> {
        self.found.starts.iter().skip(1).copied().chain([self.found.values.len()]).collect()
    }

    fn shifts(&self) -> Vec<SeriesShift> {
        let found = &self.found;
        let (n, young, ends) = (found.values.len(), self.young(), self.ends());
        let density = Density::of(&found.values, &found.starts, &found.noise);
        let mut places: Vec<(usize, usize, usize, Option<f64>)> = Vec::new();
        for (&start, pair) in found.starts.iter().zip(ends.windows(2)) {
            if let [at, end] = *pair {
                places.push((start, at, end.min(young), None));
            }
        }
        if let Some(ending) = found.ending {
            let start = found.starts.last().copied().unwrap_or(0);
            places.push((start, ending.at, n, Some(ending.p_value)));
        }
        let mut scratch = Vec::new();
        let estimated = places.into_iter().map(|(start, at, end, by_newest)| {
            let place = (start, at, end);
            let estimate = shift(&found.values, &found.noise, start, at, end, &mut scratch);
            let (before, after) = (estimate.before, estimate.after);
            let location = locate(&found.values, &found.noise, &density, place, before, after);
            let [first, last] = location.candidates;
            let (before, after) = (self.in_unit(before, at), self.in_unit(after, at));
            let (change, interval) = self.signal.relative(&estimate, before, after);
            SeriesShift {
                index: self.position(at),
                candidates: [self.position(first.min(at)), self.position(last.max(at))],
                before,
                after,
                change,
                interval,
                p_value: by_newest.unwrap_or(estimate.p_value_against(DRIFTING)),
                ramp: estimate.ramp,
                settled: by_newest.is_none(),
            }
        });
        estimated.collect()
    }

    fn segments(&self) -> Vec<Segment> {
        let n = self.found.values.len();
        let mut scratch = Vec::new();
        let stretches = self.found.starts.iter().copied().zip(self.ends());
        let segments = stretches.filter(|(start, end)| start < end).map(|(start, end)| {
            scratch.clear();
            let values = self.found.values.get(start..end.min(self.young()));
            scratch.extend_from_slice(values.unwrap_or_default());
            let level = median_of(&mut scratch);
            Segment {
                start: if start == 0 { 0 } else { self.position(start) },
                end: if end == n { self.length } else { self.position(end) },
                level: self.in_unit(level, start),
                level_at_end: self.in_unit(level, end - 1),
            }
        });
        segments.collect()
    }

    fn trend(&self) -> Option<SeriesTrend> {
        let found = &self.found;
        // What has probably shifted is no drift.
        let values = found.values.get(..self.young()).unwrap_or_default();
        let trend = trend(values, &found.starts, &found.noise, found.slope)?;
        let steps = values.len().saturating_sub(1).saturating_sub(trend.start) as f64;
        let amount = |d: f64| {
            if self.signal.logarithmic { exp(d) - 1.0 } else { d * self.signal.divisor }
        };
        Some(SeriesTrend {
            start: self.position(trend.start),
            per_value: amount(trend.slope.per_value),
            total: amount(trend.slope.per_value * steps),
            relative: self.signal.logarithmic,
            p_value: trend.p_value,
        })
    }
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
