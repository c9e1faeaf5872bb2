use super::{Files, Finding};

/// Whether each launch gets another layout of memory.
pub(crate) fn randomisation(files: &dyn Files) -> Finding {
    match files.number("/proc/sys/kernel/randomize_va_space") {
        None => Finding::unknown("aslr"),
        Some(0) => Finding::ok("aslr", "off: every launch has the same layout of memory")
            .fine("that hides how much the layout matters: another build has another one"),
        Some(_) => Finding::note("aslr", "on: every launch gets another layout of memory")
            .cost("launches differ by how code and data fall into caches")
            .mend("switch it off for one run:")
            .command("setarch -R driftline run")
            .fine("you measure in several rounds: they average over the layouts"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    #[test]
    fn each_setting_is_told() {
        let set = |text: &str| {
            randomisation(&Recorded::new(&[("/proc/sys/kernel/randomize_va_space", text)])).severity
        };
        assert_eq!(
            [set("0\n"), set("1\n"), set("2\n")],
            [Severity::Ok, Severity::Note, Severity::Note]
        );
        assert_eq!(randomisation(&Recorded::default()).severity, Severity::Unknown);
    }
}
