//! Criterion's result files, for programs that do not connect: read from a folder that was empty
//! before the program started, so that nothing of an earlier run is taken for this one's. No file
//! tells the unit of a custom measurement: without a connection it is taken for time.

use std::path::Path;

use driftline_core::model::{Measurement, Skipped};

use crate::criterion_directory;

/// What was measured, and what cannot be read, below `home`.
pub(super) fn read(home: &Path) -> (Vec<Measurement>, Vec<Skipped>) {
    // A folder without any results is what a program leaves that measured nothing.
    let Ok(reading) = criterion_directory::read(home) else { return (Vec::new(), Vec::new()) };
    let mut all = (Vec::new(), Vec::new());
    for run in reading.runs {
        all.0.extend(run.measurements);
        all.1.extend(run.skipped);
    }
    all
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn names_come_from_the_files() {
        let home = tempfile::tempdir().unwrap();
        assert!(read(home.path()).0.is_empty() && read(&home.path().join("nosuch")).1.is_empty());
        let write = |path: &str, text: &str| {
            let path = home.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        };
        write(
            "g_/f/1/new/benchmark.json",
            r#"{"group_id":"g?","full_id":"g?/f/1","throughput":{"New":3}}"#,
        );
        write("g_/f/1/new/sample.json", r#"{"sampling_mode":"Flat","iters":[2.0],"times":[9.0]}"#);
        write("g_/f/1/base/benchmark.json", r#"{"full_id":"stale"}"#);
        write("g_/f/1/report/new/index.html", "");
        write("torn/new/benchmark.json", r#"{"full_id":"torn"}"#);
        write("torn/new/sample.json", r#"{"iters":[2.0"#);
        write("worse/new/benchmark.json", "");
        let (measured, skipped) = read(home.path());
        assert_eq!(measured.len(), 1);
        assert_eq!(measured[0].benchmark().as_str(), "g?/f/1");
        assert_eq!(measured[0].summary().median, Some(4.5));
        let names: Vec<&str> = skipped.iter().map(|s| s.name.as_str()).collect();
        assert_eq!(names, ["torn", "worse/new/benchmark.json"]);
    }
}
