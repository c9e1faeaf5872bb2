//! The tool `calculate`.

use serde_json::Value;

use super::super::arguments::{Arguments, required_text};
use super::super::definition::{Parameter, ParameterKind, Tool, ToolDefinition};
use super::super::error::ToolError;
use super::evaluate::evaluate;

/// Up to here, every whole number is a double of its own (2⁵³).
const LARGEST_EXACT_INTEGER: f64 = 9_007_199_254_740_992.0;

/// Calculates the value of an expression.
#[derive(Debug)]
pub struct CalculateTool {
    definition: ToolDefinition,
}

impl CalculateTool {
    /// The tool.
    pub fn new() -> Self {
        let definition = ToolDefinition {
            name: "calculate".to_owned(),
            description: "The value of an arithmetic expression. Knows + - * / % ^, parentheses, \
                          the constants pi, e and tau, and the functions abs, ceil, cos, exp, \
                          floor, ln, log10, max, min, round, sin, sqrt and tan."
                .to_owned(),
            parameters: vec![Parameter::required(
                "expression",
                ParameterKind::Text,
                "The expression, such as 2 * (3 + sqrt(16)).",
            )],
        };
        Self { definition }
    }
}

impl Default for CalculateTool {
    fn default() -> Self {
        Self::new()
    }
}

impl Tool for CalculateTool {
    fn definition(&self) -> &ToolDefinition {
        &self.definition
    }

    fn execute(&self, arguments: &Arguments) -> Result<Value, ToolError> {
        let value = evaluate(required_text(arguments, "expression")?)?;
        Ok(to_json_number(value))
    }
}

/// Whole numbers without a decimal point, as a person would write them.
fn to_json_number(value: f64) -> Value {
    if value.fract() == 0.0 && value.abs() <= LARGEST_EXACT_INTEGER {
        #[expect(clippy::cast_possible_truncation, reason = "whole and within i64's range")]
        let whole = value as i64;
        Value::from(whole)
    } else {
        Value::from(value)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::error::CalculateError;
    use super::*;

    fn answer(arguments: &Value) -> Result<Value, ToolError> {
        CalculateTool::new().execute(arguments.as_object().unwrap())
    }

    #[test]
    fn whole_values_are_written_whole() {
        assert_eq!(answer(&json!({"expression": "2 + 3 * 4"})), Ok(json!(14)));
        assert_eq!(answer(&json!({"expression": "1 / 4"})), Ok(json!(0.25)));
        assert_eq!(answer(&json!({"expression": "-0.0"})), Ok(json!(0)));
        assert_eq!(answer(&json!({"expression": "2^60"})), Ok(json!(2_f64.powi(60))));
    }

    #[test]
    fn failures_reach_the_caller() {
        assert_eq!(answer(&json!({"expression": ""})), Err(CalculateError::Empty.into()));
        assert!(matches!(answer(&json!({})), Err(ToolError::Arguments(_))));
        assert!(matches!(answer(&json!({"expression": 7})), Err(ToolError::Arguments(_))));
    }
}
