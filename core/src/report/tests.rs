use super::*;
use crate::compare::{CommonMode, Context, Policy, Row, Side, Verdict, compare, compare_in};
use crate::model::{
    Baseline, BaselineName, BenchmarkId, Commit, Direction, History, Iterations, Level, Machine,
    Measurement, Metric, Round, Run, RunId, Sample, Skipped, Unit,
};

/// A run in which every name that could do harm stands.
fn run(id: &str, cores: u64, centres: &[(&str, f64)]) -> Run {
    let measurements = centres
        .iter()
        .map(|(name, centre)| {
            let values = (0..20).map(|i| centre * (1.0 + f64::from(i % 3) / 100.0)).collect();
            let sample = Sample::new(values, Iterations::Every(1)).unwrap();
            Measurement::wall_time(BenchmarkId::new(*name).unwrap(), sample).unwrap()
        })
        .collect();
    let mut run = Run::new(RunId::new(id).unwrap(), measurements);
    run.machine = Some(Machine { cores: Some(cores), ..Machine::default() });
    run.commit = Some(Commit {
        id: "0123456789abcdef".into(),
        subject: Some("<script>alert(1)</script>".into()),
        ..Commit::default()
    });
    run
}

fn comparison() -> Comparison {
    let before = run("r1", 2, &[("same", 50.0), ("slow/[x](y)|z", 1200.0), ("gone", 1.0)]);
    let mut after =
        run("r2", 4, &[("same", 50.0), ("slow/[x](y)|z", 1800.0), ("=new\u{1b}[2J", 2e6)]);
    after.skipped.push(Skipped { name: "@all".into(), reason: "it\npanicked".into() });
    let (before, after) = (Side::of_run("main", &before), Side::of_run("r2", &after));
    compare(&before, &after, &Policy::default())
}

/// What a person sees on a terminal without colours.
fn plain(text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for c in text.chars() {
        match (c, inside) {
            ('\u{1b}', _) => inside = true,
            ('m', true) => inside = false,
            (_, true) => {}
            (c, false) => out.push(c),
        }
    }
    out
}

#[test]
fn on_a_terminal() {
    insta::assert_snapshot!(plain(&comparison_table(&comparison(), Some(100))));
    let narrow = plain(&comparison_table(&comparison(), Some(60)));
    let table: Vec<&str> = narrow.lines().take_while(|line| !line.is_empty()).collect();
    assert!(table.iter().all(|line| line.chars().count() <= 60), "{table:#?}");
}

#[test]
fn as_markdown() {
    insta::assert_snapshot!(comparison_markdown(&comparison()));
}

#[test]
fn as_csv() {
    insta::assert_snapshot!(comparison_csv(&comparison()));
}

#[test]
fn nothing_compared_is_loud() {
    let (one, other) = (run("r1", 2, &[("a", 1.0)]), run("r2", 2, &[("b", 1.0)]));
    let nothing = compare(&Side::of_run("m", &one), &Side::of_run("c", &other), &Policy::default());
    assert!(comparison_markdown(&nothing).starts_with("### ⚠️ Nothing was compared\n"));
}

#[test]
fn measurements_of_a_run() {
    insta::assert_snapshot!(plain(&measurement_table(
        &run("r", 2, &[("a", 1.0), ("b", 2e9)]),
        None
    )));
}

#[test]
fn series_of_a_history() {
    let history = History::new(vec![
        run("r1", 2, &[("a", 100.0), ("b", 5.0)]),
        run("r2", 2, &[("a", 101.0)]),
        run("r3", 4, &[("a", 150.0), ("b", 5.0)]),
    ]);
    let all = |_: &BenchmarkId| true;
    insta::assert_snapshot!(plain(&history_table(&history, &all, Some(100))));
    let csv = history_csv(&history, &|id: &BenchmarkId| id.as_str() == "b");
    assert_eq!(csv.lines().count(), 3, "{csv}");
    let empty = history_table(&History::default(), &all, None);
    assert_eq!(plain(&empty).lines().count(), 1);
}

#[test]
fn baselines_as_a_document() {
    let baseline = Baseline {
        name: BaselineName::new("main").unwrap(),
        saved: Some("2026-11-23T11:00:00Z".parse().unwrap()),
        levels: Vec::new(),
        run: run("r1", 2, &[("a|b", 100.0)]),
    };
    let list = plain(&baseline_list(std::slice::from_ref(&baseline), None));
    assert!(list.lines().nth(1).unwrap().starts_with("main      2026-11-23T11:00:00Z"), "{list}");
    insta::assert_snapshot!(baseline_document(&[baseline]));
    assert!(baseline_document(&[]).contains("There is none"));
}

/// A run of three launches of ten values each; a launch is off by what its number and the run's
/// say, and one value in ten takes `slow` times as long.
fn in_rounds(id: &str, seed: usize, benchmarks: &[(&str, f64, f64)]) -> Run {
    let launch = |centre: f64, slow: f64, round: usize| {
        let off = 1.0 + ((seed * 5 + round * 3) % 7) as f64 / 500.0;
        let values = (0..10).map(|i| {
            let value = centre * off * (1.0 + f64::from(i % 3) / 200.0);
            if i == 9 { value * slow } else { value }
        });
        Round::of(Sample::new(values.collect(), Iterations::Every(1)).unwrap())
    };
    let measurements = benchmarks.iter().map(|(name, centre, slow)| {
        let rounds = (0..3).map(|round| launch(*centre, *slow, round)).collect();
        let id = BenchmarkId::new(*name).unwrap();
        let (metric, unit) = (Metric::wall_time(), Unit::nanoseconds());
        Measurement::new(id, metric, unit, Direction::Lower, rounds).unwrap()
    });
    Run::new(RunId::new(id).unwrap(), measurements.collect())
}

const HOSTILE: &str = "|[x](y)<script>\u{1b}[2J\u{202e}```";

/// Four runs of the baseline and one of the candidate: one benchmark is slower, one only at its slow
/// end, one faster, one has drifted from what was accepted.
fn in_several_runs() -> Comparison {
    let before: Vec<Run> = (0..4)
        .map(|seed| {
            let all = [
                (HOSTILE, 100.0, 1.0),
                ("tail", 2e3, 1.0),
                ("fast", 5e6, 1.0),
                ("drift", 70.0, 1.0),
            ];
            in_rounds(&format!("r{seed}"), seed, &all)
        })
        .collect();
    let all = [(HOSTILE, 150.0, 1.0), ("tail", 2e3, 3.0), ("fast", 3e6, 1.0), ("drift", 75.0, 1.0)];
    let after = in_rounds("r9", 9, &all);
    let level = |benchmark: &str, accepted| Level {
        benchmark: BenchmarkId::new(benchmark).unwrap(),
        metric: Metric::wall_time(),
        unit: Unit::nanoseconds(),
        accepted,
        accepted_run: RunId::new("r0").unwrap(),
        best: accepted * 0.99,
        best_run: RunId::new("r1").unwrap(),
        machine: None,
        better: None,
    };
    let levels = [level("drift", 50.0), level("tail", 2e3)];
    let before = Side { name: "main".into(), runs: before.iter().collect() };
    let context = Context { levels: &levels, ..Context::default() };
    compare_in(&before, &Side::of_run("r9", &after), context, &Policy::default())
}

/// Fourteen benchmarks of single launches that all moved alike, by too little to be sure.
fn all_moved(common_mode: CommonMode) -> Comparison {
    let of = |id: &str, factor: f64| {
        let names: Vec<String> = (0..14).map(|i| format!("bench_{i:02}")).collect();
        let all: Vec<(&str, f64)> = names
            .iter()
            .enumerate()
            .map(|(i, name)| {
                let off = 1.0 + (i * 5 % 14) as f64 / 80.0;
                (name.as_str(), if factor > 1.0 { 100.0 * factor * off } else { 100.0 })
            })
            .collect();
        run(id, 2, &all)
    };
    let (before, after) = (of("r1", 1.0), of("r2", 1.18));
    let policy = Policy { common_mode, ..Policy::default() };
    compare(&Side::of_run("main", &before), &Side::of_run("r2", &after), &policy)
}

#[track_caller]
fn fits(text: &str, width: usize) {
    let long: Vec<&str> = text.lines().filter(|line| line.chars().count() > width).collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn several_runs_on_a_terminal() {
    let comparison = in_several_runs();
    let verdicts: Vec<(&str, Verdict)> =
        comparison.benchmarks.iter().map(|row| (row.id.as_str(), row.verdict)).collect();
    assert_eq!(
        verdicts,
        [
            (HOSTILE, Verdict::Regressed),
            ("fast", Verdict::Improved),
            ("drift", Verdict::Unchanged),
            ("tail", Verdict::Unchanged)
        ]
    );
    insta::assert_snapshot!(plain(&comparison_table(&comparison, Some(120))));
    for width in [60, 80] {
        fits(&plain(&comparison_table(&comparison, Some(width))), width);
    }
    // The last columns of a table are never given up; what is said below it fits any width.
    let narrow = plain(&comparison_table(&comparison, Some(40)));
    let (_, notes) = narrow.split_once("\n\n").unwrap();
    fits(notes, 40);
    fits(&plain(&explanation(&comparison, &|_| true, Some(40))), 40);
}

#[test]
fn several_runs_as_markdown() {
    insta::assert_snapshot!(comparison_markdown(&in_several_runs()));
}

#[test]
fn several_runs_as_csv() {
    insta::assert_snapshot!(comparison_csv(&in_several_runs()));
}

#[test]
fn explained_on_a_terminal() {
    let comparison = in_several_runs();
    insta::assert_snapshot!(plain(&explanation(&comparison, &|_| true, Some(80))));
    fits(&plain(&explanation(&comparison, &|_| true, Some(60))), 60);
    let only = plain(&explanation(&comparison, &|row: &Row| row.id == "tail", None));
    assert!(only.contains("= tail: unchanged, tail slower") && !only.contains("fast"), "{only}");
    assert_eq!(explanation(&comparison, &|_| false, None), "");
}

#[test]
fn explained_as_markdown() {
    let comparison = in_several_runs();
    let hostile = |row: &Row| row.id == HOSTILE;
    insta::assert_snapshot!(explanation_markdown(&comparison, &hostile));
    assert_eq!(explanation_markdown(&comparison, &|_| false), "");
}

#[test]
fn many_inconclusive_ones_are_summed_up() {
    let comparison = all_moved(CommonMode::Report);
    assert_eq!(comparison.summary.inconclusive, 14, "{:#?}", comparison.summary);
    let text = plain(&comparison_table(&comparison, Some(80)));
    let below = text.split_once("\n\n").unwrap().1;
    insta::assert_snapshot!(below);
    let markdown = comparison_markdown(&comparison);
    assert!(markdown.contains("\n- ? 14 inconclusive: the smallest change"), "{markdown}");
    assert!(markdown.contains("\n> **The whole suite got "), "{markdown}");
    let corrected = comparison_table(&all_moved(CommonMode::Correct), None);
    assert!(corrected.contains("It was taken off every change"), "{corrected}");
    let off = comparison_table(&all_moved(CommonMode::Off), None);
    assert!(!off.contains("whole suite"), "{off}");
}

#[test]
fn what_holds_for_many_is_said_once() {
    let of = |id: &str, cores| {
        let names: Vec<String> = (0..9).map(|i| format!("b{i}")).collect();
        let all: Vec<(&str, f64)> = names.iter().map(|name| (name.as_str(), 100.0)).collect();
        run(id, cores, &all)
    };
    let (before, after) = (of("r1", 2), of("r2", 4));
    let comparison =
        compare(&Side::of_run("m", &before), &Side::of_run("c", &after), &Policy::default());
    let text = plain(&comparison_table(&comparison, None));
    let said = "? 9 benchmarks: the baseline is from another machine: ";
    assert_eq!(text.matches(said).count(), 1, "{text}");
}

#[test]
fn accepted_levels_are_documented() {
    let baseline = Baseline {
        name: BaselineName::new("main").unwrap(),
        saved: None,
        levels: vec![Level {
            benchmark: BenchmarkId::new("a|b").unwrap(),
            metric: Metric::wall_time(),
            unit: Unit::nanoseconds(),
            accepted: 101.0,
            accepted_run: RunId::new("<r0>").unwrap(),
            best: 99.0,
            best_run: RunId::new("r1").unwrap(),
            machine: None,
            better: None,
        }],
        run: run("r1", 2, &[("a|b", 100.0)]),
    };
    let document = baseline_document(&[baseline]);
    let row = "| a\\|b | wall\\_time | 101 ns | &lt;r0&gt; | 99.0 ns | r1 |";
    assert!(document.contains(&row.replace("wall\\_time", "wall_time")), "{document}");
}
