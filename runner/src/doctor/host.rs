use super::{Finding, Spread};

/// Above this share the host's other guests are felt in every sample of a second.
const TOO_MUCH_STEAL: f64 = 0.01;

/// Whether this is a virtual machine, and how much of its time the host gave to others.
pub(crate) fn virtualisation(
    virtualisation: Option<&str>,
    steal: Option<f64>,
    spread: &Spread,
) -> Finding {
    let stolen = steal.map(|steal| format!("the host took {:.1} % of its time", steal * 100.0));
    let finding = match (virtualisation, steal) {
        (_, Some(steal)) if steal > TOO_MUCH_STEAL => {
            let machine = virtualisation.unwrap_or("a virtual machine");
            Finding::problem("host", format!("{machine}: {}", stolen.unwrap_or_default()))
                .cost(
                    spread
                        .said()
                        .unwrap_or_else(|| "what is stolen counts as the benchmark's time".into()),
                )
                .mend("measure on a machine of your own, or on one with processors to itself")
        }
        (None, _) => return Finding::unknown("host"),
        (Some("none"), _) => Finding::ok("host", "no virtual machine"),
        (Some(machine), _) => {
            let stolen = stolen.map(|stolen| format!(": {stolen} meanwhile")).unwrap_or_default();
            Finding::note("host", format!("virtualised ({machine}){stolen}"))
                .cost("the host's other guests share caches, memory and clock, unseen from here")
                .fine("launches agree all the same: see the table below")
        }
    };
    steal.into_iter().fold(finding, |finding, steal| finding.figure("steal", steal))
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    #[test]
    fn each_state_is_told() {
        let told = |machine: Option<&str>, steal| {
            let finding = virtualisation(machine, steal, &Spread::default());
            (finding.severity, finding.found)
        };
        assert_eq!(told(Some("none"), Some(0.0)), (Severity::Ok, "no virtual machine".into()));
        let calm = "virtualised (kvm): the host took 0.1 % of its time meanwhile".to_owned();
        assert_eq!(told(Some("kvm"), Some(0.001)), (Severity::Note, calm));
        let robbed = "kvm: the host took 3.0 % of its time".to_owned();
        assert_eq!(told(Some("kvm"), Some(0.03)), (Severity::Problem, robbed));
        assert_eq!(told(Some("docker"), None).1, "virtualised (docker)");
        assert_eq!(told(None, None).0, Severity::Unknown);
    }
}
