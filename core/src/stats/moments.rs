/// The arithmetic mean; `None` for no values. O(n).
pub fn mean(values: &[f64]) -> Option<f64> {
    if values.is_empty() {
        return None;
    }
    let n = values.len() as f64;
    // Dividing before adding, where the sum would overflow.
    let sum: f64 = values.iter().sum();
    Some(if sum.is_finite() { sum / n } else { values.iter().map(|v| v / n).sum() })
}

/// The sample standard deviation, n − 1 in the denominator; `None` for fewer than two values or
/// when it exceeds the range of numbers. Two passes, O(n).
pub fn standard_deviation(values: &[f64]) -> Option<f64> {
    if values.len() < 2 {
        return None;
    }
    let mean = mean(values)?;
    let squares: f64 = values.iter().map(|v| (v - mean) * (v - mean)).sum();
    let deviation = (squares / (values.len() as f64 - 1.0)).sqrt();
    deviation.is_finite().then_some(deviation)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(mean(&[]), None);
        assert_eq!(mean(&[f64::MAX, f64::MAX]), Some(f64::MAX));
        assert_eq!(standard_deviation(&[1.0]), None);
        assert_eq!(standard_deviation(&[2.0, 2.0]), Some(0.0));
        assert_eq!(standard_deviation(&[1e300, -1e300]), None);
    }
}
