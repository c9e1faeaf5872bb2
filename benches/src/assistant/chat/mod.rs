//! Chat requests, from JSON to JSON.
//!
//! A request is parsed and checked, its message stored, the tools that it may need picked by
//! what it says, and the provider asked; tools that the provider calls are run and their
//! results sent back, until it answers in words.

mod analysis;
mod error;
mod mock_provider;
mod options;
mod provider;
mod request;
mod response;
mod service;

pub use analysis::suggest_tools;
pub use error::ChatError;
pub use mock_provider::MockProvider;
pub use options::ChatOptions;
pub use provider::{
    Provider, ProviderError, ProviderMessage, ProviderReply, ProviderRequest, ToolCall, ToolFormat,
    Usage,
};
pub use request::{Attachment, ChatRequest, MAXIMUM_ATTACHMENTS, MAXIMUM_MESSAGE_BYTES, ToolUse};
pub use response::{ChatResponse, ExecutedCall, Outcome};
pub use service::ChatService;
