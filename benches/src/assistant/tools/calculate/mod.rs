//! Arithmetic on text: `2 * (3 + sqrt(16))`.
//!
//! Three steps, one file each: text to tokens, tokens to an expression tree, tree to a number.
//! Nothing is ever handed to an interpreter: what is not in the grammar is an error, with its
//! position.
//!
//! ```text
//! expression = prefix (operator expression)*
//! prefix     = number | constant | function "(" expression ("," expression)* ")"
//!            | "(" expression ")" | "-" expression | "+" expression
//! operator   = "+" "-"  <  "*" "/" "%"  <  unary "-"  <  "^"
//! ```
//!
//! Operators of one rank group to the left, `^` to the right; so `-2^2` is -4 and `2^3^2` is 512,
//! as in mathematics.

mod error;
mod evaluate;
mod expression;
mod function;
mod parser;
mod token;
mod tool;

pub use error::CalculateError;
pub use evaluate::evaluate;
pub use parser::{MAXIMUM_DEPTH, MAXIMUM_LENGTH};
pub use tool::CalculateTool;
