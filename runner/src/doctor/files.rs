use std::fs;

/// Where the checks read: the system's own files, or recorded ones.
pub(crate) trait Files {
    /// The text of a file without white space at its ends; none where there is no such file, or it
    /// cannot be read.
    fn text(&self, path: &str) -> Option<String>;

    /// The names in a directory, sorted; none of a directory that cannot be read.
    fn names(&self, directory: &str) -> Vec<String>;

    /// The number that a file holds.
    fn number(&self, path: &str) -> Option<i64> {
        self.text(path)?.parse().ok()
    }
}

/// The files of the system on which this runs.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SystemFiles;

impl Files for SystemFiles {
    fn text(&self, path: &str) -> Option<String> {
        // Names of processes may hold any bytes.
        fs::read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    fn names(&self, directory: &str) -> Vec<String> {
        let Ok(entries) = fs::read_dir(directory) else { return Vec::new() };
        let mut names: Vec<String> =
            entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok()).collect();
        names.sort_unstable();
        names
    }
}

/// Recorded files: pairs of path and text.
#[cfg(test)]
#[derive(Debug, Clone, Default)]
pub(crate) struct Recorded(Vec<(String, String)>);

#[cfg(test)]
impl Recorded {
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect())
    }
}

#[cfg(test)]
impl Files for Recorded {
    fn text(&self, path: &str) -> Option<String> {
        self.0.iter().find(|(name, _)| name == path).map(|(_, text)| text.trim().to_owned())
    }

    fn names(&self, directory: &str) -> Vec<String> {
        let within = self.0.iter().filter_map(|(path, _)| path.strip_prefix(directory));
        let mut names: Vec<String> = within
            .filter_map(|rest| rest.strip_prefix('/')?.split('/').next().map(str::to_owned))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }
}
