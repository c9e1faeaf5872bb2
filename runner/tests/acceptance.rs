//! Regressions that are accepted on purpose: by a commit, by a file, and what becomes of them.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{Project, csv};

/// A repository with a commit for each run: `x` is 50 % slower from the last one on, whose message
/// ends with this line.
fn repository(trailer: &str) -> (Project, Vec<String>) {
    let project = Project::new();
    project.git(&["init", "-q"]);
    let mut rows = "benchmark,value,run,commit,order,machine\n".to_owned();
    let mut commits = Vec::new();
    for (order, level) in [100.0, 100.2, 99.9, 100.1, 100.3, 150.0].into_iter().enumerate() {
        project.write("code", order.to_string()).git(&["add", "code"]);
        let message = if order == 5 { format!("Checksums\n\n{trailer}\n") } else { "x".into() };
        project.git(&["commit", "-q", "-m", &message]);
        let commit = project.git(&["rev-parse", "HEAD"]);
        for i in 0..20 {
            let value = level * (1.0 + f64::from(i) / 2000.0);
            rows += &format!("x,{value},r{order},{commit},{order},ci\n");
        }
        commits.push(commit);
    }
    project.write("runs.csv", rows);
    project.driftline(&["import", "runs.csv"]).expect(0, &["recorded 6 runs"]);
    (project, commits)
}

#[test]
fn a_commit_may_say_what_it_accepts() {
    let (project, commits) =
        repository("Signed-off-by: a\nBenchmark-Accept: x checksums are worth it");
    project.driftline(&["ci"]).expect(0, &[]);
    let comment = project.read("driftline-report/comment.md");
    assert!(comment.contains("regressed, accepted: checksums are worth it |"), "{comment}");
    let json = project.read("driftline-report/comparison.json");
    assert!(json.contains(&format!("\"source\": \"commit {}\"", &commits[5][..10])), "{json}");
    let done = project.driftline(&["compare", "--ci"]).expect(0, &[]);
    assert!(done.stdout.contains("regressed, accepted") && done.stdout.contains("1 accepted"));
    // Of a baseline that has the commit it accepts nothing.
    project.driftline(&["ci", "--baseline", "r5", "--candidate", "r4"]).expect(0, &[]);

    for (wrong, why) in [
        ("Benchmark-Accept: x", "expected a pattern of benchmarks and a reason"),
        ("Benchmark-Accept:", "expected a pattern of benchmarks and a reason"),
        ("Benchmark-Accept: \"x", "its pattern breaks off behind a quotation mark"),
        ("Benchmark-Accept: x[ y", "put it in quotation marks"),
    ] {
        let (project, _) = repository(wrong);
        project.driftline(&["ci"]).expect(1, &[]);
        let comment = project.read("driftline-report/comment.md");
        assert!(comment.contains(why), "{comment}");
    }
    // A name with blanks in quotation marks.
    let (project, _) = repository("Benchmark-Accept: \"x\" checksums are worth it");
    project.driftline(&["ci"]).expect(0, &[]);
    // As a squashed merge has it: anywhere in the message, folded over two lines.
    let (project, _) = repository(
        "* first\r\n\r\nbenchmark-accept: x checksums are\r\n  worth it\r\n\r\n* second\n\nmore",
    );
    project.driftline(&["ci"]).expect(0, &[]);
    let comment = project.read("driftline-report/comment.md");
    assert!(comment.contains("regressed, accepted: checksums are worth it |"), "{comment}");
    let (project, _) = repository("Benchmark-Accept: y* other");
    project.driftline(&["ci"]).expect(1, &[]);
    let comment = project.read("driftline-report/comment.md");
    assert!(comment.contains("concerns no benchmark: look for a misspelt name"), "{comment}");
}

#[test]
fn a_file_accepts_until_a_day() {
    let (project, commits) = repository("Co-authored-by: nobody");
    let exit = |until: &str, more: &str| {
        project.write(
            ".driftline/accepted.toml",
            format!(
                "[[accepted]]\nbenchmark = \"x\"\nreason = \"checksums\"\nuntil = {until}\n{more}"
            ),
        );
        project.driftline(&["ci", "--baseline", "r0"])
    };
    exit("2999-12-31", "").expect(2, &["accepts whatever comes: add commit = "]);
    exit("2999-12-31", "limit = \"60%\"").expect(0, &[]);
    exit("2999-12-31", "limit = \"40%\"").expect(1, &[]);
    let expired = exit("2020-01-31", "limit = \"60%\"").expect(1, &[]);
    assert!(expired.stdout.contains("ended on 2020-01-31: what it accepted fails again"));
    let comment = project.read("driftline-report/comment.md");
    assert!(comment.contains("**The acceptance of 1 benchmark has expired.**"), "{comment}");
    exit("soon", "")
        .expect(2, &[".driftline/accepted.toml: ", "line 4", "an entry is [[accepted]]"]);
    // What the candidate is not known to have is not accepted.
    let own = format!("commit = \"{}\"", commits[5]);
    exit("2999-12-31", &own).expect(0, &[]);
    exit("2999-12-31", "run = \"r5\"").expect(0, &[]);
    for unknown in ["commit = \"0123456789ab\"", "commit = \"-x\"", "run = \"r9\""] {
        let done = exit("2999-12-31", unknown).expect(1, &[]);
        assert!(done.stdout.contains("(.driftline/accepted.toml) accepts nothing: "), "{done:#?}");
        assert!(project.read("driftline-report/comment.md").contains("accepts nothing: "));
    }
    project.driftline(&["ci", "--baseline", "r0", "--candidate", "r4"]).expect(0, &[]);
    // The run it was accepted at is the level from then on, and a known change.
    project.driftline(&["baseline", "save", "--run", "r0"]).expect(0, &[]);
    measured(&project, 6, 150.2);
    exit("2999-12-31", &format!("commit = \"{}\"", &commits[5][..12])).expect(0, &[]);
    let json: serde_json::Value =
        serde_json::from_str(&project.read("driftline-report/comparison.json")).unwrap();
    let level = json["benchmarks"][0]["drift"]["accepted"].as_f64().unwrap();
    assert!((level - 150.0).abs() < 0.5, "{level}");
    assert_eq!(json["summary"]["accepted"], 1);
}

/// Commits something and records a run of it.
fn measured(project: &Project, order: usize, level: f64) {
    project.write("code", order.to_string()).git(&["commit", "-q", "-am", "x"]);
    let commit = project.git(&["rev-parse", "HEAD"]);
    let mut rows = "benchmark,value,run,commit,order,machine\n".to_owned();
    for i in 0..20 {
        let value = level * (1.0 + f64::from(i) / 2000.0);
        rows += &format!("x,{value},r{order},{commit},{order},ci\n");
    }
    project.write("more.csv", rows);
    project.driftline(&["import", "more.csv"]).expect(0, &["recorded 1 run"]);
}

#[test]
fn what_a_commit_accepted_stays_so_and_a_further_regression_does_not() {
    let (project, _) = repository("Benchmark-Accept: x checksums");
    measured(&project, 6, 150.2);
    // Against a baseline from before that commit, by name and by what is recorded since.
    project.driftline(&["ci", "--baseline", "r0"]).expect(0, &[]);
    assert!(project.read("driftline-report/comment.md").contains("regressed, accepted: checksums"));
    project.driftline(&["ci"]).expect(0, &[]);
    measured(&project, 7, 220.0);
    let done = project.driftline(&["ci", "--baseline", "r0"]).expect(1, &[]);
    assert!(done.stdout.contains("regressed, more than accepted"), "{done:#?}");
    assert!(done.stdout.contains("accepted were 150 ns, and it is +46."));
    // What was accepted is the level: the history before it hides no further step.
    let done = project.driftline(&["ci"]).expect(1, &[]);
    assert!(done.stdout.contains("+46."), "{done:#?}");
}

/// A baseline that was saved before; the commit that was accepted is older than what the history is
/// judged by.
#[test]
fn what_a_commit_accepted_long_ago_is_still_the_level() {
    let (project, _) = repository("Benchmark-Accept: x checksums");
    project.driftline(&["baseline", "save", "--run", "r0"]).expect(0, &[]);
    project.write("driftline.toml", "[history]\nwindow = 3\n");
    for order in 6..12 {
        measured(&project, order, 150.0 + f64::from(u8::try_from(order).unwrap() % 3) / 10.0);
    }
    project.driftline(&["ci"]).expect(0, &[]);
    let json: serde_json::Value =
        serde_json::from_str(&project.read("driftline-report/comparison.json")).unwrap();
    assert_eq!(json["baseline"]["runs"].as_array().unwrap().len(), 3, "{json:#}");
    let level = json["benchmarks"][0]["drift"]["accepted"].as_f64().unwrap();
    assert!((level - 150.0).abs() < 0.5, "{level}");
    assert_eq!(json["summary"]["unchanged"], 1);
}

#[test]
fn commits_that_are_not_known_accept_nothing_and_that_is_said() {
    let (project, _) = repository("Benchmark-Accept: x checksums");
    let mut rows = "benchmark,value,run,commit,machine\n".to_owned();
    for i in 0..20 {
        let value = 100.0 * (1.0 + f64::from(i) / 2000.0);
        rows += &format!("x,{value},elsewhere,{},ci\n", "0123456789".repeat(4));
    }
    project.write("elsewhere.csv", rows);
    let done = project
        .driftline(&["ci", "--baseline", "elsewhere.csv", "--candidate", "r5"])
        .expect(1, &[]);
    let said = "the commits between 0123456789 and";
    assert!(done.stdout.contains(said) && done.stdout.contains("fetch all of the history"));
    assert!(project.read("driftline-report/comment.md").contains("fetch all of the history"));
}

#[test]
fn what_is_accepted_may_be_saved_and_is_the_level_then() {
    let project = Project::new();
    project.write("a.csv", csv(&[("x", 100.0)])).write("b.csv", csv(&[("x", 150.0)]));
    project.run_csv("a.csv", &["--save-baseline"]).expect(0, &[]);
    let level = |project: &Project| {
        let json: serde_json::Value =
            serde_json::from_str(&project.read(".driftline/baselines/main.json")).unwrap();
        json["levels"][0]["accepted"].as_f64().unwrap().round()
    };
    let before = level(&project);
    let save = ["--compare", "main", "--save-baseline", "--ci"];
    project.run_csv("b.csv", &save).expect(1, &["baseline main is not saved: something regressed"]);
    assert!((level(&project) - before).abs() < 0.5);
    let accepting = [&save[..], &["--accept", "x=on purpose"]].concat();
    let done = project.run_csv("b.csv", &accepting).expect(0, &["saved run"]);
    assert!(done.stdout.contains("regressed, accepted"), "{done:#?}");
    assert!((level(&project) - 1.5 * before).abs() < 1.0, "{}", level(&project));
}

#[test]
fn a_known_change_is_acknowledged_by_the_same_entry() {
    let project = Project::new();
    let mut rows = "benchmark,value,run,commit,order,machine\n".to_owned();
    for run in 0..40_u32 {
        let noise = 1.0 + f64::from((run * 7_919 + 13) % 101) / 4_000.0;
        let level = if run >= 20 { 1_300.0 } else { 1_000.0 };
        rows += &format!("x,{},r{run},{:040x},{run},ci\n", level * noise, run + 0x00ab_cd00);
    }
    project.write("h.csv", rows);
    project.driftline(&["import", "h.csv"]).expect(0, &["recorded 40 runs"]);
    let known = |until: &str| {
        project.write(
            ".driftline/accepted.toml",
            format!(
                "[[accepted]]\nbenchmark = \"x\"\nreason = \"on purpose\"\nuntil = {until}\n\
                 commit = \"{:040x}\"\n",
                0x00ab_cd14
            ),
        );
        let done = project.driftline(&["changes", "--format", "json"]).expect(0, &[]);
        let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
        json["series"][0]["change_points"][0]["acknowledged"].clone()
    };
    assert_eq!(known("2999-01-01"), "on purpose");
    assert_eq!(known("2020-01-01"), serde_json::Value::Null);
}
