use std::fs;

use driftline_core::model::Conditions;
use sysinfo::System;

use crate::procfs::{CpuTimes, ProcessTimes, counter};

/// Over fewer ticks of a processor than these a share says nothing: the last tick alone would make
/// a difference of 5 %.
const FEWEST_TICKS: f64 = 20.0;

/// Watches how busy the machine is, from its start to its end.
#[derive(Debug)]
pub(crate) struct ConditionsProbe {
    load: Option<f64>,
    before: Counters,
}

impl ConditionsProbe {
    /// Begins to watch.
    pub(crate) fn start() -> Self {
        // Not `System::load_average` everywhere: on Windows it begins to count at the first call.
        let load = cfg!(unix).then(System::load_average).and_then(Result::ok);
        Self {
            load: load.map(|load| load.one).filter(|load| load.is_finite()),
            before: Counters::read(),
        }
    }

    /// What was seen; none where the system tells nothing. What this process and its children did
    /// is not counted, if the children were waited for.
    pub(crate) fn finish(self) -> Option<Conditions> {
        let conditions = Conditions { load: self.load, ..between(&self.before, &Counters::read()) };
        (conditions != Conditions::default()).then_some(conditions)
    }
}

/// The system's counters at one time; none where it does not have them.
#[derive(Debug, Clone, Default)]
struct Counters {
    cpu: Option<CpuTimes>,
    /// What this process and its children used.
    ours: Option<u64>,
    /// Pages swapped in and out.
    swapped_pages: Option<u64>,
}

impl Counters {
    fn read() -> Self {
        if !cfg!(target_os = "linux") {
            return Self::default();
        }
        let text = |path: &str| fs::read_to_string(path).unwrap_or_default();
        Self::parse(&text("/proc/stat"), &text("/proc/self/stat"), &text("/proc/vmstat"))
    }

    fn parse(stat: &str, own_stat: &str, vmstat: &str) -> Self {
        let swapped = counter(vmstat, "pswpin").zip(counter(vmstat, "pswpout"));
        Self {
            cpu: CpuTimes::parse(stat),
            ours: ProcessTimes::parse(own_stat).map(|times| times.own + times.children),
            swapped_pages: swapped.map(|(pages_in, pages_out)| pages_in + pages_out),
        }
    }
}

fn between(before: &Counters, after: &Counters) -> Conditions {
    let passed = before.cpu.zip(after.cpu).and_then(|(before, after)| after.since(&before));
    let passed = passed.filter(|passed| passed.of_one_processor() >= FEWEST_TICKS);
    let ours = before.ours.zip(after.ours).and_then(|(before, after)| after.checked_sub(before));
    let swapped = before.swapped_pages.zip(after.swapped_pages);
    Conditions {
        load: None,
        // The two counts are not taken at the same instant: ours may exceed all by a tick.
        others_cpus: passed.zip(ours).map(|(passed, ours)| {
            passed.busy.saturating_sub(ours) as f64 / passed.of_one_processor()
        }),
        steal: passed.map(|passed| passed.steal as f64 / passed.total as f64),
        swapped_kilobytes: swapped
            .and_then(|(before, after)| after.checked_sub(before))
            .map(|pages| pages as f64 * page_kilobytes()),
    }
}

#[cfg(target_os = "linux")]
fn page_kilobytes() -> f64 {
    rustix::param::page_size() as f64 / 1024.0
}

/// Only Linux counts pages here.
#[cfg(not(target_os = "linux"))]
fn page_kilobytes() -> f64 {
    4.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counters(busy: u64, idle: u64, steal: u64, ours: [u64; 2], pages: u64) -> Counters {
        Counters::parse(
            &format!("cpu  {busy} 0 0 {idle} 0 0 0 {steal} 0 0\ncpu0 1 0 0 1\ncpu1 1 0 0 1\n"),
            &format!("7 (driftline) S 1 7 7 0 -1 0 0 0 0 0 {} 0 {} 0 20 0 1 0 5", ours[0], ours[1]),
            &format!("pswpin {pages}\npswpout 1\n"),
        )
    }

    #[test]
    fn what_we_did_ourselves_is_not_others() {
        let before = counters(1000, 5000, 10, [3, 4], 100);
        // Of 2 × 200 ticks 200 busy, 120 of them by us and our children; 20 stolen.
        let after = counters(1200, 5180, 30, [13, 114], 356);
        let seen = between(&before, &after);
        assert!((seen.others_cpus.unwrap() - 0.4).abs() < 1e-12, "{seen:?}");
        assert!((seen.steal.unwrap() - 0.05).abs() < 1e-12, "{seen:?}");
        assert!((seen.swapped_kilobytes.unwrap() - 256.0 * page_kilobytes()).abs() < 1e-9);
        // All of it ours, and a tick more.
        let after = counters(1200, 5200, 10, [3, 205], 100);
        let seen = between(&before, &after);
        assert_eq!(seen.others_cpus, Some(0.0));
        assert_eq!(seen.swapped_kilobytes, Some(0.0));
    }

    #[test]
    fn too_short_a_time_and_missing_texts_tell_nothing() {
        let before = counters(1000, 5000, 0, [0, 0], 0);
        let seen = between(&before, &counters(1010, 5009, 0, [1, 0], 0));
        assert_eq!((seen.others_cpus, seen.steal), (None, None));
        assert_eq!(between(&before, &Counters::default()), Conditions::default());
        assert_eq!(Counters::parse("", "", "").ours, None);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn this_machine_tells_its_load() {
        let seen = ConditionsProbe::start().finish().unwrap();
        assert!(seen.load.is_some_and(|load| load >= 0.0), "{seen:?}");
        assert!(seen.swapped_kilobytes.is_none_or(|size| size >= 0.0), "{seen:?}");
    }
}
