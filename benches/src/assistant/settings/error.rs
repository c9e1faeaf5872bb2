//! What can go wrong with settings.

use super::value::SettingValue;

/// Why a setting was not read or not changed.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SettingsError {
    /// The catalogue has no such setting.
    #[error("there is no setting `{0}`")]
    Unknown(String),
    /// The catalogue has this setting already.
    #[error("the setting `{0}` is defined twice")]
    Duplicate(String),
    /// A value is of another type than the setting.
    #[error("the setting `{key}` is of type {expected}, not {}: {value}", value.type_name())]
    WrongType {
        /// The setting.
        key: String,
        /// Its type.
        expected: &'static str,
        /// The value that was offered.
        value: SettingValue,
    },
    /// A value is outside of the setting's limits.
    #[error("the setting `{key}` must be {allowed}, not {value}")]
    OutOfRange {
        /// The setting.
        key: String,
        /// What is allowed, in words.
        allowed: String,
        /// The value that was offered.
        value: SettingValue,
    },
    /// What is stored fits no type that settings have.
    #[error("the stored value of the setting `{0}` is unreadable")]
    Corrupt(String),
    /// `SQLite` itself failed.
    #[error("the database failed: {0}")]
    Database(#[from] rusqlite::Error),
}
