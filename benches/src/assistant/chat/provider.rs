//! The border to whoever runs the language model.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::memory::Role;
use super::super::tools::{ToolDefinition, to_claude_format, to_openai_format};

/// Somebody who runs a language model.
pub trait Provider: Send + Sync {
    /// The format in which the provider takes tools.
    fn tool_format(&self) -> ToolFormat;

    /// Asks for the next message.
    ///
    /// # Errors
    ///
    /// When the provider cannot be reached or refuses.
    fn complete(&self, request: &ProviderRequest<'_>) -> Result<ProviderReply, ProviderError>;
}

/// The format in which a provider takes tools.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ToolFormat {
    /// `OpenAI`'s chat completions, and those who copy them.
    OpenAi,
    /// Claude's messages.
    Claude,
}

impl ToolFormat {
    /// The list of tools for a request.
    pub fn export<'definition>(
        self,
        definitions: impl IntoIterator<Item = &'definition ToolDefinition>,
    ) -> Vec<Value> {
        let export = match self {
            Self::OpenAi => to_openai_format,
            Self::Claude => to_claude_format,
        };
        definitions.into_iter().map(export).collect()
    }
}

/// What a provider is asked.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProviderRequest<'request> {
    /// The model to ask.
    pub model: &'request str,
    /// The instructions that frame the conversation.
    pub system_prompt: &'request str,
    /// How freely the model chooses its words.
    pub temperature: f64,
    /// The conversation so far, oldest first.
    pub messages: &'request [ProviderMessage],
    /// The tools that the model may call, in the provider's format.
    pub tools: &'request [Value],
}

/// A message as a provider sees it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ProviderMessage {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
    /// The calls that the model made with it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tool_calls: Vec<ToolCall>,
    /// The call that this is the result of.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tool_call_id: Option<String>,
}

/// A tool call that the model asks for.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
pub struct ToolCall {
    /// The provider's name for the call.
    pub id: String,
    /// The tool's name.
    pub name: String,
    /// The arguments, still to be checked.
    pub arguments: Value,
}

/// What a provider replies: words, calls, or both.
#[derive(Clone, Debug, PartialEq)]
pub struct ProviderReply {
    /// The words.
    pub content: String,
    /// The calls.
    pub tool_calls: Vec<ToolCall>,
    /// What the reply cost.
    pub usage: Usage,
}

/// What a reply cost.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq, Serialize)]
pub struct Usage {
    /// Tokens read.
    pub input_tokens: u64,
    /// Tokens written.
    pub output_tokens: u64,
}

/// Why a provider did not reply.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("the provider failed: {reason}")]
pub struct ProviderError {
    /// What the provider, or the way there, said.
    pub reason: String,
}

impl ProviderMessage {
    /// A message of nothing but words.
    pub fn text(role: Role, content: String) -> Self {
        Self { role, content, tool_calls: Vec::new(), tool_call_id: None }
    }
}

impl std::ops::AddAssign for Usage {
    fn add_assign(&mut self, other: Self) {
        self.input_tokens += other.input_tokens;
        self.output_tokens += other.output_tokens;
    }
}
