/// `text` with its middle cut out, so that it has at most `most` characters: in
/// `group/function/1024` both ends tell more than the middle. O(characters).
///
/// ```
/// # use driftline_core::text::shortened;
/// assert_eq!(shortened("group/function/1024", 10), "group…1024");
/// ```
pub fn shortened(text: &str, most: usize) -> String {
    // No character is shorter than a byte.
    if text.len() <= most {
        return text.to_owned();
    }
    let count = text.chars().count();
    if count <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(1);
    let (front, back) = (room.div_ceil(2), room / 2);
    let start = text.chars().take(front);
    start.chain(['…']).chain(text.chars().skip(count - back)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ends_stay() {
        assert_eq!(shortened("größe", 5), "größe");
        assert_eq!(shortened("größer", 5), "gr…er");
        assert_eq!(shortened("abc", 1), "…");
        assert_eq!(shortened(&"x".repeat(10_000_000), 9).chars().count(), 9);
    }
}
