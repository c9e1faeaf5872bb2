use std::cmp::Ordering;

use super::python::asv;
use super::rust::criterion_directory::{NEWEST_CRITERION_RUN, read_criterion_directory};
use super::rust::{gungraun, tango};
use super::{Format, FormatError, InputFile, Reading, read};
use crate::order;

/// The formats that are whole directories.
const DIRECTORIES: [Format; 5] =
    [Format::Criterion, Format::Asv, Format::Gungraun, Format::Tango, Format::PytestBenchmark];

/// Reads the files of a directory that a harness writes, told by the files' names: criterion's
/// (its newest results), asv's `results`, gungraun's summaries, tango's dumps, or
/// pytest-benchmark's `.benchmarks`, of which every file is a run, in the order of their names.
/// Files that are not needed may be among them.
///
/// # Errors
/// When it is none of these.
pub fn read_directory(files: &[InputFile<'_>]) -> Result<Reading, FormatError> {
    let named =
        |name: &str| files.iter().any(|file| file.name.rsplit(['/', '\\']).next() == Some(name));
    if named("benchmark.json") {
        return read_criterion_directory(files, NEWEST_CRITERION_RUN);
    }
    if named(asv::BENCHMARKS) {
        return Ok(asv::read_directory(files));
    }
    if named(gungraun::SUMMARY) {
        return Ok(gungraun::read_directory(files));
    }
    if tango::is_directory(files) {
        return Ok(tango::read_directory(files));
    }
    pytest_benchmark(files).ok_or_else(|| FormatError::NoResults {
        files: files.len(),
        candidates: DIRECTORIES.to_vec(),
    })
}

/// Every file of pytest-benchmark among `files`; none if there is no such file.
fn pytest_benchmark(files: &[InputFile<'_>]) -> Option<Reading> {
    let mut sorted: Vec<&InputFile<'_>> =
        files.iter().filter(|file| file.has_extension("json")).collect();
    order::sort_by_text(&mut sorted, |file| file.name, |_, _| Ordering::Equal);
    let mut all: Option<Reading> = None;
    let mut unread = Vec::new();
    for file in sorted {
        match read(file, None) {
            Ok(one) if one.format == Format::PytestBenchmark => {
                let all = all.get_or_insert_with(|| Reading {
                    format: one.format,
                    runs: Vec::new(),
                    notes: Vec::new(),
                });
                all.runs.extend(one.runs);
                all.notes.extend(one.notes);
            }
            Ok(one) => unread.push(format!("{} is of another format: {}", file.name, one.format)),
            Err(error) => unread.push(format!("not read: {error}")),
        }
    }
    let mut all = all?;
    all.notes.extend(unread);
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_directory_of_nothing_known_says_what_was_looked_for() {
        let files = [InputFile { name: "a/b.json", bytes: b"{}" }];
        assert_eq!(
            read_directory(&files).unwrap_err().to_string(),
            "no results of a known harness among 1 files; looked for criterion, asv, gungraun, \
             tango, pytest-benchmark"
        );
    }

    #[test]
    fn every_file_of_pytest_benchmark_is_a_run_and_others_are_said() {
        let text =
            br#"{"machine_info": {}, "benchmarks": [{"fullname": "a", "stats": {"mean": 1}}]}"#;
        let files = [
            InputFile { name: "x/0002_b.json", bytes: text },
            InputFile { name: "x/0001_a.json", bytes: &text[..text.len() - 1] },
            InputFile { name: "x/notes.txt", bytes: b"hello" },
        ];
        let reading = read_directory(&files).unwrap();
        assert_eq!((reading.format, reading.runs.len()), (Format::PytestBenchmark, 1));
        assert!(reading.notes[0].starts_with("not read: x/0001_a.json, line 1"), "{reading:?}");
    }
}
