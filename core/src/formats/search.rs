//! Searches within lines for short parts that are known when this is compiled. The standard library
//! first works out how to search, which takes longer than to compare the part at every place of a line.

/// Where `part`, which is UTF-8 and not empty, stands first in `text`.
#[inline]
pub(super) fn find<const N: usize>(text: &str, part: &[u8; N]) -> Option<usize> {
    text.as_bytes().windows(N).position(|window| window == part)
}

/// Whether `part` stands in `text`.
#[inline]
pub(super) fn contains<const N: usize>(text: &str, part: &[u8; N]) -> bool {
    find(text, part).is_some()
}

/// What stands before the first `part` and behind it, as `str::split_once`.
#[inline]
pub(super) fn split_once<'a, const N: usize>(
    text: &'a str,
    part: &[u8; N],
) -> Option<(&'a str, &'a str)> {
    let at = find(text, part)?;
    Some((text.get(..at)?, text.get(at + N..)?))
}

/// What stands before the last `part` and behind it, as `str::rsplit_once`.
#[inline]
pub(super) fn rsplit_once<'a, const N: usize>(
    text: &'a str,
    part: &[u8; N],
) -> Option<(&'a str, &'a str)> {
    let at = text.as_bytes().windows(N).rposition(|window| window == part)?;
    Some((text.get(..at)?, text.get(at + N..)?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn they_find_what_the_standard_library_finds(text in "[aµ:. ]{0,20}") {
            prop_assert_eq!(find(&text, b": "), text.find(": "));
            prop_assert_eq!(contains(&text, b"aa"), text.contains("aa"));
            prop_assert_eq!(split_once(&text, b"\xc2\xb5"), text.split_once('µ'));
            prop_assert_eq!(rsplit_once(&text, b" a "), text.rsplit_once(" a "));
            prop_assert_eq!(rsplit_once(&text, b"."), text.rsplit_once('.'));
        }
    }
}
