//! What is answered to an upload.

use serde::Serialize;

use super::file_name::FileName;
use super::file_type::Category;
use super::listing::StoredFile;

/// The answer to an upload.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct UploadResponse {
    /// The file's name.
    pub name: FileName,
    /// Where it can be fetched: its name with everything but plain characters encoded.
    pub url: String,
    /// The content type it is served as.
    pub content_type: &'static str,
    /// What can be done with it.
    pub category: Category,
    /// Its size.
    pub size_bytes: u64,
    /// Its size for people, such as `1.5 KB`.
    pub size: String,
}

impl From<&StoredFile> for UploadResponse {
    fn from(file: &StoredFile) -> Self {
        Self {
            url: format!("/uploads/{}", percent_encode(file.name.as_str())),
            name: file.name.clone(),
            content_type: file.file_type.content_type,
            category: file.file_type.category,
            size_bytes: file.size_bytes,
            size: human_size(file.size_bytes),
        }
    }
}

/// Encodes everything but the characters that RFC 3986 (section 2.3) calls unreserved.
fn percent_encode(name: &str) -> String {
    const HEXADECIMAL: [char; 16] =
        ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F'];
    let mut encoded = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            encoded.push(char::from(byte));
        } else {
            let digits = [byte >> 4, byte & 15].map(|digit| HEXADECIMAL[usize::from(digit)]);
            encoded.push('%');
            encoded.extend(digits);
        }
    }
    encoded
}

fn human_size(bytes: u64) -> String {
    const UNITS: [&str; 4] = ["KB", "MB", "GB", "TB"];
    if bytes < 1024 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1024.0;
    let mut unit = UNITS[0];
    for larger in &UNITS[1..] {
        // What would be shown as 1024.0 is shown as 1.0 of the next.
        if size < 1023.95 {
            break;
        }
        size /= 1024.0;
        unit = larger;
    }
    format!("{size:.1} {unit}")
}

#[cfg(test)]
mod tests {
    use super::super::file_type::FileType;
    use super::*;

    #[test]
    fn the_response_tells_all_about_the_file() {
        let file = StoredFile {
            name: FileName::parse("my größe.png").unwrap(),
            size_bytes: 1536,
            file_type: FileType::of_name("my größe.png").unwrap(),
        };
        assert_eq!(
            serde_json::to_value(UploadResponse::from(&file)).unwrap(),
            serde_json::json!({
                "name": "my größe.png",
                "url": "/uploads/my%20gr%C3%B6%C3%9Fe.png",
                "content_type": "image/png",
                "category": "image",
                "size_bytes": 1536,
                "size": "1.5 KB",
            })
        );
    }

    #[test]
    fn sizes_for_people() {
        for (bytes, size) in [
            (0, "0 B"),
            (1023, "1023 B"),
            (1024, "1.0 KB"),
            (10 * 1024, "10.0 KB"),
            (1_048_575, "1.0 MB"),
            (1_048_576, "1.0 MB"),
            (5 << 30, "5.0 GB"),
            (u64::MAX, "16777216.0 TB"),
        ] {
            assert_eq!(human_size(bytes), size);
        }
    }
}
