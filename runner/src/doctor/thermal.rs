//! Whether the processors slow down because they are hot.

use super::{Files, Finding};

/// From here on processors of today begin to lower their clock (°C).
const HOT: f64 = 90.0;

/// How hot it is, and how often that has slowed a core down.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Heat {
    /// How often, all cores together, since the start of the system.
    throttled: Option<u64>,
    /// The hottest sensor, in °C.
    celsius: Option<f64>,
}

impl Heat {
    pub(crate) fn read(files: &dyn Files) -> Self {
        const PROCESSORS: &str = "/sys/devices/system/cpu";
        const ZONES: &str = "/sys/class/thermal";
        let counts: Vec<u64> = files
            .names(PROCESSORS)
            .iter()
            .filter(|name| name.starts_with("cpu"))
            .filter_map(|name| {
                let path = format!("{PROCESSORS}/{name}/thermal_throttle/core_throttle_count");
                files.number(&path).and_then(|count| u64::try_from(count).ok())
            })
            .collect();
        let celsius = files
            .names(ZONES)
            .iter()
            .filter(|name| name.starts_with("thermal_zone"))
            .filter_map(|name| files.number(&format!("{ZONES}/{name}/temp")))
            .max()
            .map(|thousandths| thousandths as f64 / 1000.0);
        Self { throttled: (!counts.is_empty()).then(|| counts.iter().sum()), celsius }
    }
}

/// Throttling while it was watched, throttling before, and the temperature.
pub(crate) fn limits(before: &Heat, after: &Heat) -> Finding {
    let hot = before.celsius.into_iter().chain(after.celsius).reduce(f64::max);
    let meanwhile = before.throttled.zip(after.throttled).map(|(b, a)| a.saturating_sub(b));
    let temperature = hot.map(|celsius| format!("{celsius:.0} °C"));
    let at = temperature.as_ref().map(|text| format!(", at {text}")).unwrap_or_default();
    let too_hot = |found: String, problem: bool| {
        let severity = if problem { Finding::problem } else { Finding::note };
        severity("thermal", found)
            .cost("a hot processor lowers its clock: what runs later is slower")
            .mend("let it cool: free its vents, stop other work, measure in several short runs")
    };
    let finding = match (meanwhile, after.throttled, hot) {
        (Some(times), _, _) if times > 0 => {
            too_hot(format!("cores were slowed down {times} times meanwhile{at}"), true)
        }
        (_, _, Some(celsius)) if celsius >= HOT => too_hot(format!("{celsius:.0} °C"), false),
        (_, Some(times), _) if times > 0 => {
            too_hot(format!("cores were slowed down {times} times since the start{at}"), false)
                .fine("that was not while you measured")
        }
        (_, None, None) => return Finding::unknown("thermal"),
        (_, Some(_), _) => Finding::ok("thermal", format!("no core was slowed down{at}")),
        (_, None, Some(_)) => Finding::ok("thermal", temperature.unwrap_or_default()),
    };
    let finding = hot.into_iter().fold(finding, |finding, hot| finding.figure("celsius", hot));
    meanwhile.into_iter().fold(finding, |f, times| f.figure("throttled", times as f64))
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    fn heat(throttled: [&str; 2], temperature: &str) -> Heat {
        Heat::read(&Recorded::new(&[
            ("/sys/devices/system/cpu/cpu0/thermal_throttle/core_throttle_count", throttled[0]),
            ("/sys/devices/system/cpu/cpu1/thermal_throttle/core_throttle_count", throttled[1]),
            ("/sys/devices/system/cpu/cpufreq/boost", "1"),
            ("/sys/class/thermal/cooling_device0/type", "Processor"),
            ("/sys/class/thermal/thermal_zone0/temp", temperature),
            ("/sys/class/thermal/thermal_zone1/temp", "-274000\n"),
        ]))
    }

    #[test]
    fn all_cores_and_the_hottest_sensor_count() {
        let read = heat(["3\n", "4\n"], "61000\n");
        assert_eq!(read, Heat { throttled: Some(7), celsius: Some(61.0) });
        let nothing = Heat::read(&Recorded::default());
        assert_eq!(nothing, Heat::default());
        assert_eq!(limits(&nothing, &nothing).severity, Severity::Unknown);
    }

    #[test]
    fn each_state_is_told() {
        let told = |before: &Heat, after: &Heat| {
            let finding = limits(before, after);
            (finding.severity, finding.found)
        };
        let cool = heat(["0", "0"], "61000");
        assert_eq!(told(&cool, &cool), (Severity::Ok, "no core was slowed down, at 61 °C".into()));
        let once = heat(["2", "0"], "61000");
        assert_eq!(told(&once, &once).0, Severity::Note);
        let now = "cores were slowed down 2 times meanwhile, at 61 °C".to_owned();
        assert_eq!(told(&cool, &once), (Severity::Problem, now));
        let hot = heat(["", ""], "95000");
        assert_eq!(told(&cool, &hot), (Severity::Note, "95 °C".into()));
        let warm = heat(["", ""], "50000");
        assert_eq!(told(&warm, &warm), (Severity::Ok, "50 °C".into()));
    }
}
