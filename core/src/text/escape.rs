//! Benchmark names, commit subjects and file contents are data from outside: each is escaped for
//! where it goes.

use std::fmt::Write as _;

/// For a terminal: control characters and those that change the direction of text are written as
/// `\u{1b}`, so that a name can neither move the cursor nor change the colours. Nor can it command
/// a CI runner that reads the log: `::` and `##[` at the beginning are broken up.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let commands = ["::", "##["].iter().any(|command| text.trim_start().starts_with(command));
    for c in text.chars() {
        if commands && out.trim_start().is_empty() && !c.is_whitespace() {
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else if c.is_control() || is_direction_control(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// Characters that reorder what stands around them (the "Trojan Source" ones).
fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// For Markdown, table cells included: nothing in `text` is markup, HTML, a mention, a link or a
/// line break.
///
/// ```
/// # use driftline_core::text::markdown;
/// assert_eq!(markdown("a|b <b> @me"), "a\\|b &lt;b&gt; &#64;me");
/// ```
pub fn markdown(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut before = None;
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let next = rest.peek().copied();
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '@' => out.push_str("&#64;"),
            // `#12` would become a link.
            '#' => out.push_str("&#35;"),
            // `https://` would become a link, `:name:` a picture; `12:30` and `what: why` would not.
            ':' if next.is_some_and(|n| !n.is_whitespace() && !n.is_ascii_digit()) => {
                out.push_str("&#58;");
            }
            // So would `www.`.
            '.' if out.to_ascii_lowercase().ends_with("www") => out.push_str("&#46;"),
            '\\' | '`' | '*' | '[' | ']' | '|' | '~' => out.extend(['\\', c]),
            // Inside a word an underscore is no markup.
            '_' if [before, next].iter().any(|n| !n.is_some_and(char::is_alphanumeric)) => {
                out.push_str("\\_");
            }
            c if c.is_control() => out.push(' '),
            c if is_direction_control(c) => {}
            c => out.push(c),
        }
        before = Some(c);
    }
    out
}

/// For one cell of a CSV file that a spreadsheet may open: a text that it would take for a formula
/// gets an apostrophe in front; [`from_csv_cell`] takes it away again. Quoting is left to whoever
/// writes the record.
pub fn csv_cell(text: &str) -> String {
    if is_formula(text) { format!("'{text}") } else { text.to_owned() }
}

/// The text that [`csv_cell`] was given.
pub fn from_csv_cell(cell: &str) -> &str {
    cell.strip_prefix('\'').filter(|text| is_formula(text)).unwrap_or(cell)
}

/// Whether a spreadsheet takes a cell for a formula, with or without apostrophes in front.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r', '\n'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_command_a_terminal() {
        assert_eq!(terminal("a\x1b[31mb\u{202e}c\n"), "a\\u{1b}[31mb\\u{202e}c\\u{a}");
        assert_eq!(terminal("größe/µ 中"), "größe/µ 中");
    }

    #[test]
    fn a_name_is_no_markup() {
        assert_eq!(
            markdown("](javascript:x) <!-- --> `::set`"),
            "\\](javascript&#58;x) &lt;!-- --&gt; \\`&#58;&#58;set\\`"
        );
        assert_eq!(markdown("a\nb#1"), "a b&#35;1");
        assert_eq!(
            markdown("https://x www.y at 12:30: add_message _x_"),
            "https&#58;//x www&#46;y at 12:30: add_message \\_x\\_"
        );
    }

    #[test]
    fn a_name_is_no_formula() {
        assert_eq!(csv_cell("=HYPERLINK(1)"), "'=HYPERLINK(1)");
        assert_eq!(csv_cell("a=b"), "a=b");
        assert_eq!(csv_cell(""), "");
        for text in ["", "a", "=a", "'=a", "''-", "'a", "-1", "a'=b"] {
            assert_eq!(from_csv_cell(&csv_cell(text)), text);
        }
    }

    #[test]
    fn a_name_cannot_command_a_ci_runner() {
        assert_eq!(terminal("::error::x"), "\\u{3a}:error::x");
        assert_eq!(terminal(" ##[error]x"), " \\u{23}#[error]x");
        assert_eq!(terminal("a::b"), "a::b");
    }
}
