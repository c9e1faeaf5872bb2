//! What can go wrong in a chat.

use super::super::memory::MemoryError;
use super::super::settings::SettingsError;
use super::super::upload::UploadError;
use super::provider::ProviderError;

/// Why a request was not answered.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ChatError {
    /// The request is not the JSON that is expected.
    #[error("the request cannot be read: {0}")]
    InvalidRequest(#[source] serde_json::Error),
    /// The message says nothing.
    #[error("the message is empty")]
    EmptyMessage,
    /// The message is longer than is taken.
    #[error("a message of {bytes} bytes is longer than the {limit} bytes allowed")]
    MessageTooLong {
        /// Its length.
        bytes: usize,
        /// The longest that is taken.
        limit: usize,
    },
    /// More files are attached than are taken.
    #[error("{count} attachments are more than the {limit} allowed")]
    TooManyAttachments {
        /// How many there are.
        count: usize,
        /// How many are taken.
        limit: usize,
    },
    /// A file is attached that would not be taken as an upload.
    #[error("invalid attachment: {0}")]
    Attachment(#[from] UploadError),
    /// The provider kept calling tools and never answered.
    #[error("no answer after {0} rounds of tool calls")]
    TooManyToolRounds(usize),
    /// The provider answered without a word and without a call.
    #[error("the provider's answer is empty")]
    EmptyAnswer,
    /// The provider failed.
    #[error(transparent)]
    Provider(#[from] ProviderError),
    /// The memory failed, or does not have the conversation.
    #[error(transparent)]
    Memory(#[from] MemoryError),
    /// The settings failed.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The response could not be written.
    #[error("the response cannot be written: {0}")]
    Response(#[source] serde_json::Error),
}
