use libm::log;

use super::analysis::{Analysis, SeriesShift};

/// From which share of a change on it counts as undone when it comes back: a quarter is within what
/// two levels differ by without anybody noticing, half is not.
const UNDONE: f64 = 0.75;
/// A smaller share is not worth a word.
const WORTH_A_WORD: f64 = 0.25;

/// What became of a settled change. Places are indices of the series.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Return {
    /// The settled change by which at least three quarters of it were undone.
    pub recovered: Option<usize>,
    /// The same by one that is only probable.
    pub perhaps: Option<usize>,
    /// Where neither is so: by which settled change the largest share of it came back, and that
    /// share.
    pub partly: Option<(usize, f64)>,
}

/// What became of each change of a series, judged by the other changes that are listed: the share of
/// it that came back is
///
/// ```text
/// 1 − ln(level then / level before) / ln(level after / level before)
/// ```
///
/// by the levels themselves where they are not all above 0; where the series drifts, by the sum of
/// the steps, without the drift between them. Nothing becomes of what is only probable. O(k²).
pub(super) fn returns(analysis: &Analysis) -> Vec<Return> {
    let shifts = &analysis.shifts;
    let all = shifts.iter().enumerate();
    all.map(|(which, shift)| {
        let later = shifts.get(which + 1..).unwrap_or_default();
        if shift.settled {
            return_of(shift, later, analysis.trend.is_some())
        } else {
            Return::default()
        }
    })
    .collect()
}

fn return_of(shift: &SeriesShift, later: &[SeriesShift], drifting: bool) -> Return {
    let positive = |s: &SeriesShift| s.before > 0.0 && s.after > 0.0;
    let relative = positive(shift) && later.iter().all(positive);
    let step = |from: f64, to: f64| if relative { log(to) - log(from) } else { to - from };
    let whole = step(shift.before, shift.after);
    let mut found = Return::default();
    let mut net = whole;
    for next in later {
        net = if drifting {
            net + step(next.before, next.after)
        } else {
            step(shift.before, next.after)
        };
        let share = 1.0 - net / whole;
        if share >= UNDONE {
            let place = Some(next.index);
            *(if next.settled { &mut found.recovered } else { &mut found.perhaps }) = place;
            break;
        }
        let larger = found.partly.is_none_or(|(_, most)| share > most);
        if next.settled && share >= WORTH_A_WORD && larger {
            found.partly = Some((next.index, share));
        }
    }
    if found.recovered.is_some() {
        found.partly = None;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A series that has one level after another, all of its changes settled but the last if
    /// `probable`.
    fn of(levels: &[f64], probable: bool) -> Vec<Return> {
        let pairs = levels.windows(2).enumerate();
        let shifts = pairs.map(|(at, pair)| SeriesShift {
            index: 10 * (at + 1),
            candidates: [10 * (at + 1); 2],
            before: pair[0],
            after: pair[1],
            change: None,
            interval: None,
            p_value: 0.0,
            ramp: 0.0,
            settled: !probable || at + 2 < levels.len(),
        });
        let shifts = shifts.collect();
        let segments = Vec::new();
        returns(&Analysis { segments, shifts, trend: None, noise: 0.01, inflation: 1.0 })
    }

    #[test]
    fn half_way_back_is_not_recovered() {
        let back = of(&[100.0, 120.0, 109.2], false)[0];
        assert_eq!(back.recovered, None);
        let (at, share) = back.partly.unwrap();
        assert!(at == 20 && (share - 0.517).abs() < 0.01, "{share}");
        assert_eq!(of(&[100.0, 120.0, 104.0], false)[0].recovered, Some(20));
        assert_eq!(of(&[100.0, 120.0, 80.0], false)[0].recovered, Some(20));
        assert_eq!(of(&[100.0, 80.0, 96.0], false)[0].recovered, Some(20));
        assert_eq!(of(&[100.0, 120.0, 150.0], false)[0], Return::default());
        // In several steps, and by the values themselves.
        assert_eq!(of(&[100.0, 120.0, 110.0, 101.0], false)[0].recovered, Some(30));
        assert_eq!(of(&[-2.0, 2.0, -1.9], false)[0].recovered, Some(20));
    }

    #[test]
    fn what_is_only_probable_recovers_nothing_for_sure() {
        let [up, down] = of(&[100.0, 120.0, 100.0], true)[..] else { panic!("two changes") };
        assert_eq!((up.recovered, up.perhaps), (None, Some(20)));
        assert_eq!(down, Return::default());
        let partly = of(&[100.0, 120.0, 112.0, 100.0], true)[0];
        assert_eq!((partly.perhaps, partly.partly.map(|(at, _)| at)), (Some(30), Some(20)));
    }
}
