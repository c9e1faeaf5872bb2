//! One writer at a time, by a lock on a file that is never removed.

use std::fs::{File, OpenOptions, TryLockError};
use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use super::StoreError;

/// How long to wait for the others: a write takes milliseconds, so whoever holds the lock for longer
/// than this hangs.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Between two attempts: short at first, as writes are, and never so long that one notices.
const FIRST_PAUSE: Duration = Duration::from_millis(1);
const LONGEST_PAUSE: Duration = Duration::from_millis(16);

/// A lock, held until this is dropped or the process ends, however it ends.
#[derive(Debug)]
#[must_use]
pub(super) struct Held(#[expect(dead_code, reason = "open is locked, closed is free")] File);

/// Waits until nobody else reads or writes.
///
/// # Errors
/// When the file cannot be opened or locked, or another process holds it for longer than `patience`.
pub(super) fn exclusive(path: &Path, patience: Duration) -> Result<Held, StoreError> {
    let file = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path);
    let file = file.map_err(StoreError::write(path))?;
    match wait(patience, || file.try_lock()) {
        Ok(()) => Ok(Held(file)),
        Err(TryLockError::WouldBlock) => {
            Err(StoreError::Busy { path: path.to_owned(), seconds: patience.as_secs() })
        }
        Err(TryLockError::Error(error)) => Err(StoreError::Write { path: path.to_owned(), error }),
    }
}

/// Waits until nobody writes, where that can be known.
///
/// A reader goes on without the lock when there is none (nobody has ever written), it may not be
/// opened, or the file system knows no locks: the worst that can happen is a warning about a line
/// that is just being written.
pub(super) fn shared(path: &Path, patience: Duration) -> Option<Held> {
    let file = File::open(path).ok()?;
    wait(patience, || file.try_lock_shared()).ok()?;
    Some(Held(file))
}

fn wait(
    patience: Duration,
    attempt: impl Fn() -> Result<(), TryLockError>,
) -> Result<(), TryLockError> {
    let begin = Instant::now();
    let mut pause = FIRST_PAUSE;
    loop {
        match attempt() {
            Err(TryLockError::WouldBlock) if begin.elapsed() < patience => thread::sleep(pause),
            done => return done,
        }
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
