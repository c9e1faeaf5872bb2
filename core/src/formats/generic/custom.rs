//! github-action-benchmark's own forms, `customSmallerIsBetter` and `customBiggerIsBetter`: an array
//! of `name`, `unit` and `value`. The file does not say which of the two it is.
//!
//! A value may be a text, as the action takes it. Benchmarks whose unit is a time measure wall time;
//! the others' metric is named after the unit. `range` is free text without a defined meaning and
//! not read.

use std::borrow::Cow;
use std::fmt;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::go::testing;
use super::super::json::{self, Value, described, text_at};
use super::super::numbers::{number, quantity};
use super::super::{Format, FormatError, Reading};
use crate::model::Direction;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(Some(value), |b| json::has(b, &["name", "unit", "value"]))
}

pub(in super::super) fn read_smaller_is_better(
    content: &Content<'_>,
) -> Result<Reading, FormatError> {
    read(content, Format::CustomSmallerIsBetter, Direction::Lower)
}

pub(in super::super) fn read_bigger_is_better(
    content: &Content<'_>,
) -> Result<Reading, FormatError> {
    read(content, Format::CustomBiggerIsBetter, Direction::Higher)
}

fn read(content: &Content<'_>, format: Format, better: Direction) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(format);
    for document in content.documents(is_json, "an array with `name`, `unit` and `value`")? {
        let Value::Array(benches) = &document.value else {
            return Err(content.shape_error("$", "an array of benchmarks", Some(&document.value)));
        };
        for (position, bench) in benches.iter().enumerate() {
            let kind: &dyn for<'k> Fn(&'k str) -> Kind<'k> =
                &|unit| Kind::named_after_unit(unit).better(better);
            add(&mut collected, bench, format_args!("[{position}]"), kind, "");
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

/// Adds an entry; `kind` tells what a unit measures, `suite` is the one it belongs to, where there
/// are several.
pub(super) fn add(
    collected: &mut Collected,
    bench: &Value<'_>,
    place: fmt::Arguments<'_>,
    kind: &dyn for<'k> Fn(&'k str) -> Kind<'k>,
    suite: &str,
) {
    let own = match bench.get("name") {
        Some(Value::String(name)) if !name.trim().is_empty() => Cow::Borrowed(&**name),
        Some(name @ Value::Number(_)) => name.to_string().into(),
        other => {
            let found = described(other);
            return collected.skip(
                &place.to_string(),
                format!("{place}: expected a name in `name`, found {found}"),
            );
        }
    };
    let name = if suite.is_empty() { own } else { format!("{suite}/{own}").into() };
    let value = match bench.get("value") {
        Some(Value::String(text)) => number(text),
        other => other.and_then(Value::as_f64),
    };
    let Some(value) = value else {
        let found = described(bench.get("value"));
        return collected
            .skip(&name, format!("{place}: expected a number in `value`, found {found}"));
    };
    let unit = text_at(bench, "unit").unwrap_or("value");
    // Of Go's benchmarks github-action-benchmark takes the rest of the line for the unit.
    let (unit, further) = unit.split_once('\t').unwrap_or((unit, ""));
    for pair in further.split('\t').filter(|pair| !pair.trim().is_empty()) {
        match quantity(pair) {
            Some((value, unit)) => {
                collected.add(&name, testing::kind(unit), Values::single(value));
            }
            None => collected.skip(
                &name,
                format!("{place}: expected a number and its unit in `unit`, found {pair:?}"),
            ),
        }
    }
    collected.add(&name, kind(unit), Values::single(value));
    if bench.get("range").is_some() {
        collected.note("`range` is free text without a defined meaning and is not read");
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    #[test]
    fn values_may_be_texts_and_names_may_be_there_twice() {
        let text = br#"[{"name": "a", "unit": "ms", "value": "1.5"}, {"name": "a", "unit": "ms",
            "value": 2}, {"name": 7, "unit": "B", "value": 3, "range": "x"},
            {"name": "b", "unit": "ms", "value": "fast"}, {"unit": "ms", "value": 1},
            {"name": "c", "unit": "ms", "value": -1}]"#;
        let file = InputFile { name: "f", bytes: text };
        let reading = read_any(&file, Some(Format::CustomSmallerIsBetter)).unwrap();
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| format!("{} {} {:?}", m.benchmark(), m.metric(), m.summary().median))
            .collect();
        assert_eq!(
            found,
            ["7 B Some(3.0)", "a wall_time Some(1500000.0)", "a #2 wall_time Some(2000000.0)"]
        );
        let skipped: Vec<&str> = run.skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "[3]: expected a number in `value`, found the text \"fast\"",
                "[4]: expected a name in `name`, found nothing",
                "wall_time: benchmark \"c\", round 0 (0-based): a time of -1000000 ns is negative",
            ]
        );
    }
}
