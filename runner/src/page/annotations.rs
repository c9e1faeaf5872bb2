//! `annotations.json`: notes on runs, such as releases and incidents, which the page draws.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What a file of notes says it is.
const FORMAT: &str = "driftline-annotations/1";

/// The notes of all files, as the page takes them: `{"format": …, "annotations": […]}`.
#[derive(Debug, Serialize)]
pub(crate) struct Annotations {
    format: &'static str,
    annotations: Vec<Value>,
}

#[derive(Deserialize)]
struct File {
    format: String,
    annotations: Vec<Value>,
}

/// The notes in these files, each once; none where no file is there, or they hold none. What cannot be read
/// is said, and the others' notes are shown.
pub(crate) fn read(files: &[PathBuf]) -> (Option<Annotations>, Vec<String>) {
    let (mut all, mut problems) = (Vec::new(), Vec::new());
    for file in files {
        match read_one(file) {
            Ok(notes) => notes.into_iter().for_each(|note| {
                if !all.contains(&note) {
                    all.push(note);
                }
            }),
            Err(why) => problems.push(format!("{} is not shown: {why}", file.display())),
        }
    }
    let annotations = (!all.is_empty()).then_some(Annotations { format: FORMAT, annotations: all });
    (annotations, problems)
}

fn read_one(path: &Path) -> Result<Vec<Value>, String> {
    let bytes = match std::fs::read(path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(error.to_string()),
    };
    let file: File =
        serde_json::from_slice(&bytes).map_err(|error| format!("{error} (expected {FORMAT})"))?;
    if file.format != FORMAT {
        return Err(format!("it is {:?}, and not {FORMAT}", file.format));
    }
    Ok(file.annotations)
}
