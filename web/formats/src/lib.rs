//! The readers of all harness outputs, for a browser or node: bytes in, runs out as driftline writes
//! them, which `Session` of driftline-web takes.
//!
//! ```text
//! read(bytes, name, format) → {format, notes, runs}      runs: the lines of a history, as bytes
//! readCriterion(paths, contents) → the same, of the files of criterion's directory
//! formats() → the names of all formats
//! ```
//!
//! A module of its own, so that who looks at a history does not wait for all the readers.
//!
//! Everything that fails throws an `Error` whose message names the file, the place and what was
//! expected.

use driftline_core::formats::{self, Format, InputFile, NEWEST_CRITERION_RUN, Reading};
use driftline_core::wire;
use js_sys::{Array, Object, Reflect, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::{JsError, wasm_bindgen};

/// The name under which criterion keeps the results of the run before the last.
const PREVIOUS_CRITERION_RUN: &str = "base";

/// Reads a file: of the format of that name, or of the one that its content shows where `format` is
/// empty. `name` is for messages.
///
/// # Errors
/// When the file is of no known format, or damaged as a whole.
#[wasm_bindgen]
pub fn read(bytes: &[u8], name: &str, format: &str) -> Result<Object, JsError> {
    let format = match format {
        "" => None,
        name => Some(name.parse::<Format>().map_err(thrown)?),
    };
    Ok(answer(&formats::read(&InputFile { name, bytes }, format).map_err(thrown)?))
}

/// Reads the files of criterion's directory: `paths` inside of it, and the content of each. Answers
/// its last run, after the one before it where criterion still keeps that.
///
/// # Errors
/// When there are no results in it.
#[expect(clippy::needless_pass_by_value, reason = "wasm-bindgen hands lists over by value")]
#[wasm_bindgen(js_name = readCriterion)]
pub fn read_criterion(paths: Vec<String>, contents: Vec<Uint8Array>) -> Result<Object, JsError> {
    let contents: Vec<Vec<u8>> = contents.iter().map(Uint8Array::to_vec).collect();
    let files: Vec<InputFile<'_>> =
        paths.iter().zip(&contents).map(|(path, bytes)| InputFile { name: path, bytes }).collect();
    let mut newest =
        formats::read_criterion_directory(&files, NEWEST_CRITERION_RUN).map_err(thrown)?;
    // None before it is no error: then there is one run only.
    if let Ok(before) = formats::read_criterion_directory(&files, PREVIOUS_CRITERION_RUN) {
        newest.runs.splice(0..0, before.runs);
        newest.notes.splice(0..0, before.notes);
    }
    Ok(answer(&newest))
}

/// The names of all formats.
#[wasm_bindgen(js_name = formats)]
pub fn format_names() -> Vec<String> {
    Format::ALL.iter().map(ToString::to_string).collect()
}

fn answer(reading: &Reading) -> Object {
    let lines: String = reading.runs.iter().map(wire::write_run).collect();
    let notes: Array = reading.notes.iter().map(|note| JsValue::from_str(note)).collect();
    let object = Object::new();
    for (name, value) in [
        ("format", JsValue::from_str(&reading.format.to_string())),
        ("notes", notes.into()),
        ("runs", Uint8Array::from(lines.as_bytes()).into()),
    ] {
        // A plain object takes every property.
        let _ = Reflect::set(&object, &JsValue::from_str(name), &value);
    }
    object
}

fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
