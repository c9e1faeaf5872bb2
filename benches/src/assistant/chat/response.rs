//! What is answered.

use jiff::Timestamp;
use serde::Serialize;
use serde_json::Value;

use super::super::memory::{ConversationId, MessageId};
use super::error::ChatError;
use super::provider::{ToolCall, Usage};

/// The answer to a chat request.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ChatResponse {
    /// The conversation, new or gone on with.
    pub conversation: ConversationId,
    /// The message that the answer was stored as.
    pub message: MessageId,
    /// The answer.
    pub content: String,
    /// The model that gave it.
    pub model: String,
    /// The names of the tools that the model could have called.
    pub tools_offered: Vec<String>,
    /// The calls that it made.
    pub tool_calls: Vec<ExecutedCall>,
    /// What the answer cost, over all rounds.
    pub usage: Usage,
    /// When it was given.
    pub created_at: Timestamp,
}

/// A tool call that was carried out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ExecutedCall {
    /// What the model asked for.
    #[serde(flatten)]
    pub call: ToolCall,
    /// What the tool said: its result, or why it could not answer.
    #[serde(flatten)]
    pub outcome: Outcome,
}

/// How a tool call went.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// The tool's result.
    Result(Value),
    /// Why the tool could not answer.
    Error(String),
}

impl ChatResponse {
    /// The response as it is sent.
    ///
    /// # Errors
    ///
    /// Never in practice: all of it can be written as JSON.
    pub fn to_json(&self) -> Result<Vec<u8>, ChatError> {
        serde_json::to_vec(self).map_err(ChatError::Response)
    }
}

impl Outcome {
    /// The outcome in the words that the model is sent.
    pub(super) fn to_message(&self) -> String {
        match self {
            Self::Result(result) => result.to_string(),
            Self::Error(error) => format!("error: {error}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_response_is_flat_json() {
        let call = |id: &str, outcome| ExecutedCall {
            call: ToolCall {
                id: id.to_owned(),
                name: "calculate".to_owned(),
                arguments: json!({"expression": "6 * 7"}),
            },
            outcome,
        };
        let response = ChatResponse {
            conversation: ConversationId(1),
            message: MessageId(2),
            content: "It is 42.".to_owned(),
            model: "mock-1".to_owned(),
            tools_offered: vec!["calculate".to_owned()],
            tool_calls: vec![
                call("a", Outcome::Result(json!(42))),
                call("b", Outcome::Error("no".to_owned())),
            ],
            usage: Usage { input_tokens: 3, output_tokens: 4 },
            created_at: Timestamp::UNIX_EPOCH,
        };
        let written: Value = serde_json::from_slice(&response.to_json().unwrap()).unwrap();
        assert_eq!(
            written,
            json!({
                "conversation": 1,
                "message": 2,
                "content": "It is 42.",
                "model": "mock-1",
                "tools_offered": ["calculate"],
                "tool_calls": [
                    {
                        "id": "a",
                        "name": "calculate",
                        "arguments": {"expression": "6 * 7"},
                        "result": 42,
                    },
                    {
                        "id": "b",
                        "name": "calculate",
                        "arguments": {"expression": "6 * 7"},
                        "error": "no",
                    },
                ],
                "usage": {"input_tokens": 3, "output_tokens": 4},
                "created_at": "1970-01-01T00:00:00Z",
            })
        );
    }
}
