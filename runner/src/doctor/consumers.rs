//! Which programs use the processors.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde::Serialize;
use sysinfo::{ProcessRefreshKind, ProcessesToUpdate, System};

use super::Files;
use crate::procfs::ProcessTimes;

/// Processes of one name that used processors while they were watched.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Consumer {
    /// Their program's name.
    pub(crate) name: String,
    /// Their numbers, the one that used most first.
    pub(crate) pids: Vec<u32>,
    /// How many processors they kept busy on average.
    pub(crate) cpus: f64,
}

/// Adds up what each process uses from one look to the next.
#[derive(Debug)]
pub(crate) struct ProcessWatch {
    own: u32,
    /// The time of each process at the last look, by its number and start.
    last: BTreeMap<(u32, u64), u64>,
    /// The time used meanwhile, by name and number.
    used: BTreeMap<String, BTreeMap<u32, u64>>,
    names: BTreeSet<String>,
}

impl ProcessWatch {
    /// Begins with the processes there are. The process `own` and its children are never counted.
    pub(crate) fn start(own: u32, processes: &[ProcessTimes]) -> Self {
        let mut watch =
            Self { own, last: BTreeMap::new(), used: BTreeMap::new(), names: BTreeSet::new() };
        watch.look(processes);
        watch.used.clear();
        watch
    }

    /// Adds what was used since the last look. A process that was not there then has used all of
    /// its time since.
    pub(crate) fn look(&mut self, processes: &[ProcessTimes]) {
        let last = std::mem::take(&mut self.last);
        for process in processes {
            if process.pid == self.own || process.parent == self.own {
                continue;
            }
            let key = (process.pid, process.started);
            let before = last.get(&key).copied().unwrap_or(0);
            let used = process.own.saturating_sub(before);
            if used > 0 {
                let of_name = self.used.entry(process.name.clone()).or_default();
                *of_name.entry(process.pid).or_default() += used;
            }
            self.last.insert(key, process.own);
            self.names.insert(process.name.clone());
        }
    }

    /// Who used how much, most first, where one processor had so much time meanwhile.
    pub(crate) fn consumers(&self, time_of_one_processor: f64) -> Vec<Consumer> {
        let mut consumers: Vec<Consumer> = self
            .used
            .iter()
            .map(|(name, used)| {
                let mut pids: Vec<(u32, u64)> =
                    used.iter().map(|(&pid, &time)| (pid, time)).collect();
                pids.sort_by_key(|&(pid, time)| (std::cmp::Reverse(time), pid));
                let time: u64 = used.values().sum();
                Consumer {
                    name: name.clone(),
                    pids: pids.into_iter().map(|(pid, _)| pid).collect(),
                    cpus: time as f64 / time_of_one_processor,
                }
            })
            .collect();
        consumers.sort_by(|a, b| b.cpus.total_cmp(&a.cpus));
        consumers
    }

    /// The names of all programs that were seen.
    pub(crate) fn names(&self) -> &BTreeSet<String> {
        &self.names
    }
}

/// The processes of this system, and how many units of their times a second has.
pub(crate) fn processes(files: &dyn Files) -> (Vec<ProcessTimes>, f64) {
    if cfg!(target_os = "linux") {
        (of_proc(files), ticks_in_a_second())
    } else {
        (of_system(), 1e3)
    }
}

fn of_proc(files: &dyn Files) -> Vec<ProcessTimes> {
    let is_number = |name: &String| name.bytes().all(|byte| byte.is_ascii_digit());
    let names = files.names("/proc").into_iter().filter(is_number);
    // Between the list and the look at it a process may end.
    names
        .filter_map(|pid| ProcessTimes::parse(&files.text(&format!("/proc/{pid}/stat"))?))
        .collect()
}

#[cfg(target_os = "linux")]
fn ticks_in_a_second() -> f64 {
    rustix::param::clock_ticks_per_second() as f64
}

/// Only Linux counts in ticks here.
#[cfg(not(target_os = "linux"))]
fn ticks_in_a_second() -> f64 {
    100.0
}

/// The same from sysinfo, in milliseconds.
fn of_system() -> Vec<ProcessTimes> {
    let Ok(mut system) = System::new() else { return Vec::new() };
    let what = ProcessRefreshKind::nothing().with_cpu();
    system.refresh_processes_specifics(ProcessesToUpdate::All, true, what);
    let mut processes: Vec<ProcessTimes> = system
        .processes()
        .values()
        .filter(|process| process.thread_kind().is_none())
        .map(|process| ProcessTimes {
            pid: process.pid().as_u32(),
            parent: process.parent().map_or(0, sysinfo::Pid::as_u32),
            name: process.name().to_string_lossy().into_owned(),
            own: process.accumulated_cpu_time(),
            children: 0,
            started: process.start_time(),
        })
        .collect();
    processes.sort_by_key(|process| process.pid);
    processes
}

#[cfg(test)]
mod tests {
    use super::super::Recorded;
    use super::*;

    fn process(pid: u32, parent: u32, name: &str, own: u64, started: u64) -> ProcessTimes {
        ProcessTimes { pid, parent, name: name.to_owned(), own, children: 0, started }
    }

    #[test]
    fn what_is_used_meanwhile_is_added_up_by_name() {
        let first = [
            process(1, 0, "init", 900, 1),
            process(7, 1, "driftline", 50, 5),
            process(9, 1, "rustc", 1000, 6),
        ];
        let mut watch = ProcessWatch::start(7, &first);
        watch.look(&[
            process(1, 0, "init", 900, 1),
            process(7, 1, "driftline", 99, 5),
            process(8, 7, "driftline", 40, 9),
            process(9, 1, "rustc", 1040, 6),
            process(10, 9, "cc", 10, 9),
        ]);
        // Number 9 was given to another process.
        watch.look(&[process(1, 0, "init", 901, 1), process(9, 1, "rustc", 60, 20)]);
        let told = watch.consumers(100.0);
        let expected = [("rustc", vec![9], 1.0), ("cc", vec![10], 0.1), ("init", vec![1], 0.01)];
        assert_eq!(told.len(), expected.len());
        for (consumer, (name, pids, cpus)) in told.iter().zip(expected) {
            assert_eq!((consumer.name.as_str(), &consumer.pids), (name, &pids));
            assert!((consumer.cpus - cpus).abs() < 1e-12, "{consumer:?}");
        }
        assert!(!watch.names().contains("driftline") && watch.names().contains("init"));
    }

    #[test]
    fn the_pid_that_used_most_comes_first() {
        let mut watch = ProcessWatch::start(1, &[]);
        watch.look(&[process(5, 0, "x", 1, 0), process(4, 0, "x", 9, 0), process(6, 0, "x", 1, 0)]);
        assert_eq!(watch.consumers(10.0)[0].pids, [4, 5, 6]);
    }

    #[test]
    fn the_processes_of_a_recorded_system_are_read() {
        let files = Recorded::new(&[
            ("/proc/12/stat", "12 (sh) S 1 1 1 0 -1 0 0 0 0 0 3 4 0 0 20 0 1 0 5"),
            ("/proc/13/stat", "gone"),
            ("/proc/stat", "cpu 1 2 3 4"),
        ]);
        assert_eq!(of_proc(&files), [process(12, 1, "sh", 7, 5)]);
    }

    #[test]
    fn this_system_tells_of_this_process() {
        let own = std::process::id();
        let (processes, unit) = processes(&super::super::SystemFiles);
        assert!(processes.iter().any(|process| process.pid == own) && unit > 0.0);
        assert!(of_system().iter().any(|process| process.pid == own));
    }
}
