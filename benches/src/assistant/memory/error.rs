//! What can go wrong in the memory.

use super::message::ConversationId;

/// Why the memory did not do what it was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum MemoryError {
    /// The conversation is not in this memory.
    #[error("conversation {0} does not exist")]
    UnknownConversation(ConversationId),
    /// A message must say something.
    #[error("a message needs content")]
    EmptyContent,
    /// A message is longer than the memory takes.
    #[error("a message of {bytes} bytes is longer than the {limit} bytes allowed")]
    ContentTooLong {
        /// The length that was offered.
        bytes: usize,
        /// The longest that is taken.
        limit: usize,
    },
    /// A row holds a value that this version did not write.
    #[error("message {message} has the unreadable {column} {value:?}")]
    CorruptMessage {
        /// The row's id.
        message: i64,
        /// The column that could not be read.
        column: &'static str,
        /// What stood there.
        value: String,
    },
    /// `SQLite` itself failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
}
