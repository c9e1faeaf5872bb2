use super::{Files, Finding};

/// Whether the machine runs on its battery.
pub(crate) fn supply(files: &dyn Files) -> Finding {
    const DIRECTORY: &str = "/sys/class/power_supply";
    let supplies = files.names(DIRECTORY);
    let text = |name: &str, file: &str| files.text(&format!("{DIRECTORY}/{name}/{file}"));
    let (mut mains, mut battery) = (None, None);
    for name in &supplies {
        match text(name, "type").as_deref() {
            Some("Mains" | "USB") => {
                let online = text(name, "online").is_some_and(|text| text != "0");
                mains = Some(mains.unwrap_or(false) || online);
            }
            // A mouse has a battery, too: its scope is its device.
            Some("Battery") if text(name, "scope").as_deref() != Some("Device") => {
                battery = battery.or_else(|| text(name, "status"));
            }
            _ => {}
        }
    }
    match (battery.as_deref(), mains) {
        (Some("Discharging"), _) | (Some(_), Some(false)) => {
            Finding::problem("power", "on battery")
                .cost("the processors are held back to save energy, the more the emptier it is")
                .mend("plug the machine in")
        }
        (Some(_), _) => Finding::ok("power", "plugged in"),
        (None, Some(_)) => Finding::ok("power", "no battery"),
        // The directory is there without any supply: a server or a virtual machine.
        (None, None) if files.names("/sys/class").iter().any(|name| name == "power_supply") => {
            Finding::ok("power", "no battery")
        }
        (None, None) => Finding::unknown("power"),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    fn laptop(online: &str, status: &str) -> Finding {
        supply(&Recorded::new(&[
            ("/sys/class/power_supply/AC/type", "Mains\n"),
            ("/sys/class/power_supply/AC/online", online),
            ("/sys/class/power_supply/BAT0/type", "Battery\n"),
            ("/sys/class/power_supply/BAT0/status", status),
            ("/sys/class/power_supply/hidpp_battery_0/type", "Battery\n"),
            ("/sys/class/power_supply/hidpp_battery_0/scope", "Device\n"),
            ("/sys/class/power_supply/hidpp_battery_0/status", "Discharging\n"),
        ]))
    }

    #[test]
    fn each_state_is_told() {
        assert_eq!(laptop("1\n", "Full\n").severity, Severity::Ok);
        assert_eq!(laptop("0\n", "Discharging\n").severity, Severity::Problem);
        assert_eq!(laptop("0\n", "Not charging\n").severity, Severity::Problem);
        // Plugged in, and the supply is too weak.
        assert_eq!(laptop("1\n", "Discharging\n").severity, Severity::Problem);
        let server = Recorded::new(&[("/sys/class/power_supply/", "")]);
        assert_eq!(supply(&server).found, "no battery");
        assert_eq!(supply(&Recorded::default()).severity, Severity::Unknown);
    }
}
