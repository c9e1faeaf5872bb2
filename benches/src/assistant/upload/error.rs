//! What can go wrong with an upload.

use std::io;

/// Why a file was not taken, found or read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum UploadError {
    /// The name could lead out of the folder, or is one that some system cannot store.
    #[error("{name:?} is no file name: {problem}")]
    InvalidName {
        /// The name that was offered.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Files of this type are not taken.
    #[error("files like {0:?} are not accepted")]
    UnsupportedExtension(String),
    /// The file claims to be of another type than its name.
    #[error("{name:?} is {expected}, but was declared as {declared:?}")]
    ContentTypeMismatch {
        /// The file's name.
        name: String,
        /// The content type of its extension.
        expected: &'static str,
        /// The content type that was declared.
        declared: String,
    },
    /// The file is larger than is taken.
    #[error("a file of {bytes} bytes is larger than the {limit} bytes allowed")]
    TooLarge {
        /// Its size.
        bytes: u64,
        /// The largest that is taken.
        limit: u64,
    },
    /// A file of this name is there already.
    #[error("there is a file {0:?} already")]
    AlreadyExists(String),
    /// There is no file of this name.
    #[error("there is no file {0:?}")]
    NotFound(String),
    /// What has this name is a folder, a link or something else that was not uploaded.
    #[error("{0:?} is not a regular file")]
    NotAFile(String),
    /// The pattern cannot be read.
    #[error("invalid pattern {pattern:?}: {source}")]
    InvalidPattern {
        /// The pattern.
        pattern: String,
        /// Why not.
        source: globset::Error,
    },
    /// The file system failed.
    #[error("{action} {name:?} failed: {source}")]
    Io {
        /// What was being done.
        action: &'static str,
        /// To what.
        name: String,
        /// What the system said.
        source: io::Error,
    },
}

impl UploadError {
    /// For `map_err` on what the file system returns.
    pub(super) fn io(action: &'static str, name: &str) -> impl FnOnce(io::Error) -> Self {
        move |source| Self::Io { action, name: name.to_owned(), source }
    }
}
