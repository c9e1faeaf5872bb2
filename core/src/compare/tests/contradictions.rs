//! Launches that contradict what they would be said to show.

use super::builders::{launch, only, pair, run, runs, side, timed, times, verdict};
use super::noise_model::Suite;
use crate::compare::{Comparison, Policy, Verdict, compare};
use crate::model::{Conditions, Machine, Run};

fn calm_history() -> Vec<Run> {
    runs("h", &[[1000.0, 1002.0, 999.0].as_slice(); 10])
}

fn against_history(candidate: &[f64]) -> Comparison {
    let after = run("new", [times("bench", candidate)]);
    compare(&side("history", &calm_history()), &side("new", [&after]), &Policy::default())
}

#[test]
fn a_launch_at_the_baselines_level_is_no_regression() {
    let comparison = against_history(&[1300.0, 1310.0, 1000.0]);
    let (word, reasons) = verdict(&comparison);
    assert_eq!(word, Verdict::Inconclusive, "{reasons}");
    assert!(reasons.contains("1 of 3 launches was as fast as the baseline"), "{reasons}");
    assert!(reasons.contains("more rounds that agree would settle it"), "{reasons}");
    assert_eq!(verdict(&against_history(&[1300.0, 1310.0, 1305.0])).0, Verdict::Regressed);
}

/// One of eleven is fewer than a tenth.
#[test]
fn one_launch_of_many_settles_nothing() {
    let mut lows = vec![1300.0; 10];
    lows.push(1000.0);
    assert_eq!(verdict(&against_history(&lows)).0, Verdict::Regressed);
}

#[test]
fn a_launch_of_the_baseline_at_the_candidates_level_is_no_improvement() {
    let before = times("a", &[1300.0, 1310.0, 1305.0, 1000.0]);
    let (word, reasons) = verdict(&pair(before, times("a", &[1000.0, 1001.0, 1002.0])));
    assert_ne!(word, Verdict::Improved, "{reasons}");
    let before = times("a", &[1300.0, 1310.0, 1305.0, 1303.0]);
    assert_eq!(verdict(&pair(before, times("a", &[1000.0; 3]))).0, Verdict::Improved);
}

/// Launches that disagree so are disturbed, all of them perhaps.
#[test]
fn launches_that_disagree_show_no_level() {
    let comparison = against_history(&[1400.0, 1700.0, 2000.0]);
    let (word, reasons) = verdict(&comparison);
    assert_eq!(word, Verdict::Inconclusive, "{reasons}");
    let row = only(&comparison);
    assert!(row.interval.unwrap()[0] < 0.2, "{row:?}");
    assert!(row.noise_floor.unwrap() > 0.03, "{row:?}");
    // One that is off among two that agree is the disturbed one.
    assert_eq!(verdict(&against_history(&[1400.0, 1403.0, 2000.0])).0, Verdict::Regressed);
}

/// A slower mode does not strike every launch: further rounds tell it from slower code.
#[test]
fn rounds_settle_what_only_a_slower_mode_excuses() {
    let mut history = runs("h", &[[1000.0].as_slice(); 10]);
    for at in [3, 6] {
        history[at] = run(&format!("h-{at}"), [times("bench", &[1280.0])]);
    }
    let after = run("new", [times("bench", &[1281.0, 1279.0, 1280.0])]);
    let comparison =
        compare(&side("history", &history), &side("new", [&after]), &Policy::default());
    let (word, reasons) = verdict(&comparison);
    assert_eq!(word, Verdict::Inconclusive, "{reasons}");
    let mode = "2 of 10 earlier launches of unchanged code were at this level too";
    assert!(reasons.contains(mode), "{reasons}");
    assert!(reasons.contains("would settle it") && !reasons.contains("will not"), "{reasons}");
}

/// Suites in which something keeps the machine busy throughout the candidate's run: each launch takes
/// longer by an exponential excess, and its values scatter.
fn busy(seed: u64, runs: usize, slower: f64) -> Comparison {
    let mut suite = Suite::calm(seed);
    let before = suite.runs(runs, 3);
    let after = suite.busy_run("after", 3, 0.3, slower);
    compare(&side("history", &before), &side("new", [&after]), &Policy::default())
}

#[test]
fn a_machine_that_is_busy_throughout_makes_nothing_red() {
    let red = (0..200).filter(|&seed| busy(seed, 10, 1.0).summary.regressed > 0).count();
    assert!(red <= 20, "{red} of 200");
}

#[test]
fn a_slowdown_of_everything_on_a_calm_machine_is_found() {
    let found = |seed: u64| {
        let mut suite = Suite::calm(seed);
        let before = suite.runs(10, 3);
        let after = suite.run("after", 3, 1.4);
        compare(&side("history", &before), &side("new", [&after]), &Policy::default())
            .summary
            .regressed
    };
    let found: usize = (0..100).map(found).sum();
    assert!(found >= 1_190, "{found} of 1200");
}

/// Single launches do not show it; what the machine did meanwhile may.
#[test]
fn a_machine_that_was_busier_makes_single_launches_less_sure() {
    let with = |id: &str, low: f64, others: f64| Run {
        machine: Some(Machine { cores: Some(2), ..Machine::default() }),
        conditions: Some(Conditions { others_cpus: Some(others), ..Conditions::default() }),
        ..run(id, [timed("bench", vec![launch(low, 0.06)])])
    };
    let history: Vec<Run> = (0..10).map(|n| with(&format!("h{n}"), 1000.0, 0.1)).collect();
    let p_value = |others: f64| {
        let after = with("new", 1300.0, others);
        let comparison =
            compare(&side("history", &history), &side("new", [&after]), &Policy::default());
        only(&comparison).p_value.unwrap()
    };
    assert!(p_value(1.9) > 3.0 * p_value(0.1), "{} {}", p_value(1.9), p_value(0.1));
    assert_eq!(p_value(0.1), p_value(0.0));
}
