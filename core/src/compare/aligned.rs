//! Walks through the runs of both sides and of the history at once, benchmark by benchmark.

use std::iter;

use super::side::Key;
use crate::model::{Measurement, Run};

/// What each run measured of one metric of one benchmark, in the order of the runs.
pub(super) type Across<'a> = Vec<Option<&'a Measurement>>;

fn key_of(measurement: &Measurement) -> Key<'_> {
    (measurement.benchmark(), measurement.metric())
}

/// Every benchmark that one of several runs has, in ascending order: every run's measurements are
/// sorted, so each is looked at once. O(runs × benchmarks).
#[derive(Debug)]
pub(super) struct Aligned<'a> {
    rest: Vec<&'a [Measurement]>,
}

impl<'a> Aligned<'a> {
    pub(super) fn new(runs: impl Iterator<Item = &'a Run>) -> Self {
        Self { rest: runs.map(|run| run.measurements.as_slice()).collect() }
    }
}

impl<'a> Iterator for Aligned<'a> {
    type Item = (Key<'a>, Across<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let next = self.rest.iter().filter_map(|rest| rest.first()).map(key_of).min()?;
        let across = self
            .rest
            .iter_mut()
            .map(|rest| {
                let (first, others) =
                    rest.split_first().filter(|(first, _)| key_of(first) == next)?;
                *rest = others;
                Some(first)
            })
            .collect();
        Some((next, across))
    }
}

/// One run, asked for one benchmark after another in ascending order. What is not asked for costs
/// nothing: of a long history most is not.
#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    rest: &'a [Measurement],
}

impl<'a> Cursor<'a> {
    pub(super) fn new(run: &'a Run) -> Self {
        Self { rest: &run.measurements }
    }

    /// The run's measurement of `key`, which is not below the one that was asked for before. O(log of
    /// how many lie between the two).
    pub(super) fn find(&mut self, key: Key<'_>) -> Option<&'a Measurement> {
        let (first, others) = self.rest.split_first()?;
        // Mostly the runs have the same benchmarks.
        if key_of(first) == key {
            self.rest = others;
            return Some(first);
        }
        let is_below = |measurement: &Measurement| key_of(measurement) < key;
        let ends = iter::successors(Some(1_usize), |end| end.checked_mul(2));
        let end = ends.into_iter().find(|&end| !self.rest.get(end - 1).is_some_and(is_below));
        let end = end.unwrap_or(self.rest.len()).min(self.rest.len());
        let skipped = self.rest.get(end / 2..end)?.partition_point(is_below) + end / 2;
        self.rest = self.rest.get(skipped..)?;
        self.rest.first().filter(|first| key_of(first) == key)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BenchmarkId, Iterations, Metric, RunId, Sample};

    fn run(id: &str, names: &[&str]) -> Run {
        let measurements = names.iter().map(|name| {
            let sample = Sample::new(vec![1.0], Iterations::Every(1)).unwrap();
            Measurement::wall_time(BenchmarkId::new(*name).unwrap(), sample).unwrap()
        });
        Run::new(RunId::new(id).unwrap(), measurements.collect())
    }

    #[test]
    fn every_benchmark_comes_once_in_order() {
        let runs = [run("1", &["a", "c"]), run("2", &[]), run("3", &["b", "c"])];
        let seen: Vec<(String, Vec<bool>)> = Aligned::new(runs.iter())
            .map(|((id, _), across)| (id.to_string(), across.iter().map(Option::is_some).collect()))
            .collect();
        let expected =
            [("a", [true, false, false]), ("b", [false, false, true]), ("c", [true, false, true])];
        assert_eq!(seen, expected.map(|(id, there)| (id.to_owned(), there.to_vec())));
    }

    #[test]
    fn a_cursor_finds_what_the_run_has() {
        let names: Vec<String> = (0..40).map(|i| format!("b{:02}", i * 2)).collect();
        let all: Vec<&str> = names.iter().map(String::as_str).collect();
        for step in 1..45 {
            let run = run("1", &all);
            let mut cursor = Cursor::new(&run);
            for number in (0..90).step_by(step) {
                let name = format!("b{number:02}");
                let key = BenchmarkId::new(name.as_str()).unwrap();
                let found = cursor.find((&key, &Metric::wall_time())).is_some();
                assert_eq!(found, all.contains(&name.as_str()), "{name} in steps of {step}");
            }
        }
    }
}
