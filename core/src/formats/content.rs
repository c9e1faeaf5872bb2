use super::generic::github_action_benchmark;
use super::json::{self, Broken, Document, Repair, Value};
use super::plain_text::{Line, lines};
use super::{FormatError, InputFile};

/// What a file holds, as far as it is looked at before its format is known.
#[derive(Debug)]
pub(super) struct Content<'a> {
    pub(super) file: InputFile<'a>,
    /// The text as it stands.
    pub(super) text: &'a str,
    /// The text without escape sequences ([`plain`](super::plain_text::plain)).
    pub(super) plain: &'a str,
    /// The JSON in it: one document, one on each of several lines, or some between other lines.
    pub(super) documents: Vec<Document<'a>>,
    /// Lines that begin as JSON does and are none.
    pub(super) broken: Vec<Broken>,
    /// Why there is no JSON, where the text begins as JSON does.
    error: Option<FormatError>,
}

impl<'a> Content<'a> {
    pub(super) fn new(
        file: InputFile<'a>,
        text: &'a str,
        plain: &'a str,
        repair: &'a Repair,
    ) -> Self {
        let mut content =
            Self { file, text, plain, documents: Vec::new(), broken: Vec::new(), error: None };
        // A script, of which no line is JSON by itself.
        if plain.trim_start().starts_with(github_action_benchmark::MARK) {
            return content;
        }
        if json::begins(plain) && !json::is_lines(plain) {
            match json::parse(file.name, plain, repair) {
                Ok(value) => {
                    content.documents.push(Document { line: 1, value });
                    return content;
                }
                // Parts of a document that is cut off or broken are no documents.
                Err(error) if !json::is_followed_by_text(&error) => {
                    content.error = Some(error);
                    return content;
                }
                Err(error) => content.error = Some(error),
            }
        }
        (content.documents, content.broken) = json::between_lines(plain, repair);
        content
    }

    /// Text that is not looked at any further.
    pub(super) fn of_text(file: InputFile<'a>, text: &'a str) -> Self {
        let (documents, broken) = (Vec::new(), Vec::new());
        Self { file, text, plain: text, documents, broken, error: None }
    }

    /// The lines of the plain text.
    pub(super) fn lines(&self) -> impl Iterator<Item = Line<'a>> {
        lines(self.plain)
    }

    /// Whether the last line has no end: it may have been cut off.
    pub(super) fn is_cut_off(&self) -> bool {
        !self.plain.ends_with('\n')
    }

    /// Why the file is not JSON, where it begins so.
    pub(super) fn json_error(&self) -> Option<&FormatError> {
        self.error.as_ref().filter(|_| self.documents.is_empty())
    }

    /// The JSON documents that are of a format; the only one there is whatever it is, so that its
    /// reader says what it lacks.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn documents(
        &self,
        of_format: fn(&Value<'_>) -> bool,
        expected: &'static str,
    ) -> Result<Vec<&Document<'a>>, FormatError> {
        let mut found: Vec<&Document<'a>> =
            self.documents.iter().filter(|document| of_format(&document.value)).collect();
        if let ([], [only]) = (found.as_slice(), self.documents.as_slice()) {
            found.push(only);
        }
        if found.is_empty() {
            return Err(match (self.json_error(), self.broken.first()) {
                (Some(error), _) => error.clone(),
                (None, Some(Broken { line, problem })) => self
                    .line_error(*line, format!("not valid JSON: {problem}; expected {expected}")),
                (None, None) => {
                    self.line_error(1, format!("expected {expected}, found {}", self.beginning()))
                }
            });
        }
        Ok(found)
    }

    /// What stands first in the file, for a message.
    pub(super) fn beginning(&self) -> String {
        if let Some(Document { value, .. }) = self.documents.first() {
            return json::outlined(value);
        }
        let first = self.plain.trim_start().lines().next().unwrap_or_default();
        format!("text that begins with {:?}", first.chars().take(80).collect::<String>())
    }

    /// An error about a line.
    pub(super) fn line_error(&self, line: u64, problem: String) -> FormatError {
        FormatError::Line { file: self.file.name.to_owned(), line, problem }
    }

    /// An error about a place in the JSON.
    pub(super) fn shape_error(
        &self,
        path: &'static str,
        expected: &'static str,
        found: Option<&Value<'_>>,
    ) -> FormatError {
        let (file, found) = (self.file.name.to_owned(), json::described(found));
        FormatError::Shape { file, path, expected, found }
    }
}
