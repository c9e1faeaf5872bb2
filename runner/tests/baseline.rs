//! `driftline baseline …`, and what the program says about itself.

mod common;

use common::{Project, csv};

#[test]
fn save_list_show_remove_document() {
    let project = Project::new();
    project.driftline(&["baseline", "save"]).expect(4, &["holds no run", "--save-baseline"]);
    project.driftline(&["baseline", "list"]).expect(0, &["no baseline is saved"]);
    project.write("a.csv", csv(&[("x", 10.0)])).write("b.csv", csv(&[("x", 20.0)]));
    project.driftline(&["import", "a.csv", "b.csv"]).expect(0, &[]);
    project.driftline(&["baseline", "save"]).expect(0, &["as baseline main", "BASELINES.md"]);
    project.driftline(&["baseline", "save", "v1", "--run", "a.csv"]).expect(0, &[]);
    let list = project.driftline(&["baseline", "list"]).expect(0, &[]).stdout;
    assert_eq!(list.lines().count(), 3, "{list}");

    let show = |arguments: &[&str]| {
        let mut all = vec!["baseline", "show"];
        all.extend(arguments);
        project.driftline(&all).expect(0, &[]).stdout
    };
    assert!(show(&[]).contains("20.3 ns"));
    assert!(show(&["v1"]).contains("10.1 ns"));
    assert!(show(&["v1", "--format", "markdown"]).contains("## v1"));
    assert!(show(&["v1", "--format", "csv"]).starts_with("benchmark,metric,value"));
    let json: serde_json::Value = serde_json::from_str(&show(&["v1", "--format", "json"])).unwrap();
    assert_eq!(json["format"], "driftline-baseline/1");

    let document = project.read(".driftline/BASELINES.md");
    assert!(document.contains("## main") && document.contains("## v1"), "{document}");
    project.driftline(&["baseline", "remove", "v1"]).expect(0, &["removed baseline v1"]);
    assert!(!project.read(".driftline/BASELINES.md").contains("## v1"));
    project.driftline(&["baseline", "remove", "v1"]).expect(2, &["v1", "there is main"]);
    project.driftline(&["baseline", "show", "a/b"]).expect(2, &["may hold only letters"]);
    std::fs::remove_file(project.path(".driftline/BASELINES.md")).unwrap();
    project.driftline(&["baseline", "document"]).expect(0, &["wrote"]);
    assert_eq!(project.read(".driftline/BASELINES.md").matches("## ").count(), 1);
}

#[test]
fn a_damaged_baseline_is_named() {
    let project = Project::new();
    project.write("a.csv", csv(&[("x", 10.0)]));
    project.driftline(&["import", "a.csv"]).expect(0, &[]);
    project.write(".driftline/baselines/main.json", "{\"format\":\"driftline-baseline/1\"");
    project.driftline(&["compare"]).expect(3, &["main.json", "line 1"]);
}

#[test]
fn files_are_as_their_schemas_say() {
    let project = Project::new();
    project.write("a.csv", csv(&[("x", 10.0), ("y", 0.1)]));
    project.driftline(&["import", "a.csv"]).expect(0, &[]);
    project.driftline(&["baseline", "save"]).expect(0, &[]);
    for (name, text) in [
        ("run", project.read(".driftline/history.jsonl")),
        ("baseline", project.read(".driftline/baselines/main.json")),
    ] {
        let schema = project.driftline(&["schema", name]).expect(0, &[]).stdout;
        let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        let problems: Vec<String> =
            validator.iter_errors(&document).map(|e| e.to_string()).collect();
        assert_eq!(problems, [""; 0], "{name}");
        assert!(!validator.is_valid(&serde_json::json!({"format": 1})), "{name} accepts anything");
    }
    let all = project.driftline(&["schema"]).expect(0, &[]).stdout;
    let all: serde_json::Value = serde_json::from_str(&all).unwrap();
    let names: Vec<&String> = all.as_object().unwrap().keys().collect();
    let expected = ["baseline", "calibration", "changes", "comparison", "doctor", "run", "values"];
    assert_eq!(names, expected);
}

#[test]
fn completions_and_manual() {
    let project = Project::new();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = project.driftline(&["completions", shell]).expect(0, &[]).stdout;
        assert!(script.contains("save-baseline"), "{shell}");
    }
    let manual = project.driftline(&["man"]).expect(0, &[]).stdout;
    assert!(manual.contains(".TH driftline 1") && manual.contains("Exit codes"), "{manual}");
    assert!(project.driftline(&["man", "run"]).expect(0, &[]).stdout.contains("quick"));
    project.driftline(&["man", "nosuch"]).expect(2, &["no such command", "compare"]);
}

#[test]
fn a_place_that_cannot_be_used_is_named() {
    let project = Project::new();
    project.driftline(&["-C", "nosuch", "history"]).expect(2, &["nosuch is not a directory"]);
    project.driftline(&["--config", "no.toml", "history"]).expect(2, &["no.toml"]);
    project.write("file", "").write("a.csv", csv(&[("x", 10.0)]));
    project.driftline(&["--store", "file", "import", "a.csv"]).expect(3, &["file"]);
    project.driftline(&["nonsense"]).expect(2, &["nonsense"]);
}
