//! Text for people and for other programs: quantities, escaping of text from outside, columns, lines.

mod columns;
mod escape;
mod quantity;
mod sparkline;
mod wrap;

pub use columns::{Align, Column, columns};
pub use escape::{csv_cell, from_csv_cell, markdown, terminal};
pub use quantity::{percent, percent_interval, quantity, share};
pub use sparkline::sparkline;
pub use wrap::wrapped;
