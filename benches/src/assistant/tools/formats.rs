//! A tool's definition in the formats of the two common provider interfaces.

use serde_json::{Value, json};

use super::definition::ToolDefinition;

/// An entry of `tools` in a request to `OpenAI`'s chat completions.
pub fn to_openai_format(definition: &ToolDefinition) -> Value {
    json!({
        "type": "function",
        "function": {
            "name": definition.name,
            "description": definition.description,
            "parameters": definition.json_schema(),
        },
    })
}

/// An entry of `tools` in a request to Claude's messages interface.
pub fn to_claude_format(definition: &ToolDefinition) -> Value {
    json!({
        "name": definition.name,
        "description": definition.description,
        "input_schema": definition.json_schema(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::definition::{Parameter, ParameterKind};
    use super::*;

    fn definition() -> ToolDefinition {
        ToolDefinition {
            name: "echo".to_owned(),
            description: "Says it back.".to_owned(),
            parameters: vec![Parameter::required("text", ParameterKind::Text, "What to say.")],
        }
    }

    #[test]
    fn openai_nests_the_schema_in_a_function() {
        assert_eq!(
            to_openai_format(&definition()),
            json!({
                "type": "function",
                "function": {
                    "name": "echo",
                    "description": "Says it back.",
                    "parameters": {
                        "type": "object",
                        "properties": {
                            "text": {"type": "string", "description": "What to say."},
                        },
                        "required": ["text"],
                        "additionalProperties": false,
                    },
                },
            })
        );
    }

    #[test]
    fn claude_calls_the_schema_input_schema() {
        let definition = definition();
        assert_eq!(
            to_claude_format(&definition),
            json!({
                "name": "echo",
                "description": "Says it back.",
                "input_schema": definition.json_schema(),
            })
        );
    }
}
