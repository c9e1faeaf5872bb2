//! Regressions that are accepted on purpose. An acceptance marks rows, so that they are shown as what
//! they are and fail nothing; and where it says at which run, that run's level is the accepted one from
//! then on, against which slow drift is judged.

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::comparison::{Comparison, Counts};
use super::limits::Threshold;
use super::row::Row;
use super::{Policy, Verdict, levels_of_run};
use crate::change::Acknowledgement;
use crate::model::{BenchmarkId, Direction, Level, Metric, Run, RunId};
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
    /// The first run that has what was accepted, where that is recorded: its levels are the accepted
    /// ones.
    pub at: Option<RunId>,
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
    fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    fn matches(&self, benchmark: &BenchmarkId, metric: &Metric) -> bool {
        benchmark.matches(&self.known.benchmark) && self.matches_metric(metric.as_str())
    }

    fn matches_metric(&self, metric: &str) -> bool {
        let names = |pattern: &String| Glob::new(pattern).matches(metric);
        self.metric.as_ref().is_none_or(names)
    }

    /// The levels that it accepts: those of the run it was accepted at, where that is among `runs`.
    fn levels(&self, runs: &[&Run], policy: &Policy) -> Option<(usize, Vec<Level>)> {
        let at = runs.iter().position(|run| Some(&run.id) == self.at.as_ref())?;
        let run = runs.get(at)?;
        let mut levels = levels_of_run(run, &[], policy);
        levels.retain(|level| self.matches(&level.benchmark, &level.metric));
        Some((at, levels))
    }

    /// `of upload/write_* (.driftline/accepted.toml)`
    fn named(&self) -> String {
        let metric = self.metric.as_ref().map(|metric| format!(", {metric}")).unwrap_or_default();
        format!("of {}{metric} ({})", self.known.benchmark, self.source)
    }
}

/// The levels that are accepted: `levels`, and in their place those of the runs at which something was
/// accepted since. `runs` are those made like the candidate, oldest first. What is over counts no more.
/// O(acceptances × benchmarks).
pub(super) fn accepted_levels(
    mut levels: Vec<Level>,
    acceptances: &[Acceptance],
    runs: &[&Run],
    policy: &Policy,
    today: Date,
) -> Vec<Level> {
    for acceptance in acceptances.iter().filter(|acceptance| !acceptance.is_over(today)) {
        let Some((at, accepted)) = acceptance.levels(runs, policy) else { continue };
        for level in accepted {
            let same = |other: &&mut Level| {
                other.benchmark == level.benchmark
                    && other.metric == level.metric
                    && other.unit == level.unit
                    && (other.machine.is_none() || other.machine == level.machine)
            };
            let Some(other) = levels.iter_mut().find(same) else {
                levels.push(level);
                continue;
            };
            // Saved as a baseline since then: that is the later word.
            let since = runs.iter().position(|run| run.id == other.accepted_run);
            if since.is_none_or(|since| since < at) {
                *other = level;
            }
        }
    }
    levels
}

/// Marks what of a comparison was accepted, counts anew, and warns of acceptances that are over or
/// concern no benchmark. `runs` are those made like the candidate before it, oldest first; an
/// acceptance of which the run is among them holds for what is not relevantly worse than that run.
/// O(acceptances × rows).
pub fn accept(
    comparison: &mut Comparison,
    acceptances: &[Acceptance],
    runs: &[&Run],
    policy: &Policy,
    today: Date,
) {
    let given: Vec<Given<'_>> =
        acceptances.iter().map(|acceptance| Given::of(acceptance, runs, policy, today)).collect();
    let mut concerned = vec![(false, false); given.len()];
    for row in &mut comparison.benchmarks {
        let fails = row.verdict == Verdict::Regressed || row.is_drifted();
        let mut best: Option<Mark> = None;
        for (given, (any, failing)) in given.iter().zip(&mut concerned) {
            if !given.concerns(row) {
                continue;
            }
            *any = true;
            if !fails {
                continue;
            }
            *failing = true;
            let mark = given.mark(row);
            if best.as_ref().is_none_or(|best| mark.acceptance.state < best.acceptance.state) {
                best = Some(mark);
            }
        }
        row.reasons.extend(best.as_ref().map(Mark::said));
        row.acceptance = best.map(|mark| mark.acceptance);
    }
    for (given, (any, failing)) in given.iter().zip(concerned) {
        comparison.warnings.extend(given.warning(any, failing));
    }
    // What fails comes first.
    comparison.benchmarks.sort_by_key(|row| match row.verdict {
        Verdict::Regressed if !row.is_accepted() => 0,
        Verdict::Regressed => 1,
        _ => 2,
    });
    comparison.summary = Counts::of(&comparison.benchmarks, &comparison.skipped);
}

/// An acceptance, and what of it does not depend on the row.
struct Given<'a> {
    acceptance: &'a Acceptance,
    pattern: Glob,
    over: bool,
    /// The accepted levels by benchmark and metric, where the run is known.
    levels: BTreeMap<(String, String), Level>,
}

impl<'a> Given<'a> {
    fn of(acceptance: &'a Acceptance, runs: &[&Run], policy: &Policy, today: Date) -> Self {
        let levels = acceptance.levels(runs, policy).map(|(_, levels)| levels).unwrap_or_default();
        let key = |level: &Level| (level.benchmark.to_string(), level.metric.to_string());
        Self {
            acceptance,
            pattern: Glob::new(&acceptance.known.benchmark),
            over: acceptance.is_over(today),
            levels: levels.into_iter().map(|level| (key(&level), level)).collect(),
        }
    }

    fn concerns(&self, row: &Row) -> bool {
        self.pattern.matches(&row.id) && self.acceptance.matches_metric(&row.metric)
    }

    fn mark(&self, row: &Row) -> Mark {
        let exceeded = self.exceeded(row).filter(|_| !self.over);
        let state = match &exceeded {
            _ if self.over => AcceptanceState::Expired,
            Some(_) => AcceptanceState::Exceeded,
            None => AcceptanceState::Accepted,
        };
        let Acceptance { known, until, source, .. } = self.acceptance;
        let (reason, source, until) = (known.reason.clone(), source.clone(), *until);
        Mark { acceptance: RowAcceptance { state, reason, source, until }, exceeded }
    }

    /// What was accepted, where the row is worse than that.
    fn exceeded(&self, row: &Row) -> Option<String> {
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
        let level = self.levels.get(&(row.id.clone(), row.metric.clone()))?;
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

    fn warning(&self, any: bool, failing: bool) -> Option<String> {
        let named = self.acceptance.named();
        if !any {
            return Some(format!(
                "the acceptance {named} concerns no benchmark: look for a misspelt name, or remove it"
            ));
        }
        let until = self.acceptance.until.filter(|_| self.over)?;
        Some(if failing {
            format!(
                "the acceptance {named} ended on {until}: what it accepted fails again; mend it, or \
                 accept it anew with a later date"
            )
        } else {
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
