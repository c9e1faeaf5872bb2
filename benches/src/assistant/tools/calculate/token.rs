//! Text to tokens.

use super::error::CalculateError;

/// A piece of an expression, and where it starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'text> {
    pub(super) kind: TokenKind,
    /// What stands in the expression.
    pub(super) text: &'text str,
    /// In characters, from 1.
    pub(super) position: usize,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum TokenKind {
    Number(f64),
    Name,
    Plus,
    Minus,
    Times,
    Divide,
    Remainder,
    Power,
    Open,
    Close,
    Comma,
}

/// Splits an expression into its tokens.
pub(super) fn tokenize(expression: &str) -> Result<Vec<Token<'_>>, CalculateError> {
    // Most tokens are longer than one character or have a space beside them.
    let mut tokens = Vec::with_capacity(expression.len() / 2 + 1);
    let mut rest = expression;
    let mut position = 1;
    while let Some(first) = rest.chars().next() {
        let length = if first.is_whitespace() {
            first.len_utf8()
        } else {
            let kind_and_length = match first {
                '0'..='9' | '.' => number(rest, position)?,
                'a'..='z' | 'A'..='Z' => (TokenKind::Name, name_length(rest)),
                '*' if rest.starts_with("**") => (TokenKind::Power, 2),
                _ => (symbol(first, position)?, 1),
            };
            let (kind, length) = kind_and_length;
            tokens.push(Token { kind, text: &rest[..length], position });
            length
        };
        // A token's characters are one byte each; a space may be of several.
        position += if first.is_whitespace() { 1 } else { length };
        rest = &rest[length..];
    }
    Ok(tokens)
}

fn symbol(character: char, position: usize) -> Result<TokenKind, CalculateError> {
    match character {
        '+' => Ok(TokenKind::Plus),
        '-' => Ok(TokenKind::Minus),
        '*' => Ok(TokenKind::Times),
        '/' => Ok(TokenKind::Divide),
        '%' => Ok(TokenKind::Remainder),
        '^' => Ok(TokenKind::Power),
        '(' => Ok(TokenKind::Open),
        ')' => Ok(TokenKind::Close),
        ',' => Ok(TokenKind::Comma),
        _ => Err(CalculateError::UnexpectedCharacter { character, position }),
    }
}

fn name_length(rest: &str) -> usize {
    rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// Reads `12`, `1.5`, `.5`, `2.` or `6.02e23`.
fn number(rest: &str, position: usize) -> Result<(TokenKind, usize), CalculateError> {
    let bytes = rest.as_bytes();
    let digits_from =
        |start: usize| bytes.iter().skip(start).take_while(|byte| byte.is_ascii_digit()).count();
    let mut length = digits_from(0);
    if bytes.get(length) == Some(&b'.') {
        length += 1 + digits_from(length + 1);
    }
    if matches!(bytes.get(length), Some(b'e' | b'E')) {
        let sign = usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
        let digits = digits_from(length + 1 + sign);
        // Without digits it is no exponent but the constant e, and the parser will object.
        if digits > 0 {
            length += 1 + sign + digits;
        }
    }
    let invalid =
        |length| CalculateError::InvalidNumber { text: rest[..length].to_owned(), position };
    if bytes.get(length) == Some(&b'.') {
        return Err(invalid(length + 1));
    }
    match rest[..length].parse::<f64>() {
        Ok(value) if value.is_finite() => Ok((TokenKind::Number(value), length)),
        _ => Err(invalid(length)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kinds(expression: &str) -> Vec<TokenKind> {
        tokenize(expression).unwrap().into_iter().map(|token| token.kind).collect()
    }

    #[test]
    fn numbers_of_every_form() {
        let number = |text: &str| kinds(text);
        assert_eq!(number("12"), [TokenKind::Number(12.0)]);
        assert_eq!(number("1.5"), [TokenKind::Number(1.5)]);
        assert_eq!(number(".5"), [TokenKind::Number(0.5)]);
        assert_eq!(number("2."), [TokenKind::Number(2.0)]);
        assert_eq!(number("6.02e23"), [TokenKind::Number(6.02e23)]);
        assert_eq!(number("1E-3"), [TokenKind::Number(0.001)]);
        assert_eq!(number("2e"), [TokenKind::Number(2.0), TokenKind::Name]);
    }

    #[test]
    fn what_is_no_number_is_named_whole() {
        for (expression, text) in
            [(".", "."), ("1.2.3", "1.2."), ("1..2", "1.."), ("1e999", "1e999")]
        {
            assert_eq!(
                tokenize(expression),
                Err(CalculateError::InvalidNumber { text: text.to_owned(), position: 1 }),
            );
        }
    }

    #[test]
    fn positions_count_characters_not_bytes() {
        // The space after the 1 is a no-break space, of two bytes.
        let tokens = tokenize("1\u{a0}+ log10").unwrap();
        let positions: Vec<_> = tokens.iter().map(|token| (token.text, token.position)).collect();
        assert_eq!(positions, [("1", 1), ("+", 3), ("log10", 5)]);
        assert_eq!(
            tokenize("\u{a0}1 + ü"),
            Err(CalculateError::UnexpectedCharacter { character: 'ü', position: 6 })
        );
    }

    #[test]
    fn two_stars_are_a_power() {
        use TokenKind::{Number, Power, Times};
        assert_eq!(kinds("2**3"), [Number(2.0), Power, Number(3.0)]);
        assert_eq!(kinds("2* *3"), [Number(2.0), Times, Times, Number(3.0)]);
        assert_eq!(kinds(" \t\n"), []);
    }
}
