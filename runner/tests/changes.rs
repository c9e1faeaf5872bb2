//! `driftline changes`, and a series that `driftline history` draws.

mod common;

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
    assert!(text.contains("1 benchmark worse, median +20.0 %") && text.contains("slow"), "{text}");
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
    project.write("driftline.toml", key("abc"));
    project.driftline(&["changes"]).expect(2, &["at least four characters"]);
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
