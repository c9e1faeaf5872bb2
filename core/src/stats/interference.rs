//! A launch of a benchmark on a shared machine: mostly the code's own time with a little noise, and
//! now and then much longer, because something else had the processor. Interference only ever adds
//! time. So the level of a benchmark is where its undisturbed launches agree, and what tells how
//! much to trust it is how many did.
//!
//! Not a mean, a median or a t test over launches: one disturbed launch of three moves all of them
//! by more than any threshold. Not the minimum alone: with several undisturbed launches it throws
//! away all but one, and it cannot tell three launches that agree from one that happens to be lowest.

use libm::{exp, log};

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
const SETTLED: f64 = 1e-5;

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
    let mut levels: Vec<f64> = launches.iter().map(|launch| launch.level).collect();
    levels.sort_unstable_by(f64::total_cmp);
    let level = level_of(launches, &levels, noise)?;
    let mut location = Location { level, agreeing: 0.0, squares: 0.0, excess: 0.0 };
    for launch in launches {
        let weight = undisturbed(*launch, level, noise);
        let distance = launch.level - level;
        location.agreeing += weight;
        location.squares += weight * distance * distance;
        location.excess += (1.0 - weight) * distance.max(0.0);
    }
    Some(location)
}

/// The likeliest of the levels that starts among the ascending `levels` of `launches` lead to; of
/// equally likely ones the lowest.
fn level_of(launches: &[Launch], levels: &[f64], noise: LaunchNoise) -> Option<f64> {
    let n = levels.len();
    if n == 1 {
        return levels.first().map(|&start| climb(launches, start, noise));
    }
    let places = if n > MANY { STARTS_OF_MANY } else { STARTS };
    let starts = (0..n.min(places)).filter_map(|i| {
        // The lower three quarters hold an undisturbed launch if any does.
        let at = if n <= places { i } else { i * (3 * n / 4) / (places - 1) };
        levels.get(at).copied()
    });
    let mut best: Option<(f64, f64)> = None;
    let mut before = None;
    for start in starts {
        // The same start leads to the same level.
        if before.replace(start) == Some(start) {
            continue;
        }
        let level = climb(launches, start, noise);
        let likelihood = likelihood(launches, level, noise);
        if best.is_none_or(|(most, _)| likelihood > most + 1e-9) {
            best = Some((likelihood, level));
        }
    }
    best.map(|(_, level)| level)
}

/// Where expectation and maximisation lead from `start`.
fn climb(launches: &[Launch], start: f64, noise: LaunchNoise) -> f64 {
    let mut level = start;
    for _ in 0..ITERATIONS {
        let (mut weights, mut sum) = (0.0, 0.0);
        for launch in launches {
            let weight = undisturbed(*launch, level, noise);
            weights += weight;
            sum += weight * launch.level;
        }
        if weights <= 0.0 {
            break;
        }
        let next = sum / weights;
        let moved = (next - level).abs();
        level = next;
        if moved < SETTLED * noise.sigma {
            break;
        }
    }
    level
}

fn likelihood(launches: &[Launch], level: f64, noise: LaunchNoise) -> f64 {
    launches.iter().map(|launch| log(density(*launch, level, noise))).sum()
}

fn normal_part(launch: Launch, level: f64, noise: LaunchNoise) -> f64 {
    const ROOT_TAU: f64 = 2.506_628_274_631_000_2; // √(2π)
    let z = (launch.level - level) / noise.sigma;
    (1.0 - launch.disturbed) * exp(-0.5 * z * z) / (noise.sigma * ROOT_TAU)
}

fn excess_part(launch: Launch, level: f64, noise: LaunchNoise) -> f64 {
    let distance = launch.level - level;
    let side = if distance < 0.0 { BELOW } else { 1.0 };
    side * launch.disturbed * exp(-distance.abs() / noise.excess) / noise.excess
}

fn density(launch: Launch, level: f64, noise: LaunchNoise) -> f64 {
    normal_part(launch, level, noise) + excess_part(launch, level, noise) + f64::MIN_POSITIVE
}

/// How likely the launch is undisturbed, if this is the level.
fn undisturbed(launch: Launch, level: f64, noise: LaunchNoise) -> f64 {
    let normal = normal_part(launch, level, noise);
    normal / (normal + excess_part(launch, level, noise) + f64::MIN_POSITIVE)
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
