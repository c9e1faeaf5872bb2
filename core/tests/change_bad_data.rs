//! Series that no benchmark should have: defined results, no panic, no quadratic blow-up.

use driftline_core::change::{current_level, segment};
use proptest::prelude::*;

/// Values with a spread of one per cent and no pattern.
fn noise(t: u32) -> f64 {
    1.0 + f64::from((t * 7_919 + 13) % 101) / 5_000.0
}

#[test]
fn nothing_one_and_few() {
    assert!(segment(&[]).is_empty());
    assert_eq!(current_level(&[]), 0..0);
    for few in 1..=4 {
        let series: Vec<f64> = (0..few).map(|t| f64::from(1 + 10 * t)).collect();
        assert!(segment(&series).is_empty(), "{series:?}");
        assert_eq!(current_level(&series), 0..series.len());
    }
}

#[test]
fn all_equal_has_none() {
    for value in [0.0, 1.0, -3.5, 1e-300, 1e300] {
        assert!(segment(&vec![value; 200]).is_empty(), "{value}");
    }
}

#[test]
fn counts_that_step_are_found_to_the_run() {
    let series: Vec<f64> = (0..60).map(|t| if t < 41 { 1_000.0 } else { 1_001.0 }).collect();
    assert_eq!(segment(&series), [41]);
    assert_eq!(current_level(&series), 41..60);
}

#[test]
fn all_different_and_monotone_has_none() {
    let series: Vec<f64> = (0..300).map(|t| 100.0 + f64::from(t)).collect();
    assert!(segment(&series).len() <= 10, "{:?}", segment(&series));
}

#[test]
fn two_values_alternating_have_none() {
    let series: Vec<f64> = (0..500).map(|t| if t % 2 == 0 { 10.0 } else { 20.0 }).collect();
    assert!(segment(&series).is_empty(), "{:?}", segment(&series));
}

#[test]
fn gaps_and_infinities_are_left_out_and_indices_stay_those_of_the_series() {
    let mut series: Vec<f64> =
        (0..80).map(|t| noise(t) * if t < 50 { 100.0 } else { 130.0 }).collect();
    for (gap, value) in
        [(3, f64::NAN), (20, f64::INFINITY), (48, f64::NEG_INFINITY), (70, f64::NAN)]
    {
        series[gap] = value;
    }
    assert_eq!(segment(&series), [50]);
    assert!(segment(&[f64::NAN; 50]).is_empty());
    assert_eq!(current_level(&[f64::NAN; 50]), 0..50);
}

#[test]
fn extreme_magnitudes_in_one_series() {
    let mut series: Vec<f64> = (0..100).map(noise).collect();
    series[10] = 1e-300;
    series[60] = 1e300;
    assert!(segment(&series).is_empty(), "{:?}", segment(&series));
    let halves: Vec<f64> = (0..100).map(|t| if t < 50 { 1e-300 } else { 1e300 }).collect();
    assert_eq!(segment(&halves), [50]);
    let signs: Vec<f64> = (0..100).map(|t| if t < 50 { -1e300 } else { 1e300 }).collect();
    assert_eq!(segment(&signs), [50]);
}

#[test]
fn values_of_both_signs_are_taken_as_they_are() {
    let series: Vec<f64> = (0..80).map(|t| noise(t) - if t < 40 { 1.01 } else { 0.9 }).collect();
    assert_eq!(segment(&series), [40]);
}

/// 100,000 values, each unlike its neighbours: the test ends because the cost does not grow with
/// the square.
#[test]
fn a_change_at_every_value() {
    let zigzag: Vec<f64> = (0..100_000_u32).map(|t| f64::from(1 + t % 7 * (t % 3))).collect();
    let blocks: Vec<f64> =
        (0..100_000_u32).map(|t| noise(t) * f64::from(1 + (t / 6 * 7_919) % 13)).collect();
    for series in [zigzag, blocks] {
        let found = segment(&series);
        assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
    }
}

proptest! {
    #[test]
    fn any_numbers_give_ascending_indices_and_a_level_inside(
        series in prop::collection::vec(
            prop_oneof![any::<f64>(), 0.9..1.1_f64, 2.0..2.1_f64, Just(0.0)], 0..120)
    ) {
        let found = segment(&series);
        prop_assert!(found.windows(2).all(|pair| pair[0] < pair[1]));
        prop_assert!(found.iter().all(|&at| at > 0 && at < series.len()));
        let level = current_level(&series);
        prop_assert!(level.start <= level.end && level.end <= series.len());
        prop_assert_eq!(&segment(&series), &found);
    }

    #[test]
    fn the_unit_does_not_matter(
        steps in prop::collection::vec(0.95..1.05_f64, 30..80), at in 10..20_usize,
        exponent in -40..40_i32,
    ) {
        let series: Vec<f64> =
            steps.iter().enumerate().map(|(t, v)| if t < at { *v } else { v * 1.4 }).collect();
        let factor = (0..exponent.abs()).fold(1.0_f64, |f, _| if exponent > 0 { f * 2.0 } else { f / 2.0 });
        let scaled: Vec<f64> = series.iter().map(|v| v * factor).collect();
        prop_assert_eq!(segment(&series), segment(&scaled));
    }
}
