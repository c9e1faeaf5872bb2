//! The change points of whole histories: machines, directions, events, false ones among many.
#![allow(clippy::unwrap_used, reason = "tests may panic")]

use driftline_core::change::{
    Acknowledgement, ChangeContext, Changes, Effect, SETTLED_AFTER, SeriesShift, State, analyse,
    changes, changes_in,
};
use driftline_core::model::{
    BenchmarkId, Commit, Direction, History, Machine, Measurement, Metric, Round, Run, RunId,
    Summary, Unit,
};
use driftline_core::report;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// About normal noise of a standard deviation of 2 %, from a seed.
fn noise(seed: u64) -> impl FnMut() -> f64 {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    move || {
        let sum: f64 =
            (0..12).map(|_| (random.next_u64() >> 11) as f64 / 9_007_199_254_740_992.0).sum();
        1.0 + 0.02 * (sum - 6.0)
    }
}

fn measurement(id: &str, value: f64, better: Direction) -> Measurement {
    let summary = Summary { median: Some(value), ..Summary::default() };
    let unit = Unit::parse(if better == Direction::Lower { "ns" } else { "ops/s" }).0;
    let rounds = vec![Round::summarised(summary)];
    Measurement::new(BenchmarkId::new(id).unwrap(), Metric::wall_time(), unit, better, rounds)
        .unwrap()
}

/// A run of the commit at `at`; every second commit of the branch was measured.
fn run(at: usize, machine: &str, measurements: Vec<Measurement>) -> Run {
    let mut run = Run::new(RunId::new(format!("{machine}-{at}")).unwrap(), measurements);
    run.machine = Some(Machine { name: Some(machine.into()), ..Machine::default() });
    run.commit = Some(Commit {
        id: format!("{at:040x}"),
        order: Some(2 * at as u64),
        subject: (at == 30).then(|| "Rewrite the lookup".into()),
        ..Commit::default()
    });
    run
}

/// 60 commits: at the 30th three get 20 % slower and one gets faster; `gone` recovers at the 45th;
/// `fresh` shifts in the last three.
fn history() -> History {
    let mut noise = noise(1);
    let runs = (0..60).map(|at| {
        let late = |from: usize, size: f64| if at >= from { size } else { 1.0 };
        let mut of =
            |id: &str, factor: f64| measurement(id, 1_000.0 * factor * noise(), Direction::Lower);
        let mut all = vec![
            of("a", late(30, 1.2)),
            of("b", late(30, 1.2)),
            of("c", late(30, 1.2)),
            of("gone", late(30, 1.3) / late(45, 1.3)),
            of("fresh", late(57, 1.2)),
            of("flat", 1.0),
        ];
        all.push(measurement("rate", 1_000.0 * late(30, 1.2) * noise(), Direction::Higher));
        run(at, "one", all)
    });
    History::new(runs.collect())
}

fn points<'a>(found: &'a Changes, id: &str) -> &'a [driftline_core::change::ChangePoint] {
    &found.series.iter().find(|series| series.id == id).unwrap().change_points
}

#[test]
fn tells_where_by_how_much_and_what_it_means() {
    let found = changes(&history(), &[]);
    assert_eq!(found.summary.series, 7);
    assert!(points(&found, "flat").is_empty());
    let [a] = points(&found, "a") else { panic!("{:?}", points(&found, "a")) };
    assert_eq!((a.index, a.state, a.effect), (30, State::Settled, Effect::Regression));
    assert_eq!(a.run, "one-30");
    let [first, last] = a.candidate_indices;
    assert!(first <= 30 && 30 <= last && last - first < 4, "{a:?}");
    assert_eq!(a.last_before, Some(format!("{:040x}", first - 1)));
    // Every second commit was measured: the others are in question too.
    assert_eq!(a.commits, Some(2 * (last - first + 1) as u64));
    let [lower, upper] = a.interval.unwrap();
    assert!(lower < 0.2 && 0.2 < upper && upper - lower < 0.1, "{a:?}");
    assert!(a.holds && a.recovered.is_none() && a.q_value < 0.001, "{a:?}");
    assert_eq!(points(&found, "rate")[0].effect, Effect::Improvement);
}

#[test]
fn what_recovers_does_not_hold() {
    let found = changes(&history(), &[]);
    let [up, down] = points(&found, "gone") else { panic!("{:?}", points(&found, "gone")) };
    assert_eq!((up.effect, down.effect), (Effect::Regression, Effect::Improvement));
    assert!(!up.holds && down.holds);
    assert_eq!(up.recovered.as_deref(), Some(down.run.as_str()));
}

#[test]
fn the_newest_runs_make_it_probable_only() {
    let found = changes(&history(), &[]);
    let [fresh] = points(&found, "fresh") else { panic!("{:?}", points(&found, "fresh")) };
    assert_eq!((fresh.index, fresh.state, fresh.settled_in), (57, State::Probable, Some(3)));
    let settled = found.retaining(|change| change.state == State::Settled);
    assert_eq!(settled.summary.probable, 0);
    assert!(points(&settled, "fresh").is_empty());
}

#[test]
fn one_commit_is_one_event() {
    let found = changes(&history(), &[]);
    let event = found.events.iter().find(|e| e.members.len() > 1).unwrap();
    assert_eq!(event.commit, Some(format!("{:040x}", 30)));
    assert_eq!(event.subject.as_deref(), Some("Rewrite the lookup"));
    assert_eq!((event.regressions, event.improvements), (4, 1));
    assert!((event.median_change.unwrap() - 0.2).abs() < 0.05, "{event:?}");
    for event in &found.events {
        for member in &event.members {
            let change = &found.series[member.series].change_points[member.change_point];
            assert_eq!((member.change, member.effect), (change.change, change.effect));
        }
    }
}

#[test]
fn acknowledged_changes_say_so_and_can_be_hidden() {
    let known = Acknowledgement {
        commit: format!("{:040x}", 30),
        benchmark: "?".into(),
        reason: "the price of safety".into(),
        ..Acknowledgement::default()
    };
    let found = changes(&history(), &[known]);
    assert_eq!(points(&found, "a")[0].acknowledged.as_deref(), Some("the price of safety"));
    assert_eq!(points(&found, "gone")[0].acknowledged, None);
    assert_eq!(found.summary.acknowledged, 3);
    let hidden = found.without_acknowledged();
    assert!(points(&hidden, "a").is_empty());
    let event = hidden.events.iter().find(|e| e.members.len() > 1).unwrap();
    assert_eq!((event.regressions, event.improvements), (1, 1));
}

#[test]
fn a_choice_of_benchmarks_keeps_the_events_in_step() {
    let found = changes(&history(), &[]).of_benchmarks(&|id| id == "c" || id == "rate");
    assert_eq!(found.summary.series, 2);
    let event = found.events.iter().find(|e| e.members.len() > 1).unwrap();
    let ids: Vec<&str> = event.members.iter().map(|m| found.series[m.series].id.as_str()).collect();
    assert_eq!(ids, event.members.iter().map(|m| m.id.as_str()).collect::<Vec<_>>());
}

#[test]
fn another_machine_is_no_change() {
    let mut noise = noise(2);
    let runs = (0..80).map(|at| {
        let (machine, speed) = if at % 2 == 0 { ("fast", 1.0) } else { ("slow", 3.0) };
        run(at, machine, vec![measurement("x", 1_000.0 * speed * noise(), Direction::Lower)])
    });
    let found = changes(&History::new(runs.collect()), &[]);
    assert_eq!(found.series.len(), 2);
    assert!(found.events.is_empty(), "{:?}", found.events);
}

#[test]
fn a_slow_drift_is_told_and_is_no_step() {
    let mut noise = noise(5);
    let runs = (0..70).map(|at| {
        let value = 1_000.0 * (1.0 + 0.004 * at as f64) * noise();
        let mut run = run(at, "one", vec![measurement("x", value, Direction::Lower)]);
        let week = jiff::SignedDuration::from_hours(24 * i64::try_from(at).unwrap());
        run.time = Some("2026-01-01T00:00:00Z".parse::<jiff::Timestamp>().unwrap() + week);
        run
    });
    let found = changes(&History::new(runs.collect()), &[]);
    let series = &found.series[0];
    assert!(series.change_points.is_empty(), "{:?}", series.change_points);
    let drift = series.drift.as_ref().unwrap();
    assert_eq!(drift.effect, Effect::Regression);
    assert!((drift.total - 0.276).abs() < 0.04, "{drift:?}");
    assert!((drift.weeks.unwrap() - 69.0 / 7.0).abs() < 1e-9);
    assert!((drift.per_week.unwrap() - 0.025).abs() < 0.005, "{drift:?}");
}

#[test]
fn commits_twice_or_out_of_order_and_runs_of_dirty_trees() {
    let mut noise = noise(4);
    let mut runs: Vec<Run> = (0..60)
        .map(|at| {
            let value = 1_000.0 * if at >= 30 { 1.2 } else { 1.0 } * noise();
            run(at, "one", vec![measurement("x", value, Direction::Lower)])
        })
        .collect();
    let mut again = runs[10].clone();
    again.id = RunId::new("again").unwrap();
    runs.push(again);
    runs.reverse();
    let mut dirty = run(61, "one", vec![measurement("x", 9e9, Direction::Lower)]);
    dirty.commit.as_mut().unwrap().dirty = true;
    runs.push(dirty);
    let found = changes(&History::new(runs), &[]);
    assert_eq!(points(&found, "x").len(), 1);
    assert_eq!(points(&found, "x")[0].run, "one-30");
    assert_eq!(found.skipped.len(), 1);
    let none = changes(&History::default(), &[]);
    assert_eq!((none.summary.series, none.events.len()), (0, 0));
}

/// 40 histories of 50 series without a step: listing anything at all in more than 5 of them would be
/// less likely than 1.4 % if 5 % were listed (binomial).
#[test]
fn few_are_false_among_many_flat_series() {
    let mut listed = 0;
    for seed in 0..40 {
        let mut noise = noise(100 + seed);
        let runs = (0..60).map(|at| {
            let all = (0..50)
                .map(|b| measurement(&format!("{b}"), 1_000.0 * noise(), Direction::Lower))
                .collect();
            run(at, "one", all)
        });
        let found = changes(&History::new(runs.collect()), &[]);
        listed += usize::from(found.events.iter().any(|e| e.state == State::Settled));
    }
    assert!(listed <= 5, "{listed} of 40");
}

/// 300 series with a step of 4 % in noise of 2 %: at 95 % fewer than 275 of 300 would be rarer than
/// one in a hundred.
#[test]
fn the_candidates_hold_the_true_run() {
    let (mut found, mut inside, mut sized) = (0, 0, 0);
    for seed in 0..300 {
        let mut noise = noise(1_000 + seed);
        let values: Vec<f64> =
            (0..80).map(|t| 1_000.0 * if t < 40 { 1.0 } else { 1.04 } * noise()).collect();
        let shifts = analyse(&values).shifts;
        let Some(shift) = shifts.iter().find(|s| s.settled && s.index.abs_diff(40) <= 15) else {
            continue;
        };
        found += 1;
        inside += usize::from((shift.candidates[0]..=shift.candidates[1]).contains(&40));
        sized += usize::from(shift.interval.is_some_and(|[l, u]| l <= 0.04 && 0.04 <= u));
    }
    assert!(found >= 285, "{found}");
    assert!(inside * 300 >= 275 * found, "{inside} of {found}");
    assert!(sized * 300 >= 270 * found, "{sized} of {found}");
}

/// A step of 10 % in noise of 2 %: told after two runs in 75 % of all cases, after four in 92 %; in
/// the last ten runs of a flat history an alarm in 0.5 %, so at most 6 of 400 but once in a hundred.
#[test]
fn a_shift_at_the_end_is_told_soon() {
    let mut told = [0_u32; 5];
    let mut alarms = 0;
    for seed in 0..400 {
        let mut noise = noise(5_000 + seed);
        let values: Vec<f64> =
            (0..85).map(|t| 1_000.0 * if t < 80 { 1.0 } else { 1.1 } * noise()).collect();
        alarms += u32::from(analyse(&values[..80]).shifts.iter().any(|s| s.index >= 70));
        for (runs, told) in told.iter_mut().enumerate() {
            let shifts = analyse(&values[..=80 + runs]).shifts;
            let here = |s: &SeriesShift| s.index.abs_diff(80) <= 3;
            *told += u32::from(shifts.iter().any(here));
            let young = |s: &&SeriesShift| s.index + SETTLED_AFTER > 81 + runs;
            assert!(shifts.iter().filter(young).all(|s| !s.settled), "{shifts:?}");
        }
    }
    assert!(told[1] >= 300 && told[3] >= 368, "{told:?}");
    assert!(alarms <= 6, "{alarms}");
}

#[test]
fn names_from_outside_are_escaped() {
    let mut noise = noise(6);
    let name = "<b>|x\u{1b}[2J";
    let runs = (0..40).map(|at| {
        let value = 1_000.0 * if at >= 20 { 1.5 } else { 1.0 } * noise();
        let mut run = run(at, "m\u{1b}[1m", vec![measurement(name, value, Direction::Lower)]);
        run.commit.as_mut().unwrap().subject = Some("=\u{1b}]0;title\u{7}<script>".into());
        run
    });
    let found = changes(&History::new(runs.collect()), &[]);
    assert_eq!(found.events.len(), 1);
    let own = ["\u{1b}[0m", "\u{1b}[1m", "\u{1b}[2m", "\u{1b}[1;38;5;208m"];
    let table = report::changes_table(&found, Some(80));
    let chart = report::series_chart(&found.series[0], 80);
    for text in [table, chart] {
        let rest = own.iter().fold(text, |text, sequence| text.replace(sequence, ""));
        assert!(!rest.contains(['\u{1b}', '\u{7}']), "{rest:?}");
    }
    let markdown = report::changes_markdown(&found);
    assert!(!markdown.contains("<b>") && !markdown.contains("<script>"), "{markdown}");
}

/// 60 runs of a benchmark that gets 20 % slower at the 30th, each as `edit` leaves it.
fn edited(edit: impl Fn(usize, &mut Run)) -> Vec<Run> {
    let mut noise = noise(11);
    let runs = (0..60).map(|at| {
        let value = 1_000.0 * if at >= 30 { 1.2 } else { 1.0 } * noise();
        let mut run = run(at, "one", vec![measurement("x", value, Direction::Lower)]);
        edit(at, &mut run);
        run
    });
    runs.collect()
}

#[test]
fn different_commits_at_one_position_are_not_the_same() {
    let found = changes(
        &History::new(edited(|at, run| {
            run.commit.as_mut().unwrap().order = Some(if at < 30 { at as u64 } else { 29 });
        })),
        &[],
    );
    let [change] = points(&found, "x") else { panic!("{:?}", points(&found, "x")) };
    assert_eq!(change.commits, None);
    assert!(found.warnings.iter().any(|w| w.contains("the same position")), "{:?}", found.warnings);
    let table = report::changes_table(&found, Some(80));
    assert!(!table.contains("not the code"), "{table}");
    // All runs of one commit: nothing but the machine can have changed.
    let found = changes(
        &History::new(edited(|_, run| {
            let commit = run.commit.as_mut().unwrap();
            (commit.id, commit.order) = ("f".repeat(40), None);
        })),
        &[],
    );
    assert_eq!(points(&found, "x")[0].commits, Some(0));
    let table = report::changes_table(&found, Some(80));
    assert!(
        table.contains("among the runs of ffffffffff: the same commit, so not the code"),
        "{table}"
    );
}

#[test]
fn an_order_that_is_partly_missing_is_no_silent_improvement() {
    let mut runs = edited(|at, run| {
        if at == 59 {
            run.commit.as_mut().unwrap().order = None;
        }
    });
    runs.reverse();
    let found = changes(&History::new(runs), &[]);
    assert!(
        found.warnings.iter().any(|w| w.contains("1 of 60 runs") && w.contains("contradict")),
        "{:?}",
        found.warnings
    );
}

#[test]
fn runs_of_other_branches_are_left_out_and_counted() {
    let mut noise = noise(12);
    let runs = (0..90).map(|at| {
        let topic = at % 3 == 1;
        let value = 1_000.0 * if topic && at > 40 { 1.4 } else { 1.0 } * noise();
        let mut run = run(at, "one", vec![measurement("x", value, Direction::Lower)]);
        run.commit.as_mut().unwrap().branch = Some(if topic { "topic" } else { "main" }.into());
        run
    });
    let history = History::new(runs.collect());
    let of = |default_branch| {
        changes_in(&history, ChangeContext { default_branch, ..ChangeContext::default() })
    };
    let main = of(Some("main"));
    assert_eq!((main.runs, main.summary.events), (60, 0));
    assert_eq!(main.skipped.len(), 1);
    let left_out = &main.skipped[0];
    assert_eq!((left_out.name.as_str(), left_out.count), ("30 runs", 30));
    assert!(left_out.reason.contains("other branches than main"), "{left_out:?}");
    assert_eq!(of(None).runs, 90);
}

#[test]
fn another_toolchain_at_the_change_is_said() {
    let runs = edited(|at, run| {
        let version = if at < 30 { "1.94.0 (a 2026-03-01)" } else { "1.95.0 (b 2026-04-14)" };
        run.toolchain = Some(format!("rustc {version}"));
    });
    let found = changes(&History::new(runs), &[]);
    let [change] = points(&found, "x") else { panic!("{:?}", points(&found, "x")) };
    assert_eq!(change.circumstances.len(), 1);
    assert_eq!(
        (change.circumstances[0].what.as_str(), change.circumstances[0].run.as_str()),
        ("toolchain", "one-30")
    );
    let said = "toolchain rustc 1.94.0 → rustc 1.95.0 at this run";
    for text in [
        report::changes_table(&found, Some(80)),
        report::changes_csv(&found),
        report::changes_markdown(&found),
        report::series_chart(&found.series[0], 200),
    ] {
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_change_among_runs_of_one_commit_is_that_commits() {
    // Ten runs of each commit: the one at 30 began to be slow after its first two runs.
    let mut noise = noise(13);
    let runs = (0..60).map(|at| {
        let value = 1_000.0 * if at >= 32 { 1.03 } else { 1.0 } * noise();
        let mut run = run(at, "one", vec![measurement("x", value, Direction::Lower)]);
        let commit = run.commit.as_mut().unwrap();
        (commit.id, commit.order) = (format!("{:040x}", at / 10), Some(at as u64 / 10));
        run
    });
    let found = changes(&History::new(runs.collect()), &[]);
    let [change] = points(&found, "x") else { panic!("{:?}", points(&found, "x")) };
    assert_eq!((change.index, change.run.as_str()), (30, "one-30"), "{change:?}");
    let starts: Vec<usize> = found.series[0].segments.iter().map(|s| s.start).collect();
    assert_eq!(starts, [0, 30]);
    assert_eq!(found.events[0].commit, change.commit);
}

/// Two machines, the benchmark slower on both from the 30th commit on; without positions.
fn on_two_machines() -> Changes {
    let mut noise = noise(14);
    let runs = (0..60).flat_map(|at| {
        ["one", "two"].map(|machine| {
            let value = 1_000.0 * if at >= 30 { 1.2 } else { 1.0 } * noise();
            let mut run = run(at, machine, vec![measurement("x", value, Direction::Lower)]);
            run.commit.as_mut().unwrap().order = None;
            run
        })
    });
    changes(&History::new(runs.collect()), &[])
}

#[test]
fn two_machines_are_not_two_benchmarks_and_runs_of_one_commit_are_one_event() {
    let found = on_two_machines();
    assert_eq!((found.series.len(), found.events.len()), (2, 1), "{:?}", found.events);
    let event = &found.events[0];
    assert_eq!((event.members.len(), event.regressions), (2, 1));
    let table = report::changes_table(&found, Some(80));
    assert!(table.contains("1 benchmark worse") && table.contains("machine"), "{table}");
    let alone = found.of_benchmarks(&|_| true).retaining(|change| change.run.starts_with("two"));
    assert_eq!(alone.events[0].members.len(), 1);
    assert_eq!(alone.events[0].run, "two-30");
}

#[test]
fn an_acknowledged_commit_need_not_be_measured() {
    let history = History::new(edited(|_, _| ()));
    let with = |known: Acknowledgement| changes(&history, &[known]);
    let known = |commit: &str| Acknowledgement {
        commit: commit.into(),
        benchmark: "*".into(),
        reason: "known".into(),
        ..Acknowledgement::default()
    };
    let reason = |found: &Changes| points(found, "x")[0].acknowledged.clone();
    let all = with(known(&format!(" {:040X} ", 30)));
    assert_eq!(reason(&all).as_deref(), Some("known"));
    assert!(all.warnings.is_empty(), "{:?}", all.warnings);
    // The position between the last run before and the change, where nothing was measured.
    let between = Acknowledgement { order: Some(59), ..known("HEAD~3") };
    assert_eq!(reason(&with(between)).as_deref(), Some("known"));
    assert_eq!(reason(&with(known("one-30"))).as_deref(), Some("known"));
    for (order, commit) in [(Some(10), "HEAD~50"), (None, "HEAD~3"), (None, "abc")] {
        let found = with(Acknowledgement { order, ..known(commit) });
        assert_eq!(reason(&found), None);
        assert!(found.warnings.iter().any(|w| w.contains(commit)), "{:?}", found.warnings);
    }
}

#[test]
fn an_acknowledgement_marks_the_nearest_change_only() {
    let mut noise = noise(15);
    let runs = (0..80).map(|at| {
        let factor = if at >= 44 {
            1.23
        } else if at >= 40 {
            1.2
        } else {
            1.0
        };
        let value = 1_000.0 * factor * if at >= 60 { 1.3 } else { 1.0 } * noise();
        run(at, "one", vec![measurement("x", value, Direction::Lower)])
    });
    let history = History::new(runs.collect());
    let known = Acknowledgement {
        commit: format!("{:040x}", 40),
        benchmark: "x".into(),
        ..Acknowledgement::default()
    };
    let found = changes(&history, &[known]);
    let marked: Vec<usize> = points(&found, "x")
        .iter()
        .filter(|change| change.acknowledged.is_some())
        .map(|change| change.index)
        .collect();
    assert_eq!(marked, [40]);
    assert!(points(&found, "x").len() > 1);
}

#[test]
fn the_footnote_speaks_of_what_was_judged() {
    let found = changes(&history(), &[]);
    let text = |found: &Changes| report::changes_table(found, None);
    assert!(
        text(&found)
            .contains("at most 5 % (of the probable ones 10 %) of these are expected to be false")
    );
    let part = found.clone().of_benchmarks(&|id| id == "a");
    let expected = format!(
        "at most 5 % of all {} changes that were found in 7 series",
        found.judged.change_points + found.judged.drifts
    );
    assert!(text(&part).contains(&expected), "{}", text(&part));
    let none = found.of_benchmarks(&|id| id == "flat");
    assert!(text(&none).contains("no change points") && !text(&none).contains("false"));
}

#[test]
fn the_size_of_an_event_is_told_of_the_side_it_is_of() {
    let table = report::changes_table(&changes(&history(), &[]), Some(100));
    assert!(table.contains("4 benchmarks worse (median +2"), "{table}");
    assert!(table.contains("), 1 better"), "{table}");
}

#[test]
fn a_drift_beside_steps_does_not_deny_them() {
    let mut noise = noise(16);
    let runs = (0..100).map(|at| {
        let step = if at >= 50 { 1.5 } else { 1.0 };
        let value = 1_000.0 * (1.0 + 0.004 * at as f64) * step * noise();
        run(at, "one", vec![measurement("x", value, Direction::Lower)])
    });
    let found = changes(&History::new(runs.collect()), &[]);
    let steps = found.series[0].change_points.len();
    assert!(found.series[0].drift.is_some() && steps > 0, "{:?}", found.series[0]);
    let table = report::changes_table(&found, None);
    assert!(table.contains("beside 1 step") && !table.contains("no single step"), "{table}");
    // Without times the amount is said once.
    assert!(table.contains(" in 100 runs, beside") && !table.contains("in all"), "{table}");
}

/// Text without the sequences that colour it.
fn plain(text: &str) -> String {
    let mut rest = text;
    let mut out = String::new();
    while let Some((before, sequence)) = rest.split_once('\u{1b}') {
        out += before;
        rest = sequence.split_once('m').map_or("", |(_, after)| after);
    }
    out + rest
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let mut runs = history().runs().to_vec();
    for run in &mut runs {
        let at = run.order().unwrap();
        run.toolchain = Some(if at < 60 { "rustc 1.94.0" } else { "rustc 1.95.0" }.into());
        run.time = jiff::Timestamp::from_second(1_800_000_000 + 86_400 * at.cast_signed()).ok();
        let subject = "a subject that is about as long as such lines are in most repositories";
        run.commit.as_mut().unwrap().subject = Some(subject.into());
    }
    let known = Acknowledgement {
        commit: format!("{:040x}", 30),
        benchmark: "b".into(),
        reason: "the price of safety, which everybody who was asked found to be low enough".into(),
        ..Acknowledgement::default()
    };
    let found = changes(&History::new(runs), &[known]);
    for width in [40, 80, 200] {
        let table = report::changes_table(&found, Some(width));
        let charts = found.series.iter().map(|series| report::series_chart(series, width));
        for text in charts.chain([table]) {
            for line in plain(&text).lines() {
                assert!(line.chars().count() <= width, "{width}: {line:?}");
            }
        }
    }
    let chart = |id: &str| {
        let series = found.series.iter().find(|series| series.id == id).unwrap();
        plain(&report::series_chart(series, 80))
    };
    assert!(chart("gone").contains('▲') && chart("gone").contains("▼ better"));
    assert!(chart("b").contains('△') && chart("b").contains("△▽ acknowledged"), "{}", chart("b"));
    assert!(chart("fresh").contains("┊ probable"));
    assert!(chart("a").contains("2027-01-15 0000000000 "), "{}", chart("a"));
}

#[test]
fn a_drawing_has_one_scale() {
    let drawn = |values: &[f64]| {
        let runs = values.iter().enumerate();
        let runs = runs.map(|(at, v)| run(at, "one", vec![measurement("x", *v, Direction::Lower)]));
        plain(&report::series_chart(&changes(&History::new(runs.collect()), &[]).series[0], 60))
    };
    let line = |chart: &str, label: &str| -> String {
        let found = chart.lines().find(|line| line.starts_with(label));
        found.unwrap_or_else(|| panic!("no {label}: {chart}")).to_owned()
    };
    let is_dotted = |line: &str| line.chars().any(|c| ('\u{2801}'..='\u{28ff}').contains(&c));
    assert!(is_dotted(&line(&drawn(&[5.0; 12]), "5.00 ns")));
    let zeros = drawn(&[0.0; 12]);
    assert!(is_dotted(&line(&zeros, "0 ns")) && zeros.contains("noise none"), "{zeros}");
    assert!(!zeros.contains("ps"), "{zeros}");
    let huge = drawn(&[1e308; 12]);
    assert!(is_dotted(&line(&huge, "1.00e299 s")) && !huge.contains("inf"), "{huge}");
    let mixed: Vec<f64> = (0..12).map(|i| if i % 2 == 0 { 1e308 } else { 1e-300 }).collect();
    assert!(!drawn(&mixed).contains("inf"), "{}", drawn(&mixed));
}
