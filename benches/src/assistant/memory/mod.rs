//! Conversations and their messages, kept in `SQLite`.
//!
//! Messages are read by conversation and in order, so the index is on both; text search is a
//! scan with `LIKE`, because one person's history has thousands of messages, not millions, and
//! a full-text index would slow down every write for it.

mod error;
mod message;
mod schema;
mod search;
mod store;

pub use error::MemoryError;
pub use message::{ConversationId, Message, MessageId, NewMessage, Role};
pub use store::{MAXIMUM_CONTENT_BYTES, Memory};
