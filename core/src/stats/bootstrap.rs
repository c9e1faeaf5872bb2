//! The bootstrap of the ratio of two medians, without resampling a value.
//!
//! The bootstrap was chosen over a normal approximation because benchmark samples are skewed and
//! have several modes, and over a rank test because it gives an interval in the unit people ask
//! for. Rival rejected: drawing n values and sorting them, which costs O(n) a resample. The median
//! of a resample depends only on *which* order statistics of the sample it meets, and their
//! distribution is known; so each resample costs O(1) and yet has exactly the bootstrap's
//! distribution.

use libm::{exp, log, log1p};
use rand_core::{Rng, SeedableRng};
use rand_xoshiro::Xoshiro256PlusPlus;
use statrs::function::{beta::beta_reg, factorial::ln_binomial};

use super::{RatioInterval, sorted};

/// Resamples of each side: with 10,000 a bound of a 99 % interval rests on 50 resamples beyond it.
const RESAMPLES: usize = 10_000;

/// The interval of median(candidate) / median(baseline) by the percentile bootstrap, with the
/// two-sided bootstrap p-value of "no change".
///
/// ```text
/// r*(b) = median(candidate resample b) / median(baseline resample b),  b = 1 … 10,000
/// interval = quantiles (1 − confidence)/2 and (1 + confidence)/2 of r*
/// p = 2 (1 + min(#{r* ≤ 1}, #{r* ≥ 1})) / (10,000 + 1), between 2 / C(n + m, n) and 1
/// ```
///
/// In: values of either side in any order, and a seed; the same input gives the same bits. `None`
/// when a bound is not a finite number (a median of 0 in the baseline), or when there are too few
/// values for the confidence: the bootstrap of a handful of values is far too narrow (of 2 + 2 it
/// excludes "no change" in a third of all cases), and no test of n + m values whatsoever can be
/// surer than complete separation, which chance alone gives with probability 2 / C(n + m, n). At
/// 99 % that asks for 5 + 5 values. The p-value is never below that bound. With ties or no variance at all the interval shrinks to a point. Assumes independent
/// values within a side. O(n log n + 10,000).
///
/// Source: Efron & Tibshirani, "An Introduction to the Bootstrap" (1993), chapters 13 and 15; the
/// +1 by Davison & Hinkley, "Bootstrap Methods and their Application" (1997), section 4.2.
pub fn bootstrap_median_ratio(
    baseline: &[f64],
    candidate: &[f64],
    confidence: f64,
    seed: u64,
) -> Option<RatioInterval> {
    let surest = complete_separation(baseline.len(), candidate.len());
    if surest > 1.0 - confidence {
        return None;
    }
    let mut random = Xoshiro256PlusPlus::seed_from_u64(seed);
    let baseline_side = ResampledMedian::new(baseline.len());
    let same_length = baseline.len() == candidate.len();
    let candidate_side = (!same_length).then(|| ResampledMedian::new(candidate.len()));
    let candidate_side = candidate_side.as_ref().unwrap_or(&baseline_side);
    let (baseline, candidate) = (sorted(baseline), sorted(candidate));
    let mut ratios: Vec<f64> = (0..RESAMPLES)
        .map(|_| {
            let below = baseline_side.draw(&baseline, &mut random);
            candidate_side.draw(&candidate, &mut random) / below
        })
        .collect();
    if ratios.iter().any(|r| r.is_nan()) {
        return None;
    }
    let down = ratios.iter().filter(|r| **r <= 1.0).count();
    let up = ratios.iter().filter(|r| **r >= 1.0).count();
    let tail = 1.0 + down.min(up) as f64;
    let p_value = (2.0 * tail / (RESAMPLES as f64 + 1.0)).clamp(surest, 1.0);
    let lower = select(&mut ratios, (1.0 - confidence) / 2.0)?;
    let upper = select(&mut ratios, f64::midpoint(1.0, confidence))?;
    (lower.is_finite() && upper.is_finite()).then_some(RatioInterval { lower, upper, p_value })
}

/// How often two samples of the same distribution are completely apart, in either order:
/// 2 / C(n + m, n); 1 for no values at all.
fn complete_separation(n: usize, m: usize) -> f64 {
    (2.0 * exp(-ln_binomial((n + m) as u64, n as u64))).min(1.0)
}

/// The order statistic nearest to the quantile of order `p`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the rank lies between 0 and the number of values"
)]
fn select(values: &mut [f64], p: f64) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let rank = ((last as f64 * p).round() as usize).min(last);
    Some(*values.select_nth_unstable_by(rank, f64::total_cmp).1)
}

/// The distribution of the order statistics that make up the median of a resample of n values.
///
/// A resample is n uniform numbers, each naming the value it falls on: `⌊n U⌋`. Its median is the
/// value named by the middle one, or the mean of the two named by the middle two, `U(k)` and
/// `U(k+1)` with k = n/2; call their values' ranks a and b. Then, with p(i) = (i + 1)/n and
/// q(i) = 1 − p(i),
///
/// ```text
/// P(a ≤ i)          = P(Binomial(n, p(i)) ≥ k) = I_p(i)(k, n − k + 1)
/// P(a ≤ i, b > j)   = C(n, k) p(i)^k q(j)^(n−k)            for i ≤ j
/// ```
///
/// so that b beyond a depends on a only through where it starts. Beyond ten standard deviations
/// (√n / 2 ranks each) of the middle the probability is below 1e-22, and nothing is stored.
#[derive(Debug)]
struct ResampledMedian {
    /// The rank at which the tables start.
    first: usize,
    /// `P(a ≤ first + t)`.
    cumulative: Vec<f64>,
    /// Where in `cumulative` to start looking for a number in [t / len, (t + 1) / len).
    guide: Vec<usize>,
    /// For even n: `P(b > a)` given a = first + t. Empty for odd n.
    beyond: Vec<f64>,
    /// For even n: `P(b > first + t + 1)` given b > first + t.
    further: Vec<f64>,
}

impl ResampledMedian {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count of ranks, not negative"
    )]
    fn new(n: usize) -> Self {
        let total = n as f64;
        // U(rank) in ascending order, from 1: the middle one, or the lower of the middle two.
        let middle = n.div_ceil(2);
        let reach = (5.0 * total.sqrt()).ceil() as usize + 5;
        let first = middle.saturating_sub(reach);
        let end = (middle + reach).min(n);
        let share = |rank: usize| (rank as f64 + 1.0) / total;
        let (k, rest) = (middle as f64, total - middle as f64);

        let cumulative: Vec<f64> = (first..end)
            .map(|i| if i + 1 >= end { 1.0 } else { beta_reg(k, rest + 1.0, share(i)) })
            .collect();

        let len = cumulative.len();
        let mut guide = Vec::with_capacity(len);
        let mut at = 0;
        for t in 0..len {
            while cumulative.get(at).is_some_and(|&c| c <= t as f64 / len as f64) {
                at += 1;
            }
            guide.push(at);
        }

        let (mut beyond, mut further) = (Vec::new(), Vec::new());
        if n.is_multiple_of(2) {
            let ln_ways = ln_binomial(n as u64, middle as u64);
            let mut before = 0.0;
            for (i, &up_to) in (first..end).zip(&cumulative) {
                let p = share(i);
                let stays = if i + 1 >= n {
                    0.0
                } else {
                    let all_up_to = exp(ln_ways + k * log(p) + rest * log1p(-p));
                    let ends_here = 1.0 - exp(k * log(i as f64 / (i as f64 + 1.0)));
                    all_up_to * ends_here
                };
                let here = up_to - before;
                beyond.push(if here > 0.0 { (stays / here).clamp(0.0, 1.0) } else { 0.0 });
                // q(i + 1) / q(i) = 1 − 1 / (n − i − 1)
                let left = total - i as f64 - 1.0;
                further.push(if left > 1.0 { exp(rest * log1p(-1.0 / left)) } else { 0.0 });
                before = up_to;
            }
        }
        Self { first, cumulative, guide, beyond, further }
    }

    /// The median of one resample of `sorted` values.
    fn draw(&self, sorted: &[f64], random: &mut Xoshiro256PlusPlus) -> f64 {
        let value = |t: usize| sorted.get(self.first + t).copied().unwrap_or(f64::NAN);
        let a = self.lower(uniform(random));
        let Some(&beyond) = self.beyond.get(a) else { return value(a) };
        if uniform(random) >= beyond {
            return value(a);
        }
        value(a) / 2.0 + value(self.upper(a, uniform(random))) / 2.0
    }

    /// The table position of a, where the distribution passes `u`.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "u lies in [0, 1)")]
    fn lower(&self, u: f64) -> usize {
        let start = (u * self.guide.len() as f64) as usize;
        let mut a = self.guide.get(start).copied().unwrap_or(0);
        while self.cumulative.get(a).is_some_and(|&c| c <= u) {
            a += 1;
        }
        a.min(self.cumulative.len().saturating_sub(1))
    }

    /// The table position of b, given that it lies beyond `a`.
    fn upper(&self, a: usize, v: f64) -> usize {
        let last = self.further.len().saturating_sub(1);
        let mut b = (a + 1).min(last);
        let mut remaining = 1.0;
        while b < last {
            remaining *= self.further.get(b - 1).copied().unwrap_or(0.0);
            if v >= remaining {
                break;
            }
            b += 1;
        }
        b
    }
}

/// A uniform number in [0, 1) with 53 random bits.
fn uniform(random: &mut Xoshiro256PlusPlus) -> f64 {
    const STEP: f64 = 1.0 / 9_007_199_254_740_992.0; // 2^-53
    (random.next_u64() >> 11) as f64 * STEP
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::median;

    /// The exact distribution of (a, b) from the tables.
    fn probability(side: &ResampledMedian, a: usize, b: usize) -> f64 {
        let here = side.cumulative[a] - if a == 0 { 0.0 } else { side.cumulative[a - 1] };
        let Some(&beyond) = side.beyond.get(a) else { return if a == b { here } else { 0.0 } };
        match b.cmp(&a) {
            std::cmp::Ordering::Less => 0.0,
            std::cmp::Ordering::Equal => here * (1.0 - beyond),
            std::cmp::Ordering::Greater => {
                let reach = |j: usize| (a..j).map(|t| side.further[t]).product::<f64>();
                // P(b > j − 1) − P(b > j), given b > a
                here * beyond
                    * (reach(b - 1) - if b + 1 == side.further.len() { 0.0 } else { reach(b) })
            }
        }
    }

    /// All n^n resamples, counted.
    #[test]
    fn equals_full_enumeration() {
        for n in 1..=6_usize {
            let side = ResampledMedian::new(n);
            let mut counts = vec![vec![0_u32; n]; n];
            let all = n.pow(u32::try_from(n).unwrap());
            for code in 0..all {
                let mut ranks: Vec<usize> = (0..n)
                    .scan(code, |c, _| {
                        let d = *c % n;
                        *c /= n;
                        Some(d)
                    })
                    .collect();
                ranks.sort_unstable();
                let (a, b) = if n % 2 == 1 { (n / 2, n / 2) } else { (n / 2 - 1, n / 2) };
                counts[ranks[a]][ranks[b]] += 1;
            }
            for (a, row) in counts.iter().enumerate() {
                for (b, &count) in row.iter().enumerate() {
                    let expected = f64::from(count) / all as f64;
                    let got = probability(&side, a, b);
                    assert!((got - expected).abs() < 1e-12, "n {n} a {a} b {b}: {got} {expected}");
                }
            }
        }
    }

    /// The draws follow the plain bootstrap: resample, sort, take the median.
    #[test]
    fn draws_like_the_plain_bootstrap() {
        for n in [5_usize, 8, 50, 101] {
            let values: Vec<f64> = (0..n).map(|i| (i * i) as f64).collect();
            let side = ResampledMedian::new(n);
            let mut random = Xoshiro256PlusPlus::seed_from_u64(1);
            let mut fast: Vec<f64> = (0..20_000).map(|_| side.draw(&values, &mut random)).collect();
            let mut plain: Vec<f64> = (0..20_000)
                .map(|_| {
                    let resample: Vec<f64> = (0..n)
                        .map(|_| values[usize::try_from(random.next_u64() % n as u64).unwrap()])
                        .collect();
                    median(&sorted(&resample)).unwrap()
                })
                .collect();
            fast.sort_unstable_by(f64::total_cmp);
            plain.sort_unstable_by(f64::total_cmp);
            // Kolmogorov–Smirnov at 0.1 %: 1.95 √(2 / 20,000) = 0.0195
            let distance = plain
                .iter()
                .map(|x| {
                    let below = |v: &[f64]| v.partition_point(|y| y <= x) as f64 / 20_000.0;
                    (below(&fast) - below(&plain)).abs()
                })
                .fold(0.0, f64::max);
            assert!(distance < 0.0195, "n {n}: {distance}");
        }
    }

    #[test]
    fn the_same_input_gives_the_same_bits_and_another_seed_others() {
        let baseline: Vec<f64> = (0..40).map(|i| 100.0 + f64::from(i)).collect();
        let candidate: Vec<f64> = (0..40).map(|i| 130.0 + f64::from(i)).collect();
        let one = bootstrap_median_ratio(&baseline, &candidate, 0.99, 7).unwrap();
        assert_eq!(one, bootstrap_median_ratio(&baseline, &candidate, 0.99, 7).unwrap());
        assert_ne!(one, bootstrap_median_ratio(&baseline, &candidate, 0.99, 8).unwrap());
        assert!(one.lower > 1.0 && one.upper < 1.5, "{one:?}");
        assert!((one.p_value - 2.0 / 10_001.0).abs() < 1e-12);
    }

    #[test]
    fn edges() {
        assert_eq!(bootstrap_median_ratio(&[0.0; 9], &[1.0; 9], 0.99, 1), None);
        assert_eq!(bootstrap_median_ratio(&[0.0; 9], &[0.0; 9], 0.99, 1), None);
        let constant = bootstrap_median_ratio(&[2.0; 6], &[3.0; 7], 0.99, 1).unwrap();
        assert_eq!((constant.lower, constant.upper), (1.5, 1.5));
        let huge = bootstrap_median_ratio(&[1e300; 9], &[1e-300; 9], 0.99, 1).unwrap();
        assert_eq!((huge.lower, huge.upper), (0.0, 0.0));
        let values: Vec<f64> = (1..=9).map(f64::from).collect();
        let same = bootstrap_median_ratio(&values, &values, 0.99, 1).unwrap();
        assert!(same.lower < 1.0 && same.upper > 1.0 && same.p_value > 0.5, "{same:?}");
    }

    #[test]
    fn too_few_values_give_no_interval() {
        let ratio = |n: usize, m: usize, confidence| {
            bootstrap_median_ratio(&vec![1.0; n], &vec![2.0; m], confidence, 1)
        };
        assert_eq!(ratio(0, 0, 0.5), None);
        assert_eq!(ratio(1, 100, 0.99), None);
        assert_eq!(ratio(4, 4, 0.99), None);
        // 2 / C(10, 5) = 1 / 126
        assert!((ratio(5, 5, 0.99).unwrap().p_value - 1.0 / 126.0).abs() < 1e-12);
        assert_eq!(ratio(5, 5, 0.995), None);
        assert!(ratio(3, 3, 0.9).is_some());
    }

    /// On samples of the same distribution, an interval of 99 % excludes "no change" in not much
    /// more than 1 % of cases, however few values it is given for.
    #[test]
    fn few_values_raise_few_false_alarms() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
        for n in [5, 6, 8, 15] {
            let mut sample =
                || -> Vec<f64> { (0..n).map(|_| exp(0.3 * normal(&mut random))).collect() };
            let alarms = (0..2000)
                .filter(|&seed| {
                    let r = bootstrap_median_ratio(&sample(), &sample(), 0.99, seed).unwrap();
                    !(r.lower..=r.upper).contains(&1.0)
                })
                .count();
            assert!(alarms <= 50, "n {n}: {alarms} of 2000");
        }
    }

    fn normal(random: &mut Xoshiro256PlusPlus) -> f64 {
        let (u, v) = (1.0 - uniform(random), uniform(random));
        (-2.0 * log(u)).sqrt() * libm::cos(std::f64::consts::TAU * v)
    }

    /// On independent log-normal samples of equal medians, intervals of 99 % and 90 % cover the
    /// true ratio as often as they say, within what 2,000 simulations can tell.
    #[test]
    fn covers_as_often_as_it_says() {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(42);
        let mut sample =
            |n: usize| -> Vec<f64> { (0..n).map(|_| exp(0.2 * normal(&mut random))).collect() };
        let (mut wide, mut narrow) = (0, 0);
        for seed in 0..2000 {
            let (baseline, candidate) = (sample(50), sample(50));
            let covers = |confidence| {
                let r = bootstrap_median_ratio(&baseline, &candidate, confidence, seed).unwrap();
                u32::from(r.lower <= 1.0 && 1.0 <= r.upper)
            };
            wide += covers(0.99);
            narrow += covers(0.90);
        }
        // ±4 standard errors of a share, and up to 2 points more for the median's discreteness.
        assert!((1964..=2000).contains(&wide), "{wide}");
        assert!((1746..=1893).contains(&narrow), "{narrow}");
    }

    #[test]
    fn a_million_values_need_no_million_table_entries() {
        let side = ResampledMedian::new(1_000_000);
        assert!(side.cumulative.len() < 10_100);
        assert!((side.cumulative[side.cumulative.len() / 2] - 0.5).abs() < 0.01);
    }
}
