use std::borrow::Cow;

use super::FormatError;

/// A file to be read.
#[derive(Debug, Clone, Copy)]
pub struct InputFile<'a> {
    /// Its name for messages; for a file of criterion's directory, its path inside of it.
    pub name: &'a str,
    /// Its content.
    pub bytes: &'a [u8],
}

/// What compressed files begin with, by what they are compressed, and what unpacks them.
const COMPRESSED: [(&[u8], &str, &str); 4] = [
    (b"\x1f\x8b", "gzip", "gunzip"),
    (b"PK\x03\x04", "zip", "unzip"),
    (b"\x28\xb5\x2f\xfd", "zstd", "unzstd"),
    (b"\xfd7zXZ\0", "xz", "unxz"),
];

impl<'a> InputFile<'a> {
    /// Whether its name ends with a dot and this, in lower or upper case.
    pub(super) fn has_extension(&self, extension: &str) -> bool {
        let own = self.name.rsplit_once('.').map(|(_, own)| own);
        own.is_some_and(|own| own.eq_ignore_ascii_case(extension))
    }

    /// The content as text: UTF-8 with or without a byte order mark, or UTF-16 with one, which is
    /// what `>` writes in Windows `PowerShell`.
    pub(super) fn text(&self) -> Result<Cow<'a, str>, FormatError> {
        if let Some((_, with, unpack)) =
            COMPRESSED.iter().find(|(magic, ..)| self.bytes.starts_with(magic))
        {
            return Err(FormatError::Compressed { file: self.name.to_owned(), with, unpack });
        }
        let text = match self.bytes {
            [0xef, 0xbb, 0xbf, rest @ ..] => self.utf8(rest)?,
            [0xff, 0xfe, rest @ ..] => self.utf16(rest, u16::from_le_bytes)?,
            [0xfe, 0xff, rest @ ..] => self.utf16(rest, u16::from_be_bytes)?,
            all => self.utf8(all)?,
        };
        if let Some((before, _)) = text.split_once('\0') {
            let problem = "a byte 0: either not text, or UTF-16 without a byte order mark";
            return Err(self.encoding(before, problem));
        }
        if text.trim().is_empty() {
            return Err(FormatError::Empty { file: self.name.to_owned() });
        }
        Ok(text)
    }

    fn utf8(&self, bytes: &'a [u8]) -> Result<Cow<'a, str>, FormatError> {
        std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            self.encoding(&String::from_utf8_lossy(valid), "bytes that are not UTF-8")
        })
    }

    fn utf16(&self, bytes: &[u8], decode: fn([u8; 2]) -> u16) -> Result<Cow<'a, str>, FormatError> {
        let (pairs, odd) = bytes.as_chunks::<2>();
        let mut text = String::with_capacity(pairs.len());
        for character in char::decode_utf16(pairs.iter().map(|pair| decode(*pair))) {
            match character {
                Ok(character) => text.push(character),
                Err(_) => {
                    return Err(self.encoding(&text, "characters that are not UTF-16"));
                }
            }
        }
        if !odd.is_empty() {
            return Err(self.encoding(&text, "half a UTF-16 character at the end"));
        }
        Ok(Cow::Owned(text))
    }

    fn encoding(&self, before: &str, problem: &'static str) -> FormatError {
        let line = 1 + before.matches('\n').count() as u64;
        FormatError::Encoding { file: self.name.to_owned(), line, problem }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: &[u8]) -> Result<String, String> {
        let file = InputFile { name: "f", bytes };
        file.text().map(Cow::into_owned).map_err(|error| error.to_string())
    }

    #[test]
    fn byte_order_marks_are_understood() {
        assert_eq!(text(b"\xef\xbb\xbf\xc2\xb5"), Ok("µ".into()));
        assert_eq!(text(b"\xff\xfe\xb5\x00\x3d\xd8\x00\xde"), Ok("µ😀".into()));
        assert_eq!(text(b"\xfe\xff\x00\xb5"), Ok("µ".into()));
    }

    #[test]
    fn what_is_no_text_says_where() {
        let remedy = "; save the file as UTF-8";
        for (bytes, message) in [
            (&b"a\n\xffb"[..], "f, line 2: bytes that are not UTF-8"),
            (b"\xff\xfea", "f, line 1: half a UTF-16 character at the end"),
            (b"\xff\xfe\x00\xd8", "f, line 1: characters that are not UTF-16"),
            (b"{\x00", "f, line 1: a byte 0: either not text, or UTF-16 without a byte order mark"),
        ] {
            assert_eq!(text(bytes).unwrap_err(), format!("{message}{remedy}"));
        }
        for (bytes, with, unpack) in [
            (&b"\x1f\x8b\x08"[..], "gzip", "gunzip"),
            (b"PK\x03\x04\x14", "zip", "unzip"),
            (b"\x28\xb5\x2f\xfd\x24", "zstd", "unzstd"),
            (b"\xfd7zXZ\0", "xz", "unxz"),
        ] {
            let message = format!("f is compressed with {with}: unpack it ({unpack})");
            assert_eq!(text(bytes).unwrap_err(), message);
        }
        for empty in [&b""[..], b" \n", b"\xef\xbb\xbf", b"\xff\xfe"] {
            assert_eq!(text(empty).unwrap_err(), "f is empty: let the harness write it again");
        }
    }
}
