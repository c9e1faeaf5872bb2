//! Criterion's result files, for programs that do not connect: read from a folder that was empty
//! before the program started, so that nothing of an earlier run is taken for this one's.

use std::fs;
use std::path::Path;

use serde::Deserialize;

use super::raw::Raw;

/// How deep benchmarks lie: `group/function/value/new`.
const DEEPEST: usize = 6;

#[derive(Deserialize)]
struct BenchmarkFile {
    full_id: String,
}

#[derive(Deserialize)]
struct SampleFile {
    iters: Vec<f64>,
    times: Vec<f64>,
}

/// One benchmark's files.
#[derive(Debug, PartialEq)]
pub(super) enum Found {
    /// Its sample.
    Sample(Raw),
    /// Its name, or its folder's when not even that can be read, and why there is no sample.
    Unreadable(String, String),
}

/// Every benchmark below `home`, sorted by folder.
pub(super) fn read(home: &Path) -> Vec<Found> {
    let mut found = Vec::new();
    walk(home, 0, &mut found);
    found
}

fn walk(folder: &Path, depth: usize, found: &mut Vec<Found>) {
    if depth > DEEPEST {
        return;
    }
    let Ok(entries) = fs::read_dir(folder) else { return };
    let mut folders: Vec<_> = entries
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    for inner in folders {
        if inner.ends_with("new") && inner.join("benchmark.json").is_file() {
            found.push(benchmark(&inner));
        } else {
            walk(&inner, depth + 1, found);
        }
    }
}

fn benchmark(folder: &Path) -> Found {
    let name = match read_json::<BenchmarkFile>(&folder.join("benchmark.json")) {
        Ok(file) => file.full_id,
        Err(reason) => return Found::Unreadable(folder.display().to_string(), reason),
    };
    match read_json::<SampleFile>(&folder.join("sample.json")) {
        // No file tells the unit of a custom measurement: without a connection it is taken for time.
        Ok(SampleFile { iters, times }) => {
            Found::Sample(Raw { name, iters, totals: times, unit: "ns".to_owned() })
        }
        Err(reason) => Found::Unreadable(name, reason),
    }
}

fn read_json<T: serde::de::DeserializeOwned>(path: &Path) -> Result<T, String> {
    let file = path.file_name().unwrap_or_default().display();
    let bytes =
        fs::read(path).map_err(|error| format!("criterion's {file} cannot be read: {error}"))?;
    serde_json::from_slice(&bytes)
        .map_err(|error| format!("criterion's {file} is damaged: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_come_from_the_files() {
        let home = tempfile::tempdir().unwrap();
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
        let found = read(home.path());
        let expected =
            Raw { name: "g?/f/1".into(), iters: vec![2.0], totals: vec![9.0], unit: "ns".into() };
        assert_eq!(found[0], Found::Sample(expected));
        assert!(
            matches!(&found[1], Found::Unreadable(name, why) if name == "torn" && why.contains("sample.json is damaged"))
        );
        assert!(matches!(&found[2], Found::Unreadable(name, _) if name.ends_with("new")));
        assert_eq!(found.len(), 3);
    }
}
