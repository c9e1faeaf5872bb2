use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::density::Density;
use super::location::locate;
use super::noise::Noise;
use super::shift::{DRIFTING, shift};

/// A change point that awaits its removal: the weakest first.
#[derive(Debug, PartialEq)]
struct Weakest {
    p_value: f64,
    place: usize,
    version: u32,
}

impl Eq for Weakest {}
impl PartialOrd for Weakest {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl Ord for Weakest {
    fn cmp(&self, other: &Self) -> Ordering {
        self.p_value.total_cmp(&other.p_value).then(other.place.cmp(&self.place))
    }
}

/// Removes change points that the values on both sides do not bear out, the weakest first, until
/// each is below `level`.
pub(super) fn eliminate(
    values: &[f64],
    noise: &Noise,
    density: &Density,
    starts: &[usize],
    level: f64,
) -> Vec<usize> {
    let n = values.len();
    // Bounds of the segments, with the ends as guards.
    let mut bounds: Vec<usize> = starts.to_vec();
    bounds.push(n);
    let count = bounds.len();
    let mut previous: Vec<usize> = (0..count).map(|i| i.saturating_sub(1)).collect();
    let mut next: Vec<usize> = (1..=count).collect();
    let mut version = vec![0_u32; count];
    let mut alive = vec![true; count];
    let mut scratch = Vec::new();
    let mut heap = BinaryHeap::new();
    let mut test = |bounds: &mut Vec<usize>, previous: &[usize], next: &[usize], place: usize| {
        let get = |i: Option<&usize>| i.and_then(|&i| bounds.get(i)).copied().unwrap_or(n);
        let (start, at, end) = (get(previous.get(place)), get(Some(&place)), get(next.get(place)));
        let first = shift(values, noise, start, at, end, &mut scratch);
        let best = locate(values, noise, density, (start, at, end), first.before, first.after).best;
        if best != at
            && let Some(bound) = bounds.get_mut(place)
        {
            *bound = best;
            return shift(values, noise, start, best, end, &mut scratch).p_value_against(DRIFTING);
        }
        first.p_value_against(DRIFTING)
    };
    for place in 1..count.saturating_sub(1) {
        let p_value = test(&mut bounds, &previous, &next, place);
        heap.push(Weakest { p_value, place, version: 0 });
    }
    while let Some(weakest) = heap.pop() {
        let place = weakest.place;
        if alive.get(place) != Some(&true) || version.get(place) != Some(&weakest.version) {
            continue;
        }
        if weakest.p_value <= level {
            break;
        }
        if let Some(a) = alive.get_mut(place) {
            *a = false;
        }
        let (Some(&before), Some(&after)) = (previous.get(place), next.get(place)) else {
            continue;
        };
        if let Some(link) = next.get_mut(before) {
            *link = after;
        }
        if let Some(link) = previous.get_mut(after) {
            *link = before;
        }
        for neighbour in [before, after] {
            if neighbour == 0 || neighbour + 1 >= count {
                continue;
            }
            let p_value = test(&mut bounds, &previous, &next, neighbour);
            if let Some(v) = version.get_mut(neighbour) {
                *v += 1;
                heap.push(Weakest { p_value, place: neighbour, version: *v });
            }
        }
    }
    bounds
        .iter()
        .zip(&alive)
        .take(count - 1)
        .filter(|(_, alive)| **alive)
        .map(|(bound, _)| *bound)
        .collect()
}
