//! What sets the processors' clock: governor and boost.

use super::{Files, Finding};

/// The frequency governor of each processor.
pub(crate) fn governor(files: &dyn Files) -> Finding {
    const DIRECTORY: &str = "/sys/devices/system/cpu/cpufreq";
    let mut governors: Vec<String> = files
        .names(DIRECTORY)
        .into_iter()
        .filter(|name| name.starts_with("policy"))
        .filter_map(|name| files.text(&format!("{DIRECTORY}/{name}/scaling_governor")))
        .collect();
    governors.sort_unstable();
    governors.dedup();
    let names = governors.join(", ");
    match governors.iter().find(|governor| governor.as_str() != "performance") {
        None if governors.is_empty() => Finding::unknown("governor"),
        None => Finding::ok("governor", names),
        Some(_) => Finding::note("governor", format!("{names}: the clock follows the load"))
            .cost("the first milliseconds of a benchmark run slower, and the clock differs between rounds")
            .mend("let the processors run at full clock until the next start:")
            .command("sudo cpupower frequency-set -g performance"),
    }
}

/// Whether the processors may run above their nominal clock.
pub(crate) fn boost(files: &dyn Files) -> Finding {
    const INTEL: &str = "/sys/devices/system/cpu/intel_pstate/no_turbo";
    const OTHER: &str = "/sys/devices/system/cpu/cpufreq/boost";
    // Intel's file says the opposite of the other one.
    let (on, off_command) = match (files.number(INTEL), files.number(OTHER)) {
        (Some(off), _) => (off == 0, format!("echo 1 | sudo tee {INTEL}")),
        (None, Some(on)) => (on != 0, format!("echo 0 | sudo tee {OTHER}")),
        (None, None) => return Finding::unknown("boost"),
    };
    if !on {
        return Finding::ok("boost", "off: the clock stays at its nominal rate");
    }
    Finding::note("boost", "on: the clock depends on temperature and on what the other cores do")
        .cost("the same code is slower on a warm machine than on a cold one")
        .mend("switch it off until the next start:")
        .command(off_command)
        .fine("you compare runs on a well-cooled machine on which nothing else runs")
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    #[test]
    fn the_governor_of_every_processor_counts() {
        let of = |governors: [&str; 2]| {
            governor(&Recorded::new(&[
                ("/sys/devices/system/cpu/cpufreq/policy0/scaling_governor", governors[0]),
                ("/sys/devices/system/cpu/cpufreq/policy1/scaling_governor", governors[1]),
                ("/sys/devices/system/cpu/cpufreq/boost", "1"),
            ]))
        };
        let fine = of(["performance\n", "performance\n"]);
        assert_eq!((fine.severity, fine.found.as_str()), (Severity::Ok, "performance"));
        let mixed = of(["performance\n", "schedutil\n"]);
        assert_eq!(mixed.severity, Severity::Note);
        assert!(mixed.found.starts_with("performance, schedutil:"), "{mixed:?}");
        assert_eq!(mixed.commands, ["sudo cpupower frequency-set -g performance"]);
        assert_eq!(governor(&Recorded::default()).severity, Severity::Unknown);
    }

    #[test]
    fn both_files_of_boost_are_understood() {
        let told = |file: &str, text: &str| boost(&Recorded::new(&[(file, text)]));
        let intel = "/sys/devices/system/cpu/intel_pstate/no_turbo";
        let other = "/sys/devices/system/cpu/cpufreq/boost";
        assert_eq!(told(intel, "1\n").severity, Severity::Ok);
        assert_eq!(told(other, "0\n").severity, Severity::Ok);
        assert_eq!(told(intel, "0\n").commands, [format!("echo 1 | sudo tee {intel}")]);
        assert_eq!(told(other, "1\n").commands, [format!("echo 0 | sudo tee {other}")]);
        assert_eq!(told(other, "?").severity, Severity::Unknown);
    }
}
