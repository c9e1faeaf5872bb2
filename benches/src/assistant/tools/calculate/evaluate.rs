//! The value of an expression.

use super::error::CalculateError;
use super::expression::{Expression, Operator};
use super::parser::parse;

/// Calculates what an expression says. The value is always a finite number.
///
/// ```
/// use driftline_benches::assistant::tools::calculate::evaluate;
///
/// assert_eq!(evaluate("2 + 3 * 4"), Ok(14.0));
/// assert_eq!(evaluate("-2^2"), Ok(-4.0));
/// assert_eq!(
///     evaluate("1 / 0").unwrap_err().to_string(),
///     "division by zero at position 3"
/// );
/// ```
///
/// # Errors
///
/// When the text is no expression, or the expression has no finite real value.
pub fn evaluate(expression: &str) -> Result<f64, CalculateError> {
    value_of(&parse(expression)?)
}

fn value_of(expression: &Expression) -> Result<f64, CalculateError> {
    match expression {
        Expression::Number(value) => Ok(*value),
        Expression::Negate(operand) => Ok(-value_of(operand)?),
        Expression::Binary { operator, operands, position } => {
            let [left, right] = &**operands;
            let (left, right) = (value_of(left)?, value_of(right)?);
            binary(*operator, left, right, *position)
        }
        Expression::Call { function, arguments, position } => {
            let values = arguments.iter().map(value_of).collect::<Result<Vec<_>, _>>()?;
            finite(function.apply(&values), function.name(), *position)
        }
    }
}

fn binary(
    operator: Operator,
    left: f64,
    right: f64,
    position: usize,
) -> Result<f64, CalculateError> {
    let value = match operator {
        Operator::Add => left + right,
        Operator::Subtract => left - right,
        Operator::Multiply => left * right,
        Operator::Divide | Operator::Remainder if right == 0.0 => {
            return Err(CalculateError::DivisionByZero { position });
        }
        Operator::Divide => left / right,
        Operator::Remainder => left % right,
        Operator::Power if left == 0.0 && right < 0.0 => {
            return Err(CalculateError::DivisionByZero { position });
        }
        Operator::Power => left.powf(right),
    };
    finite(value, operator.symbol(), position)
}

fn finite(value: f64, operation: &'static str, position: usize) -> Result<f64, CalculateError> {
    if value.is_nan() {
        Err(CalculateError::Undefined { operation, position })
    } else if value.is_infinite() {
        Err(CalculateError::TooLarge { operation, position })
    } else {
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::parser::MAXIMUM_LENGTH;
    use super::*;

    #[test]
    fn precedence_and_grouping() {
        for (expression, value) in [
            ("1 + 2 * 3", 7.0),
            ("(1 + 2) * 3", 9.0),
            ("10 - 4 - 3", 3.0),
            ("100 / 10 / 2", 5.0),
            ("7 % 4 * 2", 6.0),
            ("2 * 3 % 4", 2.0),
            ("2^3^2", 512.0),
            ("2**3**2", 512.0),
            ("(2^3)^2", 64.0),
            ("2 * 3^2", 18.0),
            ("2^3 * 2", 16.0),
        ] {
            assert_eq!(evaluate(expression), Ok(value), "{expression}");
        }
    }

    #[test]
    fn signs() {
        for (expression, value) in [
            ("-2^2", -4.0),
            ("(-2)^2", 4.0),
            ("2^-1", 0.5),
            ("2^-1 * 3", 1.5),
            ("2^-2^2", 0.0625),
            ("2 * -3", -6.0),
            ("-2 * -3", 6.0),
            ("- - 2", 2.0),
            ("1 - -2", 3.0),
            ("+3 - +2", 1.0),
            ("-sqrt(4)", -2.0),
        ] {
            assert_eq!(evaluate(expression), Ok(value), "{expression}");
        }
    }

    #[test]
    fn functions_and_constants() {
        for (expression, value) in [
            ("sqrt(3^2 + 4^2)", 5.0),
            ("min(3, 1 + 1, 4)", 2.0),
            ("max(abs(-7), 2)", 7.0),
            ("round(2 / 3, 2)", 0.67),
            ("floor(-1.5) + ceil(1.2)", 0.0),
            ("ln(e)", 1.0),
            ("log10(1000)", 3.0),
            ("cos(0) + sin(0) + tan(0)", 1.0),
            ("tau / pi", 2.0),
            ("exp(0)", 1.0),
        ] {
            assert_eq!(evaluate(expression), Ok(value), "{expression}");
        }
    }

    #[test]
    fn what_has_no_value_is_an_error_with_its_position() {
        for (expression, message) in [
            ("1 / (2 - 2)", "division by zero at position 3"),
            ("5 % 0", "division by zero at position 3"),
            ("0 ^ -1", "division by zero at position 3"),
            ("1 + sqrt(-1)", "`sqrt` is undefined at position 5"),
            ("ln(0)", "`ln` is undefined at position 1"),
            ("(-8) ^ 0.5", "`^` is undefined at position 6"),
            ("round(1, 0.5)", "`round` is undefined at position 1"),
            ("10 ^ 400", "`^` is too large at position 4"),
            ("1e308 * 10", "`*` is too large at position 7"),
            ("exp(1000)", "`exp` is too large at position 1"),
        ] {
            assert_eq!(evaluate(expression).unwrap_err().to_string(), message, "{expression}");
        }
    }

    #[test]
    fn the_longest_chain_is_evaluated() {
        let terms = MAXIMUM_LENGTH / 2;
        let chain = vec!["1"; terms].join("+");
        assert_eq!(evaluate(&chain), Ok(terms as f64));
    }
}
