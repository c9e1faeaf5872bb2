use std::fs::{self, File};
use std::io::Read;
use std::path::Path;

/// What the system says that bears on virtualisation; none where it does not say it.
#[derive(Debug, Clone, Default)]
struct Signs {
    /// The beginning of `/proc/cpuinfo`: the first processor.
    cpuinfo: Option<String>,
    /// The firmware's maker of the machine.
    vendor: Option<String>,
    /// The firmware's name of the machine.
    product: Option<String>,
    /// The kernel's release.
    kernel: Option<String>,
    /// The container runtime whose mark was found.
    container: Option<&'static str>,
}

/// Names that stand in vendor or product, and what they are the mark of.
const MAKERS: [(&str, &str); 11] = [
    ("KVM", "kvm"),
    ("QEMU", "kvm"),
    ("VMware", "vmware"),
    ("VirtualBox", "virtualbox"),
    ("innotek", "virtualbox"),
    ("Xen", "xen"),
    ("Virtual Machine", "hyper-v"),
    ("Amazon EC2", "amazon"),
    ("Google Compute Engine", "google"),
    ("Parallels", "parallels"),
    ("Apple Virtualization", "apple"),
];

/// What virtualises this machine: `none`, `kvm`, `kvm, docker`…; none where that cannot be told.
pub(super) fn detect() -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let read = |path: &str| fs::read_to_string(path).ok();
    let exists = |path: &str| Path::new(path).exists();
    name(&Signs {
        cpuinfo: first_processor(),
        vendor: read("/sys/class/dmi/id/sys_vendor"),
        product: read("/sys/class/dmi/id/product_name"),
        kernel: read("/proc/sys/kernel/osrelease"),
        container: if exists("/.dockerenv") {
            Some("docker")
        } else if exists("/run/.containerenv") {
            Some("podman")
        } else {
            None
        },
    })
}

/// The kernel makes `/proc/cpuinfo` up while it is read, processor by processor: one is enough.
fn first_processor() -> Option<String> {
    const ONE_PROCESSOR: u64 = 8 << 10; // on x86 an entry is 1.5 KiB, most of it flags
    let mut bytes = Vec::new();
    File::open("/proc/cpuinfo").ok()?.take(ONE_PROCESSOR).read_to_end(&mut bytes).ok()?;
    Some(String::from_utf8_lossy(&bytes).into_owned())
}

fn name(signs: &Signs) -> Option<String> {
    let machine = machine_name(signs);
    match (machine, signs.container) {
        (Some("none") | None, Some(container)) => Some(container.to_owned()),
        (Some(machine), Some(container)) => Some(format!("{machine}, {container}")),
        (machine, None) => machine.map(str::to_owned),
    }
}

fn machine_name(signs: &Signs) -> Option<&'static str> {
    let firmware = [&signs.vendor, &signs.product].map(|text| text.as_deref().unwrap_or_default());
    let maker = MAKERS.iter().find(|(mark, _)| firmware.iter().any(|text| text.contains(mark)));
    let flags = signs.cpuinfo.as_deref().and_then(flags);
    let virtual_processor = flags.map(|flags| flags.split_whitespace().any(|f| f == "hypervisor"));
    if signs.kernel.as_deref().is_some_and(|release| release.to_lowercase().contains("microsoft")) {
        return Some("wsl");
    }
    match (virtual_processor, maker) {
        // On bare metal in the cloud the firmware has the cloud's name, and the processor no flag.
        (Some(false), _) => Some("none"),
        (_, Some((_, name))) => Some(name),
        (Some(true), None) => Some("vm"),
        (None, None) => None,
    }
}

/// The processor's flags; only x86 lists them under that name.
fn flags(cpuinfo: &str) -> Option<&str> {
    let line = cpuinfo.lines().find(|line| line.starts_with("flags"))?;
    line.split_once(':').map(|(_, flags)| flags)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(flags: Option<&str>, vendor: &str, product: &str) -> Option<String> {
        name(&Signs {
            cpuinfo: flags.map(|flags| format!("processor\t: 0\nflags\t\t: {flags}\nbugs\t: \n")),
            vendor: Some(vendor.to_owned()),
            product: Some(product.to_owned()),
            ..Signs::default()
        })
    }

    #[test]
    fn the_flag_decides_and_the_firmware_names() {
        assert_eq!(told(Some("fpu sse2"), "LENOVO", "20XW").as_deref(), Some("none"));
        assert_eq!(told(Some("fpu"), "Amazon EC2", "m5.metal").as_deref(), Some("none"));
        assert_eq!(told(Some("fpu hypervisor"), "QEMU", "").as_deref(), Some("kvm"));
        assert_eq!(told(Some("hypervisor"), "Amazon EC2", "m5.large").as_deref(), Some("amazon"));
        let azure = told(Some("hypervisor"), "Microsoft Corporation", "Virtual Machine\n");
        assert_eq!(azure.as_deref(), Some("hyper-v"));
        assert_eq!(told(Some("fpu hypervisor"), "", "").as_deref(), Some("vm"));
    }

    #[test]
    fn without_flags_only_the_firmware_can_tell() {
        assert_eq!(told(None, "Amazon EC2", "m7g.large").as_deref(), Some("amazon"));
        assert_eq!(told(None, "Raspberry Pi", ""), None);
        assert_eq!(name(&Signs::default()), None);
    }

    #[test]
    fn containers_and_wsl_are_named() {
        let container = |flags: &str| Signs {
            cpuinfo: Some(format!("flags : {flags}")),
            container: Some("docker"),
            ..Signs::default()
        };
        assert_eq!(name(&container("hypervisor")).as_deref(), Some("vm, docker"));
        assert_eq!(name(&container("fpu")).as_deref(), Some("docker"));
        let kernel = Some("6.6.87.2-microsoft-standard-WSL2\n".to_owned());
        assert_eq!(name(&Signs { kernel, ..Signs::default() }).as_deref(), Some("wsl"));
    }
}
