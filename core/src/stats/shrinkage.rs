use libm::{exp, log};

/// What a group of variances tells about each of them: a prior with `freedom` degrees of freedom
/// around `variance`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VariancePrior {
    /// The typical variance; above 0.
    pub variance: f64,
    /// How many observations' worth of evidence it is; infinite when all variances are alike.
    pub freedom: f64,
}

impl VariancePrior {
    /// The variance after `freedom` degrees of freedom of own evidence, and how many degrees it
    /// then has:
    ///
    /// ```text
    /// s̃² = (d₀ s₀² + d s²) / (d₀ + d)
    /// ```
    pub fn posterior(self, variance: f64, freedom: f64) -> (f64, f64) {
        if self.freedom.is_infinite() {
            return (self.variance, self.freedom);
        }
        let total = self.freedom + freedom;
        ((self.freedom * self.variance + freedom * variance) / total, total)
    }
}

/// Empirical-Bayes shrinkage of variances: fits the scaled inverse chi-square prior from which the
/// true variances of a group would come, by the moments of the logarithms.
///
/// ```text
/// e = ln s² − ψ(d/2) + ln(d/2);   ψ′(d₀/2) = var(e) − mean ψ′(d/2);   ln s₀² = ē + ψ(d₀/2) − ln(d₀/2)
/// ```
///
/// In: pairs of a sample variance (above 0) and its degrees of freedom (above 0); others are left
/// out. The variance of e is weighted by nothing, as in the source. `None` with fewer than three
/// usable pairs. The prior's freedom is at least 1, so that a group that has little in common still
/// gives each member some footing. O(n).
///
/// Source: Smyth, "Linear models and empirical Bayes methods for assessing differential expression
/// in microarray experiments", Stat. Appl. Genet. Mol. Biol. 3 (2004), section 6.2 (limma).
pub fn variance_prior(variances: &[(f64, f64)]) -> Option<VariancePrior> {
    let usable: Vec<(f64, f64)> = variances
        .iter()
        .copied()
        .filter(|&(s2, d)| s2 > 0.0 && d > 0.0 && s2.is_finite() && d.is_finite())
        .collect();
    if usable.len() < 3 {
        return None;
    }
    let n = usable.len() as f64;
    let logs: Vec<f64> =
        usable.iter().map(|&(s2, d)| log(s2) - digamma(d / 2.0) + log(d / 2.0)).collect();
    let mean = logs.iter().sum::<f64>() / n;
    let spread = logs.iter().map(|e| (e - mean) * (e - mean)).sum::<f64>() / (n - 1.0);
    let own = usable.iter().map(|&(_, d)| trigamma(d / 2.0)).sum::<f64>() / n;
    if spread <= own {
        // Not more different than chance makes them.
        return Some(VariancePrior { variance: exp(mean), freedom: f64::INFINITY });
    }
    let freedom = (2.0 * trigamma_inverse(spread - own)).max(1.0);
    let variance = exp(mean + digamma(freedom / 2.0) - log(freedom / 2.0));
    Some(VariancePrior { variance, freedom })
}

/// ψ(x) for x > 0: recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 6.3.18).
fn digamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 10.0 {
        below -= 1.0 / x;
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    below + log(x) - 0.5 / x - r * (1.0 / 12.0 - r * (1.0 / 120.0 - r * (1.0 / 252.0 - r / 240.0)))
}

/// ψ′(x) for x > 0: recurrence up to 10, then the asymptotic series (Abramowitz & Stegun 6.4.12).
fn trigamma(mut x: f64) -> f64 {
    let mut below = 0.0;
    while x < 10.0 {
        below += 1.0 / (x * x);
        x += 1.0;
    }
    let r = 1.0 / (x * x);
    below + 1.0 / x + r / 2.0 + r / x * (1.0 / 6.0 - r * (1.0 / 30.0 - r * (1.0 / 42.0 - r / 30.0)))
}

/// The x at which ψ′ has this value, above 0: bisection, ψ′ falls.
fn trigamma_inverse(value: f64) -> f64 {
    let (mut low, mut high) = (1e-3_f64, 1e6_f64);
    for _ in 0..80 {
        let middle = (low * high).sqrt();
        if trigamma(middle) > value {
            low = middle;
        } else {
            high = middle;
        }
    }
    (low * high).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `scipy.special.psi` and `polygamma(1, x)`.
    #[test]
    fn gamma_functions_equal_scipy() {
        for (x, psi, psi1) in [
            (0.5, -1.963_510_026_021_424, 4.934_802_200_544_68),
            (3.7, 1.167_153_539_361_511, 0.310_037_857_670_038_3),
            (25.0, 3.198_742_512_851_974, 0.040_810_663_257_225_58),
        ] {
            assert!((digamma(x) - psi).abs() < 1e-9, "psi {x}: {}", digamma(x));
            assert!((trigamma(x) - psi1).abs() < 1e-9, "psi1 {x}: {}", trigamma(x));
            assert!((trigamma_inverse(psi1) - x).abs() < 1e-6);
        }
        let slope = (libm::lgamma(4.0 + 1e-6) - libm::lgamma(4.0 - 1e-6)) / 2e-6;
        assert!((digamma(4.0) - slope).abs() < 1e-6);
    }

    #[test]
    fn equal_variances_are_one_and_different_ones_keep_their_own() {
        let alike = variance_prior(&[(1.0, 9.0), (1.1, 9.0), (0.9, 9.0), (1.0, 9.0)]).unwrap();
        assert!(alike.freedom.is_infinite());
        assert_eq!(alike.posterior(40.0, 9.0), (alike.variance, f64::INFINITY));
        let different =
            variance_prior(&[(1.0, 9.0), (100.0, 9.0), (0.01, 9.0), (1e4, 9.0)]).unwrap();
        assert!(different.freedom <= 2.0, "{different:?}");
        let (own, freedom) = different.posterior(1.0, 9.0);
        assert!(freedom <= 11.0 && own > 0.9, "{own} {freedom}");
    }

    #[test]
    fn too_few_or_empty_variances_make_no_prior() {
        assert_eq!(variance_prior(&[(1.0, 2.0), (2.0, 2.0)]), None);
        assert_eq!(variance_prior(&[(0.0, 2.0), (f64::NAN, 2.0), (1.0, 0.0), (2.0, 1.0)]), None);
    }
}
