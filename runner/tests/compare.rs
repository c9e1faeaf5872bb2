//! `driftline compare`: what a side may be, what is printed, and how it ends.

mod common;

use common::{Project, csv};

fn project() -> Project {
    let project = Project::new();
    project.write("before.csv", csv(&[("same", 50.0), ("slow", 1200.0)]));
    project.write("after.csv", csv(&[("same", 50.0), ("slow", 1800.0)]));
    project
}

#[test]
fn two_files_need_no_history() {
    let project = project();
    let done = project.driftline(&["compare", "before.csv", "after.csv"]).expect(0, &[]);
    insta::assert_snapshot!(done.stdout, @r"
       benchmark  baseline  candidate   change  interval           noise  rounds  verdict
    ▲  slow        1.20 µs    1.80 µs  +50.0 %  [+32.1, +70.4] %  ±2.6 %  1 → 1   regressed
    =  same        50.0 ns    50.0 ns    0.0 %  [−11.9, +13.6] %  ±2.6 %  1 → 1   unchanged

    ▲ slow: +50.0 % exceeds the threshold of 20 %; noise explains it in about 1 in 2,000 cases (corrected for 2 benchmarks: about 1 in 1,000 cases), and the 99 % interval is [+32.1, +70.4] %

    2 compared: 1 regressed, 0 improved, 1 unchanged, 0 inconclusive; 0 new, 0 gone, 0 skipped
    before.csv → after.csv; 99 % intervals; threshold 20 % unless configured; false-discovery rate 1 %
    ");
    assert_eq!(done.stderr, "");
    project.driftline(&["compare", "before.csv", "after.csv", "--ci"]).expect(1, &[]);
    project
        .driftline(&["compare", "before.csv", "after.csv", "--ci", "--threshold", "60%"])
        .expect(0, &[]);
    assert!(!project.path(".driftline").exists(), "reading writes nothing");
}

#[test]
fn every_format_says_the_same() {
    let project = project();
    let compare = |format: &str| {
        let all = ["compare", "before.csv", "after.csv", "--format", format];
        project.driftline(&all).expect(0, &[]).stdout
    };
    let json: serde_json::Value = serde_json::from_str(&compare("json")).unwrap();
    assert_eq!(json["format"], "driftline-comparison/1");
    assert_eq!(json["summary"]["regressed"], 1);
    let schema = project.driftline(&["schema", "comparison"]).expect(0, &[]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let problems: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
    assert_eq!(problems, [""; 0]);
    let mut wrong = json.clone();
    wrong["summary"]["regressed"] = "one".into();
    assert!(!validator.is_valid(&wrong), "the schema accepts anything");

    let junit = compare("junit");
    assert!(
        junit.contains("tests=\"2\" failures=\"1\"") && junit.contains("name=\"slow\""),
        "{junit}"
    );
    assert!(compare("markdown").starts_with("### ▲ 1 benchmark regressed\n"));
    let csv = compare("csv");
    assert_eq!(csv.lines().count(), 3);
    assert!(csv.lines().nth(1).unwrap().starts_with("slow,wall_time,ns,lower,"), "{csv}");
}

#[test]
fn a_side_is_a_baseline_a_run_a_commit_or_the_history() {
    let project = project();
    let mut rows = "benchmark,value,run,commit,order\n".to_owned();
    for (run, commit, order, centre) in
        [("r1", "aaaa1111", 1, 100.0), ("r2", "bbbb2222", 2, 101.0), ("r3", "cccc3333", 3, 180.0)]
    {
        for i in 0..20 {
            rows += &format!("x,{},{run},{commit},{order}\n", centre + f64::from(i) / 10.0);
        }
    }
    project.write("runs.csv", rows);
    project.driftline(&["import", "runs.csv"]).expect(0, &["recorded 3 runs"]);
    let sides = |arguments: &[&str]| {
        let mut all = vec!["compare", "--format", "json"];
        all.extend(arguments);
        let json = project.driftline(&all).expect(0, &[]).stdout;
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        format!("{} → {}", json["baseline"]["runs"], json["candidate"]["runs"])
    };
    assert_eq!(sides(&[]), r#"["r1","r2"] → ["r3"]"#);
    assert_eq!(sides(&["history", "r2"]), r#"["r1"] → ["r2"]"#);
    assert_eq!(sides(&["r1", "cccc"]), r#"["r1"] → ["r3"]"#);
    project.driftline(&["baseline", "save", "--run", "bbbb2222"]).expect(0, &[]);
    assert_eq!(sides(&[]), r#"["r2"] → ["r3"]"#);
    assert_eq!(sides(&["main", "r1"]), r#"["r2"] → ["r1"]"#);

    project.driftline(&["compare", "r"]).expect(2, &["3 runs start so", "r1 and r2"]);
    project.driftline(&["compare", "history", "r1"]).expect(4, &["no earlier run"]);
    project
        .driftline(&["compare", "nosuch"])
        .expect(2, &["no file, baseline, run, commit", "saved baselines: main", "holds 3 runs"]);
}

#[test]
fn the_run_recorded_last_is_the_candidate_whatever_its_commit() {
    let project = Project::new();
    let rows = |run: &str, order: u32| {
        let row = |i| format!("x,{},{run},{run}{run},{order}\n", 100 + i);
        "benchmark,value,run,commit,order\n".to_owned() + &(0..9).map(row).collect::<String>()
    };
    project.write("new.csv", rows("new3", 3)).write("old.csv", rows("old1", 1));
    project.driftline(&["import", "new.csv"]).expect(0, &[]);
    project.driftline(&["import", "old.csv"]).expect(0, &[]);
    project.driftline(&["baseline", "save"]).expect(0, &["saved run old1"]);
    let done = project.driftline(&["compare"]).expect(0, &[]);
    assert!(done.stdout.contains("main → old1"), "{done:#?}");
    project.driftline(&["compare", "history"]).expect(4, &["no earlier run"]);
}

#[test]
fn a_file_does_not_hide_a_baseline() {
    let project = project();
    project.driftline(&["import", "before.csv"]).expect(0, &[]);
    project.driftline(&["baseline", "save"]).expect(0, &[]);
    project.write("main", "not a benchmark file");
    project.driftline(&["compare", "main", "after.csv"]).expect(0, &[]);
    project.driftline(&["compare", "./main", "after.csv"]).expect(3, &["no known format"]);
}

#[test]
fn csv_output_says_the_warnings_beside_it() {
    let project = Project::new();
    let rows = |machine: &str| {
        let row = |i| format!("x,{},{machine}\n", 100 + i);
        "benchmark,value,machine\n".to_owned() + &(0..9).map(row).collect::<String>()
    };
    project.write("a.csv", rows("ci-1")).write("b.csv", rows("ci-2"));
    for format in ["text", "markdown", "json", "csv"] {
        let done = project.driftline(&["compare", "a.csv", "b.csv", "--format", format]);
        let all = done.stdout + &done.stderr;
        assert!(all.contains("another machine"), "{format}: {all}");
    }
}

#[test]
fn a_handful_of_values_proves_nothing() {
    let project = Project::new();
    project.write("a.csv", "benchmark,value\nx,100\nx,101\n");
    project.write("b.csv", "benchmark,value\nx,125\nx,126\n");
    let done = project.driftline(&["compare", "a.csv", "b.csv", "--ci"]).expect(0, &[]);
    assert!(done.stdout.contains("1 inconclusive"), "{done:#?}");
    assert!(done.stdout.contains("smallest change for the worse that these data"), "{done:#?}");
}

#[test]
fn an_explanation_shows_what_a_verdict_rests_on() {
    let project = project();
    let compare = |more: &[&str]| {
        project.driftline(&[&["compare", "before.csv", "after.csv"], more].concat())
    };
    let all = compare(&["--explain"]).expect(0, &[]).stdout;
    assert!(all.contains("▲ slow: regressed\n  +50.0 % exceeds"), "{all}");
    assert!(all.contains("= same: unchanged\n  0.0 % is within"), "{all}");
    for figure in ["low of each round", "after correction over 2", "candidate 1 run, 1 round, 30"] {
        assert_eq!(all.matches(figure).count(), 2, "{figure}: {all}");
    }
    let one = compare(&["--explain=s?ow"]).expect(0, &[]).stdout;
    assert_eq!(one.matches("Benjamini–Hochberg").count(), 1, "{one}");
    let markdown = compare(&["--explain=slow", "--format", "markdown"]).expect(0, &[]).stdout;
    assert!(markdown.contains("<details open><summary>▲ slow: regressed, +50.0 %"), "{markdown}");
    compare(&["--explain=nosuch*"]).expect(0, &["no benchmark matches \"nosuch*\""]);
    for format in ["json", "csv", "junit"] {
        compare(&["--explain", "--format", format]).expect(2, &["--format text or markdown"]);
    }
    project.driftline(&["run", "--explain"]).expect(2, &["add --compare"]);
}

#[test]
fn bad_files_are_named_with_the_place() {
    let project = project();
    let compare = |file: &str, bytes: &[u8]| {
        project.write(file, bytes);
        project.driftline(&["compare", "before.csv", file])
    };
    compare("empty.json", b"").expect(3, &["empty.json is empty"]);
    compare("cut.json", br#"{"benchmarks":["#).expect(3, &["cut.json, line 1"]);
    compare("other.json", br#"{"a":1}"#).expect(3, &["no known format", "pytest-benchmark"]);
    compare("newer.jsonl", br#"{"format":"driftline-run/9","id":"x"}"#)
        .expect(3, &["newer.jsonl", "driftline-run/9", "update driftline"]);
    compare("bad.csv", b"benchmark,value\nslow,ten\n").expect(3, &["bad.csv, line 2"]);
    compare("header.csv", b"benchmark,value\n").expect(4, &["header.csv", "holds no run"]);
    compare("bytes.csv", b"benchmark,value\n\xff,1\n").expect(3, &["bytes.csv, line 2", "UTF-8"]);
    let done = compare("nothing.csv", b"benchmark,value\nother,1\n").expect(4, &[]);
    assert!(done.stdout.contains("0 compared"), "{done:#?}");
}

#[test]
fn an_empty_history_says_what_to_do() {
    let project = Project::new();
    project.driftline(&["compare"]).expect(4, &["holds no run", "driftline run"]);
    project.driftline(&["history"]).expect(4, &["holds no run", "driftline import"]);
}

#[test]
fn a_reader_that_stops_reading_is_no_error() {
    let project = project();
    let mut child = Project::command(&project.path("."), &["compare", "before.csv", "after.csv"])
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn a_history_of_other_machines_alone_is_said_to_be_one() {
    let project = Project::new();
    let mut rows = "benchmark,value,run,commit,order,machine\n".to_owned();
    for (order, machine) in ["first", "first", "second"].into_iter().enumerate() {
        for i in 0..20 {
            let value = 100.0 + f64::from(i) / 100.0;
            rows += &format!("x,{value},r{order},{order:040x},{order},{machine}\n");
        }
    }
    project.write("h.csv", rows).write("x.csv", csv(&[("x", 100.0)]));
    project.driftline(&["import", "h.csv"]).expect(0, &["recorded 3 runs"]);
    let said = [
        "runs of other machines alone: 2 runs of first, 1 run of second; this one is of ",
        "measure what it is to be held against on this machine too",
        "--allow-different-machine judges across machines",
    ];
    project.run_csv("x.csv", &["--compare"]).expect(4, &said);
    project.driftline(&["compare"]).expect(4, &said);
    project.driftline(&["ci"]).expect(4, &said[..2]);
    assert!(project.read("driftline-report/comment.md").contains("2 runs of first"));
    // Of the same machine there is none yet that was made alike.
    project.driftline(&["compare", "r0", "r1"]).expect(0, &[]);
}

#[test]
fn files_of_different_formats_are_compared_also_from_standard_input() {
    let project = Project::new();
    let data =
        |name: &str| format!("{}/../core/tests/data/formats/{name}", env!("CARGO_MANIFEST_DIR"));
    // One benchmark, as four harnesses write it: 1 ms, then 2 ms.
    project
        .write("a.csv", "benchmark,value,unit\nx,1,ms\nx,1.01,ms\nx,1.02,ms\n")
        .write("b.txt", "\nrunning 1 test\ntest x ... bench:   2,000,000.50 ns/iter (+/- 10)\n\ntest result: ok. 0 passed; 0 failed; 0 ignored; 1 measured\n")
        .write("c.json", r#"{"x": {"latency": {"value": 1000000}}}"#)
        .write("d.txt", "test x ... bench:   2,000,000 ns/iter (+/- 3)\n");
    for (before, after) in [("a.csv", "d.txt"), ("a.csv", "b.txt"), ("c.json", "d.txt")] {
        let arguments = ["compare", before, after, "--format", "csv"];
        let direct = project.driftline(&arguments);
        let bytes = project.read(before);
        let (piped, _) = project
            .driftline_reading(bytes.as_bytes(), &["compare", "-", after, "--format", "csv"]);
        assert_eq!((direct.code, piped.code), (0, 0), "{before} {after}: {direct:#?} {piped:#?}");
        assert_eq!(piped.stdout, direct.stdout, "{before} {after}");
        assert!(!direct.stdout.is_empty());
    }
    let gungraun = data("gungraun/c.output-format-json.second-run.jsonl");
    let bytes = std::fs::read(data("gungraun/c.output-format-json.first-run.jsonl")).unwrap();
    let (done, _) = project.driftline_reading(&bytes, &["compare", "-", &gungraun]);
    let done = done.expect(0, &[]);
    assert!(done.stdout.contains("0 regressed"), "{done:#?}");
}

#[test]
fn what_cannot_be_compared_names_the_file_and_the_remedy() {
    let project = Project::new();
    project.write("cut.json", r#"{"machine_info": {}, "benchmarks": [{"fullname""#);
    project.write("people.txt", "  Time (mean ± σ):     1.0 ms ±  0.1 ms\n");
    project.write("good.csv", "benchmark,value\nx,1\n").write("empty.csv", "");
    let against = |file: &str, code, said: &[&str]| {
        project.driftline(&["compare", "good.csv", file]).expect(code, said);
    };
    against("cut.json", 3, &["cut.json, line 1", "the file is cut off: let the harness write it"]);
    against("people.txt", 3, &["people.txt", "give the file of --export-json"]);
    against("empty.csv", 3, &["empty.csv is empty: let the harness write it again"]);
    against("nosuch.csv", 2, &["\"nosuch.csv\"", "it is no file, baseline, run"]);
    let (done, _) = project.driftline_reading(b"hello", &["compare", "good.csv", "-"]);
    done.expect(3, &["standard input is of no known format"]);
    project.driftline(&["compare", "-", "-"]).expect(2, &["standard input can be read once"]);
}
