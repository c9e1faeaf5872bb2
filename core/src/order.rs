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

/// Sorts `items`, as [`sort_by`], where `compare` looks at their texts first: by eight bytes of them at
/// a time, without comparisons, in a quarter of the time. What is long is often sorted already, and is
/// then left alone.
pub(crate) fn sort_by_text<T>(
    items: &mut [T],
    text: impl Fn(&T) -> &str,
    compare: impl Fn(&T, &T) -> Ordering,
) {
    if items.is_sorted_by(|a, b| compare(a, b).is_le()) {
        return;
    }
    let texts: Vec<&[u8]> = items.iter().map(|item| text(item).as_bytes()).collect();
    let mut order = positions_by_text(&texts, &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => compare(a, b),
        _ => Ordering::Equal,
    });
    arrange(items, &mut order);
}

/// A position, and eight bytes of its text.
type Keyed = (u64, usize);

fn positions_by_text(texts: &[&[u8]], compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    /// Up to how many are sorted by comparisons.
    const FEW: usize = 16;
    let text = |at: usize| texts.get(at).copied().unwrap_or_default();
    let mut keyed: Vec<Keyed> = (0..texts.len()).map(|at| (0, at)).collect();
    let mut spare = Vec::new();
    // Whose texts are alike up to a depth, where one that ends before counts as filled up with zeros.
    let mut alike = vec![(0..texts.len(), 0)];
    while let Some((range, depth)) = alike.pop() {
        let Some(group) = keyed.get_mut(range.clone()) else { continue };
        if group.len() <= FEW {
            sort_few(group, compare);
            continue;
        }
        if group.iter().any(|(_, at)| text(*at).len() < depth) {
            let mut positions: Vec<usize> = group.iter().map(|(_, at)| *at).collect();
            sort_positions(&mut positions, compare);
            group.iter_mut().zip(positions).for_each(|(to, at)| to.1 = at);
            continue;
        }
        let behind = |at: usize, depth: usize| text(at).get(depth..).unwrap_or_default();
        let first = group.first().map_or(&[][..], |(_, at)| behind(*at, depth));
        let same = group.iter().fold(first.len(), |same, (_, at)| {
            let both = first.iter().zip(behind(*at, depth)).take(same);
            both.take_while(|(a, b)| a == b).count()
        });
        let depth = depth + same;
        for (word, at) in &mut *group {
            let mut bytes = [0; 8];
            bytes.iter_mut().zip(behind(*at, depth)).for_each(|(to, from)| *to = *from);
            *word = u64::from_be_bytes(bytes);
        }
        sort_words(group, &mut spare);
        let mut begin = range.start;
        for equal in group.chunk_by(|a, b| a.0 == b.0) {
            if equal.len() > 1 {
                alike.push((begin..begin + equal.len(), depth + 8));
            }
            begin += equal.len();
        }
    }
    keyed.into_iter().map(|(_, at)| at).collect()
}

/// Sorts by insertion.
fn sort_few(group: &mut [Keyed], compare: &dyn Fn(usize, usize) -> Ordering) {
    for end in 2..=group.len() {
        let mut sorted = group.get_mut(..end).unwrap_or_default();
        while let [.., before, last] = sorted
            && compare(before.1, last.1).is_gt()
        {
            std::mem::swap(before, last);
            let shorter = sorted.len() - 1;
            sorted = sorted.get_mut(..shorter).unwrap_or_default();
        }
    }
}

/// Sorts by the words, equal ones in the order they are in: by each byte, beginning with the last.
fn sort_words(group: &mut [Keyed], spare: &mut Vec<Keyed>) {
    spare.clear();
    spare.extend_from_slice(group);
    let first = group.first().map_or(0, |(word, _)| *word);
    let different = group.iter().fold(0, |different, (word, _)| different | (word ^ first));
    for place in 0..8 {
        let byte = |word: u64| usize::from(word.to_le_bytes().get(place).copied().unwrap_or(0));
        if byte(different) == 0 {
            continue;
        }
        // How often a byte is there, and then where the next one of it belongs.
        let mut places = [0_usize; 256];
        for (word, _) in &*group {
            places.get_mut(byte(*word)).into_iter().for_each(|count| *count += 1);
        }
        let mut before = 0;
        for place in &mut places {
            before += std::mem::replace(place, before);
        }
        for keyed in &*group {
            let Some(place) = places.get_mut(byte(keyed.0)) else { continue };
            if let Some(to) = spare.get_mut(*place) {
                *to = *keyed;
            }
            *place += 1;
        }
        group.copy_from_slice(spare);
    }
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
