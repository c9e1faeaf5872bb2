//! A small assistant service, complete but for the language model behind it.
//!
//! | Module | What it does |
//! |---|---|
//! | [`memory`] | keeps conversations and their messages, and searches them |
//! | [`tools`] | what the model may call: definitions, validation, execution |
//! | [`settings`] | typed settings with defaults |
//! | [`upload`] | files handed in by people: names, types, storage |
//! | [`chat`] | answers a request with all of the above and a provider |
//!
//! Dependencies go one way: `chat` uses the others, and they do not know each other.
//! The network is the one thing left out: a provider's answer takes as long as it takes, and
//! nothing in this repository can make it slower or faster, so [`chat::MockProvider`] stands in.
//! Everything else is the real thing: `SQLite`, files, parsing, evaluation.

pub mod chat;
pub mod clock;
pub mod memory;
pub mod settings;
pub mod tools;
pub mod upload;
