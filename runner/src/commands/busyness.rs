//! Whether the machine was busier during a run than usual, and what to say about it.

use driftline_core::model::{Conditions, History, Run};
use driftline_core::stats::{median, quantile, sorted};

/// How many of the newest runs of the machine tell what is usual.
const USUAL_RUNS: usize = 50;
/// Fewer runs than these tell nothing about what is usual.
const FEWEST_RUNS: usize = 3;
/// The share of the earlier runs that must have been calmer.
const CALMER: f64 = 0.9;

/// A figure by which a machine is busy.
struct Figure {
    of: fn(&Conditions) -> Option<f64>,
    /// How far above the median of the earlier runs it is worth a word: less is no clear change of
    /// conditions, however quiet the machine is otherwise.
    margin: f64,
    /// What is too much without earlier runs to go by, for a machine of so many processors.
    limit: fn(f64) -> f64,
    /// The figure in words, for so many processors.
    said: fn(f64, f64) -> String,
    /// What the earlier runs' figure is called.
    unit: fn(f64) -> String,
}

const FIGURES: [Figure; 2] = [
    Figure {
        of: |conditions| conditions.others_cpus,
        margin: 0.3,
        // Others on a quarter of the processors meet a benchmark often enough to be felt in each of
        // its rounds: on 2 processors, half of one.
        limit: |processors| 0.25 * processors,
        said: |cpus, processors| {
            format!("other programs kept {cpus:.2} of {processors} processors busy")
        },
        unit: |cpus| format!("{cpus:.2}"),
    },
    Figure {
        of: |conditions| conditions.steal,
        // A stolen percent is 10 ms of every second: a sample of 5 s holds several such gaps.
        margin: 0.01,
        limit: |_| 0.05,
        said: |steal, _| format!("the host took {:.1} % of this machine's time", steal * 100.0),
        unit: |steal| format!("{:.1} %", steal * 100.0),
    },
];

/// What to tell the user when the machine was clearly busier during `run` than during the earlier
/// runs on the same machine; one sentence for each figure.
///
/// Clearly is: above the median of the newest 50 runs by a margin, and above nine tenths of them.
/// Where there are fewer than 3, above a fixed limit.
pub(super) fn warnings(history: &History, run: &Run) -> Vec<String> {
    let Some(conditions) = &run.conditions else { return Vec::new() };
    let fingerprint = run.machine_fingerprint();
    let earlier: Vec<&Conditions> = history
        .runs()
        .iter()
        .rev()
        .filter(|earlier| earlier.id != run.id && earlier.machine_fingerprint() == fingerprint)
        .filter_map(|earlier| earlier.conditions.as_ref())
        .take(USUAL_RUNS)
        .collect();
    let processors = run.machine.as_ref().and_then(|machine| machine.cores).unwrap_or(1) as f64;
    FIGURES.iter().filter_map(|figure| warning(figure, conditions, &earlier, processors)).collect()
}

fn warning(
    figure: &Figure,
    conditions: &Conditions,
    earlier: &[&Conditions],
    processors: f64,
) -> Option<String> {
    let now = (figure.of)(conditions)?;
    let usual: Vec<f64> = earlier.iter().filter_map(|conditions| (figure.of)(conditions)).collect();
    let usual = sorted(&usual);
    let compared = if usual.len() < FEWEST_RUNS {
        (now > (figure.limit)(processors)).then_some(String::new())
    } else {
        let (middle, high) = (median(&usual)?, quantile(&usual, CALMER)?);
        (now > middle + figure.margin && now > high).then(|| {
            let middle = (figure.unit)(middle);
            format!(", against {middle} at the median of {} runs before", usual.len())
        })
    }?;
    Some(format!(
        "{} during this run{compared}: its figures may be too high; `driftline doctor` tells who \
         causes it",
        (figure.said)(now, processors)
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftline_core::model::{Machine, RunId};

    fn run(id: usize, cores: u64, others_cpus: f64, steal: Option<f64>) -> Run {
        let mut run = Run::new(RunId::new(id.to_string()).unwrap(), Vec::new());
        run.machine = Some(Machine { cores: Some(cores), ..Machine::default() });
        run.conditions =
            Some(Conditions { others_cpus: Some(others_cpus), steal, ..Conditions::default() });
        run
    }

    fn history(cores: u64, others_cpus: &[f64]) -> History {
        let runs = others_cpus.iter().enumerate().map(|(i, &cpus)| run(i, cores, cpus, Some(0.0)));
        History::new(runs.collect())
    }

    fn said(history: &History, others_cpus: f64) -> Vec<String> {
        warnings(history, &run(99, 2, others_cpus, Some(0.0)))
    }

    #[test]
    fn busier_than_usual_is_told_with_the_figures() {
        let calm = history(2, &[0.05, 0.1, 0.02, 0.2]);
        let said_of = said(&calm, 0.93);
        assert_eq!(said_of.len(), 1);
        let start = "other programs kept 0.93 of 2 processors busy during this run, against 0.08 at \
                     the median of 4 runs before";
        assert!(said_of[0].starts_with(start) && said_of[0].contains("driftline doctor"));
        assert!(said(&calm, 0.35).is_empty(), "within the margin");
    }

    #[test]
    fn on_a_machine_that_is_always_busy_it_is_no_news() {
        let busy = history(2, &[0.1, 0.1, 0.1, 1.0, 1.2, 0.1, 1.1, 0.1]);
        assert!(said(&busy, 0.9).is_empty(), "above the median, but a tenth was busier");
        assert_eq!(said(&busy, 1.5).len(), 1);
    }

    #[test]
    fn without_runs_to_go_by_there_is_a_limit() {
        for usual in [history(2, &[]), history(2, &[0.0, 0.0]), history(4, &[0.0; 9])] {
            assert!(said(&usual, 0.5).is_empty());
            let told = said(&usual, 0.51);
            assert!(told[0].starts_with("other programs kept 0.51 of 2 processors busy during"));
            assert!(!told[0].contains("median"), "{told:?}");
        }
    }

    #[test]
    fn stolen_time_and_unknown_conditions() {
        let usual = history(2, &[0.0; 5]);
        let told = warnings(&usual, &run(9, 2, 0.0, Some(0.034)));
        assert!(told[0].starts_with("the host took 3.4 % of this machine's time"), "{told:?}");
        assert!(told[0].contains("against 0.0 %"), "{told:?}");
        let mut unknown = run(9, 2, 2.0, None);
        assert_eq!(warnings(&usual, &unknown).len(), 1);
        unknown.conditions = None;
        assert!(warnings(&usual, &unknown).is_empty());
    }
}
