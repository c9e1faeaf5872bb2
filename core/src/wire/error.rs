/// Why bytes are not a run or a baseline. Lines and columns count from 1, columns in bytes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WireError {
    /// The JSON ends before the document does: a write was cut short.
    #[error(
        "line {line}, column {column}: the {expected} ends in the middle, as when a write is cut short"
    )]
    CutShort {
        /// The 1-based line.
        line: usize,
        /// The 1-based column, in bytes.
        column: usize,
        /// The format that was expected.
        expected: &'static str,
    },
    /// Nothing but NUL bytes, which some file systems leave where a power failure cut a write short.
    #[error("line {line}: {count} NUL bytes instead of a {expected}, as after a power failure")]
    OnlyNuls {
        /// The 1-based line.
        line: usize,
        /// How many NUL bytes.
        count: usize,
        /// The format that was expected.
        expected: &'static str,
    },
    /// No JSON, or JSON with something in it that the format does not allow.
    #[error("line {line}, column {column}: {problem} (expected {expected})")]
    Invalid {
        /// The 1-based line.
        line: usize,
        /// The 1-based column, in bytes.
        column: usize,
        /// What is wrong there.
        problem: String,
        /// The format that was expected.
        expected: &'static str,
    },
    /// JSON that does not say what format it is of.
    #[error("line {line}: there is no \"format\" (expected {expected})")]
    NoFormat {
        /// The 1-based line.
        line: usize,
        /// The format that was expected.
        expected: &'static str,
    },
    /// A document of another kind.
    #[error("line {line}: the format is {found:?} (expected {expected})")]
    OtherFormat {
        /// The 1-based line.
        line: usize,
        /// The format that was found, shortened to 80 characters.
        found: String,
        /// The format that was expected.
        expected: &'static str,
    },
    /// A document of the right kind in a version that this driftline does not know.
    #[error(
        "line {line}: written by a newer driftline ({found}; this one knows {expected}): update driftline"
    )]
    Newer {
        /// The 1-based line.
        line: usize,
        /// The format that was found, shortened to 80 characters.
        found: String,
        /// The newest format of its kind that this driftline knows.
        expected: &'static str,
    },
}

impl WireError {
    /// The 1-based line it stands in.
    pub fn line(&self) -> usize {
        match self {
            Self::CutShort { line, .. }
            | Self::OnlyNuls { line, .. }
            | Self::Invalid { line, .. }
            | Self::NoFormat { line, .. }
            | Self::OtherFormat { line, .. }
            | Self::Newer { line, .. } => *line,
        }
    }

    /// Whether a newer driftline can read what this one cannot: then the bytes are no damage, and
    /// nobody may drop them.
    pub fn is_newer(&self) -> bool {
        matches!(self, Self::Newer { .. })
    }

    /// The error of a document that begins in line `first_line` of its file.
    pub(super) fn of_json(
        error: &serde_json::Error,
        first_line: usize,
        expected: &'static str,
    ) -> Self {
        // serde_json counts lines within the document from 1, and says 0 where it knows no place.
        let line = first_line + error.line().saturating_sub(1);
        let column = error.column();
        if error.is_eof() {
            return Self::CutShort { line, column, expected };
        }
        // Its message ends with the place in the document, which is not the place in the file.
        let place = format!(" at line {} column {}", error.line(), column);
        let message = error.to_string();
        let problem = message.strip_suffix(&place).unwrap_or(&message).to_owned();
        Self::Invalid { line, column, problem, expected }
    }
}
