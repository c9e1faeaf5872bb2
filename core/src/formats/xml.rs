use roxmltree::{Document, Node, ParsingOptions};

use super::FormatError;
use super::content::Content;
use super::numbers::number;

/// Elements beyond this depth are refused: the tree is walked by recursion.
const DEEPEST: usize = 200;

/// Reads XML.
///
/// # Errors
/// When it is not well-formed, or nested too deeply.
pub(super) fn parse<'t>(content: &Content<'_>, text: &'t str) -> Result<Document<'t>, FormatError> {
    let error = |line: u32, column: u32, problem: String| FormatError::Xml {
        file: content.file.name.to_owned(),
        line: u64::from(line),
        column: u64::from(column),
        problem,
    };
    if deepest(text) > DEEPEST {
        return Err(error(1, 1, format!("elements in elements deeper than {DEEPEST}")));
    }
    let options = ParsingOptions { allow_dtd: true, ..ParsingOptions::default() };
    Document::parse_with_options(text, options).map_err(|problem| {
        let place = problem.pos();
        let message = problem.to_string();
        let message = message.split(" at ").next().unwrap_or_default().to_owned();
        error(place.row, place.col, message)
    })
}

/// How deep elements are nested, at most; by counting tags, so too deep rather than not deep enough.
fn deepest(text: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for piece in text.split('<').skip(1) {
        let tag = piece.split_once('>').map_or(piece, |(tag, _)| tag);
        match tag.as_bytes() {
            [b'/', ..] => depth = depth.saturating_sub(1),
            [b'!' | b'?', ..] | [.., b'/'] => {}
            _ => depth += 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// The number in an attribute.
pub(super) fn figure(node: Node<'_, '_>, attribute: &str) -> Option<f64> {
    node.attribute(attribute).and_then(number)
}

/// The number in an attribute, or what is there instead.
pub(super) fn required(node: Node<'_, '_>, attribute: &str) -> Result<f64, String> {
    figure(node, attribute).ok_or_else(|| {
        let tag = node.tag_name().name();
        match node.attribute(attribute) {
            Some(found) => {
                let found: String = found.chars().take(40).collect();
                format!("expected a number in `{tag}/@{attribute}`, found {found:?}")
            }
            None => format!("expected a number in `{tag}/@{attribute}`, found nothing"),
        }
    })
}

/// The child elements of that name.
pub(super) fn children<'a, 'i>(
    node: Node<'a, 'i>,
    name: &'static str,
) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children().filter(move |child| child.has_tag_name(name))
}

/// The lines in which elements begin, counted on from the element asked for before: from the beginning
/// each time, a file of many elements would take the square of its length.
#[derive(Debug, Default)]
pub(super) struct Lines {
    at: usize,
    breaks: u32,
}

impl Lines {
    /// The 1-based line in which an element begins.
    pub(super) fn of(&mut self, node: Node<'_, '_>) -> u32 {
        let start = node.range().start;
        if start < self.at {
            *self = Self::default();
        }
        let between = node.document().input_text().as_bytes().get(self.at..start);
        let breaks = between.unwrap_or_default().split(|byte| *byte == b'\n').skip(1).count();
        self.breaks = self.breaks.saturating_add(u32::try_from(breaks).unwrap_or(u32::MAX));
        self.at = start;
        self.breaks.saturating_add(1)
    }
}
