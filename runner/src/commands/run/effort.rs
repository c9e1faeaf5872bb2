use std::time::Instant;

use driftline_core::model::Run;
use driftline_core::stats::fnv1a;

use super::super::{Error, Project};
use crate::args::RunArguments;
use crate::measure::Budget;

/// The rounds when nobody says: the spread between three launches is known well enough to judge by,
/// and each still has a third of the time.
const ROUNDS: u32 = 3;
/// How often suspects are measured again when nobody says: what looks changed three times is no
/// single disturbance.
const CONFIRM: u32 = 2;
/// More launches of everything than this were meant as something else.
const MOST_ROUNDS: u32 = 1000;

/// How often everything is measured, and how long that may take.
#[derive(Debug)]
pub(super) struct Effort {
    pub(super) rounds: u32,
    /// In how many more rounds suspects are measured, at most.
    pub(super) confirm: u32,
    pub(super) budget: Budget,
    order_seed: Option<u32>,
}

impl Effort {
    /// What the command line says, else the configuration; `begun` is when the run did.
    pub(super) fn new(
        project: &Project,
        arguments: &RunArguments,
        begun: Instant,
    ) -> Result<Self, Error> {
        let configured = project.effort;
        // The configuration's rounds are those of a full run.
        let usual = if arguments.quick { 1 } else { configured.rounds.unwrap_or(ROUNDS) };
        let rounds = arguments.effort.rounds.unwrap_or(usual);
        if rounds == 0 || rounds > MOST_ROUNDS {
            return Err(Error::usage(format!("measure in {rounds} rounds"))
                .hint(format!("--rounds is from 1 to {MOST_ROUNDS}; 3 are usual")));
        }
        let max_time = arguments.effort.max_time.or(configured.max_time);
        Ok(Self {
            rounds,
            confirm: arguments.effort.confirm.or(configured.confirm).unwrap_or(CONFIRM),
            budget: Budget::new(begun, max_time),
            order_seed: arguments.effort.order_seed,
        })
    }

    /// The seed of the order: as asked for, else drawn from the run's id, which no other run has.
    /// Short enough to be typed.
    pub(super) fn seed(&self, run: &Run) -> u64 {
        let drawn = || fnv1a(run.id.as_str().as_bytes()) & u64::from(u32::MAX);
        self.order_seed.map_or_else(drawn, u64::from)
    }
}
