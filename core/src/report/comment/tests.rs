use super::super::{
    comparison_annotations, comparison_code_quality, comparison_junit, comparison_openmetrics,
};
use super::*;
use crate::change::Acknowledgement;
use crate::compare::{Acceptance, Context, Evidence, FailOn, Policy, Side, compare_in};
use crate::model::{
    BenchmarkId, Commit, Direction, Iterations, Machine, Measurement, Metric, Round, Run, RunId,
    Sample, Skipped, Unit,
};

const BEFORE: &str = "1111111111111111111111111111111111111111";
const FETCH: &str = "refs/pull/7/merge";
const AFTER: &str = "2222222222222222222222222222222222222222";

/// A run of three launches of ten values; a launch is off by what its number and the run's say.
fn run(id: &str, seed: usize, commit: &str, benchmarks: &[(&str, f64)]) -> Run {
    let launch = |centre: f64, round: usize| {
        let off = 1.0 + ((seed * 5 + round * 3) % 7) as f64 / 500.0;
        let values = (0..10).map(|i| centre * off * (1.0 + f64::from(i % 3) / 200.0));
        Round::of(Sample::new(values.collect(), Iterations::Every(1)).unwrap())
    };
    let measurements = benchmarks.iter().map(|(name, centre)| {
        let rounds = (0..3).map(|round| launch(*centre, round)).collect();
        let id = BenchmarkId::new(*name).unwrap();
        let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
        Measurement::new(id, metric, unit, Direction::Lower, rounds).unwrap()
    });
    let mut run = Run::new(RunId::new(id).unwrap(), measurements.collect());
    run.commit = Some(Commit { id: commit.into(), ..Commit::default() });
    run.machine = Some(Machine { cores: Some(2), ..Machine::default() });
    run.toolchain = Some("rustc 1.95.0".into());
    run
}

/// Four runs of `before` as the history, and one of `after`.
fn compared(before: &[(&str, f64)], after: &[(&str, f64)]) -> Comparison {
    let runs: Vec<Run> =
        (0..4).map(|seed| run(&format!("r{seed}"), seed, BEFORE, before)).collect();
    against(&runs, &run("r9", 9, AFTER, after))
}

fn against(runs: &[Run], candidate: &Run) -> Comparison {
    let before = Side { name: "history".into(), runs: runs.iter().collect() };
    let candidate = Side::of_run(candidate.id.as_str(), candidate);
    compare_in(&before, &candidate, Context::default(), &Policy::default())
}

const SUITE: [(&str, f64); 4] = [
    ("memory/add_message", 1200.0),
    ("memory/search/1024", 5e6),
    ("tools/calculate", 340.0),
    ("upload/write_1kb", 9e4),
];

fn with(changes: &[(usize, f64)]) -> Vec<(&'static str, f64)> {
    let mut suite = SUITE.to_vec();
    for (index, factor) in changes {
        suite[*index].1 *= factor;
    }
    suite
}

fn shown(comparison: &Comparison) -> String {
    let report_url = Some("https://github.com/o/r/actions/runs/7#artifacts");
    let options = CommentOptions {
        key: Some("benchmarks"),
        report_url,
        fetch: Some(FETCH),
        limit: COMMENT_LIMIT,
    };
    let text = comment(comparison, &options);
    assert!(text.starts_with("<!-- driftline:comment:benchmarks -->\n"), "{text}");
    assert!(page::units(&text) <= COMMENT_LIMIT);
    text
}

fn accepted(comparison: &mut Comparison, pattern: &str, until: &str) {
    let known = Acknowledgement {
        benchmark: pattern.into(),
        reason: "checksums are worth it".into(),
        ..Acknowledgement::default()
    };
    let acceptance = Acceptance {
        known,
        metric: None,
        until: Some(until.parse().unwrap()),
        limit: None,
        runs: None,
        source: ".driftline/accepted.toml".into(),
    };
    let today = "2026-11-24".parse().unwrap();
    let policy = Policy::default();
    let evidence = Evidence::new(Vec::new(), &[], 10, &policy);
    evidence.accepting(vec![acceptance], &policy, today).accept(comparison, None);
}

#[test]
fn without_a_baseline() {
    let mut comparison = against(&[], &run("r9", 9, AFTER, &SUITE));
    comparison.warnings.push("no baseline is saved, and the history holds no earlier run".into());
    insta::assert_snapshot!(shown(&comparison));
}

#[test]
fn unchanged() {
    insta::assert_snapshot!(shown(&compared(&SUITE, &SUITE)));
}

#[test]
fn regressed() {
    insta::assert_snapshot!(shown(&compared(&SUITE, &with(&[(0, 1.5), (2, 0.6)]))));
}

#[test]
fn improved() {
    insta::assert_snapshot!(shown(&compared(&SUITE, &with(&[(1, 0.5)]))));
}

#[test]
fn inconclusive() {
    // One launch on either side, which differ by more than they can tell.
    let of = |id: &str, commit: &str, factor: f64| {
        let values = [100.0, 109.0, 131.0].map(|value| value * factor).to_vec();
        let sample = Sample::new(values, Iterations::Every(1)).unwrap();
        let id_of = BenchmarkId::new("memory/add_message").unwrap();
        let mut run = run(id, 0, commit, &[]);
        run.set_measurements(vec![Measurement::wall_time(id_of, sample).unwrap()]);
        run
    };
    let comparison = against(&[of("r0", BEFORE, 1.0)], &of("r9", AFTER, 1.25));
    assert_eq!(comparison.summary.inconclusive, 1);
    insta::assert_snapshot!(shown(&comparison));
}

#[test]
fn accepted_on_purpose() {
    let mut comparison = compared(&SUITE, &with(&[(3, 1.4)]));
    accepted(&mut comparison, "upload/*", "2026-12-31");
    insta::assert_snapshot!(shown(&comparison));
}

#[test]
fn accepted_once() {
    let mut comparison = compared(&SUITE, &with(&[(3, 1.4)]));
    accepted(&mut comparison, "upload/*", "2026-11-23");
    insta::assert_snapshot!(shown(&comparison));
}

#[test]
fn of_another_machine() {
    let before: Vec<Run> = (0..4).map(|seed| run("r", seed, BEFORE, &SUITE)).collect();
    let mut after = run("r9", 9, AFTER, &with(&[(0, 1.5)]));
    after.machine = Some(Machine { cores: Some(64), ..Machine::default() });
    after.skipped.push(Skipped { name: "memory/gone".into(), reason: "it panicked".into() });
    insta::assert_snapshot!(shown(&against(&before, &after)));
}

#[test]
fn a_huge_suite_is_cut_by_whole_rows() {
    let names: Vec<String> =
        (0..10_000).map(|i| format!("group_{:03}/case/{i}", i / 100)).collect();
    let suite = |factor: f64| -> Vec<(&str, f64)> {
        let all = names.iter().enumerate();
        all.map(|(i, name)| {
            let changes = i.is_multiple_of(50);
            (name.as_str(), if changes { 100.0 * factor } else { 100.0 })
        })
        .collect()
    };
    let before = [run("r0", 0, BEFORE, &suite(1.0)), run("r1", 1, BEFORE, &suite(1.0))];
    let text = shown(&against(&before, &run("r9", 9, AFTER, &suite(1.6))));
    assert!(page::units(&text) > COMMENT_LIMIT - 500, "{}", page::units(&text));
    let rows = text.lines().filter(|line| line.starts_with("| ")).collect::<Vec<_>>();
    assert!(rows.iter().all(|row| row.ends_with(" |")), "a row was cut");
    // What stands around the rows, and of those the ends.
    let mut short: Vec<&str> = Vec::new();
    let lines: Vec<&str> = text.lines().collect();
    for (at, line) in lines.iter().enumerate() {
        let inner = |at: usize| lines.get(at).is_some_and(|line| line.starts_with("| "));
        if !(inner(at) && inner(at.wrapping_sub(2)) && inner(at + 2)) {
            short.push(line);
        } else if short.last() != Some(&"[…]") {
            short.push("[…]");
        }
    }
    insta::assert_snapshot!(short.join("\n"));
}

/// Names that have tried to be something else.
const HOSTILE: [&str; 12] = [
    "](javascript:alert(1))",
    "@everyone",
    "<!-- driftline:comment:benchmarks -->",
    "--> <img src=x onerror=alert(1)>",
    "::set-output name=x::y",
    "`` ` ```",
    "a|b\\|c\\",
    "line\nbreak\r\n| x | y |",
    "\u{202e}desrever\u{202c}",
    "#123 and 0123456789abcdef0123456789abcdef01234567",
    "https://evil.example/?a=b www.evil.example",
    "\u{1b}[2J</details>",
];

#[test]
fn hostile_names() {
    let suite = |factor: f64| HOSTILE.map(|name| (name, 100.0 * factor)).to_vec();
    let mut comparison = compared(&suite(1.0), &suite(1.7));
    let long = "x".repeat(10_000_000);
    comparison.benchmarks[0].id = format!("begin/{long}/end");
    comparison.baseline.name = HOSTILE[2].into();
    comparison.candidate.commit = Some("$(reboot)".into());
    comparison.warnings = HOSTILE.map(str::to_owned).to_vec();
    insta::assert_snapshot!(shown(&comparison));
}

#[test]
fn a_link_is_only_a_link() {
    for good in ["https://github.com/o/r/actions/runs/7#artifacts", "http://ci.example:8080/a?b=c"]
    {
        assert!(is_link(good), "{good}");
    }
    for bad in
        ["javascript:alert(1)", "https://", "https://x/>)", "https://x/\n", "https://x y", ""]
    {
        assert!(!is_link(bad), "{bad}");
    }
}

#[test]
fn a_summary_may_be_longer_and_has_no_key() {
    let comparison = compared(&SUITE, &SUITE);
    let options = CommentOptions { key: None, report_url: None, fetch: None, limit: SUMMARY_LIMIT };
    let text = comment(&comparison, &options);
    assert!(text.starts_with("**No regression**: 4 benchmarks compared"), "{text}");
    assert_eq!(text.matches("<details>").count(), 1, "{text}");
    assert!(!text.contains("<!--"));
}

/// One row of each kind, for the reports of CI systems.
fn of_each_kind() -> Comparison {
    let before = [("a/slow", 100.0), ("a/slow|er", 100.0), ("a/fast", 100.0), ("gone", 1.0)];
    let after =
        [("a/slow", 150.0), ("a/slow|er", 140.0), ("a/fast", 50.0), ("new\u{1b}<&\"'>", 1.0)];
    let mut comparison = compared(&before, &after);
    comparison.skipped.push(Skipped { name: "b/broken".into(), reason: "it\npanicked".into() });
    accepted(&mut comparison, "a/slow|*", "2026-12-31");
    comparison
}

#[test]
fn as_junit() {
    insta::assert_snapshot!(comparison_junit(&of_each_kind(), FailOn::Regression));
}

#[test]
fn as_metrics() {
    insta::assert_snapshot!(comparison_openmetrics(&of_each_kind()));
}

#[test]
fn as_code_quality() {
    let text = comparison_code_quality(&of_each_kind(), FailOn::Regression, "driftline.toml");
    insta::assert_snapshot!(text);
}

#[test]
fn annotations_are_ten_at_most_and_the_last_counts_the_rest() {
    let of = |count: usize, factor: f64| -> Comparison {
        let names: Vec<String> = (0..count).map(|i| format!("b{i}")).collect();
        let suite = |factor: f64| -> Vec<(&str, f64)> {
            names.iter().map(|name| (name.as_str(), 100.0 * factor)).collect()
        };
        let before = [run("r0", 0, BEFORE, &suite(1.0)), run("r1", 1, BEFORE, &suite(1.0))];
        against(&before, &run("r9", 9, AFTER, &suite(factor)))
    };
    let lines = |comparison: &Comparison, fail_on: FailOn| {
        let text = comparison_annotations(comparison, fail_on);
        text.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(lines(&of(3, 1.0), FailOn::Regression), [""; 0]);
    assert_eq!(lines(&of(10, 1.5), FailOn::Regression).len(), 10);
    let many = lines(&of(12, 1.5), FailOn::Regression);
    assert_eq!(many.len(), 10);
    assert!(
        many[0].starts_with("::error title=b0%3A regressed::101 ns → 151 ns (+50."),
        "{}",
        many[0]
    );
    assert_eq!(
        many[9],
        "::error title=3 more benchmarks::comparison.json of the report has all of them"
    );
    let mut missing = of(12, 1.5);
    missing.skipped.push(Skipped { name: "b/broken".into(), reason: "it panicked".into() });
    let missing = lines(&missing, FailOn::Regression);
    assert_eq!(
        (missing.len(), &*missing[9]),
        (10, "::warning title=1 benchmark skipped::b/broken")
    );
    assert!(lines(&of(1, 1.5), FailOn::Never)[0].starts_with("::warning "));
    let mut accepted_all = of(2, 1.5);
    accepted(&mut accepted_all, "*", "2026-12-31");
    assert_eq!(lines(&accepted_all, FailOn::Inconclusive), [""; 0]);
}
