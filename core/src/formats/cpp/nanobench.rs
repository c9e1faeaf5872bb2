//! nanobench: its table in Markdown, and the JSON and the CSV of its own templates; after the
//! library's documentation and source (4.3; of the table also as it was before 4.0).
//!
//! - Table: the first column is the median of the epochs, in a time unit per operation (or per
//!   whatever `unit()` says); `err%` is the median absolute error in per cent, which is no standard
//!   deviation and not kept. `ins/op` and the other counts of the processor are metrics of their
//!   own. The name stands in the last column, whose header is the table's title.
//! - JSON: `elapsed` is seconds for one call, to be divided by `batch`; `measurements` are the
//!   epochs, a sample.
//! - A benchmark that nanobench calls unstable is kept, and said.

use std::fmt;
use std::rc::Rc;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Value, text_at};
use super::super::numbers::{grouped, number, time_factor};
use super::super::search::split_once;
use super::super::{Format, FormatError, Reading};
use crate::model::{Iterations, Summary};

/// The processor's counts: in the table, in JSON, and here.
const COUNTS: [(&str, &str, &str); 4] = [
    ("ins", "instructions", "instructions"),
    ("cyc", "cpucycles", "cycles"),
    ("bra", "branchinstructions", "branches"),
    ("miss", "branchmisses", "branch_misses"),
];

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(value.get("results"), |result| {
        json::has(result, &["name", "median(elapsed)"])
            || json::has(result, &["name", "measurements"])
    })
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.starts_with(CSV_HEADER) || header(line).is_some())
}

/// How the header of the CSV begins, which has fixed columns.
const CSV_HEADER: &str = "\"title\";\"name\";\"unit\";\"batch\";\"elapsed\";";

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Nanobench);
    if content.documents.is_empty() && content.json_error().is_none() {
        table(&mut collected, content);
        return Ok(collected.finish(content, Repeated::Others));
    }
    for document in content.documents(is_json, "the JSON of nanobench's template")? {
        let Some(Value::Array(results)) = document.value.get("results") else {
            let found = document.value.get("results");
            return Err(content.shape_error("results", "an array of results", found));
        };
        for (position, result) in results.iter().enumerate() {
            let place = format_args!("results[{position}]");
            match json::name_at(result, "name") {
                Ok(name) => json_result(&mut collected, name, result, place),
                Err(reason) => collected.skip(&place.to_string(), format!("{place}: {reason}")),
            }
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn json_result(
    collected: &mut Collected,
    name: &str,
    result: &Value<'_>,
    place: fmt::Arguments<'_>,
) {
    let batch = json::figure(result, "batch").filter(|batch| *batch > 0.0).unwrap_or(1.0);
    let full: Rc<str> = match text_at(result, "title") {
        Some(title) => format!("{title}/{name}").into(),
        None => name.into(),
    };
    let epochs = json::elements(result, "measurements");
    let mut add = |key: &str, kind: Kind<'_>, must: bool| {
        let mut sample = Vec::with_capacity(epochs.len());
        let mut each = Vec::with_capacity(epochs.len());
        for epoch in epochs {
            if let Some(value) = json::figure(epoch, key) {
                sample.push(value / batch);
                each.push(json::count(epoch, "iterations").unwrap_or(1));
            }
        }
        let median = json::figure(result, &format!("median({key})")).map(|value| value / batch);
        // Counters that the machine does not have are 0.
        let absent = !must && (median.unwrap_or(0.0) == 0.0) && sample.iter().all(|v| *v == 0.0);
        if !sample.is_empty() && sample.len() == epochs.len() && !absent {
            let values = Values::Sample(sample, Iterations::Each(each));
            collected.add_told_apart(name, Rc::clone(&full), kind, values);
        } else if let Some(median) = median
            && !absent
        {
            collected.add_told_apart(name, Rc::clone(&full), kind, Values::single(median));
        } else if must {
            let found = json::described(result.get("median(elapsed)"));
            let reason = format!("{place}: expected a number in `median(elapsed)`, found {found}");
            collected.skip(name, reason);
        }
    };
    add("elapsed", Kind::wall_time("s"), true);
    for (_, key, metric) in COUNTS {
        add(key, Kind::lower(metric, metric), false);
    }
}

/// The header's cells, if the line is a table's header.
fn header(line: &str) -> Option<Vec<&str>> {
    let error = ["err%", "MdAPE"].into_iter().find(|error| line.contains(error))?;
    let cells = cells(line)?;
    let per =
        |cell: &&str| cell.split_once('/').is_some_and(|(time, _)| time_factor(time).is_some());
    (cells.contains(&error) && cells.iter().any(per)).then_some(cells)
}

fn cells(line: &str) -> Option<Vec<&str>> {
    let line = line.trim().strip_prefix('|')?;
    Some(line.split('|').map(str::trim).collect())
}

fn table(collected: &mut Collected, content: &Content<'_>) {
    let mut columns: Option<Vec<&str>> = None;
    let mut unstable: Vec<&str> = Vec::new();
    let mut in_csv = false;
    for line in content.lines() {
        if line.text.starts_with(CSV_HEADER) {
            in_csv = true;
            continue;
        }
        if in_csv && !line.text.is_empty() {
            csv_row(collected, line.text, line.number);
            continue;
        }
        if let Some(found) = header(line.text) {
            columns = Some(found);
            continue;
        }
        let (Some(columns), Some(_)) = (&columns, line.text.trim().strip_prefix('|')) else {
            continue;
        };
        if line.text.contains("|--") || line.text.contains("|:-") {
            continue;
        }
        // The name may hold bars itself.
        let row = line.text.trim().trim_start_matches('|');
        let cells: Vec<&str> = row.splitn(columns.len(), '|').map(str::trim).collect();
        let last = cells.last().copied().unwrap_or_default();
        // Whole only with its last quotation mark: the file may be cut off.
        let name = split_once(last, b"`").and_then(|(_, rest)| {
            let end = || split_once(rest, b"` (").or_else(|| split_once(rest, b"` Unstable with"));
            rest.strip_suffix('`').or_else(|| Some(end()?.0))
        });
        let Some(name) = name.filter(|_| cells.len() == columns.len()) else {
            let reason = format!(
                "line {}: expected as many cells as the header has, and the name in backquotes in \
                 the last; is it cut off?",
                line.number
            );
            collected.skip(last.trim_matches('`'), reason);
            continue;
        };
        if last.starts_with(":boom:") {
            collected.skip(name, format!("line {}: {last}", line.number));
            continue;
        }
        if last.starts_with(":wavy_dash:") || last.ends_with(')') && last.contains("Unstable with")
        {
            unstable.push(name);
        }
        let title = columns.last().filter(|title| !title.is_empty());
        let full = title.map_or_else(|| name.into(), |title| [title, "/", name].concat().into());
        row_values(collected, (name, full), columns, &cells, line.number);
    }
    match unstable.as_slice() {
        [] => {}
        [only] => collected.note(format!("nanobench calls {only:?} unstable")),
        [first, ..] => collected.note(format!(
            "nanobench calls {} benchmarks unstable (the first is {first:?})",
            unstable.len()
        )),
    }
}

fn csv_row(collected: &mut Collected, text: &str, line: u64) {
    let cells: Vec<&str> = text.split(';').map(|cell| cell.trim_matches('"')).collect();
    let read = || {
        let [title, name, _, batch, elapsed, _, ins, branches, misses, ..] = *cells else {
            return None;
        };
        let per = number(batch).filter(|batch| *batch > 0.0)?;
        let full: Rc<str> = [title, "/", name].concat().into();
        Some((name, full, per, number(elapsed)?, [(0, ins), (2, branches), (3, misses)]))
    };
    let Some((name, full, per, elapsed, counts)) = read() else {
        let name = cells.get(1).copied().unwrap_or_default();
        let reason = format!("line {line}: expected ten cells, of them numbers `batch`, `elapsed`");
        return collected.skip(name, reason);
    };
    let value = |value: f64| Values::single(value / per);
    collected.add_told_apart(name, Rc::clone(&full), Kind::wall_time("s"), value(elapsed));
    for (position, cell) in counts {
        // Counters that the machine does not have are 0.
        if let Some((.., metric)) = COUNTS.get(position)
            && let Some(count) = number(cell).filter(|count| *count > 0.0)
        {
            let kind = Kind::lower(metric, metric);
            collected.add_told_apart(name, Rc::clone(&full), kind, value(count));
        }
    }
}

fn row_values(
    collected: &mut Collected,
    (name, full): (&str, Rc<str>),
    columns: &[&str],
    cells: &[&str],
    line: u64,
) {
    for (column, cell) in columns.iter().zip(cells) {
        let Some((what, _per)) = split_once(column, b"/") else { continue };
        let single = |value| Values::Summary(Summary { median: Some(value), ..Summary::default() });
        let kind = if time_factor(what).is_some() {
            Kind::wall_time(what)
        } else if let Some((.., metric)) = COUNTS.iter().find(|(in_table, ..)| *in_table == what) {
            Kind::lower(metric, metric)
        } else {
            // op/s says again what ns/op does.
            continue;
        };
        match grouped(cell) {
            Some(value) => {
                collected.add_told_apart(name, Rc::clone(&full), kind, single(value));
            }
            None => collected.skip(
                name,
                format!("line {line}: expected a number in the column `{column}`, found {cell:?}"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn found(text: &str) -> (Reading, Vec<String>) {
        let reading = read_any(&InputFile { name: "f", bytes: text.as_bytes() }, None).unwrap();
        assert_eq!(reading.format, Format::Nanobench);
        let measurements = reading.runs[0].measurements.iter();
        let found = measurements
            .map(|m| {
                let value = m.summary().median.unwrap();
                format!("{} {} {value} {}", m.benchmark(), m.metric(), m.unit())
            })
            .collect();
        (reading, found)
    }

    #[test]
    fn the_table_of_a_terminal() {
        let (reading, found) = found(
            "\n|               ns/op |                op/s |    err% |          ins/op |     total | my title\n\
             |--------------------:|--------------------:|--------:|----------------:|----------:|:--------\n\
             |            1,234.50 |          810,044.55 |    0.1% |        5,020.00 |      0.01 | `a | b, µ`\n\
             |                5.26 |      190,053,003.55 |   12.3% |           20.00 |      0.00 | :wavy_dash: `shaky` (Unstable with ~1.0 iters.)\n\
             |                   x |                   - |    0.1% |            1.00 |      0.00 | `bad`\n\
             |                5.2",
        );
        assert_eq!(
            found,
            [
                "a | b, µ instructions 5020 instructions",
                "a | b, µ wall_time 1234.5 ns",
                "bad instructions 1 instructions",
                "shaky instructions 20 instructions",
                "shaky wall_time 5.26 ns",
            ]
        );
        assert_eq!(reading.notes, ["nanobench calls \"shaky\" unstable"]);
        assert_eq!(
            reading.runs[0].skipped[0].reason,
            "line 6: expected a number in the column `ns/op`, found \"x\""
        );
    }

    #[test]
    fn the_csv_template() {
        let (reading, found) = found(
            "\"title\";\"name\";\"unit\";\"batch\";\"elapsed\";\"error %\";\"instructions\";\"branches\";\"branch misses\";\"total\"\n\
             \"t\";\"a b\";\"byte\";2;4e-06;0.01;20;0;0;0.5\n\"t\";\"cut\";\"op\";1;4",
        );
        assert_eq!(found, ["a b instructions 10 instructions", "a b wall_time 2000 ns"]);
        let skipped = &reading.runs[0].skipped[0];
        assert_eq!(skipped.name, "cut");
        assert!(skipped.reason.starts_with("line 3: expected ten cells"), "{skipped:?}");
    }

    #[test]
    fn overflows_and_the_table_before_4_0() {
        let (reading, found) = found(
            "| relative |      ns/byte |       byte/s |   MdAPE | old\n\
             |---------:|-------------:|-------------:|--------:|:---\n\
             |   100.0% |     1,004.05 |   995,962.31 |    7.9% | :wavy_dash: `x` Unstable with ~38.6 iters. Increase `minEpochIterations` to e.g. 386\n\
             |        - |            - |            - |       - | :boom: iterations overflow. `y`\n\
             |        - |            - |            - |       - | :boom: `x += x` (iterations overflow. Maybe your code got optimized away?)\n",
        );
        assert_eq!(found, ["x wall_time 1004.05 ns"]);
        let skipped = &reading.runs[0].skipped;
        assert_eq!((&*skipped[0].name, &*skipped[1].name), ("y", "x += x"));
        assert_eq!(
            skipped[1].reason,
            "line 5: :boom: `x += x` (iterations overflow. Maybe your code got optimized away?)"
        );
    }

    #[test]
    fn titles_tell_apart_what_has_one_name() {
        let table = |title: &str, value: &str| {
            format!(
                "| ns/op | err% | total | {title}\n|--:|--:|--:|:--\n| {value} | 0.1% | 0.01 | `add`\n"
            )
        };
        let (_, found) = found(&format!("{}\n{}", table("int", "10.5"), table("float", "50.5")));
        assert_eq!(found, ["float/add wall_time 50.5 ns", "int/add wall_time 10.5 ns"]);
    }

    #[test]
    fn the_json_template_with_batches() {
        let (reading, found) = found(
            r#"{"results": [{"title": "t", "name": "a", "unit": "byte", "batch": 2,
            "median(elapsed)": 4e-6, "median(instructions)": 10, "median(cpucycles)": 0,
            "measurements": [{"iterations": 3, "elapsed": 2e-6, "instructions": 8, "cpucycles": 0},
            {"iterations": 5, "elapsed": 6e-6, "instructions": 12, "cpucycles": 0}]},
            {"name": "b", "median(elapsed)": 1e-9}, {"name": "c"}, {}]}"#,
        );
        assert_eq!(
            found,
            ["a instructions 5 instructions", "a wall_time 2000 ns", "b wall_time 1 ns"]
        );
        let sample = reading.runs[0].measurements[1].rounds()[0].sample().unwrap();
        assert_eq!((sample.values(), sample.iterations_at(1)), (&[1000.0, 3000.0][..], 5));
        let skipped: Vec<&str> =
            reading.runs[0].skipped.iter().map(|s| s.reason.as_str()).collect();
        assert_eq!(
            skipped,
            [
                "results[2]: expected a number in `median(elapsed)`, found nothing",
                "results[3]: expected a name in `name`, found nothing",
            ]
        );
    }
}
