//! Processes that write at once, and processes that are killed while they write.
//!
//! The writers are this test's own executable, started again with [`PLAN`] in its environment.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::tests::run;
use super::{Retention, Store};

/// What a child does: `directory|keep|samples|prefix of its ids|how many runs`.
const PLAN: &str = "DRIFTLINE_TEST_WRITER";
/// What stands before an acknowledged id on a child's standard output.
const ACKNOWLEDGED: &str = "acknowledged ";

/// The child's side; no test of its own.
#[test]
fn writer() {
    let Ok(plan) = std::env::var(PLAN) else { return };
    let parts: Vec<&str> = plan.split('|').collect();
    let number = |position: usize| parts[position].parse::<usize>().unwrap();
    let store = Store::new(parts[0], Retention { keep: number(1), samples: number(2) });
    for n in 0..number(4) {
        let id = format!("{}-{n}", parts[3]);
        let said = match store.append(&run(&id)) {
            Ok(receipt) => {
                assert_eq!(receipt.appended, 1);
                format!("{ACKNOWLEDGED}{id}\n")
            }
            Err(error) => format!("failed to {error}\n"),
        };
        let mut output = std::io::stdout().lock();
        output.write_all(said.as_bytes()).unwrap();
        output.flush().unwrap();
    }
}

fn start(directory: &Path, retention: Retention, prefix: &str, runs: usize) -> Child {
    let command = Command::new(std::env::current_exe().unwrap());
    start_with(command, directory, retention, prefix, runs)
}

fn start_with(
    mut command: Command,
    directory: &Path,
    retention: Retention,
    prefix: &str,
    runs: usize,
) -> Child {
    let Retention { keep, samples } = retention;
    let plan = format!("{}|{keep}|{samples}|{prefix}|{runs}", directory.display());
    command
        .args(["--exact", "store::crash_tests::writer", "--nocapture", "--test-threads=1"])
        .env(PLAN, plan)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// The next acknowledged id, if the child gives another.
fn next_id(output: &mut BufReader<ChildStdout>) -> Option<String> {
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).unwrap() == 0 {
            return None;
        }
        // The test harness leaves its own words in front of the first.
        let id = line.split_once(ACKNOWLEDGED).and_then(|(_, id)| id.strip_suffix('\n'));
        if let Some(id) = id {
            return Some(id.to_owned());
        }
    }
}

#[test]
fn concurrent_processes_lose_nothing() {
    let directory = TempDir::new().unwrap();
    let retention = Retention { keep: 1000, samples: 5 };
    let children: Vec<Child> =
        (0..8).map(|writer| start(directory.path(), retention, &writer.to_string(), 25)).collect();
    for child in children {
        assert!(child.wait_with_output().unwrap().status.success());
    }
    let (history, warnings) = Store::new(directory.path(), retention).history().unwrap();
    assert_eq!((history.runs().len(), warnings.len()), (200, 0));
}

/// A file that may not grow is the nearest thing to a full disk: the write that reaches the limit
/// is cut short in the middle of a line, and the rest of it refused.
#[cfg(unix)]
#[test]
fn a_write_that_does_not_fit_leaves_no_half_line() {
    for (retention, limit) in [
        (Retention { keep: 1000, samples: 1000 }, 9), // appends, then reaches the limit
        (Retention { keep: 4, samples: 4 }, 2),       // rewrites cannot be written at all
    ] {
        let directory = TempDir::new().unwrap();
        let mut shell = Command::new("sh");
        // In blocks of 512 bytes, or 1024; without the trap the signal would end the process.
        let limited = format!("trap '' XFSZ; ulimit -f {limit}; exec \"$0\" \"$@\"");
        shell.args(["-c", &limited]).arg(std::env::current_exe().unwrap());
        let child = start_with(shell, directory.path(), retention, "r", 40);
        let said = String::from_utf8(child.wait_with_output().unwrap().stdout).unwrap();
        let acknowledged: Vec<&str> =
            said.lines().filter_map(|line| Some(line.split_once(ACKNOWLEDGED)?.1)).collect();
        assert!(!acknowledged.is_empty() && acknowledged.len() < 40, "{said}");
        assert!(said.contains("failed to write "), "{said}");
        assert!(said.contains("; nothing was recorded"), "{said}");

        let store = Store::new(directory.path(), retention);
        let (history, warnings) = store.history().unwrap();
        assert_eq!(warnings, []);
        let present: Vec<&str> = history.runs().iter().map(|run| run.id.as_str()).collect();
        assert_eq!(present, acknowledged);
        assert_eq!(store.append(&run("later")).unwrap().appended, 1);
    }
}

/// Kills a writer at a random moment, `kills` times on one directory, and after each looks whether
/// everything that was acknowledged and that retention has not dropped is there.
fn kill_writers(retention: Retention, kills: usize, mut seed: u64) {
    let mut random = move |below: u64| {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed % below
    };
    let directory = TempDir::new().unwrap();
    let store = Store::new(directory.path(), retention);
    let mut acknowledged: Vec<String> = Vec::new();
    for kill in 0..kills {
        let mut child = start(directory.path(), retention, &format!("k{kill}"), usize::MAX);
        let mut output = BufReader::new(child.stdout.take().unwrap());
        for _ in 0..random(4) {
            acknowledged.extend(next_id(&mut output));
        }
        // No waiting for something to happen: the kill is to come at any moment within a write.
        thread::sleep(Duration::from_micros(random(4000)));
        child.kill().unwrap();
        child.wait().unwrap();
        acknowledged.extend(std::iter::from_fn(|| next_id(&mut output)));

        let (history, warnings) = store.history().unwrap();
        assert!(warnings.len() <= 1, "kill {kill}: {warnings:?}");
        let present: Vec<&str> = history.runs().iter().map(|run| run.id.as_str()).collect();
        let known: BTreeSet<&str> = acknowledged.iter().map(String::as_str).collect();
        // Written, and killed before it could say so: they take places that retention counts.
        let unsaid = present.iter().filter(|&id| !known.contains(id)).count();
        assert!(unsaid <= kill + 1, "kill {kill}: {unsaid} runs were never acknowledged");
        let places = retention.keep.saturating_sub(unsaid);
        let present: BTreeSet<&str> = present.into_iter().collect();
        for id in acknowledged.iter().rev().take(places) {
            assert!(present.contains(id.as_str()), "kill {kill}: {id} is lost");
        }
        assert!(present.len() <= retention.keep);
    }
    assert!(acknowledged.len() > kills, "the writers were killed before they wrote");
    store.append(&run("last")).unwrap();
    let (history, warnings) = store.history().unwrap();
    assert_eq!(warnings, []);
    let with_samples = history.runs().iter().filter(|run| run.has_samples()).count();
    assert_eq!(with_samples, retention.samples.min(history.runs().len()));
    let leftovers = std::fs::read_dir(directory.path()).unwrap().count();
    assert!(leftovers <= 4, "{leftovers} files: history, rejected lines, lock, and one leftover");
}

#[test]
fn killed_writers_lose_nothing_when_appending() {
    kill_writers(Retention { keep: 100_000, samples: 100_000 }, 200, 0x9e37_79b9_7f4a_7c15);
}

#[test]
fn killed_writers_lose_nothing_when_rewriting() {
    kill_writers(Retention { keep: 12, samples: 3 }, 200, 0xd1b5_4a32_d192_ed03);
}
