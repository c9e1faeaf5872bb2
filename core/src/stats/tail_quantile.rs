/// The x ≥ 0 at which a falling tail probability reaches `p`, to 1e-9 of itself or 1e-11, whichever is
/// larger; 0 where it is nowhere above `p`. `scale` (above 0) is about where it is looked for first.
///
/// Inverse quadratic interpolation of the probability's logarithm where that is safe, else bisection, so
/// that steps in it do no harm: Chandrupatla 1997, "A new hybrid quadratic/bisection algorithm for
/// finding the zero of a nonlinear function without using derivatives", Advances in Engineering
/// Software 28(3).
pub(crate) fn tail_quantile(tail: impl Fn(f64) -> f64, p: f64, scale: f64) -> f64 {
    const LARGEST: f64 = 1400.0; // no two f64 above 0 differ by more in their logarithms
    let above = |x: f64| libm::log(tail(x) / p);
    // The newest end, and the other end of what holds the quantile.
    let (mut a, mut above_a) = (0.0, above(0.0));
    let mut b = (4.0 * scale).clamp(1e-6, LARGEST);
    let mut above_b = above(b);
    if above_a <= 0.0 {
        return 0.0;
    }
    while above_b > 0.0 && b < LARGEST {
        (a, above_a) = (b, above_b);
        b *= 2.0;
        above_b = above(b);
    }
    if above_b > 0.0 {
        return b;
    }
    let mut share = 0.5_f64;
    loop {
        let nearest = if above_a.abs() < above_b.abs() { a } else { b };
        let narrowest = (1e-9 * nearest.max(0.01)) / (b - a).abs();
        if narrowest >= 0.5 || above_a == 0.0 {
            return nearest;
        }
        let x = a + share.clamp(narrowest, 1.0 - narrowest) * (b - a);
        let above_x = above(x);
        // The end that is given up.
        let (c, above_c) = if (above_x > 0.0) == (above_a > 0.0) {
            (a, above_a)
        } else {
            let end = (b, above_b);
            (b, above_b) = (a, above_a);
            end
        };
        (a, above_a) = (x, above_x);
        let (along, rise) = ((a - b) / (c - b), (above_a - above_b) / (above_c - above_b));
        share = if rise * rise < along && (1.0 - rise) * (1.0 - rise) < 1.0 - along {
            above_a / (above_b - above_a) * above_c / (above_b - above_c)
                + (c - a) / (b - a) * above_a / (above_c - above_a) * above_b / (above_c - above_b)
        } else {
            0.5
        };
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::super::{normal_exceeds, student_exceeds};
    use super::*;

    #[test]
    fn equals_the_tables_of_the_normal_distribution() {
        for (p, x) in [(0.4, 0.253_347), (0.025, 1.959_964), (0.005, 2.575_829), (1e-9, 5.997_807)]
        {
            for scale in [1e-6, 1.0, 3.0] {
                let found = tail_quantile(normal_exceeds, p, scale);
                assert!((found - x).abs() < 1e-6, "{p}: {found}");
            }
        }
    }

    #[test]
    fn takes_few_looks() {
        for freedom in [2.0, 7.0, f64::INFINITY] {
            for p in [0.05, 0.005, 1e-6] {
                let looks = Cell::new(0);
                let tail = |x: f64| {
                    looks.set(looks.get() + 1);
                    student_exceeds(x / 0.02, freedom)
                };
                let x = tail_quantile(tail, p, 0.02);
                assert!((student_exceeds(x / 0.02, freedom) / p - 1.0).abs() < 1e-6);
                assert!(looks.get() <= 16, "{freedom} {p}: {}", looks.get());
            }
        }
    }

    /// Where it falls by a step, the step is found, and what is too small for any number is 0.
    #[test]
    fn a_step_is_found() {
        let step = |x: f64| if x <= 0.7 { 0.3 } else { 1e-4 };
        assert!((tail_quantile(step, 0.01, 0.02) - 0.7).abs() < 1e-8);
        let nothing = |x: f64| if x < 0.3 { 0.5 } else { 0.0 };
        assert!((tail_quantile(nothing, 0.01, 0.02) - 0.3).abs() < 1e-8);
        assert!(tail_quantile(|_| 0.001, 0.01, 0.02).abs() < f64::EPSILON);
        assert!(tail_quantile(|_| 0.1, 0.01, 0.02) >= 1400.0);
    }
}
