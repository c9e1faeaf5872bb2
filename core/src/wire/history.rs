use std::ops::Range;

use super::WireError;
use super::document::run_at;
use super::format::without_mark;
use crate::model::Run;

/// A run, and where in the history's file it stands.
#[derive(Debug, Clone, PartialEq)]
pub struct RecordedRun {
    /// The 1-based line.
    pub line: usize,
    /// The line's bytes, without the line feed that ends it.
    pub bytes: Range<usize>,
    /// The run.
    pub run: Run,
}

/// A line that holds no run this driftline can read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DamagedLine {
    /// The 1-based line.
    pub line: usize,
    /// The line's bytes, without the line feed that ends it.
    pub bytes: Range<usize>,
    /// Why it cannot be read. When [`WireError::is_newer`] says so, the line is no damage and must
    /// stay in the file.
    pub reason: WireError,
}

/// Everything that a history's file holds.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct HistoryReading {
    /// The runs, as they were recorded.
    pub runs: Vec<RecordedRun>,
    /// The lines that could not be read, in order.
    pub damaged: Vec<DamagedLine>,
    /// Whether the last line has no line feed at its end: the write of it was cut short. It is among
    /// `runs` if only the line feed is missing, and among `damaged` otherwise.
    pub torn_tail: bool,
}

impl HistoryReading {
    /// The runs alone, as they were recorded.
    pub fn into_runs(self) -> Vec<Run> {
        self.runs.into_iter().map(|recorded| recorded.run).collect()
    }
}

/// Reads a history's file. Never fails as a whole: what cannot be read is listed.
///
/// Blank lines are passed over; so is a carriage return at the end of a line. O(bytes).
pub fn read_history(bytes: &[u8]) -> HistoryReading {
    let mut reading = HistoryReading::default();
    let mut start = 0;
    for (index, piece) in bytes.split_inclusive(|&byte| byte == b'\n').enumerate() {
        let line = index + 1;
        let text = piece.strip_suffix(b"\n");
        reading.torn_tail = text.is_none();
        let text = text.unwrap_or(piece);
        let place = start..start + text.len();
        start += piece.len();
        let text = if line == 1 { without_mark(text) } else { text };
        if text.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        match run_at(text, line) {
            Ok(run) => reading.runs.push(RecordedRun { line, bytes: place, run }),
            Err(reason) => reading.damaged.push(DamagedLine { line, bytes: place, reason }),
        }
    }
    reading
}
