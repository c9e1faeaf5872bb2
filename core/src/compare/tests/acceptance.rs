//! Regressions that are accepted on purpose.

use super::builders::{compared, measured, row, run, runs, side, times};
use crate::change::Acknowledgement;
use crate::compare::{
    Acceptance, AcceptanceState, Comparison, Evidence, Overall, Policy, Verdict, accept,
};
use crate::model::{Direction, Run, RunId};

fn acceptance(pattern: &str) -> Acceptance {
    let known = Acknowledgement {
        benchmark: pattern.into(),
        reason: "checksums".into(),
        ..Acknowledgement::default()
    };
    let source = "accepted.toml".into();
    Acceptance { known, metric: None, until: None, limit: None, at: None, source }
}

fn until(pattern: &str, date: &str) -> Acceptance {
    Acceptance { until: Some(date.parse().unwrap()), ..acceptance(pattern) }
}

fn accepting(comparison: &mut Comparison, given: &[Acceptance]) {
    accept(comparison, given, &[], &Policy::default(), "2026-11-24".parse().unwrap());
}

/// Two are 50 % slower, one as it was.
fn two_slower() -> Comparison {
    let of = |id, factor: f64| {
        let level = |level: f64| [level, level * 1.001, level * 1.002];
        let slow = ["slow/a", "slow/b"].map(|id| times(id, &level(100.0 * factor)));
        run(id, [slow.to_vec(), vec![times("same", &level(100.0))]].concat())
    };
    let comparison = compared(&of("1", 1.0), &of("2", 1.5));
    assert_eq!(comparison.summary.regressed, 2);
    comparison
}

#[test]
fn what_is_accepted_is_counted_apart_and_fails_nothing() {
    let mut comparison = two_slower();
    accepting(&mut comparison, &[until("slow/a", "2026-11-24")]);
    let summary = comparison.summary;
    assert_eq!((summary.compared, summary.regressed, summary.accepted), (3, 1, 1));
    assert_eq!(summary.overall(), Overall::Regressed);
    // What fails comes first.
    assert_eq!(comparison.benchmarks[0].id, "slow/b");
    assert!(comparison.benchmarks[0].acceptance.is_none());
    let accepted = row(&comparison, "slow/a");
    assert!(accepted.is_accepted() && !accepted.is_failing());
    assert_eq!(accepted.verdict, Verdict::Regressed, "it is shown as what it is");
    let said = accepted.reasons.last().unwrap();
    assert_eq!(said, "accepted until 2026-11-24: checksums (accepted.toml)");

    let mut comparison = two_slower();
    accepting(&mut comparison, &[acceptance("*")]);
    assert_eq!(comparison.summary.overall(), Overall::Accepted);
    assert!(!comparison.summary.any_regression());
    assert!(row(&comparison, "same").acceptance.is_none());
    assert_eq!(comparison.warnings, [""; 0]);
}

#[test]
fn what_is_over_fails_again_and_is_said() {
    let mut comparison = two_slower();
    accepting(&mut comparison, &[until("slow/a", "2026-11-23"), until("same", "2026-01-01")]);
    assert_eq!((comparison.summary.regressed, comparison.summary.accepted), (2, 0));
    let expired = row(&comparison, "slow/a").acceptance.as_ref().unwrap();
    assert_eq!(expired.state, AcceptanceState::Expired);
    let [failing, idle] = comparison.warnings.as_slice() else { panic!("{comparison:#?}") };
    assert!(
        failing.contains("of slow/a (accepted.toml) ended on 2026-11-23: what it accepted fails")
    );
    assert!(idle.contains("of same (accepted.toml) ended on 2026-01-01, and nothing needs it"));
    // Another one that holds makes up for it.
    let mut comparison = two_slower();
    accepting(&mut comparison, &[until("slow/*", "2026-11-23"), acceptance("slow/a")]);
    assert!(row(&comparison, "slow/a").is_accepted() && !row(&comparison, "slow/b").is_accepted());
}

#[test]
fn a_pattern_that_matches_nothing_is_warned_of() {
    let mut comparison = two_slower();
    let metric = Some("alloc*".to_owned());
    accepting(
        &mut comparison,
        &[acceptance("solw/*"), Acceptance { metric, ..acceptance("same") }],
    );
    let [first, second] = comparison.warnings.as_slice() else { panic!("{comparison:#?}") };
    assert!(first.contains("of solw/* (accepted.toml) concerns no benchmark: look for a misspelt"));
    assert!(second.contains("of same, alloc* (accepted.toml) concerns no benchmark"));
    assert_eq!(comparison.summary.regressed, 2);
}

#[test]
fn a_limit_is_of_the_worse_side_whichever_way_is_better() {
    let limited = |percent: f64, comparison: &mut Comparison| {
        let limit = Some(percent.to_string().parse().unwrap());
        accepting(comparison, &[Acceptance { limit, ..acceptance("*") }]);
        comparison.benchmarks[0].acceptance.as_ref().unwrap().state
    };
    assert_eq!(limited(0.6, &mut two_slower()), AcceptanceState::Accepted);
    let mut comparison = two_slower();
    assert_eq!(limited(0.4, &mut comparison), AcceptanceState::Exceeded);
    assert_eq!(comparison.summary.regressed, 2);
    let said = comparison.benchmarks[0].reasons.last().unwrap();
    assert_eq!(
        said,
        "worse than what was accepted (accepted up to 40 %): checksums (accepted.toml)"
    );
    let rate = |id: &str, levels: &[f64; 3]| {
        let rounds = levels.map(|level| super::builders::launch(level, 0.001)).to_vec();
        run(id, [measured("rate", "throughput", "op/s", Direction::Higher, rounds)])
    };
    // 100 → 50 is 50 % less, and 100 % worse.
    let halved = || compared(&rate("1", &[100.0, 100.1, 100.2]), &rate("2", &[50.0, 50.1, 50.2]));
    assert_eq!(halved().summary.regressed, 1);
    assert_eq!(limited(0.9, &mut halved()), AcceptanceState::Exceeded);
    assert_eq!(limited(1.0, &mut halved()), AcceptanceState::Accepted);
}

/// Runs at 100, then one at 150 whose level is accepted, then `after`.
fn stepped(after: f64) -> (Vec<Run>, Acceptance) {
    let levels = [100.0, 100.2, 99.9, 100.1, 100.3, 99.8, 150.0, 160.0, after];
    let lows: Vec<Vec<f64>> = levels.map(|l| [l, l * 1.001, l * 1.002].to_vec()).to_vec();
    let all = runs("r", &lows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let at = Some(RunId::new("r-6").unwrap());
    (all, Acceptance { at, ..acceptance("bench") })
}

fn judged(all: &[Run], levels_of: &[Run], given: &[Acceptance]) -> Comparison {
    let policy = Policy::default();
    let today = "2026-11-24".parse().unwrap();
    let (newest, earlier) = all.split_last().unwrap();
    let earlier: Vec<&Run> = earlier.iter().collect();
    let levels: Vec<_> =
        levels_of.iter().flat_map(|run| crate::compare::levels_of_run(run, &[], &policy)).collect();
    let evidence = Evidence::new(earlier.clone(), &levels, 10, &policy);
    let evidence = evidence.accepting(given, &policy, today);
    let baseline = side("history", earlier[..6].iter().copied());
    let mut comparison = evidence.judge(&baseline, &side("new", [newest]), &policy);
    accept(&mut comparison, given, evidence.comparable(), &policy, today);
    comparison
}

/// To the nanosecond.
fn accepted_level(comparison: &Comparison) -> f64 {
    comparison.benchmarks[0].drift.as_ref().unwrap().accepted.round()
}

#[test]
fn the_level_of_the_accepted_run_is_the_accepted_one_from_then_on() {
    let (all, acceptance) = stepped(150.1);
    let before = judged(&all, &all[..1], &[]);
    assert_eq!((before.summary.regressed, before.summary.accepted), (1, 0));
    assert_eq!(accepted_level(&before), 100.0);
    let after = judged(&all, &all[..1], std::slice::from_ref(&acceptance));
    assert_eq!((after.summary.regressed, after.summary.accepted), (0, 1));
    let drift = after.benchmarks[0].drift.as_ref().unwrap();
    assert_eq!((accepted_level(&after), drift.verdict), (150.0, Verdict::Unchanged));
    // Once it is over, the level before it counts again.
    let over = Acceptance { until: Some("2026-01-01".parse().unwrap()), ..acceptance };
    let after = judged(&all, &all[..1], &[over]);
    assert_eq!(accepted_level(&after), 100.0);
}

#[test]
fn a_further_regression_is_not_what_was_accepted() {
    let (all, acceptance) = stepped(200.0);
    let comparison = judged(&all, &all[..1], &[acceptance]);
    assert_eq!((comparison.summary.regressed, comparison.summary.accepted), (1, 0));
    let row = &comparison.benchmarks[0];
    assert_eq!(row.acceptance.as_ref().unwrap().state, AcceptanceState::Exceeded);
    let said = row.reasons.last().unwrap();
    assert!(said.contains("accepted were 150 ns, and it is +33.3 % worse than that"), "{said}");
}

#[test]
fn a_baseline_saved_since_is_the_later_word() {
    let (all, acceptance) = stepped(150.1);
    let comparison = judged(&all, &all[7..8], &[acceptance]);
    assert_eq!(accepted_level(&comparison), 160.0);
}

#[test]
fn what_drifted_is_accepted_too() {
    let all = runs("r", &[&[150.0, 150.1, 150.2], &[150.3, 150.1, 150.2]]);
    let accepted = runs("a", &[&[100.0, 100.1, 100.2]]);
    let of = |given: &[Acceptance]| {
        let policy = Policy::default();
        let levels = crate::compare::levels_of_run(&accepted[0], &[], &policy);
        let evidence = Evidence::new(vec![&all[0]], &levels, 10, &policy);
        let mut comparison =
            evidence.judge(&side("m", [&all[0]]), &side("new", [&all[1]]), &policy);
        accepting(&mut comparison, given);
        comparison
    };
    let drifted = of(&[]);
    assert_eq!((drifted.summary.drifted, drifted.summary.any_regression()), (1, true));
    let accepted = of(&[acceptance("bench")]);
    let summary = accepted.summary;
    assert_eq!((summary.drifted, summary.accepted, summary.unchanged), (0, 1, 1));
    assert!(!summary.any_regression());
}
