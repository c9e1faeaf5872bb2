use super::density::Density;
use super::noise::Noise;
use super::partition::Loss;
use super::shift::REACH;

/// Twice the log-likelihood that a place may fall short of the best one and still be a candidate.
/// For a small shift in normal noise the shortfall at the true place is at most x in a share of
/// (1 − exp(−x/2))² of all cases: 96 % at 8. Larger shifts fall short by less.
const SHORTFALL: f64 = 8.0;

/// Where a series shifts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Location {
    /// The likeliest first value after the shift.
    pub best: usize,
    /// The first and the last value that may be it.
    pub candidates: [usize; 2],
}

/// Locates the shift at about `at` between the segment that begins at `start` with the level
/// `before` and the one that ends before `end` with the level `after`.
///
/// ```text
/// S(τ) = Σ_{t < τ} ρ((x_t − before) / σ_t) + Σ_{t ≥ τ} ρ((x_t − after) / σ_t),   ρ(r) = min(r², 9)
/// best = argmin S;   candidates = hull of {τ : S(τ) − S(best) ≤ 8 · inflation}
/// ```
///
/// Both neighbouring segments keep at least one value. O(min(end − start, 512)).
///
/// Source: Siegmund, "Confidence sets in change-point problems", International Statistical Review
/// 56 (1988), 31–48: the set of places that a likelihood ratio test does not reject.
pub(super) fn locate(
    values: &[f64],
    noise: &Noise,
    density: &Density,
    (start, at, end): (usize, usize, usize),
    before: f64,
    after: f64,
) -> Location {
    let from = start.max(at.saturating_sub(REACH)) + 1;
    let to = end.min(at + REACH);
    let side = |range: std::ops::Range<usize>, level: f64| {
        density.level(
            values.get(range.clone()).unwrap_or_default(),
            noise.local.get(range).unwrap_or_default(),
            level,
            noise.sigma,
        )
    };
    let (before, after) = (side(from - 1..at, before), side(at..to, after));
    let losses = || {
        values.iter().zip(&noise.local).enumerate().take(to.saturating_sub(1)).skip(from).map(
            |(t, (value, sigma))| {
                // Moving the change behind t explains it by the level before, not the one after.
                (
                    t + 1,
                    (density.of((value - before) / sigma) - density.of((value - after) / sigma))
                        / noise.inflation,
                )
            },
        )
    };
    let (mut best, mut lowest, mut total) = (from, 0.0_f64, 0.0_f64);
    for (place, loss) in losses() {
        total += loss;
        if total < lowest {
            (best, lowest) = (place, total);
        }
    }
    let bound = lowest + SHORTFALL;
    let mut candidates = if bound >= 0.0 { [from, from] } else { [best, best] };
    total = 0.0;
    for (place, loss) in losses() {
        total += loss;
        if total <= bound {
            candidates = [candidates[0].min(place), candidates[1].max(place)];
        }
    }
    Location { best, candidates }
}
