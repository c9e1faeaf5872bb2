use std::io::Write as _;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use driftline_core::change::Acknowledgement;
use driftline_core::compare::Policy;
use flate2::Compression;
use flate2::write::GzEncoder;
use serde::Serialize;

use super::annotations::{self, Annotations};
use crate::config::Project;
use crate::error::Error;
use crate::provenance;
use crate::store::{Store, StoredFile};

/// What the configuration says about judging, as far as the runs do not.
#[derive(Debug, Clone, Serialize)]
struct Settings {
    #[serde(skip_serializing_if = "Option::is_none")]
    default_branch: Option<String>,
    window: usize,
    acknowledged: Vec<Acknowledgement>,
    policy: Policy,
}

/// How the page gets the files' contents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    /// They stand beside their names, as base64 of gzip: a history shrinks to a quarter.
    Inline,
    /// It fetches them from this folder.
    Below(&'static str),
}

/// What the page is to show: the store's files, the settings, and notes on runs.
#[derive(Debug)]
pub(crate) struct Data {
    settings: Settings,
    store: Store,
    annotations: Vec<PathBuf>,
}

#[derive(Serialize)]
struct Document<'a> {
    settings: &'a Settings,
    files: Vec<FileEntry<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    annotations: Option<Annotations>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<String>,
}

#[derive(Serialize)]
struct FileEntry<'a> {
    name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
}

impl Data {
    /// The project's records, to be judged by this policy.
    pub(crate) fn new(project: &Project, policy: Policy) -> Self {
        let known = project.default_branch.clone();
        let settings = Settings {
            default_branch: known.or_else(|| provenance::default_branch(&project.directory)),
            window: project.window,
            acknowledged: project.acknowledged.clone(),
            policy,
        };
        Self { settings, store: project.store(), annotations: project.annotation_files() }
    }

    /// The notes on runs as a file of their own; none where there are none.
    pub(crate) fn annotations(&self) -> Option<String> {
        let (annotations, _) = annotations::read(&self.annotations);
        // What was read as JSON can be written as such.
        serde_json::to_string(&annotations?).ok()
    }

    /// What is wrong with the notes on runs, which are not shown then.
    pub(crate) fn problems(&self) -> Vec<String> {
        annotations::read(&self.annotations).1
    }

    /// The files as they are now: the history, and the baselines.
    ///
    /// # Errors
    /// When one is there and cannot be read.
    pub(crate) fn files(&self) -> Result<Vec<StoredFile>, Error> {
        Ok(self.store.files()?)
    }

    /// What tells whether the files have changed.
    pub(crate) fn version(&self) -> String {
        self.store.version(&self.annotations)
    }

    /// Settings, files and notes on runs as JSON; with the version where the page fetches the files.
    ///
    /// # Errors
    /// When a file is there and cannot be read.
    pub(crate) fn json(&self, encoding: Encoding) -> Result<String, Error> {
        // Before the files: what is newer than it says is fetched once more, and nothing is missed.
        let version = matches!(encoding, Encoding::Below(_)).then(|| self.version());
        let files = self.files()?;
        let entry = |file: &'_ StoredFile| match encoding {
            Encoding::Inline => {
                packed(&file.bytes).map(|bytes| (Some(STANDARD.encode(bytes)), None))
            }
            Encoding::Below(folder) => Ok((None, Some(format!("{folder}{}", file.name)))),
        };
        let mut entries = Vec::with_capacity(files.len());
        for file in &files {
            let (base64, url) =
                entry(file).map_err(|e| Error::data(format!("compress {}: {e}", file.name)))?;
            entries.push(FileEntry { name: &file.name, base64, url });
        }
        let (annotations, _) = annotations::read(&self.annotations);
        let document = Document { settings: &self.settings, files: entries, annotations, version };
        serde_json::to_string(&document).map_err(|e| Error::data(format!("write the data: {e}")))
    }
}

/// The bytes as gzip, which the page unpacks.
fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    encoder.finish()
}
