use std::borrow::Cow;
use std::{fmt, iter, slice};

use serde::de::{self, Deserialize, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, Serializer};

use crate::order;

/// A JSON value that borrows its text from the file, with objects in the file's order: an output of
/// a harness is read once and thrown away, and half of its time would go into copies.
#[derive(Debug, Clone, PartialEq)]
pub(in super::super) enum Value<'a> {
    Null,
    Bool(bool),
    Number(Number),
    String(Text<'a>),
    Array(Vec<Self>),
    Object(Fields<'a>),
}

/// Borrowed from the file unless something in it is escaped.
pub(in super::super) type Text<'a> = Cow<'a, str>;

/// A number as JSON distinguishes them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(in super::super) enum Number {
    /// A whole number of at least 0.
    Unsigned(u64),
    /// A whole number below 0.
    Negative(i64),
    Float(f64),
}

/// The fields of an object, in the file's order.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in super::super) struct Fields<'a>(Vec<Field<'a>>);

/// What a value can be found by: an array's 0-based position or an object's key.
pub(in super::super) trait Place: Copy {
    fn find<'v, 'a>(self, value: &'v Value<'a>) -> Option<&'v Value<'a>>;
}

impl Place for usize {
    fn find<'v, 'a>(self, value: &'v Value<'a>) -> Option<&'v Value<'a>> {
        value.as_array()?.get(self)
    }
}

impl Place for &str {
    fn find<'v, 'a>(self, value: &'v Value<'a>) -> Option<&'v Value<'a>> {
        value.as_object()?.get(self)
    }
}

impl<'a> Value<'a> {
    /// What stands at a key or position; none where there is nothing, or `self` has no such places.
    pub(in super::super) fn get(&self, place: impl Place) -> Option<&Self> {
        place.find(self)
    }

    /// What stands at a path like `/0/params/evals`.
    pub(in super::super) fn pointer(&self, path: &str) -> Option<&Self> {
        path.split('/').skip(1).try_fold(self, |value, step| match value {
            Self::Array(elements) => elements.get(step.parse::<usize>().ok()?),
            _ => value.get(step),
        })
    }

    pub(in super::super) fn is_null(&self) -> bool {
        matches!(self, Self::Null)
    }

    pub(in super::super) fn is_object(&self) -> bool {
        matches!(self, Self::Object(_))
    }

    pub(in super::super) fn is_array(&self) -> bool {
        matches!(self, Self::Array(_))
    }

    pub(in super::super) fn is_number(&self) -> bool {
        matches!(self, Self::Number(_))
    }

    pub(in super::super) fn as_object(&self) -> Option<&Fields<'a>> {
        if let Self::Object(fields) = self { Some(fields) } else { None }
    }

    pub(in super::super) fn as_array(&self) -> Option<&[Self]> {
        if let Self::Array(elements) = self { Some(elements) } else { None }
    }

    pub(in super::super) fn as_str(&self) -> Option<&str> {
        if let Self::String(text) = self { Some(text) } else { None }
    }

    pub(in super::super) fn as_bool(&self) -> Option<bool> {
        if let Self::Bool(flag) = self { Some(*flag) } else { None }
    }

    pub(in super::super) fn as_f64(&self) -> Option<f64> {
        match self {
            Self::Number(Number::Unsigned(number)) => Some(*number as f64),
            Self::Number(Number::Negative(number)) => Some(*number as f64),
            Self::Number(Number::Float(number)) => Some(*number),
            _ => None,
        }
    }

    pub(in super::super) fn as_i64(&self) -> Option<i64> {
        match self {
            Self::Number(Number::Unsigned(number)) => i64::try_from(*number).ok(),
            Self::Number(Number::Negative(number)) => Some(*number),
            _ => None,
        }
    }

    pub(in super::super) fn as_u64(&self) -> Option<u64> {
        if let Self::Number(Number::Unsigned(number)) = self { Some(*number) } else { None }
    }
}

impl<'a> Fields<'a> {
    /// The value at a key; of several the last, as everything that reads JSON takes it.
    pub(in super::super) fn get(&self, key: &str) -> Option<&Value<'a>> {
        self.0.iter().rev().find(|(name, _)| name == key).map(|(_, value)| value)
    }

    pub(in super::super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(in super::super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(in super::super) fn iter(&self) -> FieldsIter<'_, 'a> {
        self.0.iter().map(|(key, value)| (&**key, value))
    }

    /// The fields sorted by name.
    pub(in super::super) fn sorted(&self) -> Vec<(&str, &Value<'a>)> {
        let mut fields: Vec<_> = self.iter().collect();
        order::sort_by(&mut fields, |a, b| a.0.cmp(b.0));
        fields
    }

    /// The fields as parameters stand in a benchmark's name: `a=1, b=text`, sorted, so that the name
    /// does not depend on their order in the file.
    pub(in super::super) fn listed(&self) -> String {
        let fields = self.sorted().into_iter().map(|(key, value)| match value.as_str() {
            Some(text) => format!("{key}={text}"),
            None => format!("{key}={value}"),
        });
        fields.collect::<Vec<_>>().join(", ")
    }

    pub(in super::super) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|(key, _)| &**key)
    }

    pub(in super::super) fn values(&self) -> impl Iterator<Item = &Value<'a>> {
        self.0.iter().map(|(_, value)| value)
    }
}

type Field<'a> = (Text<'a>, Value<'a>);
type FieldsIter<'f, 'a> =
    iter::Map<slice::Iter<'f, Field<'a>>, fn(&'f Field<'a>) -> (&'f str, &'f Value<'a>)>;

impl<'f, 'a> IntoIterator for &'f Fields<'a> {
    type Item = (&'f str, &'f Value<'a>);
    type IntoIter = FieldsIter<'f, 'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Null => serializer.serialize_unit(),
            Self::Bool(flag) => serializer.serialize_bool(*flag),
            Self::Number(Number::Unsigned(number)) => serializer.serialize_u64(*number),
            Self::Number(Number::Negative(number)) => serializer.serialize_i64(*number),
            Self::Number(Number::Float(number)) => serializer.serialize_f64(*number),
            Self::String(text) => serializer.serialize_str(text),
            Self::Array(elements) => serializer.collect_seq(elements),
            Self::Object(fields) => serializer.collect_map(fields),
        }
    }
}

/// As JSON in one line.
impl fmt::Display for Value<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

/// Text or a key, without a copy where that is possible.
struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Cow::Borrowed(text))
    }
}

/// A key of an object: `Cow` alone would always be copied.
struct Key<'a>(Text<'a>);

impl<'de> Deserialize<'de> for Key<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor).map(Self)
    }
}

impl<'de> Deserialize<'de> for Value<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        ValueReader(&mut Opened::default()).deserialize(deserializer)
    }
}

/// What was read of arrays and objects that are not closed yet, so that each takes its room once.
#[derive(Default)]
struct Opened<'a> {
    elements: Vec<Value<'a>>,
    fields: Vec<Field<'a>>,
}

struct ValueReader<'o, 'a>(&'o mut Opened<'a>);

impl<'de> DeserializeSeed<'de> for ValueReader<'_, 'de> {
    type Value = Value<'de>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value<'de>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueReader<'_, 'de> {
    type Value = Value<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value<'de>, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Value<'de>, E> {
        Ok(Value::Bool(flag))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::Unsigned(number)))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::Negative(number)))
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value<'de>, E> {
        Ok(Value::Number(Number::Float(number)))
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value<'de>, E> {
        TextVisitor.visit_str(text).map(Value::String)
    }

    fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Value<'de>, E> {
        TextVisitor.visit_borrowed_str(text).map(Value::String)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Value<'de>, A::Error> {
        let Self(opened) = self;
        let begin = opened.elements.len();
        while let Some(element) = sequence.next_element_seed(ValueReader(opened))? {
            opened.elements.push(element);
        }
        Ok(Value::Array(opened.elements.split_off(begin)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value<'de>, A::Error> {
        let Self(opened) = self;
        let begin = opened.fields.len();
        while let Some(Key(key)) = map.next_key()? {
            let value = map.next_value_seed(ValueReader(opened))?;
            opened.fields.push((key, value));
        }
        Ok(Value::Object(Fields(opened.fields.split_off(begin))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"b":[1,-2,0.5,1e300,true,null],"a":{"c\\d":"x","é":"\n"}}"#;

    fn value(text: &str) -> Value<'_> {
        serde_json::from_slice(text.as_bytes()).unwrap()
    }

    #[test]
    fn what_is_read_is_written_the_same_and_in_the_same_order() {
        assert_eq!(value(TEXT).to_string().replace("1e+300", "1e300"), TEXT);
    }

    #[test]
    fn text_is_borrowed_unless_something_in_it_is_escaped() {
        let read = value(TEXT);
        let fields = read.get("a").and_then(Value::as_object).unwrap();
        let owned = |text: &Text<'_>| matches!(text, Cow::Owned(_));
        let kinds: Vec<(bool, bool)> = fields
            .0
            .iter()
            .map(|(key, value)| (owned(key), matches!(value, Value::String(v) if owned(v))))
            .collect();
        assert_eq!(kinds, [(true, false), (false, true)]);
    }

    #[test]
    fn numbers_are_told_apart_and_found_by_place() {
        let read = value(TEXT);
        let at = |path: &str| read.pointer(path).unwrap();
        assert_eq!((at("/b/0").as_u64(), at("/b/0").as_f64()), (Some(1), Some(1.0)));
        assert_eq!((at("/b/1").as_u64(), at("/b/1").as_i64()), (None, Some(-2)));
        assert_eq!((at("/b/2").as_i64(), at("/b/2").as_f64()), (None, Some(0.5)));
        assert_eq!(at(r"/a/c\d").as_str(), Some("x"));
        assert!(read.pointer("/b/9").is_none() && read.pointer("/a/0").is_none());
        assert!(read.get("b").unwrap().get("0").is_none());
    }

    #[test]
    fn of_two_fields_of_one_name_the_last_counts() {
        assert_eq!(value(r#"{"a":1,"a":2}"#).get("a").and_then(Value::as_u64), Some(2));
    }
}
