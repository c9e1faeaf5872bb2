//! Writing and reading the files.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::error::UploadError;
use super::file_name::FileName;
use super::file_type::FileType;
use super::listing::StoredFile;

/// A folder of uploaded files. All of them lie directly in it, under the names they came with.
#[derive(Debug)]
pub struct UploadFolder {
    path: PathBuf,
    limit_bytes: u64,
}

impl UploadFolder {
    /// Opens the folder at `path`, creating it if it is not there, for files of at most
    /// `limit_bytes`.
    ///
    /// # Errors
    ///
    /// When the folder cannot be created.
    pub fn open(path: &Path, limit_bytes: u64) -> Result<Self, UploadError> {
        fs::create_dir_all(path).map_err(UploadError::io("creating", &path.to_string_lossy()))?;
        Ok(Self { path: path.to_owned(), limit_bytes })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Stores a new file. It is never one that was there before, and a file that could not be
    /// written completely is not left behind.
    ///
    /// # Errors
    ///
    /// When the name or type is not taken, the file is too large, or the name is in use.
    pub fn write(&self, name: &FileName, content: &[u8]) -> Result<StoredFile, UploadError> {
        let file_type = FileType::of_name(name.as_str())?;
        let size_bytes = content.len() as u64;
        if size_bytes > self.limit_bytes {
            return Err(UploadError::TooLarge { bytes: size_bytes, limit: self.limit_bytes });
        }
        let path = self.path_of(name);
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path).map_err(
            |error| match error.kind() {
                io::ErrorKind::AlreadyExists => {
                    UploadError::AlreadyExists(name.as_str().to_owned())
                }
                _ => UploadError::io("creating", name.as_str())(error),
            },
        )?;
        if let Err(error) = file.write_all(content) {
            // The first error is the one to report; removing is all that can still be done.
            let _ = fs::remove_file(&path);
            return Err(UploadError::io("writing", name.as_str())(error));
        }
        Ok(StoredFile { name: name.clone(), size_bytes, file_type })
    }

    /// The content of a file.
    ///
    /// # Errors
    ///
    /// When there is no such file, or what has this name is not a regular file.
    pub fn read(&self, name: &FileName) -> Result<Vec<u8>, UploadError> {
        self.check_regular(name)?;
        fs::read(self.path_of(name)).map_err(UploadError::io("reading", name.as_str()))
    }

    /// The content of a file as base64, as providers take images and documents.
    ///
    /// # Errors
    ///
    /// As for [`UploadFolder::read`].
    pub fn read_base64(&self, name: &FileName) -> Result<String, UploadError> {
        Ok(STANDARD.encode(self.read(name)?))
    }

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// As for [`UploadFolder::read`].
    pub fn remove(&self, name: &FileName) -> Result<(), UploadError> {
        self.check_regular(name)?;
        fs::remove_file(self.path_of(name)).map_err(UploadError::io("removing", name.as_str()))
    }

    fn path_of(&self, name: &FileName) -> PathBuf {
        self.path.join(name.as_str())
    }

    /// A link could lead out of the folder, whatever its name.
    fn check_regular(&self, name: &FileName) -> Result<(), UploadError> {
        match fs::symlink_metadata(self.path_of(name)) {
            Ok(metadata) if metadata.is_file() => Ok(()),
            Ok(_) => Err(UploadError::NotAFile(name.as_str().to_owned())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                Err(UploadError::NotFound(name.as_str().to_owned()))
            }
            Err(error) => Err(UploadError::io("reading", name.as_str())(error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn folder() -> (TempDir, UploadFolder) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = UploadFolder::open(&temporary.path().join("uploads"), 1024).unwrap();
        (temporary, folder)
    }

    fn name(name: &str) -> FileName {
        FileName::parse(name).unwrap()
    }

    #[test]
    fn what_is_written_is_read() {
        let (_temporary, folder) = folder();
        let stored = folder.write(&name("notes.txt"), b"hello").unwrap();
        assert_eq!((stored.size_bytes, stored.file_type.extension), (5, "txt"));
        assert_eq!(folder.read(&name("notes.txt")).unwrap(), b"hello");
        assert_eq!(folder.read_base64(&name("notes.txt")).unwrap(), "aGVsbG8=");
        folder.write(&name("empty.txt"), b"").unwrap();
        assert_eq!(folder.read_base64(&name("empty.txt")).unwrap(), "");
        folder.remove(&name("notes.txt")).unwrap();
        assert!(matches!(folder.read(&name("notes.txt")), Err(UploadError::NotFound(_))));
        assert!(matches!(folder.remove(&name("notes.txt")), Err(UploadError::NotFound(_))));
    }

    #[test]
    fn a_file_is_never_replaced() {
        let (_temporary, folder) = folder();
        folder.write(&name("notes.txt"), b"first").unwrap();
        assert!(matches!(
            folder.write(&name("notes.txt"), b"second"),
            Err(UploadError::AlreadyExists(_))
        ));
        assert_eq!(folder.read(&name("notes.txt")).unwrap(), b"first");
    }

    #[test]
    fn size_and_type_are_checked_before_writing() {
        let (_temporary, folder) = folder();
        assert!(folder.write(&name("limit.txt"), &[0; 1024]).is_ok());
        assert!(matches!(
            folder.write(&name("large.txt"), &[0; 1025]),
            Err(UploadError::TooLarge { bytes: 1025, limit: 1024 })
        ));
        assert!(matches!(
            folder.write(&name("run.exe"), b"MZ"),
            Err(UploadError::UnsupportedExtension(_))
        ));
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn only_regular_files_are_read() {
        let (_temporary, folder) = folder();
        fs::create_dir(folder.path().join("folder.txt")).unwrap();
        assert!(matches!(folder.read(&name("folder.txt")), Err(UploadError::NotAFile(_))));
    }

    #[cfg(unix)]
    #[test]
    fn links_are_not_followed() {
        let (temporary, folder) = folder();
        let secret = temporary.path().join("secret.txt");
        fs::write(&secret, "secret").unwrap();
        std::os::unix::fs::symlink(&secret, folder.path().join("link.txt")).unwrap();
        assert!(matches!(folder.read(&name("link.txt")), Err(UploadError::NotAFile(_))));
        assert!(matches!(folder.remove(&name("link.txt")), Err(UploadError::NotAFile(_))));
        assert!(matches!(
            folder.write(&name("link.txt"), b"overwritten"),
            Err(UploadError::AlreadyExists(_))
        ));
        assert_eq!(fs::read(&secret).unwrap(), b"secret");
    }
}
