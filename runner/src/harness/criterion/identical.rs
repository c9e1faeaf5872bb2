//! What need not be measured: a program that is the same as the one that made the baseline is the
//! same code, and a difference would be noise.

use driftline_core::model::{Measurement, Run};

use super::Suite;
use super::list::Listed;

/// Benchmarks that are left out, of one bench target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identical {
    /// The bench target.
    pub(crate) target: String,
    /// The ids of the benchmarks, as the baseline has them.
    pub(crate) benchmarks: Vec<String>,
}

impl Suite {
    /// Leaves out the benchmarks of each target whose program made all that the `baseline` has of
    /// them, in every run. What the baseline does not have is run all the same.
    pub(crate) fn leave_out_identical(&mut self, baseline: &[Run]) -> Vec<Identical> {
        let mut identical = Vec::new();
        let ledger = &self.ledger;
        for target in &mut self.targets {
            let (Some(chosen), Some(hash)) = (&mut target.chosen, &target.executable) else {
                continue;
            };
            let prefix = format!("{}/", target.bench.qualified_name);
            let is = |listed: &Listed, m: &Measurement| {
                let id = m.benchmark().as_str();
                if ledger.is_shared(&listed.title) {
                    id.strip_prefix(&prefix).is_some_and(|name| listed.may_be(name))
                } else {
                    listed.may_be(id)
                }
            };
            let all = || baseline.iter().flat_map(|run| &run.measurements);
            let of_target = || all().filter(|m| chosen.iter().any(|listed| is(listed, m)));
            if !of_target().all(|m| m.executable() == Some(hash)) {
                continue;
            }
            let mut benchmarks: Vec<String> =
                of_target().map(|m| m.benchmark().to_string()).collect();
            benchmarks.sort();
            benchmarks.dedup();
            if benchmarks.is_empty() {
                continue;
            }
            chosen.retain(|listed| !all().any(|m| is(listed, m)));
            identical.push(Identical { target: target.bench.name.clone(), benchmarks });
        }
        identical
    }
}
