//! The expression tree.

use super::function::Function;

/// An expression. Positions are those of the operator or the function's name.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Expression {
    Number(f64),
    Negate(Box<Expression>),
    Binary { operator: Operator, operands: Box<[Expression; 2]>, position: usize },
    Call { function: Function, arguments: Vec<Expression>, position: usize },
}

#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
    Power,
}

impl Operator {
    pub(super) const fn symbol(self) -> &'static str {
        match self {
            Self::Add => "+",
            Self::Subtract => "-",
            Self::Multiply => "*",
            Self::Divide => "/",
            Self::Remainder => "%",
            Self::Power => "^",
        }
    }
}
