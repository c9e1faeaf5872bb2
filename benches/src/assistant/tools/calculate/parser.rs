//! Tokens to an expression tree, by operator precedence (V. R. Pratt, "Top Down Operator
//! Precedence", 1973): each operator binds its operands with a strength, and an operand ends
//! where the next operator binds more weakly than the one before it.

use super::error::CalculateError;
use super::expression::{Expression, Operator};
use super::function::{Function, constant};
use super::token::{Token, TokenKind, tokenize};

/// The longest expression that is taken, in characters. It also bounds the tree that a chain of
/// operators makes, one level an operator, to what the evaluator's recursion can take.
pub const MAXIMUM_LENGTH: usize = 1000;

/// How deep parentheses, signs, powers and calls may nest: far beyond what people write.
pub const MAXIMUM_DEPTH: usize = 64;

/// A sign binds more strongly than `*` and more weakly than `^`: `-2^2` is -4.
const SIGN_STRENGTH: u8 = 5;

/// Reads an expression.
pub(super) fn parse(expression: &str) -> Result<Expression, CalculateError> {
    let characters = expression.chars().count();
    if characters > MAXIMUM_LENGTH {
        return Err(CalculateError::TooLong { characters, limit: MAXIMUM_LENGTH });
    }
    let tokens = tokenize(expression)?;
    if tokens.is_empty() {
        return Err(CalculateError::Empty);
    }
    let mut parser = Parser { tokens: &tokens, depth: 0 };
    let parsed = parser.expression(0)?;
    match parser.tokens.first() {
        None => Ok(parsed),
        Some(token) => Err(unexpected("an operator", Some(token))),
    }
}

struct Parser<'tokens> {
    /// What is still to be read.
    tokens: &'tokens [Token<'tokens>],
    depth: usize,
}

/// An operator, and how strongly it binds what is to its left and to its right.
fn infix(kind: TokenKind) -> Option<(Operator, u8, u8)> {
    match kind {
        TokenKind::Plus => Some((Operator::Add, 1, 2)),
        TokenKind::Minus => Some((Operator::Subtract, 1, 2)),
        TokenKind::Times => Some((Operator::Multiply, 3, 4)),
        TokenKind::Divide => Some((Operator::Divide, 3, 4)),
        TokenKind::Remainder => Some((Operator::Remainder, 3, 4)),
        // Binding its left more strongly makes it group to the right.
        TokenKind::Power => Some((Operator::Power, 7, 6)),
        _ => None,
    }
}

impl<'tokens> Parser<'tokens> {
    fn next(&mut self) -> Option<&'tokens Token<'tokens>> {
        let (first, rest) = self.tokens.split_first()?;
        self.tokens = rest;
        Some(first)
    }

    fn next_is(&self, kind: TokenKind) -> bool {
        self.tokens.first().is_some_and(|token| token.kind == kind)
    }

    /// Reads an operand and all operators after it that bind at least with this strength.
    fn expression(&mut self, strength: u8) -> Result<Expression, CalculateError> {
        if self.depth == MAXIMUM_DEPTH {
            let position = self.tokens.first().map_or(0, |token| token.position);
            return Err(CalculateError::TooDeep { limit: MAXIMUM_DEPTH, position });
        }
        self.depth += 1;
        let mut left = self.prefix()?;
        while let Some(token) = self.tokens.first()
            && let Some((operator, left_strength, right_strength)) = infix(token.kind)
            && left_strength >= strength
        {
            let position = token.position;
            self.next();
            let operands = Box::new([left, self.expression(right_strength)?]);
            left = Expression::Binary { operator, operands, position };
        }
        self.depth -= 1;
        Ok(left)
    }

    fn prefix(&mut self) -> Result<Expression, CalculateError> {
        const EXPECTED: &str = "a number, a name or `(`";
        let Some(token) = self.next() else {
            return Err(unexpected(EXPECTED, None));
        };
        match token.kind {
            TokenKind::Number(value) => Ok(Expression::Number(value)),
            TokenKind::Name => self.name(token),
            TokenKind::Open => {
                let inner = self.expression(0)?;
                self.close("an operator or `)`")?;
                Ok(inner)
            }
            TokenKind::Plus => self.expression(SIGN_STRENGTH),
            TokenKind::Minus => Ok(Expression::Negate(Box::new(self.expression(SIGN_STRENGTH)?))),
            _ => Err(unexpected(EXPECTED, Some(token))),
        }
    }

    fn name(&mut self, token: &Token<'_>) -> Result<Expression, CalculateError> {
        if let Some(value) = constant(token.text) {
            return Ok(Expression::Number(value));
        }
        let Some(function) = Function::named(token.text) else {
            return Err(CalculateError::UnknownName {
                name: token.text.to_owned(),
                position: token.position,
            });
        };
        if !self.next_is(TokenKind::Open) {
            return Err(unexpected("`(` after the function's name", self.tokens.first()));
        }
        self.next();
        let mut arguments = Vec::new();
        if !self.next_is(TokenKind::Close) {
            arguments.push(self.expression(0)?);
            while self.next_is(TokenKind::Comma) {
                self.next();
                arguments.push(self.expression(0)?);
            }
        }
        self.close("an operator, `,` or `)`")?;
        let (allowed, takes) = function.takes();
        if !allowed.contains(&arguments.len()) {
            return Err(CalculateError::WrongArgumentCount {
                function: function.name(),
                takes,
                found: arguments.len(),
                position: token.position,
            });
        }
        Ok(Expression::Call { function, arguments, position: token.position })
    }

    fn close(&mut self, expected: &'static str) -> Result<(), CalculateError> {
        match self.next() {
            Some(token) if token.kind == TokenKind::Close => Ok(()),
            found => Err(unexpected(expected, found)),
        }
    }
}

fn unexpected(expected: &'static str, found: Option<&Token<'_>>) -> CalculateError {
    match found {
        None => CalculateError::UnexpectedEnd { expected },
        Some(token) => CalculateError::Unexpected {
            expected,
            found: token.text.to_owned(),
            position: token.position,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(expression: &str) -> String {
        parse(expression).unwrap_err().to_string()
    }

    #[test]
    fn errors_name_what_was_due_and_where() {
        assert_eq!(refusal(""), "the expression is empty");
        assert_eq!(refusal("  "), "the expression is empty");
        assert_eq!(refusal("2 +"), "expected a number, a name or `(` at the end of the expression");
        assert_eq!(refusal("2 + * 3"), "expected a number, a name or `(`, found `*` at position 5");
        assert_eq!(refusal("2 3"), "expected an operator, found `3` at position 3");
        assert_eq!(refusal("2pi"), "expected an operator, found `pi` at position 2");
        assert_eq!(refusal("(1 + 2"), "expected an operator or `)` at the end of the expression");
        assert_eq!(refusal("1 + 2)"), "expected an operator, found `)` at position 6");
        assert_eq!(refusal("()"), "expected a number, a name or `(`, found `)` at position 2");
        assert_eq!(
            refusal("min(1, )"),
            "expected a number, a name or `(`, found `)` at position 8"
        );
        assert_eq!(
            refusal("sqrt 2"),
            "expected `(` after the function's name, found `2` at position 6"
        );
    }

    #[test]
    fn names_and_their_arguments_are_checked() {
        assert_eq!(refusal("1 + foo(2)"), "unknown name `foo` at position 5");
        assert_eq!(refusal("__import__('os')"), "unexpected character '_' at position 1");
        assert_eq!(refusal("sqrt()"), "`sqrt` takes one argument, not 0, at position 1");
        assert_eq!(refusal("sqrt(1, 2)"), "`sqrt` takes one argument, not 2, at position 1");
        assert_eq!(
            refusal("1 + round(1, 2, 3)"),
            "`round` takes one or two arguments, not 3, at position 5"
        );
        assert_eq!(refusal("max()"), "`max` takes one argument or more, not 0, at position 1");
    }

    #[test]
    fn depth_is_limited() {
        let nested = |depth: usize| format!("{}1{}", "(".repeat(depth), ")".repeat(depth));
        assert!(parse(&nested(MAXIMUM_DEPTH - 1)).is_ok());
        assert_eq!(
            parse(&nested(MAXIMUM_DEPTH)),
            Err(CalculateError::TooDeep { limit: MAXIMUM_DEPTH, position: MAXIMUM_DEPTH + 1 })
        );
        for deep in [format!("{}1", "-".repeat(500)), format!("2{}", "^2".repeat(400))] {
            assert!(matches!(parse(&deep), Err(CalculateError::TooDeep { .. })), "{deep}");
        }
    }

    #[test]
    fn depth_does_not_add_up_along_the_expression() {
        let wide = vec!["((1))"; 100].join("+");
        assert!(parse(&wide).is_ok());
    }

    #[test]
    fn length_is_limited() {
        let longest = format!("1{}", "+1".repeat(MAXIMUM_LENGTH / 2 - 1));
        assert!(parse(&longest).is_ok());
        assert_eq!(
            parse(&format!("{longest}+1")),
            Err(CalculateError::TooLong { characters: MAXIMUM_LENGTH + 1, limit: MAXIMUM_LENGTH })
        );
    }
}
