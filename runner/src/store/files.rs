//! The store's files as they are, for whoever reads them itself.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use driftline_core::stats::fnv1a;

use super::{Store, StoreError, durable, lock};

/// A file of the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StoredFile {
    /// Its path in the store, `/` between folders.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Store {
    /// The history, where there is one, and the baselines.
    ///
    /// # Errors
    /// When one is there and cannot be read.
    pub(crate) fn files(&self) -> Result<Vec<StoredFile>, StoreError> {
        let _held = lock::shared(&self.lock_path(), self.patience);
        let mut files = Vec::new();
        for (name, path) in self.file_paths()? {
            let bytes = durable::read(&path).map_err(StoreError::read(&path))?;
            files.extend(bytes.map(|bytes| StoredFile { name, bytes }));
        }
        Ok(files)
    }

    /// A text that is another one after any of these files, or of `others`, was written, added or removed.
    pub(crate) fn version(&self, others: &[PathBuf]) -> String {
        let mut text = String::new();
        for (name, path) in self.file_paths().unwrap_or_default() {
            text += &format!("{name} {}\n", state_of(&path));
        }
        for path in others {
            text += &format!("{}\n", state_of(path));
        }
        format!("{:016x}", fnv1a(text.as_bytes()))
    }

    /// Their names and paths; the history may not be there.
    fn file_paths(&self) -> Result<Vec<(String, PathBuf)>, StoreError> {
        let mut all = vec![("history.jsonl".to_owned(), self.history_path())];
        for name in self.baseline_names()? {
            all.push((format!("baselines/{name}.json"), self.baseline_path(&name)));
        }
        Ok(all)
    }
}

/// What changes with every write: files are replaced whole or appended to.
fn state_of(path: &Path) -> String {
    let Ok(metadata) = fs::metadata(path) else { return "none".to_owned() };
    let modified = metadata.modified().ok().and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let modified = modified.map(|since| since.as_nanos()).unwrap_or_default();
    #[cfg(unix)]
    let inode = std::os::unix::fs::MetadataExt::ino(&metadata);
    #[cfg(not(unix))]
    let inode = 0;
    format!("{} {modified} {inode}", metadata.len())
}

#[cfg(test)]
mod tests {
    use driftline_core::model::{Baseline, BaselineName, Run, RunId};

    use super::*;
    use crate::store::Retention;

    #[test]
    fn every_write_makes_another_version() {
        let directory = tempfile::tempdir().unwrap();
        let store = Store::new(directory.path().join("s"), Retention::default());
        let run = |id: &str| Run::new(RunId::new(id).unwrap(), Vec::new());
        let name = BaselineName::new("main").unwrap();
        let baseline =
            Baseline { name: name.clone(), saved: None, levels: Vec::new(), run: run("a") };
        let mut versions = vec![store.version(&[])];
        assert_eq!(store.files().unwrap(), []);
        store.append(&run("a")).unwrap();
        versions.push(store.version(&[]));
        store.append(&run("b")).unwrap();
        versions.push(store.version(&[]));
        store.save_baseline(&baseline).unwrap();
        versions.push(store.version(&[]));
        assert_eq!(store.version(&[]), *versions.last().unwrap(), "nothing was written");
        let files = store.files().unwrap();
        let names: Vec<&str> = files.iter().map(|file| file.name.as_str()).collect();
        assert_eq!(names, ["history.jsonl", "baselines/main.json"]);
        assert_eq!(files[0].bytes, fs::read(store.history_path()).unwrap());
        store.remove_baseline(&name).unwrap();
        versions.push(store.version(&[]));
        let different: std::collections::BTreeSet<&String> = versions[..4].iter().collect();
        assert_eq!(different.len(), 4, "{versions:?}");
        assert_eq!(versions[4], versions[2], "as before the baseline");
    }
}
