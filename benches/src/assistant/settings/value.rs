//! The values that settings have, and their types and limits.

use std::fmt;
use std::ops::RangeInclusive;

use rusqlite::ToSql;
use rusqlite::types::{ToSqlOutput, ValueRef};
use serde::{Deserialize, Serialize};

/// A setting's value.
#[derive(Clone, Debug, Deserialize, PartialEq, Serialize)]
#[serde(untagged)]
pub enum SettingValue {
    /// True or false.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any number.
    Float(f64),
    /// Any text.
    Text(String),
}

/// A setting's type, and which of its values are allowed.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// True or false.
    Boolean,
    /// A whole number within limits.
    Integer(RangeInclusive<i64>),
    /// A number within limits.
    Float(RangeInclusive<f64>),
    /// A text of at most so many bytes.
    Text(usize),
}

impl SettingValue {
    /// The name of the value's type.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean(_) => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "float",
            Self::Text(_) => "text",
        }
    }
}

impl fmt::Display for SettingValue {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Boolean(value) => value.fmt(formatter),
            Self::Integer(value) => value.fmt(formatter),
            Self::Float(value) => value.fmt(formatter),
            Self::Text(value) => write!(formatter, "{value:?}"),
        }
    }
}

impl Kind {
    /// The name of the type.
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Boolean => "boolean",
            Self::Integer(_) => "integer",
            Self::Float(_) => "float",
            Self::Text(_) => "text",
        }
    }

    /// Whether the value is of this type, whatever the limits.
    pub(super) const fn is_type_of(&self, value: &SettingValue) -> bool {
        matches!(
            (self, value),
            (Self::Boolean, SettingValue::Boolean(_))
                | (Self::Integer(_), SettingValue::Integer(_))
                | (Self::Float(_), SettingValue::Float(_))
                | (Self::Text(_), SettingValue::Text(_))
        )
    }

    /// Whether the value is of this type and within its limits.
    pub(super) fn allows(&self, value: &SettingValue) -> bool {
        match (self, value) {
            (Self::Boolean, SettingValue::Boolean(_)) => true,
            (Self::Integer(range), SettingValue::Integer(value)) => range.contains(value),
            // Not a number is in no range.
            (Self::Float(range), SettingValue::Float(value)) => range.contains(value),
            (Self::Text(limit), SettingValue::Text(value)) => value.len() <= *limit,
            _ => false,
        }
    }

    /// The allowed values, in words.
    pub(super) fn allowed(&self) -> String {
        match self {
            Self::Boolean => "true or false".to_owned(),
            Self::Integer(range) => format!("from {} to {}", range.start(), range.end()),
            Self::Float(range) => format!("from {} to {}", range.start(), range.end()),
            Self::Text(limit) => format!("at most {limit} bytes long"),
        }
    }

    /// The value of this type that a column holds, or `None` where it holds another.
    pub(super) fn read_stored(&self, stored: ValueRef<'_>) -> Option<SettingValue> {
        match (self, stored) {
            (Self::Boolean, ValueRef::Integer(value @ 0..=1)) => {
                Some(SettingValue::Boolean(value == 1))
            }
            (Self::Integer(_), ValueRef::Integer(value)) => Some(SettingValue::Integer(value)),
            (Self::Float(_), ValueRef::Real(value)) => Some(SettingValue::Float(value)),
            (Self::Text(_), ValueRef::Text(bytes)) => {
                let text = std::str::from_utf8(bytes).ok()?;
                Some(SettingValue::Text(text.to_owned()))
            }
            _ => None,
        }
    }
}

impl ToSql for SettingValue {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        match self {
            Self::Boolean(value) => value.to_sql(),
            Self::Integer(value) => value.to_sql(),
            Self::Float(value) => value.to_sql(),
            Self::Text(value) => value.to_sql(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_inclusive() {
        let kind = Kind::Integer(1..=3);
        assert!(kind.allows(&SettingValue::Integer(1)));
        assert!(kind.allows(&SettingValue::Integer(3)));
        assert!(!kind.allows(&SettingValue::Integer(4)));
        assert!(!kind.allows(&SettingValue::Float(2.0)));
        assert!(!Kind::Float(0.0..=1.0).allows(&SettingValue::Float(f64::NAN)));
        assert!(Kind::Text(3).allows(&SettingValue::Text("abc".to_owned())));
        assert!(!Kind::Text(3).allows(&SettingValue::Text("äb€".to_owned())));
    }

    #[test]
    fn stored_values_keep_their_type() {
        assert_eq!(
            Kind::Boolean.read_stored(ValueRef::Integer(1)),
            Some(SettingValue::Boolean(true))
        );
        assert_eq!(Kind::Boolean.read_stored(ValueRef::Integer(2)), None);
        assert_eq!(
            Kind::Float(0.0..=1.0).read_stored(ValueRef::Real(0.5)),
            Some(SettingValue::Float(0.5))
        );
        assert_eq!(Kind::Text(9).read_stored(ValueRef::Text(&[0xff])), None);
        assert_eq!(Kind::Text(9).read_stored(ValueRef::Null), None);
    }

    #[test]
    fn json_has_plain_values() {
        let values = [
            SettingValue::Boolean(true),
            SettingValue::Integer(4),
            SettingValue::Float(0.5),
            SettingValue::Text("dark".to_owned()),
        ];
        let written = serde_json::to_string(&values).unwrap();
        assert_eq!(written, r#"[true,4,0.5,"dark"]"#);
        assert_eq!(serde_json::from_str::<[SettingValue; 4]>(&written).unwrap(), values);
    }
}
