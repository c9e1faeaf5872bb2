use serde_json::Value;

use super::FormatError;

/// What Python's `json` writes for floats that JSON has no number for.
const NON_FINITE: [&str; 3] = ["NaN", "Infinity", "-Infinity"];

/// Reads JSON. Bare `NaN`, `Infinity` and `-Infinity`, which Python writes though JSON has no such
/// numbers, become strings of that name: so they spoil the benchmark they stand in, and not the
/// file.
pub(super) fn parse(file: &str, text: &str) -> Result<Value, FormatError> {
    // From bytes, as everywhere: a second kind of reader would make the wasm module an eighth larger.
    let error = match serde_json::from_slice(text.as_bytes()) {
        Ok(value) => return Ok(value),
        Err(error) => error,
    };
    let (repaired, quoted) = quote_non_finite(text);
    if quoted.is_empty() {
        return Err(json_error(file, &error, 0));
    }
    serde_json::from_slice(repaired.as_bytes()).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let before = quoted.iter().filter(|(l, c)| *l == line && *c < column).count();
        json_error(file, &error, 2 * before)
    })
}

/// `inserted`: how many bytes were put into the line before the error.
fn json_error(file: &str, error: &serde_json::Error, inserted: usize) -> FormatError {
    let message = error.to_string();
    let problem = message.split(" at line ").next().unwrap_or_default().to_owned();
    FormatError::Json {
        file: file.to_owned(),
        line: error.line() as u64,
        column: error.column().saturating_sub(inserted) as u64,
        problem,
        remedy: if error.is_eof() {
            "the file is cut off: let the harness write it again"
        } else {
            "give the file as the harness wrote it"
        },
    }
}

/// The text with bare non-finite numbers in quotes, and the 1-based line and column (in the
/// repaired text) of each.
fn quote_non_finite(text: &str) -> (String, Vec<(usize, usize)>) {
    let mut repaired = String::with_capacity(text.len());
    let mut quoted = Vec::new();
    let (mut line, mut line_start) = (1, 0);
    let (mut in_string, mut escaped) = (false, false);
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let token =
            if in_string { None } else { NON_FINITE.iter().find(|t| rest.starts_with(**t)) };
        let taken = token.map_or(character.len_utf8(), |token| token.len());
        let (piece, remaining) = rest.split_at(taken);
        rest = remaining;
        if token.is_some() {
            quoted.push((line, repaired.len() - line_start + 1));
            repaired.extend(["\"", piece, "\""]);
            continue;
        }
        repaired.push_str(piece);
        match character {
            '\n' => (line, line_start) = (line + 1, repaired.len()),
            _ if escaped => escaped = false,
            '\\' if in_string => escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
    }
    (repaired, quoted)
}

/// What a value is, for a message: short, whatever it holds.
pub(super) fn described(value: Option<&Value>) -> String {
    match value {
        None => "nothing".to_owned(),
        Some(Value::Null) => "null".to_owned(),
        Some(Value::Bool(flag)) => flag.to_string(),
        Some(Value::Number(number)) => number.to_string(),
        Some(Value::String(text)) if NON_FINITE.contains(&text.as_str()) => text.clone(),
        Some(Value::String(text)) => {
            format!("the text {:?}", text.chars().take(40).collect::<String>())
        }
        Some(Value::Array(elements)) => format!("an array of {}", elements.len()),
        Some(Value::Object(fields)) => format!("an object with {} fields", fields.len()),
    }
}

/// The text at `key`, unless it is missing or blank.
pub(super) fn text_at<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key)?.as_str().filter(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn bare_non_finite_numbers_become_text_and_strings_stay() {
        let read = parse("f", r#"{"a\"NaN":[NaN,-Infinity,1],"b":Infinity}"#).unwrap();
        assert_eq!(read, json!({"a\"NaN": ["NaN", "-Infinity", 1], "b": "Infinity"}));
        assert_eq!(described(read.get("b")), "Infinity");
    }

    #[test]
    fn an_error_stands_where_it_is_in_the_file() {
        for text in ["[1,\n 2,3 x]", "[1,\n NaN x]", "[NaN,\n\"a\", x]"] {
            let wrong = text.lines().last().unwrap().find('x').unwrap() as u64 + 1;
            match parse("f", text).unwrap_err() {
                FormatError::Json { line: 2, column, .. } => assert_eq!(column, wrong, "{text}"),
                other => panic!("{other}"),
            }
        }
        assert_eq!(
            parse("f", "[1,").unwrap_err().to_string(),
            "f, line 1, column 3: not valid JSON: EOF while parsing a value; the file is cut off: \
             let the harness write it again"
        );
    }

    #[test]
    fn deep_nesting_is_an_error() {
        assert!(parse("f", &"[".repeat(100_000)).is_err());
    }
}
