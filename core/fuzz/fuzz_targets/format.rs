//! Bytes read as the format that the target is named after, and as whatever they look like: no panic,
//! and what comes out survives being written and read.

#![no_main]

use driftline_core::formats::{Format, InputFile, Reading, read};
use driftline_core::model::Run;
use libfuzzer_sys::fuzz_target;

fn check(reading: &Reading) {
    for run in &reading.runs {
        let text = serde_json::to_string(run).expect("a run can be written");
        assert_eq!(serde_json::from_str::<Run>(&text).expect("what was written can be read"), *run);
    }
}

fuzz_target!(|bytes: &[u8]| {
    let format: Format = env!("CARGO_BIN_NAME").parse().expect("targets are named after formats");
    for format in [Some(format), None] {
        if let Ok(reading) = read(&InputFile { name: "f", bytes }, format) {
            check(&reading);
        }
    }
});
