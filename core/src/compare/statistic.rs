//! Which figure of a launch stands for it. Chosen by the kind of metric, and by what both sides
//! know of it.

use serde::{Deserialize, Serialize};

use crate::model::{Direction, Metric, Round, Unit};

/// The figure of a launch that is compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Statistic {
    /// The lowest value measured for long enough: of times. Interference only ever adds time.
    Low,
    /// The highest value: of rates, which interference only ever lowers.
    High,
    /// The value itself: instructions, bytes, allocations, sizes. There is no noise to estimate.
    Exact,
    /// The median: of other metrics, and where nothing else is known of both sides.
    Median,
    /// The mean, where only that is known.
    Mean,
}

impl Statistic {
    /// The word for people.
    pub fn word(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::High => "high",
            Self::Exact => "exact value",
            Self::Median => "median",
            Self::Mean => "mean",
        }
    }

    /// What a metric in this unit is compared by, if the launches know it.
    fn preferred(metric: &Metric, unit: &Unit, better: Direction) -> Self {
        if is_exact(metric, unit) {
            return Self::Exact;
        }
        match better {
            Direction::Lower if unit.is_time() => Self::Low,
            Direction::Higher if is_rate(unit) => Self::High,
            _ => Self::Median,
        }
    }

    /// The figure that all `rounds` know: the metric's own, else the median, else the mean. `None`
    /// where some know only a median and others only a mean.
    pub(crate) fn of<'a>(
        metric: &Metric,
        unit: &Unit,
        better: Direction,
        rounds: &(impl Iterator<Item = &'a Round> + Clone),
    ) -> Option<Self> {
        [Self::preferred(metric, unit, better), Self::Median, Self::Mean]
            .into_iter()
            .find(|statistic| rounds.clone().all(|round| statistic.figure(round).is_some()))
    }

    /// This figure of a launch.
    pub(crate) fn figure(self, round: &Round) -> Option<f64> {
        match self {
            Self::Low => round.low().or_else(|| {
                let sample = round.sample().map(crate::model::Summary::of_sample);
                sample.and_then(|summary| summary.low).or(round.minimum())
            }),
            Self::High => round.maximum(),
            // Counts differ between iterations by what happens once, such as a table that grows.
            Self::Exact => round.centre(),
            Self::Median => round.median(),
            Self::Mean => round.mean(),
        }
    }
}

/// Whether a metric counts work or size, which the same code repeats to the last digit.
fn is_exact(metric: &Metric, unit: &Unit) -> bool {
    const UNITS: [&str; 15] = [
        "b",
        "byte",
        "bytes",
        "kb",
        "kib",
        "mb",
        "mib",
        "gb",
        "gib",
        "instructions",
        "instruction",
        "allocations",
        "allocs",
        "count",
        "lines",
    ];
    const METRICS: [&str; 9] = [
        "instructions",
        "instruction",
        "alloc",
        "bytes",
        "size",
        "estimated_cycles",
        "ir",
        "refs",
        "hits",
    ];
    if unit.is_time() {
        return false;
    }
    let unit = unit.as_str().to_ascii_lowercase();
    if is_per_time(&unit) {
        return false;
    }
    let metric = metric.as_str().to_ascii_lowercase();
    let words = || metric.split(|c: char| !c.is_ascii_alphanumeric());
    let named = METRICS.iter().any(|name| {
        metric == *name
            || words().any(|word| {
                word.strip_suffix('s').unwrap_or(word) == name.strip_suffix('s').unwrap_or(name)
            })
    }) || words().any(|word| word.starts_with("alloc"));
    // Rates of hits or misses in per cent are measured, not counted; per operation is still a count.
    let unit = unit.split('/').next().unwrap_or_default().trim().to_owned();
    UNITS.contains(&unit.as_str()) || named && !unit.contains('%')
}

fn is_rate(unit: &Unit) -> bool {
    is_per_time(&unit.as_str().to_ascii_lowercase())
}

/// `MB/s`, `ops/sec`, `elements per second`, `Hz`.
fn is_per_time(unit: &str) -> bool {
    ["/s", "/sec", "/second", "per second", "per sec", "/min", "/ms"]
        .iter()
        .any(|ending| unit.ends_with(ending))
        || ["hz", "khz", "mhz", "ops", "rps", "qps", "mbps", "gbps"].contains(&unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Summary;

    fn preferred(metric: &str, unit: &str, better: Direction) -> Statistic {
        Statistic::preferred(&Metric::new(metric).unwrap(), &Unit::parse(unit).0, better)
    }

    #[test]
    fn the_kind_of_metric_chooses() {
        let lower = Direction::Lower;
        assert_eq!(preferred("wall_time", "ns", lower), Statistic::Low);
        assert_eq!(preferred("instructions", "instructions", lower), Statistic::Exact);
        assert_eq!(preferred("Ir", "count", lower), Statistic::Exact);
        assert_eq!(preferred("allocated", "B/op", lower), Statistic::Exact);
        assert_eq!(preferred("allocations", "allocs/op", lower), Statistic::Exact);
        assert_eq!(preferred("binary_size", "KiB", lower), Statistic::Exact);
        assert_eq!(preferred("throughput", "MB/s", Direction::Higher), Statistic::High);
        assert_eq!(preferred("throughput", "bytes/s", Direction::Higher), Statistic::High);
        assert_eq!(preferred("requests", "req/sec", Direction::Higher), Statistic::High);
        assert_eq!(preferred("score", "points", Direction::Higher), Statistic::Median);
        assert_eq!(preferred("cache_hits", "%", Direction::Higher), Statistic::Median);
    }

    #[test]
    fn what_some_launches_do_not_know_is_not_compared() {
        let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
        let round = |summary: Summary| Round::summarised(summary);
        let full = round(Summary::of(&[1.0, 2.0, 4.0]));
        let mean = round(Summary { mean: Some(3.0), ..Summary::default() });
        let median = round(Summary { median: Some(3.0), ..Summary::default() });
        let of = |rounds: &[Round]| Statistic::of(&metric, &unit, Direction::Lower, &rounds.iter());
        assert_eq!(of(&[full.clone(), full.clone()]), Some(Statistic::Low));
        assert_eq!(of(&[full.clone(), median.clone()]), Some(Statistic::Median));
        assert_eq!(of(&[full, mean.clone()]), Some(Statistic::Mean));
        assert_eq!(of(&[median, mean]), None);
    }
}
