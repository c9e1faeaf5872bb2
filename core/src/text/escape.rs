//! Benchmark names, commit subjects and file contents are data from outside: each is escaped for
//! where it goes.

use std::fmt::Write as _;

/// For a terminal: control characters and those that change the direction of text are written as
/// `\u{1b}`, so that a name can neither move the cursor nor change the colours. Nor can it command
/// a CI runner that reads the log: `::` at the beginning is broken up, and what runners look for
/// anywhere in a line: `##[` and `##vso[`.
pub fn terminal(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let commands = text.trim_start().starts_with("::");
    for (at, c) in text.char_indices() {
        let command = commands && out.trim_start().is_empty() && !c.is_whitespace()
            || c == '#' && is_log_command(text.get(at..).unwrap_or_default());
        if command || c.is_control() || is_direction_control(c) {
            // Writing to a String cannot fail.
            let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out
}

/// As [`terminal`], for a message that may have several lines, such as the excerpt of a file in which
/// something is wrong: they stay lines, all but the first indented, so that none passes for a message
/// of its own. Tabs become blanks.
///
/// ```
/// # use driftline_core::text::terminal_lines;
/// assert_eq!(terminal_lines("line 1\n::error::x\r"), "line 1\n  \\u{3a}:error::x\\u{d}");
/// ```
pub fn terminal_lines(text: &str) -> String {
    let lines: Vec<String> = text.replace('\t', " ").lines().map(terminal).collect();
    lines.join("\n  ")
}

/// Whether GitHub's or Azure's runner takes what begins here for a command.
fn is_log_command(text: &str) -> bool {
    let begins = |command: &str| {
        text.get(..command.len()).is_some_and(|start| start.eq_ignore_ascii_case(command))
    };
    begins("##[") || begins("##vso[")
}

/// Characters that reorder what stands around them (the "Trojan Source" ones).
pub(super) fn is_direction_control(c: char) -> bool {
    matches!(c, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
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
    fn a_message_of_several_lines_stays_one_message() {
        let text = "parse error\n1 | ::error::x\n ::warning::y\r\n##[error]z\n";
        assert_eq!(
            terminal_lines(text),
            "parse error\n  1 | ::error::x\n   \\u{3a}:warning::y\n  \\u{23}#[error]z"
        );
        assert_eq!(terminal_lines("one"), "one");
        assert_eq!(terminal_lines(""), "");
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
        assert_eq!(terminal("x ##[add-mask]y"), "x \\u{23}#[add-mask]y");
        assert_eq!(terminal("###VSO[task]"), "#\\u{23}#VSO[task]");
        assert_eq!(terminal("## [a] #[b]"), "## [a] #[b]");
    }
}
