//! A launch of a benchmark on a shared machine: mostly the code's own time with a little noise, and
//! now and then much longer, because something else had the processor. Interference only ever adds
//! time. So the level of a benchmark is where its undisturbed launches agree, and what tells how
//! much to trust it is how many did.
//!
//! Not a mean, a median or a t test over launches: one disturbed launch of three moves all of them
//! by more than any threshold. Not the minimum alone: with several undisturbed launches it throws
//! away all but one, and it cannot tell three launches that agree from one that happens to be lowest.

use libm::{exp, log};
use smallvec::SmallVec;

use super::ROOT_TAU;
use super::exponential::exponential;

/// What is known of the noise between launches before they are looked at.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LaunchNoise {
    /// The standard deviation of the logarithm between undisturbed launches; above 0.
    pub sigma: f64,
    /// The mean of what interference adds to the logarithm of a disturbed launch; above 0.
    pub excess: f64,
}

/// One launch.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Launch {
    /// The logarithm of its low value, turned so that more is worse.
    pub level: f64,
    /// How likely a launch like it is disturbed, before its level is looked at; above 0, below 1.
    pub disturbed: f64,
}

/// Where the undisturbed launches lie.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Location {
    /// Their level.
    pub level: f64,
    /// How many launches that level rests on: the sum of their probabilities of being undisturbed.
    pub agreeing: f64,
    /// The weighted sum of their squared distances from the level.
    pub squares: f64,
    /// What the disturbed ones exceed it by, weighted by how surely each is one, summed.
    pub excess: f64,
}

/// A level below which no launch of the model would fall is still this likely, over that of the
/// same distance above: so one lucky launch does not become the level all by itself.
const BELOW: f64 = 1e-5;
/// Iterations of expectation and maximisation from each start.
const ITERATIONS: usize = 12;
/// From how many places the search starts where there are more launches.
const STARTS: usize = 6;
/// From how many where there are more than [`MANY`]: the levels between lead to the same.
const STARTS_OF_MANY: usize = 3;
const MANY: usize = 24;
/// A step of less than this, in standard deviations of a launch, is the last.
const SETTLED: f64 = 1e-4;
/// Levels nearer to each other than this, in standard deviations of a launch, are one.
const ONE: f64 = 0.5;

/// Finds the level of `launches` by maximum likelihood under
///
/// ```text
/// f(y) = (1 − p) N(y; θ, σ²) + p · Exp(y − θ; excess)
/// ```
///
/// by expectation and maximisation from up to six of the lower launches; of equally likely levels
/// the lowest. Levels within one launch of each other in likelihood are decided by it alone: with
/// a single launch the level is its own, with two that differ widely the lower one. `None` for no
/// launches. O(n).
pub fn undisturbed_level(launches: &[Launch], noise: LaunchNoise) -> Option<Location> {
    located(launches, noise, likeliest)
}

/// As [`undisturbed_level`], where the level is known to be near `start`. O(n).
pub fn undisturbed_level_near(
    launches: &[Launch],
    noise: LaunchNoise,
    start: f64,
) -> Option<Location> {
    located(launches, noise, |launches, shape| shape.climb(launches, start, &[]))
}

/// What lies around the level that `find` finds; that of a single launch is its own.
fn located(
    launches: &[Launch],
    noise: LaunchNoise,
    find: impl Fn(&[Launch], &Shape) -> Option<f64>,
) -> Option<Location> {
    let shape = Shape::of(noise);
    let level = match launches {
        [] => return None,
        [only] => only.level,
        several => find(several, &shape)?,
    };
    Some(shape.location(launches, level))
}

/// The likeliest of the levels that starts among `launches` lead to; of equally likely ones the
/// lowest.
fn likeliest(launches: &[Launch], shape: &Shape) -> Option<f64> {
    let n = launches.len();
    let mut levels: SmallVec<[f64; STARTS]> = launches.iter().map(|launch| launch.level).collect();
    let places = if n > MANY { STARTS_OF_MANY } else { STARTS };
    let mut found: SmallVec<[f64; STARTS]> = SmallVec::new();
    for i in 0..n.min(places) {
        // The lower three quarters hold an undisturbed launch if any does.
        let at = if n <= places { i } else { i * (3 * n / 4) / (places - 1) };
        let start = *levels.select_nth_unstable_by(at, f64::total_cmp).1;
        found.extend(shape.climb(launches, start, &found));
    }
    if let [only] = found.as_slice() {
        return Some(*only);
    }
    found.sort_unstable_by(f64::total_cmp);
    let mut best: Option<(f64, f64)> = None;
    for level in found {
        let likelihood = shape.likelihood(launches, level);
        if best.is_none_or(|(most, _)| likelihood > most + 1e-9) {
            best = Some((likelihood, level));
        }
    }
    best.map(|(_, level)| level)
}

/// The two densities, as what is needed of them again and again.
#[derive(Debug, Clone, Copy)]
struct Shape {
    sigma: f64,
    /// 1 / 2 σ²
    of_square: f64,
    /// 1 / excess
    of_distance: f64,
    /// The density of a disturbed launch over that of an undisturbed one, at the level.
    ratio: f64,
}

impl Shape {
    fn of(noise: LaunchNoise) -> Self {
        Self {
            sigma: noise.sigma,
            of_square: 0.5 / (noise.sigma * noise.sigma),
            of_distance: 1.0 / noise.excess,
            ratio: noise.sigma * ROOT_TAU / noise.excess,
        }
    }

    /// Where expectation and maximisation lead from `start`; `None` if to one of the levels `found`.
    fn climb(&self, launches: &[Launch], start: f64, found: &[f64]) -> Option<f64> {
        let known = |level: f64| found.iter().any(|f| (f - level).abs() < ONE * self.sigma);
        let mut level = start;
        for _ in 0..ITERATIONS {
            if known(level) {
                return None;
            }
            let (mut weights, mut sum) = (0.0, 0.0);
            for launch in launches {
                let weight = self.undisturbed(*launch, level);
                weights += weight;
                sum += weight * launch.level;
            }
            if weights <= 0.0 {
                break;
            }
            let next = sum / weights;
            let moved = (next - level).abs();
            level = next;
            if moved < SETTLED * self.sigma {
                break;
            }
        }
        (!known(level)).then_some(level)
    }

    fn location(&self, launches: &[Launch], level: f64) -> Location {
        let mut location = Location { level, agreeing: 0.0, squares: 0.0, excess: 0.0 };
        for launch in launches {
            let weight = self.undisturbed(*launch, level);
            let distance = launch.level - level;
            location.agreeing += weight;
            location.squares += weight * distance * distance;
            location.excess += (1.0 - weight) * distance.max(0.0);
        }
        location
    }

    /// The logarithm, but for a constant.
    fn likelihood(&self, launches: &[Launch], level: f64) -> f64 {
        let of_launch = |launch: &Launch| {
            let distance = launch.level - level;
            let normal = (1.0 - launch.disturbed) * exp(-distance * distance * self.of_square);
            let side = if distance < 0.0 { BELOW } else { 1.0 };
            let excess = side * launch.disturbed * exp(-distance.abs() * self.of_distance);
            log(normal + excess * self.ratio + f64::MIN_POSITIVE)
        };
        launches.iter().map(of_launch).sum()
    }

    /// How likely the launch is undisturbed, if this is the level.
    #[inline]
    fn undisturbed(&self, launch: Launch, level: f64) -> f64 {
        let distance = launch.level - level;
        let side = if distance < 0.0 { BELOW } else { 1.0 };
        let exponent = distance * (distance * self.of_square) - distance.abs() * self.of_distance;
        let calm = 1.0 - launch.disturbed;
        calm / (calm + side * launch.disturbed * self.ratio * exponential(exponent))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOISE: LaunchNoise = LaunchNoise { sigma: 0.02, excess: 0.2 };

    fn level(levels: &[f64]) -> Location {
        let launches: Vec<Launch> =
            levels.iter().map(|&level| Launch { level, disturbed: 0.1 }).collect();
        undisturbed_level(&launches, NOISE).unwrap()
    }

    #[test]
    fn launches_that_agree_are_averaged_and_disturbed_ones_left_out() {
        let calm = level(&[1.00, 1.01, 0.99]);
        assert!((calm.level - 1.0).abs() < 1e-3 && calm.agreeing > 2.9, "{calm:?}");
        let one_disturbed = level(&[1.00, 1.45, 1.01]);
        assert!((one_disturbed.level - 1.005).abs() < 1e-3, "{one_disturbed:?}");
        assert!(one_disturbed.agreeing < 2.05 && one_disturbed.excess > 0.4);
        // Nothing agrees: the lowest, on its own.
        let apart = level(&[1.3, 1.1, 1.5]);
        assert!((apart.level - 1.1).abs() < 1e-3 && apart.agreeing < 1.1, "{apart:?}");
    }

    #[test]
    fn one_lucky_launch_is_not_the_level() {
        let lucky = level(&[0.7, 1.0, 1.01, 0.99, 1.0, 1.02]);
        assert!((lucky.level - 1.0).abs() < 0.01, "{lucky:?}");
    }

    #[test]
    fn edges() {
        assert_eq!(undisturbed_level(&[], NOISE), None);
        assert_eq!(level(&[3.0]).level, 3.0);
        assert!(level(&[0.0, 700.0, -700.0]).level.is_finite());
        let shifted = level(&[11.0, 11.01, 11.3]);
        let plain = level(&[1.0, 1.01, 1.3]);
        assert!((shifted.level - plain.level - 10.0).abs() < 1e-6);
    }
}
