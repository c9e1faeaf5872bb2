//! Runs criterion's benchmarks, of any project and without changing it: by criterion's own runner
//! protocol, and where a program does not speak it, by the files it writes.

use std::time::Duration;

use regex::Regex;

pub(crate) use suite::Suite;
pub(crate) use times::{RoundTimes, Times};

mod announcement;
mod files;
mod identical;
mod ledger;
mod list;
mod messages;
mod protocol;
mod raw;
mod schedule;
mod session;
mod suite;
mod target_run;
mod times;

#[cfg(test)]
mod end_to_end;

/// Which benchmarks to run.
#[derive(Debug, Clone, Default)]
pub(crate) enum Selection {
    /// All of them.
    #[default]
    All,
    /// Those in whose full name it is found.
    Matching(Regex),
}

impl Selection {
    fn allows(&self, name: &str) -> bool {
        match self {
            Self::All => true,
            Self::Matching(filter) => filter.is_match(name),
        }
    }
}

/// How to run them.
#[derive(Debug, Clone)]
pub(crate) struct RunOptions {
    /// How long each is measured in a pass, and what else the programs are told.
    pub(crate) times: RoundTimes,
    /// How long a benchmark may give no sign of life beyond the time it announced itself.
    pub(crate) timeout: Duration,
    /// Whether what the programs print is shown.
    pub(crate) verbose: bool,
}

impl RunOptions {
    /// The timeout when none is given.
    pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_mins(10);
}
