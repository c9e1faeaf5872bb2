//! Adding and reading messages.

use std::path::Path;

use jiff::Timestamp;
use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::error::MemoryError;
use super::message::{ConversationId, Message, MessageId, NewMessage, Role};
use super::schema;

/// The longest message that is kept: far beyond what a person types, far below what would make
/// a scan of the history slow.
pub const MAXIMUM_CONTENT_BYTES: usize = 256 * 1024;

/// Conversations and messages in one `SQLite` database.
#[derive(Debug)]
pub struct Memory {
    connection: Connection,
}

impl Memory {
    /// Opens the database at `path`, creating it if it is not there.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or is not a database.
    pub fn open(path: &Path) -> Result<Self, MemoryError> {
        Self::on(Connection::open(path)?)
    }

    /// An empty memory that lives as long as the value.
    ///
    /// # Errors
    ///
    /// When `SQLite` cannot allocate it.
    pub fn in_memory() -> Result<Self, MemoryError> {
        Self::on(Connection::open_in_memory()?)
    }

    fn on(connection: Connection) -> Result<Self, MemoryError> {
        schema::prepare(&connection)?;
        Ok(Self { connection })
    }

    pub(super) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Starts a conversation.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn create_conversation(
        &self,
        title: &str,
        created_at: Timestamp,
    ) -> Result<ConversationId, MemoryError> {
        self.connection
            .prepare_cached("INSERT INTO conversations (title, created_at) VALUES (?1, ?2)")?
            .execute((title, created_at.as_millisecond()))?;
        Ok(ConversationId(self.connection.last_insert_rowid()))
    }

    /// The conversation's title, or `None` where there is no such conversation.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn conversation_title(
        &self,
        conversation: ConversationId,
    ) -> Result<Option<String>, MemoryError> {
        let mut statement =
            self.connection.prepare_cached("SELECT title FROM conversations WHERE id = ?1")?;
        Ok(statement.query_row([conversation.0], |row| row.get(0)).optional()?)
    }

    /// Adds one message to the end of a conversation.
    ///
    /// # Errors
    ///
    /// When the content is empty or too long, or the conversation is unknown.
    pub fn add_message(
        &self,
        conversation: ConversationId,
        role: Role,
        content: &str,
        created_at: Timestamp,
    ) -> Result<MessageId, MemoryError> {
        insert(&self.connection, conversation, role, content, created_at)
    }

    /// Adds messages to the end of a conversation: all of them, or none if one is refused.
    ///
    /// # Errors
    ///
    /// As for [`Memory::add_message`].
    pub fn add_messages(
        &mut self,
        conversation: ConversationId,
        messages: &[NewMessage],
    ) -> Result<Vec<MessageId>, MemoryError> {
        let transaction = self.connection.transaction()?;
        let ids = messages
            .iter()
            .map(|message| {
                let NewMessage { role, content, created_at } = message;
                insert(&transaction, conversation, *role, content, *created_at)
            })
            .collect::<Result<Vec<_>, _>>()?;
        transaction.commit()?;
        Ok(ids)
    }

    /// All messages of a conversation, oldest first; none for an unknown conversation.
    ///
    /// # Errors
    ///
    /// When the database fails or holds an unreadable row.
    pub fn messages(&self, conversation: ConversationId) -> Result<Vec<Message>, MemoryError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, conversation, role, content, created_at FROM messages
             WHERE conversation = ?1 ORDER BY id",
        )?;
        statement.query_and_then([conversation.0], Message::from_row)?.collect()
    }

    /// The newest `limit` messages of a conversation, oldest of them first.
    ///
    /// # Errors
    ///
    /// When the database fails or holds an unreadable row.
    pub fn newest_messages(
        &self,
        conversation: ConversationId,
        limit: usize,
    ) -> Result<Vec<Message>, MemoryError> {
        let mut statement = self.connection.prepare_cached(
            "SELECT id, conversation, role, content, created_at FROM messages
             WHERE conversation = ?1 ORDER BY id DESC LIMIT ?2",
        )?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let mut messages = statement
            .query_and_then((conversation.0, limit), Message::from_row)?
            .collect::<Result<Vec<_>, _>>()?;
        messages.reverse();
        Ok(messages)
    }

    /// How many messages a conversation has; 0 for an unknown conversation.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn message_count(&self, conversation: ConversationId) -> Result<u64, MemoryError> {
        let mut statement = self
            .connection
            .prepare_cached("SELECT count(*) FROM messages WHERE conversation = ?1")?;
        let count: i64 = statement.query_row([conversation.0], |row| row.get(0))?;
        Ok(u64::try_from(count).unwrap_or_default())
    }

    /// Takes a conversation back to `last_kept`: removes what was said after it, and tells how
    /// many messages that were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn rewind(
        &self,
        conversation: ConversationId,
        last_kept: MessageId,
    ) -> Result<usize, MemoryError> {
        let mut statement = self
            .connection
            .prepare_cached("DELETE FROM messages WHERE conversation = ?1 AND id > ?2")?;
        Ok(statement.execute((conversation.0, last_kept.0))?)
    }
}

fn insert(
    connection: &Connection,
    conversation: ConversationId,
    role: Role,
    content: &str,
    created_at: Timestamp,
) -> Result<MessageId, MemoryError> {
    if content.trim().is_empty() {
        return Err(MemoryError::EmptyContent);
    }
    if content.len() > MAXIMUM_CONTENT_BYTES {
        return Err(MemoryError::ContentTooLong {
            bytes: content.len(),
            limit: MAXIMUM_CONTENT_BYTES,
        });
    }
    connection
        .prepare_cached(
            "INSERT INTO messages (conversation, role, content, created_at)
             VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((conversation.0, role.as_str(), content, created_at.as_millisecond()))
        // The foreign key is the only constraint that these values can break.
        .map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::ConstraintViolation) => MemoryError::UnknownConversation(conversation),
            _ => MemoryError::Database(error),
        })?;
    Ok(MessageId(connection.last_insert_rowid()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_700_000_000, 0);

    fn message(content: &str) -> NewMessage {
        NewMessage { role: Role::User, content: content.to_owned(), created_at: NOON }
    }

    fn contents(messages: &[Message]) -> Vec<&str> {
        messages.iter().map(|message| message.content.as_str()).collect()
    }

    #[test]
    fn what_is_added_is_read_in_order() {
        let memory = Memory::in_memory().unwrap();
        let conversation = memory.create_conversation("first", NOON).unwrap();
        let other = memory.create_conversation("second", NOON).unwrap();
        let id = memory.add_message(conversation, Role::User, "hello", NOON).unwrap();
        memory.add_message(other, Role::User, "elsewhere", NOON).unwrap();
        memory.add_message(conversation, Role::Assistant, "hi, 世界", NOON).unwrap();

        let messages = memory.messages(conversation).unwrap();
        assert_eq!(contents(&messages), ["hello", "hi, 世界"]);
        assert_eq!(
            messages[0],
            Message {
                id,
                conversation,
                role: Role::User,
                content: "hello".to_owned(),
                created_at: NOON,
            }
        );
        assert_eq!(messages[1].role, Role::Assistant);
        assert_eq!(memory.conversation_title(other).unwrap().as_deref(), Some("second"));
    }

    #[test]
    fn limits_take_the_newest_and_counts_take_all() {
        let mut memory = Memory::in_memory().unwrap();
        let conversation = memory.create_conversation("numbers", NOON).unwrap();
        let messages: Vec<_> = (1..=5).map(|number| message(&number.to_string())).collect();
        memory.add_messages(conversation, &messages).unwrap();
        let newest = |limit| memory.newest_messages(conversation, limit).unwrap();
        assert_eq!(contents(&newest(2)), ["4", "5"]);
        assert_eq!(contents(&newest(0)), [""; 0]);
        assert_eq!(newest(usize::MAX).len(), 5);
        assert_eq!(memory.message_count(conversation).unwrap(), 5);
    }

    #[test]
    fn an_unknown_conversation_has_nothing_and_takes_nothing() {
        let mut memory = Memory::in_memory().unwrap();
        let nowhere = ConversationId(7);
        assert_eq!(memory.messages(nowhere).unwrap(), []);
        assert_eq!(memory.message_count(nowhere).unwrap(), 0);
        assert_eq!(memory.conversation_title(nowhere).unwrap(), None);
        assert!(matches!(
            memory.add_message(nowhere, Role::User, "hello", NOON),
            Err(MemoryError::UnknownConversation(ConversationId(7)))
        ));
        assert!(matches!(
            memory.add_messages(nowhere, &[message("hello")]),
            Err(MemoryError::UnknownConversation(_))
        ));
    }

    #[test]
    fn one_refused_message_refuses_them_all() {
        let mut memory = Memory::in_memory().unwrap();
        let conversation = memory.create_conversation("all or none", NOON).unwrap();
        let refused = memory.add_messages(conversation, &[message("good"), message(" \n")]);
        assert!(matches!(refused, Err(MemoryError::EmptyContent)));
        let long = "x".repeat(MAXIMUM_CONTENT_BYTES + 1);
        assert!(matches!(
            memory.add_message(conversation, Role::User, &long, NOON),
            Err(MemoryError::ContentTooLong { bytes, .. }) if bytes == long.len()
        ));
        assert_eq!(memory.message_count(conversation).unwrap(), 0);
        assert_eq!(memory.add_messages(conversation, &[]).unwrap(), []);
    }

    #[test]
    fn rewinding_keeps_up_to_the_message_and_leaves_others_alone() {
        let memory = Memory::in_memory().unwrap();
        let conversation = memory.create_conversation("rewound", NOON).unwrap();
        let other = memory.create_conversation("kept", NOON).unwrap();
        let kept = memory.add_message(conversation, Role::User, "kept", NOON).unwrap();
        memory.add_message(conversation, Role::User, "dropped", NOON).unwrap();
        memory.add_message(other, Role::User, "elsewhere", NOON).unwrap();
        assert_eq!(memory.rewind(conversation, kept).unwrap(), 1);
        assert_eq!(memory.rewind(conversation, kept).unwrap(), 0);
        assert_eq!(contents(&memory.messages(conversation).unwrap()), ["kept"]);
        assert_eq!(memory.message_count(other).unwrap(), 1);
    }

    #[test]
    fn a_file_keeps_what_was_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("memory.db");
        let conversation = {
            let memory = Memory::open(&path).unwrap();
            let conversation = memory.create_conversation("kept", NOON).unwrap();
            memory.add_message(conversation, Role::User, "still here", NOON).unwrap();
            conversation
        };
        let memory = Memory::open(&path).unwrap();
        assert_eq!(contents(&memory.messages(conversation).unwrap()), ["still here"]);
    }

    #[test]
    fn a_row_of_another_writer_is_reported() {
        let memory = Memory::in_memory().unwrap();
        let conversation = memory.create_conversation("odd", NOON).unwrap();
        memory.add_message(conversation, Role::User, "hello", NOON).unwrap();
        memory.connection.execute("UPDATE messages SET role = 'oracle'", []).unwrap();
        assert!(matches!(
            memory.messages(conversation),
            Err(MemoryError::CorruptMessage { column: "role", value, .. }) if value == "oracle"
        ));
    }
}
