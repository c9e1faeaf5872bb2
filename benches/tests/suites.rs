//! Runs all five suites of the assistant, briefly, and pins which benchmarks they are.
//!
//! History and baselines know a benchmark by its id: renaming one ends its series. The ids are
//! therefore read from where driftline itself reads them, the files that criterion writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use driftline_benches::measurement::criterion_settings;
use serde_json::Value;

macro_rules! suite {
    ($name:ident, $path:literal) => {
        #[path = $path]
        #[allow(dead_code, reason = "a suite's own main runs only when it is the executable")]
        mod $name;
    };
}

suite!(chat_api, "../suites/chat_api.rs");
suite!(memory, "../suites/memory.rs");
suite!(settings, "../suites/settings.rs");
suite!(tools, "../suites/tools.rs");
suite!(upload, "../suites/upload.rs");

const BENCHMARKS: [&str; 48] = [
    "chat_api/add_and_retrieve",
    "chat_api/add_user_message",
    "chat_api/analyze_message",
    "chat_api/analyze_message_no_match",
    "chat_api/chat_message_parsing",
    "chat_api/chat_request_mocked",
    "chat_api/chat_response_serialization",
    "chat_api/tools_to_claude_format",
    "chat_api/tools_to_openai_format",
    "memory/add_message",
    "memory/add_message_bulk",
    "memory/get_message_count",
    "memory/get_messages_large",
    "memory/get_messages_small",
    "memory/get_messages_with_limit",
    "memory/search_messages_large",
    "memory/search_messages_no_results",
    "memory/search_messages_small",
    "settings/get_all_large",
    "settings/get_all_small",
    "settings/get_setting_default",
    "settings/get_setting_stored",
    "settings/set_setting",
    "settings/update_setting",
    "tools/calculate_complex",
    "tools/calculate_tool",
    "tools/datetime_tool",
    "tools/list_all_tools",
    "tools/lookup_and_execute",
    "tools/to_claude_format",
    "tools/to_openai_format",
    "tools/tool_lookup",
    "tools/tool_lookup_miss",
    "tools/tool_registration",
    "tools/validate_and_execute",
    "upload/construct_response",
    "upload/get_content_type",
    "upload/glob_files",
    "upload/list_files_100",
    "upload/list_files_20",
    "upload/list_files_empty",
    "upload/read_10kb",
    "upload/read_and_base64_encode",
    "upload/validate_extension",
    "upload/write_100kb",
    "upload/write_10kb",
    "upload/write_1kb",
    "upload/write_1mb",
];

/// The files called `benchmark.json` of the newest measurements under a folder.
fn benchmark_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).expect("criterion wrote the folder") {
        let path = entry.expect("the folder is listed").path();
        if path.is_dir() {
            found.extend(benchmark_files(&path));
        } else if path.ends_with("new/benchmark.json") {
            found.push(path);
        }
    }
    found
}

fn full_id(file: &Path) -> String {
    let bytes = fs::read(file).expect("criterion wrote the file");
    let benchmark: Value = serde_json::from_slice(&bytes).expect("criterion writes JSON");
    benchmark["full_id"].as_str().expect("a benchmark has an id").to_owned()
}

#[test]
fn every_benchmark_runs_under_its_known_id() {
    let output = tempfile::tempdir().unwrap();
    let mut criterion = criterion_settings()
        .output_directory(output.path())
        .warm_up_time(Duration::from_nanos(1))
        .measurement_time(Duration::from_nanos(1))
        .sample_size(10)
        .nresamples(1001);
    chat_api::benchmarks(&mut criterion);
    memory::benchmarks(&mut criterion);
    settings::benchmarks(&mut criterion);
    tools::benchmarks(&mut criterion);
    upload::benchmarks(&mut criterion);

    let files = benchmark_files(output.path());
    let ids: BTreeSet<String> = files.iter().map(|file| full_id(file)).collect();
    assert_eq!(ids, BTreeSet::from(BENCHMARKS.map(str::to_owned)));
    assert_eq!(files.len(), BENCHMARKS.len(), "two benchmarks have one id");
}

#[test]
fn the_readme_tells_what_every_benchmark_measures() {
    let readme = include_str!("../README.md");
    for benchmark in BENCHMARKS {
        let (_, name) = benchmark.split_once('/').unwrap();
        assert!(readme.contains(&format!("| `{name}` |")), "{benchmark} is not in the README");
    }
}
