//! Whether memory is short.

use super::{Files, Finding};
use crate::procfs::counter;

/// Below this share of memory that is available the system begins to take pages from programs.
const LEAST_AVAILABLE: f64 = 0.1;

/// Kilobytes of memory.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Memory {
    total: u64,
    available: u64,
    swap_used: u64,
}

impl Memory {
    /// What `/proc/meminfo` says, else what sysinfo knows.
    pub(crate) fn read(files: &dyn Files) -> Option<Self> {
        match files.text("/proc/meminfo") {
            Some(text) => Self::parse(&text),
            None => Self::of_system(),
        }
    }

    fn parse(meminfo: &str) -> Option<Self> {
        let size = |key| counter(meminfo, key);
        Some(Self {
            total: size("MemTotal")?,
            available: size("MemAvailable")?,
            swap_used: size("SwapTotal")?.saturating_sub(size("SwapFree")?),
        })
    }

    fn of_system() -> Option<Self> {
        let mut system = sysinfo::System::new().ok()?;
        system.refresh_memory();
        let memory = Self {
            total: system.total_memory() / 1024,
            available: system.available_memory() / 1024,
            swap_used: system.used_swap() / 1024,
        };
        (memory.total > 0).then_some(memory)
    }
}

/// Swapping while it was watched, swap in use, and memory that is left.
pub(crate) fn swap(memory: Option<Memory>, swapped_kilobytes: Option<f64>) -> Finding {
    let megabytes = |kilobytes: f64| format!("{:.1} MB", kilobytes / 1024.0);
    if let Some(swapped) = swapped_kilobytes.filter(|&size| size > 0.0) {
        return Finding::problem(
            "swap",
            format!("{} swapped in and out meanwhile", megabytes(swapped)),
        )
        .figure("swapped_kilobytes", swapped)
        .cost("a benchmark that waits for a page of memory waits for the disk")
        .mend("end what uses the memory; this lists the largest first:")
        .command("ps axo rss,pid,comm --sort -rss | head");
    }
    let Some(memory) = memory else { return Finding::unknown("swap") };
    let available = memory.available as f64 / memory.total as f64;
    let used = memory.swap_used as f64;
    let finding = if available < LEAST_AVAILABLE {
        let left = (available * 100.0).floor();
        Finding::note("swap", format!("only {left} % of the memory is available"))
            .cost("the next program that needs memory makes the system swap or drop its caches")
            .mend("end what uses the memory; this lists the largest first:")
            .command("ps axo rss,pid,comm --sort -rss | head")
    } else if used > 0.0 {
        Finding::ok(
            "swap",
            format!("{} in use, and nothing was swapped meanwhile", megabytes(used)),
        )
    } else {
        Finding::ok("swap", "none in use")
    };
    finding.figure("swap_used_kilobytes", used).figure("memory_available", available)
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    fn memory(available: u64, swap_free: u64) -> Option<Memory> {
        let text = format!(
            "MemTotal:        8000000 kB\nMemFree: 5 kB\nMemAvailable:    {available} kB\n\
             SwapCached:            0 kB\nSwapTotal:       2048000 kB\nSwapFree: {swap_free} kB\n"
        );
        Memory::read(&Recorded::new(&[("/proc/meminfo", &text)]))
    }

    #[test]
    fn each_state_is_told() {
        let calm = swap(memory(4_000_000, 2_048_000), Some(0.0));
        assert_eq!((calm.severity, calm.found.as_str()), (Severity::Ok, "none in use"));
        let used = swap(memory(4_000_000, 2_045_440), None);
        assert_eq!(used.severity, Severity::Ok);
        assert_eq!(used.found, "2.5 MB in use, and nothing was swapped meanwhile");
        let short = swap(memory(400_000, 2_048_000), Some(0.0));
        assert_eq!(short.severity, Severity::Note);
        assert_eq!(short.found, "only 5 % of the memory is available");
        let swapping = swap(memory(4_000_000, 0), Some(3072.0));
        assert_eq!(swapping.severity, Severity::Problem);
        assert_eq!(swapping.found, "3.0 MB swapped in and out meanwhile");
        assert_eq!(swap(None, None).severity, Severity::Unknown);
        let torn = Recorded::new(&[("/proc/meminfo", "MemTotal: 5 kB\n")]);
        assert_eq!(Memory::read(&torn), None);
    }

    #[test]
    fn without_a_text_the_system_is_asked() {
        assert!(Memory::read(&Recorded::default()).is_some_and(|memory| memory.total > 0));
    }
}
