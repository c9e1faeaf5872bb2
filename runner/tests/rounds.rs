//! `driftline run`: how often everything is measured, and what is measured again.
#![cfg(unix)]
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use std::collections::BTreeMap;

use common::{Done, Project, csv};
use serde_json::Value;

/// A project with a command that counts how often it ran, and then prints `slow.csv` for as long as
/// `slow` says, and `fast.csv` after that.
fn project(slow: u32) -> Project {
    let project = Project::new();
    project.write("fast.csv", csv(&[("a/one", 100.0), ("a/two", 2000.0), ("b/three", 7.0)]));
    project.write("slow.csv", csv(&[("a/one", 300.0), ("a/two", 2000.0), ("b/three", 7.0)]));
    project.write("count", "0").write("slow", slow.to_string());
    project.write(
        "measure.sh",
        "n=$(($(cat count) + 1))\necho $n > count\n\
         if [ $n -le $(cat slow) ]; then cat slow.csv; else cat fast.csv; fi\n",
    );
    project
}

fn run(project: &Project, more: &[&str]) -> Done {
    let mut all = vec!["run", "--command", "sh measure.sh", "--input-format", "csv"];
    all.extend(more);
    project.driftline(&all)
}

fn launches(project: &Project) -> u32 {
    project.read("count").trim().parse().unwrap()
}

/// The run recorded last.
fn recorded(project: &Project) -> Value {
    serde_json::from_str(project.read(".driftline/history.jsonl").lines().last().unwrap()).unwrap()
}

/// How many rounds each benchmark of a run has.
fn rounds(run: &Value) -> BTreeMap<String, usize> {
    let count =
        |m: &Value| (m["id"].as_str().unwrap().to_owned(), m["rounds"].as_array().unwrap().len());
    run["measurements"].as_array().unwrap().iter().map(count).collect()
}

/// A project with a baseline of `fast.csv`, whose command then prints `slow.csv` so often.
fn with_baseline(slow: u32) -> Project {
    let project = project(0);
    run(&project, &["--save-baseline"]).expect(0, &[]);
    project.write("count", "0").write("slow", slow.to_string());
    project
}

#[test]
fn three_rounds_unless_said_otherwise() {
    let project = project(0);
    let done = run(&project, &[]).expect(0, &["round 1/3: running sh measure.sh", "round 3/3"]);
    assert!(!done.stderr.contains("round 4"), "{done:#?}");
    assert_eq!(
        (launches(&project), recorded(&project)["settings"]["rounds"].as_u64()),
        (3, Some(3))
    );
    let expected = [("a/one", 3), ("a/two", 3), ("b/three", 3)].map(|(k, v)| (k.to_owned(), v));
    assert_eq!(rounds(&recorded(&project)), expected.into());
    // A command has an order of its own.
    assert_eq!(recorded(&project)["settings"]["order_seed"], Value::Null);
    run(&project, &["--order-seed", "7"]).expect(0, &["it runs in its own order"]);

    project.write("count", "0");
    run(&project, &["--quick"]).expect(0, &["--quick does not shorten it"]);
    assert_eq!(launches(&project), 1);
    run(&project, &["--rounds", "2", "--filter", "one"]).expect(0, &[]);
    assert_eq!(launches(&project), 3);
    assert_eq!(rounds(&recorded(&project)), [("a/one".to_owned(), 2)].into());

    project.write("driftline.toml", "rounds = 4").write("count", "0");
    run(&project, &[]).expect(0, &[]);
    assert_eq!(launches(&project), 4);
    run(&project, &["--quick"]).expect(0, &[]);
    assert_eq!(launches(&project), 5, "the configuration's rounds are those of a full run");

    run(&project, &["--rounds", "0"]).expect(2, &["measure in 0 rounds", "3 are usual"]);
    run(&project, &["--rounds=-1"]).expect(2, &["--rounds"]);
    run(&project, &["--max-time", "10"]).expect(2, &["--max-time", "write 90s, 10m or 1h30m"]);
    assert_eq!(launches(&project), 5, "nothing was measured");
}

#[test]
fn several_rounds_in_one_output_are_all_kept() {
    let project = Project::new();
    project.write("a.csv", "benchmark,value,round\nx,1,0\nx,2,1\n");
    project.run_csv("a.csv", &["--rounds", "2"]).expect(0, &[]);
    assert_eq!(rounds(&recorded(&project)), [("x".to_owned(), 4)].into());
}

#[test]
fn a_spike_is_settled_by_measuring_again_what_it_hit() {
    let project = with_baseline(1);
    let again = "1 of 3 look changed or inconclusive, measured again (1 of at most 2): a/one";
    let done = run(&project, &["--ci", "--rounds", "1"])
        .expect(0, &[again, "repeat 1/2: running", "nothing is in doubt any more after"]);
    assert!(done.stdout.contains("3 unchanged"), "{done:#?}");
    let rounds = rounds(&recorded(&project));
    assert!(rounds["a/one"] > 1, "{rounds:?}");
    assert_eq!((rounds["a/two"], rounds["b/three"]), (1, 1), "only what is in doubt");
    assert_eq!(rounds["a/one"], launches(&project) as usize);
    assert_eq!(recorded(&project)["settings"]["rounds"], 1);
}

#[test]
fn what_is_slower_stays_so_however_often_it_is_measured() {
    let project = with_baseline(100);
    let still = "1 of 3 still changed or inconclusive after 2 more rounds (--confirm 2): a/one";
    let done = run(&project, &["--ci"]).expect(1, &[still]);
    assert!(done.stdout.contains("1 regressed"), "{done:#?}");
    assert_eq!(launches(&project), 5);
    let expected = [("a/one", 5), ("a/two", 3), ("b/three", 3)].map(|(k, v)| (k.to_owned(), v));
    assert_eq!(rounds(&recorded(&project)), expected.into());

    // Not without a comparison, and not if nobody wants it. (Of a history of its own each time: a
    // level that was recorded before is no news.)
    let project = with_baseline(100);
    let done = run(&project, &["--ci", "--confirm", "0"]).expect(1, &[]);
    assert!(!done.stderr.contains("again"), "{done:#?}");
    run(&project, &[]).expect(0, &[]);
    assert_eq!(launches(&project), 6);
    let project = with_baseline(100);
    project.write("driftline.toml", "confirm = 1");
    run(&project, &["--ci"]).expect(1, &["after one more round (--confirm 1)"]);
    assert_eq!(launches(&project), 4);
}

#[test]
fn the_time_allowed_limits_rounds_and_repeats() {
    let project = with_baseline(100);
    let done = run(&project, &["--ci", "--max-time", "1ms"]).expect(
        1,
        &["--max-time: 1 of 3 rounds were measured", "are not measured again", ": a/one"],
    );
    assert!(done.stdout.contains("1 regressed"), "the first round is judged: {done:#?}");
    assert_eq!(launches(&project), 1);
    assert_eq!(recorded(&project)["settings"]["rounds"], 1);
    project.write("driftline.toml", "max_time = \"1ms\"").write("count", "0");
    run(&project, &[]).expect(0, &["--max-time: 1 of 3"]);
    run(&project, &["--max-time", "1h30m"]).expect(0, &[]);
    assert_eq!(launches(&project), 4, "the command line has the last word");
}

#[test]
fn what_fails_in_one_round_keeps_the_others() {
    let project = project(0);
    let script = project.read("measure.sh");
    project.write(
        "measure.sh",
        format!("{script}[ $n = 2 ] && {{ echo oh no >&2; exit 7; }}\nexit 0\n"),
    );
    let failed = "command: ended with exit status 7";
    let kept = "(in round 2/3; the other rounds are kept)";
    run(&project, &[]).expect(5, &[failed, kept, "oh no"]);
    assert_eq!(rounds(&recorded(&project))["a/one"], 3, "it printed its results before it failed");
    assert_eq!(recorded(&project)["skipped"].as_array().unwrap().len(), 1);

    project
        .write("count", "0")
        .write("measure.sh", format!("{script}[ $n = 2 ] && sleep 600\nexit 0\n"));
    run(&project, &["--timeout", "1"]).expect(5, &["took longer than 1 s", kept]);
    assert_eq!(launches(&project), 2, "what hangs is not run again");
}

#[test]
fn a_unit_that_changes_between_rounds_is_told() {
    let project = project(1);
    project.write("slow.csv", "benchmark,value,metric,unit\nx,5,size,points\ny,1,size,points\n");
    project.write("fast.csv", "benchmark,value,metric,unit\nx,5,size,stars\ny,1,size,points\n");
    let done = run(&project, &["--rounds", "2"]).expect(0, &[]);
    let told = "round 2/2 is left out: it gives size in stars and points before";
    assert!(done.stdout.contains(told), "{done:#?}");
    assert_eq!(rounds(&recorded(&project)), [("x".to_owned(), 1), ("y".to_owned(), 2)].into());
}

/// The baseline becomes unreadable while the suite is measured: the run is recorded all the same.
#[test]
fn what_was_measured_is_recorded_though_the_store_cannot_be_read() {
    let project = with_baseline(9);
    project.write("measure.sh", "echo nonsense > .driftline/baselines/main.json\ncat fast.csv\n");
    let before = project.read(".driftline/history.jsonl").lines().count();
    run(&project, &["--compare"]).expect(3, &["main.json", "recorded run"]);
    assert_eq!(project.read(".driftline/history.jsonl").lines().count(), before + 1);
}
