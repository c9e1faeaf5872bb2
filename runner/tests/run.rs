//! `driftline run`: recording, comparing, saving, and what fails on the way.

mod common;

use common::{Project, csv};

fn project() -> Project {
    let project = Project::new();
    project.write("fast.csv", csv(&[("a/one", 100.0), ("a/two", 2000.0)]));
    project.write("slow.csv", csv(&[("a/one", 200.0), ("a/two", 2000.0)]));
    project
}

fn lines(project: &Project) -> usize {
    project.read(".driftline/history.jsonl").lines().count()
}

#[test]
fn the_first_run_becomes_the_baseline_and_the_second_is_compared_with_it() {
    let project = project();
    let arguments = ["--compare", "--init-baseline"];
    let first = project
        .run_csv("fast.csv", &arguments)
        .expect(0, &["recorded run", "as baseline main", "the next run is compared with this one"]);
    assert!(first.stdout.contains("a/one") && first.stdout.contains("median"), "{first:#?}");
    let document = project.read(".driftline/BASELINES.md");
    assert!(
        document.contains("| a/two | wall_time |") && document.contains("2.03 µs"),
        "{document}"
    );
    let saved = project.read(".driftline/baselines/main.json");

    let second = project.run_csv("slow.csv", &arguments).expect(0, &["recorded run"]);
    assert!(second.stdout.contains("▲  a/one"), "{second:#?}");
    assert!(second.stdout.contains("2 compared: 1 regressed"), "{second:#?}");
    assert_eq!(lines(&project), 2);
    assert_eq!(project.read(".driftline/baselines/main.json"), saved, "it was there already");
}

#[test]
fn what_was_decided_is_recorded_with_the_run() {
    let project = project();
    project.write(
        "driftline.toml",
        "threshold = \"30%\"\n[[benchmark]]\nmatch = \"a/t*\"\nthreshold = 0.5\n",
    );
    project.run_csv("fast.csv", &["--save-baseline"]).expect(0, &[]);
    project.run_csv("slow.csv", &["--ci"]).expect(1, &[]);
    let text = project.read(".driftline/history.jsonl");
    let runs: Vec<serde_json::Value> =
        text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(runs[0].get("judgement"), None, "it was compared with nothing");
    let judgement = &runs[1]["judgement"];
    assert_eq!(judgement["core"], env!("CARGO_PKG_VERSION"));
    assert_eq!(judgement["baseline"], "main");
    assert_eq!(judgement["runs"], serde_json::json!([runs[0]["id"]]));
    assert_eq!(judgement["history"], serde_json::json!([runs[0]["id"]]));
    assert_eq!(
        judgement["policy"],
        serde_json::json!({"threshold": 0.3, "confidence": 0.99, "fdr": 0.01,
            "common_mode": "report", "benchmark": [{"match": "a/t*", "threshold": 0.5}]})
    );
    let verdicts: Vec<(&str, &str)> = judgement["verdicts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (row["id"].as_str().unwrap(), row["verdict"].as_str().unwrap()))
        .collect();
    assert_eq!(verdicts, [("a/one", "regressed"), ("a/two", "unchanged")]);
    assert!(judgement["verdicts"][0]["change"].as_f64().unwrap() > 0.9);
    // The line is as the schema says.
    let schema = project.driftline(&["schema", "run"]).expect(0, &[]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    assert!(validator.is_valid(&runs[1]), "{:?}", validator.validate(&runs[1]));
    let mut wrong = runs[1].clone();
    wrong["judgement"]["verdicts"] = serde_json::json!("none");
    assert!(!validator.is_valid(&wrong), "the schema accepts anything");
}

#[test]
fn a_run_that_cannot_be_compared_is_recorded_all_the_same() {
    let project = project();
    project.run_csv("fast.csv", &["--save-baseline"]).expect(0, &[]);
    // The baseline is damaged while the benchmarks run, after it was found to be fine.
    let script = "cat fast.csv; echo damaged > .driftline/baselines/main.json";
    project
        .driftline(&["run", "--compare", "--command", script, "--input-format", "csv"])
        .expect(3, &["recorded run", "main.json"]);
    assert_eq!(lines(&project), 2);
    assert!(!project.read(".driftline/history.jsonl").contains("judgement"));
}

#[test]
fn ci_fails_on_a_regression_and_leaves_the_baseline_as_it_was() {
    let project = project();
    project.run_csv("fast.csv", &["--save-baseline"]).expect(0, &[]);
    let saved = project.read(".driftline/baselines/main.json");
    project.run_csv("fast.csv", &["--ci"]).expect(0, &[]);
    let all = ["--compare", "--save-baseline", "--ci", "--history"];
    let done = project
        .run_csv("slow.csv", &all)
        .expect(1, &["baseline main is not saved: something regressed"]);
    assert!(done.stdout.contains("regressed") && done.stdout.contains("▁▁█"), "{done:#?}");
    assert_eq!(project.read(".driftline/baselines/main.json"), saved);
    assert_eq!(lines(&project), 3, "a run that regressed is recorded all the same");

    project.run_csv("slow.csv", &["--compare", "--save-baseline"]).expect(0, &["as baseline"]);
    assert_ne!(project.read(".driftline/baselines/main.json"), saved);
    project.run_csv("slow.csv", &["--ci"]).expect(0, &[]);
}

#[test]
fn without_a_baseline_nothing_is_compared_and_that_has_its_own_code() {
    let project = project();
    project.run_csv("fast.csv", &[]).expect(0, &[]);
    let project = self::project();
    let done = project.run_csv("fast.csv", &["--compare"]).expect(4, &["no baseline is saved"]);
    assert!(done.stdout.contains("a/one"), "the figures are shown: {done:#?}");
    assert_eq!(lines(&project), 1);
    // Now there is a history to compare with.
    project.run_csv("slow.csv", &["--compare", "--ci"]).expect(1, &[]);
    project.run_csv("slow.csv", &["--compare", "history"]).expect(0, &[]);
}

#[test]
fn what_is_wrong_is_found_before_anything_is_measured() {
    let project = project();
    let marker = "touch ran && cat fast.csv";
    let run = |more: &[&str]| {
        let mut all = vec!["run", "--command", marker, "--input-format", "csv"];
        all.extend(more);
        let done = project.driftline(&all);
        assert!(!project.path("ran").exists(), "{more:?} was measured");
        done
    };
    run(&["--compare", "nosuch"]).expect(2, &["nosuch", "none is saved yet"]);
    run(&["--save-baseline", "../up"]).expect(2, &["baseline name \"../up\" may hold only"]);
    run(&["--filter", "("]).expect(2, &["--filter \"(\"", "regular expression"]);
    run(&["--threshold", "much"]).expect(2, &["\"much\" is not a threshold", "20%"]);
    run(&["--threshold-for", "x"]).expect(2, &["expected PATTERN=PERCENT"]);
    run(&["--confidence", "100%"]).expect(2, &["\"100%\" is not a confidence"]);
    run(&["--keep", "0"]).expect(2, &["--keep must be at least 1"]);
    run(&["--save-baseline", "--init-baseline"]).expect(2, &["cannot be used"]);
    run(&["--suite", "x"]).expect(2, &["--suite", "cannot be used"]);
    run(&["--features", "x"]).expect(2, &["--features", "cannot be used"]);
    run(&["--threshold", "20"]).expect(2, &["\"20\" is not a threshold", "\"20%\""]);
    run(&["--save-baseline", "history"]).expect(2, &["stands for the recorded runs"]);
    project.write("file", "");
    run(&["--store", "file/inside"]).expect(3, &["file/inside"]);
    project.write(".driftline/baselines/main.json", "{");
    run(&["--ci"]).expect(3, &["main.json"]);
    std::fs::remove_dir_all(project.path(".driftline")).unwrap();
    project
        .driftline(&["run", "--command", "x", "--input-format", "nose"])
        .expect(2, &["unknown format \"nose\"", "pytest-benchmark"]);
    project.driftline(&["run", "--suite", "x"]).expect(2, &["suite \"x\""]);
    project.write("driftline.toml", "treshold = 1");
    project.driftline(&["run"]).expect(2, &["driftline.toml", "line 1", "treshold"]);
}

#[test]
fn a_command_that_fails_keeps_what_it_measured() {
    let project = project();
    let run = |command: &str, more: &[&str]| {
        let mut all = vec!["run", "--command", command, "--input-format", "csv"];
        all.extend(more);
        project.driftline(&all)
    };
    let done = run("cat fast.csv; echo oh no >&2; exit 3", &[])
        .expect(5, &["ended with exit status 3", "oh no", "recorded run"]);
    assert!(done.stdout.contains("a/one") && done.stdout.contains("skipped command"), "{done:#?}");
    assert_eq!(lines(&project), 1);
    run("exit 3", &[]).expect(5, &["every benchmark failed"]);
    run("echo garbage", &[]).expect(5, &["benchmark", "line 1"]);
    run("true", &[]).expect(5, &["it printed nothing"]);
    run("touch {output}", &[]).expect(5, &["empty file"]);
    run("sleep 60", &["--timeout", "1"]).expect(5, &["took longer than 1 s"]);
    assert_eq!(lines(&project), 1, "nothing was measured, so nothing is recorded");
    run("printf 'benchmark,value\\n'", &[]).expect(4, &["no benchmark was run"]);
    run("cat fast.csv", &["--filter", "nosuch"])
        .expect(4, &["--filter \"nosuch\" matches none of 2", "there are: a/one, a/two"]);
}

#[test]
fn suites_of_the_configuration_run_together_and_alone() {
    let project = project();
    project.write("b.csv", csv(&[("b/x", 5.0)])).write(
        "driftline.toml",
        r#"
        [[suite]]
        name = "first"
        command = "cat fast.csv"
        format = "csv"
        [[suite]]
        name = "second"
        command = "cp b.csv {output}"
        format = "csv"
        [[benchmark]]
        match = "a/*"
        threshold = "150%"
        "#,
    );
    let both = project.driftline(&["run", "--save-baseline"]).expect(0, &[]);
    assert!(both.stdout.contains("a/one") && both.stdout.contains("b/x"), "{both:#?}");
    let one = project.driftline(&["run", "--suite", "second", "--compare"]).expect(0, &[]);
    assert!(one.stdout.contains("1 compared") && one.stdout.contains("0 gone"), "{one:#?}");
    // 100 % slower, within the benchmark's own threshold.
    project.write("fast.csv", project.read("slow.csv"));
    project.driftline(&["run", "--ci"]).expect(0, &[]);
    project.driftline(&["run", "--ci", "--threshold-for", "a/one=50%"]).expect(1, &[]);
    project.driftline(&["run", "--suite", "third"]).expect(2, &["first, second"]);
}

#[test]
fn what_was_not_selected_is_not_gone() {
    let project = project();
    project.run_csv("fast.csv", &["--save-baseline"]).expect(0, &[]);
    let done = project
        .run_csv("fast.csv", &["--filter", "one$", "--compare", "--format", "json"])
        .expect(0, &["1 benchmarks of main were not selected"]);
    let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!((&json["summary"]["compared"], &json["summary"]["gone"]), (&1.into(), &0.into()));
}

#[test]
fn a_run_that_says_less_does_not_replace_the_baseline() {
    let project = project();
    // Part of the benchmarks, or a failure, makes no first baseline.
    project
        .run_csv("fast.csv", &["--filter", "one$", "--init-baseline"])
        .expect(0, &["main is not saved: this run measured only a selection"]);
    let failing = ["run", "--command", "cat fast.csv; exit 1", "--input-format", "csv"];
    project
        .driftline(&[&failing[..], &["--init-baseline"]].concat())
        .expect(5, &["main is not saved: 1 benchmarks failed"]);
    project.run_csv("fast.csv", &["--init-baseline"]).expect(0, &["as baseline main"]);
    let saved = project.read(".driftline/baselines/main.json");
    project
        .run_csv("fast.csv", &["--filter", "one$", "--save-baseline"])
        .expect(0, &["1 benchmarks of the saved one would be lost"]);
    project.driftline(&[&failing[..], &["--save-baseline"]].concat()).expect(5, &["not saved"]);
    assert_eq!(project.read(".driftline/baselines/main.json"), saved);
    // Under a name of its own it may be saved.
    project
        .run_csv("fast.csv", &["--filter", "one$", "--save-baseline", "one"])
        .expect(0, &["as baseline one"]);
}

#[test]
fn a_named_first_baseline_is_what_the_next_run_is_compared_with() {
    let project = project();
    let arguments = ["--compare", "--init-baseline", "mine"];
    project.run_csv("fast.csv", &arguments).expect(0, &["as baseline mine"]);
    let done = project.run_csv("slow.csv", &arguments).expect(0, &[]);
    assert!(done.stdout.contains("mine → ") && done.stdout.contains("1 regressed"), "{done:#?}");
}

#[test]
fn machine_readable_output_stays_so_beside_the_history() {
    let project = project();
    let done = project.run_csv("fast.csv", &["--history", "--format", "json"]);
    let done = done.expect(0, &["newest", "1 run: "]);
    assert!(serde_json::from_str::<serde_json::Value>(&done.stdout).is_ok(), "{done:#?}");
}

#[test]
fn why_nothing_was_run_is_said() {
    let project = project();
    project.write("no.csv", "benchmark,value\nx,-5\n");
    project.run_csv("no.csv", &[]).expect(4, &["no benchmark was run", "skipped x", "negative"]);
}

#[test]
fn no_record_leaves_nothing_behind() {
    let project = project();
    let done = project.run_csv("fast.csv", &["--no-record", "--history"]).expect(0, &[]);
    assert!(done.stdout.contains("1 run: "), "{done:#?}");
    assert!(!project.path(".driftline/history.jsonl").exists());
}

#[test]
fn old_runs_and_old_samples_go() {
    let project = project();
    for _ in 0..5 {
        project.run_csv("fast.csv", &["--keep", "3", "--samples", "1"]).expect(0, &[]);
    }
    let history = project.read(".driftline/history.jsonl");
    assert_eq!(history.lines().count(), 3);
    let with_samples: Vec<bool> = history.lines().map(|l| l.contains("\"sample\"")).collect();
    assert_eq!(with_samples, [false, false, true]);
}

#[test]
fn a_run_carries_where_it_comes_from() {
    let project = project();
    let git = |arguments: &[&str]| {
        let done = std::process::Command::new("git")
            .args(["-c", "user.name=A", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .current_dir(project.path("."))
            .output()
            .unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "-q", "-b", "trunk"]);
    git(&["add", "."]);
    git(&["commit", "-q", "-m", "make it fast"]);
    let done = project.run_csv("fast.csv", &["--format", "json"]).expect(0, &[]);
    let run: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(run["format"], "driftline-run/1");
    assert_eq!(run["commit"]["subject"], "make it fast");
    assert_eq!((&run["commit"]["branch"], &run["commit"]["order"]), (&"trunk".into(), &1.into()));
    assert_eq!(run["commit"]["dirty"], serde_json::Value::Null, "left out when clean");
    assert!(run["machine"]["cores"].as_u64().unwrap() > 0);
    project.write("fast.csv", csv(&[("a/one", 1.0)]));
    let done = project.run_csv("fast.csv", &["--format", "json"]).expect(0, &[]);
    let run: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(run["commit"]["dirty"], true);
}

/// Ctrl-C: the children end, what was measured is offered, nothing is recorded.
#[cfg(unix)]
#[test]
fn an_interrupt_records_nothing_and_offers_what_was_measured() {
    use std::io::{BufRead as _, BufReader};
    use std::process::Stdio;

    let project = project();
    project.write(
        "driftline.toml",
        "[[suite]]\nname = \"a\"\ncommand = \"cat fast.csv\"\nformat = \"csv\"\n\
         [[suite]]\nname = \"b\"\ncommand = \"echo $$ > child; echo started >&2; exec sleep 600\"\n\
         format = \"csv\"\n",
    );
    let mut child = Project::command(&project.path("."), &["run", "--verbose"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut errors = BufReader::new(child.stderr.take().unwrap());
    let mut line = String::new();
    while !line.contains("started\n") || line.contains("echo") {
        line.clear();
        assert!(errors.read_line(&mut line).unwrap() > 0, "it ended by itself");
    }
    let interrupt = |id: &str| std::process::Command::new("kill").args(["-INT", id]).status();
    assert!(interrupt(&child.id().to_string()).unwrap().success());
    let mut rest = String::new();
    std::io::Read::read_to_string(&mut errors, &mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130), "{rest}");
    assert!(rest.contains("nothing was recorded") && rest.contains("interrupted.json"), "{rest}");
    assert!(!project.path(".driftline/history.jsonl").exists());
    let sleeping = project.read("child");
    let alive = std::process::Command::new("kill").args(["-0", sleeping.trim()]).output().unwrap();
    assert!(!alive.status.success(), "the child is still running");
    project.driftline(&["import", ".driftline/interrupted.json"]).expect(0, &["recorded 1 run"]);
    assert_eq!(lines(&project), 1);
}
