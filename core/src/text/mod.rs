//! Text for people and for other programs: quantities, escaping of text from outside, columns, lines.

mod columns;
mod escape;
mod glob;
mod markdown;
mod number;
mod quantity;
mod shorten;
mod sparkline;
mod workflow_command;
mod wrap;
mod xml;

pub use columns::{Align, Column, columns};
pub use escape::{csv_cell, from_csv_cell, terminal, terminal_lines};
pub(crate) use glob::Glob;
pub use markdown::{markdown, markdown_code, markdown_code_cell, markdown_inert};
pub(crate) use number::number;
pub use quantity::{percent, percent_interval, quantity, share};
pub use shorten::shortened;
pub use sparkline::sparkline;
pub use workflow_command::{workflow_data, workflow_property};
pub use wrap::wrapped;
pub use xml::xml;
