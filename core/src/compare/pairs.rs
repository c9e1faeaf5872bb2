//! Sets two sides against each other, benchmark by benchmark: what can be compared, and what not.

use std::collections::BTreeMap;

use super::accepted_level::AcceptedFrom;
use super::aligned::{Aligned, Cursor};
use super::epoch::{accepted_from, present_level};
use super::exact::ExactCounts;
use super::launches::{Pair, RunLaunches, Trend, Unrest, busier, reported_variance};
use super::row::Figures;
use super::side::{Key, mismatch};
use super::statistic::Statistic;
use super::tail::SlowEnds;
use super::{Policy, Side};
use crate::model::{Direction, Measurement, Round, Run, Skipped, Unit};
use crate::order;
use crate::stats::{linear_trend, median_of};

/// So many of a benchmark's newest earlier runs tell how it moves at present, those of the baseline
/// among them: older ones would hardly make it surer, and a history may hold thousands.
const NEWEST: usize = 40;

/// One metric of one benchmark, and which side has it.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) key: Key<'a>,
    pub(super) unit: &'a Unit,
    pub(super) better: Direction,
    /// Whether the policy turned that round.
    pub(super) turned: bool,
    /// What is shown of each side's launches.
    pub(super) baseline: Option<Figures>,
    pub(super) candidate: Option<Figures>,
    /// The figures of each side's newest launch.
    pub(super) newest: (Option<f64>, Option<f64>),
    /// The slow ends of both sides' launches, where all know theirs.
    pub(super) slow_ends: Option<SlowEnds>,
    /// Whether both sides were measured by the same program.
    pub(super) identical: bool,
    pub(super) content: Content,
}

/// Every launch of either side, and how many of the baseline's runs have it.
struct Launched<'a> {
    baseline: Vec<&'a Round>,
    candidate: Vec<&'a Round>,
    baseline_runs: usize,
}

/// What there is to compare.
#[derive(Debug)]
pub(super) enum Content {
    /// Only the candidate has it.
    New,
    /// The candidate has it; the baseline has it without a value that could be used, for this reason.
    Unusable(String),
    /// Only the baseline has it.
    Gone,
    /// Counts of both sides: those of the newest baseline's rounds, and of the candidate's.
    Exact(ExactCounts),
    /// Levels of both sides.
    Levels(Pair),
    /// A figure of 0 or below, which has no relative change: the two sides' medians or means.
    NotPositive(f64, f64),
}

impl Content {
    /// What is compared of each launch, where anything is.
    pub(super) fn statistic(&self) -> Option<Statistic> {
        match self {
            Self::Levels(pair) => Some(pair.statistic),
            Self::Exact(..) => Some(Statistic::Exact),
            Self::New | Self::Unusable(_) | Self::Gone | Self::NotPositive(..) => None,
        }
    }
}

/// Both sides and the history, aligned.
#[derive(Debug)]
pub(super) struct Table<'a> {
    baseline: usize,
    candidate: usize,
    unrest: Unrest<'a>,
    busier: f64,
    runs: Vec<&'a Run>,
    /// The slots of the baseline and the history, oldest first.
    earlier: Vec<usize>,
    /// The slots of the runs at which levels were accepted.
    accepted: BTreeMap<Key<'a>, usize>,
}

impl<'a> Table<'a> {
    /// Of the history, oldest first, those runs count that are on neither side. Runs of the baseline
    /// that are not in the history are older than it.
    pub(super) fn new(
        baseline: &Side<'a>,
        candidate: &Side<'a>,
        history: &[&'a Run],
        accepted: &'a [AcceptedFrom],
    ) -> Self {
        let sides = || baseline.runs.iter().chain(&candidate.runs);
        let on_a_side = order::set_of(sides().map(|run| &run.id));
        let others = history.iter().filter(|run| !on_a_side.contains(&run.id));
        let runs: Vec<&Run> = sides().chain(others).copied().collect();
        let slots = runs.iter().enumerate().rev();
        let slot_of = order::map_of(slots.map(|(slot, run)| (&run.id, slot)));
        let in_history = order::set_of(history.iter().map(|run| &run.id));
        let split = baseline.runs.len() + candidate.runs.len();
        let is_earlier = |slot: &usize| *slot < baseline.runs.len() || *slot >= split;
        let older = baseline.runs.iter().enumerate();
        let earlier = older
            .filter(|(_, run)| !in_history.contains(&run.id))
            .map(|(slot, _)| slot)
            .chain(history.iter().filter_map(|run| slot_of.get(&run.id).copied()))
            .filter(is_earlier)
            .collect();
        let accepted = accepted.iter().filter_map(|AcceptedFrom { benchmark, metric, run }| {
            Some(((benchmark, metric), *slot_of.get(run)?))
        });
        Self {
            accepted: order::map_of(accepted),
            earlier,
            baseline: baseline.runs.len(),
            candidate: candidate.runs.len(),
            unrest: Unrest::of(&runs),
            busier: busier(candidate, &baseline.runs, history),
            runs,
        }
    }

    /// Every benchmark of either side, in order, and what could not be set against each other.
    pub(super) fn subjects(&self, policy: &Policy) -> (Vec<Subject<'a>>, Vec<Skipped>) {
        let (mut subjects, mut skipped) = (Vec::new(), Vec::new());
        let (sides, history) = self.runs.split_at(self.baseline + self.candidate);
        let mut history: Vec<Cursor<'a>> = history.iter().map(|run| Cursor::new(run)).collect();
        for (key, sides) in Aligned::new(sides.iter().copied()) {
            match self.subject(key, &sides, &mut history, policy) {
                Ok(subject) => subjects.push(subject),
                Err(reason) => skipped.push(Skipped { name: key.0.to_string(), reason }),
            }
        }
        (subjects, skipped)
    }

    fn subject(
        &self,
        key: Key<'a>,
        sides: &[Option<&'a Measurement>],
        history: &mut [Cursor<'a>],
        policy: &Policy,
    ) -> Result<Subject<'a>, String> {
        let (before, after) = sides.split_at_checked(self.baseline).unwrap_or((sides, &[]));
        let measured = |side: &[Option<&'a Measurement>]| -> Vec<&'a Measurement> {
            side.iter().copied().flatten().collect()
        };
        let (before_measured, after_measured) = (measured(before), measured(after));
        let newest = after_measured.last().or(before_measured.last());
        let reference = newest.copied().ok_or("neither side has it")?;
        let sides = || before_measured.iter().chain(&after_measured);
        if let Some(reason) = sides().find_map(|measurement| mismatch(measurement, reference)) {
            return Err(reason);
        }
        let rounds = |side: &[&'a Measurement]| -> Vec<&'a Round> {
            side.iter().flat_map(|measurement| measurement.rounds()).collect()
        };
        let program = reference.executable();
        let better = policy.better_of(key.0, key.1).unwrap_or(reference.better());
        let mut subject = Subject {
            key,
            unit: reference.unit(),
            better,
            turned: better != reference.better(),
            baseline: None,
            candidate: None,
            newest: (None, None),
            slow_ends: None,
            identical: program.is_some() && sides().all(|m| m.executable() == program),
            content: Content::New,
        };
        let launched = Launched {
            baseline: rounds(&before_measured),
            candidate: rounds(&after_measured),
            baseline_runs: before_measured.len(),
        };
        if launched.candidate.is_empty() {
            subject.content = Content::Gone;
        } else if !launched.baseline.is_empty() {
            // Runs of the history that know less than the two sides tell nothing about their noise.
            let alike = |m: &&Measurement| mismatch(m, reference).is_none();
            let mut wanted = NEWEST.saturating_sub(launched.baseline_runs);
            let mut history: Vec<Option<&Measurement>> = history
                .iter_mut()
                .rev()
                .map(|run| {
                    let measurement = (wanted > 0).then(|| run.find(key)).flatten().filter(alike);
                    wanted -= usize::from(measurement.is_some());
                    measurement
                })
                .collect();
            history.reverse();
            subject.content = self.content(&subject, &launched, before, after, &history)?;
        } else if let Some(reason) = self.why_unusable(key) {
            subject.content = Content::Unusable(reason);
        }
        // All that is needed of the launches, while they are at hand: there may be millions.
        let Launched { baseline, candidate, .. } = launched;
        let statistic = subject.content.statistic();
        let newest = |side: &[&Round]| side.last().and_then(|round| round.centre());
        subject.newest = (newest(&baseline), newest(&candidate));
        if better == Direction::Lower && matches!(subject.content, Content::Levels(_)) {
            subject.slow_ends = SlowEnds::of(&baseline, &candidate);
        }
        subject.baseline = Figures::of(&baseline, before_measured.len(), statistic);
        subject.candidate = Figures::of(&candidate, after_measured.len(), statistic);
        Ok(subject)
    }

    /// Why the baseline, which has no measurement of it, has none: by its newest run that says.
    fn why_unusable(&self, key: Key<'_>) -> Option<String> {
        let baseline = self.runs.iter().take(self.baseline).rev();
        let mut skipped = baseline.flat_map(|run| &run.skipped);
        let named = skipped.find(|skipped| skipped.name == key.0.as_str());
        named.map(|skipped| skipped.reason.clone())
    }

    fn content(
        &self,
        subject: &Subject<'a>,
        launched: &Launched<'a>,
        before: &[Option<&'a Measurement>],
        after: &[Option<&'a Measurement>],
        history: &[Option<&'a Measurement>],
    ) -> Result<Content, String> {
        let rounds = launched.baseline.iter().chain(&launched.candidate).copied();
        let (_, metric) = subject.key;
        let statistic = Statistic::of(metric, subject.unit, subject.better, &rounds)
            .ok_or("one side knows only a median, the other only a mean")?;
        let newest = |side: &[&Round]| side.last().and_then(|round| statistic.figure(round));
        let ends = newest(&launched.baseline).zip(newest(&launched.candidate));
        let (first, last) = ends.ok_or("a side has no figure")?;
        if statistic == Statistic::Exact {
            let of = |rounds: &mut dyn Iterator<Item = &Round>| -> Vec<f64> {
                rounds.filter_map(|round| statistic.figure(round)).collect()
            };
            // Counts of older code are no noise.
            let newest = before.iter().rev().copied().flatten().next();
            let before = of(&mut newest.iter().flat_map(|m| m.rounds()));
            let after = of(&mut launched.candidate.iter().copied());
            if before.iter().chain(&after).any(|count| *count < 0.0) {
                return Ok(Content::NotPositive(first, last));
            }
            return Ok(Content::Exact(
                ExactCounts::of(&before, &after).ok_or("a side has no figure")?,
            ));
        }
        // Every run by slot; a side whose figures are not all above 0 has no levels.
        let mut launches: Vec<Option<RunLaunches>> = Vec::with_capacity(self.runs.len());
        let sides = before.len() + after.len();
        for (slot, measurement) in before.iter().chain(after).chain(history).enumerate() {
            let Some(measurement) = measurement else {
                launches.push(None);
                continue;
            };
            let of_run =
                self.unrest.launches(slot, measurement.rounds(), statistic, subject.better);
            if of_run.is_none() && slot < sides {
                return Ok(Content::NotPositive(first, last));
            }
            launches.push(of_run);
        }
        let mut present = self.present(&launches, self.accepted.get(&subject.key));
        Self::leave_out_the_same_shift(&mut present, &launches, before.len()..sides);
        let trend = Self::take_off_trend(&mut present, &mut launches);
        let trend = trend.map(|trend| Trend {
            // The level of a single saved run is its own, wherever the code went since.
            moved: (0..before.len())
                .filter(|_| launched.baseline_runs == 1)
                .filter_map(|slot| present.iter().position(|&other| other == slot))
                .map(|at| trend.per_run * (present.len() - 1 - at) as f64)
                .sum(),
            ..trend
        });
        let mut is_present = vec![false; self.runs.len()];
        for &slot in &present {
            if let Some(is_present) = is_present.get_mut(slot) {
                *is_present = true;
            }
        }
        let mut taken = |slots: std::ops::Range<usize>, all: bool| -> Vec<RunLaunches> {
            let wanted = slots.filter(|&slot| all || is_present.get(slot) == Some(&true));
            // No longer than need be: all benchmarks' are kept until all are judged.
            let mut runs = Vec::with_capacity(wanted.clone().count());
            runs.extend(wanted.filter_map(|slot| launches.get_mut(slot)?.take()));
            runs
        };
        // A single saved run is the baseline whatever came since.
        let kept = launched.baseline_runs > 1 && present.iter().any(|&slot| slot < before.len());
        let baseline = taken(0..before.len(), !kept);
        let candidate = taken(before.len()..sides, true).into_iter().flatten().collect();
        let history = taken(sides..self.runs.len(), false);
        let reported = match statistic {
            Statistic::Median | Statistic::Mean => {
                let rounds = launched.baseline.iter().chain(&launched.candidate);
                rounds.filter_map(|round| reported_variance(round)).fold(0.0, f64::max)
            }
            Statistic::Low | Statistic::High | Statistic::Exact => 0.0,
        };
        Ok(Content::Levels(Pair {
            statistic,
            baseline,
            history,
            candidate,
            reported,
            identical: subject.identical,
            trend,
            busier: self.busier,
        }))
    }

    /// Moves the launches of the earlier runs to where the newest of them is, along the line that their
    /// levels follow, and leaves out what is before that line. Where a benchmark gets slower run by run,
    /// that is no noise. The longest of the newest stretches that follow a line counts.
    fn take_off_trend(
        present: &mut Vec<usize>,
        launches: &mut [Option<RunLaunches>],
    ) -> Option<Trend> {
        /// Unchanged code shows a trend less often than this, over all stretches that are tried.
        const LEVEL: f64 = 0.001;
        /// A line that rises by less than this over all of its runs changes nothing.
        const LEAST: f64 = 0.01;
        /// A stretch that is not the whole has at least so many runs.
        const FEWEST: usize = 8;
        let levels: Vec<f64> =
            present.iter().filter_map(|&slot| lowest(launches.get(slot)?.as_ref()?)).collect();
        let shorter = |length: &usize| Some(length * 2 / 3).filter(|&next| next >= FEWEST);
        let lengths: Vec<usize> = std::iter::successors(Some(levels.len()), shorter).collect();
        let (length, trend) = lengths.iter().find_map(|&length| {
            let newest = levels.get(levels.len() - length..)?;
            let trend = linear_trend(newest, LEVEL / lengths.len() as f64)?;
            let rise = trend.per_value * (length - 1) as f64;
            (rise.abs() >= LEAST).then_some((length, trend))
        })?;
        present.drain(..present.len() - length);
        for (at, &slot) in present.iter().enumerate() {
            let by = trend.per_value * (length - 1 - at) as f64;
            if let Some(run) = launches.get_mut(slot).and_then(Option::as_mut) {
                for launch in run {
                    launch.level += by;
                }
            }
        }
        Some(Trend { per_run: trend.per_value, runs: length, moved: 0.0 })
    }

    /// Takes the newest runs of the history out of `present` that lie nearer to the candidate than to
    /// the baseline, while these two are far apart: they are probably of the same change, and no
    /// evidence of noise. Else code that was red once would be excused by having been measured.
    fn leave_out_the_same_shift(
        present: &mut Vec<usize>,
        launches: &[Option<RunLaunches>],
        candidate: std::ops::Range<usize>,
    ) {
        const FAR: f64 = 0.05;
        let lowest = |slot: usize| lowest(launches.get(slot)?.as_ref()?);
        let middle = |slots: std::ops::Range<usize>| {
            median_of(&mut slots.filter_map(lowest).collect::<Vec<_>>())
        };
        let sides = candidate.end;
        let Some((before, after)) = middle(0..candidate.start).zip(middle(candidate)) else {
            return;
        };
        if (after - before).abs() < FAR {
            return;
        }
        while let Some(&slot) = present.last().filter(|&&slot| slot >= sides)
            && let Some(level) = lowest(slot)
            && (level - after).abs() < (level - before).abs()
        {
            present.pop();
        }
    }

    /// The slots of the earlier runs that are of the benchmark's present level, by the lowest level
    /// of each run; of those since a level was accepted, where that is so.
    fn present(&self, launches: &[Option<RunLaunches>], accepted: Option<&usize>) -> Vec<usize> {
        let known: Vec<(usize, f64)> = self
            .earlier
            .iter()
            .filter_map(|&slot| Some((slot, lowest(launches.get(slot)?.as_ref()?)?)))
            .collect();
        let levels: Vec<f64> = known.iter().map(|&(_, level)| level).collect();
        let at = accepted.and_then(|slot| known.iter().position(|(other, _)| other == slot));
        let from = at.map_or(0, |at| accepted_from(&levels, at));
        let since = known.get(from..).unwrap_or_default();
        let range = present_level(levels.get(from..).unwrap_or_default());
        since.get(range).unwrap_or_default().iter().map(|&(slot, _)| slot).collect()
    }
}

/// The lowest level of a run's launches.
fn lowest(run: &RunLaunches) -> Option<f64> {
    run.iter().map(|launch| launch.level).min_by(f64::total_cmp)
}
