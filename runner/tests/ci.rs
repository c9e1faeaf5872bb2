//! `driftline ci`: what it writes for which place, and how it ends.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

mod common;

use common::{Done, Project, csv};

const GITHUB: [(&str, &str); 5] = [
    ("CI", "true"),
    ("GITHUB_ACTIONS", "true"),
    ("GITHUB_REPOSITORY", "o/r"),
    ("GITHUB_RUN_ID", "7"),
    ("GITHUB_WORKFLOW", "Benchmarks --> all"),
];

/// Files that hold an ordinary suite and a slower one.
fn project() -> Project {
    let project = Project::new();
    project.write("before.csv", csv(&[("same", 50.0), ("\"slow/a,b::c\"", 1200.0)]));
    project.write("after.csv", csv(&[("same", 50.0), ("\"slow/a,b::c\"", 1800.0)]));
    project
}

fn judged(project: &Project, variables: &[(&str, &str)], more: &[&str]) -> Done {
    let files = ["ci", "--baseline", "before.csv", "--candidate", "after.csv"];
    project.driftline_with(variables, &[&files[..], more].concat())
}

#[test]
fn github_gets_summary_outputs_and_annotations() {
    let project = project();
    let at = |name: &str| project.path(name).to_string_lossy().into_owned();
    let (summary, outputs) = (at("step-summary"), at("outputs"));
    project.write("step-summary", "before\n").write("outputs", "a=b\n");
    let mut variables = GITHUB.to_vec();
    variables.extend([("GITHUB_STEP_SUMMARY", &*summary), ("GITHUB_OUTPUT", &*outputs)]);
    let done = judged(&project, &variables, &[]).expect(1, &["wrote comment.md and summary.md"]);
    let annotations: Vec<&str> =
        done.stdout.lines().filter(|line| line.starts_with("::")).collect();
    insta::assert_snapshot!(annotations.join("\n"), @"::error title=slow/a%2Cb%3A%3Ac%3A regressed::1.20 µs → 1.80 µs (+50.0 %25 [+32.1, +70.4] %25)");
    insta::assert_snapshot!(project.read("outputs"), @r"
    a=b
    verdict=regressed
    regressed=1
    improved=0
    unchanged=1
    inconclusive=0
    accepted=0
    new=0
    gone=0
    skipped=0
    report=driftline-report
    ");
    let text = project.read("driftline-report/summary.md");
    assert_eq!(project.read("step-summary"), format!("before\n{text}"));
    let comment = project.read("driftline-report/comment.md");
    assert_eq!(comment, format!("<!-- driftline:comment:Benchmarks-all -->\n{text}"));
    assert!(comment.contains("[The whole report](<https://github.com/o/r/actions/runs/7>)"));
    assert!(comment.contains("### ▲ 1 benchmark regressed"), "{comment}");
    let json: serde_json::Value =
        serde_json::from_str(&project.read("driftline-report/comparison.json")).unwrap();
    assert_eq!(json["summary"]["regressed"], 1);
    assert!(project.read("driftline-report/junit.xml").contains("<failure message=\"regressed: "));
    // Without the files that GitHub names there is nowhere to append to.
    judged(&project, &GITHUB, &[]).expect(1, &[]);
}

#[test]
fn the_policy_decides_what_fails() {
    let project = project();
    let exit = |more: &[&str]| judged(&project, &[], more).code;
    assert_eq!(exit(&[]), 1);
    assert_eq!(exit(&["--fail-on", "never"]), 0);
    assert!(!project.read("driftline-report/junit.xml").contains("<failure"));
    assert_eq!(exit(&["--threshold", "60%"]), 0);
    assert_eq!(exit(&["--accept", "slow/*=label benchmark-accepted"]), 0);
    let comment = project.read("driftline-report/comment.md");
    assert!(comment.contains("regressed, accepted: label benchmark-accepted |"), "{comment}");
    assert_eq!(exit(&["--accept", "slow/*"]), 2);
    // One handful of values on either side, of which nothing can be told.
    project.write("before.csv", "benchmark,value\nx,100\nx,101\n");
    project.write("after.csv", "benchmark,value\nx,125\nx,126\n");
    assert_eq!(exit(&[]), 0);
    assert_eq!(exit(&["--fail-on", "inconclusive"]), 6);
    assert!(
        project.read("driftline-report/junit.xml").contains("<failure message=\"inconclusive: ")
    );
}

#[test]
fn nothing_compared_is_loud_and_written_all_the_same() {
    let project = project();
    project.write("before.csv", csv(&[("other", 50.0)]));
    judged(&project, &[], &["--fail-on", "never"]).expect(4, &[]);
    let first = |project: &Project| {
        let comment = project.read("driftline-report/comment.md");
        comment.lines().skip(1).take(4).collect::<Vec<_>>().join("\n")
    };
    insta::assert_snapshot!(first(&project), @r"
    ### ⚠️ Nothing was compared

    **No benchmark was judged: this says nothing about whether anything got slower.**
    ");
    // The first run of all: no baseline, and none of that name; not even a run.
    let candidate = ["ci", "--candidate", "after.csv"];
    let named = [&candidate[..], &["--baseline", "main"]].concat();
    for (arguments, why, kind) in [
        (&["ci"][..], "holds no run", "error"),
        (&candidate, "no baseline is saved", "notice"),
        (&named, "it is no file, baseline, run", "notice"),
    ] {
        let done = project.driftline_with(&GITHUB, arguments).expect(4, &[why]);
        let annotation = format!("::{kind} title=Nothing was compared::");
        assert!(done.stdout.contains(&annotation), "{done:#?}");
        assert!(first(&project).contains("Nothing was compared"), "{arguments:?}");
        assert!(project.read("driftline-report/comment.md").contains(why), "{arguments:?}");
        let junit = project.read("driftline-report/junit.xml");
        assert!(
            junit.contains("errors=\"1\"") && junit.contains("nothing was compared"),
            "{junit}"
        );
        project.write("empty.json", project.read("driftline-report/comparison.json"));
        project.driftline(&["ci", "--render", "empty.json"]).expect(0, &[]);
        assert!(first(&project).contains("Nothing was compared"), "{arguments:?}");
    }
    project.driftline(&["ci", "--candidate", "nosuch"]).expect(2, &["find \"nosuch\""]);
}

#[test]
fn each_place_gets_what_it_understands() {
    let project = project();
    let junit = project.path("elsewhere/junit.xml").to_string_lossy().into_owned();
    let variables = [("CI", "true"), ("GITLAB_CI", "true"), ("CI_JOB_NAME", "bench")];
    let done = judged(&project, &variables, &["--junit", &junit]).expect(1, &["codequality: "]);
    assert!(!done.stdout.contains("::error"), "{done:#?}");
    let read = |name: &str| project.read(&format!("driftline-report/{name}"));
    assert_eq!(read("junit.xml"), project.read("elsewhere/junit.xml"));
    assert!(read("comment.md").starts_with("<!-- driftline:comment:bench -->"));
    let metrics = read("metrics.txt");
    assert!(metrics.contains("\ndriftline_regressed 1\n") && metrics.ends_with("# EOF\n"));
    assert!(metrics.contains("{benchmark=\"slow/a,b::c\",metric=\"wall_time\",unit=\"ns\"} 0."));
    let quality: serde_json::Value =
        serde_json::from_str(&read("gl-code-quality-report.json")).unwrap();
    assert_eq!(quality[0]["severity"], "major");
    assert_eq!(quality[0]["location"]["lines"]["begin"], 1);
    assert_eq!(quality.as_array().unwrap().len(), 1);
    assert_eq!(quality[0]["location"]["path"], "driftline.toml");

    let none = ["ci", "--platform", "gitlab", "--candidate", "after.csv", "--output", "n"];
    project.driftline(&none).expect(4, &[]);
    let quality: serde_json::Value =
        serde_json::from_str(&project.read("n/gl-code-quality-report.json")).unwrap();
    assert_eq!(quality[0]["severity"], "major");
    let said = quality[0]["description"].as_str().unwrap();
    assert!(said.starts_with("nothing was compared: ") && said.contains("no baseline"), "{said}");

    judged(&project, &[("BUILDKITE", "true")], &["--output", "b"]).expect(1, &["--style error <"]);
    assert_eq!(project.read("b/annotation.md"), project.read("b/summary.md"));
    judged(&project, &[("JENKINS_URL", "x")], &["--output", "j"]).expect(1, &["junit '"]);
    judged(&project, &GITHUB, &["--platform", "plain", "--output", "p"]).expect(1, &["JUnit: "]);
    let mut names: Vec<String> = std::fs::read_dir(project.path("p"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["comment.md", "comparison.json", "junit.xml", "summary.md"]);
}

#[test]
fn an_untrusted_comparison_is_shown_or_refused() {
    let project = project();
    judged(&project, &[], &[]).expect(1, &[]);
    let written = project.read("driftline-report/comparison.json");
    let hostile = written.replace("slow/a,b::c", "](javascript:alert(1))<!-- @everyone");
    project.write("from-fork.json", &hostile);
    let outside = [("GITHUB_ACTIONS", "true"), ("GITHUB_OUTPUT", "/nosuch/output")];
    let render = ["ci", "--render", "from-fork.json", "--output", "r", "--comment-key", "k"];
    let done = project.driftline_with(&outside, &render).expect(0, &[]);
    assert_eq!(done.stdout, "");
    let comment = project.read("r/comment.md");
    assert!(comment.starts_with("<!-- driftline:comment:k -->\n### ▲ 1 benchmark regressed\n"));
    assert!(comment.contains("| `](javascript:alert(1))<!-- @everyone` |"), "{comment}");
    assert!(!project.path("r/junit.xml").exists());
    for (text, said) in [
        ("{", "EOF while parsing"),
        (&*written.replace("\"warnings\"", "\"html\": 1, \"warnings\""), "html is not a field"),
        (&*written.replace("\"regressed\": 1", "\"regressed\": 0"), "counts are not those"),
        (&*"x".repeat(20_000_001), "larger than"),
    ] {
        project.write("from-fork.json", text);
        project
            .driftline(&render)
            .expect(3, &["failed to read", said].map(|s| s.trim_start_matches("failed to ")));
    }
    project.driftline(&["ci", "--render", "nosuch.json"]).expect(3, &["nosuch.json"]);
    project.driftline(&["ci", "--render", "x", "--baseline", "y"]).expect(2, &["cannot be used"]);
    project
        .driftline(&["ci", "--report-url", "javascript:x"])
        .expect(2, &["takes an https:// URL"]);
}

#[test]
fn a_long_name_makes_no_long_log_and_no_command() {
    let project = Project::new();
    let long = format!("\"::error::{}##[add-mask]y\"", "x".repeat(1_000_000));
    let suite = |level: f64| [(long.as_str(), level), ("##[group]a", level)];
    project.write("before.csv", csv(&suite(100.0))).write("after.csv", csv(&suite(200.0)));
    let done = judged(&project, &GITHUB, &[]).expect(1, &[]);
    assert!(done.stdout.len() < 5000, "{}", done.stdout.len());
    let commands: Vec<&str> =
        done.stdout.lines().filter(|line| line.trim().starts_with("::")).collect();
    assert_eq!(commands.len(), 2, "{commands:?}");
    assert!(commands.iter().all(|command| command.starts_with("::error title=")), "{commands:?}");
    assert!(!done.stdout.contains("##[") && !done.stderr.contains("##["), "{done:#?}");
    assert!(project.read("driftline-report/comment.md").len() < 5000);
}

#[test]
fn no_file_or_argument_commands_the_runner_by_being_wrong() {
    let project = project();
    let hostile = "[[accepted]]\n::error title=forged::x\r\n ##[error]y\n";
    for (file, text) in [
        (".driftline/accepted.toml", hostile),
        (".driftline/accepted.toml", "[[accepted]]\nuntil = \"\"\"a\n::error::y\n\"\"\"\n"),
        ("driftline.toml", hostile),
        ("driftline.toml", "\"a\\n::error::y\" = 1\n"),
    ] {
        project.write(file, text);
        let done = judged(&project, &GITHUB, &[]).expect(2, &["error: "]);
        std::fs::remove_file(project.path(file)).unwrap();
        harmless(&done);
    }
    for wrong in [
        ["--threshold", "1\n::error::x"],
        ["--baseline", "a\n::error::x"],
        ["--candidate", "a\n ::error::x"],
        ["--accept", "a\n::error::x"],
        ["--no-such\n::error::x", "b"],
    ] {
        harmless(&project.driftline_with(&GITHUB, &[&["ci"][..], &wrong].concat()));
    }
}

/// Only the one command that says that nothing was compared.
fn harmless(done: &Done) {
    for line in done.stdout.lines().chain(done.stderr.lines()) {
        let command = line.trim().starts_with("::") || line.contains("##[");
        let own = ["::error title=Nothing was compared::", "::notice title=Nothing was compared::"];
        assert!(!command || own.iter().any(|own| line.starts_with(own)), "{done:#?}");
    }
}
