//! What can go wrong, and the exit code it ends with. The codes are part of the interface
//! (README, "Exit codes"): they never change their meaning.

use std::fmt;
use std::process::ExitCode;

use driftline_core::text::terminal_lines;

use crate::store::StoreError;

/// Why the program ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// 0: nothing regressed.
    Fine = 0,
    /// 1: a benchmark regressed, that was not accepted, and `--ci` or `ci` asked for that to fail.
    Regressed = 1,
    /// 2: the command line or the configuration makes no sense.
    Usage = 2,
    /// 3: a file or the store cannot be read or written.
    Data = 3,
    /// 4: nothing was measured or compared.
    Nothing = 4,
    /// 5: a benchmark failed to build or to run.
    Benchmark = 5,
    /// 6: a result is inconclusive, and the policy says that it must not be.
    Inconclusive = 6,
    /// 130: interrupted (128 + SIGINT).
    Interrupted = 130,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// An error with what to do about it. Messages are lowercase fragments, readable after
/// "failed to …".
#[derive(Debug)]
pub(crate) struct Error {
    pub(crate) exit: Exit,
    message: String,
    hints: Vec<String>,
}

impl Error {
    pub(crate) fn new(exit: Exit, message: impl fmt::Display) -> Self {
        Self { exit, message: message.to_string(), hints: Vec::new() }
    }

    pub(crate) fn usage(message: impl fmt::Display) -> Self {
        Self::new(Exit::Usage, message)
    }

    pub(crate) fn data(message: impl fmt::Display) -> Self {
        Self::new(Exit::Data, message)
    }

    /// What went wrong, without what to do next.
    pub(crate) fn text(&self) -> String {
        format!("failed to {}", self.message)
    }

    /// Adds what to do next.
    pub(crate) fn hint(mut self, hint: impl fmt::Display) -> Self {
        self.hints.push(hint.to_string());
        self
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NoSuchBaseline { .. } => Self::usage(error),
            error => Self::data(error),
        }
    }
}

/// As people see it: what of it is from outside commands neither a terminal nor a CI runner.
impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\u{1b}[1;31merror\u{1b}[0m: {}", terminal_lines(&self.message))?;
        for hint in &self.hints {
            write!(f, "\n\u{1b}[1mhint\u{1b}[0m: {}", terminal_lines(hint))?;
        }
        Ok(())
    }
}
