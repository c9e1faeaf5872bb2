//! The schema of what programs of one's own may write, beside what is read.

mod common;

use common::Project;
use serde_json::json;

#[test]
fn values_are_as_their_schema_says() {
    let project = Project::new();
    let schema = project.driftline(&["schema", "values"]).expect(0, &[]).stdout;
    let schema: serde_json::Value = serde_json::from_str(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let good = json!({"format": "driftline-values/1", "commit": "4be1f9a", "machine": "ci",
        "time": "2026-11-23T04:40:12Z", "run": "r", "benchmarks": [
            {"name": "a", "values": [1.5, 2], "unit": "ms", "iterations": 100},
            {"name": "a", "metric": "allocations", "value": 12, "unit": "", "better": "higher"}]});
    assert!(validator.is_valid(&good), "{:?}", validator.validate(&good));
    project.write("good.json", good.to_string());
    project.driftline(&["import", "good.json"]).expect(0, &["1 run with 2 measurements"]);

    let wrong = |path: &str, value: serde_json::Value| {
        let mut wrong = good.clone();
        *wrong.pointer_mut(path).unwrap() = value;
        assert!(!validator.is_valid(&wrong), "{path}");
        project.write("wrong.json", wrong.to_string());
        let done = project.driftline(&["import", "wrong.json"]);
        assert!(done.code != 0 || done.stderr.contains("skipped a: "), "{path}: {done:#?}");
    };
    wrong("/format", json!("driftline-values/9"));
    wrong("/time", json!(5));
    wrong("/benchmarks", json!({}));
    wrong("/benchmarks/0/values", json!(["1"]));
    wrong("/benchmarks/0/iterations", json!(0));
    wrong("/benchmarks/1/better", json!("up"));
    wrong("/benchmarks/1/value", json!(null));
    wrong("/benchmarks/1", json!({"name": "a"}));
    wrong("/benchmarks/1", json!({"name": "a", "value": 1, "values": [1]}));
}
