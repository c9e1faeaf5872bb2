/// eˣ with a relative error below 10⁻⁸, several times faster than exact to the last bit: for weights
/// in inner loops. Only sums, products and bits, so that it is the same on every machine. Beyond ±700
/// it is that of ±700; NaN for NaN. O(1).
///
/// ```text
/// x = n ln 2 + r, |r| ≤ ln 2 / 2;   eˣ = 2ⁿ Σ rᵏ / k!, k ≤ 7
/// ```
#[inline]
pub(super) fn exponential(x: f64) -> f64 {
    /// What is added to a number below 2⁵¹ in size leaves its nearest integer in the lowest bits.
    const ROUNDING: f64 = 6_755_399_441_055_744.0; // 1.5 · 2⁵²
    const FURTHEST: f64 = 700.0;
    const BIAS: u64 = 1023;
    const MANTISSA: u32 = 52;
    let x = x.clamp(-FURTHEST, FURTHEST);
    let shifted = x * std::f64::consts::LOG2_E + ROUNDING;
    let n = shifted - ROUNDING;
    let r = x - n * std::f64::consts::LN_2;
    let series = 1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0));
    let series = 1.0 + r * (1.0 + r * (0.5 + r * (1.0 / 6.0 + r * (1.0 / 24.0 + r * series))));
    let power = f64::from_bits(shifted.to_bits().wrapping_add(BIAS) << MANTISSA);
    series * power
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_library() {
        for step in -7000..=7000 {
            let x = f64::from(step) / 10.0 + 0.003;
            let exact = libm::exp(x.clamp(-700.0, 700.0));
            assert!((exponential(x) / exact - 1.0).abs() < 1e-8, "{x}");
        }
        assert_eq!(exponential(0.0), 1.0);
        assert_eq!(exponential(f64::INFINITY), exponential(700.0));
        assert_eq!(exponential(f64::NEG_INFINITY), exponential(-700.0));
        assert!(exponential(f64::NAN).is_nan());
    }
}
