//! `.driftline/accepted.toml`.

use std::path::Path;

use driftline_core::change::Acknowledgement;
use driftline_core::compare::{Acceptance, Threshold};
use jiff::civil::Date;
use serde::Deserialize;

use crate::error::Error;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Accepted {
    #[serde(default)]
    accepted: Vec<Entry>,
}

/// An `[[accepted]]`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    benchmark: Text,
    metric: Option<Text>,
    reason: Text,
    /// The last day on which it holds.
    until: Day,
    /// At which commit it was accepted; or at which run.
    commit: Option<Text>,
    run: Option<Text>,
    limit: Option<Threshold>,
}

/// A text that says something.
#[derive(Debug, Deserialize)]
#[serde(try_from = "String")]
struct Text(String);

impl TryFrom<String> for Text {
    type Error = &'static str;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        if text.trim().is_empty() { Err("it says nothing") } else { Ok(Self(text)) }
    }
}

/// A date, as TOML or as text.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "toml::Value")]
struct Day(Date);

impl TryFrom<toml::Value> for Day {
    type Error = String;
    fn try_from(value: toml::Value) -> Result<Self, String> {
        let text = match &value {
            toml::Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let date = text.parse::<Date>().ok().filter(|_| text.len() == "2026-12-31".len());
        date.map(Self)
            .ok_or_else(|| format!("{text} is no date: write the last day, as 2026-12-31"))
    }
}

/// The acceptances of a file; none where there is no such file. `root` is what its path is shown from.
///
/// # Errors
/// When it is there and cannot be read; with the line, and what to do.
pub(super) fn read(path: &Path, root: &Path) -> Result<Vec<Acceptance>, Error> {
    let inside = path.strip_prefix(root).ok();
    let shown = inside.unwrap_or(path).display().to_string();
    // What reports say tells nothing about the machine.
    let source =
        inside.map_or("accepted.toml".into(), |inside| inside.to_string_lossy().replace('\\', "/"));
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(Error::data(format!("read {shown}: {error}"))),
    };
    let failed = |why: String| {
        Error::usage(format!("read {shown}: {why}")).hint(
            "an entry is [[accepted]] with benchmark = \"upload/*\", reason = \"…\", until = \
             2026-12-31, and commit = \"…\" or run = \"…\", limit = \"30%\", or both; metric may be \
             left out",
        )
    };
    let read: Accepted = toml::from_str(&text).map_err(|error| failed(error.to_string()))?;
    read.accepted
        .into_iter()
        .map(|entry| {
            let Entry { benchmark, metric, reason, until, commit, run, limit } = entry;
            if commit.is_some() && run.is_some() {
                return Err(failed(format!(
                    "the entry of {:?} names a commit and a run: leave one out",
                    benchmark.0
                )));
            }
            if commit.is_none() && run.is_none() && limit.is_none() {
                return Err(failed(format!(
                    "the entry of {:?} accepts whatever comes: add commit = \"…\", which brought it, \
                     or limit = \"30%\", by how much worse it may be at most",
                    benchmark.0
                )));
            }
            let known = Acknowledgement {
                commit: commit.or(run).map(|text| text.0).unwrap_or_default(),
                benchmark: benchmark.0,
                reason: reason.0,
                ..Acknowledgement::default()
            };
            Ok(Acceptance {
                known,
                metric: metric.map(|text| text.0),
                until: Some(until.0),
                limit,
                runs: None,
                source: source.clone(),
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(text: &str) -> Result<Vec<Acceptance>, String> {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("accepted.toml");
        std::fs::write(&path, text).unwrap();
        read(&path, directory.path()).map_err(|error| error.to_string())
    }

    #[test]
    fn an_entry_says_what_why_and_until_when() {
        let given = reading(
            r#"
            [[accepted]]
            benchmark = "upload/*"
            reason = "checksums"
            until = 2026-12-31
            limit = "40%"
            [[accepted]]
            benchmark = "memory/*"
            metric = "alloc*"
            reason = "cache"
            until = "2027-01-31"
            commit = "v1.2"
            limit = "30%"
            "#,
        )
        .unwrap();
        let [first, second] = given.as_slice() else { panic!("{given:#?}") };
        assert_eq!(first.until.unwrap().to_string(), "2026-12-31");
        assert_eq!((first.source.as_str(), first.known.commit.as_str()), ("accepted.toml", ""));
        assert_eq!(second.until.unwrap().to_string(), "2027-01-31");
        assert_eq!(second.metric.as_deref(), Some("alloc*"));
        assert!((second.limit.unwrap().ratio() - 0.3).abs() < 1e-12);
        assert_eq!(second.known.commit, "v1.2");
        assert_eq!(reading("").unwrap(), []);
        assert_eq!(read(Path::new("/nosuch/accepted.toml"), Path::new("/")).unwrap(), []);
    }

    #[test]
    fn each_mistake_is_named_with_its_line_and_a_remedy() {
        let with = |line: &str| {
            let required = ["benchmark = \"a\"", "reason = \"b\"", "until = 2026-12-31"];
            let key = line.split(' ').next().unwrap();
            let others = required.into_iter().filter(|other| !other.starts_with(key));
            format!("[[accepted]]\n{}\n{line}", others.collect::<Vec<_>>().join("\n"))
        };
        for (text, expected) in [
            ("x".to_owned(), "line 1"),
            (with("untill = 2026-12-31"), "unknown field `untill`"),
            ("[[accepted]]\nbenchmark = \"a\"\nreason = \"b\"".to_owned(), "missing field `until`"),
            (with("reason = \" \""), "it says nothing"),
            (with("until = \"tomorrow\""), "tomorrow is no date: write the last day"),
            (with("until = 2026-12-31T10:00:00"), "is no date"),
            (with("until = 2026-02-31"), "line 4"),
            (with("limit = 30"), "is not a threshold"),
            (with("commit = \"a\"\nrun = \"b\""), "names a commit and a run"),
            (with("metric = \"a\""), "add commit = \"…\", which brought it, or limit = \"30%\""),
        ] {
            let error = reading(&text).unwrap_err();
            assert!(error.contains(expected), "{text}: {error}");
            assert!(error.contains("accepted.toml: ") && error.contains("an entry is"), "{error}");
        }
    }
}
