//! What the tests of this module share.

use std::cell::RefCell;
use std::time::Duration;

use super::{Finished, Progress};

/// Writes down what it is told.
#[derive(Debug, Default)]
pub(super) struct Recorder(RefCell<Vec<String>>);

impl Recorder {
    pub(super) fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }

    fn note(&self, line: String) {
        self.0.borrow_mut().push(line);
    }
}

impl Progress for Recorder {
    fn started(&self, total: Option<usize>) {
        self.note(format!("started {total:?}"));
    }
    fn benchmark(&self, name: &str, position: usize) {
        self.note(format!("{position} {name}"));
    }
    fn measuring(&self, _: Duration) {}
    fn finished(&self, name: &str, result: Finished<'_>) {
        let result = match result {
            Finished::Measured(_) => "measured",
            Finished::Failed(reason) => reason,
        };
        self.note(format!("{name}: {result}"));
    }
    fn message(&self, text: &str) {
        self.note(text.to_owned());
    }
}
