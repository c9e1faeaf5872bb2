//! The verdict, and the rules of other tools as they are documented.

use driftline_core::compare::{Policy, Row, Side, Verdict, compare};
use driftline_core::model::{BenchmarkId, Measurement, Round, Run, RunId, Sample};
use driftline_core::stats::{mean, median, sorted, standard_deviation};
use statrs::distribution::{ContinuousCDF as _, Normal, StudentsT};

use crate::draws::Draw;

/// What a rule says of a benchmark.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    Regressed,
    Inconclusive,
    Other,
}

/// How to decide.
pub(crate) enum Rule {
    Driftline(Policy, f64),
    /// A figure of the newest launches that exceeds the last baseline launch's by a threshold.
    Plain {
        statistic: Statistic,
        threshold: f64,
    },
    /// benchstat: Mann–Whitney over the samples of two launches, p < 0.05.
    MannWhitney,
    /// Bencher's default: a t test's upper limit of 0.99 over the history's means.
    BencherT,
    /// The prototype that the verdict was to beat.
    MinimumBestOf {
        threshold: f64,
    },
}

#[derive(Clone, Copy)]
pub(crate) enum Statistic {
    Mean,
    Minimum,
}

impl Rule {
    pub(crate) fn all(threshold: f64) -> Vec<Self> {
        let text = format!(r#"{{"threshold":{threshold}}}"#);
        let policy: Policy = serde_json::from_str(&text).unwrap_or_default();
        vec![
            Self::Driftline(policy, threshold),
            Self::MinimumBestOf { threshold },
            Self::Plain { statistic: Statistic::Mean, threshold },
            Self::Plain { statistic: Statistic::Minimum, threshold },
            Self::MannWhitney,
            Self::BencherT,
        ]
    }

    pub(crate) fn name(&self) -> String {
        match self {
            Self::Driftline(_, threshold) => format!("**driftline, {:.0} %**", threshold * 100.0),
            Self::Plain { statistic: Statistic::Mean, threshold } => {
                format!("mean > +{:.0} % (the plain rule)", threshold * 100.0)
            }
            Self::Plain { statistic: Statistic::Minimum, threshold } => {
                format!("minimum > +{:.0} %", threshold * 100.0)
            }
            Self::MannWhitney => "Mann-Whitney, p < 0.05 (benchstat)".to_owned(),
            Self::BencherT => "t limit 0.99 (Bencher's default)".to_owned(),
            Self::MinimumBestOf { threshold } => {
                format!("best of 3 minima, 3 standard errors, > +{:.0} %", threshold * 100.0)
            }
        }
    }

    /// What the rule says of each benchmark.
    pub(crate) fn calls(&self, draw: &Draw) -> Vec<Call> {
        if let Self::Driftline(policy, _) = self {
            let row = |row: Option<Row>| match row.map(|row| row.verdict) {
                Some(Verdict::Regressed) => Call::Regressed,
                Some(Verdict::Inconclusive) => Call::Inconclusive,
                _ => Call::Other,
            };
            return driftline(draw, policy).into_iter().map(row).collect();
        }
        (0..draw.names.len())
            .map(|index| {
                let before: Vec<&Sample> =
                    draw.baseline.iter().flatten().filter_map(|l| l.get(index)).collect();
                let after: Vec<&Sample> =
                    draw.candidate.iter().filter_map(|l| l.get(index)).collect();
                let red = self.is_red(&before, &after).unwrap_or(false);
                if red { Call::Regressed } else { Call::Other }
            })
            .collect()
    }

    /// The smallest slowdown of each benchmark that could be called a regression, as it says itself;
    /// empty where a rule does not say.
    pub(crate) fn smallest_detectable(&self, draw: &Draw) -> Vec<f64> {
        let Self::Driftline(policy, _) = self else { return Vec::new() };
        let row = |row: Option<Row>| row.and_then(|row| row.smallest_detectable);
        let rows = driftline(draw, policy).into_iter().map(row);
        rows.map(|change| change.unwrap_or(f64::INFINITY)).collect()
    }

    fn is_red(&self, before: &[&Sample], after: &[&Sample]) -> Option<bool> {
        let (last, first) = (before.last()?.values(), after.first()?.values());
        match self {
            Self::Driftline(..) => None,
            Self::Plain { statistic, threshold } => {
                let of = |values: &[f64]| match statistic {
                    Statistic::Mean => mean(values),
                    Statistic::Minimum => values.iter().copied().min_by(f64::total_cmp),
                };
                Some(of(first)? / of(last)? > 1.0 + threshold)
            }
            Self::MannWhitney => {
                let slower = median(&sorted(first))? > median(&sorted(last))?;
                Some(slower && mann_whitney(last, first) < 0.05)
            }
            Self::BencherT => {
                let means: Vec<f64> = before.iter().filter_map(|s| mean(s.values())).collect();
                let freedom = means.len() as f64 - 1.0;
                let t = StudentsT::new(0.0, 1.0, freedom).ok()?.inverse_cdf(0.99);
                let limit = mean(&means)? + t * standard_deviation(&means)?;
                Some(mean(first)? > limit)
            }
            Self::MinimumBestOf { threshold } => best_of(before, after, *threshold),
        }
    }
}

/// The row of each benchmark.
fn driftline(draw: &Draw, policy: &Policy) -> Vec<Option<Row>> {
    let run = |id: String, launches: &[Vec<Sample>]| -> Option<Run> {
        let measurements = draw.names.iter().enumerate().map(|(index, name)| {
            let rounds =
                launches.iter().filter_map(|l| l.get(index)).cloned().map(Round::of).collect();
            Measurement::new(
                BenchmarkId::new(name.clone()).ok()?,
                driftline_core::model::Metric::wall_time(),
                driftline_core::model::Unit::nanoseconds(),
                driftline_core::model::Direction::Lower,
                rounds,
            )
            .ok()
        });
        Some(Run::new(RunId::new(id).ok()?, measurements.collect::<Option<Vec<_>>>()?))
    };
    let before: Vec<Run> = draw
        .baseline
        .iter()
        .enumerate()
        .filter_map(|(number, launches)| run(format!("before-{number}"), launches))
        .collect();
    let Some(after) = run("after".to_owned(), &draw.candidate) else { return Vec::new() };
    let baseline = Side { name: "history".into(), runs: before.iter().collect() };
    let comparison = compare(&baseline, &Side::of_run("candidate", &after), policy);
    let row = |name: &String| comparison.benchmarks.iter().find(|row| row.id == *name).cloned();
    draw.names.iter().map(row).collect()
}

/// Two-sided p-value of the Mann–Whitney U test by the normal approximation without ties.
fn mann_whitney(a: &[f64], b: &[f64]) -> f64 {
    let above = a.iter().map(|x| b.iter().filter(|y| *y > x).count()).sum::<usize>() as f64;
    let (n, m) = (a.len() as f64, b.len() as f64);
    let deviation = (n * m * (n + m + 1.0) / 12.0).sqrt();
    let z = (above - n * m / 2.0).abs() / deviation;
    2.0 * Normal::standard().sf(z)
}

/// Red when the lowest of the candidate's minima exceeds what the best of as many launches of the
/// history would be by more than the threshold, and by more than three standard errors.
fn best_of(before: &[&Sample], after: &[&Sample], threshold: f64) -> Option<bool> {
    const LEAST_DEVIATION: f64 = 0.02;
    let minimum = |sample: &&Sample| sample.values().iter().copied().min_by(f64::total_cmp);
    let logs = |samples: &[&Sample]| -> Vec<f64> {
        sorted(&samples.iter().filter_map(minimum).map(libm::log).collect::<Vec<_>>())
    };
    let (history, candidate) = (logs(before), logs(after));
    let (n, k) = (history.len(), candidate.len().min(history.len()));
    // The chance that the i-th lowest is the lowest of k drawn without replacement.
    let mut weights = Vec::with_capacity(n);
    let mut none_lower = 1.0;
    for i in 0..n {
        let left = (n - i) as f64;
        let chosen = (k as f64 / left).min(1.0);
        weights.push(none_lower * chosen);
        none_lower *= 1.0 - chosen;
    }
    let mean: f64 = weights.iter().zip(&history).map(|(w, y)| w * y).sum();
    let spread: f64 =
        weights.iter().zip(&history).map(|(w, y)| w * (y - mean) * (y - mean)).sum::<f64>();
    let size = n as f64;
    let variance = (size / (size - 1.0) * spread).max(LEAST_DEVIATION * LEAST_DEVIATION);
    let error = (variance * (1.0 + k as f64 / size)).sqrt();
    let difference = candidate.first()? - mean;
    Some(difference > libm::log(1.0 + threshold) && difference > 3.0 * error)
}
