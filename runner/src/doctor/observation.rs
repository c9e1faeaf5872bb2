use std::collections::BTreeSet;
use std::time::Instant;

use driftline_core::model::Conditions;

use super::consumers::{Consumer, ProcessWatch, processes};
use super::quota::Quota;
use super::thermal::Heat;
use super::{Files, SystemFiles};
use crate::provenance::ConditionsProbe;

/// Watches the system while the launches work.
#[derive(Debug)]
pub(crate) struct Observer {
    started: Instant,
    probe: ConditionsProbe,
    watch: ProcessWatch,
    heat: Heat,
    quota: Quota,
}

impl Observer {
    /// Begins to watch.
    pub(crate) fn start() -> Self {
        let files: &dyn Files = &SystemFiles;
        Self {
            started: Instant::now(),
            probe: ConditionsProbe::start(),
            watch: ProcessWatch::start(std::process::id(), &processes(files).0),
            heat: Heat::read(files),
            quota: Quota::read(files),
        }
    }

    /// Looks at the processes again: those that came and went between two looks are never seen.
    pub(crate) fn look(&mut self) {
        self.watch.look(&processes(&SystemFiles).0);
    }

    /// What was seen.
    pub(crate) fn finish(mut self) -> Observation {
        let files: &dyn Files = &SystemFiles;
        let (last, unit) = processes(files);
        self.watch.look(&last);
        let seconds = self.started.elapsed().as_secs_f64();
        let consumers = self.watch.consumers(seconds * unit);
        let mut conditions = self.probe.finish().unwrap_or_default();
        if conditions.others_cpus.is_none() && !self.watch.names().is_empty() {
            conditions.others_cpus = Some(consumers.iter().map(|consumer| consumer.cpus).sum());
        }
        Observation {
            seconds,
            conditions,
            consumers,
            names: self.watch.names().clone(),
            heat: [self.heat, Heat::read(files)],
            quota: [self.quota, Quota::read(files)],
        }
    }
}

/// What went on meanwhile.
#[derive(Debug)]
pub(crate) struct Observation {
    pub(crate) seconds: f64,
    pub(crate) conditions: Conditions,
    /// Who used the processors, most first.
    pub(crate) consumers: Vec<Consumer>,
    /// The names of all programs that ran.
    pub(crate) names: BTreeSet<String>,
    /// At the beginning and at the end.
    pub(super) heat: [Heat; 2],
    /// At the beginning and at the end.
    pub(super) quota: [Quota; 2],
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_seen_does_not_hold_this_process() {
        let mut observer = Observer::start();
        observer.look();
        let seen = observer.finish();
        let own = std::process::id();
        assert!(seen.seconds > 0.0 && !seen.names.is_empty());
        assert!(seen.consumers.iter().all(|consumer| !consumer.pids.contains(&own)), "{seen:?}");
        assert!(seen.conditions.others_cpus.is_some_and(|cpus| cpus >= 0.0), "{seen:?}");
    }
}
