//! What the core says of the runs that are held, by the same rules as the command line.

use driftline_core::change::{self, ChangeContext, Changes};
use driftline_core::compare::{self, Calibration, Comparison, Evidence, Policy, Side};
use driftline_core::model::{Baseline, BaselineName, History, Run};
use serde::Serialize;
use serde_json::Value;

use crate::held::Held;

/// What a run is compared with when nobody says.
#[derive(Debug, Serialize)]
pub(crate) struct Reference<'a> {
    kind: &'static str,
    /// The baseline's name, where it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<&'a str>,
    runs: Vec<&'a str>,
    why: String,
}

impl Held {
    /// What is known beside the two sides before `candidate` was made.
    pub(crate) fn evidence(&self, candidate: &Run, policy: &Policy) -> Evidence<'_> {
        let branch = self.settings.default_branch.as_deref();
        let accepted = self.baseline(BaselineName::DEFAULT).map(|main| main.levels.as_slice());
        Evidence::new(
            self.history.comparable_before(candidate, branch),
            accepted.unwrap_or_default(),
            self.settings.window,
            policy,
        )
    }

    fn baseline(&self, name: &str) -> Option<&Baseline> {
        self.baselines.iter().find(|baseline| baseline.name.as_str() == name)
    }

    /// Sets runs against runs. `candidate` is a JSON list of run ids; `baseline` is one too, or
    /// `"history"`, or `{"baseline": name}`; both may be `{"name": …, "runs": [ids]}` as well, for
    /// the name that the comparison is to show.
    pub(crate) fn judge(
        &self,
        candidate: &str,
        baseline: &str,
        policy: &Policy,
    ) -> Result<Comparison, String> {
        let candidate = self.side("candidate", &parsed("candidate", candidate)?)?;
        let newest = candidate.runs.last().ok_or("the candidate names no run")?;
        let evidence = self.evidence(newest, policy);
        let baseline = match parsed("baseline", baseline)? {
            Value::String(name) if name == BaselineName::HISTORY => evidence
                .history()
                .ok_or("the history holds no earlier run that was made like the candidate")?,
            given => self.side("baseline", &given)?,
        };
        if baseline.runs.is_empty() {
            return Err("the baseline names no run".to_owned());
        }
        Ok(evidence.judge(&baseline, &candidate, policy))
    }

    fn side<'a>(&'a self, what: &str, given: &Value) -> Result<Side<'a>, String> {
        if let Some(name) = given.get("baseline").and_then(Value::as_str) {
            let baseline = self
                .baseline(name)
                .ok_or_else(|| format!("the {what} {name:?} is no baseline that was given"))?;
            return Ok(Side::of_run(name, &baseline.run));
        }
        let expected = || {
            format!(
                "the {what} is {given}: expected a list of run ids, \"history\", {{\"baseline\": name}} \
                 or {{\"name\": …, \"runs\": [ids]}}"
            )
        };
        let list = given.get("runs").unwrap_or(given).as_array().ok_or_else(expected)?;
        let mut runs = Vec::with_capacity(list.len());
        for id in list {
            let id = id.as_str().ok_or_else(expected)?;
            runs.push(self.run(id).ok_or_else(|| format!("no run {id:?} was given"))?);
        }
        let ids = || runs.iter().map(|run| run.id.as_str()).collect::<Vec<_>>().join(", ");
        let name = given.get("name").and_then(Value::as_str).map_or_else(ids, str::to_owned);
        Ok(Side { name, runs })
    }

    /// What a run is compared with when nobody says: what `driftline compare` would take, and where
    /// that is nothing, the run before it.
    pub(crate) fn reference(&self, candidate: &str) -> Result<Reference<'_>, String> {
        let run = self.run(candidate).ok_or_else(|| format!("no run {candidate:?} was given"))?;
        let evidence = self.evidence(run, &Policy::default());
        let alike = evidence.comparable().len();
        let history = || {
            evidence.history().map(|side| Reference {
                kind: "history",
                baseline: None,
                why: if alike > side.runs.len() {
                    format!("the newest {} of {alike} earlier runs made like it", side.runs.len())
                } else {
                    format!("the {} made like it", counted(alike, "earlier run"))
                },
                runs: ids(&side.runs),
            })
        };
        if evidence.suffices()
            && let Some(reference) = history()
        {
            return Ok(reference);
        }
        let few = format!("fewer than {} earlier runs were made like it: {alike}", History::ENOUGH);
        let of_baseline = |baseline: &'_ Baseline| format!("the baseline {}; {few}", baseline.name);
        if let Some(main) = self.baseline(BaselineName::DEFAULT) {
            return Ok(saved(main, of_baseline(main)));
        }
        if let Some(reference) = history() {
            return Ok(Reference {
                why: format!("{}; no baseline is given", reference.why),
                ..reference
            });
        }
        if let Some(only) = self.baselines.first() {
            return Ok(saved(only, of_baseline(only)));
        }
        let runs = self.history.runs();
        let before = runs.iter().take_while(|earlier| earlier.id != run.id).last();
        Ok(match before {
            Some(before) => Reference {
                kind: "previous",
                baseline: None,
                runs: vec![before.id.as_str()],
                why: "the run before it: no earlier run was made like it, and no baseline is given"
                    .to_owned(),
            },
            None => Reference {
                kind: "none",
                baseline: None,
                runs: Vec::new(),
                why: "there is no earlier run and no baseline".to_owned(),
            },
        })
    }

    /// The change points of all runs; those on one machine where one is named.
    pub(crate) fn changes(&self, machine: &str) -> Changes {
        let context = ChangeContext {
            acknowledgements: &self.settings.acknowledged,
            default_branch: self.settings.default_branch.as_deref(),
        };
        let all = change::changes_in(&self.history, context);
        if machine.is_empty() { all } else { all.of_series(&|series| series.machine == machine) }
    }

    /// The rule replayed over the runs made like the newest.
    pub(crate) fn calibrate(&self, policy: &Policy) -> Calibration {
        let alike: Vec<&Run> = self.history.runs().last().map_or_else(Vec::new, |newest| {
            let evidence = self.evidence(newest, policy);
            evidence.comparable().iter().copied().chain([newest]).collect()
        });
        compare::calibrate(&alike, policy, self.settings.window)
    }
}

fn saved(baseline: &Baseline, why: String) -> Reference<'_> {
    Reference {
        kind: "baseline",
        baseline: Some(baseline.name.as_str()),
        runs: vec![baseline.run.id.as_str()],
        why,
    }
}

fn ids<'a>(runs: &[&'a Run]) -> Vec<&'a str> {
    runs.iter().map(|run| run.id.as_str()).collect()
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}

fn parsed(what: &str, json: &str) -> Result<Value, String> {
    serde_json::from_slice(json.as_bytes()).map_err(|e| format!("read the {what}: {e}"))
}
