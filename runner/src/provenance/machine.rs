use std::fs;
use std::thread;

use driftline_core::model::Machine;
use sysinfo::{CpuRefreshKind, MemoryRefreshKind, System};

use super::virtualisation;

/// Where the frequency governor of the first processor stands on Linux.
const GOVERNOR: &str = "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor";

/// The machine this process runs on, as far as it can be told. Takes a few milliseconds: nothing is
/// measured, so nothing is waited for.
pub(crate) fn machine() -> Machine {
    let (cpu, memory_bytes) = hardware();
    let os: Vec<String> =
        [System::name(), System::os_version()].into_iter().filter_map(Result::ok).collect();
    Machine {
        name: None,
        cpu,
        cores: thread::available_parallelism().ok().map(|n| n.get() as u64),
        memory_bytes,
        os: told(&os.join(" ")),
        kernel: System::kernel_version().ok().and_then(|version| told(&version)),
        architecture: told(std::env::consts::ARCH),
        virtualisation: virtualisation::detect(),
        governor: fs::read_to_string(GOVERNOR).ok().and_then(|governor| told(&governor)),
    }
}

/// The processor's model, and the memory in bytes.
fn hardware() -> (Option<String>, Option<u64>) {
    let Ok(mut system) = System::new() else { return (None, None) };
    // Neither load nor frequency: those are measured over an interval.
    system.refresh_cpu_list(CpuRefreshKind::nothing());
    system.refresh_memory_specifics(MemoryRefreshKind::nothing().with_ram());
    let cpu = system.cpus().first().and_then(|cpu| told(cpu.brand()));
    (cpu, Some(system.total_memory()).filter(|&bytes| bytes > 0))
}

/// The text with its white space made single blanks, or none when there is no text.
fn told(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_is_told_and_stays_the_same() {
        let machine = machine();
        assert!(machine.cores.is_some_and(|cores| cores > 0));
        assert!(machine.memory_bytes.is_some_and(|bytes| bytes > 1 << 20));
        assert_eq!(machine.architecture.as_deref(), Some(std::env::consts::ARCH));
        assert!(machine.os.is_some());
        assert_eq!(machine.fingerprint(), super::machine().fingerprint());
    }

    #[test]
    fn blanks_are_not_told() {
        assert_eq!(told("  Intel(R)   Xeon\n").as_deref(), Some("Intel(R) Xeon"));
        assert_eq!(told(" \n"), None);
    }
}
