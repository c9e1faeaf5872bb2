use libm::{exp, log};
use statrs::distribution::{ContinuousCDF, StudentsT};

use super::RatioInterval;

/// A centre of which only a summary is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Centre {
    /// The mean or median; above 0.
    pub value: f64,
    /// Its standard error, in the same unit; at least 0.
    pub standard_error: f64,
    /// How many values it was computed from; at least 2.
    pub n: u64,
}

/// The interval of a ratio of two centres of which only summaries are known: the logarithm of the
/// ratio by the delta method, with Welch's t for its unknown variances.
///
/// ```text
/// ln r = ln c − ln b;   e = standard error / centre, of either side;   s² = e_b² + e_c²
/// ν = s⁴ / (e_b⁴ / (n_b − 1) + e_c⁴ / (n_c − 1));   interval = exp(ln r ± t(ν) s)
/// ```
///
/// In: the two centres in one unit, and the confidence between 0 and 1. `None` when a centre is not
/// above 0, a side has fewer than two values, or a bound is not a finite number. With both errors 0
/// the interval is a point and p is 0 or 1. Assumes that the logarithm of a centre is about normal.
/// O(1).
///
/// Source: Welch, "The generalization of Student's problem when several different population
/// variances are involved", Biometrika 34 (1947), 28–35; for the logarithm Franz, "Ratios: A short
/// guide to confidence limits and proper use" (2007), arXiv:0710.2024, section 4.
pub fn normal_ratio(baseline: Centre, candidate: Centre, confidence: f64) -> Option<RatioInterval> {
    let (b, c) = (baseline.value, candidate.value);
    if !(b > 0.0 && c > 0.0) || baseline.n < 2 || candidate.n < 2 {
        return None;
    }
    let ln_ratio = log(c) - log(b);
    let square = |centre: Centre| {
        let relative = centre.standard_error / centre.value;
        relative * relative
    };
    let (of_b, of_c) = (square(baseline), square(candidate));
    let variance = of_b + of_c;
    if variance == 0.0 {
        let p_value = f64::from(u8::from(ln_ratio == 0.0));
        return Some(RatioInterval { lower: c / b, upper: c / b, p_value });
    }
    let share = |square: f64, n: u64| (square / variance) * (square / variance) / (n as f64 - 1.0);
    let freedom = 1.0 / (share(of_b, baseline.n) + share(of_c, candidate.n));
    let student = StudentsT::new(0.0, 1.0, freedom).ok()?;
    let deviation = variance.sqrt();
    let t = student.inverse_cdf(f64::midpoint(1.0, confidence));
    let p_value = 2.0 * student.cdf(-(ln_ratio / deviation).abs());
    let (lower, upper) = (exp(ln_ratio - t * deviation), exp(ln_ratio + t * deviation));
    (lower.is_finite() && upper.is_finite()).then_some(RatioInterval { lower, upper, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre(value: f64, standard_error: f64, n: u64) -> Centre {
        Centre { value, standard_error, n }
    }

    /// `SciPy`: s, nu = hypot(.02, .03), s**4 / (.02**4 / 9 + .03**4 / 19); t.ppf(.995, nu),
    /// exp(log(1.1) ± t s), 2 * t.sf(log(1.1) / s, nu)
    #[test]
    fn equals_scipy() {
        let got = normal_ratio(centre(100.0, 2.0, 10), centre(110.0, 3.3, 20), 0.99).unwrap();
        assert!((got.lower - SCIPY.0).abs() < 1e-6, "{got:?}");
        assert!((got.upper - SCIPY.1).abs() < 1e-6, "{got:?}");
        assert!((got.p_value - SCIPY.2).abs() < 1e-6, "{got:?}");
    }

    const SCIPY: (f64, f64, f64) = (0.995_682_448, 1.215_246_891, 0.013_296_471);

    #[test]
    fn two_values_prove_little() {
        let got = normal_ratio(centre(100.0, 0.5, 2), centre(125.0, 0.5, 2), 0.99).unwrap();
        assert!(got.p_value > 5e-4, "{got:?}");
    }

    #[test]
    fn edges() {
        assert_eq!(normal_ratio(centre(0.0, 1.0, 9), centre(1.0, 1.0, 9), 0.99), None);
        assert_eq!(normal_ratio(centre(1.0, 1.0, 9), centre(-1.0, 1.0, 9), 0.99), None);
        assert_eq!(normal_ratio(centre(1.0, 1.0, 1), centre(1.0, 1.0, 9), 0.99), None);
        let exact = normal_ratio(centre(2.0, 0.0, 9), centre(3.0, 0.0, 9), 0.99).unwrap();
        assert_eq!((exact.lower, exact.upper, exact.p_value), (1.5, 1.5, 0.0));
        let same = normal_ratio(centre(2.0, 0.0, 9), centre(2.0, 0.0, 9), 0.99).unwrap();
        assert!((same.p_value - 1.0).abs() < 1e-12);
    }
}
