//! Slowdowns of known size, put into stored runs.

use crate::model::{Direction, Measurement, Round, Run, Summary};

/// The sizes, as ratios.
pub(super) const SLOWDOWNS: [f64; 5] = [0.05, 0.1, 0.2, 0.3, 0.5];

/// What stands for the program of a measurement that was changed.
const CHANGED_PROGRAM: &str = "slowed";

/// The run without raw samples: the summaries say all that is compared.
pub(super) fn without_samples(run: &Run) -> Run {
    changed(run, |measurement| {
        let rounds = measurement.rounds().iter().map(|round| {
            let mut summary = round.summary;
            // Histories of an older version keep the low only in the sample.
            if let (None, Some(sample)) = (summary.low, &round.sample) {
                summary.low = Summary::of_sample(sample).low;
            }
            Round { summary, sample: None, position: round.position }
        });
        with_rounds(measurement, rounds.collect(), measurement.executable())
    })
}

/// The run with every `of`th benchmark, from the `first` on, slower by a ratio: its figures are
/// multiplied, or divided where more is better. A figure that would become infinite stays.
pub(super) fn slowed(run: &Run, first: usize, of: usize, slowdown: f64) -> Run {
    let mut index = 0;
    changed(run, |measurement| {
        let chosen = is_slowed(index, first, of);
        index += 1;
        if !chosen {
            return None;
        }
        let factor = match measurement.better() {
            Direction::Lower => 1.0 + slowdown,
            Direction::Higher => 1.0 / (1.0 + slowdown),
        };
        let rounds = measurement
            .rounds()
            .iter()
            .map(|round| Round { summary: scaled(&round.summary, factor), ..round.clone() });
        // Another program: equal ones are never judged.
        let program = measurement.executable().map(|_| CHANGED_PROGRAM);
        with_rounds(measurement, rounds.collect(), program)
    })
}

/// Whether [`slowed`] slows the measurement at this position of the run.
pub(super) fn is_slowed(position: usize, first: usize, of: usize) -> bool {
    position % of.max(1) == first
}

/// The run with what `change` makes of its measurements; those of which it makes nothing stay.
fn changed(run: &Run, mut change: impl FnMut(&Measurement) -> Option<Measurement>) -> Run {
    let measurements =
        run.measurements.iter().map(|m| change(m).unwrap_or_else(|| m.clone())).collect();
    Run {
        id: run.id.clone(),
        time: run.time,
        commit: run.commit.clone(),
        machine: run.machine.clone(),
        toolchain: run.toolchain.clone(),
        driftline: run.driftline.clone(),
        ci: run.ci.clone(),
        conditions: run.conditions,
        settings: run.settings.clone(),
        measurements,
        skipped: Vec::new(),
    }
}

fn with_rounds(
    measurement: &Measurement,
    rounds: Vec<Round>,
    program: Option<&str>,
) -> Option<Measurement> {
    let mut new = Measurement::new(
        measurement.benchmark().clone(),
        measurement.metric().clone(),
        measurement.unit().clone(),
        measurement.better(),
        rounds,
    )
    .ok()?;
    if let Some(program) = program {
        new.set_executable(program);
    }
    Some(new)
}

/// Every figure of a summary times `factor`.
fn scaled(summary: &Summary, factor: f64) -> Summary {
    let times = |figure: Option<f64>| figure.map(|figure| figure * factor);
    Summary {
        n: summary.n,
        median: times(summary.median),
        mean: times(summary.mean),
        std_dev: times(summary.std_dev),
        minimum: times(summary.minimum),
        lower_quartile: times(summary.lower_quartile),
        upper_quartile: times(summary.upper_quartile),
        maximum: times(summary.maximum),
        low: times(summary.low),
        tail: times(summary.tail),
    }
}
