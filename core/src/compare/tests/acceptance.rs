//! Regressions that are accepted on purpose.

use super::builders::{compared, is_read_back, measured, row, run, runs, side, times};
use super::noise_model::Suite;
use crate::change::Acknowledgement;
use crate::compare::{
    Acceptance, AcceptanceState, Comparison, Evidence, Overall, Policy, Verdict, agreement,
};
use crate::model::{Direction, Judgement, Run, RunId};

fn acceptance(pattern: &str) -> Acceptance {
    let known = Acknowledgement {
        benchmark: pattern.into(),
        reason: "checksums".into(),
        ..Acknowledgement::default()
    };
    let source = "accepted.toml".into();
    Acceptance { known, metric: None, until: None, limit: None, runs: None, source }
}

fn until(pattern: &str, date: &str) -> Acceptance {
    Acceptance { until: Some(date.parse().unwrap()), ..acceptance(pattern) }
}

fn accepting(comparison: &mut Comparison, given: &[Acceptance]) {
    let policy = Policy::default();
    let evidence = Evidence::new(Vec::new(), &[], 10, &policy);
    let today = "2026-11-24".parse().unwrap();
    evidence.accepting(given.to_vec(), &policy, today).accept(comparison, None);
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

/// Calm runs at these levels, a day each from the 1st of November on.
fn at(levels: &[f64]) -> Vec<Run> {
    let lows: Vec<Vec<f64>> = levels.iter().map(|&l| vec![l, l * 1.001, l * 1.002]).collect();
    let mut all = runs("r", &lows.iter().map(Vec::as_slice).collect::<Vec<_>>());
    for (day, run) in all.iter_mut().enumerate() {
        run.time = Some(format!("2026-11-{:02}T12:00:00Z", day + 1).parse().unwrap());
    }
    all
}

/// Runs at 100, then from `r-6` on one at 150, which is accepted, one at 160, and `after`.
fn stepped(after: f64) -> (Vec<Run>, Acceptance) {
    let all = at(&[100.0, 100.2, 99.9, 100.1, 100.3, 99.8, 150.0, 160.0, after]);
    let having = all.iter().skip(6).map(|run| run.id.clone()).collect();
    (all, Acceptance { runs: Some(having), ..acceptance("bench") })
}

/// The newest against the first six, with the levels of `levels_of` accepted.
fn judged(all: &[Run], levels_of: &[Run], given: &[Acceptance]) -> Comparison {
    judged_against(&all[..6], all, levels_of, given)
}

fn judged_against(
    baseline: &[Run],
    all: &[Run],
    levels_of: &[Run],
    given: &[Acceptance],
) -> Comparison {
    let policy = Policy::default();
    let (newest, earlier) = all.split_last().unwrap();
    let levels: Vec<_> =
        levels_of.iter().flat_map(|run| crate::compare::levels_of_run(run, &[], &policy)).collect();
    let evidence = Evidence::new(earlier.iter().collect(), &levels, 10, &policy);
    let evidence = evidence.accepting(given.to_vec(), &policy, "2026-11-24".parse().unwrap());
    let comparison = evidence.judge(&side("history", baseline), &side("new", [newest]), &policy);
    is_read_back(&comparison);
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
    // Over before the history has come to show it, the level before it counts again.
    let over = Acceptance { until: Some("2026-11-08".parse().unwrap()), ..acceptance };
    let after = judged(&all, &all[..1], std::slice::from_ref(&over));
    assert_eq!((accepted_level(&after), after.summary.regressed), (100.0, 1));
    assert_eq!(after.benchmarks[0].acceptance.as_ref().unwrap().state, AcceptanceState::Expired);
}

/// Runs at 100, from `r-6` on at 150, and `after`; accepted until the 12th.
fn settled(runs_since: usize, after: f64, limit: Option<&str>) -> (Vec<Run>, Acceptance) {
    let since = (0..runs_since).map(|i| 150.0 + (i % 3) as f64);
    let levels: Vec<f64> = std::iter::repeat_n(100.0, 6).chain(since).chain([after]).collect();
    let all = at(&levels);
    let having = all.iter().skip(6).map(|run| run.id.clone()).collect();
    let runs = limit.is_none().then_some(having);
    let limit = limit.map(|limit| limit.parse().unwrap());
    (all, Acceptance { limit, runs, ..until("bench", "2026-11-12") })
}

#[test]
fn what_has_become_the_level_stays_it_when_its_acceptance_is_over() {
    for limit in [None, Some("60%")] {
        // Against what there was before, and against the history.
        for newest in [0..6, 5..11] {
            let (all, over) = settled(6, 151.0, limit);
            let of = |given| judged_against(&all[newest.clone()], &all, &all[..1], given);
            assert!(of(&[]).summary.any_regression(), "{limit:?}");
            let after = of(std::slice::from_ref(&over));
            assert_eq!(accepted_level(&after).round(), 150.0 + f64::from(limit.is_some()));
            assert!(!after.summary.any_regression(), "{limit:?}: {after:#?}");
            assert_eq!(after.warnings, [""; 0]);
        }
        let (all, over) = settled(6, 195.0, limit);
        let further = judged(&all, &all[..1], std::slice::from_ref(&over));
        assert_eq!(further.summary.regressed, 1, "{limit:?}");
        let state = further.benchmarks[0].acceptance.as_ref().unwrap().state;
        assert_eq!(state, AcceptanceState::Exceeded);
        // Fewer runs than make a history had shown it.
        let (all, over) = settled(4, 151.0, limit);
        let early = judged(&all, &all[..1], std::slice::from_ref(&over));
        assert_eq!(early.summary.regressed, 1, "{limit:?}");
        assert!(early.warnings[0].contains("what it accepted fails again"), "{early:#?}");
    }
    // Nor what a limit did not let it come to, nor what came when it was over.
    for (limit, until) in [("40%", "2026-11-12"), ("60%", "2026-11-10")] {
        let (all, over) = settled(6, 151.0, Some(limit));
        let over = Acceptance { until: Some(until.parse().unwrap()), ..over };
        let beyond = judged(&all, &all[..1], std::slice::from_ref(&over));
        assert_eq!((accepted_level(&beyond), beyond.summary.regressed), (100.0, 1), "{limit}");
    }
}

#[test]
fn what_a_baseline_has_already_was_not_brought_later() {
    let all = at(&[100.0, 100.2, 99.9, 100.1, 150.0, 151.0, 150.4, 150.1, 195.0]);
    let having = all.iter().skip(4).map(|run| run.id.clone()).collect();
    let accepted = Acceptance { runs: Some(having), ..acceptance("bench") };
    let of = |baseline: &[Run]| {
        let judged = judged_against(baseline, &all, &all[..1], std::slice::from_ref(&accepted));
        assert_eq!((judged.summary.regressed, judged.warnings.len()), (1, 0));
        judged.benchmarks[0].acceptance.as_ref().map(|known| known.state)
    };
    assert_eq!(of(&all[..4]), Some(AcceptanceState::Exceeded));
    assert_eq!(of(&all[2..6]), Some(AcceptanceState::Exceeded));
    assert_eq!(of(&all[4..8]), None);
    let unknown = Acceptance { runs: Some([RunId::new("x").unwrap()].into()), ..accepted.clone() };
    let unknown = judged_against(&all[..4], &all, &all[..1], &[unknown]);
    assert_eq!(unknown.summary.regressed, 1);
    assert!(unknown.warnings[0].contains("of bench (accepted.toml) accepts nothing"));
}

/// What a comparison of the newest with the ten before it decides, to be recorded with it.
fn record(all: &mut [Run], given: &[Acceptance]) -> (Comparison, Judgement) {
    let policy = Policy::default();
    let (newest, earlier) = all.split_last().unwrap();
    let evidence = Evidence::new(earlier.iter().collect(), &[], 10, &policy);
    let evidence = evidence.accepting(given.to_vec(), &policy, "2026-11-24".parse().unwrap());
    let baseline = evidence.history().unwrap();
    let comparison = evidence.judge(&baseline, &side("new", [newest]), &policy);
    let judgement = evidence.judgement(&comparison, &policy);
    all.last_mut().unwrap().judgement = Some(judgement.clone());
    (comparison, judgement)
}

#[test]
fn what_is_recorded_as_accepted_is_the_level_from_then_on() {
    let mut all =
        at(&[100.0, 100.2, 99.9, 100.1, 100.3, 99.8, 150.0, 151.0, 150.4, 195.0, 195.5, 196.0]);
    let (accepted, judgement) = record(&mut all[..7], &[acceptance("*")]);
    assert_eq!((accepted.summary.accepted, accepted.summary.regressed), (1, 0));
    let known = judgement.verdicts[0].accepted.as_ref().unwrap();
    assert_eq!((known.reason.as_str(), known.source.as_str()), ("checksums", "accepted.toml"));
    // Whoever judges that run again sees that it was accepted, whatever is given then.
    let again = judged_against(&all[..6], &all[..7], &[], &[]);
    assert!(again.benchmarks[0].is_accepted() && again.summary.accepted == 1, "{again:#?}");
    // Against other runs, what was accepted is still accepted, and more than that is not.
    let others = judged_against(&all[..3], &all[..7], &[], &[]);
    assert!(others.benchmarks[0].is_accepted(), "{others:#?}");
    let faster = judged_against(&at(&[50.0, 50.1, 49.9]), &all[..7], &[], &[]);
    assert!(!faster.benchmarks[0].is_accepted(), "{faster:#?}");
    assert_eq!((faster.summary.accepted, faster.summary.regressed), (0, 1));
    // Nothing is given any more, and nothing is red; and a further step is.
    for newest in [8, 9] {
        let (after, judgement) = record(&mut all[..newest], &[]);
        assert_eq!(after.benchmarks[0].verdict, Verdict::Unchanged, "{after:#?}");
        assert_eq!(judgement.verdicts[0].accepted_from, Some(all[6].id.clone()));
        let recorded = agreement(&all[newest - 1], |id| all.iter().find(|run| run.id == *id));
        assert_eq!(recorded.agrees, Some(true), "{recorded:#?}");
    }
    // The run at which it was accepted is no longer kept; what was saved before it is.
    let later = vec![all[7].clone(), all[8].clone(), at(&[150.2]).remove(0)];
    let pruned = judged_against(&later[..2], &later, &all[..1], &[]);
    assert_eq!((accepted_level(&pruned), pruned.summary.unchanged), (151.0, 1), "{pruned:#?}");
    let (further, _) = record(&mut all[..10], &[]);
    assert_eq!(further.summary.regressed, 1, "{further:#?}");
    let (accepted, judgement) = record(&mut all[..10], &[acceptance("*")]);
    assert_eq!(accepted.summary.accepted, 1);
    assert_eq!(judgement.verdicts[0].accepted_from, Some(all[6].id.clone()));
    let (after, judgement) = record(&mut all[..11], &[]);
    assert_eq!(after.benchmarks[0].verdict, Verdict::Unchanged, "{after:#?}");
    assert_eq!(judgement.verdicts[0].accepted_from, Some(all[9].id.clone()));
}

/// Twelve runs, of which the last two are 40 % slower, which is accepted; then one that is 30 % slower
/// again: of 20 suites the benchmarks that are found so, and without the acceptance.
#[test]
fn a_step_two_runs_after_an_accepted_one_is_found() {
    let (mut found, mut without, mut false_alarms, mut all) = (0, 0, 0, 0);
    for seed in 0..20 {
        let mut suite = Suite::new(seed);
        let mut history = suite.runs(10, 3);
        history.push(suite.run("accepted", 3, 1.4));
        history.push(suite.run("since", 3, 1.4));
        let having = history.iter().skip(10).map(|run| run.id.clone()).collect();
        let accepted = Acceptance { runs: Some(having), ..acceptance("*") };
        let policy = Policy::default();
        let today = "2026-11-24".parse().unwrap();
        let regressed = |given: Vec<Acceptance>, factor: f64, suite: &mut Suite| {
            let further = suite.run("further", 3, factor);
            let evidence = Evidence::new(history.iter().collect(), &[], 10, &policy);
            let evidence = evidence.accepting(given, &policy, today);
            let baseline = evidence.history().unwrap();
            let judged = evidence.judge(&baseline, &side("new", [&further]), &policy);
            is_read_back(&judged);
            let worse = judged.benchmarks.iter().filter(|row| row.is_failing());
            worse.filter(|row| row.change.is_some_and(|change| change < 0.6)).count()
        };
        all += 12;
        found += regressed(vec![accepted.clone()], 1.4 * 1.3, &mut suite);
        false_alarms += regressed(vec![accepted], 1.4, &mut suite);
        without += regressed(Vec::new(), 1.4 * 1.3, &mut suite);
    }
    assert!(found > 9 * all / 10, "{found} of {all}");
    assert!(false_alarms <= all / 100, "{false_alarms} of {all}");
    assert!(without < all / 10, "{without} of {all}");
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
