/// The largest loss of one point, in squared standard deviations: beyond three a point is an
/// outlier, and how far beyond makes no difference.
const LARGEST_LOSS: f64 = 9.0;

/// The bounded loss of a value that is so many standard deviations off its level.
pub(super) fn loss(off: f64) -> f64 {
    let square = off * off;
    if square < LARGEST_LOSS { square } else { LARGEST_LOSS }
}

/// How many levels are computed at a time.
const LANES: usize = 8;

/// The optimal partition of a series into segments of constant level, under a bounded loss: which
/// levels explain the points best when each further segment costs `penalty`.
///
/// ```text
/// minimise over segments and levels   Σ min(((x_t − level) w_t)², 9) + penalty · segments
/// Q_t(l) = min(Q_{t−1}(l), min_k Q_{t−1}(k) + penalty) + min(((x_t − l) w_t)², 9)
/// ```
///
/// In: the values, for each the reciprocal of its standard deviation, and the levels that a segment
/// may have (the more, the better the optimum; [`levels`] chooses them). Out: the index at which
/// each segment starts, the first always 0; empty for no values. A lone outlier costs at most 9,
/// less than the two segments that would set it apart. Exact for the given levels.
/// O(values · levels) time, O(values + levels) memory.
///
/// Source: Fearnhead & Rigaill, "Changepoint Detection in the Presence of Outliers", J. Am. Stat.
/// Assoc. 114 (2019), 169–183, here on a grid of levels instead of by functional pruning, which has
/// the same steps for every point and no quadratic worst case.
pub(super) fn partition(
    values: &[f64],
    weights: &[f64],
    levels: &[f64],
    penalty: f64,
    loss: impl Fn(f64) -> f64,
) -> Vec<usize> {
    let Some(&last_level) = levels.last() else { return Vec::new() };
    let mut padded = levels.to_vec();
    padded.resize(levels.len().next_multiple_of(LANES), last_level);
    let (levels, _) = padded.as_chunks::<LANES>();
    let mut costs = vec![[0.0_f64; LANES]; levels.len()];
    // Positions are kept as numbers so that a lane of them is as wide as one of costs.
    let mut starts = vec![[0.0_f64; LANES]; levels.len()];
    let mut best_start = Vec::with_capacity(values.len());
    let mut best = 0.0_f64;
    for (t, (&value, &weight)) in values.iter().zip(weights).enumerate() {
        let fresh = best + penalty;
        let here = t as f64;
        let mut lowest = [f64::INFINITY; LANES];
        for ((cost, start), level) in costs.iter_mut().zip(&mut starts).zip(levels) {
            for lane in 0..LANES {
                let (Some(q), Some(s), Some(l), Some(low)) = (
                    cost.get_mut(lane),
                    start.get_mut(lane),
                    level.get(lane),
                    lowest.get_mut(lane),
                ) else {
                    continue;
                };
                let renewed = fresh < *q;
                let kept = if renewed { fresh } else { *q };
                *s = if renewed { here } else { *s };
                let total = kept + loss((value - l) * weight);
                *q = total;
                *low = if total < *low { total } else { *low };
            }
        }
        best = lowest.iter().copied().fold(f64::INFINITY, f64::min);
        best_start.push(start_of(&costs, &starts, best));
    }
    let mut segments = Vec::new();
    let mut end = values.len();
    while let Some(&start) = end.checked_sub(1).and_then(|last| best_start.get(last)) {
        segments.push(start);
        end = start;
    }
    segments.reverse();
    segments
}

/// Where the segment began whose cost is the lowest.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::float_cmp,
    reason = "a position, and the very number that was found to be the lowest"
)]
fn start_of(costs: &[[f64; LANES]], starts: &[[f64; LANES]], best: f64) -> usize {
    costs
        .iter()
        .zip(starts)
        .find_map(|(cost, start)| {
            let mut any = false;
            for &q in cost {
                any |= q == best;
            }
            if !any {
                return None;
            }
            cost.iter().zip(start).find(|(q, _)| **q == best).map(|(_, s)| *s as usize)
        })
        .unwrap_or(0)
}

/// At most how many levels a segment may have.
const MOST_LEVELS: usize = 256;
/// How far two levels are apart at least, in standard deviations: an eighth of one off costs a
/// point 0.016.
const SPACING: f64 = 0.25;

/// The levels that a segment may have: from the ascending values every one that is a quarter of
/// `scale` above the one chosen before it; every second, third … of these if they are more than 256.
/// O(n).
pub(super) fn levels(sorted: &[f64], scale: f64) -> Vec<f64> {
    let mut chosen: Vec<f64> = Vec::new();
    for &value in sorted {
        if chosen.last().is_none_or(|last| value - last >= SPACING * scale) {
            chosen.push(value);
        }
    }
    let step = chosen.len().div_ceil(MOST_LEVELS).max(1);
    chosen.into_iter().step_by(step).collect()
}
