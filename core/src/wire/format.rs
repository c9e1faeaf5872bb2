use std::borrow::Cow;

use serde::Deserialize;

use super::WireError;

/// The format of a run, as this version writes it.
pub const RUN_FORMAT: &str = "driftline-run/1";
/// The format of a baseline, as this version writes it.
pub const BASELINE_FORMAT: &str = "driftline-baseline/1";

/// A kind of document, and the versions of it that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Kind {
    /// The current format: `name/version`.
    current: &'static str,
    /// How a document in the current format begins when this program wrote it.
    opening: &'static [u8],
}

pub(super) const RUN: Kind =
    Kind { current: RUN_FORMAT, opening: br#"{"format":"driftline-run/1","# };
pub(super) const BASELINE: Kind =
    Kind { current: BASELINE_FORMAT, opening: b"{\n  \"format\": \"driftline-baseline/1\"," };

/// The versions that can be read. A match over it is where a new one is upgraded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Version {
    V1,
}

impl Kind {
    /// The current format, `name/version`.
    pub(super) fn expected(self) -> &'static str {
        self.current
    }

    /// Whether `format` is of this kind, in whatever version.
    pub(super) fn includes(self, format: &str) -> bool {
        let name = |format: &str| format.split_once('/').map(|(name, _)| name.to_owned());
        name(format) == name(self.current)
    }

    /// Which version of this kind the document in `bytes` is of; `line` is where it begins.
    ///
    /// Our own files are recognised by how they begin, so the usual case looks at a few bytes; any
    /// other order of fields or white space costs one more pass over the document.
    pub(super) fn version(self, bytes: &[u8], line: usize) -> Result<Version, WireError> {
        if bytes.starts_with(self.opening) {
            return Ok(Version::V1);
        }
        if !bytes.is_empty() && bytes.iter().all(|&byte| byte == 0) {
            return Err(WireError::OnlyNuls { line, count: bytes.len(), expected: self.current });
        }
        let header: Header = serde_json::from_slice(bytes)
            .map_err(|error| WireError::of_json(&error, line, self.current))?;
        match header.format {
            Some(format) if format == self.current => Ok(Version::V1),
            Some(format) => Err(self.unknown(&format, line)),
            None => Err(WireError::NoFormat { line, expected: self.current }),
        }
    }

    /// The error for a format that is not among the known ones.
    pub(super) fn unknown(self, format: &str, line: usize) -> WireError {
        let found: String = format.chars().take(80).collect();
        if self.includes(format) {
            WireError::Newer { line, found, expected: self.current }
        } else {
            WireError::OtherFormat { line, found, expected: self.current }
        }
    }
}

/// All that is read of a document to tell its format.
#[derive(Deserialize)]
struct Header<'a> {
    #[serde(borrow, default)]
    format: Option<Cow<'a, str>>,
}

/// What the `format` of the first JSON object in `bytes` says, if there is one; of a history, that
/// of its first line.
pub fn format_of(bytes: &[u8]) -> Option<String> {
    let mut documents = serde_json::Deserializer::from_slice(without_mark(bytes)).into_iter();
    let first: Header = documents.next()?.ok()?;
    first.format.map(Cow::into_owned)
}

/// `bytes` without the byte order mark that some editors put at the beginning of a file.
pub(super) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_format_is_found_wherever_it_stands() {
        assert_eq!(RUN.version(br#"{"format":"driftline-run/1","id":"#, 1), Ok(Version::V1));
        assert_eq!(
            RUN.version(br#" {"id": "a", "format": "driftline-run/1"}"#, 1),
            Ok(Version::V1)
        );
        assert_eq!(format_of(b"{\"id\":1,\"format\":\"x/1\"}\n{").as_deref(), Some("x/1"));
        assert_eq!(format_of(b"{\"id\":1}"), None);
        assert_eq!(format_of(b"id,value"), None);
    }

    #[test]
    fn a_newer_version_is_no_other_kind() {
        let newer = RUN.version(br#"{"format":"driftline-run/2"}"#, 7).unwrap_err();
        assert!(newer.is_newer());
        assert_eq!(
            newer.to_string(),
            "line 7: written by a newer driftline (driftline-run/2; this one knows \
             driftline-run/1): update driftline"
        );
        let other = RUN.version(br#"{"format":"driftline-runner/2"}"#, 7).unwrap_err();
        assert!(!other.is_newer());
        assert_eq!(
            other.to_string(),
            "line 7: the format is \"driftline-runner/2\" (expected driftline-run/1)"
        );
    }

    #[test]
    fn what_is_no_document_says_where_and_why() {
        let error = |bytes: &[u8]| RUN.version(bytes, 3).unwrap_err().to_string();
        assert_eq!(error(b"{}"), "line 3: there is no \"format\" (expected driftline-run/1)");
        assert_eq!(
            error(b"\0\0"),
            "line 3: 2 NUL bytes instead of a driftline-run/1, as after a power failure"
        );
        assert_eq!(
            error(b"<<<<<<< HEAD"),
            "line 3, column 1: expected value (expected driftline-run/1)"
        );
        assert_eq!(
            error(br#"{"id":"#),
            "line 3, column 6: the driftline-run/1 ends in the middle, as when a write is cut short"
        );
    }
}
