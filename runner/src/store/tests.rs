//! What the store does with files as crashes, editors and other versions leave them.

use std::fs;
use std::path::Path;
use std::thread;
use std::time::Duration;

use driftline_core::model::{
    Baseline, BaselineName, BenchmarkId, Iterations, Measurement, Run, RunId, Sample,
};
use driftline_core::wire;
use tempfile::TempDir;

use super::{Retention, Store};

pub(super) fn run(id: &str) -> Run {
    let values = (1..=20).map(f64::from).collect();
    let sample = Sample::new(values, Iterations::Every(1)).unwrap();
    let measurement = Measurement::wall_time(BenchmarkId::new("a").unwrap(), sample).unwrap();
    Run::new(RunId::new(id).unwrap(), vec![measurement])
}

fn store() -> (TempDir, Store) {
    let directory = TempDir::new().unwrap();
    let store = Store::new(directory.path().join(".driftline"), Retention::default());
    (directory, store)
}

fn ids(store: &Store) -> Vec<String> {
    let (history, _) = store.history().unwrap();
    history.runs().iter().map(|run| run.id.to_string()).collect()
}

fn line(id: &str) -> String {
    wire::write_run(&run(id))
}

/// A store whose history holds these bytes.
fn store_with(bytes: &[u8]) -> (TempDir, Store) {
    let (directory, store) = store();
    fs::create_dir_all(store.directory()).unwrap();
    fs::write(store.history_path(), bytes).unwrap();
    (directory, store)
}

fn shown(warnings: &[super::Warning], store: &Store) -> Vec<String> {
    let directory = format!("{}/", store.directory().display());
    warnings.iter().map(|warning| warning.to_string().replace(&directory, "")).collect()
}

#[test]
fn what_is_recorded_is_read() {
    let (_directory, store) = store();
    assert_eq!(ids(&store), [""; 0]);
    assert!(!store.directory().exists(), "reading creates nothing");
    let receipt = store.append(&run("a")).unwrap();
    assert_eq!((receipt.appended, receipt.already_there, receipt.pruned), (1, 0, 0));
    let receipt = store.append_all(&[run("b"), run("a"), run("b"), run("c")]).unwrap();
    assert_eq!((receipt.appended, receipt.already_there, receipt.pruned), (2, 2, 0));
    assert_eq!(ids(&store), ["a", "b", "c"]);
    let before = fs::read(store.history_path()).unwrap();
    assert_eq!(store.append(&run("a")).unwrap().already_there, 1);
    assert_eq!(fs::read(store.history_path()).unwrap(), before);
}

#[test]
fn only_the_newest_runs_and_samples_are_kept() {
    let (_directory, store) = store();
    let store = Store { retention: Retention { keep: 4, samples: 2 }, ..store };
    for n in 0..6 {
        let receipt = store.append(&run(&n.to_string())).unwrap();
        assert_eq!(receipt.pruned, usize::from(n >= 4));
    }
    assert_eq!(ids(&store), ["2", "3", "4", "5"]);
    let (history, _) = store.history().unwrap();
    let samples: Vec<bool> = history.runs().iter().map(Run::has_samples).collect();
    assert_eq!(samples, [false, false, true, true]);
    let sum = |run: &Run| run.measurements[0].summary();
    assert_eq!(sum(&history.runs()[0]), sum(&history.runs()[3]));
}

#[test]
fn importing_more_than_is_kept_twice_changes_nothing() {
    let (_directory, store) = store();
    let store = Store { retention: Retention { keep: 3, samples: 0 }, ..store };
    let runs: Vec<Run> = (0..10).map(|n| run(&n.to_string())).collect();
    let receipt = store.append_all(&runs).unwrap();
    assert_eq!((receipt.appended, receipt.already_there, receipt.pruned), (3, 0, 7));
    let receipt = store.append_all(&runs).unwrap();
    assert_eq!((receipt.appended, receipt.already_there, receipt.pruned), (0, 3, 7));
    assert_eq!(ids(&store), ["7", "8", "9"]);
    assert!(!store.history().unwrap().0.runs()[0].has_samples());
}

#[test]
fn a_line_that_lacks_its_line_feed_is_completed() {
    let (_directory, store) = store_with(line("a").trim_end().as_bytes());
    let receipt = store.append(&run("b")).unwrap();
    assert_eq!(receipt.warnings, []);
    assert_eq!(fs::read_to_string(store.history_path()).unwrap(), line("a") + &line("b"));
}

#[test]
fn a_torn_line_is_set_aside() {
    let torn = &line("b")[..200];
    let (_directory, store) = store_with((line("a") + torn).as_bytes());
    let (_, warnings) = store.history().unwrap();
    assert_eq!(
        shown(&warnings, &store),
        ["history.jsonl: line 2, column 200: the driftline-run/1 ends in the middle, as when a \
          write is cut short; passed over; the next write sets it aside"]
    );
    assert_eq!(ids(&store), ["a"]);
    let receipt = store.append(&run("c")).unwrap();
    assert_eq!(
        shown(&receipt.warnings, &store),
        ["history.jsonl: line 2, column 200: the driftline-run/1 ends in the middle, as when a \
          write is cut short; moved to history.jsonl.rejected"]
    );
    assert_eq!(fs::read_to_string(store.history_path()).unwrap(), line("a") + &line("c"));
    let rejected = fs::read_to_string(store.rejected_path()).unwrap();
    assert_eq!(rejected, format!("{torn}\n"));
    assert_eq!(store.history().unwrap().1, []);
}

#[test]
fn every_cut_of_the_last_line_costs_that_line_only() {
    let whole = line("b");
    for cut in (0..whole.len()).step_by(23).chain(whole.len() - 3..whole.len()) {
        let (_directory, store) = store_with((line("a") + &whole[..cut]).as_bytes());
        store.append(&run("c")).unwrap();
        let expected = if cut == whole.len() - 1 { vec!["a", "b", "c"] } else { vec!["a", "c"] };
        assert_eq!(ids(&store), expected, "cut at {cut}");
        assert_eq!(store.history().unwrap().1, [], "cut at {cut}");
    }
}

#[test]
fn damage_is_set_aside_and_everything_else_stays_byte_for_byte() {
    let crlf = line("a").replace('\n', "\r\n");
    let spaced = line("b").replacen("{\"format\"", "{ \"unheard_of\": [1],  \"format\"", 1);
    let newer = "{\"format\":\"driftline-run/2\",\"id\":\"n\"}\n";
    let mut bytes = (crlf.clone() + newer + "<<<<<<< HEAD\n\n" + &spaced).into_bytes();
    bytes.extend_from_slice(&[0; 64]);
    let (_directory, store) = store_with(&bytes);
    assert_eq!(ids(&store), ["a", "b"]);
    let receipt = store.append(&run("c")).unwrap();
    assert_eq!(receipt.warnings.len(), 3);
    assert!(receipt.warnings[0].to_string().ends_with("passed over, and left as it is"));
    let kept = crlf + newer + "\n" + &spaced + &line("c");
    assert_eq!(fs::read_to_string(store.history_path()).unwrap(), kept);
    let rejected = fs::read(store.rejected_path()).unwrap();
    assert_eq!(rejected, [&b"<<<<<<< HEAD\n"[..], &[0; 64], b"\n"].concat());
}

#[test]
fn a_newer_versions_runs_survive_pruning() {
    let newer = "{\"format\":\"driftline-run/2\",\"id\":\"n\"}";
    let (_directory, store) = store_with((line("a") + newer).as_bytes());
    let store = Store { retention: Retention { keep: 1, samples: 1 }, ..store };
    store.append(&run("b")).unwrap();
    store.append(&run("c")).unwrap();
    let text = fs::read_to_string(store.history_path()).unwrap();
    assert_eq!(text, format!("{newer}\n{}", line("c")));
}

#[test]
fn a_busy_store_says_which_file_is_locked() {
    let (_directory, store) = store_with(b"");
    let held = fs::File::create(store.lock_path()).unwrap();
    held.lock().unwrap();
    let hasty = Store { patience: Duration::ZERO, ..store.clone() };
    let error = hasty.append(&run("a")).unwrap_err().to_string();
    assert!(error.contains(&store.lock_path().display().to_string()), "{error}");
    assert!(error.contains("nothing was recorded"), "{error}");
    assert_eq!(ids(&hasty), [""; 0]);
    drop(held);
    hasty.append(&run("a")).unwrap();
}

#[test]
fn what_is_in_the_way_is_named_and_nothing_is_recorded() {
    let (directory, store) = store();
    fs::write(store.directory(), "a file").unwrap();
    let error = store.append(&run("a")).unwrap_err().to_string();
    assert!(error.contains("a file is where a directory should be"), "{error}");
    assert!(store.history().unwrap_err().to_string().contains("a file is where"));

    let store = Store::new(directory.path().join("other"), Retention::default());
    fs::create_dir_all(store.history_path()).unwrap();
    for error in [store.append(&run("a")).unwrap_err(), store.history().unwrap_err()] {
        let error = error.to_string();
        assert!(error.contains("history.jsonl"), "{error}");
        assert!(error.contains("a directory is where a file should be"), "{error}");
    }
}

#[cfg(unix)]
#[test]
fn a_store_that_may_not_be_written_can_be_read() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, store) = store_with(line("a").as_bytes());
    let set = |mode| {
        fs::set_permissions(store.directory(), fs::Permissions::from_mode(mode)).unwrap();
    };
    set(0o555);
    assert_eq!(ids(&store), ["a"]);
    // Nothing is forbidden to root.
    if fs::write(store.directory().join("x"), "").is_err() {
        let error = store.append(&run("b")).unwrap_err().to_string();
        assert!(error.contains("nothing was recorded: make it writable"), "{error}");
    }
    set(0o755);
}

#[cfg(unix)]
#[test]
fn a_rewrite_keeps_the_files_permissions() {
    use std::os::unix::fs::PermissionsExt;
    let (_directory, store) = store_with((line("a") + "garbage\n").as_bytes());
    let permissions = fs::Permissions::from_mode(0o664);
    fs::set_permissions(store.history_path(), permissions).unwrap();
    store.append(&run("b")).unwrap();
    let mode = fs::metadata(store.history_path()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o664);
}

#[test]
fn baselines_are_saved_listed_and_removed() {
    let (_directory, store) = store();
    let name = |name: &str| BaselineName::new(name).unwrap();
    let error = store.baseline(&name("main")).unwrap_err().to_string();
    assert!(error.contains("none is saved yet"), "{error}");
    for (id, of) in [("r1", "main"), ("r2", "v1.0"), ("r3", "main")] {
        store
            .save_baseline(&Baseline {
                name: name(of),
                saved: None,
                levels: Vec::new(),
                run: run(id),
            })
            .unwrap();
    }
    assert_eq!(store.baseline(&name("main")).unwrap().run.id.as_str(), "r3");
    let directory = store.baseline_path(&name("main"));
    let directory = directory.parent().unwrap();
    fs::copy(directory.join("main.json"), directory.join("copy.json")).unwrap();
    fs::write(directory.join("broken.json"), "{}").unwrap();
    fs::write(directory.join("README.md"), "").unwrap();
    let (baselines, warnings) = store.baselines().unwrap();
    let names: Vec<&str> = baselines.iter().map(|baseline| baseline.name.as_str()).collect();
    assert_eq!(names, ["copy", "main", "v1.0"]);
    assert_eq!(
        shown(&warnings, &store),
        ["baselines/broken.json: line 1: there is no \"format\" (expected \
          driftline-baseline/1); passed over, and left as it is"]
    );
    store.remove_baseline(&name("v1.0")).unwrap();
    let error = store.remove_baseline(&name("v1.0")).unwrap_err().to_string();
    assert!(error.contains("there is broken, copy, main"), "{error}");
    assert!(BaselineName::new("../main").is_err());
}

#[test]
fn documents_are_replaced_whole() {
    let (_directory, store) = store();
    store.write_document("old").unwrap();
    fs::write(store.directory().join(".driftline-killed.tmp"), "half").unwrap();
    let path = store.write_document("new").unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), "new");
    let path = store.save_interrupted(&run("half")).unwrap();
    assert_eq!(wire::read_run(&fs::read(path).unwrap()).unwrap(), run("half"));
    assert_eq!(names_in(store.directory()), ["BASELINES.md", "interrupted.json", "lock"]);
}

fn names_in(directory: &Path) -> Vec<String> {
    let names = fs::read_dir(directory).unwrap().map(|e| e.unwrap().file_name());
    let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn concurrent_threads_lose_nothing() {
    let (_directory, store) = store();
    let store = Store { retention: Retention { keep: 1000, samples: 5 }, ..store };
    thread::scope(|scope| {
        for writer in 0..8 {
            let store = store.clone();
            scope.spawn(move || {
                for n in 0..25 {
                    assert_eq!(store.append(&run(&format!("{writer}-{n}"))).unwrap().appended, 1);
                }
            });
        }
    });
    let (history, warnings) = store.history().unwrap();
    assert_eq!((history.runs().len(), warnings.len()), (200, 0));
    assert_eq!(history.runs().iter().filter(|run| run.has_samples()).count(), 5);
}

#[test]
fn importing_old_runs_does_not_push_out_new_ones() {
    let directory = TempDir::new().unwrap();
    let store = Store::new(directory.path(), Retention { keep: 3, samples: 1 });
    let at = |id: &str, time: &str| Run { time: Some(time.parse().unwrap()), ..run(id) };
    let ids = || -> Vec<String> {
        store.history().unwrap().0.runs().iter().map(|run| run.id.to_string()).collect()
    };
    let new = ["a", "b", "c"].map(|id| at(id, "2026-01-01T00:00:00Z"));
    store.append_all(&new).unwrap();
    let old = ["x", "y"].map(|id| at(id, "2020-01-01T00:00:00Z"));
    let receipt = store.append_all(&old).unwrap();
    assert_eq!((receipt.appended, receipt.pruned), (0, 2));
    assert_eq!(ids(), ["a", "b", "c"]);
    // What was just measured is kept although its clock is wrong.
    let receipt = store.append(&at("now", "1970-01-01T00:00:00Z")).unwrap();
    assert_eq!((receipt.appended, receipt.pruned), (1, 1));
    assert_eq!(ids(), ["b", "c", "now"]);
}

#[cfg(unix)]
#[test]
fn a_linked_history_stays_linked() {
    let directory = TempDir::new().unwrap();
    let elsewhere = directory.path().join("elsewhere.jsonl");
    std::fs::write(&elsewhere, "").unwrap();
    let store = Store::new(directory.path().join("s"), Retention { keep: 1, samples: 1 });
    std::fs::create_dir(directory.path().join("s")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, store.history_path()).unwrap();
    store.append(&run("a")).unwrap();
    store.append(&run("b")).unwrap();
    assert!(std::fs::symlink_metadata(store.history_path()).unwrap().is_symlink());
    assert_eq!(std::fs::read_to_string(&elsewhere).unwrap().lines().count(), 1);
}
