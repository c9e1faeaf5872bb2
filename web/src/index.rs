//! What is held, without the figures: where each run comes from, and which series there are.

use std::collections::BTreeSet;

use driftline_core::model::{Ci, Commit, Conditions, Direction, Machine, Run, rfc3339};
use serde::Serialize;

use crate::held::Held;

#[derive(Serialize)]
struct Index<'a> {
    core: &'static str,
    runs: Vec<RunEntry<'a>>,
    series: Vec<SeriesEntry<'a>>,
    baselines: Vec<BaselineEntry<'a>>,
    notes: &'a [String],
}

#[derive(Serialize)]
struct RunEntry<'a> {
    id: &'a str,
    commit: Option<&'a Commit>,
    time: Option<String>,
    /// The machine's fingerprint.
    machine: &'a str,
    /// What the machine is, for people.
    #[serde(skip_serializing_if = "Option::is_none")]
    machine_name: Option<String>,
    toolchain: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    driftline: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    conditions: Option<Conditions>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ci: Option<&'a Ci>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    quick: bool,
    /// Whether raw values are kept.
    samples: bool,
    measurements: usize,
    skipped: usize,
    /// Whether what was decided of it is recorded with it.
    judged: bool,
}

#[derive(Serialize)]
struct SeriesEntry<'a> {
    id: &'a str,
    metric: &'a str,
    unit: &'a str,
    better: Direction,
    /// In how many runs.
    runs: usize,
    /// The fingerprints of their machines, sorted.
    machines: BTreeSet<&'a str>,
}

#[derive(Serialize)]
struct BaselineEntry<'a> {
    name: &'a str,
    run: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    saved: Option<String>,
}

/// Collected one by one: what collects a set at once sorts, which is much code.
fn sorted<'a>(items: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

/// The index as JSON.
pub(crate) fn index(held: &Held) -> String {
    let (runs, table) = (held.history.runs(), held.table());
    let machines: Vec<String> = runs.iter().map(Run::machine_fingerprint).collect();
    let series = table.series(runs).enumerate().map(|(series, newest)| {
        let of: Vec<usize> = table.runs_of(series).collect();
        SeriesEntry {
            id: newest.benchmark().as_str(),
            metric: newest.metric().as_str(),
            unit: newest.unit().as_str(),
            better: newest.better(),
            runs: of.len(),
            machines: sorted(of.iter().map(|run| machines[*run].as_str())),
        }
    });
    let baselines = held.baselines.iter().map(|baseline| BaselineEntry {
        name: baseline.name.as_str(),
        run: baseline.run.id.as_str(),
        saved: baseline.saved.map(rfc3339),
    });
    let index = Index {
        core: driftline_core::VERSION,
        runs: runs.iter().zip(&machines).map(|(run, machine)| entry(run, machine)).collect(),
        series: series.collect(),
        baselines: baselines.collect(),
        notes: &held.notes,
    };
    // Its keys are texts and its numbers finite: nothing in it can fail to serialise.
    serde_json::to_string(&index).unwrap_or_default()
}

fn entry<'a>(run: &'a Run, machine: &'a str) -> RunEntry<'a> {
    RunEntry {
        id: run.id.as_str(),
        commit: run.commit.as_ref(),
        time: run.time.map(rfc3339),
        machine,
        machine_name: run.machine.as_ref().map(Machine::describe),
        toolchain: run.toolchain.as_deref(),
        driftline: run.driftline.as_deref(),
        conditions: run.conditions,
        ci: run.ci.as_ref(),
        quick: run.settings.quick,
        samples: run.has_samples(),
        measurements: run.measurements.len(),
        skipped: run.skipped.len(),
        judged: run.judgement.is_some(),
    }
}
