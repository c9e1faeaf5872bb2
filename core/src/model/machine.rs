use serde::{Deserialize, Serialize};

/// Where a run was made. Runs of machines with different fingerprints are never compared silently.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Machine {
    /// A name given to it, where an imported file names machines instead of describing them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The processor's model.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cpu: Option<String>,
    /// How many logical processors the process may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cores: Option<u64>,
    /// Memory in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memory_bytes: Option<u64>,
    /// The operating system, with its version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub os: Option<String>,
    /// The kernel's version. Recorded, but no part of the fingerprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel: Option<String>,
    /// The processor's architecture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub architecture: Option<String>,
    /// What virtualises it (`none` on bare metal), where that can be told.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub virtualisation: Option<String>,
    /// The frequency governor of its first processor, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub governor: Option<String>,
}

impl Machine {
    /// The parts that make a machine another one, each with its name. Memory counts in whole GiB:
    /// virtual machines of one kind differ by a few pages.
    fn identity(&self) -> [(&'static str, Option<String>); 8] {
        const GIB: u64 = 1 << 30;
        [
            ("name", self.name.clone()),
            ("cpu", self.cpu.clone()),
            ("cores", self.cores.map(|n| n.to_string())),
            ("memory", self.memory_bytes.map(|b| format!("{} GiB", (b + GIB / 2) / GIB))),
            ("os", self.os.clone()),
            ("architecture", self.architecture.clone()),
            ("virtualisation", self.virtualisation.clone()),
            ("governor", self.governor.clone()),
        ]
    }

    /// A short name for what makes this machine what it is: its given name, or 12 hexadecimal
    /// digits of a hash over processor, cores, memory, system, architecture, virtualisation and
    /// governor.
    pub fn fingerprint(&self) -> String {
        if let Some(name) = &self.name {
            return name.clone();
        }
        let mut text = String::new();
        for (name, value) in self.identity() {
            if let Some(value) = value {
                text.push_str(name);
                text.push('=');
                text.push_str(&value);
                text.push('\n');
            }
        }
        format!("{:016x}", crate::stats::fnv1a(text.as_bytes())).chars().take(12).collect()
    }

    /// What tells `self` from `other`: the part's name and its two values.
    pub fn differences(&self, other: &Self) -> Vec<(&'static str, String, String)> {
        let shown = |value: Option<String>| value.unwrap_or_else(|| "unknown".to_owned());
        self.identity()
            .into_iter()
            .zip(other.identity())
            .filter(|((_, a), (_, b))| a != b)
            .map(|((name, a), (_, b))| (name, shown(a), shown(b)))
            .collect()
    }

    /// One line for people: `AMD EPYC, 2 cores, 24 GiB, Debian 12, x86_64, kvm`.
    pub fn describe(&self) -> String {
        let mut parts = Vec::new();
        for (name, value) in self.identity() {
            match (name, value) {
                (_, None) => {}
                ("cores", Some(n)) => parts.push(format!("{n} cores")),
                ("governor", Some(g)) => parts.push(format!("governor {g}")),
                ("virtualisation", Some(v)) if v == "none" => {}
                (_, Some(value)) => parts.push(value),
            }
        }
        if parts.is_empty() { "unknown machine".to_owned() } else { parts.join(", ") }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn machine() -> Machine {
        Machine {
            cpu: Some("AMD EPYC".into()),
            cores: Some(2),
            memory_bytes: Some(25_178_000_000),
            kernel: Some("6.1.0".into()),
            ..Machine::default()
        }
    }

    #[test]
    fn a_new_kernel_or_a_few_pages_make_no_other_machine() {
        let mut other = machine();
        other.kernel = Some("6.2.0".into());
        other.memory_bytes = Some(25_177_000_000);
        assert_eq!(machine().fingerprint(), other.fingerprint());
        assert!(machine().differences(&other).is_empty());
    }

    #[test]
    fn another_processor_does() {
        let other = Machine { cpu: Some("Intel".into()), ..machine() };
        assert_ne!(machine().fingerprint(), other.fingerprint());
        assert_eq!(
            machine().differences(&other),
            [("cpu", "AMD EPYC".to_owned(), "Intel".to_owned())]
        );
        assert_eq!(machine().describe(), "AMD EPYC, 2 cores, 23 GiB");
    }

    #[test]
    fn a_given_name_is_the_fingerprint() {
        let named = Machine { name: Some("ci-1".into()), ..Machine::default() };
        assert_eq!(named.fingerprint(), "ci-1");
    }
}
