//! Sorting, and sorted collections of what an iterator gives, in little code: the standard library's
//! sorts are four kilobytes of a program for every type of element, and collecting into a sorted map or
//! set sorts as well. For what is sorted once; where sorting takes the time, use the slices' own.

use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet};

/// Sorts `items`, equal ones in the order they are in. O(n log n) comparisons, O(n) exchanges.
pub(crate) fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_positions(&mut order, &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    arrange(items, &mut order);
}

/// Puts the item at position `order[i]` into place `i`.
fn arrange<T>(items: &mut [T], order: &mut [usize]) {
    // Each cycle of the permutation by exchanges; what is in its place points to itself.
    for start in 0..order.len() {
        let mut at = start;
        while let Some(from) = order.get_mut(at).map(|from| std::mem::replace(from, at))
            && from != start
        {
            items.swap(at, from);
            at = from;
        }
    }
}

/// Sorts `items`, as [`sort_by`], where `compare` looks at their texts first: by the eight bytes behind
/// what all texts begin with, as one number, and by `compare` where those are the same. What is long is
/// often sorted already, and is then left alone.
pub(crate) fn sort_by_text<T>(
    items: &mut [T],
    text: impl Fn(&T) -> &str,
    compare: impl Fn(&T, &T) -> Ordering,
) {
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let texts: Vec<&[u8]> = items.iter().map(|item| text(item).as_bytes()).collect();
    let words = words_behind_what_is_alike(&texts);
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_positions(&mut order, &|a, b| {
        words.get(a).cmp(&words.get(b)).then_with(|| match (items.get(a), items.get(b)) {
            (Some(a), Some(b)) => compare(a, b),
            _ => Ordering::Equal,
        })
    });
    arrange(items, &mut order);
}

/// Eight bytes of each text, filled up with zeros, as numbers that are in the order of the bytes.
fn words_behind_what_is_alike(texts: &[&[u8]]) -> Vec<u64> {
    let first = texts.first().copied().unwrap_or_default();
    let alike = texts.iter().fold(first.len(), |alike, text| {
        first.iter().zip(*text).take(alike).take_while(|(a, b)| a == b).count()
    });
    let word = |text: &&[u8]| {
        let mut bytes = [0; 8];
        bytes.iter_mut().zip(text.iter().skip(alike)).for_each(|(to, from)| *to = *from);
        u64::from_be_bytes(bytes)
    };
    texts.iter().map(word).collect()
}

/// Sorts `items` by a key, equal ones in the order they are in.
pub(crate) fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |a, b| key(a).cmp(&key(b)));
}

/// The one sort of all.
fn sort_positions(order: &mut [usize], compare: &dyn Fn(usize, usize) -> Ordering) {
    order.sort_by(|a, b| compare(*a, *b));
}

/// A map of these pairs; of several with the same key the last.
pub(crate) fn map_of<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    map.extend(pairs);
    map
}

/// The set of these.
pub(crate) fn set_of<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    set.extend(items);
    set
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn texts_are_sorted_as_the_standard_library_sorts_them(
            texts in prop::collection::vec(
                "(ab|a\0|[a-c]{0,3}|a common prefix/)[a-b\0é]{0,12}",
                0..200,
            ),
        ) {
            let numbered: Vec<(String, usize)> = texts.into_iter().zip(0..).collect();
            let (mut here, mut there) = (numbered.clone(), numbered);
            sort_by_text(&mut here, |(text, _)| text, |a, b| a.0.cmp(&b.0));
            there.sort_by(|a, b| a.0.cmp(&b.0));
            prop_assert_eq!(here, there);
        }

        #[test]
        fn items_are_sorted_as_the_standard_library_sorts_them(
            values in prop::collection::vec(0_u8..20, 0..60),
        ) {
            let numbered: Vec<(u8, usize)> = values.iter().copied().zip(0..).collect();
            let (mut here, mut there) = (numbered.clone(), numbered.clone());
            sort_by_key(&mut here, |(value, _)| *value);
            there.sort_by_key(|(value, _)| *value);
            prop_assert_eq!(here, there);
            prop_assert_eq!(map_of(numbered.clone()), numbered.iter().copied().collect());
            prop_assert_eq!(set_of(values.clone()), values.into_iter().collect());
        }
    }
}
