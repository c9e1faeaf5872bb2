//! A provider that answers at once.

use super::super::memory::Role;
use super::provider::{
    Provider, ProviderError, ProviderReply, ProviderRequest, ToolCall, ToolFormat, Usage,
};

/// About how many bytes of English make a token.
const BYTES_PER_TOKEN: usize = 4;

/// A provider without a network and without a model: it calls the tool it was told to call if
/// any tools are offered, and answers with the words it was told to say otherwise.
///
/// It has no state, so the same request always gets the same reply.
#[derive(Clone, Debug)]
pub struct MockProvider {
    answer: String,
    call: Option<ToolCall>,
}

impl MockProvider {
    /// A provider that gives this answer.
    pub fn answering(answer: &str) -> Self {
        Self { answer: answer.to_owned(), call: None }
    }

    /// A provider that first makes this call and gives its answer once it has the result.
    #[must_use]
    pub fn calling(self, call: ToolCall) -> Self {
        Self { call: Some(call), ..self }
    }
}

impl Provider for MockProvider {
    fn tool_format(&self) -> ToolFormat {
        ToolFormat::OpenAi
    }

    fn complete(&self, request: &ProviderRequest<'_>) -> Result<ProviderReply, ProviderError> {
        let has_result = request.messages.last().is_some_and(|last| last.role == Role::Tool);
        let call = self.call.as_ref().filter(|_| !has_result && !request.tools.is_empty());
        let content = if call.is_some() { String::new() } else { self.answer.clone() };
        let input_bytes: usize = request.messages.iter().map(|message| message.content.len()).sum();
        let tokens = |bytes: usize| bytes.div_ceil(BYTES_PER_TOKEN) as u64;
        Ok(ProviderReply {
            usage: Usage {
                input_tokens: tokens(input_bytes + request.system_prompt.len()),
                output_tokens: tokens(content.len()),
            },
            content,
            tool_calls: call.cloned().into_iter().collect(),
        })
    }
}
