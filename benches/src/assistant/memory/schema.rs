//! The memory's tables.

use rusqlite::Connection;

/// Creates what is missing, and turns on the checks that `SQLite` leaves off by default.
///
/// `messages_by_conversation` ends in the id, so that a conversation is read in order without
/// sorting, its newest messages are found from the end, and counting touches no table row.
pub(super) fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "PRAGMA foreign_keys = ON;
         CREATE TABLE IF NOT EXISTS conversations (
             id INTEGER PRIMARY KEY,
             title TEXT NOT NULL,
             created_at INTEGER NOT NULL
         ) STRICT;
         CREATE TABLE IF NOT EXISTS messages (
             id INTEGER PRIMARY KEY,
             conversation INTEGER NOT NULL REFERENCES conversations (id) ON DELETE CASCADE,
             role TEXT NOT NULL,
             content TEXT NOT NULL,
             created_at INTEGER NOT NULL
         ) STRICT;
         CREATE INDEX IF NOT EXISTS messages_by_conversation ON messages (conversation, id);",
    )
}
