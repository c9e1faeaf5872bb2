use std::borrow::Cow;

/// The text as a terminal would leave it, for reading line by line: without colours and other
/// escape sequences, and with every kind of line end as `\n`. A bare carriage return, with which
/// progress bars overwrite their line, ends a line as well.
pub(super) fn plain(text: &str) -> Cow<'_, str> {
    if memchr::memchr3(0x1b, b'\r', 0x08, text.as_bytes()).is_none() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['\u{1b}', '\r', '\u{8}']) {
        let (before, special) = rest.split_at(at);
        plain.push_str(before);
        rest = match special.as_bytes() {
            [b'\r', next, ..] if *next != b'\n' => {
                plain.push('\n');
                special.get(1..)
            }
            // A backspace, or the first half of a line end.
            [0x08 | b'\r', ..] => special.get(1..),
            _ => Some(behind_escape(special)),
        }
        .unwrap_or_default();
    }
    plain.push_str(rest);
    Cow::Owned(plain)
}

/// What follows the escape sequence (ECMA-48) that `text` begins with.
fn behind_escape(text: &str) -> &str {
    let mut characters = text.char_indices().skip(1);
    let Some((_, kind)) = characters.next() else { return "" };
    let last = match kind {
        // CSI: parameters, then one letter or so.
        '[' => characters.find(|(_, c)| ('@'..='~').contains(c)),
        // OSC (titles, links): until BEL, or ESC and a backslash. It never spans lines.
        ']' => match characters.find(|(_, c)| matches!(c, '\u{7}' | '\u{1b}' | '\n')) {
            Some((_, '\u{1b}')) => characters.next(),
            Some((at, '\n')) => return text.get(at..).unwrap_or_default(),
            other => other,
        },
        // Character sets, as terminfo's reset `ESC ( B`.
        '(' | ')' | '*' | '+' | '#' | ' ' => characters.next(),
        _ => Some((1, kind)),
    };
    let end = last.map_or(text.len(), |(at, c)| at + c.len_utf8());
    text.get(end..).unwrap_or_default()
}

/// A line and its 1-based number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    pub(super) number: u64,
    pub(super) text: &'a str,
}

/// The lines of plain text.
pub(super) fn lines(plain: &str) -> impl Iterator<Item = Line<'_>> {
    let (mut rest, mut number) = (Some(plain), 0);
    std::iter::from_fn(move || {
        let text = rest?;
        number += 1;
        let end = memchr::memchr(b'\n', text.as_bytes());
        rest = end.and_then(|end| text.get(end + 1..));
        Some(Line { number, text: end.and_then(|end| text.get(..end)).unwrap_or(text) })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_and_progress_go() {
        for (text, expected) in [
            ("a\u{1b}[36mbench\u{1b}(B\u{1b}[m b", "abench b"),
            ("\r\u{1b}[2Kname \u{1b}[1;34m(8)\u{1b}[0m", "\nname (8)"),
            ("a\r\nb\rc\n", "a\nb\nc\n"),
            ("\u{1b}]8;;http://x\u{1b}\\link\u{1b}]8;;\u{7}.", "link."),
            ("\u{1b}]0;open\nnext", "\nnext"),
            ("ab\u{8}c\u{1b}Mµ", "abcµ"),
            ("cut\u{1b}[3", "cut"),
            ("cut\u{1b}", "cut"),
            ("\u{1b}µx", "x"),
        ] {
            assert_eq!(plain(text), expected, "{text:?}");
        }
        assert!(matches!(plain("nothing\nspecial"), Cow::Borrowed(_)));
    }

    #[test]
    fn lines_are_numbered() {
        let found: Vec<(u64, &str)> = lines("a\n\nb").map(|l| (l.number, l.text)).collect();
        assert_eq!(found, [(1, "a"), (2, ""), (3, "b")]);
    }
}
