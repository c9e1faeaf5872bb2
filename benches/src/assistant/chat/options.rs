//! The settings that an answer depends on.

use super::super::settings::{SettingValue, Settings, SettingsError};

/// The settings that an answer depends on.
#[derive(Clone, Debug, PartialEq)]
pub struct ChatOptions {
    /// The model to ask.
    pub model: String,
    /// The instructions that frame the conversation.
    pub system_prompt: String,
    /// How freely the model chooses its words.
    pub temperature: f64,
    /// How many of the newest messages the provider is sent.
    pub history_limit: usize,
    /// Whether tools may be used at all.
    pub tools_enabled: bool,
    /// How often the provider may call tools before it has to answer.
    pub maximum_tool_rounds: usize,
}

impl ChatOptions {
    /// Reads the options from settings of the assistant's catalogue.
    ///
    /// # Errors
    ///
    /// When the settings are of another catalogue, or the database fails.
    pub fn load(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self {
            model: text(settings, "model")?,
            system_prompt: text(settings, "system_prompt")?,
            temperature: match settings.get("temperature")? {
                SettingValue::Float(value) => value,
                other => return Err(wrong_type("temperature", "float", other)),
            },
            history_limit: count(settings, "history_limit")?,
            tools_enabled: match settings.get("tools_enabled")? {
                SettingValue::Boolean(value) => value,
                other => return Err(wrong_type("tools_enabled", "boolean", other)),
            },
            maximum_tool_rounds: count(settings, "maximum_tool_rounds")?,
        })
    }
}

fn text(settings: &Settings, key: &str) -> Result<String, SettingsError> {
    match settings.get(key)? {
        SettingValue::Text(value) => Ok(value),
        other => Err(wrong_type(key, "text", other)),
    }
}

fn count(settings: &Settings, key: &str) -> Result<usize, SettingsError> {
    match settings.get(key)? {
        // The catalogue's limits keep it positive.
        SettingValue::Integer(value) => Ok(usize::try_from(value).unwrap_or_default()),
        other => Err(wrong_type(key, "integer", other)),
    }
}

fn wrong_type(key: &str, expected: &'static str, value: SettingValue) -> SettingsError {
    SettingsError::WrongType { key: key.to_owned(), expected, value }
}

#[cfg(test)]
mod tests {
    use super::super::super::settings::{Catalogue, Definition, Kind};
    use super::*;

    #[test]
    fn options_follow_the_settings() {
        let settings = Settings::in_memory(Catalogue::of_assistant().unwrap()).unwrap();
        let defaults = ChatOptions::load(&settings).unwrap();
        assert_eq!((defaults.history_limit, defaults.tools_enabled), (20, true));
        settings.set("history_limit", &SettingValue::Integer(3)).unwrap();
        settings.set("tools_enabled", &SettingValue::Boolean(false)).unwrap();
        let changed = ChatOptions::load(&settings).unwrap();
        assert_eq!((changed.history_limit, changed.tools_enabled), (3, false));
    }

    #[test]
    fn another_catalogue_is_refused() {
        let model = Definition {
            key: "model".to_owned(),
            kind: Kind::Boolean,
            default: SettingValue::Boolean(true),
        };
        let settings = Settings::in_memory(Catalogue::new([model]).unwrap()).unwrap();
        assert!(matches!(ChatOptions::load(&settings), Err(SettingsError::WrongType { .. })));
    }
}
