use std::fs;
use std::path::{Path, PathBuf};

/// Folders that hold what is made or fetched, and none of the project's own files.
const SKIPPED: [&str; 8] =
    ["target", "node_modules", "vendor", "build", "dist", "out", "venv", "__pycache__"];
/// Folders below the root that are looked through.
const DEEPEST: usize = 6;
/// More files than these are not looked at.
const MOST_FILES: usize = 50_000;
/// Larger files than this are no source.
const LARGEST: u64 = 1_000_000;

/// The files of a repository that may tell what it measures with.
#[derive(Debug)]
pub(crate) struct Sources {
    root: PathBuf,
    /// Relative to the root, `/` between folders, sorted.
    files: Vec<String>,
}

impl Sources {
    /// Looks through the folders from `root` down; what cannot be read is passed over.
    pub(crate) fn of(root: &Path) -> Self {
        let mut files = Vec::new();
        collect(root, "", 0, &mut files);
        files.sort();
        Self { root: root.to_owned(), files }
    }

    /// The files of that name, wherever they are, the topmost first.
    pub(super) fn called(&self, matches: impl Fn(&str) -> bool) -> Vec<&str> {
        let name = |path: &str| path.rsplit('/').next().is_some_and(&matches);
        let mut found: Vec<&str> =
            self.files.iter().map(String::as_str).filter(|path| name(path)).collect();
        found.sort_by_key(|path| path.matches('/').count());
        found
    }

    /// The content of a file, as far as it is text; empty where it cannot be read.
    pub(super) fn text(&self, path: &str) -> String {
        let path = self.root.join(path);
        let small = fs::metadata(&path).is_ok_and(|metadata| metadata.len() <= LARGEST);
        let bytes = if small { fs::read(&path).unwrap_or_default() } else { Vec::new() };
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// The folder of a path; empty for the root.
pub(super) fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn collect(directory: &Path, prefix: &str, depth: usize, files: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name().to_string_lossy().into_owned();
        let Ok(kind) = entry.file_type() else { continue };
        if name.starts_with('.') || files.len() >= MOST_FILES {
            continue;
        }
        // Symbolic links are not followed: they may lead anywhere.
        if kind.is_dir() && depth < DEEPEST && !SKIPPED.contains(&name.as_str()) {
            collect(&entry.path(), &format!("{prefix}{name}/"), depth + 1, files);
        } else if kind.is_file() {
            files.push(format!("{prefix}{name}"));
        }
    }
}
