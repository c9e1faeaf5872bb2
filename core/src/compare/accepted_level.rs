//! What was accepted becomes the level: from which run on, and how high it is.
//!
//! ```text
//! acceptances, what is recorded with the runs → established levels → accepted levels, and from where on
//! ```
//!
//! An acceptance that names what brought a regression makes the level of the first run that has it the
//! accepted one. It need not hold for ever: where its last day is over, the level stays if the history has
//! come to show it, because then it is what there is, and only what is worse than that is news.

use std::collections::BTreeMap;

use jiff::civil::Date;

use super::Policy;
use super::acceptance::Acceptance;
use super::drift::fresh_level;
use super::launches::level;
use super::verdict::Relevance;
use crate::model::{
    BenchmarkId, Direction, History, Level, Machine, Measurement, Metric, Run, RunId, day_of,
};
use crate::order;
use crate::stats::median_of;

/// From which run on a metric of a benchmark is at a level that was accepted: what was before tells
/// nothing about what may come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AcceptedFrom {
    /// The benchmark.
    pub benchmark: BenchmarkId,
    /// The metric.
    pub metric: Metric,
    /// The first run of that level.
    pub run: RunId,
}

/// A level that an acceptance made the accepted one.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Established {
    /// Which of the acceptances that are given; none of what is recorded with a run.
    pub(super) by: Option<usize>,
    pub(super) level: Level,
    better: Direction,
    /// The place of its run among those made like the candidate.
    at: usize,
    /// Whether it is the first run of its level.
    is_first: bool,
}

/// The levels that are accepted, and where their levels begin.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct AcceptedLevels {
    pub(super) levels: Vec<Level>,
    pub(super) from: Vec<AcceptedFrom>,
}

/// Runs made like the candidate, oldest first, as the levels of their benchmarks.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels<'a> {
    pub(super) runs: &'a [&'a Run],
    pub(super) policy: &'a Policy,
}

impl Levels<'_> {
    fn of(&self, run: &Run, measurement: &Measurement) -> Option<(Level, Direction)> {
        let machine = run.machine.as_ref().map(Machine::fingerprint);
        fresh_level(run, machine.as_ref(), measurement, self.policy)
    }

    fn established(
        &self,
        at: usize,
        by: Option<usize>,
        is_first: bool,
        wanted: impl Fn(&Measurement) -> bool,
    ) -> impl Iterator<Item = Established> {
        let run = self.runs.get(at).copied();
        let measurements = run.into_iter().flat_map(|run| &run.measurements);
        let levels = measurements.filter(move |measurement| wanted(measurement));
        levels.filter_map(move |measurement| {
            let (level, better) = self.of(run?, measurement)?;
            Some(Established { by, level, better, at, is_first })
        })
    }

    /// What is recorded with the runs: a level that was accepted when it was judged, or that had been at a
    /// run which is no longer kept.
    pub(super) fn recorded(&self) -> Vec<Established> {
        let kept = order::set_of(self.runs.iter().map(|run| &run.id));
        let of_run = |(at, run): (usize, &&Run)| -> Vec<Established> {
            let verdicts = run.judgement.iter().flat_map(|judgement| &judgement.verdicts);
            let accepted = verdicts
                .filter(|verdict| {
                    let from = verdict.accepted_from.as_ref();
                    verdict.accepted.is_some() || from.is_some_and(|from| !kept.contains(from))
                })
                .map(|verdict| (verdict.id.as_str(), verdict.metric.as_str()));
            let accepted = order::set_of(accepted);
            if accepted.is_empty() {
                return Vec::new();
            }
            let wanted = |measurement: &Measurement| {
                let (benchmark, metric) = (measurement.benchmark(), measurement.metric());
                accepted.contains(&(benchmark.as_str(), metric.as_str()))
            };
            self.established(at, None, true, wanted).collect()
        };
        self.runs.iter().enumerate().flat_map(of_run).collect()
    }

    /// What the acceptances make the accepted level. `before` are the levels that were accepted until
    /// then, and without a day nothing is over. O(acceptances × benchmarks).
    pub(super) fn given(
        &self,
        acceptances: &[Acceptance],
        before: &[Level],
        today: Option<Date>,
    ) -> Vec<Established> {
        let mut all = Vec::new();
        for (by, acceptance) in acceptances.iter().enumerate() {
            let wanted = |measurement: &Measurement| {
                acceptance.matches(measurement.benchmark(), measurement.metric())
            };
            let over = today.is_some_and(|today| acceptance.is_over(today));
            if let Some(known) = &acceptance.runs {
                let first = self.runs.iter().position(|run| known.contains(&run.id));
                // Of the oldest run nobody knows whether it is the first that has it.
                let Some(at) = first.filter(|at| *at > 0) else { continue };
                let levels = self.established(at, Some(by), true, wanted);
                all.extend(levels.filter(|level| !over || self.is_settled(level)));
            } else if let (true, Some(until)) = (over, acceptance.until) {
                all.extend(self.when_it_ended(acceptance, by, until, before));
            }
        }
        all
    }

    /// Whether the history has come to show a level: the newest runs since then are no better.
    fn is_settled(&self, established: &Established) -> bool {
        let since = self.runs.get(established.at..).unwrap_or_default();
        let key = (&established.level.benchmark, &established.level.metric);
        let mut newest: Vec<f64> = self.newest(since, key).map(|(value, ..)| value).collect();
        let middle = median_of(&mut newest).filter(|_| newest.len() >= History::ENOUGH);
        let own = level(established.level.accepted, established.better);
        middle.is_some_and(|middle| own - middle <= self.relevance(established))
    }

    /// The levels of the newest of these runs that have it, newest first: as many as make a history.
    fn newest<'r>(
        &'r self,
        runs: &'r [&Run],
        (benchmark, metric): (&'r BenchmarkId, &'r Metric),
    ) -> impl Iterator<Item = (f64, Level, Direction, &'r Run)> {
        let of_run = move |run: &&'r Run| {
            let key = |one: &Measurement| (one.benchmark(), one.metric()).cmp(&(benchmark, metric));
            let at = run.measurements.binary_search_by(key).ok()?;
            let (own, better) = self.of(run, run.measurements.get(at)?)?;
            Some((level(own.accepted, better), own, better, *run))
        };
        runs.iter().rev().filter_map(of_run).take(History::ENOUGH)
    }

    /// What an acceptance that names no commit had let the history come to when it ended: where that is
    /// worse than the accepted level, within its limit, it is the accepted level from then on.
    fn when_it_ended(
        &self,
        acceptance: &Acceptance,
        by: usize,
        until: Date,
        before: &[Level],
    ) -> Vec<Established> {
        let last = (i64::from(until.year()), i64::from(until.month()), i64::from(until.day()));
        let is_within = |run: &&&Run| run.time.is_some_and(|time| day_of(time) <= last);
        let within: Vec<&Run> = self.runs.iter().filter(is_within).copied().collect();
        let of_level = |known: &Level| -> Option<Established> {
            let mut newest: Vec<_> =
                self.newest(&within, (&known.benchmark, &known.metric)).collect();
            order::sort_by(&mut newest, |a, b| a.0.total_cmp(&b.0));
            let middle = newest.len() / 2;
            // All of them are of it.
            let best = newest.first().filter(|_| newest.len() >= History::ENOUGH)?.0;
            let (value, own, better, run) = newest.into_iter().nth(middle)?;
            let at = self.runs.iter().position(|other| other.id == run.id)?;
            let before = level(known.accepted, better);
            let limit = acceptance.limit.map_or(f64::INFINITY, |limit| libm::log1p(limit.ratio()));
            let of =
                |level: Level| Established { by: Some(by), level, better, at, is_first: false };
            let relevance = self.relevance(&of(known.clone()));
            let is_worse = best - before > relevance && value - before <= limit;
            (own.unit == known.unit && is_worse).then(|| of(own))
        };
        let wanted = |known: &&Level| acceptance.matches(&known.benchmark, &known.metric);
        before.iter().filter(wanted).filter_map(of_level).collect()
    }

    /// By how much a figure must be worse than this one to matter, in the logarithm.
    fn relevance(&self, of: &Established) -> f64 {
        let Level { benchmark, metric, unit, accepted, .. } = &of.level;
        let limits = self.policy.limits_of(benchmark, metric, unit);
        Relevance::of(limits, *accepted, of.better).worse
    }

    /// `levels`, and in their place those that were established since and are relevantly worse: what is
    /// accepted again and again of the same level counts once, so that small steps still add up.
    /// O(established × (runs + log levels)).
    pub(super) fn accepted(
        &self,
        levels: Vec<Level>,
        mut established: Vec<Established>,
    ) -> AcceptedLevels {
        order::sort_by_key(&mut established, |one| one.at);
        let mut levels = levels;
        let mut places: BTreeMap<(BenchmarkId, Metric), Vec<usize>> = BTreeMap::new();
        for (place, known) in levels.iter().enumerate() {
            let key = (known.benchmark.clone(), known.metric.clone());
            places.entry(key).or_default().push(place);
        }
        let mut from = BTreeMap::new();
        for one in established {
            let own = &one.level;
            let first = one.is_first.then(|| own.accepted_run.clone());
            let key = (own.benchmark.clone(), own.metric.clone());
            let of_key = places.entry(key.clone()).or_default();
            let same = |place: &usize| {
                levels.get(*place).is_some_and(|known| {
                    known.unit == own.unit
                        && (known.machine.is_none() || known.machine == own.machine)
                })
            };
            match of_key.iter().copied().find(same).and_then(|place| levels.get_mut(place)) {
                None => {
                    of_key.push(levels.len());
                    levels.push(one.level);
                }
                Some(known) => {
                    // Saved as a baseline since then: that is the later word.
                    let since = self.runs.iter().position(|run| run.id == known.accepted_run);
                    let before = Established { level: known.clone(), ..one.clone() };
                    let worse = level(own.accepted, one.better) - level(known.accepted, one.better);
                    let is_news = worse > self.relevance(&before);
                    if since.is_some_and(|since| since >= one.at) || !is_news {
                        continue;
                    }
                    *known = one.level;
                }
            }
            from.extend(first.map(|run| (key, run)));
        }
        let from = from.into_iter();
        let from = from.map(|((benchmark, metric), run)| AcceptedFrom { benchmark, metric, run });
        AcceptedLevels { levels, from: from.collect() }
    }
}
