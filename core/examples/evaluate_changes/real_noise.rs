//! Series recorded in CI, as noise to put steps into.

use std::path::Path;

use libm::{exp, log};
use serde::Deserialize;

use crate::generator::{Dice, Labelled};

#[derive(Deserialize)]
struct File {
    series: Vec<Series>,
}

#[derive(Deserialize)]
struct Series {
    values: Vec<f64>,
}

/// The median is taken of so many runs around each.
const WINDOW: usize = 31;

/// The logarithm of each value's ratio to the median of the runs around it, one list a series.
pub fn residuals() -> Vec<Vec<f64>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/ci-noise");
    let mut files: Vec<_> = std::fs::read_dir(folder)
        .expect("tests/data/ci-noise")
        .map(|entry| entry.expect("an entry").path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    files.sort();
    files
        .iter()
        .flat_map(|path| {
            let bytes = std::fs::read(path).expect("a readable file");
            let file: File = serde_json::from_slice(&bytes).expect("series");
            file.series.into_iter().map(|series| of_series(&series.values)).collect::<Vec<_>>()
        })
        .collect()
}

fn of_series(values: &[f64]) -> Vec<f64> {
    let logs: Vec<f64> = values.iter().map(|v| log(*v)).collect();
    (0..logs.len())
        .map(|t| {
            let from = t.saturating_sub(WINDOW / 2).min(logs.len() - WINDOW);
            let mut window = logs[from..from + WINDOW].to_vec();
            window.sort_by(f64::total_cmp);
            logs[t] - window[WINDOW / 2]
        })
        .collect()
}

/// The standard deviation of the noise, by its 85th percentile: 1.44 of them if it were normal.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "below the number")]
pub fn spread(residuals: &[f64]) -> f64 {
    let mut sizes: Vec<f64> = residuals.iter().map(|r| r.abs()).collect();
    sizes.sort_by(f64::total_cmp);
    sizes[(sizes.len() as f64 * 0.85) as usize] / 1.44
}

/// One history in the noise of `residuals`, shuffled; with 1–3 steps of 5–40 % at least 15 runs
/// apart unless it is `flat`.
pub fn history(residuals: &[f64], flat: bool, dice: &mut Dice) -> Labelled {
    let mut values = residuals.to_vec();
    dice.shuffle(&mut values);
    let (mut steps, mut sizes) = (Vec::new(), Vec::new());
    if !flat {
        let wanted = 1 + dice.below(3);
        for _ in 0..100 {
            let at = 15 + dice.below(values.len() - 30);
            if steps.len() < wanted && steps.iter().all(|s: &usize| s.abs_diff(at) >= 15) {
                steps.push(at);
            }
        }
        steps.sort_unstable();
        for &at in &steps {
            let size = log(1.0 + dice.log_between(0.05, 0.4));
            let size = if dice.coin(0.6) { size } else { -size };
            sizes.push(exp(size) - 1.0);
            values.iter_mut().skip(at).for_each(|v| *v += size);
        }
    }
    Labelled { values: values.into_iter().map(|v| 1e6 * exp(v)).collect(), steps, sizes }
}
