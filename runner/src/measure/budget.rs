use std::time::{Duration, Instant};

/// How long the whole run may take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Budget {
    begun: Instant,
    limit: Option<Duration>,
}

impl Budget {
    /// A budget that counts from `begun`; endless without a limit.
    pub(crate) fn new(begun: Instant, limit: Option<Duration>) -> Self {
        Self { begun, limit }
    }

    /// Whether something that takes about so long can be begun now.
    pub(crate) fn allows(&self, estimate: Duration) -> bool {
        self.limit.is_none_or(|limit| fits(self.begun.elapsed(), estimate, limit))
    }
}

fn fits(spent: Duration, estimate: Duration, limit: Duration) -> bool {
    spent.saturating_add(estimate) <= limit
}

/// Reads a time such as `90s`, `10m` or `1h30m`.
///
/// # Errors
/// What is wrong with it, with what to write instead.
pub(crate) fn duration(text: &str) -> Result<Duration, String> {
    let read = text.parse::<jiff::SignedDuration>().ok().and_then(|d| Duration::try_from(d).ok());
    read.filter(|duration| !duration.is_zero())
        .ok_or_else(|| format!("{text:?} is not a time: write 90s, 10m or 1h30m"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_their_units() {
        let seconds = |text| duration(text).unwrap().as_secs();
        assert_eq!((seconds("90s"), seconds("10m"), seconds("1h30m")), (90, 600, 5400));
        assert_eq!((seconds("2 minutes"), duration("1ms").unwrap().as_millis()), (120, 1));
        for text in ["", "90", "10", "0s", "-5m", "5m ago", "ten minutes", "s", "1e3s"] {
            let error = duration(text).unwrap_err();
            assert!(error.contains("write 90s, 10m or 1h30m"), "{error}");
        }
    }

    #[test]
    fn what_would_overrun_does_not_fit() {
        let s = Duration::from_secs;
        assert!(fits(s(60), s(30), s(90)));
        assert!(!fits(s(60), s(31), s(90)));
        assert!(!fits(s(91), s(0), s(90)));
        assert!(!fits(s(1), Duration::MAX, s(90)));
        assert!(Budget::new(Instant::now(), None).allows(Duration::MAX));
    }
}
