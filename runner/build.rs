//! Lists the page's files, so that the feature `page` embeds them: whatever `make web` left in
//! `web/dist/page`. It only reads that folder; where it is missing, nothing is embedded, and the
//! commands that need it say so.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    let mut list = "[\n".to_owned();
    if std::env::var_os("CARGO_FEATURE_PAGE").is_some() {
        let root = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../web/dist/page");
        println!("cargo::rerun-if-changed={}", root.display());
        let files = files_below(&root);
        if files.is_empty() {
            println!(
                "cargo::warning=web/dist/page is missing, so no page is embedded: `make web` first"
            );
        }
        for file in files {
            let name = file.strip_prefix(&root).expect("it is below").to_string_lossy();
            let name = name.replace('\\', "/");
            let path = file.to_str().expect("the path of the repository is UTF-8");
            writeln!(list, "    ({name:?}, include_bytes!({path:?}).as_slice()),").expect("a text");
        }
    }
    list.push_str("]\n");
    let out = PathBuf::from(variable("OUT_DIR")).join("page_files.rs");
    std::fs::write(&out, list).expect("cargo's own directory can be written to");
}

fn variable(name: &str) -> String {
    std::env::var(name).expect("cargo sets it")
}

/// All files in a folder and those in it, sorted; none where it is missing.
fn files_below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder) else { return Vec::new() };
    let mut files = Vec::new();
    for path in entries.flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            files.extend(files_below(&path));
        } else {
            files.push(path);
        }
    }
    files.sort();
    files
}
