//! `driftline export`: what is chosen, where it goes, and that it is read back.

mod common;

use common::Project;

/// Real files of the formats, as the core's tests have them.
fn data(name: &str) -> String {
    format!("{}/../core/tests/data/{name}", env!("CARGO_MANIFEST_DIR"))
}

const HISTORY: &str = "benchmark,value,unit,run,commit,order,time,machine\n\
    a/one,1.5,ms,r1,aaaa1,1,2026-01-01T00:00:00Z,ci\n\
    a/one,1.7,ms,r1,aaaa1,1,,\n\
    b/two,12,events,r1,aaaa1,1,,\n\
    a/one,2.5,ms,r2,bbbb2,2,2026-01-02T00:00:00Z,ci\n\
    =x,3,s,r3,cccc3,3,2026-01-03T00:00:00Z,ci\n";

fn project() -> Project {
    let project = Project::new();
    project.write("h.csv", HISTORY);
    project.driftline(&["import", "h.csv"]).expect(0, &["recorded 3 runs"]);
    project
}

fn exported(project: &Project, arguments: &[&str]) -> Vec<u8> {
    let all = [&["export", "--format"], arguments].concat();
    let (done, bytes) = project.driftline_reading(&[], &all);
    done.expect(0, &[]);
    bytes
}

fn text(project: &Project, arguments: &[&str]) -> String {
    String::from_utf8_lossy(&exported(project, arguments)).into_owned()
}

#[test]
fn csv_and_json_are_the_same_history_again() {
    let project = project();
    let recorded = project.read(".driftline/history.jsonl");
    assert_eq!(text(&project, &["json"]), recorded);
    for format in ["csv", "json"] {
        let other = Project::new();
        let file = other.write("h", exported(&project, &[format])).path("h");
        other.driftline(&["import", file.to_str().unwrap()]).expect(0, &["recorded 3 runs"]);
        assert_eq!(other.read(".driftline/history.jsonl"), recorded, "{format}");
    }
}

#[test]
fn every_format_is_written() {
    let project = project();
    let csv = text(&project, &["csv"]);
    assert_eq!(csv.lines().count(), 1 + 5, "{csv}");
    assert!(
        csv.contains("\n'=x,wall_time,3000000000,value,ns,lower,1,r3,0,2026-01-03T00:00:00Z"),
        "{csv}"
    );
    let markdown = text(&project, &["markdown"]);
    assert!(markdown.contains("| a/one | 2 | 1.60 ms | 2.50 ms | +56.2 % |"), "{markdown}");
    let junit = text(&project, &["junit"]);
    assert_eq!(junit.matches("<testsuite ").count(), 3);
    assert!(junit.contains("classname=\"a\" name=\"one\" time=\"0.0016\""), "{junit}");
    let metrics = text(&project, &["openmetrics"]);
    assert!(metrics.ends_with("# EOF\n"), "{metrics}");
    assert!(metrics.contains("statistic=\"median\"} 0.0016 1767225600.000\n"), "{metrics}");
    let otava = text(&project, &["otava-csv"]);
    assert!(
        otava.starts_with(
            "time,commit,branch,run,machine,'=x [ns],a/one [ns],b/two [events: events]\n\
                           2026-01-01T00:00:00Z,aaaa1,,r1,ci,nan,1600000,12\n"
        ),
        "{otava}"
    );
    let parquet = exported(&project, &["parquet"]);
    assert!(parquet.starts_with(b"PAR1") && parquet.ends_with(b"PAR1"));
    let single = text(&project, &["markdown", "--since", "r2"]);
    assert!(single.contains("| =x | wall_time |"), "{single}");
}

#[test]
fn benchmarks_and_runs_are_chosen() {
    let project = project();
    let lines = |arguments: &[&str]| {
        let all = [&["csv"], arguments].concat();
        let text = text(&project, &all);
        let cells = |line: &str| -> Vec<String> { line.split(',').map(str::to_owned).collect() };
        let mut rows: Vec<String> = text
            .lines()
            .skip(1)
            .map(|line| format!("{} {}", cells(line)[0], cells(line)[7]))
            .collect();
        rows.dedup();
        rows
    };
    assert_eq!(lines(&["--benchmark", "a/*"]), ["a/one r1", "a/one r2"]);
    assert_eq!(lines(&["--since", "aaaa1"]), ["a/one r2", "'=x r3"]);
    assert_eq!(lines(&["--since", "2026-01-02"]), ["a/one r2", "'=x r3"]);
    assert_eq!(lines(&["--since", "r1", "--benchmark", "*x"]), ["'=x r3"]);
    let failed = |arguments: &[&str], code, said| {
        let all = [&["export", "--format", "csv"], arguments].concat();
        project.driftline(&all).expect(code, &[said]);
    };
    failed(&["--benchmark", "nosuch"], 4, "no measurement is left");
    failed(&["--since", "r3"], 4, "no measurement is left");
    failed(&["--since", "nosuch"], 2, "find \"nosuch\"");
    Project::new().driftline(&["export", "--format", "csv"]).expect(4, &["holds no run"]);
}

#[test]
fn files_are_exported_instead_and_the_result_goes_to_a_file() {
    let project = Project::new();
    let pytest = data("formats/pytest-benchmark/b.full-data.json");
    project
        .driftline(&["export", &pytest, "--format", "json", "--output", "out.jsonl"])
        .expect(0, &["wrote [project]/out.jsonl: 1 run"]);
    // What was exported reads as the same.
    let done = project.driftline(&["compare", &pytest, "out.jsonl"]).expect(0, &[]);
    assert!(done.stdout.contains("0 regressed, 0 improved"), "{done:#?}");
    let hyperfine = std::fs::read(data("formats/hyperfine/a.json")).unwrap();
    let (done, bytes) = project.driftline_reading(&hyperfine, &["export", "-", "--format", "csv"]);
    done.expect(0, &[]);
    assert!(bytes.starts_with(b"benchmark,metric,value,statistic,unit,"));
    project.driftline(&["export", "nosuch.json", "--format", "csv"]).expect(3, &["nosuch.json"]);
    // Two runs of one id would be one: said, and nothing written. The same run twice is one.
    project
        .write("a.csv", "benchmark,value,run\nx,1,r\n")
        .write("b.csv", "benchmark,value,run\ny,2,r\n");
    project
        .driftline(&["export", "a.csv", "b.csv", "--format", "json"])
        .expect(3, &["b.csv: its run r is another one than that of a file before it"]);
    project
        .driftline(&["export", "a.csv", "a.csv", "--format", "json", "--output", "a.jsonl"])
        .expect(0, &["a.jsonl: 1 run"]);
    project
        .driftline(&["export", &pytest, "--format", "csv", "--output", "no/such/place"])
        .expect(3, &["write [project]/no/such/place"]);
}

#[test]
fn what_a_format_has_no_place_for_is_told() {
    let project = Project::new();
    project.write("h.csv", "benchmark,value,run\na,1,r1\n");
    let done = project.driftline(&["export", "h.csv", "--format", "openmetrics"]);
    done.expect(0, &["1 run of no known time: OpenMetrics has no place for it"]);
}

#[test]
fn an_exported_otava_csv_is_imported() {
    let project = project();
    let otava = exported(&project, &["otava-csv"]);
    let other = Project::new();
    let (done, _) = other.driftline_reading(&otava, &["import", "-"]);
    done.expect(0, &["-: otava-csv, 3 runs with 4 measurements", "recorded 3 runs"]);
    let (done, _) = other.driftline_reading(&otava, &["import", "-"]);
    done.expect(0, &["recorded 0 runs, 3 runs there already"]);
}
