//! The memory's values.

use std::fmt;

use jiff::Timestamp;
use rusqlite::Row;
use serde::{Deserialize, Serialize};

use super::error::MemoryError;

/// Names a conversation.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct ConversationId(pub i64);

impl fmt::Display for ConversationId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Names a message. Ids grow in the order in which messages were added.
#[derive(Clone, Copy, Debug, Deserialize, Eq, Hash, Ord, PartialEq, PartialOrd, Serialize)]
#[serde(transparent)]
pub struct MessageId(pub i64);

/// Who says something.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Instructions that frame the conversation.
    System,
    /// The person.
    User,
    /// The model.
    Assistant,
    /// The result of a tool that the model called.
    Tool,
}

impl Role {
    /// The word that is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::User => "user",
            Self::Assistant => "assistant",
            Self::Tool => "tool",
        }
    }

    fn from_stored(word: &str) -> Option<Self> {
        [Self::System, Self::User, Self::Assistant, Self::Tool]
            .into_iter()
            .find(|role| role.as_str() == word)
    }
}

/// A message to be added.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct NewMessage {
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
    /// When it was said; kept to the millisecond.
    pub created_at: Timestamp,
}

/// A message that was added.
#[derive(Clone, Debug, Eq, PartialEq, Serialize)]
pub struct Message {
    /// Its name.
    pub id: MessageId,
    /// The conversation it is part of.
    pub conversation: ConversationId,
    /// Who says it.
    pub role: Role,
    /// What is said.
    pub content: String,
    /// When it was said.
    pub created_at: Timestamp,
}

impl Message {
    /// Reads a row of the columns `id, conversation, role, content, created_at`, in this order.
    pub(super) fn from_row(row: &Row<'_>) -> Result<Self, MemoryError> {
        let id: i64 = row.get(0)?;
        let corrupt = |column, value| MemoryError::CorruptMessage { message: id, column, value };
        let role_text = row.get_ref(2)?.as_str().unwrap_or_default();
        let role =
            Role::from_stored(role_text).ok_or_else(|| corrupt("role", role_text.to_owned()))?;
        let created_at_ms: i64 = row.get(4)?;
        let created_at = Timestamp::from_millisecond(created_at_ms)
            .map_err(|_| corrupt("created_at", created_at_ms.to_string()))?;
        Ok(Self {
            id: MessageId(id),
            conversation: ConversationId(row.get(1)?),
            role,
            content: row.get(3)?,
            created_at,
        })
    }
}
