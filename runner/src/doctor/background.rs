use std::collections::BTreeSet;

use super::{Consumer, Finding};

/// How many processors such a program must keep busy to matter at once.
const FELT_CPUS: f64 = 0.02;

/// A program that works whenever it likes.
struct Program {
    /// How its name begins; Linux cuts names to 15 bytes.
    prefix: &'static str,
    does: &'static str,
    command: Option<&'static str>,
}

const PROGRAMS: [Program; 18] = [
    indexer("tracker-miner", Some("systemctl --user mask --now tracker-miner-fs-3.service")),
    indexer("localsearch", Some("systemctl --user mask --now localsearch-3.service")),
    indexer("baloo_file", Some("balooctl6 disable")),
    indexer("baloorunner", Some("balooctl6 disable")),
    indexer("updatedb", Some("sudo systemctl disable --now plocate-updatedb.timer")),
    indexer("recollindex", None),
    indexer("mds", Some("sudo mdutil -a -i off")),
    indexer("mdworker", Some("sudo mdutil -a -i off")),
    indexer("SearchIndexer", Some("sc stop WSearch")),
    updater("unattended-upgr", Some("sudo systemctl stop unattended-upgrades.service")),
    updater("packagekitd", Some("sudo systemctl stop packagekit.service")),
    updater("apt", None),
    updater("dpkg", None),
    updater("dnf", None),
    updater("snapd", Some("sudo systemctl stop snapd.service snapd.socket")),
    updater("TiWorker", None),
    scanner("clamscan"),
    scanner("MsMpEng"),
];

const fn indexer(prefix: &'static str, command: Option<&'static str>) -> Program {
    Program { prefix, does: "indexes files", command }
}

const fn updater(prefix: &'static str, command: Option<&'static str>) -> Program {
    Program { prefix, does: "installs or updates software", command }
}

const fn scanner(prefix: &'static str) -> Program {
    Program { prefix, does: "scans files for viruses", command: None }
}

impl Program {
    /// Whether a process of that name is this program: its name, or the beginning of it up to
    /// something that is no letter (`apt-get`, `updatedb.ploc`, `SearchIndexer.exe`).
    fn is(&self, name: &str) -> bool {
        name.strip_prefix(self.prefix)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_ascii_alphanumeric()))
    }
}

/// Programs that begin to work by themselves, while benchmarks run too.
pub(crate) fn programs(names: &BTreeSet<String>, consumers: &[Consumer]) -> Finding {
    let found: Vec<(&String, &Program)> = names
        .iter()
        .filter_map(|name| PROGRAMS.iter().find(|program| program.is(name)).map(|p| (name, p)))
        .collect();
    if found.is_empty() {
        // Where nothing was seen at all, the system did not let us look.
        return if names.is_empty() {
            Finding::unknown("background")
        } else {
            Finding::ok("background", "no indexer or updater runs")
        };
    }
    let cpus = |name: &str| consumers.iter().find(|c| c.name == name).map_or(0.0, |c| c.cpus);
    let used: f64 = found.iter().map(|(name, _)| cpus(name)).sum();
    let told: Vec<String> = found
        .iter()
        .map(|(name, program)| match cpus(name) {
            cpus if cpus >= FELT_CPUS => {
                format!("{name} ({}) keeps {cpus:.2} processors busy", program.does)
            }
            _ => format!("{name} ({}) is idle", program.does),
        })
        .collect();
    let told = told.join(", ");
    let finding = if used >= FELT_CPUS {
        Finding::problem("background", told)
            .cost("it takes processors, caches and the disk from the benchmarks")
    } else {
        Finding::note("background", told)
            .cost("it may begin to work while you measure, and then stop again")
    };
    let finding =
        finding.figure("cpus", used).mend("wait until it is done, or stop it while you measure");
    let mut commands: Vec<&str> = found.iter().filter_map(|(_, program)| program.command).collect();
    commands.dedup();
    commands.into_iter().fold(finding, Finding::command)
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn told(names: &[&str], consumers: &[(&str, f64)]) -> Finding {
        let names = names.iter().map(|&name| name.to_owned()).collect();
        let consumers: Vec<Consumer> = consumers
            .iter()
            .map(|&(name, cpus)| Consumer { name: name.to_owned(), pids: vec![1], cpus })
            .collect();
        programs(&names, &consumers)
    }

    #[test]
    fn programs_are_known_by_the_beginning_of_their_names() {
        for name in
            ["tracker-miner-f", "updatedb.ploc", "apt-get", "mds_stores", "SearchIndexer.exe"]
        {
            assert_eq!(told(&["bash", name], &[]).severity, Severity::Note, "{name}");
        }
        for name in ["apt2", "aptitude", "mdsomething", "bash", "my-apt"] {
            assert_eq!(told(&[name], &[]).severity, Severity::Ok, "{name}");
        }
        assert_eq!(told(&[], &[]).severity, Severity::Unknown);
    }

    #[test]
    fn one_that_works_is_a_problem() {
        let finding = told(&["bash", "baloo_file", "packagekitd"], &[("baloo_file", 0.4)]);
        assert_eq!(finding.severity, Severity::Problem);
        assert_eq!(
            finding.found,
            "baloo_file (indexes files) keeps 0.40 processors busy, packagekitd (installs or \
             updates software) is idle"
        );
        let commands = ["balooctl6 disable", "sudo systemctl stop packagekit.service"];
        assert_eq!(finding.commands, commands);
    }
}
