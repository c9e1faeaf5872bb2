//! Regressions that are accepted on purpose. An acceptance marks rows, so that they are shown as what
//! they are and fail nothing; and where it says what brought it, the level of the first run that has that is
//! the accepted one from then on (`accepted_level.rs`).

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::comparison::{Comparison, Counts};
use super::limits::Threshold;
use super::row::Row;
use super::{Evidence, Verdict};
use crate::change::Acknowledgement;
use crate::model::{
    BenchmarkId, Direction, Judgement, Level, Metric, RecordedAcceptance, RecordedVerdict, Run,
    RunId,
};
use crate::order;
use crate::text::{Glob, percent, quantity, share};

/// A regression that is accepted on purpose.
#[derive(Debug, Clone, PartialEq)]
pub struct Acceptance {
    /// Which benchmarks, why, and at which commit or run; the commit is empty where that is not said.
    pub known: Acknowledgement,
    /// Which of their metrics: `*` stands for any characters, `?` for one. All where it is not said.
    pub metric: Option<String>,
    /// The last day on which it holds.
    pub until: Option<Date>,
    /// How much worse than the baseline may be, as a ratio; whatever where it is not said.
    pub limit: Option<Threshold>,
    /// The runs that have what was accepted, where it names that: the level of the first of them is the
    /// accepted one. Where it names nothing, it holds whatever has it.
    pub runs: Option<BTreeSet<RunId>>,
    /// Where it is written, such as `.driftline/accepted.toml`.
    pub source: String,
}

/// What was accepted of a row.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RowAcceptance {
    /// Whether that still holds for it.
    pub state: AcceptanceState,
    /// Why it was.
    pub reason: String,
    /// Where that is written.
    pub source: String,
    /// The last day on which it holds, or held.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub until: Option<Date>,
}

/// Whether an acceptance holds for a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum AcceptanceState {
    /// It does: the row fails nothing.
    Accepted,
    /// The row is worse than what was accepted.
    Exceeded,
    /// Its last day is over.
    Expired,
}

impl AcceptanceState {
    /// The word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Exceeded => "exceeded",
            Self::Expired => "expired",
        }
    }
}

impl Acceptance {
    pub(super) fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    pub(super) fn matches(&self, benchmark: &BenchmarkId, metric: &Metric) -> bool {
        benchmark.matches(&self.known.benchmark) && self.matches_metric(metric.as_str())
    }

    fn matches_metric(&self, metric: &str) -> bool {
        let names = |pattern: &String| Glob::new(pattern).matches(metric);
        self.metric.as_ref().is_none_or(names)
    }

    /// What is said where the candidate is not known to have what it names.
    fn unknown(&self) -> String {
        format!(
            "the acceptance of {} ({}) accepts nothing: {:?} is neither a commit that the candidate has \
             nor a run made like it; look for a misspelt id, name the commit that was merged, or fetch \
             all of the history",
            self.known.benchmark, self.source, self.known.commit
        )
    }

    /// `of upload/write_* (.driftline/accepted.toml)`
    fn named(&self) -> String {
        let metric = self.metric.as_ref().map(|metric| format!(", {metric}")).unwrap_or_default();
        format!("of {}{metric} ({})", self.known.benchmark, self.source)
    }
}

impl Evidence<'_> {
    /// Marks what of a comparison was accepted, counts anew, and warns of acceptances that are over,
    /// concern no benchmark, or of what the candidate is not known to have. What names the runs that have
    /// what was accepted holds for what is not relevantly worse than the first of them, and for baselines
    /// that are not all of those runs: else the change came later. What is recorded with the candidate was
    /// accepted when it was judged; against other runs than then, what is no worse than then. O(acceptances
    /// × rows).
    pub fn accept(&self, comparison: &mut Comparison, candidate: Option<&Run>) {
        let mut given: Vec<Given<'_>> = Vec::with_capacity(self.given.len());
        for (by, acceptance) in self.given.iter().enumerate() {
            match self.place(acceptance, comparison) {
                Place::Here => given.push(Given::of(acceptance, by, self)),
                Place::Unknown => comparison.warnings.push(acceptance.unknown()),
                Place::Before => {}
            }
        }
        let judgement = candidate.and_then(|run| run.judgement.as_ref());
        let recorded = recorded(judgement);
        let before = order::set_of(comparison.baseline.runs.iter().map(String::as_str));
        let same = judgement.is_some_and(|judgement| {
            order::set_of(judgement.runs.iter().map(RunId::as_str)) == before
        });
        let mut concerned = vec![Concerned::default(); given.len()];
        for row in &mut comparison.benchmarks {
            let fails = row.verdict == Verdict::Regressed || row.is_drifted();
            let known = recorded.get(&(row.id.as_str(), row.metric.as_str())).copied();
            let known = known.filter(|known| fails && (same || is_no_worse(row, known)));
            let mut best = known.and_then(|known| known.accepted.as_ref()).map(Mark::recorded);
            for (given, concerned) in given.iter().zip(&mut concerned) {
                if !given.concerns(row) {
                    continue;
                }
                concerned.any = true;
                if !fails {
                    continue;
                }
                let mark = given.mark(row);
                concerned.over |= mark.acceptance.state == AcceptanceState::Expired;
                if best.as_ref().is_none_or(|best| mark.acceptance.state < best.acceptance.state) {
                    best = Some(mark);
                }
            }
            row.reasons.extend(best.as_ref().map(Mark::said));
            row.acceptance = best.map(|mark| mark.acceptance);
        }
        for (given, concerned) in given.iter().zip(concerned) {
            comparison.warnings.extend(given.warning(concerned));
        }
        // What fails comes first.
        order::sort_by_key(&mut comparison.benchmarks, |row| match row.verdict {
            Verdict::Regressed if !row.is_accepted() => 0,
            Verdict::Regressed => 1,
            _ => 2,
        });
        comparison.summary = Counts::of(&comparison.benchmarks, &comparison.skipped);
    }

    fn place(&self, acceptance: &Acceptance, comparison: &Comparison) -> Place {
        let Some(known) = &acceptance.runs else { return Place::Here };
        let has = |id: &String| known.iter().any(|run| run.as_str() == id);
        let (before, after) = (&comparison.baseline.runs, &comparison.candidate.runs);
        let earlier = self.comparable().iter().any(|run| known.contains(&run.id));
        match () {
            () if !before.is_empty() && before.iter().all(has) => Place::Before,
            () if earlier || after.iter().any(has) => Place::Here,
            () => Place::Unknown,
        }
    }
}

/// Where what was accepted is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    /// In the candidate, as far as is known, and not in all of the baseline.
    Here,
    /// The baseline has it already.
    Before,
    /// The candidate is not known to have it.
    Unknown,
}

/// What of an acceptance concerned anything.
#[derive(Debug, Clone, Copy, Default)]
struct Concerned {
    any: bool,
    /// A row that fails although it was accepted once.
    over: bool,
}

type Recorded<'a> = BTreeMap<(&'a str, &'a str), &'a RecordedVerdict>;

/// What was accepted of a run when it was judged, by benchmark and metric.
fn recorded(judgement: Option<&Judgement>) -> Recorded<'_> {
    let verdicts = judgement.into_iter().flat_map(|judgement| &judgement.verdicts);
    order::map_of(verdicts.filter(|verdict| verdict.accepted.is_some()).map(|verdict| {
        let RecordedVerdict { id, metric, .. } = verdict;
        ((id.as_str(), metric.as_str()), verdict)
    }))
}

/// Whether a row of a comparison with other runs than those that `recorded` was decided by shows no more
/// than was accepted then.
fn is_no_worse(row: &Row, recorded: &RecordedVerdict) -> bool {
    let ratio = row.change.zip(recorded.change).map(|(now, then)| (1.0 + now) / (1.0 + then));
    row.verdict == Verdict::Regressed
        && ratio.is_some_and(|ratio| worse_by(ratio, row.better) <= row.threshold)
}

/// An acceptance, and what of it does not depend on the row.
struct Given<'a> {
    acceptance: &'a Acceptance,
    pattern: Glob,
    over: bool,
    /// The levels that it established, by benchmark and metric. Of what is over those alone still hold.
    levels: BTreeMap<(String, String), &'a Level>,
}

impl<'a> Given<'a> {
    fn of(acceptance: &'a Acceptance, by: usize, evidence: &'a Evidence<'_>) -> Self {
        let key = |level: &Level| (level.benchmark.to_string(), level.metric.to_string());
        let own = evidence.established.iter().filter(|established| established.by == Some(by));
        Self {
            acceptance,
            pattern: Glob::new(&acceptance.known.benchmark),
            over: evidence.today.is_some_and(|today| acceptance.is_over(today)),
            levels: order::map_of(
                own.map(|established| (key(&established.level), &established.level)),
            ),
        }
    }

    fn concerns(&self, row: &Row) -> bool {
        self.pattern.matches(&row.id) && self.acceptance.matches_metric(&row.metric)
    }

    fn mark(&self, row: &Row) -> Mark {
        let level = self.levels.get(&(row.id.clone(), row.metric.clone())).copied();
        let is_over = self.over && level.is_none();
        let exceeded = self.exceeded(row, level).filter(|_| !is_over);
        let state = match &exceeded {
            _ if is_over => AcceptanceState::Expired,
            Some(_) => AcceptanceState::Exceeded,
            None => AcceptanceState::Accepted,
        };
        let Acceptance { known, until, source, .. } = self.acceptance;
        // Of what has become the level no day is the last.
        let until = until.filter(|_| !self.over || is_over);
        let (reason, source) = (known.reason.clone(), source.clone());
        Mark { acceptance: RowAcceptance { state, reason, source, until }, exceeded }
    }

    /// What was accepted, where the row is worse than that.
    fn exceeded(&self, row: &Row, level: Option<&Level>) -> Option<String> {
        let change = if row.verdict == Verdict::Regressed {
            row.change
        } else {
            row.drift.as_ref().map(|drift| drift.change)
        };
        if let Some(limit) = self.acceptance.limit {
            let worse = change.map_or(f64::INFINITY, |change| worse_by(1.0 + change, row.better));
            if worse > limit.ratio() {
                return Some(format!("accepted up to {}", share(limit.ratio())));
            }
        }
        let level = level?;
        let candidate = row.candidate.filter(|_| level.unit.as_str() == row.unit)?;
        let worse = worse_by(candidate / level.accepted, row.better);
        // From 0 there is no ratio: whatever is worse is more.
        let more = worse.is_nan() && candidate != 0.0 || worse > row.threshold;
        more.then(|| {
            let accepted = quantity(level.accepted, &level.unit);
            let by = if worse.is_finite() { percent(worse) } else { "more".to_owned() };
            format!("accepted were {accepted}, and it is {by} worse than that")
        })
    }

    fn warning(&self, concerned: Concerned) -> Option<String> {
        let named = self.acceptance.named();
        if !concerned.any {
            return Some(format!(
                "the acceptance {named} concerns no benchmark: look for a misspelt name, or remove it"
            ));
        }
        let until = self.acceptance.until.filter(|_| self.over)?;
        if concerned.over {
            return Some(format!(
                "the acceptance {named} ended on {until}: what it accepted fails again; mend it, or \
                 accept it anew with a later date"
            ));
        }
        // What has become the level rests on it.
        self.levels.is_empty().then(|| {
            format!("the acceptance {named} ended on {until}, and nothing needs it: remove it")
        })
    }
}

/// By which ratio a figure is worse, if it is `ratio` times another.
fn worse_by(ratio: f64, better: Direction) -> f64 {
    match better {
        Direction::Lower => ratio - 1.0,
        Direction::Higher => 1.0 / ratio - 1.0,
    }
}

/// What becomes of a row by an acceptance.
struct Mark {
    acceptance: RowAcceptance,
    /// What was accepted instead.
    exceeded: Option<String>,
}

impl Mark {
    fn recorded(known: &RecordedAcceptance) -> Self {
        let RecordedAcceptance { reason, source } = known;
        let (reason, source) = (reason.clone(), source.clone());
        let state = AcceptanceState::Accepted;
        Self { acceptance: RowAcceptance { state, reason, source, until: None }, exceeded: None }
    }

    /// What is said of it beside the verdict.
    fn said(&self) -> String {
        let RowAcceptance { state, reason, source, until } = &self.acceptance;
        let until = until.map(|until| format!(" until {until}")).unwrap_or_default();
        let what = match (state, &self.exceeded) {
            (AcceptanceState::Expired, _) => format!("was accepted{until}, which is over"),
            (_, Some(exceeded)) => format!("worse than what was accepted{until} ({exceeded})"),
            (_, None) => format!("accepted{until}"),
        };
        format!("{what}: {reason} ({source})")
    }
}
