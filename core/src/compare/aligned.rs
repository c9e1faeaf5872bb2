use super::side::Key;
use crate::model::{Measurement, Run};

/// What each run measured of one metric of one benchmark, in the order of the runs.
pub(super) type Across<'a> = Vec<Option<&'a Measurement>>;

/// Walks through several runs at once, benchmark by benchmark in ascending order: every run's
/// measurements are sorted, so each is looked at once. O(runs × benchmarks).
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
        let key_of = |measurement: &'a Measurement| (measurement.benchmark(), measurement.metric());
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{BenchmarkId, Iterations, RunId, Sample};

    #[test]
    fn every_benchmark_comes_once_in_order() {
        let run = |id: &str, names: &[&str]| {
            let measurements = names.iter().map(|name| {
                let sample = Sample::new(vec![1.0], Iterations::Every(1)).unwrap();
                Measurement::wall_time(BenchmarkId::new(*name).unwrap(), sample).unwrap()
            });
            Run::new(RunId::new(id).unwrap(), measurements.collect())
        };
        let runs = [run("1", &["a", "c"]), run("2", &[]), run("3", &["b", "c"])];
        let seen: Vec<(String, Vec<bool>)> = Aligned::new(runs.iter())
            .map(|((id, _), across)| (id.to_string(), across.iter().map(Option::is_some).collect()))
            .collect();
        let expected =
            [("a", [true, false, false]), ("b", [false, false, true]), ("c", [true, false, true])];
        assert_eq!(seen, expected.map(|(id, there)| (id.to_owned(), there.to_vec())));
    }
}
