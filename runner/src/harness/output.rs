//! What child processes print: read while they run, so that no pipe fills up, and the last lines
//! kept for when they fail.

use std::collections::VecDeque;
use std::io::{BufRead, BufReader, Read};
use std::thread;

use driftline_core::text::terminal;

/// How many lines are kept for a failure: a panic's message with a short backtrace.
const KEPT_LINES: usize = 20;
/// Where a line without an end is cut, so that output without line breaks needs no memory.
const LONGEST_LINE: usize = 4096;

/// The last lines of an output, escaped.
#[derive(Debug, Default)]
pub(super) struct LastLines(VecDeque<String>);

impl LastLines {
    pub(super) fn push(&mut self, line: &str) {
        if line.trim().is_empty() {
            return;
        }
        if self.0.len() == KEPT_LINES {
            self.0.pop_front();
        }
        self.0.push_back(line.to_owned());
    }

    pub(super) fn into_lines(self) -> Vec<String> {
        self.0.iter().map(|line| escaped(line)).collect()
    }
}

/// Writes control characters as escapes, so that text from outside cannot drive a terminal. Colours
/// go entirely; tabs stay.
pub(super) fn escaped(text: &str) -> String {
    let plain = anstream::adapter::strip_str(text).to_string();
    plain.split('\t').map(terminal).collect::<Vec<_>>().join("\t")
}

/// Reads `source` on a thread of its own and hands each line over as it is, until the end, or until
/// `receive` returns false. `None` is the end.
pub(super) fn read_lines(
    source: impl Read + Send + 'static,
    mut receive: impl FnMut(Option<String>) -> bool + Send + 'static,
) {
    thread::spawn(move || {
        let mut source = BufReader::new(source);
        let mut line = Vec::new();
        loop {
            line.clear();
            // A cut line goes on as the next one.
            let limit = LONGEST_LINE as u64;
            match (&mut source).take(limit).read_until(b'\n', &mut line) {
                Ok(0) | Err(_) => break,
                Ok(_) => {}
            }
            let text = String::from_utf8_lossy(&line);
            // Progress that overwrites itself: what counts is the last state.
            let shown = text.trim_end_matches(['\n', '\r']);
            let shown = shown.rsplit('\r').next().unwrap_or(shown);
            if !receive(Some(shown.to_owned())) {
                return;
            }
        }
        receive(None);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc;

    fn lines(bytes: &'static [u8]) -> Vec<String> {
        let (sender, receiver) = mpsc::channel();
        read_lines(bytes, move |line| sender.send(line).is_ok());
        receiver.iter().flatten().collect()
    }

    #[test]
    fn lines_are_cut_and_escaped() {
        assert_eq!(lines(b"a\r\nb\xff\n10%\r20%\nend"), ["a", "b\u{fffd}", "20%", "end"]);
        assert_eq!(escaped("\x1b[31mred\x1b[0m\tx"), "red\tx");
        assert_eq!(escaped("a\u{9b}b"), "a\\u{9b}b");
        let lengths: Vec<usize> = lines(&[b'x'; 10_000]).iter().map(String::len).collect();
        assert_eq!(lengths, [4096, 4096, 1808]);
    }

    #[test]
    fn the_last_lines_are_kept() {
        let mut last = LastLines::default();
        (0..30).for_each(|n| last.push(&format!("{n}")));
        last.push("  ");
        let lines = last.into_lines();
        assert_eq!((lines.len(), lines[0].as_str(), lines[19].as_str()), (20, "10", "29"));
    }
}
