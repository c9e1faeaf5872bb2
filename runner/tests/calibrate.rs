//! `driftline calibrate`: what the history says about the rule, in every format, and how it ends.

mod common;

use std::fmt::Write as _;

use common::Project;

/// A number in −1 … 1 that looks random: the same for the same seed.
fn jitter(seed: u64) -> f64 {
    let mut x = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5bd1_e995;
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    f64::from((x >> 40) as u32) / f64::from(1u32 << 23) - 1.0
}

/// Runs of six benchmarks in three launches each, on a machine of that name: `step` is 40 % slower
/// from run 15 on, `spike` 60 % in run 10 alone, `wild` varies by 15 % from launch to launch.
fn history(runs: u64, machine: &str) -> String {
    let mut text = "benchmark,value,run,round,order,commit,machine\n".to_owned();
    for run in 0..runs {
        let names = ["a/first", "a/second", "b/third", "spike", "step", "wild"];
        for (benchmark, name) in (0u64..).zip(names) {
            let seed = run * 1000 + benchmark * 100;
            let factor = match name {
                "step" if run >= 15 => 1.4,
                "spike" if run == 10 => 1.6,
                _ => 1.0,
            };
            let width = if name == "wild" { 0.15 } else { 0.015 };
            for round in 0..3 {
                let launch = 1000.0 * factor * (1.0 + width * jitter(seed + round));
                for value in 0..6 {
                    let value = launch * (1.0 + 0.01 * jitter(seed + 10 * value + round).abs());
                    let _ = writeln!(
                        text,
                        "{name},{value:.3},{machine}-{run:02},{round},{run},{run:08x},{machine}"
                    );
                }
            }
        }
    }
    text
}

fn project(runs: u64) -> Project {
    let project = Project::new();
    project.write("history.csv", history(runs, "box"));
    project.driftline(&["import", "history.csv"]).expect(0, &[]);
    project
}

#[test]
fn the_table_says_what_fired_what_was_found_and_what_to_set() {
    let done = project(25).driftline(&["calibrate"]).expect(0, &[]);
    assert_eq!(done.stderr, "");
    insta::assert_snapshot!(done.stdout);
}

#[test]
fn json_is_as_the_schema_says() {
    let project = project(25);
    let json = project.driftline(&["calibrate", "--format", "json"]).expect(0, &[]).stdout;
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["format"], "driftline-calibration/1");
    assert_eq!((&json["runs"], &json["replayed"]), (&25.into(), &20.into()));
    assert_eq!(
        (&json["totals"]["lasting"], &json["totals"]["false_alarms"]),
        (&1.into(), &1.into())
    );
    let outcomes: Vec<(&str, &str)> = json["alarms"]
        .as_array()
        .unwrap()
        .iter()
        .map(|alarm| (alarm["run"].as_str().unwrap(), alarm["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(outcomes, [("box-10", "false"), ("box-15", "lasting")]);

    let schema = project.driftline(&["schema", "calibration"]).expect(0, &[]).stdout;
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let problems: Vec<String> = validator.iter_errors(&json).map(|e| e.to_string()).collect();
    assert_eq!(problems, [""; 0]);
    let mut wrong = json.clone();
    wrong["totals"]["lasting"] = "one".into();
    assert!(!validator.is_valid(&wrong), "the schema accepts anything");
}

#[test]
fn options_reach_the_rule() {
    let project = project(25);
    let csv = |arguments: &[&str]| {
        let mut all = vec!["calibrate", "--format", "csv"];
        all.extend(arguments);
        project.driftline(&all).expect(0, &[]).stdout
    };
    let field = |csv: &str, benchmark: &str, column: &str| -> String {
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let at = lines.next().unwrap().iter().position(|title| *title == column).unwrap();
        lines.find(|cells| cells[0] == benchmark).unwrap()[at].to_owned()
    };
    let plain = csv(&[]);
    assert_eq!(plain.lines().count(), 7);
    assert_eq!(field(&plain, "spike", "false_alarms"), "1");
    assert_eq!(field(&csv(&["--threshold", "70%"]), "spike", "false_alarms"), "0");
    let own = csv(&["--threshold-for", "spike=70%"]);
    assert_eq!(field(&own, "spike", "false_alarms"), "0");
    assert_eq!(field(&own, "step", "lasting"), "1");
    assert_eq!(csv(&["--benchmark", "a/*"]).lines().count(), 3);
    let narrow = csv(&["--window", "5"]);
    assert_ne!(
        field(&narrow, "wild", "smallest_detectable"),
        field(&plain, "wild", "smallest_detectable")
    );
    let markdown = project.driftline(&["calibrate", "--format", "markdown"]).expect(0, &[]).stdout;
    assert!(
        markdown.starts_with("### Calibration\n") && markdown.contains("````toml"),
        "{markdown}"
    );
}

#[test]
fn what_is_suggested_can_be_pasted() {
    let project = project(25);
    let text = project.driftline(&["calibrate"]).expect(0, &[]).stdout;
    let (_, toml) = text.split_once("For driftline.toml\n").unwrap();
    project.write("driftline.toml", toml);
    let text = project.driftline(&["calibrate"]).expect(0, &[]).stdout;
    assert!(
        text.contains("The thresholds that are set suit the noise of every benchmark."),
        "{text}"
    );
    assert!(text.contains(": 0 false alarms"), "{text}");
}

#[test]
fn too_few_runs_say_what_to_do() {
    let none = Project::new().driftline(&["calibrate"]);
    none.expect(4, &["holds 0 of the 6 runs", "`driftline run` records one"]);
    project(5).driftline(&["calibrate"]).expect(4, &["holds 5 of the 6 runs"]);
    project(6).driftline(&["calibrate"]).expect(0, &[]);
    let project = project(8);
    project.driftline(&["calibrate", "--benchmark", "nosuch"]).expect(4, &["\"nosuch\""]);
    project.driftline(&["calibrate", "--window", "0"]).expect(2, &["--window"]);
    project.driftline(&["calibrate", "--threshold", "much"]).expect(2, &["\"much\""]);
}

#[test]
fn runs_of_other_machines_are_left_out_and_counted() {
    let project = Project::new();
    project.write("other.csv", history(7, "attic")).write("own.csv", history(9, "box"));
    project.driftline(&["import", "other.csv", "own.csv"]).expect(0, &[]);
    let done = project
        .driftline(&["calibrate", "--format", "json"])
        .expect(0, &["9 runs made like the newest, and 7 that were not"]);
    let json: serde_json::Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(json["runs"], 9);
}
