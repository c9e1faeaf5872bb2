//! What the history and the accepted levels add.

use super::builders::{compared, launch, only, run, runs, side, timed, times, verdict};
use crate::compare::{Comparison, Context, Policy, Verdict, compare, compare_in};
use crate::model::Run;

fn in_history(before: &Run, after: &Run, history: &[Run]) -> Comparison {
    let history: Vec<&Run> = history.iter().collect();
    let context = Context { history: &history, levels: &[], ..Context::default() };
    compare_in(&side("main", [before]), &side("new", [after]), context, &Policy::default())
}

/// `100 * (1 + size * z)` for seven z of unit variance in no order.
fn scattered(size: f64) -> Vec<Vec<f64>> {
    [0.3, -1.5, 0.9, -0.6, 1.4, -0.9, 0.4]
        .map(|z| [-0.6, 0.7, 0.1].map(|own| 100.0 * (1.0 + size * (z + own))).to_vec())
        .to_vec()
}

fn history(size: f64) -> Vec<Run> {
    let lows = scattered(size);
    runs("h", &lows.iter().map(Vec::as_slice).collect::<Vec<_>>())
}

#[test]
fn the_history_widens_and_narrows_the_noise_floor() {
    let (before, after) =
        (run("1", [times("bench", &[100.0])]), run("2", [times("bench", &[100.0])]));
    let floor = |comparison: &Comparison| only(comparison).noise_floor.unwrap();
    let alone = floor(&compared(&before, &after));
    let calm = floor(&in_history(&before, &after, &history(0.004)));
    let restless = floor(&in_history(&before, &after, &history(0.08)));
    assert!(calm < alone && alone < restless, "{calm} {alone} {restless}");
    assert!(calm > 0.004 && calm < 0.015, "{calm}");
    assert!(restless > 0.05 && restless < 0.15, "{restless}");
}

#[test]
fn of_a_long_history_the_newest_runs_of_a_benchmark_count() {
    let (before, after) =
        (run("1", [times("bench", &[100.0])]), run("2", [times("bench", &[100.0])]));
    let restless = scattered(0.08);
    let many: Vec<&[f64]> = restless.iter().cycle().take(70).map(Vec::as_slice).collect();
    let calm: Vec<&[f64]> = vec![&[100.0, 100.3, 99.8]; 60];
    let all: Vec<Run> = runs("ago", &many).into_iter().chain(runs("since", &calm)).collect();
    let long = in_history(&before, &after, &all);
    assert_eq!(only(&long).history_runs, 39);
    assert!(only(&long).noise_floor.unwrap() < 0.015, "{:?}", only(&long));
    // Newer runs that did not measure it take nothing away.
    let others = (0..60).map(|n| run(&format!("other-{n}"), [times("another", &[5.0])]));
    let followed: Vec<Run> = runs("ago", &many).into_iter().chain(others).collect();
    let restless = in_history(&before, &after, &followed);
    assert_eq!(only(&restless).history_runs, 39);
    assert!(only(&restless).noise_floor.unwrap() > 0.05, "{:?}", only(&restless));
}

#[test]
fn a_noisy_history_makes_a_change_inconclusive() {
    let before = run("1", [times("bench", &[100.0; 3])]);
    let after = run("2", [times("bench", &[130.0; 3])]);
    assert_eq!(verdict(&in_history(&before, &after, &history(0.004))).0, Verdict::Regressed);
    let (word, reasons) = verdict(&in_history(&before, &after, &history(0.15)));
    assert_eq!(word, Verdict::Inconclusive, "{reasons}");
}

#[test]
fn a_history_of_one_is_a_baseline_of_one_run() {
    let (before, after) =
        (run("1", [times("bench", &[100.0; 3])]), run("2", [times("bench", &[130.0; 3])]));
    let alone = compare(&side("main", [&before]), &side("new", [&after]), &Policy::default());
    assert_eq!(verdict(&alone).0, Verdict::Regressed);
    // A run that is on a side already counts once.
    let again = in_history(&before, &after, std::slice::from_ref(&before));
    assert_eq!(only(&again), only(&alone));
}

#[test]
fn runs_before_a_shift_are_no_noise_of_a_baseline_after_it() {
    let long_ago: [&[f64]; 6] = [
        &[60.0, 60.4, 59.8],
        &[60.2, 59.9, 60.1],
        &[60.0, 60.3, 60.1],
        &[59.8, 60.0, 60.2],
        &[60.1, 59.7, 60.0],
        &[60.2, 60.1, 59.9],
    ];
    let since: [&[f64]; 6] = [
        &[100.0, 100.5, 99.5],
        &[100.2, 99.7, 100.1],
        &[99.9, 100.3, 100.0],
        &[100.1, 99.6, 100.4],
        &[100.0, 99.8, 100.2],
        &[99.9, 100.1, 100.3],
    ];
    let after = run("new", [times("bench", &[130.0; 3])]);
    let baseline = runs("since", &since);
    let since_only =
        compare(&side("history", &baseline), &side("new", [&after]), &Policy::default());
    assert_eq!(verdict(&since_only).0, Verdict::Regressed);
    // Even if whoever asks hands over the runs before the shift.
    let before = runs("ago", &long_ago);
    let all: Vec<&Run> = before.iter().collect();
    let context = Context { history: &all, levels: &[], ..Context::default() };
    let with_all = compare_in(
        &side("history", &baseline),
        &side("new", [&after]),
        context,
        &Policy::default(),
    );
    assert_ne!(verdict(&with_all).0, Verdict::Unchanged);
    assert!((only(&with_all).candidate.unwrap() - 130.0).abs() < 0.1);
}

/// One launch in four of this benchmark takes 12 % longer, as another layout of memory makes it.
#[test]
fn a_slower_mode_that_the_history_shows_is_no_regression() {
    let modes: [&[f64]; 8] = [
        &[100.0, 100.2, 112.0],
        &[100.1, 100.0, 99.9],
        &[112.1, 100.0, 100.2],
        &[100.0, 99.8, 100.1],
        &[100.2, 112.2, 100.0],
        &[100.1, 100.0, 100.0],
        &[99.9, 100.1, 111.9],
        &[100.0, 100.2, 100.1],
    ];
    let calm: Vec<&[f64]> = vec![&[100.0, 100.2, 99.9]; 8];
    let policy = super::builders::policy(r#"{"threshold":"5%"}"#);
    let after = run("new", [times("bench", &[112.0, 112.1])]);
    let against = |lows: &[&[f64]]| {
        let baseline = runs("h", lows);
        compare(&side("history", &baseline), &side("new", [&after]), &policy)
    };
    assert_eq!(verdict(&against(&calm)).0, Verdict::Regressed);
    let modal = against(&modes);
    assert_eq!(verdict(&modal).0, Verdict::Inconclusive, "{modal:?}");
    assert!(only(&modal).p_value.unwrap() > only(&against(&calm)).p_value.unwrap());
}

/// One earlier launch at the candidate's level: if nothing interfered with it, it is a mode.
#[test]
fn a_calm_launch_at_the_candidates_level_makes_a_mode() {
    let after = run("new", [times("bench", &[118.0, 118.2])]);
    let against = |spread: f64| {
        let calm: [&[f64]; 8] = [&[100.0, 100.2, 99.9]; 8];
        let mut baseline = runs("h", &calm);
        let odd = vec![launch(100.0, 0.01), launch(118.1, spread), launch(100.1, 0.01)];
        baseline[3] = run("h-3", [timed("bench", odd)]);
        let policy = super::builders::policy(r#"{"threshold":"10%"}"#);
        let comparison = compare(&side("history", &baseline), &side("new", [&after]), &policy);
        (verdict(&comparison).0, only(&comparison).p_value.unwrap())
    };
    let (restless, calm) = (against(0.3), against(0.01));
    assert_eq!(restless.0, Verdict::Regressed, "{restless:?}");
    assert_eq!(calm.0, Verdict::Inconclusive, "{calm:?}");
    assert!(calm.1 > 10.0 * restless.1);
}
