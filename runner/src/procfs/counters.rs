/// The number behind `key` in a text of one pair a line: `pswpin 12` as in `/proc/vmstat` and
/// `cpu.stat`, `SwapTotal:  2097148 kB` as in `/proc/meminfo`.
pub(crate) fn counter(text: &str, key: &str) -> Option<u64> {
    text.lines().find_map(|line| {
        let mut words = line.split_whitespace();
        let name = words.next()?;
        (name.strip_suffix(':').unwrap_or(name) == key)
            .then(|| words.next()?.parse().ok())
            .flatten()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_notations_are_read() {
        let vmstat = "pgpgin 5\npswpin 12\npswpout 7\n";
        assert_eq!(counter(vmstat, "pswpin"), Some(12));
        assert_eq!(counter(vmstat, "pswp"), None);
        let meminfo =
            "MemTotal:        8115340 kB\nSwapTotal:       2097148 kB\nHugePages_Total:   0\n";
        assert_eq!(counter(meminfo, "SwapTotal"), Some(2_097_148));
        assert_eq!(counter(meminfo, "HugePages_Total"), Some(0));
        assert_eq!(counter("SwapTotal:\nSwapFree: many kB", "SwapTotal"), None);
        assert_eq!(counter("SwapFree: many kB", "SwapFree"), None);
    }
}
