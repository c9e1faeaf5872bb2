use std::fmt;
use std::str::FromStr;

use super::FormatError;
use super::table::{Entry, TABLE};

/// A format that can be read. Each has a row in `table.rs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// criterion: its directory, its text, its bencher text, cargo-criterion's JSON lines.
    Criterion,
    /// Rust's own benchmark tests: text and JSON lines.
    Libtest,
    /// divan's tree.
    Divan,
    /// gungraun and iai-callgrind: text, JSON lines, the directory of summaries.
    Gungraun,
    /// tango: solo and compare, and the directory of its dumps.
    Tango,
    /// The JSON of pytest-benchmark.
    PytestBenchmark,
    /// The JSON of pyperf.
    Pyperf,
    /// The results of asv (airspeed velocity).
    Asv,
    /// Go's `testing`: text, and the JSON of `go test -json`.
    Go,
    /// hyperfine: JSON and CSV.
    Hyperfine,
    /// Google Benchmark: JSON, console, CSV.
    GoogleBenchmark,
    /// Catch2: XML and console.
    Catch2,
    /// nanobench: its table and its JSON.
    Nanobench,
    /// benchmark.js: text, and its suite as JSON.
    BenchmarkJs,
    /// tinybench's tasks as JSON.
    Tinybench,
    /// The JSON of `vitest bench`.
    Vitest,
    /// The JSON of mitata.
    Mitata,
    /// JMH's JSON.
    Jmh,
    /// The JSON of `BenchmarkDotNet`.
    BenchmarkDotNet,
    /// The JSON of Julia's `BenchmarkTools`.
    BenchmarkTools,
    /// `PHPBench`'s XML.
    PhpBench,
    /// Ruby's benchmark-ips: text and JSON.
    BenchmarkIps,
    /// github-action-benchmark's `customSmallerIsBetter`.
    CustomSmallerIsBetter,
    /// github-action-benchmark's `customBiggerIsBetter`.
    CustomBiggerIsBetter,
    /// The history that github-action-benchmark keeps: `data.js`.
    GithubActionBenchmark,
    /// The Bencher Metric Format.
    BencherMetricFormat,
    /// The CSV of Apache Otava: a run a row, with its time, and a metric a column.
    OtavaCsv,
    /// The plain CSV: a header with `benchmark` and `value`, and one value a line.
    Csv,
    /// driftline's own files: a run, a baseline, a history.
    Driftline,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &all();

    /// Its name, as a person gives it.
    pub fn name(self) -> &'static str {
        self.entry().name
    }

    /// Other names by which it may be given.
    pub fn aliases(self) -> &'static [&'static str] {
        self.entry().aliases
    }

    /// What a file of it is recognised by.
    pub fn recognised_by(self) -> &'static str {
        self.entry().recognised_by
    }

    /// A command line that makes the harness write it.
    pub fn example(self) -> &'static str {
        self.entry().example
    }

    pub(super) fn entry(self) -> &'static Entry {
        let [first, ..] = &TABLE;
        TABLE.iter().find(|entry| entry.format == self).unwrap_or(first)
    }
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn all() -> [Format; TABLE.len()] {
    let mut all = [Format::Driftline; TABLE.len()];
    let mut position = 0;
    while position < TABLE.len() {
        all[position] = TABLE[position].format;
        position += 1;
    }
    all
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        TABLE
            .iter()
            .find(|entry| entry.name == name || entry.aliases.contains(&name))
            .map(|entry| entry.format)
            .ok_or_else(|| FormatError::Name { name: name.chars().take(80).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_unique() {
        let mut names = Vec::new();
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(*format));
            names.push(format.name());
            for alias in format.aliases() {
                assert_eq!(alias.parse(), Ok(*format));
                names.push(alias);
            }
        }
        let count = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), count);
        let error = "CSV".parse::<Format>().unwrap_err().to_string();
        assert!(error.starts_with("unknown format \"CSV\": expected one of criterion, libtest, "));
        assert!(error.ends_with(", csv, driftline"), "{error}");
    }

    #[test]
    fn every_format_has_a_row_of_its_own() {
        for format in Format::ALL {
            assert_eq!(format.entry().format, *format);
        }
        // The enum's last variant: as many rows as variants.
        assert_eq!(Format::ALL.len(), Format::Driftline as usize + 1);
    }
}
