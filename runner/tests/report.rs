//! `driftline report`: the page with the history in one file.
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers as well")]

mod common;

use std::io::Read as _;

use base64::Engine as _;
use common::{Project, csv};
use flate2::read::GzDecoder;
use serde_json::Value;

const TEMPLATE: &str = "<!doctype html><body><script type=\"application/json\" \
                        id=\"driftline-data\"></script><script>show()</script></body>";

fn project() -> Project {
    let project = Project::new();
    project.write("page/index.html", "<!doctype html>").write("page/report.html", TEMPLATE);
    project.write("fast.csv", csv(&[("a/one", 100.0)]));
    project
}

/// The data in a report, and the report without them.
fn data(html: &str) -> (Value, String) {
    let open = "<script type=\"application/json\" id=\"driftline-data\">";
    let (before, rest) = html.split_once(open).unwrap();
    let (data, after) = rest.split_once("</script>").unwrap();
    (serde_json::from_str(data).unwrap(), format!("{before}{open}</script>{after}"))
}

#[test]
fn a_report_holds_the_history_the_baselines_and_the_settings() {
    let project = project();
    // What is in the configuration cannot end the block in which it stands.
    let hostile = "</script><script>alert(1)</script>";
    project.write(
        "driftline.toml",
        format!(
            "threshold = \"30%\"\n[history]\nwindow = 7\ndefault_branch = \"trunk\"\n\
             [[acknowledged]]\ncommit = \"abcdef\"\nreason = \"{hostile}\"\n"
        ),
    );
    project.run_csv("fast.csv", &["--save-baseline"]).expect(0, &[]);
    project
        .driftline(&["report", "--html", "out.html", "--page", "page", "--fdr", "5%"])
        .expect(0, &["wrote [project]/out.html: 1 runs"]);
    let (data, around) = data(&project.read("out.html"));
    assert_eq!(around, TEMPLATE);
    let settings = &data["settings"];
    assert_eq!((&settings["window"], &settings["default_branch"]), (&7.into(), &"trunk".into()));
    assert_eq!(settings["acknowledged"][0]["reason"], hostile);
    assert_eq!(
        (&settings["policy"]["threshold"], &settings["policy"]["fdr"]),
        (&0.3.into(), &0.05.into())
    );
    let files = data["files"].as_array().unwrap();
    let names: Vec<&str> = files.iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["history.jsonl", "baselines/main.json"]);
    for file in files {
        let name = file["name"].as_str().unwrap();
        let decoded =
            base64::engine::general_purpose::STANDARD.decode(file["base64"].as_str().unwrap());
        let mut text = String::new();
        GzDecoder::new(decoded.unwrap().as_slice()).read_to_string(&mut text).unwrap();
        assert_eq!(text, project.read(&format!(".driftline/{name}")));
    }
}

/// A note on a run, as the page exports it.
fn notes(text: &str) -> String {
    serde_json::json!({
        "format": "driftline-annotations/1",
        "annotations": [{"benchmark": "", "metric": "", "run": "r1", "text": text, "time": ""}],
    })
    .to_string()
}

#[test]
fn a_report_holds_the_notes_that_lie_beside_the_history() {
    let project = project();
    project.run_csv("fast.csv", &[]).expect(0, &[]);
    let report = ["report", "--html", "out.html", "--page", "page"];
    let of = |project: &Project, arguments: &[&str]| {
        let done = project.driftline(arguments).expect(0, &[]);
        (data(&project.read("out.html")).0["annotations"].clone(), done)
    };
    assert_eq!(of(&project, &report).0, Value::Null);
    let hostile = "</script><script>alert(1)</script>";
    project.write(".driftline/annotations.json", notes(hostile));
    let (found, _) = of(&project, &report);
    assert_eq!(found, serde_json::from_str::<Value>(&notes(hostile)).unwrap());
    // A store of its own has its own, and none is shown twice.
    project.write("store/history.jsonl", project.read(".driftline/history.jsonl"));
    project.write("store/annotations.json", notes(hostile));
    let elsewhere = [&["--store", "store"][..], &report].concat();
    assert_eq!(of(&project, &elsewhere).0["annotations"].as_array().unwrap().len(), 1);
    project.write("store/annotations.json", notes("release 2.0"));
    let both = of(&project, &elsewhere).0;
    assert_eq!(both["annotations"][1]["text"], "release 2.0");
    // What cannot be read is said, and costs nothing else.
    for (wrong, why) in
        [("[", "EOF while parsing"), (r#"{"format":"x","annotations":[]}"#, "\"x\"")]
    {
        project.write("store/annotations.json", wrong);
        let (found, done) = of(&project, &elsewhere);
        assert_eq!(found["annotations"].as_array().unwrap().len(), 1);
        let said = "store/annotations.json is not shown: ";
        assert!(done.stderr.contains(said) && done.stderr.contains(why), "{done:#?}");
    }
}

#[test]
fn what_is_missing_is_said() {
    let project = project();
    let report = ["report", "--html", "out.html", "--page", "page"];
    project.driftline(&report).expect(4, &["holds no run", "`driftline run` records one"]);
    project.run_csv("fast.csv", &[]).expect(0, &[]);
    project.driftline(&["report"]).expect(2, &["--html <FILE>"]);
    project
        .driftline(&["report", "--html", "out.html", "--page", "nowhere"])
        .expect(3, &["read the page in [project]/nowhere"]);
    project
        .driftline(&["report", "--html", "out.html", "--page", ".driftline"])
        .expect(2, &["it holds no index.html", "make web"]);
    project.write("page/report.html", "<!doctype html>");
    project.driftline(&report).expect(3, &["report.html has no place for data"]);
    assert!(!project.path("out.html").exists());
    project.write("page/report.html", TEMPLATE);
    let into_nothing = ["report", "--html", "missing/out.html", "--page", "page"];
    project.driftline(&into_nothing).expect(3, &["write [project]/missing/out.html"]);
}

/// The page that is built in shows the same; without it the commands say how to get it.
#[test]
fn the_page_in_the_program_is_used_when_none_is_named() {
    let project = project();
    project.run_csv("fast.csv", &[]).expect(0, &[]);
    let done = project.driftline(&["report", "--html", "out.html"]);
    if cfg!(feature = "page") && done.code == 0 {
        let (data, around) = data(&project.read("out.html"));
        assert_eq!(data["files"].as_array().unwrap().len(), 1);
        assert!(around.contains("id=\"driftline-wasm\""));
    } else {
        done.expect(
            2,
            &["this driftline was built without it", "make build", "--page web/dist/page"],
        );
    }
}
