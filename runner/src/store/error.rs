use std::fmt;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use driftline_core::model::BaselineName;
use driftline_core::wire::WireError;

/// Why the store could not do what was asked. Each reads well after "failed to …".
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum StoreError {
    /// A file is there and cannot be read.
    #[error("read {}: {error}{}", path.display(), hint(error, "readable"))]
    Read {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file could not be written. What was there before is there still.
    #[error("write {}: {error}; nothing was recorded{}", path.display(), hint(error, "writable"))]
    Write {
        /// The file or directory.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A file could not be removed.
    #[error("remove {}: {error}; it is still there{}", path.display(), hint(error, "writable"))]
    Remove {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// Somebody else writes, and does not come to an end.
    #[error(
        "lock {}: another process has held it for {seconds} s; nothing was recorded: wait for that \
         driftline to end, or end it, and try again",
        path.display()
    )]
    Busy {
        /// The lock's file.
        path: PathBuf,
        /// How long was waited for it.
        seconds: u64,
    },
    /// A baseline's file holds something else.
    #[error("read the baseline in {}: {error}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: WireError,
    },
    /// No baseline of that name.
    #[error("find a baseline named {name} in {}: {}", directory.display(), there_is(known))]
    NoSuchBaseline {
        /// The name.
        name: BaselineName,
        /// Where baselines are kept.
        directory: PathBuf,
        /// Which there are.
        known: Vec<BaselineName>,
    },
}

impl StoreError {
    pub(super) fn read(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Read { path: path.to_owned(), error }
    }

    pub(super) fn write(path: &Path) -> impl FnOnce(io::Error) -> Self {
        move |error| Self::Write { path: path.to_owned(), error }
    }
}

/// What to do about it, where the kind of error tells.
fn hint(error: &io::Error, able: &str) -> String {
    match error.kind() {
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => format!(
            ": make it {able}, or choose another place with `path` under [history] in driftline.toml"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            ": free some space and try again".to_owned()
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => {
            ": a file is where a directory should be; move it away, or choose another place with \
             `path` under [history] in driftline.toml"
                .to_owned()
        }
        ErrorKind::IsADirectory => {
            ": a directory is where a file should be; move it away".to_owned()
        }
        _ => String::new(),
    }
}

fn there_is(known: &[BaselineName]) -> String {
    if known.is_empty() {
        return "none is saved yet; save one with `driftline baseline save`".to_owned();
    }
    let names: Vec<&str> = known.iter().map(BaselineName::as_str).collect();
    format!("there is {}", names.join(", "))
}

/// Something in the store that could not be read and was passed over. Never the end of the matter:
/// what is damaged is set aside, not dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Warning {
    /// The file.
    pub(crate) path: PathBuf,
    /// What is wrong with it, with its line.
    pub(crate) reason: String,
    /// What became of it.
    pub(crate) fate: Fate,
}

/// What became of something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fate {
    /// It stays where it is.
    Left,
    /// It stays until the next write sets it aside.
    LeftUntilWrite,
    /// It was moved to that file.
    SetAside(PathBuf),
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}; ", self.path.display(), self.reason)?;
        match &self.fate {
            Fate::Left => f.write_str("passed over, and left as it is"),
            Fate::LeftUntilWrite => f.write_str("passed over; the next write sets it aside"),
            Fate::SetAside(path) => write!(f, "moved to {}", path.display()),
        }
    }
}
