//! Text from outside in Markdown. A forge works in two steps: it parses the Markdown, and then looks
//! through the text of what came out for mentions, references and commits. An entity or a backslash
//! stops only the first; a character without width in the middle stops the second.

use super::escape::is_direction_control;

/// A character without width, as an entity: what it stands in is no mention and no reference any
/// more, and looks the same.
const BREAK: &str = "&#8203;";
/// So many hexadecimal digits may be the id of a commit, which would become a link.
const SHORTEST_COMMIT: usize = 7;

/// For Markdown, table cells included: nothing in `text` is markup, HTML, a mention, a reference to
/// an issue, a link or a line break. The id of a commit stays one, which a forge links to.
///
/// ```
/// # use driftline_core::text::markdown;
/// assert_eq!(markdown("a|b <b> @me"), "a\\|b &lt;b&gt; &#64;&#8203;me");
/// ```
pub fn markdown(text: &str) -> String {
    escaped(text, false)
}

/// As [`markdown`], for a text of somebody who may not be trusted: no commit is linked to either.
pub fn markdown_inert(text: &str) -> String {
    escaped(text, true)
}

fn escaped(text: &str, inert: bool) -> String {
    // First of all, as what stands on both sides of one would become one word.
    let text: String = text.chars().filter(|c| !is_direction_control(*c)).collect();
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    // How many characters of the word are left, if it may be a commit's id, and how many are written.
    let (mut commit, mut written) = (0, 0);
    let mut rest = text.char_indices().peekable();
    while let Some((at, c)) = rest.next() {
        let next = rest.peek().map(|(_, next)| *next);
        if inert
            && c.is_ascii_alphanumeric()
            && before.is_none_or(|b: char| !b.is_ascii_alphanumeric())
        {
            (commit, written) = (hexadecimal_word(text.get(at..).unwrap_or_default()), 0);
        }
        if commit > 0 {
            if written > 0 && written % (SHORTEST_COMMIT - 1) == 0 {
                out.push_str(BREAK);
            }
            (commit, written) = (commit - 1, written + 1);
        }
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '$' => out.push_str("&#36;"),
            '@' => out.extend(["&#64;", BREAK]),
            // `#12` would become a link, and so would `GH-12`.
            '#' => out.extend(["&#35;", BREAK]),
            '-' if next.is_some_and(|n| n.is_ascii_digit()) && ends_with(&out, "gh") => {
                out.extend(["-", BREAK]);
            }
            // `https://` would become a link, `:name:` a picture; `12:30` and `what: why` would not.
            ':' if next.is_some_and(|n| !n.is_whitespace() && !n.is_ascii_digit()) => {
                out.extend(["&#58;", BREAK]);
            }
            // So would `www.`.
            '.' if ends_with(&out, "www") => out.extend(["&#46;", BREAK]),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => out.extend(['\\', c]),
            // Inside a word an underscore is no markup.
            '_' if [before, next].iter().any(|n| !n.is_some_and(char::is_alphanumeric)) => {
                out.push_str("\\_");
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// The length of the word at the beginning of `text` if it is long enough, and of hexadecimal digits;
/// else 0.
fn hexadecimal_word(text: &str) -> usize {
    let word = text.bytes().take_while(u8::is_ascii_alphanumeric);
    let (length, hexadecimal) =
        word.fold((0, true), |(n, all), byte| (n + 1, all && byte.is_ascii_hexdigit()));
    if hexadecimal && length >= SHORTEST_COMMIT { length } else { 0 }
}

/// In any case, of ASCII.
fn ends_with(out: &str, end: &str) -> bool {
    let own = out.len().checked_sub(end.len()).and_then(|at| out.get(at..));
    own.is_some_and(|own| own.eq_ignore_ascii_case(end))
}

/// A name as a code span, in which nothing is markup, a mention or a link. What cannot be seen, or
/// would reorder what stands around it, becomes `�`. Not for table cells.
///
/// ```
/// # use driftline_core::text::markdown_code;
/// assert_eq!(markdown_code("a@b <!-- `x`"), "`` a@b <!-- `x` ``");
/// ```
pub fn markdown_code(name: &str) -> String {
    let shown: String = name.chars().map(visible).collect();
    let mut longest = 0;
    let mut run = 0;
    for c in shown.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    let shown = if shown.is_empty() { "�".to_owned() } else { shown };
    // A backtick at an end would belong to the fence; and where there is a blank at both ends, one is
    // taken away from each.
    let ends = |c| matches!(c, '`' | ' ');
    let pad = if shown.starts_with(ends) || shown.ends_with(ends) { " " } else { "" };
    format!("{fence}{pad}{shown}{pad}{fence}")
}

/// As [`markdown_code`], for a table cell: there a `|` needs a backslash even within a code span. A
/// backslash of the name's own in front of it would undo that, and is shown as `∖`.
pub fn markdown_code_cell(name: &str) -> String {
    let mut cell = String::with_capacity(name.len() + 4);
    let code = markdown_code(name);
    let mut rest = code.chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '|' => cell.push_str("\\|"),
            '\\' if rest.peek() == Some(&'|') => cell.push('∖'),
            c => cell.push(c),
        }
    }
    cell
}

/// A character that can be seen, in place of one that cannot.
fn visible(c: char) -> char {
    let unseen = matches!(
        c,
        '\u{ad}' | '\u{200b}' | '\u{2028}' | '\u{2029}' | '\u{2060}'..='\u{2064}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}'
    );
    if unseen || c.is_control() || is_direction_control(c) { '�' } else { c }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_no_markup() {
        assert_eq!(
            markdown("](javascript:x) <!-- --> `::set`"),
            "\\](javascript&#58;&#8203;x) &lt;!-- --&gt; \\`&#58;&#8203;&#58;&#8203;set\\`"
        );
        assert_eq!(markdown("a\nb#1"), "a b&#35;&#8203;1");
        assert_eq!(
            markdown("https://x www.y at 12:30: add_message _x_"),
            "https&#58;&#8203;//x www&#46;&#8203;y at 12:30: add_message \\_x\\_"
        );
    }

    #[test]
    fn a_text_mentions_nothing() {
        for (text, expected) in [
            ("@everyone", "&#64;&#8203;everyone"),
            ("GH-12 gh-7 GH-x xGH-1", "GH-&#8203;12 gh-&#8203;7 GH-x xGH-&#8203;1"),
            ("0123abc", "0123ab&#8203;c"),
            ("0123\u{202e}abc GH-\u{202e}12", "0123ab&#8203;c GH-&#8203;12"),
            ("(0123456789abcdef)", "(012345&#8203;6789ab&#8203;cdef)"),
            ("abcdefg abcdef 12345 é0123abc", "abcdefg abcdef 12345 é0123ab&#8203;c"),
        ] {
            assert_eq!(markdown_inert(text), expected);
        }
        assert_eq!(markdown("of 0123456789abcdef"), "of 0123456789abcdef");
    }

    #[test]
    fn a_name_is_code() {
        for (name, code) in [
            ("upload/write_1kb", "`upload/write_1kb`"),
            ("@everyone #1 https://x", "`@everyone #1 https://x`"),
            ("`", "`` ` ``"),
            ("``x", "``` ``x ```"),
            (" a", "`  a `"),
            ("", "`�`"),
            ("a\nb\u{202e}c\u{200b}", "`a�b�c�`"),
        ] {
            assert_eq!(markdown_code(name), code, "{name:?}");
        }
        assert_eq!(markdown_code_cell("a|b"), "`a\\|b`");
        assert_eq!(markdown_code_cell("a\\|b\\c"), "`a∖\\|b\\c`");
    }
}
