//! How well change points are found, on histories whose truth is known.
#![allow(missing_docs, clippy::print_stdout, unreachable_pub)]
mod generator;
mod real_noise;
mod scores;

use driftline_core::change::analyse;
use generator::{Dice, KINDS, Noise, history, noise};
use scores::{Score, matched};

fn main() {
    let seed: u64 = std::env::args().nth(1).and_then(|s| s.parse().ok()).unwrap_or(1);
    let copies: usize = std::env::args().nth(2).and_then(|s| s.parse().ok()).unwrap_or(60);
    let smallest: f64 = std::env::args().nth(3).and_then(|s| s.parse().ok()).unwrap_or(1.0);
    synthetic(seed, copies, smallest);
    online(seed, copies);
    real(seed, copies / 50);
}

fn settled(values: &[f64]) -> Vec<usize> {
    analyse(values).shifts.iter().filter(|s| s.settled).map(|s| s.index).collect()
}

fn synthetic(seed: u64, copies: usize, smallest: f64) {
    let mut all = Score::default();
    let (mut all_false, mut all_points) = (0, 0);
    let (mut all_inside, mut all_hits) = (0, 0);
    println!(
        "{:<18} {:>5} {:>5} {:>5} {:>10} {:>6} {:>6} {:>6} {:>6} {:>6} {:>6}",
        "noise", "P", "R", "F1", "false/1000", "p<.001", "p<.01", "cover", "width", "size", "late"
    );
    for kind in KINDS {
        let mut dice = Dice::new(seed * 1000 + kind as u64);
        let mut score = Score::default();
        let (mut inside, mut hits, mut width, mut size, mut sized) = (0, 0, 0, 0, 0);
        for _ in 0..copies {
            let h = history(kind, false, smallest, &mut dice);
            let a = analyse(&h.values);
            let shifts: Vec<_> = a.shifts.iter().filter(|s| s.settled).collect();
            let found: Vec<usize> = shifts.iter().map(|s| s.index).collect();
            score.add(&h.steps, &found, 3);
            for (i, j) in matched(&h.steps, &found, 15) {
                let s = shifts[j];
                hits += 1;
                width += s.candidates[1] - s.candidates[0] + 1;
                inside +=
                    usize::from(s.candidates[0] <= h.steps[i] && h.steps[i] <= s.candidates[1]);
                if let Some([l, u]) = s.interval {
                    sized += 1;
                    size += usize::from(l <= h.sizes[i] && h.sizes[i] <= u);
                }
            }
        }
        let (mut wrong, mut points, mut alarms, mut alarms2, mut late) = (0, 0, 0, 0, 0);
        for _ in 0..copies {
            let h = history(kind, true, smallest, &mut dice);
            let a = analyse(&h.values);
            late += usize::from(a.shifts.iter().any(|s| s.index + 10 >= h.values.len()));
            let found = a.shifts.iter().filter(|s| s.settled).count();
            let least =
                a.shifts.iter().filter(|s| s.settled).map(|s| s.p_value).fold(1.0, f64::min);
            wrong += found;
            alarms += usize::from(least < 0.001);
            alarms2 += usize::from(least < 0.01);
            points += h.values.len();
        }
        let c = copies as f64;
        println!(
            "{:<18} {:>5.3} {:>5.3} {:>5.3} {:>10.2} {:>6.4} {:>6.4} {:>6.3} {:>6.1} {:>6.3} {:>6.4}",
            format!("{kind:?}"),
            score.precision(),
            score.recall(),
            score.f1(),
            1000.0 * wrong as f64 / points as f64,
            alarms as f64 / c,
            alarms2 as f64 / c,
            inside as f64 / hits as f64,
            width as f64 / hits as f64,
            size as f64 / sized as f64,
            late as f64 / c
        );
        all.merge(&score);
        all_false += wrong;
        all_points += points;
        all_inside += inside;
        all_hits += hits;
    }
    println!(
        "{:<18} {:>5.3} {:>5.3} {:>5.3} {:>10.2} {:>20.3}",
        "all",
        all.precision(),
        all.recall(),
        all.f1(),
        1000.0 * all_false as f64 / all_points as f64,
        all_inside as f64 / all_hits as f64
    );
    let _ = (Noise::LogNormal, settled(&[]));
}

fn real(seed: u64, copies: usize) {
    let mut dice = Dice::new(seed + 99);
    let all = real_noise::residuals();
    let mut score = Score::default();
    let (mut wrong, mut points, mut inside, mut hits, mut late, mut n) = (0, 0, 0, 0, 0, 0);
    for _ in 0..copies.max(1) {
        for residuals in &all {
            let h = real_noise::history(residuals, false, &mut dice);
            let a = analyse(&h.values);
            let shifts: Vec<_> = a.shifts.iter().filter(|s| s.settled).collect();
            let found: Vec<usize> = shifts.iter().map(|s| s.index).collect();
            score.add(&h.steps, &found, 3);
            for (i, j) in matched(&h.steps, &found, 15) {
                hits += 1;
                inside += usize::from(
                    (shifts[j].candidates[0]..=shifts[j].candidates[1]).contains(&h.steps[i]),
                );
            }
            let h = real_noise::history(residuals, true, &mut dice);
            let a = analyse(&h.values);
            wrong += a.shifts.iter().filter(|s| s.settled).count();
            late += usize::from(a.shifts.iter().any(|s| s.index + 10 >= h.values.len()));
            points += h.values.len();
            n += 1;
        }
    }
    println!(
        "real {} series P {:.3} R {:.3} F1 {:.3} false/1000 {:.2} cover {:.3} late {:.4}",
        all.len(),
        score.precision(),
        score.recall(),
        score.f1(),
        1000.0 * wrong as f64 / points as f64,
        inside as f64 / hits as f64,
        late as f64 / n as f64
    );
}

fn online(seed: u64, copies: usize) {
    let mut dice = Dice::new(seed + 77);
    let mut found = [0; 7];
    let mut false_alarms = 0;
    let copies = copies * 5;
    for _ in 0..copies {
        let n = 60 + dice.below(100);
        let mut series = noise(Noise::LogNormal, n + 7, 0.02, &mut dice);
        let a = analyse(&series[..n].iter().map(|v| libm::exp(*v)).collect::<Vec<_>>());
        false_alarms += usize::from(a.shifts.iter().any(|s| s.index + 10 >= n));
        series.iter_mut().skip(n).for_each(|v| *v += libm::log(1.1));
        let series: Vec<f64> = series.iter().map(|v| libm::exp(*v)).collect();
        for k in 1..=7 {
            let a = analyse(&series[..n + k]);
            found[k - 1] += usize::from(a.shifts.iter().any(|s| s.index.abs_diff(n) <= 3));
        }
    }
    let rate = |n: usize| n as f64 / copies as f64;
    println!(
        "online {:?} false {:.4}",
        found.map(|f| (rate(f) * 1000.0).round() / 1000.0),
        rate(false_alarms)
    );
}
