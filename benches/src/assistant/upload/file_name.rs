//! Names that are safe to create in a folder.

use std::fmt;

use serde::Serialize;

use super::error::UploadError;

/// The longest name that common file systems store.
const MAXIMUM_NAME_BYTES: usize = 255;

/// Names that are devices on Windows, with any extension.
const DEVICE_NAMES: [&str; 22] = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8",
    "com9", "lpt1", "lpt2", "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
];

/// A file name that stays in the folder it is put in: no path, no hidden file, nothing that a
/// common file system or shell would take for something else.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct FileName(String);

impl FileName {
    /// Checks a name.
    ///
    /// # Errors
    ///
    /// When the name is not safe; the error says why.
    pub fn parse(name: &str) -> Result<Self, UploadError> {
        match problem_with(name) {
            None => Ok(Self(name.to_owned())),
            Some(problem) => Err(UploadError::InvalidName { name: name.to_owned(), problem }),
        }
    }

    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

fn problem_with(name: &str) -> Option<&'static str> {
    let stem = name.split('.').next().unwrap_or_default();
    if name.is_empty() {
        Some("it is empty")
    } else if name.len() > MAXIMUM_NAME_BYTES {
        Some("it is too long")
    } else if name.starts_with('.') {
        Some("it starts with a dot")
    } else if name.ends_with(['.', ' ']) || name.starts_with(' ') {
        Some("it starts or ends with a space, or ends with a dot")
    } else if name.contains(|character: char| {
        character.is_control()
            || matches!(character, '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
    }) {
        Some("it contains a separator, a wildcard or a control character")
    } else if DEVICE_NAMES.iter().any(|device| stem.eq_ignore_ascii_case(device)) {
        Some("it is the name of a device")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_names_are_taken_as_they_are() {
        for name in ["report.pdf", "my notes (2).txt", "a..b.txt", "größe.md", "console.log"] {
            assert_eq!(FileName::parse(name).unwrap().as_str(), name);
        }
        assert!(FileName::parse(&"x".repeat(MAXIMUM_NAME_BYTES)).is_ok());
    }

    #[test]
    fn names_that_lead_elsewhere_are_refused() {
        for name in [
            "../secret.txt",
            "..",
            ".",
            "/etc/passwd",
            "folder/file.txt",
            r"..\secret.txt",
            r"C:\file.txt",
            "file.txt:stream",
            "~/../file\0.txt",
        ] {
            assert!(
                matches!(FileName::parse(name), Err(UploadError::InvalidName { .. })),
                "{name:?}"
            );
        }
    }

    #[test]
    fn names_that_cannot_be_stored_everywhere_are_refused() {
        for name in [
            "",
            " ",
            ".hidden",
            "ends.",
            "ends ",
            " starts",
            "line\nbreak",
            "NUL",
            "com1.txt",
            "a*b",
        ] {
            assert!(FileName::parse(name).is_err(), "{name:?}");
        }
        assert!(FileName::parse(&"x".repeat(MAXIMUM_NAME_BYTES + 1)).is_err());
    }
}
