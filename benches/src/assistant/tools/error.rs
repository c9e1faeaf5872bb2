//! What can go wrong with tools.

use super::arguments::ArgumentError;
use super::calculate::CalculateError;
use super::datetime::DatetimeError;

/// Why a tool was not registered, not found, or did not answer.
#[derive(Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ToolError {
    /// Two tools of one name could not be told apart.
    #[error("a tool named {0:?} is registered already")]
    Duplicate(String),
    /// A name that providers would refuse.
    #[error("{0:?} is no tool name: use 1 to 64 ASCII letters, digits, `_` and `-`")]
    InvalidName(String),
    /// No tool has this name.
    #[error("there is no tool named {0:?}")]
    Unknown(String),
    /// The arguments do not fit the tool's parameters.
    #[error(transparent)]
    Arguments(#[from] ArgumentError),
    /// `datetime` could not answer.
    #[error(transparent)]
    Datetime(#[from] DatetimeError),
    /// `calculate` could not answer.
    #[error(transparent)]
    Calculate(#[from] CalculateError),
}
