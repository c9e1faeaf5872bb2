use libm::{exp, log};
use statrs::distribution::{ContinuousCDF, Normal};

use super::RatioInterval;

/// The interval of a ratio of two centres of which only standard errors are known, by the normal
/// approximation of its logarithm (the delta method):
///
/// ```text
/// ln r = ln c − ln b;   s² = (se_b / b)² + (se_c / c)²;   interval = exp(ln r ± z s)
/// ```
///
/// In: for either side its centre (above 0) and standard error (at least 0), in one unit; the
/// confidence between 0 and 1. `None` when a centre is not positive. With both errors 0 the
/// interval is a point and p is 0 or 1. O(1).
///
/// Source: Fieller's problem with small relative errors; see Franz, "Ratios: A short guide to
/// confidence limits and proper use" (2007), arXiv:0710.2024, section 4 (log transformation).
pub fn normal_ratio(
    baseline: (f64, f64),
    candidate: (f64, f64),
    confidence: f64,
) -> Option<RatioInterval> {
    let ((b, error_b), (c, error_c)) = (baseline, candidate);
    if !(b > 0.0 && c > 0.0) {
        return None;
    }
    let ln_ratio = log(c) - log(b);
    let deviation = ((error_b / b) * (error_b / b) + (error_c / c) * (error_c / c)).sqrt();
    let standard = Normal::standard();
    let z = standard.inverse_cdf(f64::midpoint(1.0, confidence));
    let p_value = if deviation > 0.0 {
        2.0 * standard.cdf(-(ln_ratio / deviation).abs())
    } else {
        f64::from(u8::from(ln_ratio == 0.0))
    };
    let (lower, upper) = if deviation > 0.0 {
        (exp(ln_ratio - z * deviation), exp(ln_ratio + z * deviation))
    } else {
        (c / b, c / b)
    };
    (lower.is_finite() && upper.is_finite()).then_some(RatioInterval { lower, upper, p_value })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// R: s <- sqrt(.02^2 + .03^2); exp(log(1.1) + c(-1, 1) * qnorm(.995) * s); 2 * pnorm(-log(1.1) / s)
    #[test]
    fn equals_r() {
        let got = normal_ratio((100.0, 2.0), (110.0, 3.3), 0.99).unwrap();
        assert!((got.lower - 1.002_440_3).abs() < 1e-6, "{got:?}");
        assert!((got.upper - 1.207_054_4).abs() < 1e-6, "{got:?}");
        assert!((got.p_value - 0.008_207).abs() < 1e-5, "{got:?}");
    }

    #[test]
    fn edges() {
        assert_eq!(normal_ratio((0.0, 1.0), (1.0, 1.0), 0.99), None);
        assert_eq!(normal_ratio((1.0, 1.0), (-1.0, 1.0), 0.99), None);
        let exact = normal_ratio((2.0, 0.0), (3.0, 0.0), 0.99).unwrap();
        assert_eq!((exact.lower, exact.upper, exact.p_value), (1.5, 1.5, 0.0));
        assert_eq!(normal_ratio((2.0, 0.0), (2.0, 0.0), 0.99).unwrap().p_value, 1.0);
    }
}
