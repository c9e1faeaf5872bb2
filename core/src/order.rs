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

/// Sorts `items` by their texts, and those of one text by `then`, equal ones in the order they are in.
/// What is long is often sorted already, and is then left alone.
pub(crate) fn sort_by_text<T>(
    items: &mut [T],
    text: impl Fn(&T) -> &str,
    then: impl Fn(&T, &T) -> Ordering,
) {
    if items.is_sorted_by(|a, b| text(a).cmp(text(b)).then_with(|| then(a, b)).is_le()) {
        return;
    }
    let texts: Vec<&[u8]> = items.iter().map(|item| text(item).as_bytes()).collect();
    let mut order: Vec<usize> = (0..items.len()).collect();
    sort_positions_by_text(&texts, &mut order, &|a, b| match (items.get(a), items.get(b)) {
        (Some(a), Some(b)) => then(a, b),
        _ => Ordering::Equal,
    });
    arrange(items, &mut order);
}

/// Sorts texts.
pub(crate) fn sort_texts(texts: &mut [&str]) {
    sort_by_text(texts, |text| text, |_, _| Ordering::Equal);
}

/// Of pairs of a name and what it is of: those with a name that is of several things, sorted.
pub(crate) fn of_several<'t>(mut pairs: Vec<(&'t str, &'t str)>) -> Vec<(&'t str, &'t str)> {
    sort_by_text(&mut pairs, |(name, _)| name, |a, b| a.1.cmp(b.1));
    pairs.dedup();
    let mut several = Vec::new();
    for same in pairs.chunk_by(|a, b| a.0 == b.0).filter(|same| same.len() > 1) {
        several.extend_from_slice(same);
    }
    several
}

/// Bytes of a text as a number, and the position of that text.
type Word = (u64, usize);

/// Sorts positions of `texts`: by their first eight bytes as one number, and where those are the same by
/// the next eight, until the texts are at an end.
fn sort_positions_by_text(
    texts: &[&[u8]],
    order: &mut [usize],
    then: &dyn Fn(usize, usize) -> Ordering,
) {
    let length = |position: usize| texts.get(position).map(|text| text.len());
    let (mut words, mut spare) = (Vec::new(), Vec::new());
    let mut left = vec![(0..order.len(), 0)];
    while let Some((range, begin)) = left.pop() {
        let group = order.get_mut(range.clone()).unwrap_or_default();
        words.clear();
        words.extend(group.iter().map(|position| (word(texts, *position, begin), *position)));
        sort_words(&mut words, &mut spare);
        for (to, (_, position)) in group.iter_mut().zip(&words) {
            *to = *position;
        }
        let begin = begin + size_of::<u64>();
        let mut at = 0;
        for same in words.chunk_by(|a, b| a.0 == b.0) {
            let of_same = at..at + same.len();
            at = of_same.end;
            if same.len() == 1 {
                continue;
            }
            if same.iter().any(|(_, position)| length(*position) > Some(begin)) {
                left.push((range.start + of_same.start..range.start + of_same.end, begin));
            } else {
                // What the shorter ones were filled up with is in the longer ones.
                let group = group.get_mut(of_same).unwrap_or_default();
                sort_positions(group, &|a, b| length(a).cmp(&length(b)).then_with(|| then(a, b)));
            }
        }
    }
}

/// Eight bytes of a text, filled up with zeros, as a number that is in the order of the bytes.
fn word(texts: &[&[u8]], position: usize, begin: usize) -> u64 {
    let rest = texts.get(position).and_then(|text| text.get(begin..)).unwrap_or_default();
    if let Some(first) = rest.first_chunk() {
        return u64::from_be_bytes(*first);
    }
    let mut bytes = [0; 8];
    bytes.iter_mut().zip(rest).for_each(|(to, from)| *to = *from);
    u64::from_be_bytes(bytes)
}

/// Sorts by the numbers, equal ones in the order they are in: few by insertion, many by one byte after
/// the other, the last one first. Bytes that are the same in all are left out.
fn sort_words(words: &mut Vec<Word>, spare: &mut Vec<Word>) {
    const FEW: usize = 48;
    if words.len() <= FEW {
        for end in 1..words.len() {
            let mut at = end;
            while let Some([before, this]) = words.get_mut(at - 1..=at)
                && before.0 > this.0
            {
                std::mem::swap(before, this);
                at = (at - 1).max(1);
            }
        }
        return;
    }
    let first = words.first().map_or(0, |word| word.0);
    let differing = words.iter().fold(0, |bits, word| bits | (word.0 ^ first));
    for byte in 0..size_of::<u64>() {
        let of = |number: u64| number.to_le_bytes().get(byte).map_or(0, |byte| usize::from(*byte));
        if of(differing) == 0 {
            continue;
        }
        let mut places = [0_usize; 1 << u8::BITS];
        for word in words.iter() {
            if let Some(count) = places.get_mut(of(word.0)) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for place in &mut places {
            sum += std::mem::replace(place, sum);
        }
        spare.resize(words.len(), (0, 0));
        for word in words.iter() {
            let place = places.get_mut(of(word.0));
            if let Some(to) =
                place.and_then(|place| spare.get_mut(std::mem::replace(place, *place + 1)))
            {
                *to = *word;
            }
        }
        std::mem::swap(words, spare);
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
            sort_by_text(&mut here, |(text, _)| text, |a, b| (a.1 % 2).cmp(&(b.1 % 2)));
            there.sort_by(|a, b| a.0.cmp(&b.0).then((a.1 % 2).cmp(&(b.1 % 2))));
            prop_assert_eq!(here, there);
        }

        #[test]
        fn names_of_several_things_are_found(
            pairs in prop::collection::vec(("[ab]{0,2}", "[xy]"), 0..12),
        ) {
            let borrowed = || pairs.iter().map(|(name, of)| (&**name, &**of));
            let expected: BTreeSet<(&str, &str)> = borrowed()
                .filter(|(name, of)| pairs.iter().any(|pair| pair.0 == *name && pair.1 != *of))
                .collect();
            prop_assert_eq!(of_several(borrowed().collect()), Vec::from_iter(expected));
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
