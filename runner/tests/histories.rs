//! Real histories of other tools, as the plain CSV: imported whole, and once.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic, its helpers as well")]

mod common;

use std::collections::BTreeMap;

use common::Project;
use driftline_core::model::{Measurement, Run};
use driftline_core::wire;
use serde_json::Value;

/// All runs, and all of their values.
const KEEP: &str = "[history]\nkeep = 100000\nsamples = 100000\n";

/// What is in a history: of each run and benchmark the unit, the value and the direction.
type Points = BTreeMap<(String, String), (String, f64, &'static str)>;

/// A history as the plain CSV, and what is in it.
fn as_csv(history: &Value) -> (String, Points) {
    let mut csv = "benchmark,value,unit,better,run,commit,time,machine\n".to_owned();
    let mut points = Points::new();
    for series in history["series"].as_array().unwrap() {
        let text = |key: &str| series[key].as_str().unwrap();
        let (suite, name) = (text("suite"), text("name"));
        let (unit, factor, better) = match text("unit") {
            "ns/iter" => ("ns", 1.0, "lower"),
            "ms/iter" => ("ms", 1e6, "lower"),
            "iter/sec" => ("iter/sec", 1.0, "higher"),
            other => panic!("unit {other}"),
        };
        let list = |key: &str| series[key].as_array().unwrap();
        for ((commit, date), value) in list("commit").iter().zip(list("date_ms")).zip(list("value"))
        {
            let (commit, date) = (commit.as_str().unwrap(), date.as_i64().unwrap());
            let run = format!("{suite}@{commit}@{date}");
            let time = jiff::Timestamp::from_millisecond(date).unwrap();
            let benchmark = format!("{suite}/{name}");
            let quoted = benchmark.replace('"', "\"\"");
            csv += &format!("\"{quoted}\",{value},{unit},{better},\"{run}\",{commit},{time},ci\n");
            let ours = if better == "higher" { unit } else { "ns" };
            let point = (ours.to_owned(), value.as_f64().unwrap() * factor, better);
            assert_eq!(points.insert((run, benchmark), point), None);
        }
    }
    (csv, points)
}

#[test]
fn real_histories_are_imported_whole_and_once() {
    let folder = format!("{}/../core/tests/data/histories", env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> =
        std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
    files.sort();
    assert_eq!(files.len(), 5);
    for file in files {
        let history: Value = serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
        let (csv, points) = as_csv(&history);
        let project = Project::new();
        project.write("driftline.toml", KEEP).write("h.csv", csv);
        let runs: std::collections::BTreeSet<&String> = points.keys().map(|(run, _)| run).collect();
        project
            .driftline(&["import", "h.csv"])
            .expect(0, &[&format!("{} runs with {} measurements", runs.len(), points.len())]);
        let recorded = project.read(".driftline/history.jsonl");
        let again = format!("recorded 0 runs, {} runs there already", runs.len());
        project.driftline(&["import", "h.csv"]).expect(0, &[&again]);
        assert_eq!(project.read(".driftline/history.jsonl"), recorded);

        let mut found = Points::new();
        for line in recorded.lines() {
            let run: Run = wire::read_run(line.as_bytes()).unwrap();
            assert!(run.skipped.is_empty() && run.commit.is_some() && run.time.is_some());
            for m in &run.measurements {
                let values = Measurement::values(m).unwrap();
                let point = (m.unit().to_string(), values[0], m.better().as_str());
                found.insert((run.id.to_string(), m.benchmark().to_string()), point);
                assert_eq!(values.len(), 1);
            }
        }
        assert_eq!(found, points, "{}", file.display());
        // What was exported is the same history again.
        let (done, exported) = project.driftline_reading(&[], &["export", "--format", "csv"]);
        done.expect(0, &[]);
        let other = Project::new();
        other.write("driftline.toml", KEEP);
        let (done, _) = other.driftline_reading(&exported, &["import", "-"]);
        done.expect(0, &[&format!("recorded {} runs in", runs.len())]);
        assert_eq!(other.read(".driftline/history.jsonl"), recorded);
    }
}
