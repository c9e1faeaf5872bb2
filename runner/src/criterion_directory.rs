//! The directories that criterion and other harnesses write, from the disk into the core's readers.

use std::ffi::OsString;
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

/// The file that describes a benchmark in criterion's directory.
const BENCHMARK: &str = "benchmark.json";
/// The file of its raw values, and that of its figures, which is looked at only where there is no sample.
const SAMPLE: &str = "sample.json";
const ESTIMATES: &str = "estimates.json";

/// A file below the directory.
struct Found {
    path: PathBuf,
    /// Whether it is one of those of criterion's newest results that are looked at.
    is_of_newest: bool,
}

/// The files with one of the `extensions` below `directory` by their path within it, in the order of
/// their names. Of criterion's directory only what its newest results need is read: the others are
/// there without content.
fn files(directory: &Path, extensions: &[&str]) -> io::Result<Vec<(String, Vec<u8>)>> {
    let (found, of_criterion) = walk(directory, extensions)?;
    let read = |file: Found| {
        let wanted = !of_criterion || file.is_of_newest;
        let bytes = if wanted { fs::read(&file.path)? } else { Vec::new() };
        let name = file.path.strip_prefix(directory).unwrap_or(&file.path);
        Ok((name.to_string_lossy().into_owned(), bytes))
    };
    found.into_iter().map(read).collect()
}

/// The files, and whether it is criterion's directory. Links are not followed: they may lead in circles.
fn walk(directory: &Path, extensions: &[&str]) -> io::Result<(Vec<Found>, bool)> {
    let mut found = Vec::new();
    let mut of_criterion = false;
    // What is still to be visited, the next one last; None for a folder.
    let mut pending = vec![(directory.to_owned(), None)];
    while let Some((path, file)) = pending.pop() {
        if let Some(is_of_newest) = file {
            found.push(Found { path, is_of_newest });
            continue;
        }
        let entries = entries(&path, extensions)?;
        let has = |file: &str| entries.iter().any(|(name, is_folder)| !is_folder && name == file);
        let (is_newest, has_sample) = (path.ends_with(NEWEST_CRITERION_RUN), has(SAMPLE));
        of_criterion |= has(BENCHMARK);
        pending.extend(entries.iter().rev().map(|(name, is_folder)| {
            let wanted = name == BENCHMARK || name == SAMPLE || name == ESTIMATES && !has_sample;
            (path.join(name), (!is_folder).then_some(is_newest && wanted))
        }));
    }
    Ok((found, of_criterion))
}

/// What is in a folder and of use, in the order of the names, and whether each is a folder.
fn entries(folder: &Path, extensions: &[&str]) -> io::Result<Vec<(OsString, bool)>> {
    let mut entries = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let (name, is_folder) = (entry.file_name(), entry.file_type()?.is_dir());
        let extension = || Path::new(&name).extension();
        if is_folder || extension().is_some_and(|own| extensions.iter().any(|e| own == *e)) {
            entries.push((name, is_folder));
        }
    }
    entries.sort_unstable();
    Ok(entries)
}
