//! Text for people and for other programs: quantities, escaping of text from outside, columns.

mod columns;
mod escape;
mod quantity;
mod sparkline;

pub use columns::{Align, Column, columns};
pub use escape::{csv_cell, from_csv_cell, markdown, terminal};
pub use quantity::{percent, percent_interval, quantity, share};
pub use sparkline::sparkline;
