//! What can be wrong with an expression.

/// Why an expression has no value. Positions count characters from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum CalculateError {
    /// There is nothing to calculate.
    #[error("the expression is empty")]
    Empty,
    /// The expression is longer than is taken.
    #[error("the expression has {characters} characters, more than the {limit} allowed")]
    TooLong {
        /// Its length.
        characters: usize,
        /// The longest that is taken.
        limit: usize,
    },
    /// Parentheses, signs or powers are nested deeper than is taken.
    #[error("the expression is nested more than {limit} deep at position {position}")]
    TooDeep {
        /// The deepest that is taken.
        limit: usize,
        /// Where it goes deeper.
        position: usize,
    },
    /// A character that has no meaning here.
    #[error("unexpected character {character:?} at position {position}")]
    UnexpectedCharacter {
        /// The character.
        character: char,
        /// Where it stands.
        position: usize,
    },
    /// Something that starts like a number and is none, or is too large for one.
    #[error("invalid number `{text}` at position {position}")]
    InvalidNumber {
        /// What stands there.
        text: String,
        /// Where it starts.
        position: usize,
    },
    /// A name that is neither a function nor a constant.
    #[error("unknown name `{name}` at position {position}")]
    UnknownName {
        /// The name.
        name: String,
        /// Where it starts.
        position: usize,
    },
    /// Something else was due here.
    #[error("expected {expected}, found `{found}` at position {position}")]
    Unexpected {
        /// What was due.
        expected: &'static str,
        /// What stands there instead.
        found: String,
        /// Where it stands.
        position: usize,
    },
    /// The expression stops in the middle.
    #[error("expected {expected} at the end of the expression")]
    UnexpectedEnd {
        /// What was due.
        expected: &'static str,
    },
    /// A function takes another number of arguments.
    #[error("`{function}` takes {takes}, not {found}, at position {position}")]
    WrongArgumentCount {
        /// The function's name.
        function: &'static str,
        /// How many it takes, in words.
        takes: &'static str,
        /// How many it got.
        found: usize,
        /// Where its name starts.
        position: usize,
    },
    /// Something is divided by zero.
    #[error("division by zero at position {position}")]
    DivisionByZero {
        /// Where the operator stands.
        position: usize,
    },
    /// The operation has no real value here: a negative root, the logarithm of zero.
    #[error("`{operation}` is undefined at position {position}")]
    Undefined {
        /// The operator or the function.
        operation: &'static str,
        /// Where it stands.
        position: usize,
    },
    /// The value is too large for a number.
    #[error("`{operation}` is too large at position {position}")]
    TooLarge {
        /// The operator or the function.
        operation: &'static str,
        /// Where it stands.
        position: usize,
    },
}
