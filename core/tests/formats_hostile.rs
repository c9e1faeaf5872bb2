//! No bytes make a reader panic: not any bytes, not a file cut off anywhere, not a valid file with
//! something else in its middle.

#![expect(
    clippy::indexing_slicing,
    clippy::unwrap_used,
    reason = "the helpers cut files where they are known to be long enough"
)]

use driftline_core::formats::{
    Format, FormatError, InputFile, detect, read, read_criterion_directory,
};
use driftline_core::model::Run;
use proptest::prelude::*;

const PYTEST: &[u8] =
    br#"{"machine_info": {"cpu": {"count": 2, "brand_raw": "\u00b5"}}, "commit_info":
{"id": "abc", "time": "2026-11-23T04:40:12+01:00"}, "benchmarks": [{"fullname": "a::b[3]",
"options": {"timer": "perf_counter"}, "stats": {"iterations": 3, "data": [1e-6, NaN, 2.5e-6]}},
{"fullname": "c", "stats": {"median": 1, "mean": Infinity}}], "datetime": "2026-11-23T04:40:12"}"#;

const CSV: &[u8] = b"benchmark,value,unit,run,round,iterations,commit,order,time\r\n\
\"a \"\"b\"\", \xc2\xb5\",1.5,ms,r,1,10,abc,7,2026-11-23T04:40:12Z\r\n\
c,2.5,B,r,2,1,,,\r\n";

const ABOUT: &[u8] = br#"{"group_id": "g", "full_id": "g/one", "directory_name": "g/one"}"#;
const SAMPLE: &[u8] = br#"{"sampling_mode": "Linear", "iters": [2.0, 4.0], "times": [10.0, 28.5]}"#;
const ESTIMATES: &[u8] = br#"{"mean": {"point_estimate": 3.5}, "median": {"point_estimate": 3}}"#;

/// Reads bytes as everything they might be; whatever comes out must be sound.
fn read_as_everything(bytes: &[u8]) {
    let file = InputFile { name: "f", bytes };
    let _ = detect(&file);
    for format in Format::ALL.iter().map(|format| Some(*format)).chain([None]) {
        if let Ok(reading) = read(&file, format) {
            reading.runs.iter().for_each(assert_sound);
        }
    }
    let about = InputFile { name: "a/new/benchmark.json", bytes: ABOUT };
    let sample = InputFile { name: "a/new/sample.json", bytes: SAMPLE };
    for files in [
        [InputFile { name: about.name, bytes }, sample],
        [about, InputFile { name: sample.name, bytes }],
        [about, InputFile { name: "a/new/estimates.json", bytes }],
    ] {
        let reading = read_criterion_directory(&files, "new").unwrap();
        reading.runs.iter().for_each(assert_sound);
        assert_eq!(reading.runs[0].measurements.len() + reading.runs[0].skipped.len(), 1);
    }
}

/// A run that survives being written and read, which checks every value in it.
fn assert_sound(run: &Run) {
    let text = serde_json::to_string(run).unwrap();
    assert_eq!(serde_json::from_str::<Run>(&text).unwrap(), *run);
}

#[test]
fn files_cut_off_anywhere_are_an_error_or_a_reading() {
    for whole in [PYTEST, CSV, ABOUT, SAMPLE, ESTIMATES] {
        for end in 0..=whole.len() {
            read_as_everything(&whole[..end]);
        }
    }
}

#[test]
fn json_cut_off_anywhere_is_refused_with_its_place() {
    for end in 1..PYTEST.len() {
        match read(&InputFile { name: "f", bytes: &PYTEST[..end] }, None) {
            Err(FormatError::Json { remedy, .. }) => {
                // Half a `NaN` looks like a wrong word and not like an end.
                let halves = ["N", "Na", "I", "In", "Inf", "Infi", "Infin", "Infini", "Infinit"];
                let half = halves.iter().any(|half| PYTEST[..end].ends_with(half.as_bytes()));
                assert!(half || remedy.contains("cut off"), "{end}: {remedy}");
            }
            other => panic!("{end}: {other:?}"),
        }
    }
    let whole = read(&InputFile { name: "f", bytes: PYTEST }, None).unwrap();
    assert_eq!(whole.runs[0].skipped.len(), 2);
}

#[test]
fn utf_16_reads_as_utf_8_does() {
    let text = String::from_utf8(CSV.to_vec()).unwrap();
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let bytes = [&[0xff, 0xfe][..], &bytes].concat();
    let wide = read(&InputFile { name: "f", bytes: &bytes }, None);
    assert_eq!(wide, read(&InputFile { name: "f", bytes: CSV }, None));
    assert!(wide.is_ok());
}

proptest! {
    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        read_as_everything(&bytes);
    }

    #[test]
    fn any_text_of_the_formats_characters(
        text in "[{}\\[\\]:,\"\\\\ \r\n\t;.eE0-9+\u{e9}naifNIyt-]{0,80}"
    ) {
        read_as_everything(text.as_bytes());
        read_as_everything(format!("benchmark,value,run,unit\n{text}").as_bytes());
        read_as_everything(
            format!("{{\"machine_info\":1,\"benchmarks\":[{{\"fullname\":\"a\",\"stats\":{text}}}]}}")
                .as_bytes(),
        );
    }

    #[test]
    fn something_else_in_the_middle(
        which in 0usize..5,
        from in 0.0..1.0f64,
        length in 0usize..12,
        instead in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..8),
            prop::sample::select(vec!["null", "NaN", "-1", "1e999", "1e308", "{}", "[]", "\"\"", ",", "\n"])
                .prop_map(|text| text.as_bytes().to_vec()),
        ],
    ) {
        let whole = [PYTEST, CSV, ABOUT, SAMPLE, ESTIMATES][which];
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share")]
        let start = (whole.len() as f64 * from) as usize;
        let end = (start + length).min(whole.len());
        let bytes = [&whole[..start], &instead, &whole[end..]].concat();
        read_as_everything(&bytes);
    }
}
