//! Seeded histories of known truth.

use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

use super::injection::{SLOWDOWNS, slowed};
use super::suggestion::threshold_of_benchmark;
use super::*;
use crate::compare::{Policy, Side, Verdict, compare};
use crate::model::{
    BenchmarkId, Commit, Direction, Iterations, Measurement, Metric, Round, Run, RunId, Sample,
    Summary, Unit,
};

/// A standard normal deviate: the sum of twelve uniform ones less their mean.
fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
    (0..12).map(|_| (random.next_u64() >> 11) as f64 / (1u64 << 53) as f64).sum::<f64>() - 6.0
}

/// `runs` runs of `benchmarks` benchmarks in three launches of ten values, whose runs vary by 1 %,
/// launches by 1 % and values by 2 % upwards; `factor(run, benchmark)` times as slow.
fn history(
    seed: u64,
    runs: usize,
    benchmarks: usize,
    factor: impl Fn(usize, usize) -> f64,
) -> Vec<Run> {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    (0..runs)
        .map(|run| {
            let measurements = (0..benchmarks).map(|benchmark| {
                let centre = 1000.0 * (benchmark + 1) as f64 * factor(run, benchmark);
                let of_run = centre * (1.0 + 0.01 * normal(&mut random));
                let rounds = (0..3).map(|_| {
                    let of_launch = of_run * (1.0 + 0.01 * normal(&mut random));
                    let value = |_| of_launch * (1.0 + 0.02 * normal(&mut random).abs());
                    let values = (0..10).map(value).collect();
                    Round::of(Sample::new(values, Iterations::Every(1)).unwrap())
                });
                Measurement::new(
                    BenchmarkId::new(format!("b{benchmark:02}")).unwrap(),
                    Metric::wall_time(),
                    Unit::nanoseconds(),
                    Direction::Lower,
                    rounds.collect(),
                )
                .unwrap()
            });
            let mut new =
                Run::new(RunId::new(format!("r{run:02}")).unwrap(), measurements.collect());
            new.commit = Some(Commit { id: format!("c{run:02}"), ..Commit::default() });
            new
        })
        .collect()
}

fn calibrated(runs: &[Run]) -> Calibration {
    calibrate(&runs.iter().collect::<Vec<_>>(), &Policy::default(), DEFAULT_WINDOW)
}

fn row<'a>(calibration: &'a Calibration, id: &str) -> &'a CalibrationRow {
    calibration.benchmarks.iter().find(|row| row.id == id).unwrap()
}

#[test]
fn without_a_shift_nothing_fires_and_what_is_put_in_is_found() {
    let calibration = calibrated(&history(1, 25, 12, |_, _| 1.0));
    assert_eq!((calibration.runs, calibration.replayed, calibration.injected), (25, 20, 5));
    let totals = &calibration.totals;
    assert_eq!(totals.comparisons, 20 * 12);
    assert_eq!((totals.false_alarms, totals.lasting, totals.undecided), (0, 0, 0));
    assert_eq!(totals.false_alarms_per_100, Some(0.0));
    let found: Vec<(f64, usize)> =
        totals.found.iter().map(|found| (found.slowdown, found.tried)).collect();
    assert_eq!(found, [(0.05, 60), (0.1, 60), (0.2, 60), (0.3, 60), (0.5, 60)]);
    let shares: Vec<f64> = totals.found.iter().map(|found| found.share().unwrap()).collect();
    // At a threshold of 20 %.
    assert_eq!(shares[..2], [0.0, 0.0]);
    assert!(shares[3] > 0.95 && shares[4] > 0.99, "{shares:?}");
    // Between runs 1 %, and what three launches leave of their own 1 %; less for the lowest values.
    for row in &calibration.benchmarks {
        let floor = row.noise_floor.unwrap();
        assert!((0.005..0.025).contains(&floor), "{floor}");
        let smallest = row.smallest_detectable.unwrap();
        assert!((2.0 * floor..0.15).contains(&smallest), "{smallest}");
        assert!(row.suggested_threshold.unwrap() > smallest);
    }
    assert!(calibration.suggested_threshold.unwrap() <= 0.15);
}

#[test]
fn a_shift_that_lasts_is_one_alarm_and_no_false_one() {
    let calibration =
        calibrated(&history(
            2,
            30,
            8,
            |run, benchmark| {
                if benchmark == 3 && run >= 15 { 1.4 } else { 1.0 }
            },
        ));
    assert_eq!(calibration.totals.false_alarms, 0, "{:#?}", calibration.alarms);
    let [alarm] = calibration.alarms.as_slice() else { panic!("{:#?}", calibration.alarms) };
    assert_eq!((alarm.id.as_str(), alarm.run.as_str()), ("b03", "r15"));
    assert_eq!(alarm.commit.as_deref(), Some("c15"));
    assert_eq!((alarm.verdict, alarm.outcome), (Verdict::Regressed, Outcome::Lasting));
    assert!((alarm.change.unwrap() - 0.4).abs() < 0.05);
    // The step is no noise: what it can show at present is what the others can.
    assert!(row(&calibration, "b03").noise_floor.unwrap() < 0.03);
}

#[test]
fn so_is_an_improvement() {
    let calibration =
        calibrated(&history(3, 20, 6, |run, b| if b == 0 && run >= 10 { 0.6 } else { 1.0 }));
    let [alarm] = calibration.alarms.as_slice() else { panic!("{:#?}", calibration.alarms) };
    assert_eq!((alarm.verdict, alarm.outcome), (Verdict::Improved, Outcome::Lasting));
}

#[test]
fn what_is_gone_in_the_next_run_was_a_false_alarm() {
    let runs =
        history(4, 25, 8, |run, benchmark| if benchmark == 2 && run == 12 { 1.6 } else { 1.0 });
    let calibration = calibrated(&runs);
    let row_of_spike = row(&calibration, "b02");
    assert_eq!((row_of_spike.false_alarms, row_of_spike.lasting), (1, 0));
    let totals = &calibration.totals;
    assert_eq!((totals.false_alarms, totals.runs_with_false_alarms), (1, 1));
    assert_eq!(totals.false_alarms_per_run, Some(1.0 / 20.0));
    assert_eq!(totals.false_alarms_per_100, Some(100.0 / 160.0));
    // A threshold that would have passed it over, while the others' is low.
    assert_eq!(row_of_spike.suggested_threshold, Some(0.75));
    assert!(calibration.suggested_threshold.unwrap() <= 0.15);
    assert!(row_of_spike.needs_own_threshold(calibration.suggested_threshold));
    assert!(!row(&calibration, "b01").needs_own_threshold(Some(0.15)));

    let others = calibration.only(|id| id != "b02");
    assert_eq!((others.benchmarks.len(), others.totals.false_alarms), (7, 0));
    assert_eq!((others.totals.comparisons, others.totals.runs_with_false_alarms), (140, 0));
}

#[test]
fn nothing_after_the_newest_run_decides() {
    let calibration =
        calibrated(&history(5, 15, 6, |run, b| if b == 1 && run == 14 { 1.6 } else { 1.0 }));
    let totals = &calibration.totals;
    assert_eq!((totals.undecided, totals.lasting, totals.false_alarms), (1, 0, 0));
    // What raised an alarm as it was is no place for another slowdown.
    assert_eq!(row(&calibration, "b01").found[4].tried, 4);
    assert_eq!(row(&calibration, "b00").found[4].tried, 5);
}

#[test]
fn too_few_runs_are_not_replayed() {
    let nothing = calibrated(&[]);
    assert_eq!((nothing.runs, nothing.replayed, nothing.injected), (0, 0, 0));
    assert!(nothing.benchmarks.is_empty() && nothing.suggested_threshold.is_none());
    let few = calibrated(&history(6, 5, 2, |_, _| 1.0));
    assert_eq!((few.runs, few.replayed, few.benchmarks.len()), (5, 0, 2));
    assert_eq!(few.totals.false_alarms_per_run, None);
    let one = calibrated(&history(6, 6, 2, |_, _| 1.0));
    assert_eq!((one.replayed, one.totals.comparisons, one.injected), (1, 2, 1));
}

#[test]
fn counts_show_any_change() {
    let count = |value: f64| {
        let summary = Summary { median: Some(value), ..Summary::default() };
        Measurement::new(
            BenchmarkId::new("size").unwrap(),
            Metric::new("bytes").unwrap(),
            Unit::parse("bytes").0,
            Direction::Lower,
            vec![Round::summarised(summary)],
        )
        .unwrap()
    };
    let values =
        [100.0, 100.0, 100.0, 100.0, 100.0, 100.0, 140.0, 100.0, 100.0, 100.0, 100.0, 130.0, 130.0];
    let runs: Vec<Run> = values
        .iter()
        .enumerate()
        .map(|(i, &value)| Run::new(RunId::new(i.to_string()).unwrap(), vec![count(value)]))
        .collect();
    let calibration = calibrated(&runs);
    let row = row(&calibration, "size");
    // Up, back to stay for a while, and up to stay.
    assert_eq!((row.false_alarms, row.lasting), (1, 2), "{:#?}", calibration.alarms);
    assert_eq!((row.noise_floor, row.smallest_detectable), (None, Some(0.0)));
    assert_eq!(row.suggested_threshold, Some(0.5));
    assert!(!row.needs_own_threshold(Some(0.1)));
    assert_eq!(calibration.suggested_threshold, None);
}

/// A benchmark that gets slower by 3 % a run is no noisier than the others, and is said to drift.
#[test]
fn a_slope_is_told_apart_from_noise() {
    let slower = |run: usize| (0..run).fold(1.0, |level, _| level * 1.03);
    let runs = history(9, 30, 6, |run, benchmark| if benchmark == 0 { slower(run) } else { 1.0 });
    let calibration = calibrated(&runs);
    let drifting = &calibration.benchmarks[0];
    assert!((drifting.trend.unwrap() - 0.03).abs() < 0.006, "{drifting:?}");
    assert!(drifting.suggested_threshold.unwrap() <= 0.2, "{drifting:?}");
    assert!(calibration.benchmarks[1..].iter().all(|row| row.trend.is_none()));
    let text = crate::report::calibration_text(&calibration, None);
    assert!(text.contains("Drifting from run to run: b00 by +"), "{text}");
}

#[test]
fn without_raw_samples_the_answer_is_the_same() {
    let runs = history(7, 12, 4, |_, _| 1.0);
    let mut summaries = runs.clone();
    summaries.iter_mut().for_each(Run::drop_samples);
    assert_eq!(calibrated(&runs), calibrated(&summaries));
}

#[test]
fn a_slowdown_that_is_put_in_is_judged_as_one_that_was_measured() {
    let runs = history(8, 12, 7, |_, b| if b == 6 { 0.5 } else { 1.0 });
    let policy = Policy { threshold: "12%".parse().unwrap(), ..Policy::default() };
    let (earlier, newest) = (&runs[1..11], &runs[11]);
    let baseline = Side { name: "b".into(), runs: earlier.iter().collect() };
    let put_in = slowed(&baseline, &Side::of_run("c", newest), &policy);
    assert_eq!(put_in.len(), 7);
    for (position, answer) in put_in.iter().enumerate() {
        for (&slowdown, &verdict) in SLOWDOWNS.iter().zip(&answer.verdicts) {
            // The same values, each slower.
            let mut slower = newest.clone();
            let measurement = &newest.measurements[position];
            let rounds = measurement.rounds().iter().map(|round| {
                let values = round.sample().unwrap().values();
                let values = values.iter().map(|value| value * (1.0 + slowdown)).collect();
                Round::of(Sample::new(values, Iterations::Every(1)).unwrap())
            });
            let (id, metric) = (measurement.benchmark().clone(), measurement.metric().clone());
            slower.measurements[position] = Measurement::new(
                id,
                metric,
                measurement.unit().clone(),
                measurement.better(),
                rounds.collect(),
            )
            .unwrap();
            let comparison = compare(&baseline, &Side::of_run("c", &slower), &policy);
            let row = comparison.benchmarks.iter().find(|row| row.id == answer.key.0).unwrap();
            assert_eq!(verdict, row.verdict, "{} {slowdown}: {:?}", answer.key.0, row.reasons);
        }
    }
    assert!(put_in.iter().all(|one| one.verdicts[0] != Verdict::Regressed));
    assert!(put_in.iter().any(|one| one.verdicts[3] == Verdict::Regressed));
}

#[test]
fn thresholds_exceed_what_can_be_seen_and_every_false_alarm() {
    assert_eq!(threshold_of_benchmark(Some(0.03), &[]), Some(0.05));
    assert_eq!(threshold_of_benchmark(Some(0.05), &[]), Some(0.1));
    assert_eq!(threshold_of_benchmark(Some(0.03), &[0.04, 0.31]), Some(0.5));
    assert_eq!(threshold_of_benchmark(Some(0.03), &[2.0]), None);
    assert_eq!(threshold_of_benchmark(Some(1.5), &[]), None);
    assert_eq!(threshold_of_benchmark(None, &[]), None);
}
