//! Suspects are measured again before they are called anything: a disturbance that struck once does
//! not strike each round, and what is slower stays so.

use std::collections::BTreeSet;

use driftline_core::compare::{Comparison, Verdict};

use super::super::Error;
use super::effort::Effort;
use crate::measure::{Measured, Prepared};

/// How many names are shown.
const SHOWN: usize = 6;

/// Measures suspects again, all of them once before any of them twice, until `judge` finds none or
/// the effort is spent. `judge` gives nothing where there is no baseline. Where it fails nothing is
/// measured again: the run is to be recorded before anybody is told why.
pub(super) fn confirm(
    prepared: &mut Prepared<'_>,
    effort: &Effort,
    seed: u64,
    judge: impl Fn(&Measured) -> Result<Option<Comparison>, Error>,
) {
    for repeat in 0..=effort.confirm {
        if effort.confirm == 0 || prepared.is_interrupted() {
            return;
        }
        let Ok(Some(comparison)) = judge(&prepared.measured()) else { return };
        let suspects = suspects(&comparison);
        if suspects.is_empty() {
            if repeat > 0 {
                prepared.say(&format!("nothing is in doubt any more after {}", times(repeat)));
            }
            return;
        }
        if repeat == effort.confirm {
            prepared.say(&format!(
                "{} of {} still changed or inconclusive after {} (--confirm {repeat}): {}",
                suspects.len(),
                comparison.summary.compared,
                times(repeat),
                some(&suspects)
            ));
            return;
        }
        let estimate = prepared.estimate(&suspects);
        if !effort.budget.allows(estimate) {
            prepared.say(&format!(
                "--max-time: {} of {} look changed or inconclusive, and are not measured again: it \
                 would take about {} s: {}",
                suspects.len(),
                comparison.summary.compared,
                estimate.as_secs(),
                some(&suspects)
            ));
            return;
        }
        prepared.say(&format!(
            "{} of {} look changed or inconclusive, measured again ({} of at most {}): {}",
            suspects.len(),
            comparison.summary.compared,
            repeat + 1,
            effort.confirm,
            some(&suspects)
        ));
        prepared.repeat(&suspects, seed, &format!("repeat {}/{}", repeat + 1, effort.confirm));
    }
}

/// The benchmarks of which another round may change the verdict.
fn suspects(comparison: &Comparison) -> BTreeSet<String> {
    let in_doubt = |verdict: &Verdict| {
        matches!(verdict, Verdict::Regressed | Verdict::Improved | Verdict::Inconclusive)
    };
    // One program twice: more of it tells nothing of a change.
    let rows = comparison.benchmarks.iter().filter(|row| in_doubt(&row.verdict) && !row.identical);
    rows.map(|row| row.id.clone()).collect()
}

fn times(count: u32) -> String {
    match count {
        1 => "one more round".to_owned(),
        n => format!("{n} more rounds"),
    }
}

fn some(names: &BTreeSet<String>) -> String {
    let mut text = names.iter().take(SHOWN).cloned().collect::<Vec<_>>().join(", ");
    if let Some(more) = names.len().checked_sub(SHOWN).filter(|&more| more > 0) {
        text += &format!(", and {more} more");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use driftline_core::compare::{Policy, Side, compare};
    use driftline_core::model::{BenchmarkId, Iterations, Measurement, Run, RunId, Sample};

    fn run(benchmarks: &[(&str, f64, u32)]) -> Run {
        let measurement = |&(id, centre, n): &(&str, f64, u32)| {
            let values = (0..n).map(|i| centre + f64::from(i % 7) / 10.0).collect();
            let sample = Sample::new(values, Iterations::Every(1)).unwrap();
            Measurement::wall_time(BenchmarkId::new(id).unwrap(), sample).unwrap()
        };
        Run::new(RunId::new("r").unwrap(), benchmarks.iter().map(measurement).collect())
    }

    #[test]
    fn what_changed_or_cannot_be_told_is_suspect() {
        let before =
            run(&[("same", 100.0, 30), ("slow", 100.0, 30), ("few", 100.0, 2), ("gone", 1.0, 9)]);
        let after =
            run(&[("same", 100.0, 30), ("slow", 200.0, 30), ("few", 300.0, 2), ("new", 1.0, 9)]);
        let side = |run| Side { name: "x".into(), runs: vec![run] };
        let comparison = compare(&side(&before), &side(&after), &Policy::default());
        assert_eq!(suspects(&comparison), ["few", "slow"].map(str::to_owned).into());
    }

    #[test]
    fn long_lists_are_cut() {
        let names = (0..9).map(|n| format!("b{n}")).collect();
        assert_eq!(some(&names), "b0, b1, b2, b3, b4, b5, and 3 more");
    }
}
