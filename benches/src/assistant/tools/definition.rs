//! What a tool is called, what it takes, and what it does.

use serde_json::{Map, Value, json};

use super::arguments::Arguments;
use super::error::ToolError;

/// Something the model may call.
pub trait Tool: Send + Sync {
    /// What it is called and what it takes.
    fn definition(&self) -> &ToolDefinition;

    /// Does it. The caller has checked the arguments against the definition; a tool that is
    /// called without that check answers with an error, never with a panic.
    ///
    /// # Errors
    ///
    /// When the arguments make no sense to the tool.
    fn execute(&self, arguments: &Arguments) -> Result<Value, ToolError>;
}

/// What a tool is called and what it takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ToolDefinition {
    /// The name by which the model calls it.
    pub name: String,
    /// What it is for, in words for the model.
    pub description: String,
    /// What it takes, in the order in which it is told.
    pub parameters: Vec<Parameter>,
}

/// One thing that a tool takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Parameter {
    /// The argument's name.
    pub name: String,
    /// What it means, in words for the model.
    pub description: String,
    /// What values it takes.
    pub kind: ParameterKind,
    /// Whether a call without it is refused.
    pub required: bool,
}

/// What values a parameter takes.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum ParameterKind {
    /// Any text.
    Text,
    /// One of these texts.
    Choice(Vec<String>),
    /// A whole number.
    Integer,
    /// Any number.
    Number,
    /// True or false.
    Boolean,
}

impl Parameter {
    /// A parameter that every call must give.
    pub fn required(name: &str, kind: ParameterKind, description: &str) -> Self {
        Self { name: name.to_owned(), description: description.to_owned(), kind, required: true }
    }

    /// A parameter that a call may leave out.
    pub fn optional(name: &str, kind: ParameterKind, description: &str) -> Self {
        Self { required: false, ..Self::required(name, kind, description) }
    }
}

impl ParameterKind {
    /// The name of the type in JSON Schema.
    pub const fn json_type(&self) -> &'static str {
        match self {
            Self::Text | Self::Choice(_) => "string",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::Boolean => "boolean",
        }
    }
}

impl ToolDefinition {
    /// The JSON Schema of the arguments: an object of exactly the parameters.
    pub fn json_schema(&self) -> Value {
        let mut properties = Map::new();
        for parameter in &self.parameters {
            let mut property = json!({
                "type": parameter.kind.json_type(),
                "description": parameter.description,
            });
            if let ParameterKind::Choice(choices) = &parameter.kind {
                property["enum"] = json!(choices);
            }
            properties.insert(parameter.name.clone(), property);
        }
        let required: Vec<&str> = self
            .parameters
            .iter()
            .filter(|parameter| parameter.required)
            .map(|parameter| parameter.name.as_str())
            .collect();
        json!({
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": false,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_tells_types_choices_and_what_is_required() {
        let definition = ToolDefinition {
            name: "weather".to_owned(),
            description: "The weather.".to_owned(),
            parameters: vec![
                Parameter::required("city", ParameterKind::Text, "Where."),
                Parameter::optional("days", ParameterKind::Integer, "How far ahead."),
                Parameter::optional(
                    "scale",
                    ParameterKind::Choice(vec!["celsius".to_owned(), "kelvin".to_owned()]),
                    "In what.",
                ),
            ],
        };
        assert_eq!(
            definition.json_schema(),
            json!({
                "type": "object",
                "properties": {
                    "city": {"type": "string", "description": "Where."},
                    "days": {"type": "integer", "description": "How far ahead."},
                    "scale": {
                        "type": "string",
                        "description": "In what.",
                        "enum": ["celsius", "kelvin"],
                    },
                },
                "required": ["city"],
                "additionalProperties": false,
            })
        );
    }

    #[test]
    fn a_tool_that_takes_nothing_has_an_empty_object() {
        let definition = ToolDefinition {
            name: "ping".to_owned(),
            description: String::new(),
            parameters: Vec::new(),
        };
        let schema = definition.json_schema();
        assert_eq!(schema["properties"], json!({}));
        assert_eq!(schema["required"], json!([]));
    }
}
