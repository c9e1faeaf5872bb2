//! Reading and changing settings.

use std::collections::HashMap;
use std::path::Path;

use rusqlite::Connection;
use serde::Serialize;

use super::catalogue::{Catalogue, Definition};
use super::error::SettingsError;
use super::value::SettingValue;

/// A setting as it is now.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Setting {
    /// Its name.
    pub key: String,
    /// Its value.
    pub value: SettingValue,
    /// Whether nobody has set it.
    pub is_default: bool,
}

/// The settings of one catalogue in one `SQLite` database.
#[derive(Debug)]
pub struct Settings {
    catalogue: Catalogue,
    connection: Connection,
}

impl Settings {
    /// Opens the database at `path`, creating it if it is not there.
    ///
    /// # Errors
    ///
    /// When the file cannot be opened or is not a database.
    pub fn open(path: &Path, catalogue: Catalogue) -> Result<Self, SettingsError> {
        Self::on(Connection::open(path)?, catalogue)
    }

    /// Settings that live as long as the value, all of them at their defaults.
    ///
    /// # Errors
    ///
    /// When `SQLite` cannot allocate them.
    pub fn in_memory(catalogue: Catalogue) -> Result<Self, SettingsError> {
        Self::on(Connection::open_in_memory()?, catalogue)
    }

    fn on(connection: Connection, catalogue: Catalogue) -> Result<Self, SettingsError> {
        // A STRICT table's column of type ANY keeps each value in the type it was given.
        connection.execute_batch(
            "CREATE TABLE IF NOT EXISTS settings (
                 key TEXT PRIMARY KEY,
                 value ANY NOT NULL
             ) STRICT, WITHOUT ROWID;",
        )?;
        Ok(Self { catalogue, connection })
    }

    /// The value of a setting: the stored one, or else the default.
    ///
    /// # Errors
    ///
    /// When there is no such setting, or what is stored is not of its type.
    pub fn get(&self, key: &str) -> Result<SettingValue, SettingsError> {
        let definition = self.catalogue.get(key)?;
        let mut statement =
            self.connection.prepare_cached("SELECT value FROM settings WHERE key = ?1")?;
        let mut rows = statement.query([key])?;
        match rows.next()? {
            Some(row) => stored_value(definition, row.get_ref(0)?),
            None => Ok(definition.default.clone()),
        }
    }

    /// Sets a setting, whether or not it was set before.
    ///
    /// # Errors
    ///
    /// When there is no such setting, or it cannot have this value.
    pub fn set(&self, key: &str, value: &SettingValue) -> Result<(), SettingsError> {
        self.catalogue.get(key)?.check(value)?;
        self.connection
            .prepare_cached(
                "INSERT INTO settings (key, value) VALUES (?1, ?2)
                 ON CONFLICT (key) DO UPDATE SET value = excluded.value",
            )?
            .execute((key, value))?;
        Ok(())
    }

    /// Takes a setting back to its default, and tells whether it was set.
    ///
    /// # Errors
    ///
    /// When there is no such setting.
    pub fn reset(&self, key: &str) -> Result<bool, SettingsError> {
        self.catalogue.get(key)?;
        let mut statement =
            self.connection.prepare_cached("DELETE FROM settings WHERE key = ?1")?;
        Ok(statement.execute([key])? > 0)
    }

    /// All settings, ordered by name. What is stored under a name that the catalogue does not
    /// have, as after a downgrade, is left alone.
    ///
    /// # Errors
    ///
    /// When something stored is not of its setting's type.
    pub fn all(&self) -> Result<Vec<Setting>, SettingsError> {
        let mut statement = self.connection.prepare_cached("SELECT key, value FROM settings")?;
        let mut rows = statement.query([])?;
        let mut stored = HashMap::new();
        while let Some(row) = rows.next()? {
            let key = row.get_ref(0)?.as_str().unwrap_or_default();
            if let Ok(definition) = self.catalogue.get(key) {
                stored.insert(definition.key.as_str(), stored_value(definition, row.get_ref(1)?)?);
            }
        }
        let settings = self.catalogue.definitions().map(|definition| {
            let value = stored.remove(definition.key.as_str());
            Setting {
                key: definition.key.clone(),
                is_default: value.is_none(),
                value: value.unwrap_or_else(|| definition.default.clone()),
            }
        });
        Ok(settings.collect())
    }
}

fn stored_value(
    definition: &Definition,
    stored: rusqlite::types::ValueRef<'_>,
) -> Result<SettingValue, SettingsError> {
    definition
        .kind
        .read_stored(stored)
        .ok_or_else(|| SettingsError::Corrupt(definition.key.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        Settings::in_memory(Catalogue::of_assistant().unwrap()).unwrap()
    }

    #[test]
    fn unset_is_the_default() {
        let settings = settings();
        assert_eq!(settings.get("history_limit").unwrap(), SettingValue::Integer(20));
        let all = settings.all().unwrap();
        assert_eq!(all.len(), 10);
        assert!(all.iter().all(|setting| setting.is_default));
    }

    #[test]
    fn every_type_is_kept() {
        let settings = settings();
        for (key, value) in [
            ("tools_enabled", SettingValue::Boolean(false)),
            ("history_limit", SettingValue::Integer(50)),
            // Whole, but still a float when it is read back.
            ("temperature", SettingValue::Float(1.0)),
            ("theme", SettingValue::Text("1.0".to_owned())),
        ] {
            settings.set(key, &value).unwrap();
            assert_eq!(settings.get(key).unwrap(), value, "{key}");
        }
        let set: Vec<_> = settings.all().unwrap().into_iter().filter(|it| !it.is_default).collect();
        assert_eq!(set.len(), 4);
        assert!(set.is_sorted_by(|left, right| left.key < right.key));
    }

    #[test]
    fn setting_again_replaces_and_resetting_forgets() {
        let settings = settings();
        settings.set("theme", &SettingValue::Text("dark".to_owned())).unwrap();
        settings.set("theme", &SettingValue::Text("darker".to_owned())).unwrap();
        assert_eq!(settings.get("theme").unwrap(), SettingValue::Text("darker".to_owned()));
        assert!(settings.reset("theme").unwrap());
        assert!(!settings.reset("theme").unwrap());
        assert_eq!(settings.get("theme").unwrap(), SettingValue::Text("light".to_owned()));
    }

    #[test]
    fn unknown_settings_and_values_change_nothing() {
        let settings = settings();
        let value = SettingValue::Integer(5);
        assert!(matches!(settings.get("colour"), Err(SettingsError::Unknown(_))));
        assert!(matches!(settings.set("colour", &value), Err(SettingsError::Unknown(_))));
        assert!(matches!(settings.reset("colour"), Err(SettingsError::Unknown(_))));
        assert!(matches!(settings.set("theme", &value), Err(SettingsError::WrongType { .. })));
        let outside = SettingValue::Integer(0);
        assert!(matches!(
            settings.set("history_limit", &outside),
            Err(SettingsError::OutOfRange { .. })
        ));
        assert!(settings.all().unwrap().iter().all(|setting| setting.is_default));
    }

    #[test]
    fn what_another_version_stored_is_told_apart() {
        let settings = settings();
        let store = |key: &str, value: &str| {
            settings.connection.execute("INSERT INTO settings VALUES (?1, ?2)", [key, value])
        };
        store("retired_setting", "whatever").unwrap();
        assert_eq!(settings.all().unwrap().len(), 10);
        store("history_limit", "many").unwrap();
        assert!(matches!(settings.get("history_limit"), Err(SettingsError::Corrupt(_))));
        assert!(matches!(settings.all(), Err(SettingsError::Corrupt(_))));
    }

    #[test]
    fn a_file_keeps_what_was_set() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("settings.db");
        let open = || Settings::open(&path, Catalogue::of_assistant().unwrap()).unwrap();
        open().set("notifications", &SettingValue::Boolean(true)).unwrap();
        assert_eq!(open().get("notifications").unwrap(), SettingValue::Boolean(true));
    }
}
