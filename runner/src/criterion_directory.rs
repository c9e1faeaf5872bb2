//! The directories that criterion and other harnesses write, from the disk into the core's readers.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use driftline_core::formats::{
    FormatError, InputFile, NEWEST_CRITERION_RUN, Reading, read_criterion_directory, read_directory,
};

/// Why a directory could not be read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum DirectoryError {
    #[error("{}: {error}", path.display())]
    Disk { path: PathBuf, error: io::Error },
    #[error("{}: {error}", path.display())]
    Format { path: PathBuf, error: FormatError },
}

/// Reads every benchmark's newest results below `directory`.
///
/// # Errors
/// When the directory cannot be read, or there are no such results.
pub(crate) fn read(directory: &Path) -> Result<Reading, DirectoryError> {
    read_by(directory, &["json"], |files| read_criterion_directory(files, NEWEST_CRITERION_RUN))
}

/// Reads the results below `directory`, whichever harness wrote them.
///
/// # Errors
/// When the directory cannot be read, or there are no such results.
pub(crate) fn read_any(directory: &Path) -> Result<Reading, DirectoryError> {
    read_by(directory, &["json", "csv"], read_directory)
}

fn read_by(
    directory: &Path,
    extensions: &[&str],
    reader: impl Fn(&[InputFile<'_>]) -> Result<Reading, FormatError>,
) -> Result<Reading, DirectoryError> {
    let path = || directory.to_owned();
    let files = files(directory, extensions)
        .map_err(|error| DirectoryError::Disk { path: path(), error })?;
    let inputs: Vec<InputFile<'_>> =
        files.iter().map(|(name, bytes)| InputFile { name, bytes }).collect();
    reader(&inputs).map_err(|error| DirectoryError::Format { path: path(), error })
}

/// The files with one of the `extensions` below `directory` by their path within it. Of criterion's
/// directory only what its newest results need is read: the others are there without content. Links
/// are not followed: they may lead in circles.
fn files(directory: &Path, extensions: &[&str]) -> io::Result<Vec<(String, Vec<u8>)>> {
    let mut found = paths(directory, extensions)?;
    found.sort();
    let of_criterion = found.iter().any(|path| path.ends_with(BENCHMARK));
    let read = |(position, path): (usize, &PathBuf)| {
        let further = found.get(position + 1..).unwrap_or_default();
        let wanted = !of_criterion || is_of_newest(path, further);
        let bytes = if wanted { fs::read(path)? } else { Vec::new() };
        let name = path.strip_prefix(directory).unwrap_or(path);
        Ok((name.to_string_lossy().into_owned(), bytes))
    };
    found.iter().enumerate().map(read).collect()
}

/// The file that describes a benchmark in criterion's directory.
const BENCHMARK: &str = "benchmark.json";
/// The file of its raw values.
const SAMPLE: &str = "sample.json";

/// Whether it is one of the files of criterion's newest results that are looked at: the estimates only
/// where there is no sample. `further`: the sorted paths behind it.
fn is_of_newest(path: &Path, further: &[PathBuf]) -> bool {
    let Some(folder) = path.parent().filter(|folder| folder.ends_with(NEWEST_CRITERION_RUN)) else {
        return false;
    };
    let has_sample = || {
        let beside = further.iter().take_while(|other| other.parent() == Some(folder));
        beside.into_iter().any(|other| other.ends_with(SAMPLE))
    };
    path.ends_with(BENCHMARK)
        || path.ends_with(SAMPLE)
        || path.ends_with("estimates.json") && !has_sample()
}

fn paths(directory: &Path, extensions: &[&str]) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut pending = vec![directory.to_owned()];
    while let Some(folder) = pending.pop() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                pending.push(path);
            } else if path.extension().is_some_and(|own| extensions.iter().any(|e| own == *e)) {
                files.push(path);
            }
        }
    }
    Ok(files)
}
