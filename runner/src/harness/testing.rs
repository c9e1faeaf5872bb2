//! What the tests of this module share.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use super::{Finished, Progress};

/// Writes down what it is told.
#[derive(Debug, Default)]
pub(super) struct Recorder(RefCell<Vec<String>>, Cell<usize>);

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
    fn pass(&self, label: &str, before: Option<usize>) {
        self.1.set(before.unwrap_or(self.1.get()));
        self.note(label.to_owned());
    }
    fn benchmark(&self, name: &str) {
        self.1.set(self.1.get() + 1);
        self.note(format!("{} {name}", self.1.get()));
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
