use super::MAD_TO_SD;
use super::quantile::median_of;
use super::tails::student_exceeds;

/// A slope that noise does not explain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinearTrend {
    /// By how much the values rise from one to the next.
    pub per_value: f64,
    /// How often values without a slope show as much, two-sided.
    pub p_value: f64,
}

/// Fewer values show no trend.
const FEWEST: usize = 6;
/// Values further from the line than so many standard deviations are left out of the fit.
const FAR: f64 = 4.0;
/// The values' variance around the line over that of neighbours; more, and it is no line.
const STRAIGHT: f64 = 2.5;
/// No noise at all is the rounding of the arithmetic.
const ROUNDING: f64 = 1e-12;

/// The linear trend of values in order, where it is significant at `level` and the values follow a
/// line: least squares, against the noise that neighbours differ by, which a trend hardly touches.
///
/// ```text
/// σ² = Σ (eᵢ₊₁ − eᵢ)² / (2 (n − 1)),   t = b √Sxx / σ,   2 (n − 2) / 3 degrees of freedom
/// ```
///
/// where e is what lies above a line. Values more than four standard deviations off a line through
/// the values' halves (Theil's incomplete method) are left out: a disturbed launch is no trend.
/// `None` for fewer than six values, where none is significant, where the line is not straight, and
/// for values that do not differ. Assumes independent noise. O(n log n).
///
/// Sources: von Neumann, Kent, Bellinson & Hart, "The mean square successive difference", Ann. Math.
/// Statist. 12 (1941), 153–162 (the freedom is that of its efficiency, two thirds); Theil, "A
/// rank-invariant method of linear and polynomial regression analysis" (1950).
///
/// ```
/// # use driftline_core::stats::linear_trend;
/// let rising: Vec<f64> = (0..10).map(|t| f64::from(3 * t + t % 2)).collect();
/// assert!((linear_trend(&rising, 0.001).unwrap().per_value - 3.0).abs() < 0.1);
/// let level: Vec<f64> = (0..10).map(|t| f64::from(t * 7 % 5)).collect();
/// assert_eq!(linear_trend(&level, 0.001), None);
/// ```
pub fn linear_trend(values: &[f64], level: f64) -> Option<LinearTrend> {
    let n = values.len();
    if n < FEWEST {
        return None;
    }
    let half = n / 2;
    let pairs = values.iter().zip(values.iter().skip(n - half));
    let mut slopes: Vec<f64> = pairs.map(|(a, b)| (b - a) / (n - half) as f64).collect();
    let rough = median_of(&mut slopes)?;
    let above: Vec<f64> = values.iter().enumerate().map(|(t, v)| v - rough * t as f64).collect();
    let middle = median_of(&mut above.clone())?;
    let mut distances: Vec<f64> = above.iter().map(|e| (e - middle).abs()).collect();
    let scale = MAD_TO_SD * median_of(&mut distances)?;
    let kept: Vec<(f64, f64)> = above
        .iter()
        .enumerate()
        .filter(|(_, e)| (*e - middle).abs() <= FAR * scale.max(ROUNDING))
        .map(|(t, e)| (t as f64, *e))
        .collect();
    let k = kept.len() as f64;
    if kept.len() < FEWEST {
        return None;
    }
    let centre = kept.iter().map(|(t, _)| t).sum::<f64>() / k;
    let mean = kept.iter().map(|(_, e)| e).sum::<f64>() / k;
    let squares: f64 = kept.iter().map(|(t, _)| (t - centre) * (t - centre)).sum();
    let rest = kept.iter().map(|(t, e)| (t - centre) * (e - mean)).sum::<f64>() / squares;
    let off: Vec<f64> = kept.iter().map(|(t, e)| e - mean - rest * (t - centre)).collect();
    let steps: f64 = off.iter().zip(off.iter().skip(1)).map(|(a, b)| (b - a) * (b - a)).sum();
    let variance = (steps / (2.0 * (k - 1.0))).max(ROUNDING * ROUNDING);
    let around = off.iter().map(|e| e * e).sum::<f64>() / (k - 2.0);
    if around > STRAIGHT * variance {
        return None;
    }
    let per_value = rough + rest;
    let t = per_value.abs() * (squares / variance).sqrt();
    let p_value = 2.0 * student_exceeds(t, 2.0 * (k - 2.0) / 3.0);
    (p_value <= level).then_some(LinearTrend { per_value, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_xoshiro::Xoshiro256PlusPlus;
    use rand_xoshiro::rand_core::{Rng, SeedableRng};

    const LEVEL: f64 = 0.001;

    fn noise(random: &mut Xoshiro256PlusPlus, n: usize, slope: f64) -> Vec<f64> {
        let mut uniform = || (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let mut normal = || (0..12).map(|_| uniform()).sum::<f64>() - 6.0;
        (0..n).map(|t| normal() + slope * t as f64).collect()
    }

    /// The binomial bound of 4,000 draws at 0.1 % is 12; few degrees of freedom and the values left
    /// out allow for as much again.
    #[test]
    fn values_without_a_slope_seldom_show_one() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(3);
        for n in [6, 10, 40] {
            let found = (0..4_000).filter(|_| {
                let values = noise(&mut random, n, 0.0);
                linear_trend(&values, LEVEL).is_some()
            });
            let found = found.count();
            assert!(found <= 24, "{n}: {found}");
        }
    }

    #[test]
    fn a_slope_is_found_whatever_strikes_one_value() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(4);
        let found = (0..500).filter(|_| {
            let mut values = noise(&mut random, 12, 3.0);
            values[5] += 60.0;
            linear_trend(&values, LEVEL).is_some_and(|t| (t.per_value - 3.0).abs() < 1.0)
        });
        assert!(found.count() > 450);
    }

    #[test]
    fn a_step_is_no_line_and_equal_values_have_none() {
        let step: Vec<f64> =
            (0..20).map(|t| f64::from(t * 7 % 5) + if t < 10 { 0.0 } else { 90.0 }).collect();
        assert_eq!(linear_trend(&step, LEVEL), None);
        assert_eq!(linear_trend(&[4.0; 20], LEVEL), None);
        assert_eq!(linear_trend(&[1.0, 2.0, 3.0], LEVEL), None);
    }
}
