//! How well change points are found, on histories whose truth is known.
#![allow(missing_docs, clippy::print_stdout, unreachable_pub)]
mod generator;
mod scores;

use driftline_core::change::segment;
use generator::{Dice, KINDS, Noise, history};
use scores::Score;

fn main() {
    let seed: u64 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1);
    let copies: usize = std::env::args().nth(2).and_then(|s| s.parse().ok()).unwrap_or(60);
    let smallest: f64 = std::env::args().nth(3).and_then(|s| s.parse().ok()).unwrap_or(1.0);
    synthetic(seed, copies, smallest);
}

fn synthetic(seed: u64, copies: usize, smallest: f64) {
    let mut all = Score::default();
    let (mut all_false, mut all_points) = (0, 0);
    println!(
        "{:<18} {:>5} {:>5} {:>5} {:>12} {:>6}",
        "noise", "P", "R", "F1", "false/1000", "alarm"
    );
    for kind in KINDS {
        let mut dice = Dice::new(seed * 1000 + kind as u64);
        let mut score = Score::default();
        for _ in 0..copies {
            let h = history(kind, false, smallest, &mut dice);
            score.add(&h.steps, &segment(&h.values), 3);
        }
        let (mut wrong, mut points, mut alarms) = (0, 0, 0);
        for _ in 0..copies {
            let h = history(kind, true, smallest, &mut dice);
            let found = segment(&h.values).len();
            wrong += found;
            alarms += usize::from(found > 0);
            points += h.values.len();
        }
        println!(
            "{:<18} {:>5.3} {:>5.3} {:>5.3} {:>12.2} {:>6.3}",
            format!("{kind:?}"),
            score.precision(),
            score.recall(),
            score.f1(),
            1000.0 * wrong as f64 / points as f64,
            alarms as f64 / copies as f64
        );
        all.merge(&score);
        all_false += wrong;
        all_points += points;
    }
    println!(
        "{:<18} {:>5.3} {:>5.3} {:>5.3} {:>12.2}",
        "all",
        all.precision(),
        all.recall(),
        all.f1(),
        1000.0 * all_false as f64 / all_points as f64
    );
    let _ = Noise::LogNormal;
}
