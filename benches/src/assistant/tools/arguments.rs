//! Checking the arguments of a call against a tool's parameters.
//!
//! Models do call tools with arguments that are missing, misspelt or of the wrong type; the
//! message goes back to the model, so it says what was expected.

use serde_json::{Map, Value};

use super::definition::{Parameter, ParameterKind, ToolDefinition};

/// The arguments of a call, by parameter name.
pub type Arguments = Map<String, Value>;

/// Why arguments do not fit.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum ArgumentError {
    /// Arguments come as a JSON object.
    #[error("expected an object of arguments, found {found}")]
    NotAnObject {
        /// The JSON type that came.
        found: &'static str,
    },
    /// A required argument was left out.
    #[error("the argument `{name}` is missing")]
    Missing {
        /// The parameter's name.
        name: String,
    },
    /// The tool takes no such argument.
    #[error("there is no argument `{name}`")]
    Unknown {
        /// The name that came.
        name: String,
    },
    /// An argument is of another type.
    #[error("the argument `{name}` must be of type {expected}, found {found}")]
    WrongType {
        /// The parameter's name.
        name: String,
        /// The JSON Schema type that it takes.
        expected: &'static str,
        /// The JSON type that came.
        found: &'static str,
    },
    /// A text is none of those allowed.
    #[error("the argument `{name}` must be one of {}, found {value:?}", choices.join(", "))]
    NotAChoice {
        /// The parameter's name.
        name: String,
        /// The text that came.
        value: String,
        /// The texts that are allowed.
        choices: Vec<String>,
    },
}

impl ToolDefinition {
    /// Checks that `arguments` are an object of this tool's parameters.
    ///
    /// # Errors
    ///
    /// For the first parameter, in the definition's order, that is missing or does not fit,
    /// and after those for an argument that the tool does not take.
    pub fn validate<'arguments>(
        &self,
        arguments: &'arguments Value,
    ) -> Result<&'arguments Arguments, ArgumentError> {
        let Value::Object(arguments) = arguments else {
            return Err(ArgumentError::NotAnObject { found: json_type(arguments) });
        };
        let mut known = 0;
        for parameter in &self.parameters {
            match arguments.get(&parameter.name) {
                Some(value) => {
                    check(parameter, value)?;
                    known += 1;
                }
                None if parameter.required => {
                    return Err(ArgumentError::Missing { name: parameter.name.clone() });
                }
                None => {}
            }
        }
        // Only a call that fails pays for finding which argument is the unknown one.
        if known < arguments.len()
            && let Some(name) = arguments.keys().find(|name| !self.takes(name))
        {
            return Err(ArgumentError::Unknown { name: name.clone() });
        }
        Ok(arguments)
    }

    fn takes(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == name)
    }
}

/// Reads a required text from arguments that may not have been checked.
pub(super) fn required_text<'arguments>(
    arguments: &'arguments Arguments,
    name: &str,
) -> Result<&'arguments str, ArgumentError> {
    optional_text(arguments, name)?.ok_or_else(|| ArgumentError::Missing { name: name.to_owned() })
}

/// Reads an optional text from arguments that may not have been checked.
pub(super) fn optional_text<'arguments>(
    arguments: &'arguments Arguments,
    name: &str,
) -> Result<Option<&'arguments str>, ArgumentError> {
    match arguments.get(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(ArgumentError::WrongType {
            name: name.to_owned(),
            expected: "string",
            found: json_type(other),
        }),
    }
}

fn check(parameter: &Parameter, value: &Value) -> Result<(), ArgumentError> {
    let fits = match &parameter.kind {
        ParameterKind::Text => value.is_string(),
        ParameterKind::Choice(choices) => match value {
            Value::String(text) if !choices.contains(text) => {
                return Err(ArgumentError::NotAChoice {
                    name: parameter.name.clone(),
                    value: text.clone(),
                    choices: choices.clone(),
                });
            }
            _ => value.is_string(),
        },
        // JSON Schema counts 2.0 among the integers, and models do write it.
        ParameterKind::Integer => value.as_f64().is_some_and(|number| number.fract() == 0.0),
        ParameterKind::Number => value.is_number(),
        ParameterKind::Boolean => value.is_boolean(),
    };
    if fits {
        Ok(())
    } else {
        Err(ArgumentError::WrongType {
            name: parameter.name.clone(),
            expected: parameter.kind.json_type(),
            found: json_type(value),
        })
    }
}

const fn json_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn definition() -> ToolDefinition {
        let scales = vec!["celsius".to_owned(), "kelvin".to_owned()];
        ToolDefinition {
            name: "weather".to_owned(),
            description: "The weather.".to_owned(),
            parameters: vec![
                Parameter::required("city", ParameterKind::Text, "Where."),
                Parameter::optional("days", ParameterKind::Integer, "How far ahead."),
                Parameter::optional("limit", ParameterKind::Number, "At most."),
                Parameter::optional("wind", ParameterKind::Boolean, "With wind?"),
                Parameter::optional("scale", ParameterKind::Choice(scales), "In what."),
            ],
        }
    }

    fn refusal(arguments: &Value) -> String {
        definition().validate(arguments).unwrap_err().to_string()
    }

    #[test]
    fn what_fits_is_accepted() {
        let all = json!({"city": "Oslo", "days": 3, "limit": 1.5, "wind": true, "scale": "kelvin"});
        assert_eq!(definition().validate(&all).unwrap().len(), 5);
        assert!(definition().validate(&json!({"city": ""})).is_ok());
        assert!(definition().validate(&json!({"city": "Oslo", "days": 2.0})).is_ok());
        assert!(definition().validate(&json!({"city": "Oslo", "limit": 2})).is_ok());
    }

    #[test]
    fn what_does_not_fit_is_named() {
        assert_eq!(refusal(&json!({})), "the argument `city` is missing");
        assert_eq!(refusal(&json!([])), "expected an object of arguments, found array");
        assert_eq!(refusal(&json!(null)), "expected an object of arguments, found null");
        assert_eq!(
            refusal(&json!({"city": null})),
            "the argument `city` must be of type string, found null"
        );
        assert_eq!(
            refusal(&json!({"city": "Oslo", "days": 1.5})),
            "the argument `days` must be of type integer, found number"
        );
        assert_eq!(
            refusal(&json!({"city": "Oslo", "wind": "yes"})),
            "the argument `wind` must be of type boolean, found string"
        );
        assert_eq!(
            refusal(&json!({"city": "Oslo", "scale": "Kelvin"})),
            "the argument `scale` must be one of celsius, kelvin, found \"Kelvin\""
        );
        assert_eq!(
            refusal(&json!({"city": "Oslo", "scale": 1})),
            "the argument `scale` must be of type string, found number"
        );
        assert_eq!(
            refusal(&json!({"city": "Oslo", "town": "Oslo"})),
            "there is no argument `town`"
        );
    }

    #[test]
    fn texts_are_read_from_unchecked_arguments() {
        let arguments = json!({"text": "hello", "number": 1});
        let arguments = arguments.as_object().unwrap();
        assert_eq!(required_text(arguments, "text"), Ok("hello"));
        assert_eq!(optional_text(arguments, "absent"), Ok(None));
        assert!(matches!(
            required_text(arguments, "absent"),
            Err(ArgumentError::Missing { name }) if name == "absent"
        ));
        assert!(matches!(
            optional_text(arguments, "number"),
            Err(ArgumentError::WrongType { found: "number", .. })
        ));
    }
}
