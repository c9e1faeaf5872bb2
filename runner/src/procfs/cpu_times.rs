/// What `/proc/stat` says of all processors together, in ticks since the start of the system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct CpuTimes {
    /// How many processors are counted.
    pub(crate) processors: u64,
    /// Time in programs, the kernel and interrupts.
    pub(crate) busy: u64,
    /// Time that the host gave to others although this machine had work.
    pub(crate) steal: u64,
    /// All time: busy, stolen, idle, and idle until a disk answers.
    pub(crate) total: u64,
}

impl CpuTimes {
    /// Reads the text of `/proc/stat`.
    pub(crate) fn parse(stat: &str) -> Option<Self> {
        let is_of_one = |line: &&str| {
            line.strip_prefix("cpu")
                .is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        };
        let processors = stat.lines().filter(is_of_one).count() as u64;
        let all = stat.lines().find_map(|line| line.strip_prefix("cpu "))?;
        // user nice system idle iowait irq softirq steal; guests are part of user already.
        let mut ticks: Vec<u64> =
            all.split_whitespace().take(8).map_while(|word| word.parse().ok()).collect();
        if ticks.len() < 4 || processors == 0 {
            return None;
        }
        ticks.resize(8, 0); // old kernels list fewer
        let [user, nice, system, idle, iowait, irq, softirq, steal] = ticks.try_into().ok()?;
        let busy = user + nice + system + irq + softirq;
        Some(Self { processors, busy, steal, total: busy + idle + iowait + steal })
    }

    /// What was added since `earlier`. None where no time has passed, where processors came or
    /// went, or where a counter ran backwards, as some virtual machines have it.
    pub(crate) fn since(&self, earlier: &Self) -> Option<Self> {
        let passed = Self {
            processors: self.processors,
            busy: self.busy.checked_sub(earlier.busy)?,
            steal: self.steal.checked_sub(earlier.steal)?,
            total: self.total.checked_sub(earlier.total)?,
        };
        (passed.total > 0 && self.processors == earlier.processors).then_some(passed)
    }

    /// The ticks that one processor had.
    pub(crate) fn of_one_processor(&self) -> f64 {
        self.total as f64 / self.processors as f64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STAT: &str = "\
cpu  120313 5 18059 186173 567 3 78 72 9 0
cpu0 50738 0 8134 103501 130 0 26 31 0 0
cpu1 69575 0 9924 82672 436 0 51 41 0 0
intr 5311371 0 9
ctxt 8938021
";

    #[test]
    fn a_recorded_text_is_read() {
        let times = CpuTimes::parse(STAT).unwrap();
        let busy = 120_313 + 5 + 18_059 + 3 + 78;
        let total = busy + 186_173 + 567 + 72;
        assert_eq!(times, CpuTimes { processors: 2, busy, steal: 72, total });
        let old = CpuTimes::parse("cpu  1 2 3 4\ncpu0 1 2 3 4\n").unwrap();
        assert_eq!((old.busy, old.total), (6, 10));
        for text in ["", "cpu  1 2 x 4\ncpu0 1 2 3 4", "cpu  1 2 3 4\n", "cpu0 1 2 3 4\n"] {
            assert_eq!(CpuTimes::parse(text), None, "{text:?}");
        }
    }

    #[test]
    fn a_difference_needs_time_and_the_same_processors() {
        let earlier = CpuTimes { processors: 2, busy: 100, steal: 5, total: 1000 };
        let later = CpuTimes { processors: 2, busy: 150, steal: 7, total: 1200 };
        let passed = later.since(&earlier).unwrap();
        assert_eq!((passed.busy, passed.steal), (50, 2));
        assert!((passed.of_one_processor() - 100.0).abs() < 1e-12);
        assert_eq!(earlier.since(&earlier), None);
        assert_eq!(earlier.since(&later), None);
        assert_eq!(later.since(&CpuTimes { processors: 4, ..earlier }), None);
    }
}
