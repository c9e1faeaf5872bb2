use std::fs;
use std::path::{Path, PathBuf};

use driftline_core::compare::{Comparison, FailOn};
use driftline_core::report::{
    self, COMMENT_LIMIT, CommentOptions, SUMMARY_LIMIT, comment, comment_key, is_link,
};

use super::super::{Error, Project, output};
use crate::args::ReportsArguments;
use crate::provenance::{self, Environment};

/// The folder of reports, and what they say beside the comparison.
#[derive(Debug)]
pub(super) struct Reports {
    /// As the command line names it.
    pub(super) named: String,
    pub(super) directory: PathBuf,
    key: String,
    report_url: Option<String>,
    fetch: Option<String>,
}

impl Reports {
    pub(super) fn new(
        project: &Project,
        arguments: &ReportsArguments,
        environment: &Environment<'_>,
    ) -> Result<Self, Error> {
        let directory = project.directory.join(&arguments.output);
        let named = arguments.output.display().to_string();
        if named.contains(char::is_control) {
            return Err(Error::usage(format!("write reports into {named:?}: choose another name")));
        }
        if let Some(url) = arguments.report_url.as_deref().filter(|url| !is_link(url)) {
            return Err(Error::usage(format!(
                "link to {url:?}: --report-url takes an https:// URL"
            )));
        }
        // The one that GitHub makes of a pull request and its base is on no branch.
        let merge = || {
            let name = environment("GITHUB_REF")?;
            let number = name.strip_prefix("refs/pull/")?.strip_suffix("/merge")?;
            number.bytes().all(|byte| byte.is_ascii_digit()).then_some(name)
        };
        let job = || provenance::ci(environment)?.url.filter(|url| is_link(url));
        let key = arguments.comment_key.clone().or_else(|| key_of(project, environment));
        Ok(Self {
            named,
            directory,
            key: comment_key(&key.unwrap_or_default()),
            report_url: arguments.report_url.clone().or_else(job),
            fetch: arguments.fetch.clone().or_else(merge),
        })
    }

    /// What every CI system has use for.
    pub(super) fn write(&self, comparison: &Comparison, fail_on: FailOn) -> Result<(), Error> {
        self.write_texts(comparison)?;
        self.put("comparison.json", &report::comparison_json(comparison))?;
        self.put("junit.xml", &report::comparison_junit(comparison, fail_on))
    }

    /// What people read.
    pub(super) fn write_texts(&self, comparison: &Comparison) -> Result<(), Error> {
        self.put("comment.md", &comment(comparison, &self.options(true, COMMENT_LIMIT)))?;
        self.put("summary.md", &self.summary(comparison))?;
        output::note(&format!("wrote comment.md and summary.md into {}", self.directory.display()));
        Ok(())
    }

    pub(super) fn summary(&self, comparison: &Comparison) -> String {
        comment(comparison, &self.options(false, SUMMARY_LIMIT))
    }

    fn options(&self, keyed: bool, limit: usize) -> CommentOptions<'_> {
        let key = keyed.then_some(self.key.as_str());
        let (report_url, fetch) = (self.report_url.as_deref(), self.fetch.as_deref());
        CommentOptions { key, report_url, fetch, limit }
    }

    /// Writes one file of the folder.
    pub(super) fn put(&self, name: &str, text: &str) -> Result<(), Error> {
        write(&self.directory.join(name), text)
    }
}

/// Writes a file, and the folders it is in.
pub(super) fn write(file: &Path, text: &str) -> Result<(), Error> {
    let folder = file.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, text))
        .map_err(|e| Error::data(format!("write {}: {e}", file.display())))
}

/// The workflow's or pipeline's name, else the suites'.
fn key_of(project: &Project, environment: &Environment<'_>) -> Option<String> {
    const VARIABLES: [&str; 4] =
        ["GITHUB_WORKFLOW", "CI_JOB_NAME", "BUILDKITE_PIPELINE_SLUG", "JOB_NAME"];
    let named = VARIABLES.iter().find_map(|name| environment(name));
    let suites: Vec<&str> = project.suites.iter().map(|suite| suite.name.as_str()).collect();
    named.or_else(|| (!suites.is_empty()).then(|| suites.join("-")))
}
