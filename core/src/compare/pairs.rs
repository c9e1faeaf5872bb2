//! Sets two sides against each other, benchmark by benchmark: what can be compared, and what not.

use super::aligned::{Across, Aligned};
use super::launches::{Pair, RunLaunches, Unrest, reported_variance};
use super::side::{Key, mismatch};
use super::statistic::Statistic;
use super::{Policy, Side};
use crate::model::{Direction, Measurement, Round, Run, Skipped, Unit};

/// One metric of one benchmark, and which side has it.
#[derive(Debug)]
pub(super) struct Subject<'a> {
    pub(super) key: Key<'a>,
    pub(super) unit: &'a Unit,
    pub(super) better: Direction,
    /// Every round of either side.
    pub(super) baseline: Vec<&'a Round>,
    pub(super) candidate: Vec<&'a Round>,
    /// How many runs of the baseline have it.
    pub(super) baseline_runs: usize,
    /// How many of the candidate.
    pub(super) candidate_runs: usize,
    /// Whether both sides were measured by the same program.
    pub(super) identical: bool,
    pub(super) content: Content,
}

/// What there is to compare.
#[derive(Debug)]
pub(super) enum Content {
    /// Only the candidate has it.
    New,
    /// Only the baseline has it.
    Gone,
    /// Counts of both sides: the newest baseline's, and the candidate's.
    Exact(f64, f64),
    /// Levels of both sides.
    Levels(Pair),
    /// A figure of 0 or below, which has no relative change: the two sides' medians or means.
    NotPositive(f64, f64),
}

/// Both sides and the history, aligned.
#[derive(Debug)]
pub(super) struct Table<'a> {
    baseline: usize,
    candidate: usize,
    unrest: Unrest,
    runs: Vec<&'a Run>,
}

impl<'a> Table<'a> {
    /// Of the history those runs count that are on neither side.
    pub(super) fn new(baseline: &Side<'a>, candidate: &Side<'a>, history: &[&'a Run]) -> Self {
        let sides = || baseline.runs.iter().chain(&candidate.runs);
        let others = history.iter().filter(|run| !sides().any(|other| other.id == run.id));
        let runs: Vec<&Run> = sides().chain(others).copied().collect();
        Self {
            baseline: baseline.runs.len(),
            candidate: candidate.runs.len(),
            unrest: Unrest::of(&runs),
            runs,
        }
    }

    /// Every benchmark of either side, in order, and what could not be set against each other.
    pub(super) fn subjects(&self, policy: &Policy) -> (Vec<Subject<'a>>, Vec<Skipped>) {
        let (mut subjects, mut skipped) = (Vec::new(), Vec::new());
        for (key, across) in Aligned::new(self.runs.iter().copied()) {
            match self.subject(key, &across, policy) {
                Ok(subject) => subjects.extend(subject),
                Err(reason) => skipped.push(Skipped { name: key.0.to_string(), reason }),
            }
        }
        (subjects, skipped)
    }

    /// `None` for what only the history has.
    fn subject(
        &self,
        key: Key<'a>,
        across: &Across<'a>,
        policy: &Policy,
    ) -> Result<Option<Subject<'a>>, String> {
        let split = self.baseline + self.candidate;
        let (sides, history) = across.split_at_checked(split).unwrap_or((across, &[]));
        let (before, after) = sides.split_at_checked(self.baseline).unwrap_or((sides, &[]));
        let measured = |side: &[Option<&'a Measurement>]| -> Vec<&'a Measurement> {
            side.iter().copied().flatten().collect()
        };
        let (before_measured, after_measured) = (measured(before), measured(after));
        let Some(reference) = after_measured.last().or(before_measured.last()).copied() else {
            return Ok(None);
        };
        let sides = || before_measured.iter().chain(&after_measured);
        if let Some(reason) = sides().find_map(|measurement| mismatch(measurement, reference)) {
            return Err(reason);
        }
        let rounds = |side: &[&'a Measurement]| -> Vec<&'a Round> {
            side.iter().flat_map(|measurement| measurement.rounds()).collect()
        };
        let program = reference.executable();
        let mut subject = Subject {
            key,
            unit: reference.unit(),
            better: policy.better_of(key.0, key.1).unwrap_or(reference.better()),
            baseline: rounds(&before_measured),
            candidate: rounds(&after_measured),
            baseline_runs: before_measured.len(),
            candidate_runs: after_measured.len(),
            identical: program.is_some() && sides().all(|m| m.executable() == program),
            content: Content::New,
        };
        if subject.baseline.is_empty() || subject.candidate.is_empty() {
            if subject.candidate.is_empty() {
                subject.content = Content::Gone;
            }
            return Ok(Some(subject));
        }
        // Runs of the history that know less than the two sides tell nothing about their noise.
        let alike = |m: &&Measurement| mismatch(m, reference).is_none();
        let history: Vec<Option<&Measurement>> =
            history.iter().map(|m| m.filter(|m| alike(m))).collect();
        subject.content = self.content(&subject, before, after, &history)?;
        Ok(Some(subject))
    }

    fn content(
        &self,
        subject: &Subject<'a>,
        before: &[Option<&'a Measurement>],
        after: &[Option<&'a Measurement>],
        history: &[Option<&'a Measurement>],
    ) -> Result<Content, String> {
        let rounds = subject.baseline.iter().chain(&subject.candidate).copied();
        let (_, metric) = subject.key;
        let statistic = Statistic::of(metric, subject.unit, subject.better, rounds)
            .ok_or("one side knows only a median, the other only a mean")?;
        let newest = |side: &[&Round]| side.last().and_then(|round| statistic.figure(round));
        let ends = newest(&subject.baseline).zip(newest(&subject.candidate));
        let (first, last) = ends.ok_or("a side has no figure")?;
        if statistic == Statistic::Exact {
            return Ok(Content::Exact(first, last));
        }
        let launches = |side: &[Option<&Measurement>], slot: usize| -> Option<Vec<RunLaunches>> {
            side.iter()
                .enumerate()
                .filter_map(|(at, measurement)| Some((slot + at, (*measurement)?)))
                .map(|(slot, m)| self.unrest.launches(slot, m.rounds(), statistic, subject.better))
                .collect()
        };
        let sides = launches(before, 0).zip(launches(after, self.baseline));
        let Some((baseline, candidate)) = sides else {
            return Ok(Content::NotPositive(first, last));
        };
        let slot = self.baseline + self.candidate;
        let history = history
            .iter()
            .enumerate()
            .filter_map(|(at, m)| {
                self.unrest.launches(slot + at, (*m)?.rounds(), statistic, subject.better)
            })
            .collect();
        let candidate = candidate.into_iter().flatten().collect();
        let reported = match statistic {
            Statistic::Median | Statistic::Mean => {
                let rounds = subject.baseline.iter().chain(&subject.candidate);
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
        }))
    }
}
