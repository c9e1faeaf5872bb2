/// The values in ascending order. Values that are not numbers would come last; samples hold none.
pub fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The quantile of order `p` of ascending values, by linear interpolation between the two nearest
/// order statistics (type 7, the default of R and `NumPy`):
///
/// ```text
/// h = (n − 1) p;   Q = x[⌊h⌋] + (h − ⌊h⌋) (x[⌊h⌋ + 1] − x[⌊h⌋])
/// ```
///
/// `p` outside 0–1 counts as the nearer end; `None` for no values. O(1).
///
/// Source: Hyndman & Fan, "Sample Quantiles in Statistical Packages", The American Statistician
/// 50 (1996), definition 7.
///
/// ```
/// # use driftline_core::stats::quantile;
/// // R: quantile(c(1, 2, 4, 8), 0.4)
/// assert!((quantile(&[1.0, 2.0, 4.0, 8.0], 0.4).unwrap() - 2.4).abs() < 1e-12);
/// ```
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "h lies between 0 and n - 1"
)]
pub fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let last = sorted.len().checked_sub(1)?;
    let h = last as f64 * p.clamp(0.0, 1.0);
    let below = h.floor();
    let low = *sorted.get(below as usize)?;
    let high = *sorted.get((below as usize + 1).min(last))?;
    let weight = h - below;
    // Not low + weight * (high - low) alone: the difference of two huge values overflows.
    Some(if weight == 0.0 { low } else { low * (1.0 - weight) + high * weight })
}

/// The median of ascending values: the middle one, or the mean of the two in the middle. `None`
/// for no values. O(1).
pub fn median(sorted: &[f64]) -> Option<f64> {
    let n = sorted.len();
    let upper = *sorted.get(n / 2)?;
    if n % 2 == 1 {
        return Some(upper);
    }
    let lower = *sorted.get(n / 2 - 1)?;
    Some(lower / 2.0 + upper / 2.0)
}

/// The median of values in any order, as [`median`] has it of ascending ones. Values that are not
/// numbers count as the largest. Reorders them. `None` for no values. O(n).
///
/// ```
/// # use driftline_core::stats::median_of;
/// assert_eq!(median_of(&mut [8.0, 1.0, 2.0]), Some(2.0));
/// ```
pub fn median_of(values: &mut [f64]) -> Option<f64> {
    let n = values.len();
    if n == 0 {
        return None;
    }
    let (below, middle, _) = values.select_nth_unstable_by(n / 2, f64::total_cmp);
    if n % 2 == 1 {
        return Some(*middle);
    }
    let lower = below.iter().copied().max_by(f64::total_cmp)?;
    Some(lower / 2.0 + *middle / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(quantile(&[], 0.5), None);
        assert_eq!(median(&[]), None);
        assert_eq!(median_of(&mut []), None);
        assert_eq!(median(&[7.0]), Some(7.0));
        assert_eq!(quantile(&[7.0], 0.99), Some(7.0));
        assert_eq!(quantile(&[1.0, 2.0], -3.0), Some(1.0));
        assert_eq!(quantile(&[1.0, 2.0], 3.0), Some(2.0));
        assert_eq!(median(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert_eq!(median(&[1.0, 2.0, 4.0, 8.0]), Some(3.0));
    }

    /// `numpy.quantile([3.1, 0.2, 5.9, 8.8, 1.4, 2.2, 9.7], [.1, .25, .5, .9])`
    #[test]
    fn equals_numpy() {
        let values = sorted(&[3.1, 0.2, 5.9, 8.8, 1.4, 2.2, 9.7]);
        for (p, expected) in [(0.1, 0.92), (0.25, 1.8), (0.5, 3.1), (0.9, 9.16)] {
            assert!((quantile(&values, p).unwrap() - expected).abs() < 1e-12, "{p}");
        }
    }
}
