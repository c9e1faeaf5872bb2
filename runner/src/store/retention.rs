use driftline_core::model::Run;
use driftline_core::model::RunId;
use driftline_core::wire::{self, HistoryReading};

/// How much of the past is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Retention {
    /// How many runs; at least the newest stays.
    pub(crate) keep: usize,
    /// How many of them, the newest, keep their raw samples.
    pub(crate) samples: usize,
}

impl Default for Retention {
    fn default() -> Self {
        Self { keep: 100, samples: 20 }
    }
}

/// What has to happen to a history's file for new runs to be in it.
#[derive(Debug)]
pub(super) struct Plan {
    /// The new lines.
    pub(super) lines: String,
    /// Which bytes of the file change, and into what; in order. If none do, appending is enough.
    changes: Vec<Change>,
    /// How many runs are no longer kept.
    pub(super) pruned: usize,
}

#[derive(Debug)]
struct Change {
    start: usize,
    end: usize,
    /// A whole line, or nothing.
    replacement: String,
}

impl Plan {
    /// Which runs go and which lose their samples, when `new`, at most `keep` runs, are recorded
    /// after what the file holds. Damaged lines leave the file, those of newer versions never do.
    pub(super) fn new(reading: &HistoryReading, new: &[&Run], retention: Retention) -> Self {
        let total = reading.runs.len() + new.len();
        let pruned = total.saturating_sub(retention.keep.max(1)).min(reading.runs.len());
        let without_samples = total.saturating_sub(retention.samples);
        let slimmed = |position: usize, run: &Run| {
            (position < without_samples && run.has_samples()).then(|| {
                let mut run = run.clone();
                run.drop_samples();
                wire::write_run(&run)
            })
        };

        let mut changes = Vec::new();
        for (position, recorded) in reading.runs.iter().enumerate() {
            let replacement = if position < pruned {
                Some(String::new())
            } else {
                slimmed(position, &recorded.run)
            };
            if let Some(replacement) = replacement {
                let (start, end) = (recorded.bytes.start, recorded.bytes.end);
                changes.push(Change { start, end, replacement });
            }
        }
        for damaged in reading.damaged.iter().filter(|damaged| !damaged.reason.is_newer()) {
            let (start, end) = (damaged.bytes.start, damaged.bytes.end);
            changes.push(Change { start, end, replacement: String::new() });
        }
        changes.sort_by_key(|change| change.start);

        let lines = new
            .iter()
            .zip(reading.runs.len()..)
            .map(|(run, position)| slimmed(position, run).unwrap_or_else(|| wire::write_run(run)));
        Self { lines: lines.collect(), changes, pruned }
    }

    /// Whether what the file holds stays as it is.
    pub(super) fn only_appends(&self) -> bool {
        self.changes.is_empty()
    }

    /// The new file: lines that do not change are copied byte for byte.
    pub(super) fn rewritten(&self, bytes: &[u8]) -> Vec<u8> {
        let mut file = Vec::with_capacity(bytes.len() + self.lines.len());
        let mut copied = 0;
        for change in &self.changes {
            file.extend_from_slice(&bytes[copied..change.start]);
            file.extend_from_slice(change.replacement.as_bytes());
            // The line feed belongs to the line; the last line may have none.
            copied = bytes.len().min(change.end + 1);
        }
        file.extend_from_slice(&bytes[copied..]);
        if file.last().is_some_and(|&last| last != b'\n') {
            file.push(b'\n');
        }
        file.extend_from_slice(self.lines.as_bytes());
        file
    }
}

/// The runs of `runs` that are to be recorded: of more than can be kept only the newest, so that
/// recording the same long list twice changes nothing, and none whose id is there already.
pub(super) fn chosen<'a>(
    runs: &'a [Run],
    reading: &'a HistoryReading,
    retention: Retention,
) -> (Vec<&'a Run>, usize) {
    let beyond = runs.len().saturating_sub(retention.keep.max(1));
    let mut known: std::collections::BTreeSet<&RunId> =
        reading.runs.iter().map(|recorded| &recorded.run.id).collect();
    (runs[beyond..].iter().filter(|run| known.insert(&run.id)).collect(), beyond)
}
