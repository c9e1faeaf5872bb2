//! How many processors there are, and whether two of them share a core.

use super::{Files, Finding};

/// From so many processors on, the system's own work finds another one than the benchmark's.
const ENOUGH: usize = 4;

/// How many processors this process may use.
pub(crate) fn count(available: Option<usize>) -> Finding {
    let Some(available) = available else { return Finding::unknown("processors") };
    let finding = match available {
        1 => Finding::problem("processors", "1: whatever else runs interrupts the benchmarks")
            .cost("each interruption makes one sample longer, often by milliseconds")
            .mend("measure on a machine with at least 2, and let nothing else run"),
        few if few < ENOUGH => {
            Finding::note("processors", format!("{few} for the benchmarks and all else"))
                .cost("a single busy program beside the benchmarks is felt")
                .fine("nothing else runs while you measure")
        }
        enough => Finding::ok("processors", format!("{enough} to use")),
    };
    finding.figure("processors", available as f64)
}

/// Whether two logical processors share a core.
pub(crate) fn simultaneous_multithreading(files: &dyn Files) -> Finding {
    match files.number("/sys/devices/system/cpu/smt/active") {
        None => Finding::unknown("smt"),
        Some(0) => Finding::ok("smt", "no two processors share a core"),
        Some(_) => Finding::note("smt", "on: two processors share each core")
            .cost("whatever runs on the sibling slows a benchmark down, by up to a half")
            .mend("switch it off until the next start:")
            .command("echo off | sudo tee /sys/devices/system/cpu/smt/control")
            .fine("most processors are idle while you measure"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    #[test]
    fn few_processors_are_told() {
        let severity = |available| count(available).severity;
        assert_eq!(severity(Some(1)), Severity::Problem);
        assert_eq!(severity(Some(2)), Severity::Note);
        assert_eq!(severity(Some(16)), Severity::Ok);
        assert_eq!(severity(None), Severity::Unknown);
        assert_eq!(count(Some(2)).figures["processors"].to_string(), "2");
    }

    #[test]
    fn shared_cores_are_told() {
        let active = |text: &str| {
            let files = Recorded::new(&[("/sys/devices/system/cpu/smt/active", text)]);
            simultaneous_multithreading(&files).severity
        };
        assert_eq!(active("0\n"), Severity::Ok);
        assert_eq!(active("1\n"), Severity::Note);
        assert_eq!(active(""), Severity::Unknown);
    }
}
