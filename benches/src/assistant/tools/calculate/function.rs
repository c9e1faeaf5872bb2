//! The functions and constants that an expression may name.

use std::f64::consts;
use std::ops::RangeInclusive;

/// More decimal places than a double holds would only make the scale overflow.
const MAXIMUM_PLACES: f64 = 15.0;

/// A function of one or more numbers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) enum Function {
    Abs,
    Ceil,
    Cos,
    Exp,
    Floor,
    Ln,
    Log10,
    Max,
    Min,
    Round,
    Sin,
    Sqrt,
    Tan,
}

/// The value of a constant.
pub(super) fn constant(name: &str) -> Option<f64> {
    match name {
        "e" => Some(consts::E),
        "pi" => Some(consts::PI),
        "tau" => Some(consts::TAU),
        _ => None,
    }
}

impl Function {
    pub(super) fn named(name: &str) -> Option<Self> {
        let function = match name {
            "abs" => Self::Abs,
            "ceil" => Self::Ceil,
            "cos" => Self::Cos,
            "exp" => Self::Exp,
            "floor" => Self::Floor,
            "ln" => Self::Ln,
            "log10" => Self::Log10,
            "max" => Self::Max,
            "min" => Self::Min,
            "round" => Self::Round,
            "sin" => Self::Sin,
            "sqrt" => Self::Sqrt,
            "tan" => Self::Tan,
            _ => return None,
        };
        Some(function)
    }

    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Abs => "abs",
            Self::Ceil => "ceil",
            Self::Cos => "cos",
            Self::Exp => "exp",
            Self::Floor => "floor",
            Self::Ln => "ln",
            Self::Log10 => "log10",
            Self::Max => "max",
            Self::Min => "min",
            Self::Round => "round",
            Self::Sin => "sin",
            Self::Sqrt => "sqrt",
            Self::Tan => "tan",
        }
    }

    /// How many arguments it takes, as a range and in words.
    pub(super) const fn takes(self) -> (RangeInclusive<usize>, &'static str) {
        match self {
            Self::Max | Self::Min => (1..=usize::MAX, "one argument or more"),
            Self::Round => (1..=2, "one or two arguments"),
            _ => (1..=1, "one argument"),
        }
    }

    /// The function's value; not a number where it has none. The number of arguments is one
    /// that the function [takes](Self::takes).
    pub(super) fn apply(self, arguments: &[f64]) -> f64 {
        let (first, others) = match arguments {
            [first, others @ ..] => (*first, others),
            [] => return f64::NAN,
        };
        match self {
            Self::Abs => first.abs(),
            Self::Ceil => first.ceil(),
            Self::Cos => first.cos(),
            Self::Exp => first.exp(),
            Self::Floor => first.floor(),
            // At zero it would be infinite, which reads as "too large": it is undefined there.
            Self::Ln => {
                if first > 0.0 {
                    first.ln()
                } else {
                    f64::NAN
                }
            }
            Self::Log10 => {
                if first > 0.0 {
                    first.log10()
                } else {
                    f64::NAN
                }
            }
            Self::Max => others.iter().copied().fold(first, f64::max),
            Self::Min => others.iter().copied().fold(first, f64::min),
            Self::Round => round(first, others.first().copied().unwrap_or(0.0)),
            Self::Sin => first.sin(),
            Self::Sqrt => first.sqrt(),
            Self::Tan => first.tan(),
        }
    }
}

/// Rounds half away from zero, to a whole number of decimal places.
fn round(value: f64, places: f64) -> f64 {
    if places.fract() != 0.0 || places.abs() > MAXIMUM_PLACES {
        return f64::NAN;
    }
    let scale = 10_f64.powf(places);
    let rounded = (value * scale).round() / scale;
    // A value too large to scale has no decimal places to round away.
    if rounded.is_finite() { rounded } else { value }
}

#[cfg(test)]
#[expect(clippy::float_cmp, reason = "these values are exact")]
mod tests {
    use super::*;

    #[test]
    fn every_function_is_found_by_its_name() {
        for name in [
            "abs", "ceil", "cos", "exp", "floor", "ln", "log10", "max", "min", "round", "sin",
            "sqrt", "tan",
        ] {
            assert_eq!(Function::named(name).unwrap().name(), name);
        }
        assert_eq!(Function::named("eval"), None);
        assert_eq!(Function::named("Sin"), None);
        assert_eq!(constant("pi"), Some(consts::PI));
        assert_eq!(constant("phi"), None);
    }

    #[test]
    fn rounding_takes_decimal_places() {
        let round = |arguments: &[f64]| Function::Round.apply(arguments);
        assert_eq!(round(&[2.5]), 3.0);
        assert_eq!(round(&[-2.5]), -3.0);
        assert_eq!(round(&[1.2345, 2.0]), 1.23);
        assert_eq!(round(&[1234.0, -2.0]), 1200.0);
        assert_eq!(round(&[1e300, 15.0]), 1e300);
        assert!(round(&[1.0, 0.5]).is_nan());
        assert!(round(&[1.0, 16.0]).is_nan());
    }

    #[test]
    fn extremes_are_of_all_arguments() {
        assert_eq!(Function::Max.apply(&[1.0, 3.0, 2.0]), 3.0);
        assert_eq!(Function::Min.apply(&[1.0, -3.0, 2.0]), -3.0);
        assert_eq!(Function::Max.apply(&[-1.0]), -1.0);
        assert!(Function::Max.apply(&[]).is_nan());
    }
}
