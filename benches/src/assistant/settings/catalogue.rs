//! Which settings there are.

use std::collections::BTreeMap;

use super::error::SettingsError;
use super::value::{Kind, SettingValue};

/// What a setting is called, takes and starts with.
#[derive(Clone, Debug, PartialEq)]
pub struct Definition {
    /// Its name.
    pub key: String,
    /// Its type and limits.
    pub kind: Kind,
    /// Its value until somebody sets another.
    pub default: SettingValue,
}

/// Which settings there are, by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Catalogue {
    definitions: BTreeMap<String, Definition>,
}

impl Catalogue {
    /// A catalogue of these settings.
    ///
    /// # Errors
    ///
    /// When two have one name, or a default is not a value that the setting itself allows.
    pub fn new(definitions: impl IntoIterator<Item = Definition>) -> Result<Self, SettingsError> {
        let mut catalogue = Self::default();
        for definition in definitions {
            definition.check(&definition.default)?;
            let key = definition.key.clone();
            if catalogue.definitions.insert(key.clone(), definition).is_some() {
                return Err(SettingsError::Duplicate(key));
            }
        }
        Ok(catalogue)
    }

    /// The assistant's own settings.
    ///
    /// # Errors
    ///
    /// Never in practice: the defaults are allowed and the names differ.
    pub fn of_assistant() -> Result<Self, SettingsError> {
        let boolean = |key, default| definition(key, Kind::Boolean, SettingValue::Boolean(default));
        let integer = |key, range, default| {
            definition(key, Kind::Integer(range), SettingValue::Integer(default))
        };
        let text = |key, default: &str| {
            definition(key, Kind::Text(4096), SettingValue::Text(default.to_owned()))
        };
        Self::new([
            text("model", "mock-1"),
            text("system_prompt", "You are a helpful assistant."),
            text("language", "en"),
            text("theme", "light"),
            definition("temperature", Kind::Float(0.0..=2.0), SettingValue::Float(0.7)),
            integer("history_limit", 1..=1000, 20),
            integer("maximum_tool_rounds", 0..=16, 4),
            integer("upload_limit_bytes", 1..=1 << 30, 10 << 20),
            boolean("tools_enabled", true),
            boolean("notifications", false),
        ])
    }

    /// The definition of a setting.
    ///
    /// # Errors
    ///
    /// When there is no such setting.
    pub fn get(&self, key: &str) -> Result<&Definition, SettingsError> {
        self.definitions.get(key).ok_or_else(|| SettingsError::Unknown(key.to_owned()))
    }

    /// All definitions, ordered by name.
    pub fn definitions(&self) -> impl Iterator<Item = &Definition> {
        self.definitions.values()
    }
}

fn definition(key: &str, kind: Kind, default: SettingValue) -> Definition {
    Definition { key: key.to_owned(), kind, default }
}

impl Definition {
    /// Checks that the setting can have this value.
    ///
    /// # Errors
    ///
    /// When the value is of another type, or outside of the limits.
    pub fn check(&self, value: &SettingValue) -> Result<(), SettingsError> {
        if self.kind.allows(value) {
            return Ok(());
        }
        let key = self.key.clone();
        let value = value.clone();
        Err(if self.kind.is_type_of(&value) {
            SettingsError::OutOfRange { key, allowed: self.kind.allowed(), value }
        } else {
            SettingsError::WrongType { key, expected: self.kind.type_name(), value }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_assistants_catalogue_is_sound() {
        let catalogue = Catalogue::of_assistant().unwrap();
        let keys: Vec<_> = catalogue.definitions().map(|it| it.key.as_str()).collect();
        assert_eq!(keys.len(), 10);
        assert!(keys.is_sorted());
        assert_eq!(catalogue.get("theme").unwrap().kind.type_name(), "text");
        assert!(matches!(catalogue.get("colour"), Err(SettingsError::Unknown(_))));
    }

    #[test]
    fn an_unsound_catalogue_is_refused() {
        let flag = definition("flag", Kind::Boolean, SettingValue::Boolean(true));
        assert!(matches!(
            Catalogue::new([flag.clone(), flag]),
            Err(SettingsError::Duplicate(key)) if key == "flag"
        ));
        let outside = definition("size", Kind::Integer(1..=2), SettingValue::Integer(3));
        assert!(matches!(Catalogue::new([outside]), Err(SettingsError::OutOfRange { .. })));
    }

    #[test]
    fn a_refusal_says_what_is_allowed() {
        let size = definition("size", Kind::Integer(1..=2), SettingValue::Integer(1));
        let refusal = |value| size.check(&value).unwrap_err().to_string();
        assert_eq!(
            refusal(SettingValue::Integer(3)),
            "the setting `size` must be from 1 to 2, not 3"
        );
        assert_eq!(
            refusal(SettingValue::Text("2".to_owned())),
            "the setting `size` is of type integer, not text: \"2\""
        );
    }
}
