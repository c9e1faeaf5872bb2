use std::hash::{BuildHasher, RandomState};

use driftline_core::model::RunId;
use jiff::Timestamp;

/// A new name for a run that began at `time`: `20261123T111302Z-3f9a1c`. Sorted by name, runs are
/// sorted by time.
///
/// Processes that start in the same second get different ids: six hexadecimal digits are drawn from
/// the process's random hash seed, its id and the clock's nanoseconds.
pub(crate) fn new_run_id(time: Timestamp) -> RunId {
    let now = Timestamp::now().as_nanosecond();
    let drawn = RandomState::new().hash_one((std::process::id(), now)) & 0x00ff_ffff;
    let name = format!("{}-{drawn:06x}", time.strftime("%Y%m%dT%H%M%SZ"));
    RunId::new(&name).unwrap_or_else(|_| RunId::of_content(name.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_tells_the_second_and_differs_within_it() {
        let time = "2026-11-23T12:13:02.5+01:00".parse().unwrap();
        let (one, other) = (new_run_id(time), new_run_id(time));
        assert!(one.as_str().starts_with("20261123T111302Z-"), "{one}");
        assert_eq!(one.as_str().len(), 23);
        assert_ne!(one, other);
    }
}
