//! `driftline changes`, and a series that `driftline history` draws.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use std::io::Write as _;

use common::Project;

/// 60 runs: `slow` gets 20 % slower at the 30th, `flat` stays.
fn history() -> String {
    let mut csv = "benchmark,value,run,commit,order,machine\n".to_owned();
    for run in 0..60_u32 {
        let noise = 1.0 + f64::from((run * 7_919 + 13) % 101) / 4_000.0;
        let slow = if run >= 30 { 1_200.0 } else { 1_000.0 };
        for (name, value) in [("slow", slow), ("flat", 500.0)] {
            let (value, commit) = (value * noise, run + 0x00ab_cd00);
            csv += &format!("{name},{value},r{run},{commit:040x},{run},ci\n");
        }
    }
    csv
}

fn project() -> Project {
    let project = Project::new();
    project.write("h.csv", history());
    project.driftline(&["import", "h.csv"]).expect(0, &["recorded 60 runs"]);
    project
}

/// The commit of the 30th run.
const COMMIT: &str = "0000000000000000000000000000000000abcd1e";

#[test]
fn names_the_commit_in_every_format() {
    let project = project();
    let text = project.driftline(&["changes"]).expect(0, &[]).stdout;
    assert!(text.contains("1 benchmark worse (+20.0 %)") && text.contains("slow"), "{text}");
    let json = project.driftline(&["changes", "--format", "json"]).expect(0, &[]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["format"], "driftline-changes/1");
    assert_eq!(json["summary"]["regressions"], 1);
    let point = &json["series"][1]["change_points"][0];
    assert_eq!((&point["commit"], &point["index"]), (&COMMIT.into(), &30.into()));
    let csv = project.driftline(&["changes", "--format", "csv"]).expect(0, &[]).stdout;
    assert_eq!(csv.lines().count(), 2, "{csv}");
    assert!(csv.contains(COMMIT), "{csv}");
    let markdown = project.driftline(&["changes", "--format", "markdown"]).expect(0, &[]).stdout;
    assert!(markdown.contains("| ▲ | slow |"), "{markdown}");
}

#[test]
fn since_and_benchmark_narrow_it_down() {
    let project = project();
    let count = |arguments: &[&str]| {
        let arguments = [&["changes", "--format", "csv"], arguments].concat();
        project.driftline(&arguments).expect(0, &[]).stdout.lines().count() - 1
    };
    assert_eq!(count(&["--since", "r10"]), 1);
    assert_eq!(count(&["--since", "r40"]), 0);
    assert_eq!(count(&["--benchmark", "sl*"]), 1);
    assert_eq!(count(&["--benchmark", "flat"]), 0);
    assert_eq!(count(&["--settled"]), 1);
    project.driftline(&["changes", "--benchmark", "nosuch"]).expect(4, &["no benchmark matches"]);
    project.driftline(&["changes", "--since", "nosuch"]).expect(2, &["nosuch"]);
    Project::new().driftline(&["changes"]).expect(4, &["holds no run"]);
}

#[test]
fn acknowledged_changes_are_marked_and_can_be_hidden() {
    let project = project();
    let key = |commit: &str| {
        format!(
            "[[acknowledged]]\ncommit = \"{commit}\"\nbenchmark = \"sl*\"\nreason = \"known\"\n"
        )
    };
    project.write("driftline.toml", key(COMMIT));
    let text = project.driftline(&["changes"]).expect(0, &[]).stdout;
    assert!(text.contains("acknowledged: known") && text.contains("1 acknowledged"), "{text}");
    let hidden = project.driftline(&["changes", "--hide-acknowledged"]).expect(0, &[]).stdout;
    assert!(!hidden.contains("slow"), "{hidden}");
    // A run's id will do, and whatever stands for nothing is named.
    project.write("driftline.toml", key("r30"));
    let hidden = project.driftline(&["changes", "--hide-acknowledged"]).expect(0, &[]).stdout;
    assert!(!hidden.contains("slow"), "{hidden}");
    project.write("driftline.toml", key("abc"));
    let done = project.driftline(&["changes"]).expect(0, &["the acknowledged commit abc is none"]);
    assert!(done.stdout.contains("0 acknowledged"), "{}", done.stdout);
    project.write("driftline.toml", key(" "));
    project.driftline(&["changes"]).expect(2, &["names no commit"]);
}

#[test]
fn a_single_series_is_drawn() {
    let project = project();
    let drawn = project.driftline(&["history", "slow"]).expect(0, &[]).stdout;
    assert!(drawn.contains('┤') && drawn.contains('─') && drawn.contains('▲'), "{drawn}");
    assert!(drawn.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c)), "{drawn}");
    assert!(drawn.lines().all(|line| line.chars().count() <= 110), "{drawn}");
    let table = project.driftline(&["history"]).expect(0, &[]).stdout;
    assert!(!table.contains('┤'), "{table}");
}

/// A repository of 80 commits of which every second is measured; the benchmark gets 20 % slower at the
/// 41st, which is not.
fn repository() -> Project {
    let project = Project::new();
    let git = |arguments: &[&str], input: &str| {
        let mut child = std::process::Command::new("git")
            .args(arguments)
            .current_dir(project.path("."))
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        let done = child.wait_with_output().unwrap();
        assert!(done.status.success(), "{arguments:?}");
        String::from_utf8(done.stdout).unwrap()
    };
    git(&["init", "-q", "-b", "trunk"], "");
    let mut commits = String::new();
    for at in 1..=80 {
        let (time, subject) = (1_800_000_000 + at, format!("number {at}"));
        let length = subject.len();
        commits += &format!(
            "commit refs/heads/trunk\nmark :{at}\n\
             committer C <c@example.com> {time} +0000\ndata {length}\n{subject}\n"
        );
    }
    git(&["fast-import", "--quiet"], &commits);
    let all = git(&["rev-list", "--first-parent", "--reverse", "trunk"], "");
    let mut csv = "benchmark,value,run,commit,order\n".to_owned();
    for (at, id) in (1_u32..).zip(all.lines()).filter(|(at, _)| at % 2 == 0) {
        let noise = 1.0 + f64::from((at * 7_919 + 13) % 101) / 4_000.0;
        let value = if at >= 41 { 1_200.0 } else { 1_000.0 } * noise;
        csv += &format!("slow,{value},r{at},{id},{at}\n");
    }
    git(&["tag", "culprit", "trunk~39"], "");
    git(&["tag", "before", "trunk~45"], "");
    project.write("h.csv", csv);
    project.driftline(&["import", "h.csv"]).expect(0, &["recorded 40 runs"]);
    project
}

#[test]
fn commits_that_were_never_measured_have_their_place() {
    let project = repository();
    let count = |arguments: &[&str]| {
        let arguments = [&["changes", "--format", "csv"], arguments].concat();
        project.driftline(&arguments).expect(0, &[]).stdout.lines().count() - 1
    };
    assert_eq!(count(&[]), 1);
    assert_eq!([count(&["--since", "before"]), count(&["--since", "trunk~3"])], [1, 0]);
    for name in ["culprit", "trunk~39", "r42"] {
        project.write("driftline.toml", format!("[[acknowledged]]\ncommit = \"{name}\"\n"));
        assert_eq!(count(&["--hide-acknowledged"]), 0, "{name}");
    }
    project.write("driftline.toml", "[[acknowledged]]\ncommit = \"before\"\n");
    let done = project.driftline(&["changes", "--hide-acknowledged", "--format", "csv"]);
    let done = done.expect(0, &["the acknowledged commit before is none"]);
    assert_eq!(done.stdout.lines().count(), 2);
}

/// A history whose runs are all of another branch than the rest, or of dirty trees, as recorded.
#[test]
fn what_is_left_out_is_counted_by_its_reason() {
    let project = project();
    let recorded = project.read(".driftline/history.jsonl");
    let mut lines: Vec<serde_json::Value> =
        recorded.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let written = |lines: &[serde_json::Value]| {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        project.write(".driftline/history.jsonl", lines.join("\n") + "\n");
    };
    for line in lines.iter_mut().take(7) {
        line["commit"]["dirty"] = true.into();
    }
    for line in lines.iter_mut().skip(50) {
        line["commit"]["branch"] = "topic".into();
    }
    written(&lines);
    project.write("driftline.toml", "[history]\ndefault_branch = \"main\"\n");
    let text = project.driftline(&["changes"]).expect(0, &[]).stdout;
    assert!(text.contains("left out 7 runs: files differed from their commits"), "{text}");
    assert!(text.contains("left out 10 runs: of other branches than main"), "{text}");
    assert!(text.contains("over 43 runs"), "{text}");
    for line in &mut lines {
        line["commit"]["dirty"] = true.into();
    }
    written(&lines);
    project
        .driftline(&["changes"])
        .expect(4, &["all runs are left out: 60 runs files differed", "hint: commit what is"]);
}

#[test]
fn every_metric_of_a_benchmark_is_drawn() {
    let project = Project::new();
    let mut csv = "benchmark,metric,value,unit,run\n".to_owned();
    for run in 0..20 {
        csv += &format!("x,wall_time,{},ns,r{run}\nx,size,512,bytes,r{run}\n", 100 + run % 3);
    }
    project.write("h.csv", csv);
    project.driftline(&["import", "h.csv"]).expect(0, &[]);
    let drawn = project.driftline(&["history", "x"]).expect(0, &[]).stdout;
    assert!(drawn.contains("x: low of each of 20 runs") && drawn.contains("x (size): "), "{drawn}");
    assert!(drawn.contains("512 bytes ┤") && drawn.contains(" r0  "), "{drawn}");
}
