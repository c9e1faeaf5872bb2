//! What is in the folder.

use std::fs;

use globset::GlobBuilder;

use super::error::UploadError;
use super::file_name::FileName;
use super::file_type::FileType;
use super::folder::UploadFolder;

/// A file in the folder.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StoredFile {
    /// Its name.
    pub name: FileName,
    /// Its size.
    pub size_bytes: u64,
    /// Its type.
    pub file_type: FileType,
}

impl UploadFolder {
    /// All uploaded files, ordered by name. Folders, links and files that could not have been
    /// uploaded are passed over.
    ///
    /// # Errors
    ///
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Vec<StoredFile>, UploadError> {
        self.matching(|_| true)
    }

    /// The uploaded files whose whole name matches a pattern such as `*.txt`, `scan-??.png` or
    /// `{a,b}*`, ordered by name.
    ///
    /// # Errors
    ///
    /// When the pattern or the folder cannot be read.
    pub fn glob(&self, pattern: &str) -> Result<Vec<StoredFile>, UploadError> {
        let matcher = GlobBuilder::new(pattern)
            .literal_separator(true)
            .build()
            .map_err(|source| UploadError::InvalidPattern { pattern: pattern.to_owned(), source })?
            .compile_matcher();
        self.matching(|name| matcher.is_match(name))
    }

    /// The name decides before the file's metadata is asked for, which is what takes the time.
    fn matching(&self, accepts: impl Fn(&str) -> bool) -> Result<Vec<StoredFile>, UploadError> {
        let folder = self.path().to_string_lossy();
        let mut files = Vec::new();
        for entry in fs::read_dir(self.path()).map_err(UploadError::io("listing", &folder))? {
            let entry = entry.map_err(UploadError::io("listing", &folder))?;
            let name = entry.file_name();
            let Some(name) = name.to_str().filter(|name| accepts(name)) else { continue };
            let (Ok(name), Ok(file_type)) = (FileName::parse(name), FileType::of_name(name)) else {
                continue;
            };
            // Of a link this is the metadata of the link itself.
            let metadata = entry.metadata().map_err(UploadError::io("reading", name.as_str()))?;
            if metadata.is_file() {
                files.push(StoredFile { name, size_bytes: metadata.len(), file_type });
            }
        }
        files.sort_unstable_by(|left, right| left.name.cmp(&right.name));
        Ok(files)
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn folder_with(names: &[&str]) -> (TempDir, UploadFolder) {
        let temporary = tempfile::tempdir().unwrap();
        let folder = UploadFolder::open(temporary.path(), 1024).unwrap();
        for name in names {
            folder.write(&FileName::parse(name).unwrap(), name.as_bytes()).unwrap();
        }
        (temporary, folder)
    }

    fn names(files: &[StoredFile]) -> Vec<&str> {
        files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn an_empty_folder_lists_nothing() {
        let (_temporary, folder) = folder_with(&[]);
        assert_eq!(folder.list().unwrap(), []);
        assert_eq!(folder.glob("*").unwrap(), []);
    }

    #[test]
    fn files_are_listed_by_name_with_their_size() {
        let (_temporary, folder) = folder_with(&["b.txt", "c.png", "a.md"]);
        let files = folder.list().unwrap();
        assert_eq!(names(&files), ["a.md", "b.txt", "c.png"]);
        assert_eq!(files[1].size_bytes, 5);
        assert_eq!(files[2].file_type.content_type, "image/png");
    }

    #[test]
    fn what_was_not_uploaded_is_passed_over() {
        let (temporary, folder) = folder_with(&["a.txt"]);
        fs::create_dir(temporary.path().join("folder.txt")).unwrap();
        fs::write(temporary.path().join(".hidden.txt"), "").unwrap();
        fs::write(temporary.path().join("program.exe"), "").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("a.txt", temporary.path().join("link.txt")).unwrap();
        assert_eq!(names(&folder.list().unwrap()), ["a.txt"]);
    }

    #[test]
    fn patterns_match_whole_names() {
        let (_temporary, folder) = folder_with(&["scan-1.png", "scan-22.png", "notes.txt", "a.md"]);
        let found = |pattern| {
            let files = folder.glob(pattern).unwrap();
            files.into_iter().map(|file| file.name.to_string()).collect::<Vec<_>>()
        };
        assert_eq!(found("*.png"), ["scan-1.png", "scan-22.png"]);
        assert_eq!(found("scan-??.png"), ["scan-22.png"]);
        assert_eq!(found("scan"), [""; 0]);
        assert_eq!(found("{a,notes}.*"), ["a.md", "notes.txt"]);
        assert_eq!(found("[!s]*"), ["a.md", "notes.txt"]);
        assert_eq!(found("../*"), [""; 0]);
    }

    #[test]
    fn an_unreadable_pattern_is_an_error() {
        let (_temporary, folder) = folder_with(&["a.txt"]);
        assert!(matches!(folder.glob("[a"), Err(UploadError::InvalidPattern { .. })));
    }

    #[test]
    fn a_folder_that_is_gone_is_an_error() {
        let (temporary, folder) = folder_with(&[]);
        fs::remove_dir(temporary.path()).unwrap();
        assert!(matches!(folder.list(), Err(UploadError::Io { action: "listing", .. })));
    }
}
