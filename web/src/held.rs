//! All that was given: runs in commit order, and baselines by name.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use driftline_core::model::{Baseline, History, Run, Skipped};
use driftline_core::wire::{self, HistoryReading};
use serde::Serialize;

use crate::settings::Settings;
use crate::table::Table;

/// What driftline's own files are called among the formats.
const DRIFTLINE: &str = "driftline";

/// The runs and baselines that a session holds.
#[derive(Debug, Default)]
pub(crate) struct Held {
    pub(crate) history: History,
    pub(crate) baselines: Vec<Baseline>,
    pub(crate) notes: Vec<String>,
    pub(crate) settings: Settings,
    table: OnceCell<Table>,
}

/// What became of a file that was added.
#[derive(Debug, Serialize)]
pub(crate) struct Added {
    /// The format it was read as.
    format: String,
    /// How many runs it holds.
    runs: usize,
    /// How many of them are new here.
    #[serde(rename = "added")]
    new: usize,
    /// How many were here already.
    known: usize,
    /// What a person should know about how it was read.
    notes: Vec<String>,
    /// What gave no measurement in the runs that are new.
    skipped: Vec<Skipped>,
    /// The name of the baseline it is, if it is one.
    baseline: Option<String>,
}

impl Held {
    /// Reads a file of driftline's own (runs, a history, a baseline) and adds what it holds; nothing
    /// changes where it cannot be read.
    pub(crate) fn add(&mut self, name: &str, bytes: &[u8]) -> Result<Added, String> {
        if wire::format_of(bytes).is_some_and(|format| format.starts_with("driftline-baseline/")) {
            return self.add_baseline(name, bytes);
        }
        let runs = read_runs(name, bytes)?;
        let mut notes = Vec::new();
        notes.extend(runs.damaged.iter().map(|damaged| format!("skipped: {}", damaged.reason)));
        Ok(self.hold(name, DRIFTLINE, runs.into_runs(), notes))
    }

    /// Adds the runs that were read from a file of another format, given as driftline writes them.
    pub(crate) fn add_read(
        &mut self,
        name: &str,
        runs: &[u8],
        format: &str,
        notes: Vec<String>,
    ) -> Result<Added, String> {
        let runs = if runs.is_empty() { Vec::new() } else { read_runs(name, runs)?.into_runs() };
        Ok(self.hold(name, format, runs, notes))
    }

    /// Adds the runs that were read from a file of this name.
    fn hold(&mut self, name: &str, format: &str, runs: Vec<Run>, notes: Vec<String>) -> Added {
        let count = runs.len();
        let mut ids = BTreeSet::new();
        ids.extend(self.history.runs().iter().map(|run| run.id.as_str()));
        let is_new: Vec<bool> = runs.iter().map(|run| ids.insert(run.id.as_str())).collect();
        let new: Vec<Run> =
            runs.into_iter().zip(is_new).filter(|(_, new)| *new).map(|(run, _)| run).collect();
        self.notes.extend(notes.iter().map(|note| format!("{name}: {note}")));
        let added = Added {
            format: format.to_owned(),
            runs: count,
            new: new.len(),
            known: count - new.len(),
            skipped: skipped(&new),
            notes,
            baseline: None,
        };
        if !new.is_empty() {
            self.history = std::mem::take(&mut self.history).with(new);
            self.table.take();
        }
        added
    }

    /// A baseline of a name that is held already takes that one's place.
    fn add_baseline(&mut self, file: &str, bytes: &[u8]) -> Result<Added, String> {
        let baseline = wire::read_baseline(bytes).map_err(|error| format!("{file}, {error}"))?;
        let name = baseline.name.to_string();
        let added = Added {
            format: DRIFTLINE.to_owned(),
            runs: 1,
            new: 0,
            known: 0,
            notes: Vec::new(),
            skipped: skipped(std::slice::from_ref(&baseline.run)),
            baseline: Some(name),
        };
        self.baselines.retain(|held| held.name != baseline.name);
        let place = self.baselines.partition_point(|held| held.name < baseline.name);
        self.baselines.insert(place, baseline);
        Ok(added)
    }

    /// The run of that id: of the history, or one that a baseline holds.
    pub(crate) fn run(&self, id: &str) -> Option<&Run> {
        let of_baselines = self.baselines.iter().map(|baseline| &baseline.run);
        self.history.runs().iter().chain(of_baselines).find(|run| run.id.as_str() == id)
    }

    /// Which run measured what.
    pub(crate) fn table(&self) -> &Table {
        self.table.get_or_init(|| Table::of(self.history.runs()))
    }
}

/// The runs of a history; an error where there is none.
fn read_runs(name: &str, bytes: &[u8]) -> Result<HistoryReading, String> {
    let reading = wire::read_history(bytes);
    match reading.damaged.first() {
        _ if !reading.runs.is_empty() => Ok(reading),
        Some(damaged) => Err(format!("{name}, {}", damaged.reason)),
        None => Err(format!("{name} is empty: it holds no run")),
    }
}

/// What gave no measurement, each with its reason once.
fn skipped(runs: &[Run]) -> Vec<Skipped> {
    let mut seen = BTreeSet::new();
    let all = runs.iter().flat_map(|run| &run.skipped);
    all.filter(|one| seen.insert((&one.name, &one.reason))).cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftline_core::model::{BaselineName, Commit, RunId};

    fn run(id: &str, order: u64) -> Run {
        let mut run = Run::new(RunId::new(id).unwrap(), Vec::new());
        run.commit = Some(Commit { id: id.into(), order: Some(order), ..Commit::default() });
        run
    }

    fn add(held: &mut Held, name: &str, text: &str) -> Result<Added, String> {
        held.add(name, text.as_bytes())
    }

    #[test]
    fn files_are_merged_in_commit_order_and_no_run_counts_twice() {
        let mut held = Held::default();
        let lines = |runs: &[Run]| runs.iter().map(wire::write_run).collect::<String>();
        let first = add(&mut held, "a.jsonl", &lines(&[run("1", 1), run("3", 3)])).unwrap();
        assert_eq!((first.runs, first.new, first.known), (2, 2, 0));
        let second = add(&mut held, "b.jsonl", &lines(&[run("2", 2), run("3", 3)])).unwrap();
        assert_eq!((second.runs, second.new, second.known), (2, 1, 1));
        let ids: Vec<&str> = held.history.runs().iter().map(|run| run.id.as_str()).collect();
        assert_eq!(ids, ["1", "2", "3"]);
    }

    #[test]
    fn a_baseline_is_kept_by_name_and_apart_from_the_runs() {
        let mut held = Held::default();
        let baseline = |name: &str, id: &str| {
            wire::write_baseline(&Baseline {
                name: BaselineName::new(name).unwrap(),
                saved: None,
                levels: Vec::new(),
                run: run(id, 1),
            })
        };
        for (name, id) in [("main", "1"), ("fast", "2"), ("main", "3")] {
            let added = add(&mut held, "x.json", &baseline(name, id)).unwrap();
            assert_eq!((added.baseline.as_deref(), added.new), (Some(name), 0));
        }
        let names: Vec<String> = held.baselines.iter().map(|b| b.name.to_string()).collect();
        assert_eq!(names, ["fast", "main"]);
        assert!(held.run("3").is_some() && held.run("1").is_none());
        assert!(held.history.runs().is_empty());
    }

    #[test]
    fn what_was_read_elsewhere_is_held_with_its_format_and_notes() {
        let mut held = Held::default();
        let line = wire::write_run(&run("1", 1));
        let notes = || vec!["no time is given".to_owned()];
        let added = held.add_read("a.csv", line.as_bytes(), "csv", notes()).unwrap();
        assert_eq!((added.format.as_str(), added.new, added.notes), ("csv", 1, notes()));
        assert_eq!(held.notes, ["a.csv: no time is given"]);
        let none = held.add_read("b.csv", b"", "csv", Vec::new()).unwrap();
        assert_eq!((none.runs, held.history.runs().len()), (0, 1));
    }

    #[test]
    fn what_cannot_be_read_changes_nothing() {
        let mut held = Held::default();
        add(&mut held, "a.jsonl", &wire::write_run(&run("1", 1))).unwrap();
        let error = add(&mut held, "b.json", "{\"format\":\"driftline-baseline/9\"}").unwrap_err();
        assert!(error.contains("b.json, line 1: written by a newer driftline"), "{error}");
        let error = add(&mut held, "c.json", "{}").unwrap_err();
        assert_eq!(error, "c.json, line 1: there is no \"format\" (expected driftline-run/1)");
        assert_eq!(add(&mut held, "d", "\n").unwrap_err(), "d is empty: it holds no run");
        assert_eq!(held.history.runs().len(), 1);
    }
}
