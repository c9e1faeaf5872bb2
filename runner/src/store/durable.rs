//! Writes that are on the disk when they return. Whoever calls these holds the store's lock.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write};
use std::path::Path;

/// How the names of half-written files begin and end.
const TEMPORARY: (&str, &str) = (".driftline-", ".tmp");

/// The file's bytes, or none when there is no such file.
pub(super) fn read(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Creates a directory and those above it.
pub(super) fn create_directory(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let missing = path.ancestors().take_while(|above| !is_directory(above)).count();
    fs::create_dir_all(path)?;
    // A new directory is on the disk once the one that lists it is.
    path.ancestors().skip(1).take(missing).try_for_each(sync_directory)
}

/// The parent of a plain relative name is the empty path: the current directory.
fn is_directory(path: &Path) -> bool {
    path.as_os_str().is_empty() || path.is_dir()
}

/// Adds bytes to the end of a file; all of them or, as far as the system allows, none.
pub(super) fn append(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
    let before = file.metadata()?.len();
    if let Err(error) = file.write_all(bytes).and_then(|()| file.sync_all()) {
        // The disk is full, for instance: half a line would stay. If this fails as well, the next
        // writer finds a torn line and sets it aside.
        let _ = file.set_len(before).and_then(|()| file.sync_all());
        return Err(error);
    }
    // Not only when this call created the file: whoever did may have been killed before syncing.
    sync_parent(path)
}

/// Replaces a file, or creates it, in one step: at any moment, and after any crash, it holds either
/// what it held before or `bytes`.
pub(super) fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    // Through a link, as appending does: what it points to is replaced, not the link.
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let path = target.as_path();
    let directory = parent(path);
    remove_leftovers(directory);
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY.0).suffix(TEMPORARY.1);
    // Temporary files are for their owner alone by default; this one is to stay.
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let mut temporary = builder.tempfile_in(directory)?;
    temporary.write_all(bytes)?;
    if let Ok(existing) = fs::metadata(path)
        && existing.is_file()
    {
        temporary.as_file().set_permissions(existing.permissions())?;
    }
    temporary.as_file().sync_all()?;
    temporary.persist(path).map_err(|failed| failed.error)?;
    sync_directory(directory)
}

/// Removes a file; what does not exist cannot be.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    fs::remove_file(path)?;
    sync_parent(path)
}

/// Removes what writers left that were killed before they could rename it. Whoever holds the lock
/// is the only writer, so every such file is a leftover; one that stays does no harm.
fn remove_leftovers(directory: &Path) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with(TEMPORARY.0) && name.ends_with(TEMPORARY.1) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

fn parent(path: &Path) -> &Path {
    path.parent().unwrap_or(path)
}

fn sync_parent(path: &Path) -> io::Result<()> {
    sync_directory(parent(path))
}

/// Makes the creation, renaming and removal of a directory's files last.
#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let path = if path.as_os_str().is_empty() { Path::new(".") } else { path };
    File::open(path)?.sync_all()
}

/// Elsewhere a directory cannot be synced, and renaming is in the file system's journal.
#[cfg(not(unix))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail on Unix")]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
