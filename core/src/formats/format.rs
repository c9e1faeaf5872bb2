use std::fmt;
use std::str::FromStr;

use super::FormatError;

/// A format that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Format {
    /// The JSON of pytest-benchmark.
    PytestBenchmark,
    /// The directory that criterion writes.
    Criterion,
    /// The plain CSV: a header with `benchmark` and `value`, and one value a line.
    Csv,
    /// driftline's own files: a run, a baseline, a history.
    Driftline,
}

impl Format {
    /// Every format.
    pub const ALL: &[Self] = &[Self::PytestBenchmark, Self::Criterion, Self::Csv, Self::Driftline];

    /// Its name, as a person gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::PytestBenchmark => "pytest-benchmark",
            Self::Criterion => "criterion",
            Self::Csv => "csv",
            Self::Driftline => "driftline",
        }
    }

    /// What a file of it is recognised by.
    pub fn recognised_by(self) -> &'static str {
        match self {
            Self::PytestBenchmark => "a JSON object with `benchmarks` and `machine_info`",
            Self::Criterion => "a directory with files `*/new/benchmark.json`",
            Self::Csv => "a first line that names the columns `benchmark` and `value`",
            Self::Driftline => "JSON that begins with `\"format\":\"driftline-…`",
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Format {
    type Err = FormatError;

    fn from_str(name: &str) -> Result<Self, FormatError> {
        Self::ALL
            .iter()
            .copied()
            .find(|format| format.name() == name)
            .ok_or_else(|| FormatError::Name { name: name.chars().take(80).collect() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back() {
        for format in Format::ALL {
            assert_eq!(format.to_string().parse(), Ok(*format));
        }
        assert_eq!(
            "CSV".parse::<Format>().unwrap_err().to_string(),
            "unknown format \"CSV\": expected one of pytest-benchmark, criterion, csv, driftline"
        );
    }
}
