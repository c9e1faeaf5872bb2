//! Search over the text of all messages.

use super::error::MemoryError;
use super::message::Message;
use super::store::Memory;

/// The character that makes the next one literal in a `LIKE` pattern; [`SEARCH`] declares it.
const ESCAPE: char = '\\';

const SEARCH: &str = r"SELECT id, conversation, role, content, created_at FROM messages
    WHERE content LIKE ?1 ESCAPE '\' ORDER BY id DESC LIMIT ?2";

impl Memory {
    /// The newest messages that contain `text`, newest first, `limit` at most.
    ///
    /// Letters of the ASCII alphabet match in either case; `%` and `_` are ordinary characters.
    /// An empty or blank text finds nothing, rather than everything.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn search(&self, text: &str, limit: usize) -> Result<Vec<Message>, MemoryError> {
        if text.trim().is_empty() {
            return Ok(Vec::new());
        }
        let mut statement = self.connection().prepare_cached(SEARCH)?;
        let limit = i64::try_from(limit).unwrap_or(i64::MAX);
        let rows = statement.query_and_then((contains_pattern(text), limit), Message::from_row)?;
        rows.collect()
    }
}

/// The `LIKE` pattern for "contains exactly this text".
fn contains_pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for character in text.chars() {
        if matches!(character, '%' | '_' | ESCAPE) {
            pattern.push(ESCAPE);
        }
        pattern.push(character);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::super::message::{NewMessage, Role};
    use super::*;

    fn memory_with(contents: &[&str]) -> Memory {
        let mut memory = Memory::in_memory().unwrap();
        let conversation = memory.create_conversation("search", Timestamp::UNIX_EPOCH).unwrap();
        let messages: Vec<_> = contents
            .iter()
            .map(|content| NewMessage {
                role: Role::User,
                content: (*content).to_owned(),
                created_at: Timestamp::UNIX_EPOCH,
            })
            .collect();
        memory.add_messages(conversation, &messages).unwrap();
        memory
    }

    fn found(memory: &Memory, text: &str, limit: usize) -> Vec<String> {
        memory.search(text, limit).unwrap().into_iter().map(|message| message.content).collect()
    }

    #[test]
    fn finds_newest_first_and_up_to_the_limit() {
        let memory = memory_with(&["tea one", "coffee", "tea two", "Tea three"]);
        assert_eq!(found(&memory, "tea", 10), ["Tea three", "tea two", "tea one"]);
        assert_eq!(found(&memory, "tea", 2), ["Tea three", "tea two"]);
        assert_eq!(found(&memory, "tea", 0), [""; 0]);
        assert_eq!(found(&memory, "milk", 10), [""; 0]);
    }

    #[test]
    fn wildcards_and_the_escape_are_literal() {
        let memory = memory_with(&["100% sure", "100 sure", "a_b", "acb", r"C:\temp", "C:/temp"]);
        assert_eq!(found(&memory, "%", 10), ["100% sure"]);
        assert_eq!(found(&memory, "a_b", 10), ["a_b"]);
        assert_eq!(found(&memory, r":\t", 10), [r"C:\temp"]);
        assert_eq!(found(&memory, "'; DROP TABLE messages; --", 10), [""; 0]);
        assert_eq!(found(&memory, "acb", 10), ["acb"]);
    }

    #[test]
    fn blank_text_finds_nothing() {
        let memory = memory_with(&["something said"]);
        assert_eq!(found(&memory, "", 10), [""; 0]);
        assert_eq!(found(&memory, "  \t", 10), [""; 0]);
    }

    #[test]
    fn a_limit_beyond_sqlite_is_no_limit() {
        let memory = memory_with(&["one", "one more"]);
        assert_eq!(found(&memory, "one", usize::MAX).len(), 2);
    }
}
