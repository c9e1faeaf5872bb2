//! `driftline doctor`: what it prints, and that runs carry their conditions.

mod common;

use common::{Project, csv};
use serde_json::Value;

#[test]
fn machines_get_one_object_as_the_schema_says() {
    let project = Project::new();
    project.write("Cargo.toml", "[workspace]\n[profile.bench]\nopt-level = 0\n");
    let done = project.driftline(&["doctor", "--quick", "--format", "json"]).expect(0, &[]);
    let report: Value = serde_json::from_str(&done.stdout).unwrap();
    assert_eq!(report["format"], "driftline-doctor/1");
    assert_eq!(report["quick"], true);
    assert!(report["machine"]["cores"].as_u64().unwrap() > 0);

    let workloads = report["workloads"].as_array().unwrap();
    let names: Vec<&str> = workloads.iter().map(|w| w["workload"].as_str().unwrap()).collect();
    assert_eq!(names, ["compute", "memory", "allocation", "file"]);
    for workload in workloads {
        assert_eq!(workload["launches"], 4, "{workload}");
        assert!(workload["median_ns"].as_f64().unwrap() > 0.0, "{workload}");
        assert!(workload["smallest_change"].as_f64().unwrap() >= 0.0, "{workload}");
    }

    let findings = report["findings"].as_array().unwrap();
    let of = |check: &str| findings.iter().find(|f| f["check"] == check).unwrap();
    assert_eq!(of("build")["severity"], "problem");
    assert_eq!(of("build")["found"], "benches are built with opt-level = 0");
    assert_ne!(of("load")["severity"], "unknown");
    assert_ne!(of("spread")["severity"], "unknown");

    let schema = project.driftline(&["schema", "doctor"]).expect(0, &[]);
    let schema: Value = serde_json::from_str(&schema.stdout).unwrap();
    let errors: Vec<String> = jsonschema::validator_for(&schema)
        .unwrap()
        .iter_errors(&report)
        .map(|error| error.to_string())
        .collect();
    assert_eq!(errors, [""; 0]);
}

#[test]
fn people_get_a_list_without_escapes_on_a_pipe() {
    let project = Project::new();
    let done = project.driftline(&["doctor", "--quick"]).expect(0, &[]);
    assert!(!done.stdout.contains('\u{1b}'), "{done:#?}");
    for text in ["load", "spread", "allocation", "smallest change shown", "4 launches", " ok, "] {
        assert!(done.stdout.contains(text), "{text:?} is missing: {done:#?}");
    }
    // Without a Cargo.toml there is no profile to look at.
    assert!(!done.stdout.contains("opt-level"), "{done:#?}");
}

#[test]
fn a_mistake_in_the_configuration_keeps_it_from_running() {
    let project = Project::new();
    project.write("driftline.toml", "treshold = 1");
    project.driftline(&["doctor", "--quick"]).expect(2, &["treshold"]);
}

/// Elsewhere the load is known only where the system has one.
#[cfg(target_os = "linux")]
#[test]
fn a_run_records_its_conditions() {
    let project = Project::new();
    project.write("fast.csv", csv(&[("a", 100.0)]));
    project.run_csv("fast.csv", &[]).expect(0, &[]);
    let recorded: Value = serde_json::from_str(&project.read(".driftline/history.jsonl")).unwrap();
    assert!(recorded["conditions"]["load"].as_f64().unwrap() >= 0.0, "{recorded}");
}

/// An earlier run on this machine, made busier than any machine is, and calmer than any.
#[cfg(target_os = "linux")]
#[test]
fn a_run_on_a_machine_busier_than_usual_says_so() {
    let project = Project::new();
    project.write("fast.csv", csv(&[("a", 100.0)]));
    for _ in 0..3 {
        project.run_csv("fast.csv", &[]).expect(0, &[]);
    }
    // A machine cannot be calmer than this.
    let calm = |line: &str| {
        let mut run: Value = serde_json::from_str(line).unwrap();
        run["conditions"] = serde_json::json!({"others_cpus": -2.0});
        run.to_string() + "\n"
    };
    let history: String = project.read(".driftline/history.jsonl").lines().map(calm).collect();
    project.write(".driftline/history.jsonl", history);
    // Over less than a fifth of a second nothing is known of others: wait for the clock to go on.
    let now = "$(cut -d. -f1 /proc/uptime)";
    let busy = format!("s={now}; while [ $(({now} - s)) -lt 2 ]; do :; done; cat fast.csv");
    project
        .driftline(&["run", "--command", &busy, "--input-format", "csv"])
        .expect(0, &["processors busy during this run, against -2.00", "driftline doctor"]);
}
