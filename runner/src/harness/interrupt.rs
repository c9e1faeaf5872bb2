use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Whether the user asked to stop. Clones share one answer.
///
/// Every wait in this module looks at it at least every 100 ms; a set interrupt ends the running
/// child and returns what was measured so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct Interrupt(Arc<AtomicBool>);

impl Interrupt {
    /// One that nobody has set yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// One that Ctrl-C sets, and on Unix also `SIGTERM` and `SIGHUP`.
    ///
    /// # Errors
    /// When a handler is installed already, or the system refuses one.
    pub(crate) fn install() -> Result<Self, ctrlc::Error> {
        let interrupt = Self::new();
        let shared = interrupt.clone();
        ctrlc::set_handler(move || shared.set())?;
        Ok(interrupt)
    }

    /// Asks everything to stop.
    pub(crate) fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Whether to stop.
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
