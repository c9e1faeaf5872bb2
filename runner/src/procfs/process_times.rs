/// What `/proc/<pid>/stat` says of a process; times in ticks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ProcessTimes {
    pub(crate) pid: u32,
    pub(crate) parent: u32,
    /// The name of its program, cut to 15 bytes by the kernel.
    pub(crate) name: String,
    /// Time it used itself.
    pub(crate) own: u64,
    /// Time that its children used which ended and were waited for, with theirs.
    pub(crate) children: u64,
    /// When it started: with the number it tells a process from a later one of the same number.
    pub(crate) started: u64,
}

impl ProcessTimes {
    /// Reads the text of `/proc/<pid>/stat`.
    pub(crate) fn parse(stat: &str) -> Option<Self> {
        // The name may hold blanks and brackets; nothing behind it can.
        let (front, rest) = stat.rsplit_once(')')?;
        let (pid, name) = front.split_once('(')?;
        let fields: Vec<&str> = rest.split_whitespace().collect();
        // Counted from the state, the third field of proc_pid_stat(5).
        let field = |number: usize| fields.get(number - 3)?.parse::<u64>().ok();
        Some(Self {
            pid: pid.trim().parse().ok()?,
            parent: field(4)?.try_into().ok()?,
            name: name.to_owned(),
            own: field(14)? + field(15)?,
            children: field(16)? + field(17)?,
            started: field(22)?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recorded_text_is_read() {
        let stat = "18033 (a) b (c)) R 15543 15543 12954 0 -1 4194304 99 0 0 0 11 22 33 44 20 0 1 \
                    0 163125 3133440 394 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0";
        let times = ProcessTimes::parse(stat).unwrap();
        let name = "a) b (c)".to_owned();
        let expected = ProcessTimes {
            pid: 18_033,
            parent: 15_543,
            name,
            own: 33,
            children: 77,
            started: 163_125,
        };
        assert_eq!(times, expected);
        for text in ["", "1 (x", "1 (x) R 1 2", "x (y) R 1 1 1 0 -1 0 0 0 0 0 1 1 1 1 20 0 1 0 5"] {
            assert_eq!(ProcessTimes::parse(text), None, "{text:?}");
        }
    }
}
