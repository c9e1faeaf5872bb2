//! JSON as harnesses write it: read by `serde_json` into a tree of our own that borrows from the file.

mod value;

use std::cell::OnceCell;

use serde::Deserialize as _;

use super::{FormatError, InputFile};
pub(super) use value::{Fields, Value};

/// What Python's `json` writes for floats that JSON has no number for.
const NON_FINITE: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// Where a text is kept that is no JSON as it stands, in which values stand that borrow from it. Of
/// one text only.
#[derive(Debug, Default)]
pub(super) struct Repair(OnceCell<Repaired>);

/// A text with bare non-finite numbers in quotes, and the 1-based line and column (in it) of each.
type Repaired = (String, Vec<(usize, usize)>);

impl Repair {
    fn of(&self, text: &str) -> &Repaired {
        self.0.get_or_init(|| quote_non_finite(text))
    }
}

/// Reads JSON. Bare `NaN`, `Infinity` and `-Infinity`, which Python writes though JSON has no such
/// numbers, become strings of that name: so they spoil the benchmark they stand in, and not the
/// file.
pub(super) fn parse<'a>(
    file: &str,
    text: &'a str,
    repair: &'a Repair,
) -> Result<Value<'a>, FormatError> {
    let error = match read(text) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let (repaired, quoted) = repair.of(text);
    if quoted.is_empty() {
        return Err(json_error(file, &error, 0));
    }
    read(repaired).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let before = quoted.iter().filter(|(l, c)| *l == line && *c < column).count();
        json_error(file, &error, 2 * before)
    })
}

/// One value, and nothing else.
fn read(text: &str) -> serde_json::Result<Value<'_>> {
    let mut reader = reader(text);
    let value = Value::deserialize(&mut reader)?;
    reader.end().map(|()| value)
}

/// Of bytes, as everywhere in the browser: a second kind of reader would make the module there an
/// eighth larger.
#[cfg(target_arch = "wasm32")]
fn reader(text: &str) -> serde_json::Deserializer<serde_json::de::SliceRead<'_>> {
    serde_json::Deserializer::from_slice(text.as_bytes())
}

/// Of text, whose strings need not be looked through once more for whether they are UTF-8.
#[cfg(not(target_arch = "wasm32"))]
fn reader(text: &str) -> serde_json::Deserializer<serde_json::de::StrRead<'_>> {
    serde_json::Deserializer::from_str(text)
}

/// What `read` makes of a file that is one JSON document.
pub(super) fn of_file<T>(
    file: &InputFile<'_>,
    read: impl FnOnce(&Value<'_>) -> T,
) -> Result<T, FormatError> {
    let text = file.text()?;
    let repair = Repair::default();
    parse(file.name, &text, &repair).map(|value| read(&value))
}

/// `inserted`: how many bytes were put into the line before the error.
fn json_error(file: &str, error: &serde_json::Error, inserted: usize) -> FormatError {
    FormatError::Json {
        file: file.to_owned(),
        line: error.line() as u64,
        column: error.column().saturating_sub(inserted) as u64,
        problem: without_place(error),
        remedy: if error.is_eof() {
            "the file is cut off: let the harness write it again"
        } else {
            "give the file as the harness wrote it"
        },
    }
}

fn quote_non_finite(text: &str) -> Repaired {
    let bytes = text.as_bytes();
    let mut repaired = String::with_capacity(text.len() + 64);
    let mut quoted = Vec::new();
    // Where the newest line begins in what is repaired, and up to where lines are counted.
    let (mut line, mut line_start, mut counted) = (1, 0, 0);
    // Up to where the text is looked at, and copied.
    let (mut at, mut copied) = (0, 0);
    let of_interest = |byte: &u8| matches!(byte, b'"' | b'N' | b'I');
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(of_interest)) {
        at += found;
        if bytes.get(at) == Some(&b'"') {
            at = behind_string(bytes, at + 1);
            continue;
        }
        let minus = text.get(copied..at).is_some_and(|before| before.ends_with('-'));
        let begins = [at - usize::from(minus), at];
        let token = begins.into_iter().find_map(|begin| {
            let rest = text.get(begin..)?;
            Some((begin, NON_FINITE.iter().find(|token| rest.starts_with(**token))?))
        });
        let Some((begin, token)) = token else {
            at += 1;
            continue;
        };
        repaired.push_str(text.get(copied..begin).unwrap_or_default());
        for end in
            memchr::memchr_iter(b'\n', repaired.get(counted..).unwrap_or_default().as_bytes())
        {
            (line, line_start) = (line + 1, counted + end + 1);
        }
        quoted.push((line, repaired.len() - line_start + 1));
        counted = repaired.len();
        repaired.extend(["\"", token, "\""]);
        at = begin + token.len();
        copied = at;
    }
    repaired.push_str(text.get(copied..).unwrap_or_default());
    (repaired, quoted)
}

/// The position behind the string in which `at` is, or of the end.
fn behind_string(bytes: &[u8], mut at: usize) -> usize {
    let special = |byte: &u8| matches!(byte, b'"' | b'\\');
    while let Some(found) = bytes.get(at..).and_then(|rest| rest.iter().position(special)) {
        let is_end = bytes.get(at + found) == Some(&b'"');
        at += found + if is_end { 1 } else { 2 };
        if is_end {
            return at;
        }
    }
    bytes.len()
}

/// Whether there is a whole document, and something else behind it.
pub(super) fn is_followed_by_text(error: &FormatError) -> bool {
    matches!(error, FormatError::Json { problem, .. } if problem == "trailing characters")
}

/// A JSON value in a file.
#[derive(Debug)]
pub(super) struct Document<'a> {
    /// The 1-based line it begins in.
    pub(super) line: u64,
    pub(super) value: Value<'a>,
}

/// A line that begins as JSON does and is none.
#[derive(Debug)]
pub(super) struct Broken {
    /// The 1-based line.
    pub(super) line: u64,
    /// What is wrong.
    pub(super) problem: String,
}

/// Whether the text begins as the JSON of any harness does: with an object, or with an array of
/// objects or arrays. "[ 12%] Building" does not.
pub(super) fn begins(text: &str) -> bool {
    let mut characters = text.trim_start().chars();
    let first = characters.next();
    let second = characters.find(|c| !c.is_whitespace());
    match first {
        Some('{') => matches!(second, Some('"' | '}') | None),
        Some('[') => matches!(second, Some('{' | '[' | ']') | None),
        _ => false,
    }
}

/// Whether the text is several lines with one JSON value each: the first is complete, and more
/// follows.
pub(super) fn is_lines(text: &str) -> bool {
    let (first, rest) = text.trim_start().split_once('\n').unwrap_or((text, ""));
    let complete = || read(&quote_non_finite(first).0).is_ok();
    first.trim_end().ends_with(['}', ']']) && !rest.trim().is_empty() && complete()
}

/// The JSON values that begin at the beginning of a line, in whatever text stands between them.
pub(super) fn between_lines<'a>(
    text: &'a str,
    repair: &'a Repair,
) -> (Vec<Document<'a>>, Vec<Broken>) {
    let (documents, broken) = values(text);
    if !broken.is_empty() {
        let (repaired, quoted) = repair.of(text);
        if !quoted.is_empty() {
            return values(repaired);
        }
    }
    (documents, broken)
}

/// What `serde_json` says, without its line and column.
fn without_place(error: &serde_json::Error) -> String {
    let message = error.to_string();
    message.split(" at line ").next().unwrap_or_default().to_owned()
}

fn values(text: &str) -> (Vec<Document<'_>>, Vec<Broken>) {
    let (mut documents, mut broken) = (Vec::new(), Vec::new());
    let (mut rest, mut line) = (text, 1);
    while !rest.is_empty() {
        let begin = rest.trim_start_matches([' ', '\t']);
        let mut taken = rest.len() - begin.len();
        if begin.starts_with(['{', '[']) && begins(begin) {
            let mut stream = reader(begin).into_iter::<Value<'_>>();
            match stream.next() {
                Some(Ok(value)) => {
                    documents.push(Document { line, value });
                    taken += stream.byte_offset();
                }
                // Nothing closes what is open: the rest has been looked at.
                Some(Err(error)) if error.is_eof() => {
                    broken.push(Broken { line, problem: without_place(&error) });
                    break;
                }
                Some(Err(error)) if begin.starts_with("{\"") => {
                    broken.push(Broken { line, problem: without_place(&error) });
                }
                Some(Err(_)) | None => {}
            }
        }
        let (value, behind) = rest.split_at_checked(taken).unwrap_or((rest, ""));
        line += value.matches('\n').count() as u64;
        // More values may stand in the same line.
        if behind.starts_with(['{', '[']) && value.ends_with(['}', ']']) {
            rest = behind;
            continue;
        }
        let end = memchr::memchr(b'\n', behind.as_bytes());
        let Some(next) = end.and_then(|end| behind.get(end + 1..)) else { break };
        (rest, line) = (next, line + 1);
    }
    (documents, broken)
}

/// What a value is, for a message: short, whatever it holds.
pub(super) fn described(value: Option<&Value<'_>>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(number @ Value::Number(_)) => number.to_string(),
        Some(Value::String(text)) if NON_FINITE.contains(&&**text) => text.to_string(),
        Some(Value::String(text)) => {
            format!("the text {:?}", text.chars().take(40).collect::<String>())
        }
        Some(Value::Array(elements)) => format!("an array of {}", elements.len()),
        Some(Value::Object(fields)) => format!("an object with {} fields", fields.len()),
    }
}

/// Whether it stands where a number is missing: `null`, `NaN`, an infinity.
pub(super) fn is_no_number(value: &Value<'_>) -> bool {
    value.is_null() || value.as_str().is_some_and(|text| NON_FINITE.contains(&text))
}

/// What a JSON document is, by its keys.
pub(super) fn outlined(document: &Value<'_>) -> String {
    let (fields, prefix) = match document {
        Value::Array(elements) => match elements.first() {
            Some(Value::Object(fields)) => {
                (fields, format!("a JSON array of {}, the first with ", elements.len()))
            }
            _ => return format!("JSON ({})", described(Some(document))),
        },
        Value::Object(fields) => (fields, "a JSON object with ".to_owned()),
        _ => return format!("JSON ({})", described(Some(document))),
    };
    if fields.is_empty() {
        return "an empty JSON object".to_owned();
    }
    let keys: Vec<String> = fields
        .keys()
        .take(8)
        .map(|key| format!("`{}`", key.chars().take(40).collect::<String>()))
        .collect();
    let more = if fields.len() > keys.len() { ", …" } else { "" };
    format!("{prefix}{}{more}", keys.join(", "))
}

/// Whether `value` is an object with all of these keys.
pub(super) fn has(value: &Value<'_>, keys: &[&str]) -> bool {
    keys.iter().all(|key| value.get(*key).is_some())
}

/// Whether `value` is an array, any of whose first elements is what `of_format` looks for.
pub(super) fn any_of(value: Option<&Value<'_>>, of_format: fn(&Value<'_>) -> bool) -> bool {
    const LOOKED_AT: usize = 20;
    value.and_then(Value::as_array).is_some_and(|a| a.iter().take(LOOKED_AT).any(of_format))
}

/// The text at `key`, unless it is missing or blank.
pub(super) fn text_at<'a>(object: &'a Value<'_>, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

/// The elements of the array at `key`; none where there is no array.
pub(super) fn elements<'a>(object: &'a Value<'_>, key: &str) -> &'a [Value<'a>] {
    object.get(key).and_then(Value::as_array).unwrap_or_default()
}

/// The number at `key`, where there is one: of figures that may be missing, null or `NaN`.
pub(super) fn figure(object: &Value<'_>, key: &str) -> Option<f64> {
    object.get(key)?.as_f64()
}

/// The number at `key`; else what is there instead.
pub(super) fn number(object: &Value<'_>, key: &str) -> Result<f64, String> {
    let value = object.get(key);
    value
        .and_then(Value::as_f64)
        .ok_or_else(|| format!("expected a number in `{key}`, found {}", described(value)))
}

/// The whole number of at least 1 at `key`, where there is one.
pub(super) fn count(object: &Value<'_>, key: &str) -> Option<u64> {
    whole(object.get(key)?)
}

/// A whole number of at least 1, which some harnesses write as a float.
pub(super) fn whole(value: &Value<'_>) -> Option<u64> {
    whole_number(value.as_f64()?)
}

/// The same of a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "checked to be whole, at least 1 and at most 2^53 before"
)]
pub(super) fn whole_number(number: f64) -> Option<u64> {
    const EXACT: f64 = 9_007_199_254_740_992.0; // 2^53: whole numbers up to it are exact
    (number.fract() == 0.0 && (1.0..=EXACT).contains(&number)).then_some(number as u64)
}

/// The numbers of the array at `key`; else which of them is none.
pub(super) fn numbers(object: &Value<'_>, key: &str) -> Result<Vec<f64>, String> {
    let Some(Value::Array(values)) = object.get(key) else {
        return Err(format!("expected an array in `{key}`, found {}", described(object.get(key))));
    };
    let mut numbers = Vec::with_capacity(values.len());
    for (position, value) in values.iter().enumerate() {
        numbers.push(value.as_f64().ok_or_else(|| {
            format!("expected a number in `{key}[{position}]`, found {}", described(Some(value)))
        })?);
    }
    Ok(numbers)
}

/// Reads what is needed of an element: its name, or why it has none, as `path[position]`.
pub(super) fn name_at<'a>(object: &'a Value<'_>, key: &str) -> Result<&'a str, String> {
    text_at(object, key)
        .ok_or_else(|| format!("expected a name in `{key}`, found {}", described(object.get(key))))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_non_finite_numbers_become_text_and_strings_stay() {
        let repair = Repair::default();
        let text = r#"{"a\"NaN":[NaN,-Infinity,1],"b":Infinity}"#;
        let read = parse("f", text, &repair).unwrap();
        assert_eq!(read.to_string(), r#"{"a\"NaN":["NaN","-Infinity",1],"b":"Infinity"}"#);
        assert_eq!(described(read.get("b")), "Infinity");
    }

    #[test]
    fn an_error_stands_where_it_is_in_the_file() {
        for text in ["[1,\n 2,3 x]", "[1,\n NaN x]", "[NaN,\n\"a\", x]"] {
            let wrong = text.lines().last().unwrap().find('x').unwrap() as u64 + 1;
            match parse("f", text, &Repair::default()).unwrap_err() {
                FormatError::Json { line: 2, column, .. } => assert_eq!(column, wrong, "{text}"),
                other => panic!("{other}"),
            }
        }
        assert_eq!(
            parse("f", "[1,", &Repair::default()).unwrap_err().to_string(),
            "f, line 1, column 3: not valid JSON: EOF while parsing a value; the file is cut off: \
             let the harness write it again"
        );
    }

    #[test]
    fn values_between_other_lines() {
        let text =
            "[ 12%] Building\n{\"a\": NaN}{\"b\": 1} x\n{y}\n  [{\n\"c\": 2}]\n{\"d\": x}\n{\"e\"";
        let repair = Repair::default();
        let (documents, broken) = between_lines(text, &repair);
        let found: Vec<(u64, String)> =
            documents.iter().map(|d| (d.line, d.value.to_string())).collect();
        assert_eq!(
            found,
            [
                (2, r#"{"a":"NaN"}"#.to_owned()),
                (2, r#"{"b":1}"#.to_owned()),
                (4, r#"[{"c":2}]"#.to_owned())
            ]
        );
        let broken: Vec<u64> = broken.iter().map(|b| b.line).collect();
        assert_eq!(broken, [6, 7]);
        assert!(is_lines("{}\n{}") && !is_lines("{\n}") && !is_lines("{}\n") && !is_lines("x\n{}"));
    }

    #[test]
    fn deep_nesting_is_an_error() {
        assert!(parse("f", &"[".repeat(100_000), &Repair::default()).is_err());
    }
}
