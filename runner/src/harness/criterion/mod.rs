//! Runs criterion's benchmarks, of any project and without changing it: by criterion's own runner
//! protocol, and where a program does not speak it, by the files it writes.

use std::collections::BTreeSet;
use std::time::Duration;

use regex::Regex;

use super::cargo::BenchTarget;
use super::{Interrupt, Outcome, Progress};
use list::{Listed, Listing};
use schedule::Schedule;

mod announcement;
mod files;
mod list;
mod messages;
mod protocol;
mod raw;
mod schedule;
mod session;

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
    /// Which ones.
    pub(crate) selection: Selection,
    /// For a first look only: about one second each.
    pub(crate) quick: bool,
    /// Passed on to every bench program after driftline's own arguments.
    pub(crate) arguments: Vec<String>,
    /// How long a benchmark may give no sign of life beyond the time it announced itself.
    pub(crate) timeout: Duration,
    /// Whether what the programs print is shown.
    pub(crate) verbose: bool,
}

impl Default for RunOptions {
    fn default() -> Self {
        Self {
            selection: Selection::All,
            quick: false,
            arguments: Vec::new(),
            timeout: Self::DEFAULT_TIMEOUT,
            verbose: false,
        }
    }
}

impl RunOptions {
    /// The timeout when none is given.
    pub(crate) const DEFAULT_TIMEOUT: Duration = Duration::from_mins(10);
}

/// Built bench targets with the benchmarks they have. Can be run any number of times.
#[derive(Debug, Clone)]
pub(crate) struct Suite {
    targets: Vec<(BenchTarget, Listing)>,
}

impl Suite {
    /// Asks each target for its benchmarks; measures nothing.
    pub(crate) fn list(targets: Vec<BenchTarget>, interrupt: &Interrupt) -> Self {
        let ask = |target: BenchTarget| {
            let listing = list::list(&target, interrupt);
            (target, listing)
        };
        Self { targets: targets.into_iter().map(ask).collect() }
    }

    /// The benchmarks there are, as far as the targets tell.
    pub(crate) fn known(&self) -> Vec<String> {
        self.titles().map(str::to_owned).collect()
    }

    fn titles(&self) -> impl Iterator<Item = &str> {
        self.targets
            .iter()
            .flat_map(|(_, listing)| match listing {
                Listing::Names(names) => names.as_slice(),
                Listing::Libtest | Listing::Unknown(_) => &[],
            })
            .map(|listed| listed.title.as_str())
    }

    /// The titles that more than one target has: in one target each is there once.
    fn shared(&self) -> BTreeSet<String> {
        let mut seen = BTreeSet::new();
        self.titles().filter(|title| !seen.insert(*title)).map(str::to_owned).collect()
    }

    /// Runs the chosen benchmarks, target by target. What fails is recorded, and the others go on.
    pub(crate) fn run(
        &self,
        options: &RunOptions,
        interrupt: &Interrupt,
        progress: &dyn Progress,
    ) -> Outcome {
        let mut schedule = Schedule::new(options, interrupt, progress, self.shared());
        schedule.outcome.known = self.known();
        let mut chosen: Vec<(&BenchTarget, Option<Vec<Listed>>)> = Vec::new();
        for (target, listing) in &self.targets {
            match listing {
                Listing::Names(names) => {
                    let selected = list::selected(target, names, &options.selection, interrupt);
                    if !selected.is_empty() {
                        chosen.push((target, Some(selected)));
                    }
                }
                Listing::Unknown(_) => chosen.push((target, None)),
                Listing::Libtest => schedule.outcome.skip(
                    &target.name,
                    "this bench target uses Rust's own bench harness, not criterion: set `harness = \
                     false` for it and use criterion, or leave it out with --bench",
                ),
            }
        }
        let total = chosen.iter().map(|(_, names)| names.as_ref().map(Vec::len)).sum();
        progress.started(total);
        for (target, names) in chosen {
            if interrupt.is_set() {
                break;
            }
            let all = matches!(options.selection, Selection::All);
            match names {
                Some(names) => schedule.run_listed(target, names, all),
                None => schedule.run_unlisted(target),
            }
        }
        schedule.outcome.interrupted |= interrupt.is_set();
        schedule.outcome
    }
}
