//! Every real file, damaged: cut off anywhere, with wrong bytes, in other encodings, with what
//! terminals and progress bars leave in it. No reader panics, what comes out is sound, and nothing
//! disappears without a word.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "the tests read files, and their helpers may fail"
)]

use std::path::{Path, PathBuf};

use driftline_core::formats::{
    Format, FormatError, InputFile, Reading, detect, read, read_directory,
};
use rand_core::{Rng as _, SeedableRng as _};
use rand_xoshiro::Xoshiro256PlusPlus;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/formats");

/// How many places a file is cut off at, or changed at: every byte of small files, evenly spread
/// ones of larger files, and fewer of those that take long.
fn places(bytes: &[u8]) -> usize {
    let places = if bytes.len() > 100_000 { 6 } else { 100 };
    places.min(bytes.len())
}

fn files_below(directory: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(directory).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, found);
        } else {
            found.push(path);
        }
    }
}

/// The files that can be read, as what they are recognised, with their bytes.
fn readable() -> Vec<(String, Format, Vec<u8>)> {
    let mut paths = Vec::new();
    files_below(Path::new(DATA), &mut paths);
    paths.sort();
    let mut found = Vec::new();
    for path in paths {
        let bytes = std::fs::read(&path).unwrap();
        let name = path.to_str().unwrap().strip_prefix(DATA).unwrap().to_owned();
        if name.contains("expected.json") || name.contains("/tree/") {
            continue;
        }
        let format = match detect(&InputFile { name: &name, bytes: &bytes }) {
            Ok(format) => format,
            Err(FormatError::Ambiguous { candidates, .. }) => candidates[0],
            Err(_) => continue,
        };
        let whole = read(&InputFile { name: &name, bytes: &bytes }, Some(format));
        if matches!(whole, Err(FormatError::NeedsDirectory { .. })) {
            continue;
        }
        found.push((name, format, bytes));
    }
    assert!(found.len() > 60, "{}", found.len());
    found
}

/// Whatever was read survives being written and read back, which checks every value.
fn assert_sound(reading: &Reading) {
    for run in &reading.runs {
        let text = serde_json::to_string(run).unwrap();
        assert_eq!(serde_json::from_str::<driftline_core::model::Run>(&text).unwrap(), *run);
    }
}

fn attempt(name: &str, bytes: &[u8], format: Option<Format>) -> Option<Reading> {
    let reading = read(&InputFile { name, bytes }, format).ok()?;
    assert_sound(&reading);
    Some(reading)
}

/// The measurements, without their run's id, which depends on the bytes.
fn measured(reading: &Reading) -> Vec<String> {
    let measurements = reading.runs.iter().flat_map(|run| &run.measurements);
    let mut all: Vec<String> = measurements.map(|m| serde_json::to_string(m).unwrap()).collect();
    all.sort();
    all
}

#[test]
fn files_cut_off_anywhere_invent_no_benchmark() {
    for (name, format, bytes) in readable() {
        let whole = attempt(&name, &bytes, Some(format)).unwrap_or_else(|| panic!("{name}"));
        let names = |reading: &Reading| -> Vec<String> {
            let measurements = reading.runs.iter().flat_map(|run| &run.measurements);
            measurements.map(|m| format!("{} {}", m.benchmark(), m.metric())).collect()
        };
        let known = names(&whole);
        let step = bytes.len().div_ceil(places(&bytes));
        for end in (0..bytes.len()).step_by(step) {
            let cut = &bytes[..end];
            let _ = attempt(&name, cut, None);
            let Some(reading) = attempt(&name, cut, Some(format)) else { continue };
            for found in names(&reading) {
                // A name that is told apart from another further down may stand alone so far.
                let short = |known: &String| known.ends_with(&found) || known.contains(&found);
                assert!(known.iter().any(short), "{name}, cut at {end}: {found}");
            }
        }
    }
}

#[test]
fn wrong_bytes_anywhere_are_an_error_or_a_reading() {
    let mut random = Xoshiro256PlusPlus::seed_from_u64(7);
    for (name, format, bytes) in readable() {
        for _ in 0..places(&bytes) {
            let mut bytes = bytes.clone();
            for _ in 0..=random.next_u32() % 3 {
                let at = usize::try_from(random.next_u64() % bytes.len() as u64).unwrap();
                bytes[at] = (random.next_u32() & 0xff) as u8;
            }
            let _ = attempt(&name, &bytes, None);
            let _ = attempt(&name, &bytes, Some(format));
        }
    }
}

#[test]
fn other_encodings_and_line_ends_read_the_same() {
    for (name, format, bytes) in readable() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let whole = measured(&attempt(&name, &bytes, Some(format)).unwrap());
        let crlf = text.replace("\r\n", "\n").replace('\n', "\r\n");
        let wide = |encode: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let mut wide = mark.to_vec();
            wide.extend(text.encode_utf16().flat_map(encode));
            wide
        };
        for (what, bytes) in [
            ("CRLF", crlf.into_bytes()),
            ("a byte order mark", [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat()),
            ("UTF-16, little end first", wide(u16::to_le_bytes, [0xff, 0xfe])),
            ("UTF-16, big end first", wide(u16::to_be_bytes, [0xfe, 0xff])),
            ("blank lines around", format!("\n\n{text}\n\n").into_bytes()),
        ] {
            // The marks of a text that is cut off mean what they mean.
            let reading = attempt(&name, &bytes, Some(format));
            let reading = reading.unwrap_or_else(|| panic!("{name} in {what}"));
            assert_eq!(measured(&reading), whole, "{name} in {what}");
        }
    }
}

#[test]
fn bytes_that_are_no_text_are_refused_with_their_line() {
    let bytes = b"BenchmarkA-2 \t 1\t 5 ns/op\nBenchmark\xb5-2 \t 1\t 5 ns/op\n";
    let error = read(&InputFile { name: "f", bytes }, None).unwrap_err().to_string();
    assert_eq!(error, "f, line 2: bytes that are not UTF-8; save the file as UTF-8");
}

#[test]
fn text_is_read_between_colours_progress_and_other_output() {
    for (name, format, bytes) in readable() {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let is_table = Path::new(&name).extension().is_some_and(|extension| extension == "csv");
        let is_text = !text.trim_start().starts_with(['{', '[', '<', 'w']) && !is_table;
        if !is_text {
            continue;
        }
        let whole = measured(&attempt(&name, &bytes, Some(format)).unwrap());
        let mut noisy = String::from("   Compiling x v0.1.0 (/x)\n[ 12%] Building\n");
        for line in text.lines() {
            noisy += &format!("\u{1b}[32m{line}\u{1b}[0m\u{1b}(B\n");
        }
        noisy += "\u{1b}]0;title\u{7}\n 50%|#####     | 1/2\r100%|##########| 2/2\n";
        let reading = attempt(&name, noisy.as_bytes(), None);
        let reading = reading.unwrap_or_else(|| panic!("{name} among other output"));
        assert_eq!((reading.format, measured(&reading)), (format, whole), "{name}");
    }
}

#[test]
fn a_file_read_as_another_format_says_so_or_holds_nothing() {
    for (name, own, bytes) in readable() {
        for format in Format::ALL.iter().copied().filter(|format| *format != own) {
            match read(&InputFile { name: &name, bytes: &bytes }, Some(format)) {
                Ok(reading) => assert_sound(&reading),
                Err(error) => {
                    let said = error.to_string();
                    assert!(
                        said.contains(&name) || said.contains("directory"),
                        "{name} as {format}: {said}"
                    );
                }
            }
        }
    }
}

#[test]
fn deep_and_wide_input_ends_soon() {
    let many = 20_000;
    for text in [
        "[".repeat(many),
        "{\"a\":".repeat(many),
        "<a>".repeat(many),
        "<Catch name=\"x\">".repeat(many),
        "[0,\n".repeat(many),
        "{\"a\":[\n".repeat(many),
        "{}\n".repeat(many),
        " ".repeat(many) + "x",
        "Benchmark".repeat(many),
        "test x ... bench: ".repeat(many),
        "a 1 ns 1 ns ".repeat(many),
        "\u{1b}[".repeat(many),
        "\u{1b}]".repeat(many),
        "| ns/op | err% |\n".repeat(many),
        "Benchmark Time CPU Iterations\n".repeat(many),
        "├─ a ".repeat(many),
        ",".repeat(many),
        "\"".repeat(many),
        "BenchmarkA 1 1 ns/op\n".repeat(many),
    ] {
        let bytes = text.as_bytes();
        let _ = attempt("f", bytes, None);
        for format in Format::ALL {
            let _ = attempt("f", bytes, Some(*format));
        }
        let file = InputFile { name: "a/summary.json", bytes };
        if let Ok(reading) = read_directory(&[file, InputFile { name: "benchmarks.json", bytes }]) {
            assert_sound(&reading);
        }
    }
}

#[test]
fn every_format_has_a_fuzz_target() {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/fuzz/Cargo.toml");
    let manifest = std::fs::read_to_string(manifest).unwrap();
    let targets: Vec<&str> = manifest
        .lines()
        .filter_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'))
        .skip(1)
        .collect();
    let formats: Vec<&str> = Format::ALL.iter().map(|format| format.name()).collect();
    assert_eq!(targets, formats);
}
