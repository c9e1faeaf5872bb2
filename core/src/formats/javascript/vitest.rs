//! The report of `vitest bench --outputJson`, checked with 1.6, 2.1, 3.2.7 and 4.1.12; and that of
//! `--reporter=json`, which older versions have instead, checked with 0.34.6.
//!
//! Times are milliseconds; `hz` is 1 over the mean and no metric of its own. `samples` is empty in
//! every report of `--outputJson`; in the older ones it is sorted: the order in time is lost. `rme`
//! is the margin of error of the mean; the standard deviation is `sd`. A benchmark that threw has a
//! name and no figures. The file's absolute path is no part of the name.

use std::fmt;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::json::{self, Fields, Value, text_at};
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

pub(in super::super) fn is_json(value: &Value<'_>) -> bool {
    json::any_of(value.get("files"), |file| json::has(file, &["filepath", "groups"]))
        || old_groups(value).is_some()
}

/// The groups by their names, of `--reporter=json`. Jest's report has an array there.
fn old_groups<'v, 'a>(value: &'v Value<'a>) -> Option<&'v Fields<'a>> {
    value.get("numTotalTestSuites").and(value.get("testResults"))?.as_object()
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    let mut collected = Collected::new(Format::Vitest);
    for document in content.documents(is_json, "the JSON of `vitest bench --outputJson`")? {
        if let Some(groups) = old_groups(&document.value) {
            for (group, benchmarks) in groups {
                for (b, benchmark) in benchmarks.as_array().into_iter().flatten().enumerate() {
                    add(&mut collected, group, benchmark, format_args!("testResults.{group}[{b}]"));
                }
            }
            continue;
        }
        let Some(Value::Array(files)) = document.value.get("files") else {
            let expected = "an array of files with their groups";
            return Err(content.shape_error("files", expected, document.value.get("files")));
        };
        for (f, file) in files.iter().enumerate() {
            for (g, group) in json::elements(file, "groups").iter().enumerate() {
                let group_name = text_at(group, "fullName").unwrap_or_default();
                for (b, benchmark) in json::elements(group, "benchmarks").iter().enumerate() {
                    let place = format_args!("files[{f}].groups[{g}].benchmarks[{b}]");
                    add(&mut collected, group_name, benchmark, place);
                }
            }
        }
    }
    Ok(collected.finish(content, Repeated::Others))
}

fn add(collected: &mut Collected, group: &str, benchmark: &Value<'_>, place: fmt::Arguments<'_>) {
    let own = match json::name_at(benchmark, "name") {
        Ok(own) => own,
        Err(reason) => return collected.skip(&place.to_string(), format!("{place}: {reason}")),
    };
    let name = if group.is_empty() { own.to_owned() } else { format!("{group} > {own}") };
    if benchmark.get("mean").is_none() {
        return collected.skip(&name, format!("{place}: no `mean`: it threw, or did not run"));
    }
    let mean = match json::number(benchmark, "mean") {
        Ok(mean) => mean,
        Err(reason) => return collected.skip(&name, format!("{place}: {reason}")),
    };
    let values = match json::numbers(benchmark, "samples") {
        Ok(samples) if !samples.is_empty() => {
            collected.note("the raw values are sorted: their order in time is lost");
            Values::sample(samples)
        }
        _ => Values::Summary(Summary {
            n: json::count(benchmark, "sampleCount"),
            mean: Some(mean),
            median: json::figure(benchmark, "median"),
            std_dev: json::figure(benchmark, "sd"),
            minimum: json::figure(benchmark, "min"),
            upper_quartile: json::figure(benchmark, "p75"),
            maximum: json::figure(benchmark, "max"),
            ..Summary::default()
        }),
    };
    collected.add(&name, Kind::wall_time("ms"), values);
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};

    #[test]
    fn the_older_report_has_groups_by_name() {
        let text = br#"{"numTotalTestSuites": 2, "numTotalTests": 3, "testResults": {
            "g": [{"name": "a", "samples": [1, 2, 3], "mean": 2}, {"name": "bad", "samples": []}],
            "": [{"name": "top", "samples": [4], "mean": 4}]}}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        assert_eq!(reading.format, super::Format::Vitest);
        let run = &reading.runs[0];
        let of = |m: &crate::model::Measurement| format!("{} {:?}", m.benchmark(), m.values());
        let found: Vec<String> = run.measurements.iter().map(of).collect();
        assert_eq!(
            found,
            ["g > a Some([1000000.0, 2000000.0, 3000000.0])", "top Some([4000000.0])"]
        );
        assert_eq!(run.skipped[0].reason, "testResults.g[1]: no `mean`: it threw, or did not run");
        assert_eq!(reading.notes, ["the raw values are sorted: their order in time is lost"]);
    }

    #[test]
    fn what_has_no_figures_is_skipped() {
        let text = br#"{"files": [{"filepath": "/x/a.js", "groups": [{"fullName": "a.js > g",
            "benchmarks": [{"name": "x > y", "mean": 2.5, "sd": 0.5, "sampleCount": 7, "samples": []},
            {"name": "threw", "rme": 0, "samples": []}, {"name": "bad", "mean": null}, {}]}]}]}"#;
        let reading = read_any(&InputFile { name: "f", bytes: text }, None).unwrap();
        let run = &reading.runs[0];
        assert_eq!(run.measurements[0].benchmark().as_str(), "a.js > g > x > y");
        let summary = run.measurements[0].summary();
        assert_eq!((summary.mean, summary.std_dev, summary.n), (Some(2.5e6), Some(0.5e6), Some(7)));
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        let place = "files[0].groups[0].benchmarks";
        assert_eq!(
            skipped,
            [
                format!("a.js > g > threw: {place}[1]: no `mean`: it threw, or did not run"),
                format!("a.js > g > bad: {place}[2]: expected a number in `mean`, found null"),
                format!("{place}[3]: {place}[3]: expected a name in `name`, found nothing"),
            ]
        );
    }
}
