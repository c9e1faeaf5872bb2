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

/// Where runs to be recorded come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arrival {
    /// They were measured just now.
    Measured,
    /// From files, of whatever age.
    Imported,
}

/// What has to happen to a history's file for new runs to be in it.
#[derive(Debug)]
pub(super) struct Plan {
    /// The new lines.
    pub(super) lines: String,
    /// Which bytes of the file change, and into what; in order. If none do, appending is enough.
    changes: Vec<Change>,
    /// How many of the new runs are among those that are kept.
    pub(super) appended: usize,
    /// How many runs, old or new, are not.
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
    /// Which runs go and which lose their samples, when `new` runs are recorded after what the file
    /// holds. Damaged lines leave the file, those of newer versions never do.
    pub(super) fn new(
        reading: &HistoryReading,
        new: &[&Run],
        arrival: Arrival,
        retention: Retention,
    ) -> Self {
        let recorded = reading.runs.iter().map(|recorded| &recorded.run);
        let ages = match arrival {
            // Whatever the clock said: a run that was just made is the newest.
            Arrival::Measured => {
                let of_recorded = ages(&recorded.collect::<Vec<_>>());
                let new_ages = (0..new.len()).rev();
                of_recorded.into_iter().map(|age| age + new.len()).chain(new_ages).collect()
            }
            Arrival::Imported => ages(&recorded.chain(new.iter().copied()).collect::<Vec<_>>()),
        };
        let kept = |position: usize| ages[position] < retention.keep.max(1);
        let slimmed = |position: usize, run: &Run| {
            (ages[position] >= retention.samples && run.has_samples()).then(|| {
                let mut run = run.clone();
                run.drop_samples();
                wire::write_run(&run)
            })
        };

        let mut changes = Vec::new();
        for (position, recorded) in reading.runs.iter().enumerate() {
            let replacement =
                if kept(position) { slimmed(position, &recorded.run) } else { Some(String::new()) };
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

        let recorded: Vec<(usize, &Run)> = (reading.runs.len()..)
            .zip(new.iter().copied())
            .filter(|(position, _)| kept(*position))
            .collect();
        let lines = recorded
            .iter()
            .map(|&(position, run)| slimmed(position, run).unwrap_or_else(|| wire::write_run(run)));
        Self {
            lines: lines.collect(),
            changes,
            appended: recorded.len(),
            pruned: ages.len() - ages.len().min(retention.keep.max(1)),
        }
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
/// recording the same long list twice changes nothing, and none whose id is there already. And how
/// many are too old.
pub(super) fn chosen<'a>(
    runs: &'a [Run],
    reading: &'a HistoryReading,
    retention: Retention,
) -> (Vec<&'a Run>, usize) {
    let ages = ages(&runs.iter().collect::<Vec<_>>());
    let young = |age: &usize| *age < retention.keep.max(1);
    let beyond = ages.iter().filter(|age| !young(age)).count();
    let mut known: std::collections::BTreeSet<&RunId> =
        reading.runs.iter().map(|recorded| &recorded.run.id).collect();
    let new = runs.iter().zip(&ages).filter(|(run, age)| young(age) && known.insert(&run.id));
    (new.map(|(run, _)| run).collect(), beyond)
}

/// How many runs are newer than each: by the time they were measured if all have one, so that an
/// import of old runs does not push out new ones, else by their place.
fn ages(runs: &[&Run]) -> Vec<usize> {
    let timed = runs.iter().all(|run| run.time.is_some());
    let mut order: Vec<usize> = (0..runs.len()).collect();
    order.sort_by_key(|&position| (runs[position].time.filter(|_| timed), position));
    let mut ages = vec![0; runs.len()];
    for (age, position) in order.into_iter().rev().enumerate() {
        ages[position] = age;
    }
    ages
}
