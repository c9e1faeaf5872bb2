use crate::stats::{student_exceeds, tail_quantile};

/// What unchanged code would show: the distribution of the difference between the levels of two
/// sides, more positive when the candidate is worse.
///
/// Undisturbed, it is a Student t. Besides, every launch of a side may have been disturbed: then
/// the candidate looks worse, or the baseline did and the candidate looks better, by an exponential
/// amount.
///
/// ```text
/// P(e ≥ x) = (1 − P_c) t_ν(x / s) + P_c min(1, exp(−x r_c))      for x ≥ 0, and likewise below 0
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Prediction {
    /// The standard deviation of the undisturbed difference; above 0.
    pub(super) deviation: f64,
    /// Its degrees of freedom.
    pub(super) freedom: f64,
    /// That nothing but disturbed launches stands behind the candidate's level, and how fast such
    /// an excess falls.
    pub(super) candidate: AllDisturbed,
    /// The same of the baseline.
    pub(super) baseline: AllDisturbed,
    /// That every launch of the candidate ran in a slower mode which earlier runs show as well.
    pub(super) mode: Mode,
}

/// A second level at which launches of unchanged code are found again and again, such as another
/// layout of memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mode {
    /// How likely every launch of the candidate is in it.
    pub(super) probability: f64,
    /// How far above the level it lies, in the logarithm.
    pub(super) reach: f64,
    /// How likely a further launch would be in it as well.
    pub(super) again: f64,
    /// How many earlier launches are found in it, and of how many.
    pub(super) earlier: (usize, usize),
}

impl Mode {
    /// There is none.
    pub(super) const NONE: Self =
        Self { probability: 0.0, reach: 0.0, again: 0.0, earlier: (0, 0) };

    /// Whether there is one.
    pub(super) fn is_known(self) -> bool {
        self.earlier.0 > 0
    }
}

/// That every launch of a side was disturbed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct AllDisturbed {
    /// How likely that is.
    pub(super) probability: f64,
    /// The rate of the exponential excess it then shows.
    pub(super) rate: f64,
    /// How likely a further launch that agrees would be disturbed as well.
    pub(super) again: f64,
}

impl AllDisturbed {
    fn exceeds(self, x: f64) -> f64 {
        self.probability * libm::exp(-x * self.rate)
    }
}

impl Prediction {
    /// How likely unchanged code looks worse by at least `x`, which is 0 or more.
    pub(super) fn worse_by(&self, x: f64) -> f64 {
        let mode = if x <= self.mode.reach { self.mode.probability } else { 0.0 };
        Self::tail(self.deviation, self.freedom, self.candidate, x).max(mode)
    }

    /// How likely unchanged code looks better by at least `x`, which is 0 or more.
    pub(super) fn better_by(&self, x: f64) -> f64 {
        Self::tail(self.deviation, self.freedom, self.baseline, x)
    }

    fn tail(deviation: f64, freedom: f64, all: AllDisturbed, x: f64) -> f64 {
        (1.0 - all.probability) * student_exceeds(x / deviation, freedom) + all.exceeds(x)
    }

    /// The two-sided p-value of a difference.
    pub(super) fn p_value(&self, difference: f64) -> f64 {
        let one_sided =
            if difference >= 0.0 { self.worse_by(difference) } else { self.better_by(-difference) };
        (2.0 * one_sided).min(1.0)
    }

    /// The interval of the true change when `difference` was observed. Interference makes it
    /// reach further down than up where the candidate may be the disturbed side.
    pub(super) fn interval(&self, difference: f64, confidence: f64) -> [f64; 2] {
        let alpha = (1.0 - confidence) / 2.0;
        let worse = tail_quantile(|x| self.worse_by(x), alpha, self.deviation);
        let better = tail_quantile(|x| self.better_by(x), alpha, self.deviation);
        [difference - worse, difference + better]
    }

    /// The smallest difference to the worse that has at most this two-sided p-value.
    pub(super) fn smallest_significant(&self, p_value: f64) -> f64 {
        tail_quantile(|x| self.worse_by(x), p_value / 2.0, self.deviation)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEVER: AllDisturbed = AllDisturbed { probability: 0.0, rate: 5.0, again: 0.1 };

    fn calm() -> Prediction {
        Prediction {
            deviation: 0.02,
            freedom: f64::INFINITY,
            candidate: NEVER,
            baseline: NEVER,
            mode: Mode::NONE,
        }
    }

    #[test]
    fn undisturbed_it_is_the_normal_interval() {
        let [low, high] = calm().interval(0.1, 0.95);
        assert!((low - (0.1 - 1.959_964 * 0.02)).abs() < 1e-6, "{low}");
        assert!((high - (0.1 + 1.959_964 * 0.02)).abs() < 1e-6, "{high}");
        assert!((calm().p_value(0.0) - 1.0).abs() < 1e-12);
        assert!((calm().p_value(-1.959_964 * 0.02) - 0.05).abs() < 1e-6);
    }

    #[test]
    fn the_disturbed_side_widens_its_end_only() {
        let candidate = AllDisturbed { probability: 0.05, rate: 5.0, again: 0.1 };
        let [low, high] = Prediction { candidate, ..calm() }.interval(0.1, 0.99);
        assert!(low < -0.3, "{low}");
        assert!((high - (0.1 + 2.575_829 * 0.02)).abs() < 1e-5, "{high}");
    }

    #[test]
    fn a_slower_mode_includes_no_change() {
        let modal =
            Prediction { mode: Mode { probability: 0.01, reach: 0.12, ..Mode::NONE }, ..calm() };
        assert!(modal.p_value(0.1) >= 0.02);
        assert!(modal.interval(0.1, 0.99)[0] < 0.0);
        assert!(modal.p_value(0.2) < 1e-6);
    }

    #[test]
    fn interval_and_p_value_agree() {
        let both = AllDisturbed { probability: 0.03, rate: 8.0, again: 0.1 };
        let noise = Prediction {
            deviation: 0.03,
            freedom: 7.0,
            candidate: both,
            baseline: both,
            mode: Mode { probability: 0.02, reach: 0.2, ..Mode::NONE },
        };
        for difference in [-0.8, -0.2, -0.01, 0.01, 0.05, 0.2, 0.3, 0.9] {
            for confidence in [0.9, 0.99, 0.999] {
                let [low, high] = noise.interval(difference, confidence);
                let excludes = low > 0.0 || high < 0.0;
                assert_eq!(excludes, noise.p_value(difference) < 1.0 - confidence);
            }
        }
        assert!((noise.p_value(noise.smallest_significant(0.01)) - 0.01).abs() < 1e-8);
    }
}
