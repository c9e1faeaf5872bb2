use std::path::Path;
use std::thread;

use driftline_core::model::{Conditions, Machine};
use schemars::JsonSchema;
use serde::Serialize;

use super::{
    Consumer, Files, Finding, Measured, Observation, Spread, address_space, background,
    build_profile, frequency, host, load, memory, power, processors, quota, thermal,
};
use crate::provenance::Environment;

/// The newest version of what `doctor --format json` prints.
const FORMAT: &str = "driftline-doctor/1";
/// How many of the programs that use processors are listed.
const CONSUMERS: usize = 10;

/// All that `driftline doctor` found: what `doctor --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Report {
    /// The format's name and version: `driftline-doctor/1`.
    pub(crate) format: &'static str,
    /// The version of driftline.
    pub(crate) driftline: &'static str,
    /// The machine that was looked at.
    pub(crate) machine: Machine,
    /// Looked at briefly.
    pub(crate) quick: bool,
    /// How long it was watched, in seconds.
    pub(crate) seconds: f64,
    /// How busy it was meanwhile.
    pub(crate) conditions: Conditions,
    /// The other programs that used processors meanwhile, most first; at most 10.
    pub(crate) consumers: Vec<Consumer>,
    /// What each check found, problems first.
    pub(crate) findings: Vec<Finding>,
    /// How much launches of the same work differed.
    pub(crate) workloads: Vec<Measured>,
}

impl Report {
    /// Makes all checks. `directory` is where the code that is measured lies.
    pub(crate) fn new(
        files: &dyn Files,
        machine: Machine,
        observed: Observation,
        spread: Spread,
        directory: &Path,
        environment: &Environment,
        quick: bool,
    ) -> Self {
        let Observation { seconds, conditions, mut consumers, names, heat, quota: limits } =
            observed;
        let available = thread::available_parallelism().ok().map(std::num::NonZero::get);
        let cpus = available.unwrap_or(1) as f64;
        let virtualisation = machine.virtualisation.as_deref();
        let manifest = build_profile::manifest(directory);
        let mut findings = vec![
            load::others(&conditions, &consumers, cpus, &spread),
            spread.finding(),
            host::virtualisation(virtualisation, conditions.steal, &spread),
            background::programs(&names, &consumers),
            quota::quota(&limits[0], &limits[1]),
            thermal::limits(&heat[0], &heat[1]),
            power::supply(files),
            memory::swap(memory::Memory::read(files), conditions.swapped_kilobytes),
            frequency::governor(files),
            frequency::boost(files),
            processors::count(available),
            processors::simultaneous_multithreading(files),
            address_space::randomisation(files),
        ];
        // A project that is not built by cargo has no such profile.
        findings.extend(manifest.map(|table| build_profile::bench_profile(&table, environment)));
        findings.sort_by_key(|finding| finding.severity);
        consumers.truncate(CONSUMERS);
        Self {
            format: FORMAT,
            driftline: env!("CARGO_PKG_VERSION"),
            machine,
            quick,
            seconds,
            conditions,
            consumers,
            findings,
            workloads: spread.into_measured(),
        }
    }

    /// The report as indented JSON, as the schema `doctor` describes it.
    pub(crate) fn json(&self) -> String {
        // Nothing in it can fail to serialise: its keys are texts, its numbers finite.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }
}
