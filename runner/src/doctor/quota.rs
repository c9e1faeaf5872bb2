//! Whether the group that this process is in may use only a share of the processors.

use super::{Files, Finding};
use crate::procfs::counter;

/// The limit of the nearest group that has one.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct Quota {
    /// How many processors' time the group may use; none without a limit.
    cpus: Option<f64>,
    /// How often the group was stopped until the next period.
    throttled: Option<u64>,
    /// Whether there are such groups at all.
    known: bool,
}

impl Quota {
    pub(crate) fn read(files: &dyn Files) -> Self {
        let groups = files.text("/proc/self/cgroup").unwrap_or_default();
        let mut found = Self::default();
        for directory in directories(&groups) {
            // Of version 2 a group that cannot have a limit has no file for it.
            found.known |= files.text(&format!("{directory}/cgroup.controllers")).is_some();
            let Some(cpus) = limit(files, &directory) else { continue };
            found.known = true;
            // The tightest limit on the way up holds.
            if cpus < found.cpus.unwrap_or(f64::INFINITY) {
                found.cpus = Some(cpus);
                let statistics = files.text(&format!("{directory}/cpu.stat")).unwrap_or_default();
                found.throttled = counter(&statistics, "nr_throttled");
            }
        }
        found
    }
}

/// The directories of the groups that `/proc/self/cgroup` names, each with those above it. In a
/// container the named path often does not exist: the topmost one is the container's.
fn directories(groups: &str) -> Vec<String> {
    let mut directories = Vec::new();
    for line in groups.lines() {
        let mut parts = line.splitn(3, ':');
        let (Some(_), Some(controllers), Some(path)) = (parts.next(), parts.next(), parts.next())
        else {
            continue;
        };
        let root = match controllers {
            "" => "/sys/fs/cgroup".to_owned(),
            names if names.split(',').any(|name| name == "cpu") => {
                format!("/sys/fs/cgroup/{names}")
            }
            _ => continue,
        };
        let mut path = path.trim_end_matches('/');
        while let Some(end) = path.rfind('/') {
            directories.push(format!("{root}{path}"));
            path = &path[..end];
        }
        directories.push(root);
    }
    directories
}

/// The group's limit in processors (of version 2 or 1), infinite where it has none; `None` where
/// there is no such group.
fn limit(files: &dyn Files, directory: &str) -> Option<f64> {
    // `max` and −1 stand for no limit.
    let share = |quota: Option<f64>, period: f64| match quota {
        Some(quota) if quota > 0.0 && period > 0.0 => quota / period,
        _ => f64::INFINITY,
    };
    if let Some(text) = files.text(&format!("{directory}/cpu.max")) {
        let mut words = text.split_whitespace().map(|word| word.parse::<f64>().ok());
        let (quota, period) = (words.next()?, words.next()??);
        return Some(share(quota, period));
    }
    let quota = files.number(&format!("{directory}/cpu.cfs_quota_us"))?;
    let period = files.number(&format!("{directory}/cpu.cfs_period_us"))?;
    Some(share(Some(quota as f64), period as f64))
}

/// A limit, and whether it was felt while it was watched.
pub(crate) fn quota(before: &Quota, after: &Quota) -> Finding {
    let Some(cpus) = after.cpus else {
        return if after.known {
            Finding::ok("quota", "no limit on processor time")
        } else {
            Finding::unknown("quota")
        };
    };
    let meanwhile = before.throttled.zip(after.throttled).map(|(b, a)| a.saturating_sub(b));
    let limit = format!("this container or group may use {cpus:.2} processors");
    let finding = match meanwhile {
        Some(times) if times > 0 => {
            Finding::problem("quota", format!("{limit}, and was stopped {times} times meanwhile"))
        }
        _ => Finding::note("quota", limit),
    };
    let finding = finding
        .figure("cpus", cpus)
        .cost("a group that has used its share is stopped for up to a tenth of a second")
        .mend("give it more (docker: --cpus), or bind it to processors instead (--cpuset-cpus)");
    meanwhile.into_iter().fold(finding, |f, times| f.figure("throttled", times as f64))
}

#[cfg(test)]
mod tests {
    use super::super::{Recorded, Severity};
    use super::*;

    fn version_2(limit: &str, throttled: &str) -> Quota {
        Quota::read(&Recorded::new(&[
            ("/proc/self/cgroup", "0::/ci/job\n"),
            ("/sys/fs/cgroup/ci/job/cpu.max", "max 100000\n"),
            ("/sys/fs/cgroup/ci/cpu.max", limit),
            ("/sys/fs/cgroup/ci/cpu.stat", throttled),
        ]))
    }

    #[test]
    fn the_tightest_limit_on_the_way_up_holds() {
        let read = version_2("150000 100000\n", "usage_usec 5\nnr_periods 9\nnr_throttled 4\n");
        assert_eq!(read, Quota { cpus: Some(1.5), throttled: Some(4), known: true });
        let free = version_2("max 100000\n", "");
        assert_eq!(free, Quota { cpus: None, throttled: None, known: true });
    }

    #[test]
    fn version_1_is_read_too() {
        let read = |quota: &str| {
            Quota::read(&Recorded::new(&[
                ("/proc/self/cgroup", "4:memory:/x\n3:cpu,cpuacct:/docker/1\n0::/\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", quota),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000\n"),
                ("/sys/fs/cgroup/cpu,cpuacct/cpu.stat", "nr_periods 0\nnr_throttled 2\n"),
            ]))
        };
        assert_eq!(read("50000\n"), Quota { cpus: Some(0.5), throttled: Some(2), known: true });
        assert_eq!(read("-1\n"), Quota { cpus: None, throttled: None, known: true });
        assert_eq!(Quota::read(&Recorded::default()), Quota::default());
        let root =
            [("/proc/self/cgroup", "0::/\n"), ("/sys/fs/cgroup/cgroup.controllers", "cpu\n")];
        assert!(Quota::read(&Recorded::new(&root)).known);
    }

    #[test]
    fn each_state_is_told() {
        let before = version_2("150000 100000", "nr_throttled 4");
        let after = version_2("150000 100000", "nr_throttled 6");
        let told = quota(&before, &after);
        assert_eq!(told.severity, Severity::Problem);
        let expected =
            "this container or group may use 1.50 processors, and was stopped 2 times meanwhile";
        assert_eq!(told.found, expected);
        assert_eq!(quota(&after, &after).severity, Severity::Note);
        let free = version_2("max 100000", "");
        assert_eq!(quota(&free, &free).severity, Severity::Ok);
        assert_eq!(quota(&before, &Quota::default()).severity, Severity::Unknown);
    }
}
