//! Which files are taken, by extension.

use serde::Serialize;

use super::error::UploadError;

/// What the assistant can do with a file.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Category {
    /// Read it as it is.
    Text,
    /// Read it as fields or records.
    Data,
    /// Extract its text.
    Document,
    /// Look at it.
    Image,
    /// Listen to it.
    Audio,
}

/// A type of file that is taken.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct FileType {
    /// The extension, without its dot, in lower case.
    pub extension: &'static str,
    /// The content type it is served as.
    pub content_type: &'static str,
    /// What can be done with it.
    pub category: Category,
}

const fn file_type(
    extension: &'static str,
    content_type: &'static str,
    category: Category,
) -> FileType {
    FileType { extension, content_type, category }
}

/// The types that are taken, ordered by extension for the search in [`FileType::of_name`].
const FILE_TYPES: [FileType; 21] = [
    file_type("c", "text/x-c", Category::Text),
    file_type("csv", "text/csv", Category::Data),
    file_type(
        "docx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        Category::Document,
    ),
    file_type("gif", "image/gif", Category::Image),
    file_type("html", "text/html", Category::Text),
    file_type("jpeg", "image/jpeg", Category::Image),
    file_type("jpg", "image/jpeg", Category::Image),
    file_type("js", "text/javascript", Category::Text),
    file_type("json", "application/json", Category::Data),
    file_type("md", "text/markdown", Category::Text),
    file_type("mp3", "audio/mpeg", Category::Audio),
    file_type("pdf", "application/pdf", Category::Document),
    file_type("png", "image/png", Category::Image),
    file_type("py", "text/x-python", Category::Text),
    file_type("rs", "text/x-rust", Category::Text),
    file_type("toml", "application/toml", Category::Data),
    file_type("txt", "text/plain", Category::Text),
    file_type("wav", "audio/wav", Category::Audio),
    file_type("webp", "image/webp", Category::Image),
    file_type("xml", "application/xml", Category::Data),
    file_type("yaml", "application/yaml", Category::Data),
];

impl FileType {
    /// The type of a file, by the extension of its name in any case.
    ///
    /// # Errors
    ///
    /// When the name has no extension, or one that is not taken.
    pub fn of_name(name: &str) -> Result<Self, UploadError> {
        let unsupported = || UploadError::UnsupportedExtension(name.to_owned());
        let (stem, extension) = name.rsplit_once('.').ok_or_else(unsupported)?;
        if stem.is_empty() {
            return Err(unsupported());
        }
        let extension = extension.to_ascii_lowercase();
        FILE_TYPES
            .binary_search_by(|known| known.extension.cmp(&extension))
            .map(|index| FILE_TYPES[index])
            .map_err(|_| unsupported())
    }

    /// Checks that a file was declared as what its name says. Parameters such as `charset` and
    /// the case of letters do not matter, and `application/octet-stream` claims nothing.
    ///
    /// # Errors
    ///
    /// When it was declared as something else.
    pub fn check_declared(self, name: &str, declared: &str) -> Result<(), UploadError> {
        let essence = declared.split(';').next().unwrap_or_default().trim();
        if essence.eq_ignore_ascii_case(self.content_type)
            || essence.eq_ignore_ascii_case("application/octet-stream")
        {
            return Ok(());
        }
        Err(UploadError::ContentTypeMismatch {
            name: name.to_owned(),
            expected: self.content_type,
            declared: declared.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_found() {
        assert!(FILE_TYPES.is_sorted_by(|left, right| left.extension < right.extension));
        for known in FILE_TYPES {
            assert_eq!(FileType::of_name(&format!("file.{}", known.extension)).unwrap(), known);
        }
    }

    #[test]
    fn the_last_extension_counts_in_any_case() {
        assert_eq!(FileType::of_name("Photo.JPG").unwrap().content_type, "image/jpeg");
        assert_eq!(FileType::of_name("archive.tar.md").unwrap().extension, "md");
        for name in
            ["run.exe", "image.png.exe", "README", "trailing.", ".txt", "", "a.tx", "a.txtt"]
        {
            assert!(
                matches!(FileType::of_name(name), Err(UploadError::UnsupportedExtension(_))),
                "{name:?}"
            );
        }
    }

    #[test]
    fn the_declared_type_must_agree() {
        let text = FileType::of_name("notes.txt").unwrap();
        for declared in ["text/plain", "Text/Plain; charset=utf-8", "application/octet-stream"] {
            assert!(text.check_declared("notes.txt", declared).is_ok(), "{declared}");
        }
        for declared in ["", "text/html", "text/plainer"] {
            assert!(matches!(
                text.check_declared("notes.txt", declared),
                Err(UploadError::ContentTypeMismatch { expected: "text/plain", .. })
            ));
        }
    }
}
