//! Typed settings with defaults, kept in `SQLite`.
//!
//! A catalogue says which settings there are, of what type, within what limits and with which
//! default. Only what differs from being unset is stored, so a later version can change a
//! default for everybody who never chose.

mod catalogue;
mod error;
mod store;
mod value;

pub use catalogue::{Catalogue, Definition};
pub use error::SettingsError;
pub use store::{Setting, Settings};
pub use value::{Kind, SettingValue};
