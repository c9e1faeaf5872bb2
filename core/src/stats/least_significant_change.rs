use libm::exp;
use statrs::distribution::{ContinuousCDF, StudentsT};

/// The smallest relative change between two sides of `rounds` launches each that is told from
/// chance at the given confidence, where launches of unchanged code vary by `deviation`: Fisher's
/// least significant difference, taken of logarithms.
///
/// ```text
/// LSD = t(1 − (1 − confidence) / 2; freedom) · deviation · √(2 / rounds);   change = exp(LSD) − 1
/// ```
///
/// In: the standard deviation of the logarithm of the launches' values, at least 0; the degrees of
/// freedom it was estimated with (n − 1 for n launches); the rounds of either side; the confidence
/// between 0 and 1. Out: a ratio, 0.05 for 5 %. `None` for 0 rounds or degrees of freedom, for a
/// deviation below 0 or not finite, and where the change exceeds the range of numbers. O(1).
///
/// It assumes that the logarithms are about normal and the launches independent, so it says little
/// where launches follow one another so closely that they share their disturbance. A change of just
/// this size is found in every second case only.
///
/// Source: Fisher, "The Design of Experiments" (1935), §24; in this form Montgomery, "Design and
/// Analysis of Experiments", 8th ed. (2012), section 3.5.7.
///
/// ```
/// # use driftline_core::stats::least_significant_change;
/// // SciPy: exp(t.ppf(.995, 7) * .02 * sqrt(2 / 3)) - 1
/// let change = least_significant_change(0.02, 7, 3, 0.99).unwrap();
/// assert!((change - 0.058_811).abs() < 1e-6);
/// ```
pub fn least_significant_change(
    deviation: f64,
    freedom: u32,
    rounds: u32,
    confidence: f64,
) -> Option<f64> {
    if rounds == 0 || !(deviation >= 0.0 && deviation.is_finite()) {
        return None;
    }
    let student = StudentsT::new(0.0, 1.0, f64::from(freedom)).ok()?;
    let t = student.inverse_cdf(f64::midpoint(1.0, confidence));
    let change = exp(t * deviation * (2.0 / f64::from(rounds)).sqrt()) - 1.0;
    change.is_finite().then_some(change)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `SciPy`: `[expm1(t.ppf((1 + c) / 2, f) * s * sqrt(2 / k)) for s, f, k, c in …]`
    #[test]
    fn equals_scipy() {
        for ((deviation, freedom, rounds, confidence), expected) in [
            ((0.1, 7, 3, 0.99), 0.330_735_3),
            ((0.01, 3, 3, 0.99), 0.048_846_3),
            ((0.05, 9, 5, 0.95), 0.074_156_5),
        ] {
            let got = least_significant_change(deviation, freedom, rounds, confidence).unwrap();
            assert!((got - expected).abs() < 1e-6, "{got} is not {expected}");
        }
    }

    #[test]
    fn edges() {
        assert_eq!(least_significant_change(0.0, 7, 3, 0.99), Some(0.0));
        assert_eq!(least_significant_change(0.1, 0, 3, 0.99), None);
        assert_eq!(least_significant_change(0.1, 7, 0, 0.99), None);
        assert_eq!(least_significant_change(-0.1, 7, 3, 0.99), None);
        assert_eq!(least_significant_change(f64::NAN, 7, 3, 0.99), None);
        assert_eq!(least_significant_change(1e9, 7, 3, 0.99), None);
    }
}
