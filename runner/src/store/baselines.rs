use std::fs;
use std::io::ErrorKind;
use std::path::PathBuf;

use driftline_core::model::{Baseline, BaselineName};
use driftline_core::wire;

use super::error::Fate;
use super::{Store, StoreError, Warning, durable, lock};

impl Store {
    /// The file of a baseline. Its name cannot lead anywhere else: [`BaselineName`] allows no path.
    pub(crate) fn baseline_path(&self, name: &BaselineName) -> PathBuf {
        self.baselines_directory().join(format!("{name}.json"))
    }

    fn baselines_directory(&self) -> PathBuf {
        self.directory().join("baselines")
    }

    /// Saves a baseline, in place of the one of the same name, and says where.
    ///
    /// # Errors
    /// When the file cannot be locked or written; then the old one stays.
    pub(crate) fn save_baseline(&self, baseline: &Baseline) -> Result<PathBuf, StoreError> {
        let _held = self.lock()?;
        let directory = self.baselines_directory();
        durable::create_directory(&directory).map_err(StoreError::write(&directory))?;
        let path = self.baseline_path(&baseline.name);
        let text = wire::write_baseline(baseline);
        durable::replace(&path, text.as_bytes()).map_err(StoreError::write(&path))?;
        Ok(path)
    }

    /// The baseline of that name.
    ///
    /// # Errors
    /// When there is none, naming those that are there, or its file cannot be read.
    pub(crate) fn baseline(&self, name: &BaselineName) -> Result<Baseline, StoreError> {
        let _held = lock::shared(&self.lock_path(), self.patience);
        let path = self.baseline_path(name);
        let bytes = durable::read(&path).map_err(StoreError::read(&path))?;
        let Some(bytes) = bytes else { return Err(self.no_such_baseline(name)) };
        let baseline = wire::read_baseline(&bytes)
            .map_err(|error| StoreError::Damaged { path: path.clone(), error })?;
        // A copied or renamed file goes by its new name.
        Ok(Baseline { name: name.clone(), ..baseline })
    }

    /// All baselines, by name, and the files that could not be read.
    ///
    /// # Errors
    /// When their directory is there and cannot be listed.
    pub(crate) fn baselines(&self) -> Result<(Vec<Baseline>, Vec<Warning>), StoreError> {
        let (mut baselines, mut warnings) = (Vec::new(), Vec::new());
        for name in self.baseline_names()? {
            match self.baseline(&name) {
                Ok(baseline) => baselines.push(baseline),
                // Removed by somebody else since it was listed.
                Err(StoreError::NoSuchBaseline { .. }) => {}
                Err(error) => {
                    let reason = match error {
                        StoreError::Damaged { error, .. } => error.to_string(),
                        StoreError::Read { error, .. } => error.to_string(),
                        other => other.to_string(),
                    };
                    let path = self.baseline_path(&name);
                    warnings.push(Warning { path, reason, fate: Fate::Left });
                }
            }
        }
        Ok((baselines, warnings))
    }

    /// Removes a baseline.
    ///
    /// # Errors
    /// When there is none of that name, or its file cannot be locked or removed.
    pub(crate) fn remove_baseline(&self, name: &BaselineName) -> Result<(), StoreError> {
        let path = self.baseline_path(name);
        if !path.exists() {
            return Err(self.no_such_baseline(name));
        }
        let _held = self.lock()?;
        match durable::remove(&path) {
            Err(error) if error.kind() == ErrorKind::NotFound => Err(self.no_such_baseline(name)),
            Err(error) => Err(StoreError::Remove { path, error }),
            Ok(()) => Ok(()),
        }
    }

    /// The names of all baselines, sorted. Files that are no baseline's are none of our business.
    pub(super) fn baseline_names(&self) -> Result<Vec<BaselineName>, StoreError> {
        let directory = self.baselines_directory();
        let entries = match fs::read_dir(&directory) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.map_err(StoreError::read(&directory))?,
        };
        let mut names = Vec::new();
        for entry in entries {
            let name = entry.map_err(StoreError::read(&directory))?.file_name();
            let name = name.to_str().and_then(|name| name.strip_suffix(".json"));
            names.extend(name.and_then(|name| BaselineName::new(name).ok()));
        }
        names.sort();
        Ok(names)
    }

    fn no_such_baseline(&self, name: &BaselineName) -> StoreError {
        StoreError::NoSuchBaseline {
            name: name.clone(),
            directory: self.baselines_directory(),
            known: self.baseline_names().unwrap_or_default(),
        }
    }
}
