use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use super::ledger::Ledger;
use super::list::{self, Listed, Listing};
use super::schedule::{Launches, Schedule};
use super::{RunOptions, Selection};
use crate::harness::cargo::BenchTarget;
use crate::harness::{Interrupt, Outcome, Pass, Progress, executable};

/// The share of the measuring that starting a program for each benchmark may cost on top. Beyond it
/// the program is started once a pass for all of them: criterion runs the set-up code of every
/// group at each start.
const MOST_STARTING: f64 = 0.1;

/// Built bench targets with the benchmarks they have, and what was measured of them. Can be run any
/// number of times: what is measured again becomes a further round.
#[derive(Debug, Clone)]
pub(crate) struct Suite {
    pub(super) targets: Vec<Target>,
    selection: Selection,
    pub(super) ledger: Ledger,
}

/// A bench target and what is known of it before it is run.
#[derive(Debug, Clone)]
pub(super) struct Target {
    pub(super) bench: BenchTarget,
    listing: Listing,
    /// The benchmarks that are to be run; none when it cannot tell which it has.
    pub(super) chosen: Option<Vec<Listed>>,
    /// How long it took to start and to list its benchmarks.
    start: Duration,
    /// The hash of its program.
    pub(super) executable: Option<String>,
}

impl Target {
    fn ask(bench: BenchTarget, selection: &Selection, interrupt: &Interrupt) -> Self {
        // Read before it is started, or the first start would be timed with the disk's. Whoever
        // cannot read it cannot run it either, and is told so then.
        let executable = executable::hash(&bench.executable).ok();
        let begun = Instant::now();
        let listing = list::list(&bench, interrupt);
        let start = begun.elapsed();
        let chosen = match &listing {
            Listing::Names(names) => Some(list::selected(&bench, names, selection, interrupt)),
            Listing::Libtest => Some(Vec::new()),
            Listing::Unknown(_) => None,
        };
        Self { bench, listing, chosen, start, executable }
    }

    fn listed(&self) -> &[Listed] {
        match &self.listing {
            Listing::Names(names) => names,
            Listing::Libtest | Listing::Unknown(_) => &[],
        }
    }

    /// In what launches its benchmarks `names` are run.
    fn launches(&self, target: usize, names: Vec<Listed>, each: Duration) -> Vec<Launches> {
        if names.is_empty() {
            return Vec::new();
        }
        if self.is_slow_to_start(each) {
            let all = names.len() == self.listed().len();
            return vec![Launches::Of { target, names, all }];
        }
        let apart = list::apart(names).into_iter();
        apart.map(|names| Launches::Of { target, names, all: false }).collect()
    }

    fn is_slow_to_start(&self, each: Duration) -> bool {
        self.start > each.mul_f64(MOST_STARTING)
    }
}

impl Suite {
    /// Asks each target for its benchmarks; measures nothing.
    pub(crate) fn list(
        targets: Vec<BenchTarget>,
        selection: Selection,
        interrupt: &Interrupt,
    ) -> Self {
        let ask = |bench: BenchTarget| Target::ask(bench, &selection, interrupt);
        let targets: Vec<Target> = targets.into_iter().map(ask).collect();
        let titles = || targets.iter().flat_map(Target::listed).map(|listed| &listed.title);
        // In one target each is there once.
        let mut seen = BTreeSet::new();
        let shared = titles().filter(|title| !seen.insert(*title)).cloned().collect();
        let mut ledger = Ledger::new(titles().cloned().collect(), shared);
        for target in targets.iter().filter(|target| target.listing == Listing::Libtest) {
            ledger.outcome.skip(
                &target.bench.name,
                "this bench target uses Rust's own bench harness, not criterion: set `harness = \
                 false` for it and use criterion, or leave it out with --bench",
            );
        }
        Self { targets, selection, ledger }
    }

    /// How many benchmarks a pass has, if every target could list its own.
    pub(crate) fn count(&self) -> Option<usize> {
        self.targets.iter().map(|target| target.chosen.as_ref().map(Vec::len)).sum()
    }

    /// How many of these ids are benchmarks that were measured here.
    pub(crate) fn count_of(&self, ids: &BTreeSet<String>) -> usize {
        (0..self.targets.len()).map(|target| self.ledger.names_of(target, ids).len()).sum()
    }

    /// Whether nothing is to be run.
    pub(crate) fn is_empty(&self) -> bool {
        self.count() == Some(0)
    }

    /// What came of the passes so far.
    pub(crate) fn outcome(&self) -> &Outcome {
        &self.ledger.outcome
    }

    /// Runs the chosen benchmarks, or of those that were measured already `only` these, each in a
    /// process of its own and in the order of the pass. What fails is recorded, and the others go
    /// on; what hung in an earlier pass is not tried again.
    ///
    /// Where starting a program is expensive beside the measuring, its benchmarks run in one process
    /// and in its own order, and only the order of the targets is the pass's.
    pub(crate) fn pass(
        &mut self,
        options: &RunOptions,
        only: Option<&BTreeSet<String>>,
        pass: &mut Pass,
        interrupt: &Interrupt,
        progress: &dyn Progress,
    ) {
        if pass.number == 0 {
            self.tell_slow_starts(options, progress);
        }
        let mut launches = self.launches(options, only);
        pass.shuffle(&mut launches);
        let Self { targets, selection, ledger } = self;
        let mut schedule =
            Schedule { options, selection, targets, interrupt, progress, pass, ledger };
        for launch in launches {
            if interrupt.is_set() {
                break;
            }
            schedule.run(launch);
        }
        ledger.outcome.interrupted |= interrupt.is_set();
    }

    fn launches(&self, options: &RunOptions, only: Option<&BTreeSet<String>>) -> Vec<Launches> {
        let each = options.times.each;
        let mut launches = Vec::new();
        for (target, known) in self.targets.iter().enumerate() {
            let names = match (only, &known.chosen) {
                (Some(ids), _) => {
                    let names = self.ledger.names_of(target, ids);
                    names.into_iter().map(Listed::exactly).collect()
                }
                (None, Some(chosen)) => {
                    let hangs = |l: &Listed| self.ledger.hung(target).any(|name| l.may_be(name));
                    chosen.iter().filter(|listed| !hangs(listed)).cloned().collect()
                }
                (None, None) => {
                    if !self.ledger.given_up.contains(&target) {
                        launches.push(Launches::Unlisted { target });
                    }
                    continue;
                }
            };
            launches.extend(known.launches(target, names, each));
        }
        launches
    }

    fn tell_slow_starts(&self, options: &RunOptions, progress: &dyn Progress) {
        for target in &self.targets {
            let several = target.chosen.as_ref().is_some_and(|chosen| chosen.len() > 1);
            if several && target.is_slow_to_start(options.times.each) {
                progress.message(&format!(
                    "{}: starting it takes {:.1} s, so its benchmarks share one process in each \
                     round, in its own order",
                    target.bench.name,
                    target.start.as_secs_f64()
                ));
            }
        }
    }
}
