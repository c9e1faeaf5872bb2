/// q-values: for each p-value the smallest false-discovery rate at which it would be called a
/// discovery.
///
/// ```text
/// q(i) = min over j ≥ i of  m · p(j) / j,   p(1) ≤ … ≤ p(m)
/// ```
///
/// In: p-values between 0 and 1, in any order. Out: one q-value each, in the same order. Assumes
/// independent or positively dependent tests. O(m log m).
///
/// Source: Benjamini & Hochberg, "Controlling the False Discovery Rate", J. R. Statist. Soc. B 57
/// (1995), 289–300.
///
/// ```
/// # use driftline_core::stats::benjamini_hochberg;
/// // R: p.adjust(c(0.01, 0.04, 0.03, 0.5), "BH")
/// let q = benjamini_hochberg(&[0.01, 0.04, 0.03, 0.5]);
/// for (q, r) in q.iter().zip([0.04, 0.16 / 3.0, 0.16 / 3.0, 0.5]) {
///     assert!((q - r).abs() < 1e-12);
/// }
/// ```
pub fn benjamini_hochberg(p_values: &[f64]) -> Vec<f64> {
    let m = p_values.len() as f64;
    let mut order: Vec<(usize, f64)> = p_values.iter().copied().enumerate().collect();
    crate::order::sort_by(&mut order, |a, b| a.1.total_cmp(&b.1).then(a.0.cmp(&b.0)));
    let mut q_values = vec![1.0; p_values.len()];
    let mut smallest = 1.0_f64;
    for (rank, (index, p)) in order.into_iter().enumerate().rev() {
        // p · m / m may round to less than p.
        smallest = smallest.min((p * m / (rank as f64 + 1.0)).max(p));
        if let Some(q) = q_values.get_mut(index) {
            *q = smallest;
        }
    }
    q_values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn none_one_and_equal() {
        assert!(benjamini_hochberg(&[]).is_empty());
        assert_eq!(benjamini_hochberg(&[0.2]), [0.2]);
        assert_eq!(benjamini_hochberg(&[0.2, 0.2]), [0.2, 0.2]);
    }

    #[test]
    fn a_q_value_is_never_below_its_p_value() {
        for n in 1..2000 {
            let p = f64::from(n) / 2003.0;
            for m in 1..8 {
                assert!(benjamini_hochberg(&vec![p; m]).iter().all(|&q| q >= p), "{m} times {p}");
            }
        }
    }
}
