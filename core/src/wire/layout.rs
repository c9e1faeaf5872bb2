//! How JSON is laid out: on one line, or indented down to a depth.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::Formatter;

/// How deep a document is spread over lines: `run`, its `measurements` and its other parts are; each
/// measurement, and each list within a part, keeps to one line.
const OUTLINE_DEPTH: usize = 3;

/// The value on one line.
pub(super) fn compact(value: &impl Serialize) -> String {
    text(|bytes| value.serialize(&mut serde_json::Serializer::new(bytes)))
}

/// The value with its outline indented by two spaces, and each part below the outline on one line.
pub(super) fn outlined(value: &impl Serialize) -> String {
    text(|bytes| {
        value.serialize(&mut serde_json::Serializer::with_formatter(bytes, Outline::default()))
    })
}

fn text(write: impl FnOnce(&mut Vec<u8>) -> serde_json::Result<()>) -> String {
    let mut bytes = Vec::new();
    let written = write(&mut bytes);
    // Our values have text for keys and the buffer takes everything, so neither can go wrong.
    debug_assert!(written.is_ok(), "{written:?}");
    String::from_utf8(bytes).unwrap_or_default()
}

/// Where in the document the serialiser is.
#[derive(Debug, Default)]
struct Outline {
    /// How many arrays and objects are open.
    depth: usize,
    /// Whether the one closed or filled last holds anything.
    filled: bool,
}

impl Outline {
    fn open(&mut self, writer: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        self.depth += 1;
        self.filled = false;
        writer.write_all(bracket)
    }

    fn close(&mut self, writer: &mut (impl Write + ?Sized), bracket: &[u8]) -> io::Result<()> {
        let spread = self.filled && self.depth <= OUTLINE_DEPTH;
        self.depth -= 1;
        self.filled = true;
        if spread {
            self.new_line(writer)?;
        }
        writer.write_all(bracket)
    }

    fn item(&mut self, writer: &mut (impl Write + ?Sized), first: bool) -> io::Result<()> {
        self.filled = true;
        if self.depth <= OUTLINE_DEPTH {
            if !first {
                writer.write_all(b",")?;
            }
            self.new_line(writer)
        } else if first {
            Ok(())
        } else {
            writer.write_all(b", ")
        }
    }

    fn new_line(&self, writer: &mut (impl Write + ?Sized)) -> io::Result<()> {
        writer.write_all(b"\n")?;
        (0..self.depth).try_for_each(|_| writer.write_all(b"  "))
    }
}

impl Formatter for Outline {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"[")
    }
    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"]")
    }
    fn begin_array_value<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.item(w, first)
    }
    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.open(writer, b"{")
    }
    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.close(writer, b"}")
    }
    fn begin_object_key<W: ?Sized + Write>(&mut self, w: &mut W, first: bool) -> io::Result<()> {
        self.item(w, first)
    }
    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outline_is_indented_and_the_rest_stays_on_one_line() {
        let value: serde_json::Value =
            serde_json::from_str(r#"{"a":1,"b":{"c":[],"d":[{"e":[1,2]},{}],"f":{}},"g":[]}"#)
                .unwrap();
        let text = outlined(&value);
        assert_eq!(
            text,
            r#"{
  "a": 1,
  "b": {
    "c": [],
    "d": [
      {"e": [1, 2]},
      {}
    ],
    "f": {}
  },
  "g": []
}"#
        );
        assert_eq!(serde_json::from_str::<serde_json::Value>(&text).unwrap(), value);
    }
}
