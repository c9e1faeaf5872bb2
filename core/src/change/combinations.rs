use libm::lgamma;

/// ln C(n, k): the logarithm of how many ways there are to choose k of n, by the gamma function.
/// k at most n. O(1).
pub(super) fn ln_combinations(n: usize, k: usize) -> f64 {
    let ln_factorial = |n: usize| lgamma(n as f64 + 1.0);
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n.saturating_sub(k))
}

#[cfg(test)]
mod tests {
    use super::ln_combinations;

    #[test]
    fn counts() {
        for (n, k, ways) in [(0, 0, 1.0), (5, 2, 10.0), (100, 3, 161_700.0), (7, 7, 1.0)] {
            assert!((libm::exp(ln_combinations(n, k)) / ways - 1.0_f64).abs() < 1e-12, "{n} {k}");
        }
    }
}
