//! All that was given: runs in commit order, and baselines by name.

use std::cell::OnceCell;
use std::collections::BTreeSet;

use driftline_core::formats::{
    self, Format, FormatError, InputFile, NEWEST_CRITERION_RUN, Reading,
};
use driftline_core::model::{Baseline, History, Run, Skipped};
use driftline_core::wire;
use serde::Serialize;

use crate::settings::Settings;
use crate::table::Table;

/// The name under which criterion keeps the results of the run before the last.
const PREVIOUS_CRITERION_RUN: &str = "base";

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
    /// Reads a file and adds what it holds; nothing changes where it cannot be read. `format` is
    /// the format's name, or empty to tell it from the content.
    pub(crate) fn add(&mut self, file: &InputFile<'_>, format: &str) -> Result<Added, String> {
        let format = match format {
            "" => None,
            name => Some(name.parse::<Format>().map_err(|e| e.to_string())?),
        };
        if matches!(format, None | Some(Format::Driftline)) && is_baseline(file.bytes) {
            return self.add_baseline(file);
        }
        let reading = formats::read(file, format).map_err(|e| e.to_string())?;
        Ok(self.hold(file.name, reading))
    }

    /// Reads the files of criterion's directory and adds its last run, after the one before it where
    /// criterion still keeps that.
    pub(crate) fn add_criterion(
        &mut self,
        name: &str,
        files: &[InputFile<'_>],
    ) -> Result<Added, String> {
        let newest = formats::read_criterion_directory(files, NEWEST_CRITERION_RUN);
        let newest = newest.map_err(|error| error.to_string())?;
        // None before it is no error: then there is one run only.
        let before = formats::read_criterion_directory(files, PREVIOUS_CRITERION_RUN).ok();
        let before = before.map(|reading| self.hold(name, reading));
        let mut added = self.hold(name, newest);
        if let Some(mut before) = before {
            added.runs += before.runs;
            added.new += before.new;
            added.known += before.known;
            added.notes.append(&mut before.notes);
            added.skipped.append(&mut before.skipped);
        }
        Ok(added)
    }

    /// Adds the runs that were read from a file of this name.
    fn hold(&mut self, name: &str, reading: Reading) -> Added {
        let Reading { format, runs, notes } = reading;
        let count = runs.len();
        let mut ids: BTreeSet<&str> =
            self.history.runs().iter().map(|run| run.id.as_str()).collect();
        let is_new: Vec<bool> = runs.iter().map(|run| ids.insert(run.id.as_str())).collect();
        let new: Vec<Run> =
            runs.iter().zip(is_new).filter(|(_, new)| *new).map(|(run, _)| run.clone()).collect();
        drop(runs);
        let added = Added {
            format: format.to_string(),
            runs: count,
            new: new.len(),
            known: count - new.len(),
            skipped: skipped(&new),
            notes: notes.clone(),
            baseline: None,
        };
        self.notes.extend(notes.iter().map(|note| format!("{name}: {note}")));
        if !new.is_empty() {
            self.history = std::mem::take(&mut self.history).with(new);
            self.table.take();
        }
        added
    }

    /// A baseline of a name that is held already takes that one's place.
    fn add_baseline(&mut self, file: &InputFile<'_>) -> Result<Added, String> {
        let baseline = wire::read_baseline(file.bytes)
            .map_err(|error| FormatError::Wire { file: file.name.to_owned(), error }.to_string())?;
        let name = baseline.name.to_string();
        let added = Added {
            format: Format::Driftline.to_string(),
            runs: 1,
            new: 0,
            known: 0,
            notes: Vec::new(),
            skipped: skipped(std::slice::from_ref(&baseline.run)),
            baseline: Some(name),
        };
        self.baselines.retain(|held| held.name != baseline.name);
        self.baselines.push(baseline);
        self.baselines.sort_by(|a, b| a.name.cmp(&b.name));
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

fn is_baseline(bytes: &[u8]) -> bool {
    wire::format_of(bytes).is_some_and(|format| format.starts_with("driftline-baseline/"))
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
        held.add(&InputFile { name, bytes: text.as_bytes() }, "")
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
    fn what_cannot_be_read_changes_nothing() {
        let mut held = Held::default();
        add(&mut held, "a.jsonl", &wire::write_run(&run("1", 1))).unwrap();
        let error = add(&mut held, "b.json", "{\"format\":\"driftline-baseline/9\"}").unwrap_err();
        assert!(error.contains("b.json, line 1: written by a newer driftline"), "{error}");
        let error = add(&mut held, "c.json", "{}").unwrap_err();
        assert!(error.contains("c.json is of no known format"), "{error}");
        assert_eq!(held.history.runs().len(), 1);
        let file = InputFile { name: "d", bytes: b"benchmark,value\na,1\n" };
        assert!(held.add(&file, "cvs").unwrap_err().contains("unknown format \"cvs\""));
    }
}
