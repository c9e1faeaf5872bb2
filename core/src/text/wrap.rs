use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Breaks text between words into lines of at most `width` columns of a terminal; a word that is
/// longer than that is broken wherever the line is full. White space between words becomes a single blank. A `%`
/// stays with its number. One line where there is no `width`, none where there is no word. O(n).
///
/// ```
/// # use driftline_core::text::wrapped;
/// assert_eq!(wrapped("the clock follows the load", Some(11)), ["the clock", "follows the", "load"]);
/// ```
pub fn wrapped(text: &str, width: Option<usize>) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut used = 0;
    let mut words = text.split_whitespace().peekable();
    while let Some(word) = words.next() {
        let mut word = word.to_owned();
        while let Some(sign) = words.next_if(|next| next.starts_with('%')) {
            word.push(' ');
            word.push_str(sign);
        }
        // A word that no line holds: as much of it as fits, line by line.
        while let Some(end) = width.and_then(|width| end_of_line(&word, width)) {
            let rest = word.split_off(end);
            lines.push(std::mem::replace(&mut word, rest));
            used = width.unwrap_or(0);
        }
        let needed = word.width();
        match lines.last_mut() {
            Some(line) if width.is_none_or(|width| used + 1 + needed <= width) => {
                line.push(' ');
                line.push_str(&word);
                used += 1 + needed;
            }
            _ => {
                lines.push(word);
                used = needed;
            }
        }
    }
    lines
}

/// Where a word that is wider than `width` must be broken; `None` where it is not. At least one
/// character is before it.
fn end_of_line(word: &str, width: usize) -> Option<usize> {
    if word.width() <= width {
        return None;
    }
    let mut used = 0;
    let mut ends = word.char_indices();
    let (_, first) = ends.next()?;
    used += first.width().unwrap_or(0);
    let full = ends.find(|(_, c)| {
        used += c.width().unwrap_or(0);
        used > width
    });
    full.map(|(at, _)| at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges() {
        assert_eq!(wrapped("", Some(10)), [""; 0]);
        assert_eq!(wrapped(" a \n b ", None), ["a b"]);
        assert_eq!(wrapped("a longword b", Some(3)), ["a", "lon", "gwo", "rd", "b"]);
        assert_eq!(wrapped("a longword b", Some(4)), ["a", "long", "word", "b"]);
        assert_eq!(wrapped("ab cd", Some(0)), ["a", "b", "c", "d"]);
        assert_eq!(wrapped("中中中", Some(5)), ["中中", "中"]);
        assert_eq!(wrapped("by 20 %, or 3 %", Some(6)), ["by", "20 %,", "or 3 %"]);
        // Each of these characters takes two columns.
        assert_eq!(wrapped("中中 中", Some(6)), ["中中", "中"]);
        assert_eq!(wrapped("中中 中", Some(7)), ["中中 中"]);
    }
}
