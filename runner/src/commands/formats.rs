use driftline_core::formats::Format;
use driftline_core::text::wrapped;

use crate::error::{Error, Exit};
use crate::output;

/// How far the descriptions stand in.
const INDENT: usize = 4;

/// `driftline formats [FORMAT]`: what can be read, what it is recognised by, and how a harness is
/// made to write it.
pub(super) fn formats(only: Option<&str>) -> Result<Exit, Error> {
    let only: Option<Format> = only.map(|name| name.parse().map_err(Error::usage)).transpose()?;
    let wanted = Format::ALL.iter().filter(|format| only.is_none_or(|only| only == **format));
    let width = output::width().map(|width| width.saturating_sub(INDENT).max(20));
    let mut text = String::new();
    for format in wanted {
        text += format.name();
        for (place, alias) in format.aliases().iter().enumerate() {
            text += if place == 0 { ", also " } else { ", " };
            text += alias;
        }
        text.push('\n');
        let lines = [
            format!("recognised by {}", format.recognised_by()),
            format!("for example: {}", format.example()),
        ];
        for line in lines.iter().flat_map(|line| wrapped(line, width)) {
            text += &format!("{:INDENT$}{line}\n", "");
        }
    }
    output::print(&text)?;
    Ok(Exit::Fine)
}
