use std::time::Duration;

/// A line by which criterion announces a benchmark when no runner is connected:
/// `Benchmarking NAME`, `Benchmarking NAME: Warming up for 3.0000 s`, or
/// `Benchmarking NAME: Collecting 100 samples in estimated 5.0042 s (1.2M iterations)`.
#[derive(Debug, PartialEq)]
pub(super) struct Announcement<'a> {
    pub(super) name: &'a str,
    pub(super) estimate: Option<Duration>,
}

impl<'a> Announcement<'a> {
    pub(super) fn read(line: &'a str) -> Option<Self> {
        let rest = line.strip_prefix("Benchmarking ")?;
        let steps = [": Warming up for ", ": Collecting ", ": Analyzing"];
        let cut = steps.iter().filter_map(|step| rest.rfind(step)).max();
        let (name, step) = cut.map_or((rest, ""), |at| rest.split_at(at));
        let estimate = ["in estimated ", "Warming up for "]
            .iter()
            .find_map(|before| step.split_once(before).and_then(|(_, time)| duration(time)));
        Some(Self { name, estimate }).filter(|a| !a.name.is_empty())
    }
}

fn duration(text: &str) -> Option<Duration> {
    let mut words = text.split_whitespace();
    let number: f64 = words.next()?.parse().ok()?;
    let seconds = match words.next()? {
        "ps" => 1e-12,
        "ns" => 1e-9,
        "µs" | "us" => 1e-6,
        "ms" => 1e-3,
        "s" => 1.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(number * seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_criterion_are_recognised() {
        let read =
            |line| Announcement::read(line).map(|a| (a.name, a.estimate.map(|e| e.as_secs())));
        assert_eq!(read("Benchmarking a/b: c"), Some(("a/b: c", None)));
        assert_eq!(read("Benchmarking a: Warming up for 3.0000 s"), Some(("a", Some(3))));
        let collecting =
            "Benchmarking a: Collecting 100 samples in estimated 900.1 s (1.2M iterations)";
        assert_eq!(read(collecting), Some(("a", Some(900))));
        assert_eq!(read("Benchmarking a: Analyzing"), Some(("a", None)));
        assert_eq!(read("a    time:   [1 ns 1 ns 1 ns]"), None);
        assert_eq!(read("Benchmarking "), None);
    }
}
