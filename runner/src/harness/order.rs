//! The order of a pass: shuffled, so that what disturbs for a while does not always meet the same
//! benchmarks, and so that none always runs on what the same other one left behind; and seeded, so
//! that an order can be had again.

use rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

/// A way once through the benchmarks.
#[derive(Debug)]
pub(crate) struct Pass {
    /// The seed of the whole run's order.
    pub(crate) seed: u64,
    /// Which pass of the run it is, from 0.
    pub(crate) number: u32,
    /// What people are told it is, such as `round 2/3`.
    pub(crate) label: String,
    /// How many benchmarks have begun in it.
    begun: u32,
}

impl Pass {
    pub(crate) fn new(seed: u64, number: u32, label: impl Into<String>) -> Self {
        Self { seed, number, label: label.into(), begun: 0 }
    }

    /// How many benchmarks have begun in it.
    pub(crate) fn begun(&self) -> u32 {
        self.begun
    }

    /// The 0-based place of the benchmark that begins now.
    pub(super) fn next_place(&mut self) -> u32 {
        let place = self.begun;
        self.begun = place.saturating_add(1);
        place
    }

    /// Puts `items` into this pass's order, which depends on the seed, the pass's number and the
    /// order they came in (Fisher and Yates). Each pass draws from a stretch of the generator's
    /// sequence that no other one reaches.
    pub(super) fn shuffle<T>(&self, items: &mut [T]) {
        let mut random = Xoshiro256PlusPlus::seed_from_u64(self.seed);
        (0..self.number).for_each(|_| random.jump());
        for end in (1..items.len()).rev() {
            items.swap(end, below(end + 1, &mut random));
        }
    }
}

/// A number from 0 to `limit` − 1, each equally likely to within 2^-32: what a shuffle of some
/// thousand benchmarks cannot show.
fn below(limit: usize, random: &mut Xoshiro256PlusPlus) -> usize {
    let product = u128::from(random.next_u64()) * limit as u128;
    usize::try_from(product >> 64).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn order(seed: u64, number: u32, count: u32) -> Vec<u32> {
        let mut items: Vec<u32> = (0..count).collect();
        Pass::new(seed, number, "").shuffle(&mut items);
        items
    }

    #[test]
    fn an_order_follows_from_seed_and_pass() {
        assert_eq!(order(7, 2, 20), order(7, 2, 20));
        assert_ne!(order(7, 2, 20), order(7, 1, 20));
        assert_ne!(order(7, 2, 20), order(8, 2, 20));
        let mut sorted = order(7, 2, 20);
        sorted.sort_unstable();
        assert_eq!(sorted, (0..20).collect::<Vec<_>>(), "none is lost");
        assert!(order(7, 0, 0).is_empty());
    }

    /// All 24 orders of 4, 4800 times: each count within 5 standard deviations of 200.
    #[test]
    fn every_order_is_equally_likely() {
        let mut counts = std::collections::BTreeMap::new();
        (0..1200).for_each(|seed| {
            (0..4).for_each(|pass| *counts.entry(order(seed, pass, 4)).or_insert(0) += 1);
        });
        assert_eq!(counts.len(), 24);
        assert!(counts.values().all(|&n: &i32| (n - 200).abs() < 70), "{counts:?}");
    }

    #[test]
    fn places_are_counted_from_0() {
        let mut pass = Pass::new(1, 0, "");
        assert_eq!((pass.next_place(), pass.next_place()), (0, 1));
    }
}
