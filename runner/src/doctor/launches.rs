//! The machine measures itself: this program is started several times to do the same work.

use std::ffi::OsString;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use driftline_core::compare::Confidence;
use driftline_core::stats::{least_significant_change, median, sorted, standard_deviation};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Workload;
use super::workloads::Timing;

/// The rounds of either side for which the smallest change is told: as many as `run` measures.
const ROUNDS: u32 = 3;

/// How the machine is measured.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Plan {
    /// How often the program is started.
    pub(crate) launches: u32,
    /// How long a launch works, all workloads together.
    pub(crate) work: Duration,
    /// How long is waited before the next one: disturbances last, and launches right after one
    /// another would share them.
    pub(crate) pause: Duration,
}

impl Plan {
    /// 8 launches of 0.4 s within about 6 s; for a first look 4 of 0.1 s.
    pub(crate) const fn new(quick: bool) -> Self {
        let (launches, work, pause) = if quick { (4, 100, 0) } else { (8, 400, 300) };
        Self { launches, work: Duration::from_millis(work), pause: Duration::from_millis(pause) }
    }

    /// Starts `program` once for each launch, with arguments that make it [work](Launch::work) for so
    /// many milliseconds; tells `ended` of each end.
    ///
    /// # Errors
    /// What kept a launch from starting or telling its times, readable after "failed to …".
    pub(crate) fn measure(
        &self,
        program: &Path,
        arguments: &[OsString],
        mut ended: impl FnMut(),
    ) -> Result<Vec<Measured>, String> {
        let mut launches = Vec::new();
        for number in 0..self.launches {
            if number > 0 {
                thread::sleep(self.pause);
            }
            let output = Command::new(program)
                .args(arguments)
                .arg(self.work.as_millis().to_string())
                .stdin(Stdio::null())
                .output()
                .map_err(|e| format!("start {}: {e}", program.display()))?;
            ended();
            launches.push(Launch::parse(&output.stdout).map_err(|e| {
                let complaint = String::from_utf8_lossy(&output.stderr);
                let complaint = complaint.lines().last().unwrap_or_default();
                format!("read what launch {number} measured ({}): {e} {complaint}", output.status)
            })?);
        }
        Ok(Workload::ALL.into_iter().map(|workload| Measured::of(workload, &launches)).collect())
    }
}

/// What a launch tells the program that started it, as one line of JSON.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Launch {
    timings: Vec<(Workload, Result<Timing, String>)>,
}

impl Launch {
    /// Does all the work: what a launch is for.
    pub(crate) fn work(budget: Duration) -> Self {
        let of_each = budget / u32::try_from(Workload::ALL.len()).unwrap_or(1);
        let timings = Workload::ALL
            .into_iter()
            .map(|workload| (workload, workload.measure(of_each).map_err(|e| e.to_string())));
        Self { timings: timings.collect() }
    }

    pub(crate) fn line(&self) -> String {
        // Nothing in it can fail to serialise.
        serde_json::to_string(self).unwrap_or_default() + "\n"
    }

    fn parse(line: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(line)
    }

    fn timing(&self, workload: Workload) -> Option<&Result<Timing, String>> {
        self.timings.iter().find(|(of, _)| *of == workload).map(|(_, timing)| timing)
    }
}

/// How much the launches of one workload differed.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
pub(crate) struct Measured {
    /// What was done.
    pub(crate) workload: Workload,
    /// How many launches gave a time.
    pub(crate) launches: u32,
    /// The median over the launches of the time that a batch took, in nanoseconds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) median_ns: Option<f64>,
    /// The standard deviation between launches of the logarithm of their fastest batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) minimum_spread: Option<f64>,
    /// The same of their median batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) median_spread: Option<f64>,
    /// The smallest relative change that 3 rounds against 3 could show here, by the spread of the
    /// fastest batches: [`least_significant_change`] at the confidence that verdicts have.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) smallest_change: Option<f64>,
    /// What went wrong, where something did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) failure: Option<String>,
}

impl Measured {
    fn of(workload: Workload, launches: &[Launch]) -> Self {
        let told = || launches.iter().filter_map(|launch| launch.timing(workload));
        let timings: Vec<Timing> =
            told().filter_map(|timing| timing.as_ref().ok().copied()).collect();
        let spread = |of: fn(&Timing) -> f64| {
            let logarithms: Vec<f64> = timings.iter().map(|timing| of(timing).ln()).collect();
            standard_deviation(&logarithms)
        };
        let minimum_spread = spread(|timing| timing.minimum_ns);
        let count = u32::try_from(timings.len()).unwrap_or(u32::MAX);
        let medians: Vec<f64> = timings.iter().map(|timing| timing.median_ns).collect();
        Self {
            workload,
            launches: count,
            median_ns: median(&sorted(&medians)),
            minimum_spread,
            median_spread: spread(|timing| timing.median_ns),
            smallest_change: minimum_spread.and_then(|spread| {
                let confidence = Confidence::default().ratio();
                least_significant_change(spread, count.saturating_sub(1), ROUNDS, confidence)
            }),
            failure: told().find_map(|timing| timing.as_ref().err().cloned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn launch(minimum_ns: f64, median_ns: f64) -> Launch {
        Launch {
            timings: vec![
                (Workload::Compute, Ok(Timing { minimum_ns, median_ns })),
                (Workload::File, Err("no space".to_owned())),
            ],
        }
    }

    #[test]
    fn the_spread_is_that_of_the_logarithms() {
        let launches = [launch(100.0, 110.0), launch(110.0, 110.0), launch(121.0, 110.0)];
        let measured = Measured::of(Workload::Compute, &launches);
        assert_eq!((measured.launches, measured.median_ns), (3, Some(110.0)));
        assert!((measured.minimum_spread.unwrap() - 1.1_f64.ln()).abs() < 1e-12);
        assert_eq!(measured.median_spread, Some(0.0));
        // SciPy: expm1(t.ppf(.995, 2) * log(1.1) * sqrt(2 / 3))
        assert!((measured.smallest_change.unwrap() - SCIPY).abs() < 1e-6, "{measured:?}");
    }

    const SCIPY: f64 = 1.164_859_8;

    #[test]
    fn a_workload_that_failed_says_why() {
        let file = Measured::of(Workload::File, &[launch(1.0, 1.0)]);
        assert_eq!((file.launches, file.failure.as_deref()), (0, Some("no space")));
        assert_eq!((file.minimum_spread, file.smallest_change), (None, None));
        let absent = Measured::of(Workload::Memory, &[launch(1.0, 1.0)]);
        assert_eq!((absent.launches, absent.failure), (0, None));
    }

    #[test]
    fn a_launch_is_read_as_it_was_written() {
        let told = Launch::work(Duration::ZERO);
        let read = Launch::parse(told.line().as_bytes()).unwrap();
        assert_eq!(format!("{read:?}"), format!("{told:?}"));
        assert_eq!(told.timings.len(), Workload::ALL.len());
        assert!(Launch::parse(b"").is_err());
    }

    #[test]
    fn a_program_that_cannot_be_started_or_tells_nothing_is_an_error() {
        let plan = Plan { launches: 1, work: Duration::ZERO, pause: Duration::ZERO };
        let nowhere = tempfile::tempdir().unwrap();
        let error = plan.measure(&nowhere.path().join("none"), &[], || {}).unwrap_err();
        assert!(error.starts_with("start "), "{error}");
        // The test program knows no such option.
        let own = std::env::current_exe().unwrap();
        let error = plan.measure(&own, &["--nonsense".into()], || {}).unwrap_err();
        assert!(error.starts_with("read what launch 0 measured"), "{error}");
    }
}
