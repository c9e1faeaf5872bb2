//! asv (airspeed velocity): the file of one commit and environment, or the whole `results`
//! directory, a run for each such file; checked with asv 0.4.2, 0.5.1 and 0.6.6, and after the sources of
//! 0.2.1 and 0.3.1.
//!
//! - A row of `results` stands for the combinations of its parameters, the last one fastest; it may
//!   be cut short at the end. `null` is a failure, `NaN` a combination that was skipped.
//! - A value is the median, `q_25` and `q_75` its quartiles; `stats_ci_99_*` bounds the median and
//!   is no spread of the values. Raw samples are there with `--record-samples` alone.
//! - Units stand in `benchmarks.json`. Without it they follow from asv's own naming: functions that
//!   begin with `time` give seconds, with `mem` and `peakmem` bytes.
//! - asv takes lower to be better, always.

use jiff::Timestamp;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Fields, Repair, Value, described, text_at};
use super::super::{Format, FormatError, InputFile, Reading};
use crate::model::{Commit, Iterations, Machine, RunId, Summary};
use crate::order;

/// The file that describes the benchmarks.
pub(in super::super) const BENCHMARKS: &str = "benchmarks.json";

const EXPECTED: &str = "the JSON of asv's results";

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::has(value, &["results", "result_columns"])
        // Before version 2.
        || json::has(value, &["results", "commit_hash", "requirements"])
        || is_description(value)
}

/// Whether it is `benchmarks.json`, of which every entry has a `code` and a `version`.
fn is_description(value: &Value<'_>) -> bool {
    let Some(fields) = value.as_object() else { return false };
    let mut benchmarks = fields.values().filter(|field| field.is_object()).peekable();
    benchmarks.peek().is_some()
        && benchmarks.all(|b| json::has(b, &["code", "param_names", "type", "version"]))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut reading = Reading { format: Format::Asv, runs: Vec::new(), notes: Vec::new() };
    for document in content.documents(is_json, EXPECTED)? {
        if is_description(&document.value) {
            return Err(FormatError::NeedsDirectory {
                file: content.file.name.to_owned(),
                format: Format::Asv,
                usual: ".asv/results",
            });
        }
        let Some(one) = result(&document.value, &[]) else {
            let found = document.value.get("results");
            return Err(content.shape_error(
                "results",
                "an object with a row for each benchmark",
                found,
            ));
        };
        reading.runs.extend(one.runs);
        reading.notes.extend(one.notes);
        reading.notes.push(
            "units are told by the benchmarks' names, those of `track_…` not at all: the directory \
             with benchmarks.json says them"
                .to_owned(),
        );
    }
    Ok(reading)
}

/// Reads all results among `files`, each as a run, with the units of `benchmarks.json`.
pub(in super::super) fn read_directory(files: &[InputFile<'_>]) -> Reading {
    let mut reading = Reading { format: Format::Asv, runs: Vec::new(), notes: Vec::new() };
    let named =
        |file: &&InputFile<'_>, name: &str| file.name.rsplit(['/', '\\']).next() == Some(name);
    let (text, repair);
    let mut description = Value::Null;
    if let Some(file) = files.iter().find(|file| named(file, BENCHMARKS)) {
        (text, repair) = (file.text(), Repair::default());
        let parsed = text.as_ref().map_err(FormatError::clone);
        match parsed.and_then(|text| json::parse(file.name, text, &repair)) {
            Ok(value) => description = value,
            Err(error) => {
                let alone = "units are told by the benchmarks' names alone";
                reading.notes.push(format!("{alone}: {error}"));
            }
        }
    }
    let described = description.as_object().map(Fields::sorted).unwrap_or_default();
    for file in files.iter().filter(|file| file.has_extension("json")) {
        if named(&file, BENCHMARKS) || named(&file, "machine.json") {
            continue;
        }
        match json::of_file(file, |value| result(value, &described)) {
            Ok(Some(one)) => {
                reading.runs.extend(one.runs);
                reading.notes.extend(one.notes);
            }
            Ok(None) => reading.notes.push(format!("{} is not read: no results in it", file.name)),
            Err(error) => reading.notes.push(format!("not read: {error}")),
        }
    }
    reading.notes.dedup();
    // Files are named after commits.
    order::sort_by_key(&mut reading.runs, |run| run.time);
    reading
}

/// What `benchmarks.json` says of each benchmark, sorted by name.
type Described<'a> = [(&'a str, &'a Value<'a>)];

/// One file of results.
fn result(document: &Value<'_>, described: &Described<'_>) -> Option<Reading> {
    let rows = document.get("results")?.as_object()?;
    let mut collected = Collected::new(Format::Asv);
    let columns: Vec<&str> =
        json::elements(document, "result_columns").iter().filter_map(Value::as_str).collect();
    for (name, row) in rows {
        // Before version 2 a row was an object, or the bare result.
        let column = |wanted: &str| match row {
            Value::Array(cells) => cells.get(columns.iter().position(|column| *column == wanted)?),
            Value::Object(fields) => fields.get(wanted),
            other => (wanted == "result").then_some(other),
        };
        let description = described.binary_search_by(|(known, _)| (*known).cmp(name)).ok();
        let description = description.and_then(|at| described.get(at)).map(|(_, of)| *of);
        let kind = kind(name, description);
        benchmark(&mut collected, name, kind, &column);
    }
    let text = |key: &str| text_at(document, key).map(str::to_owned);
    let parameters = document.get("params").unwrap_or(&Value::Null);
    let parameter = |key: &str| text_at(parameters, key).map(str::to_owned);
    collected.machine = Some(Machine {
        name: parameter("machine"),
        cpu: parameter("cpu"),
        cores: parameter("num_cpu").and_then(|n| n.parse().ok()),
        memory_bytes: parameter("ram").and_then(|n| n.parse().ok()).map(bytes_of_ram),
        os: parameter("os"),
        architecture: parameter("arch"),
        ..Machine::default()
    });
    let time = json::figure(document, "date").and_then(time_of_milliseconds);
    let commit = text("commit_hash");
    collected.toolchain = text("python").map(|version| format!("Python {version}"));
    let id = [parameter("machine"), commit.clone(), text("env_name")].into_iter().flatten();
    let id = format!("asv-{}", id.collect::<Vec<_>>().join("-"));
    collected.time = time;
    collected.commit = commit.map(|id| Commit { id, time, ..Commit::default() });
    let id = RunId::new(id).ok()?;
    Some(collected.finish_as(id, Repeated::Others))
}

/// Versions before 0.6 give kibibytes.
fn bytes_of_ram(ram: u64) -> u64 {
    const LEAST_BYTES: u64 = 1 << 28;
    if ram < LEAST_BYTES { ram * 1024 } else { ram }
}

#[expect(clippy::cast_possible_truncation, reason = "cut to whole milliseconds")]
fn time_of_milliseconds(milliseconds: f64) -> Option<Timestamp> {
    Timestamp::from_millisecond(milliseconds as i64).ok()
}

/// What a benchmark measures: by its description, or by asv's naming.
fn kind<'a>(name: &str, description: Option<&'a Value<'_>>) -> Kind<'a> {
    let described = |key: &str| description.and_then(|benchmark| text_at(benchmark, key));
    let function = name.rsplit('.').next().unwrap_or(name).to_ascii_lowercase();
    let of_name = ["peakmem", "mem", "time", "track"].into_iter().find(|k| function.starts_with(k));
    match described("type").or(of_name) {
        Some("memory" | "mem") => Kind::lower("bytes", described("unit").unwrap_or("bytes")),
        Some("peakmemory" | "peakmem") => {
            Kind::lower("peak_bytes", described("unit").unwrap_or("bytes"))
        }
        Some("track") => {
            let unit = described("unit").unwrap_or("unit");
            Kind::lower(unit, unit)
        }
        _ => Kind::wall_time(described("unit").unwrap_or("seconds")),
    }
}

fn benchmark<'a>(
    collected: &mut Collected,
    name: &str,
    kind: Kind<'_>,
    column: &dyn Fn(&str) -> Option<&'a Value<'a>>,
) {
    let results = match column("result") {
        Some(Value::Array(results)) => results,
        Some(Value::Null) | None => return collected.skip(name, "it failed: its result is null"),
        Some(single) => std::slice::from_ref(single),
    };
    let parameters: Vec<&[Value<'_>]> = match column("params") {
        Some(Value::Array(params)) => params.iter().filter_map(Value::as_array).collect(),
        _ => Vec::new(),
    };
    for (position, value) in results.iter().enumerate() {
        let id = combination(name, &parameters, position);
        let cell = |key: &str| column(key).and_then(|cells| cells.get(position));
        // Before version 2 the statistics of a combination were one object.
        let object = column("stats").and_then(|stats| match stats {
            Value::Array(_) => stats.get(position),
            one => Some(one),
        });
        let statistic = |column: &str| of_either(cell(column), object, column);
        let figure = |key: &str| statistic(key).and_then(Value::as_f64);
        let Some(median) = value.as_f64() else {
            let reason = match value {
                Value::Null => "it failed: its result is null".to_owned(),
                other => {
                    format!("skipped by the harness: its result is {}", described(Some(other)))
                }
            };
            collected.skip(&id, reason);
            continue;
        };
        let samples = cell("samples").filter(|samples| samples.is_array());
        let values = match samples.map(numbers) {
            Some(Ok(values)) if !values.is_empty() => {
                let iterations = statistic("stats_number").and_then(json::whole).unwrap_or(1);
                Values::Sample(values, Iterations::Every(iterations))
            }
            Some(Err(reason)) => {
                collected.skip(&id, reason);
                continue;
            }
            _ => {
                let n = statistic("stats_repeat").and_then(json::whole);
                Values::Summary(Summary {
                    n,
                    median: Some(median),
                    lower_quartile: figure("stats_q_25"),
                    upper_quartile: figure("stats_q_75"),
                    // Before version 2 alone. Of a single value the deviation is 0, which says
                    // nothing.
                    mean: figure("stats_mean"),
                    std_dev: figure("stats_std").filter(|_| n != Some(1)),
                    minimum: figure("stats_min"),
                    maximum: figure("stats_max"),
                    ..Summary::default()
                })
            }
        };
        collected.add(&id, kind, values);
    }
}

/// The cell of a column of statistics, or what an object of those has instead.
#[inline(never)]
fn of_either<'a>(
    cell: Option<&'a Value<'a>>,
    object: Option<&'a Value<'a>>,
    column: &str,
) -> Option<&'a Value<'a>> {
    cell.or_else(|| object?.get(column.strip_prefix("stats_")?))
}

fn numbers(samples: &Value<'_>) -> Result<Vec<f64>, String> {
    let samples = samples.as_array().unwrap_or_default();
    let number = |value: &Value| {
        value.as_f64().ok_or_else(|| {
            format!("expected numbers in `samples`, found {}", described(Some(value)))
        })
    };
    samples.iter().map(number).collect()
}

/// `name(5, 'a b')`: asv's own way to name a combination.
fn combination(name: &str, parameters: &[&[Value<'_>]], position: usize) -> String {
    if parameters.is_empty() {
        return name.to_owned();
    }
    let mut rest = position;
    let mut chosen: Vec<String> = Vec::new();
    for values in parameters.iter().rev() {
        let length = values.len().max(1);
        chosen.push(match values.get(rest % length) {
            Some(Value::String(text)) => text.to_string(),
            Some(other) => other.to_string(),
            None => "?".to_owned(),
        });
        rest /= length;
    }
    chosen.reverse();
    format!("{name}({})", chosen.join(", "))
}

#[cfg(test)]
mod tests {
    use super::super::super::read as read_any;
    use super::*;

    #[test]
    fn memory_is_in_bytes_in_every_version() {
        assert_eq!(bytes_of_ram(24_683_584), 25_275_990_016);
        assert_eq!(bytes_of_ram(25_276_502_016), 25_276_502_016);
    }

    #[test]
    fn combinations_units_and_samples() {
        let text = br#"{"commit_hash": "abc", "env_name": "e", "date": 1000, "version": 2,
            "params": {"machine": "vm"}, "result_columns": ["result", "params", "stats_number",
            "samples"], "results": {
            "b.time_x": [[1e-6, null, NaN, 4e-6], [["1", "2"], ["'a'", "'b'"]], [3], [[1e-6, 2e-6]]],
            "b.S.peakmem_y": [[7]], "b.track_z": [[42.5]], "b.time_f": [null], "b.mem_bare": 5}}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        let run = &reading.runs[0];
        assert_eq!(run.id.as_str(), "asv-vm-abc-e");
        assert_eq!(run.time.unwrap().to_string(), "1970-01-01T00:00:01Z");
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| {
                let median = m.summary().median.unwrap();
                format!("{} {} {median} {}", m.benchmark(), m.metric(), m.unit())
            })
            .collect();
        assert_eq!(
            found,
            [
                "b.S.peakmem_y peak_bytes 7 bytes",
                "b.mem_bare bytes 5 bytes",
                "b.time_x(1, 'a') wall_time 1500 ns",
                "b.time_x(2, 'b') wall_time 4000 ns",
                "b.track_z unit 42.5 unit",
            ]
        );
        let sample = run.measurements[2].rounds()[0].sample().unwrap();
        assert_eq!((sample.values(), sample.iterations_at(0)), (&[1000.0, 2000.0][..], 3));
        let mut skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        skipped.sort();
        assert_eq!(
            skipped,
            [
                "b.time_f: it failed: its result is null",
                "b.time_x(1, 'b'): it failed: its result is null",
                "b.time_x(2, 'a'): skipped by the harness: its result is NaN",
            ]
        );
    }

    #[test]
    fn files_before_version_2_have_objects_for_rows() {
        let text = br#"{"commit_hash": "abc", "date": 1000, "params": {"machine": "vm"},
            "python": "3.7", "requirements": {}, "version": 1, "results": {
            "b.time_x": {"result": [2.0, null], "params": [["1", "2"]],
                "stats": [{"ci_99": [1, 3], "q_25": 1.5, "q_75": 2.5, "min": 1, "max": 4, "mean": 2.25,
                    "std": 0.5, "repeat": 7, "number": 4}, null]},
            "b.time_y": {"result": 3.0, "samples": [[1.0, 3.0]], "stats": {"number": 5}},
            "b.time_z": 4.0}}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        assert_eq!(reading.format, Format::Asv);
        let run = &reading.runs[0];
        let [x, y, z] = &run.measurements[..] else { panic!("{run:?}") };
        assert_eq!(x.benchmark().as_str(), "b.time_x(1)");
        let summary = x.summary();
        assert_eq!(
            (summary.n, summary.median, summary.lower_quartile, summary.upper_quartile),
            (Some(7), Some(2e9), Some(1.5e9), Some(2.5e9))
        );
        assert_eq!(
            (summary.mean, summary.std_dev, summary.minimum, summary.maximum),
            (Some(2.25e9), Some(0.5e9), Some(1e9), Some(4e9))
        );
        let sample = y.rounds()[0].sample().unwrap();
        assert_eq!((sample.values(), sample.iterations_at(1)), (&[1e9, 3e9][..], 5));
        assert_eq!(z.summary().median, Some(4e9));
        assert_eq!(run.skipped[0].name, "b.time_x(2)");
    }

    #[test]
    fn results_come_in_the_order_of_their_dates() {
        let result = |commit: &str, date: u64| {
            format!(
                "{{\"commit_hash\": \"{commit}\", \"date\": {date}, \"version\": 2, \"params\": {{}}, \
                 \"result_columns\": [\"result\"], \"results\": {{\"time_x\": [[1.0]]}}}}"
            )
        };
        let (new, old) = (result("0a", 2000), result("ff", 1000));
        let files = [("m/0a.json", &new), ("m/ff.json", &old)]
            .map(|(name, text)| InputFile { name, bytes: text.as_bytes() });
        let reading = read_directory(&files);
        let commits = reading.runs.iter().map(|run| run.commit.as_ref().unwrap().id.as_str());
        assert_eq!(commits.collect::<Vec<_>>(), ["ff", "0a"]);
    }

    #[test]
    fn descriptions_alone_are_not_enough() {
        let text =
            br#"{"b.time_x": {"code": "", "param_names": [], "type": "time", "version": "1"},
            "version": 2}"#;
        let error =
            read_any(&InputFile { name: "benchmarks.json", bytes: text }, None).unwrap_err();
        assert!(error.to_string().contains("(usually .asv/results)"), "{error}");
    }
}
