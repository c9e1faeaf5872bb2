/// The largest loss of one value, in squared standard deviations: beyond three a value is an
/// outlier, and how far beyond makes no difference.
const LARGEST_LOSS: f64 = 9.0;

/// How many levels are computed at a time.
const LANES: usize = 8;

/// How badly a level explains a value, by how many standard deviations they are apart.
pub(super) trait Loss {
    /// The loss of a value that is `off` standard deviations above its level; at most `largest`.
    fn of(&self, off: f64) -> f64;
    /// The loss of every value that is at least `reach` standard deviations off.
    fn largest(&self) -> f64;
    /// From how many standard deviations on the loss is the largest.
    fn reach(&self) -> f64;
}

/// The bounded loss min(off², 9).
#[derive(Debug, Clone, Copy)]
pub(super) struct Biweight;

impl Loss for Biweight {
    #[inline]
    fn of(&self, off: f64) -> f64 {
        let square = off * off;
        if square < LARGEST_LOSS { square } else { LARGEST_LOSS }
    }

    fn largest(&self) -> f64 {
        LARGEST_LOSS
    }

    fn reach(&self) -> f64 {
        3.0
    }
}

/// The optimal partition of a series into segments of constant level, under a bounded loss: which
/// levels explain the values best when each further segment costs `penalty`.
///
/// ```text
/// minimise over segments and levels   Σ ρ((x_t − level) w_t) + penalty · segments
/// Q_t(l) = min(Q_{t−1}(l), min_k Q_{t−1}(k) + penalty) + ρ((x_t − l) w_t),   ρ ≤ C
/// ```
///
/// In: the values, for each the reciprocal of its standard deviation, and the ascending levels that a
/// segment may have ([`levels`] chooses them). Out: the index at which each segment starts, the first
/// always 0; empty for no values or no levels. Exact for the given levels.
///
/// A value costs C at every level out of its reach. So with Q′ = Q − C t only the levels within its
/// reach change, and the lowest Q′ never rises: a level that was out of reach for a while need only be
/// compared with the present min Q′ + penalty when it is reached again, because that is the lowest
/// there was meanwhile. O(n · levels within reach) time, some 15 of them; O(n + levels) memory.
///
/// Source of the loss: Fearnhead & Rigaill, "Changepoint Detection in the Presence of Outliers",
/// J. Am. Stat. Assoc. 114 (2019), 169–183; here on a grid of levels instead of by functional pruning,
/// so that no series is its worst case.
pub(super) fn partition(
    values: &[f64],
    weights: &[f64],
    levels: &[f64],
    penalty: f64,
    loss: &impl Loss,
) -> Vec<usize> {
    if levels.is_empty() {
        return Vec::new();
    }
    let (largest, reach) = (loss.largest(), loss.reach());
    // For each level the cost of the best partition whose last segment has it, and where that
    // segment starts; as a number, so that a start is as wide as a cost.
    let mut costs = vec![0.0_f64; levels.len()];
    let mut starts = vec![0.0_f64; levels.len()];
    let mut losses: Vec<f64> = Vec::new();
    let mut best_starts = Vec::with_capacity(values.len());
    let (mut best, mut best_start) = (0.0_f64, 0.0_f64);
    let (mut from, mut to) = (0, 0);
    for (t, (&value, &weight)) in values.iter().zip(weights).enumerate() {
        let around = reach / weight;
        from = first_above(levels, value - around, from);
        to = first_above(levels, value + around, to);
        let (Some(levels), Some(costs), Some(starts)) =
            (levels.get(from..to), costs.get_mut(from..to), starts.get_mut(from..to))
        else {
            break;
        };
        losses.clear();
        losses.extend(levels.iter().map(|level| loss.of((value - level) * weight) - largest));
        let least = reached(costs, starts, &losses, best + penalty, t as f64);
        if least < best {
            best = least;
            let of_best = costs.iter().zip(&*starts).find(|(cost, _)| **cost <= best);
            best_start = of_best.map_or(best_start, |(_, start)| *start);
        }
        best_starts.push(best_start);
    }
    let mut segments = Vec::new();
    let mut end = values.len();
    while let Some(&start) = end.checked_sub(1).and_then(|last| best_starts.get(last)) {
        let start = index(start);
        segments.push(start);
        end = start;
    }
    segments.reverse();
    segments
}

/// A position that was kept as a number.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position")]
fn index(position: f64) -> usize {
    position as usize
}

/// Adds the losses of one value to the costs of the levels within its reach, each renewed by a new
/// segment from `here` on where that is cheaper; the lowest cost. A function of its own, on slices
/// that do not overlap, so that several levels are computed at a time.
#[inline(never)]
fn reached(costs: &mut [f64], starts: &mut [f64], losses: &[f64], fresh: f64, here: f64) -> f64 {
    for ((cost, start), loss) in costs.iter_mut().zip(starts.iter_mut()).zip(losses) {
        let renewed = fresh < *cost;
        *start = if renewed { here } else { *start };
        *cost = if renewed { fresh } else { *cost } + loss;
    }
    let (blocks, rest) = costs.as_chunks::<LANES>();
    let mut lowest = [f64::INFINITY; LANES];
    for block in blocks {
        for (low, cost) in lowest.iter_mut().zip(block) {
            *low = if *cost < *low { *cost } else { *low };
        }
    }
    lowest.iter().chain(rest).copied().fold(f64::INFINITY, f64::min)
}

/// The place of the first of ascending levels above `bound`; neighbours in a series are near one
/// another, so the search goes out from the place before.
fn first_above(levels: &[f64], bound: f64, about: usize) -> usize {
    const NEAR: usize = 16;
    let (from, to) = (about.saturating_sub(NEAR), (about + NEAR).min(levels.len()));
    let low = from == 0 || levels.get(from - 1).is_some_and(|l| *l <= bound);
    let high = to == levels.len() || levels.get(to).is_some_and(|l| *l > bound);
    if low && high {
        let near = levels.get(from..to).unwrap_or_default();
        return from + near.partition_point(|l| *l <= bound);
    }
    levels.partition_point(|l| *l <= bound)
}

/// How far two levels are apart at least, in standard deviations: a fifth of one off costs a
/// value 0.04.
const SPACING: f64 = 0.4;

/// The levels that a segment may have: from the ascending values every one that is 0.4 of
/// `scale` above the one chosen before it. O(n).
pub(super) fn levels(sorted: &[f64], scale: f64) -> Vec<f64> {
    let mut chosen: Vec<f64> = Vec::new();
    for &value in sorted {
        if chosen.last().is_none_or(|last| value - last >= SPACING * scale) {
            chosen.push(value);
        }
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same minimum by trying every start of the last segment and every level: O(n² levels).
    fn exhaustive(values: &[f64], weights: &[f64], levels: &[f64], penalty: f64) -> f64 {
        let mut best = vec![-penalty];
        for end in 1..=values.len() {
            let mut least = f64::INFINITY;
            for (start, before) in best.iter().enumerate().take(end) {
                for level in levels {
                    let loss: f64 =
                        (start..end).map(|t| Biweight.of((values[t] - level) * weights[t])).sum();
                    least = least.min(before + penalty + loss);
                }
            }
            best.push(least);
        }
        best[values.len()]
    }

    fn cost(
        values: &[f64],
        weights: &[f64],
        levels: &[f64],
        penalty: f64,
        starts: &[usize],
    ) -> f64 {
        let ends = starts.iter().skip(1).copied().chain([values.len()]);
        let losses: f64 = starts
            .iter()
            .zip(ends)
            .map(|(&start, end)| {
                levels
                    .iter()
                    .map(|l| (start..end).map(|t| Biweight.of((values[t] - l) * weights[t])).sum())
                    .fold(f64::INFINITY, f64::min)
            })
            .sum();
        losses + penalty * (starts.len() as f64 - 1.0)
    }

    #[test]
    fn equals_exhaustive_search() {
        let mut state = 7_u64;
        let mut uniform = || {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as f64 / f64::from(1_u32 << 31)
        };
        for round in 0..200 {
            let n = 1 + round % 23;
            let values: Vec<f64> = (0..n)
                .map(|t| {
                    let jump = if t > n / 2 { 4.0 } else { 0.0 };
                    jump + 3.0 * uniform() + if uniform() < 0.1 { 30.0 } else { 0.0 }
                })
                .collect();
            let weights: Vec<f64> = (0..n).map(|_| 0.5 + uniform()).collect();
            let grid = levels(&crate::stats::sorted(&values), 1.0);
            let starts = partition(&values, &weights, &grid, 5.0, &Biweight);
            let expected = exhaustive(&values, &weights, &grid, 5.0);
            let got = cost(&values, &weights, &grid, 5.0, &starts);
            assert!((got - expected).abs() < 1e-9, "{values:?} {starts:?}: {got} {expected}");
        }
    }

    #[test]
    fn edges() {
        assert!(partition(&[], &[], &[], 1.0, &Biweight).is_empty());
        assert_eq!(partition(&[5.0], &[1.0], &[5.0], 1.0, &Biweight), [0]);
        let outlier = [0.0, 0.0, 0.0, 50.0, 0.0, 0.0];
        assert_eq!(partition(&outlier, &[1.0; 6], &[0.0, 50.0], 5.0, &Biweight), [0]);
        let step = [0.0, 0.0, 0.0, 50.0, 50.0, 50.0];
        assert_eq!(partition(&step, &[1.0; 6], &[0.0, 50.0], 5.0, &Biweight), [0, 3]);
    }

    #[test]
    fn levels_are_apart() {
        assert_eq!(levels(&[0.0, 0.1, 0.5, 0.75, 9.0], 1.0), [0.0, 0.5, 9.0]);
        assert!(levels(&[], 1.0).is_empty());
    }
}
