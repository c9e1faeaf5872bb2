//! The same bytes in give the same verdicts out, to the last bit. `web/tests` checks the same file
//! against what the wasm module answers.

use driftline_core::change::changes;
use driftline_core::compare::{Policy, Side, compare};
use driftline_core::formats::{InputFile, read};
use driftline_core::model::History;
use driftline_core::report::{changes_json, comparison_json};

#[test]
fn the_golden_comparison_is_the_same_to_the_last_byte() {
    let runs = [
        ("baseline.jsonl", include_bytes!("data/golden/baseline.jsonl").as_slice()),
        ("candidate.jsonl", include_bytes!("data/golden/candidate.jsonl").as_slice()),
    ]
    .map(|(name, bytes)| (name, read(&InputFile { name, bytes }, None).unwrap().runs));
    let [(before, before_runs), (after, after_runs)] = &runs;
    let comparison = compare(
        &Side::of_run(path(before), &before_runs[0]),
        &Side::of_run(path(after), &after_runs[0]),
        &Policy::default(),
    );
    assert!(
        comparison_json(&comparison) == include_str!("data/golden/comparison.json"),
        "the golden comparison changed. If the statistics changed on purpose, write it anew \
         (tests/data/golden/README.md). If only last digits differ, something computes with the \
         platform's mathematics: look for `f64::ln` and the like, or for a dependency that turns on \
         `num-traits/std` (cargo tree -e features -i num-traits), as criterion does for all that is \
         built in one cargo call with it"
    );
}

#[test]
fn the_golden_change_points_are_the_same_to_the_last_byte() {
    let input = InputFile {
        name: "history.csv",
        bytes: include_bytes!("data/golden/history.csv").as_slice(),
    };
    let history = History::new(read(&input, None).unwrap().runs);
    assert!(
        changes_json(&changes(&history, &[])) == include_str!("data/golden/changes.json"),
        "the golden change points changed: as above"
    );
}

/// As the command in the README names the files.
fn path(file: &str) -> String {
    format!("core/tests/data/golden/{file}")
}
