//! Change points where noise is small beside what changes, or the change is short.

use driftline_core::change::analyse;
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;

/// Factors around 1: the sum of twelve uniform numbers as normal noise of this standard deviation.
fn noise(seed: u64, deviation: f64) -> impl FnMut() -> f64 {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    move || {
        let uniform = |bits: u64| (bits >> 11) as f64 / (1_u64 << 53) as f64;
        let sum: f64 = (0..12).map(|_| uniform(random.next_u64())).sum();
        1.0 + deviation * (sum - 6.0)
    }
}

#[test]
fn a_drift_is_told_however_quiet_the_series_is() {
    for deviation in [0.000_5, 0.002, 0.01, 0.02] {
        for seed in 0..10 {
            let mut noise = noise(seed, deviation);
            let values: Vec<f64> =
                (0..60).map(|t| (1.0 + 0.2 * f64::from(t) / 60.0) * noise()).collect();
            let trend = analyse(&values).trend;
            let total = trend.map_or(0.0, |trend| trend.total);
            assert!((0.1..0.3).contains(&total), "{deviation} {seed}: {trend:?}");
        }
    }
}

#[test]
fn a_step_in_a_drift_is_found_in_a_quiet_series() {
    for (rise, step) in [(0.2, 1.2), (0.4, 1.1), (0.2, 1.05)] {
        for seed in 0..10 {
            let mut noise = noise(seed, 0.002);
            let values: Vec<f64> = (0..100)
                .map(|t| {
                    let level = 1.0 + rise * f64::from(t) / 100.0;
                    level * if t < 60 { 1.0 } else { step } * noise()
                })
                .collect();
            let shifts = analyse(&values).shifts;
            assert!(
                shifts.iter().any(|shift| shift.index.abs_diff(60) <= 3),
                "{rise} {step} {seed}: {shifts:?}"
            );
        }
    }
}

/// A shift that lasts does not become less certain by one more run.
#[test]
fn what_lasts_stays_found() {
    for lasting in 6..16 {
        for seed in 0..10 {
            let mut noise = noise(seed, 0.02);
            let (from, to) = (60, 60 + lasting);
            let values: Vec<f64> = (0..to + 20)
                .map(|t| if (from..to).contains(&t) { 100.0 } else { 1.0 } * noise())
                .collect();
            let shifts = analyse(&values).shifts;
            for at in [from, to] {
                let found = shifts.iter().find(|shift| shift.index == at);
                let sure = found.is_some_and(|shift| shift.settled && shift.p_value < 1e-4);
                assert!(sure, "{lasting} {seed}: {shifts:?}");
            }
        }
    }
}
