use std::fs::OpenOptions;
use std::io::Write as _;
use std::path::Path;

use driftline_core::compare::{Comparison, FailOn, Overall};
use driftline_core::report::{
    comparison_annotations, comparison_code_quality, comparison_openmetrics,
};

use super::super::{Error, Project, output};
use super::reports::Reports;
use crate::args::PlatformName;
use crate::provenance::{self, Environment};

/// A CI system, by what it understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Platform {
    Github,
    Gitlab,
    Buildkite,
    Jenkins,
    Plain,
}

impl Platform {
    /// The named one, or that whose variables are set.
    pub(super) fn of(name: PlatformName, environment: &Environment<'_>) -> Self {
        match name {
            PlatformName::Github => Self::Github,
            PlatformName::Gitlab => Self::Gitlab,
            PlatformName::Buildkite => Self::Buildkite,
            PlatformName::Jenkins => Self::Jenkins,
            PlatformName::Plain => Self::Plain,
            PlatformName::Auto => match provenance::ci(environment).map(|ci| ci.name).as_deref() {
                Some("github") => Self::Github,
                Some("gitlab") => Self::Gitlab,
                Some("buildkite") => Self::Buildkite,
                Some("jenkins") => Self::Jenkins,
                _ => Self::Plain,
            },
        }
    }

    /// Writes what only this one understands, and says where it is found.
    pub(super) fn write(
        self,
        project: &Project,
        comparison: &Comparison,
        fail_on: FailOn,
        reports: &Reports,
        environment: &Environment<'_>,
    ) -> Result<(), Error> {
        let at = |file: &str| reports.directory.join(file).display().to_string();
        match self {
            Self::Github => github(comparison, fail_on, reports, environment)?,
            Self::Gitlab => {
                reports.put("metrics.txt", &comparison_openmetrics(comparison))?;
                let quality = comparison_code_quality(comparison, fail_on, place(project));
                reports.put("gl-code-quality-report.json", &quality)?;
                output::note(&format!(
                    "artifacts:reports: metrics: {}, codequality: {}, junit: {}",
                    at("metrics.txt"),
                    at("gl-code-quality-report.json"),
                    at("junit.xml"),
                ));
            }
            Self::Buildkite => {
                reports.put("annotation.md", &reports.summary(comparison))?;
                let style = style(comparison, fail_on);
                output::note(&format!(
                    "buildkite-agent annotate --context driftline --style {style} < {}",
                    at("annotation.md")
                ));
            }
            Self::Jenkins => output::note(&format!("junit '{}'", at("junit.xml"))),
            Self::Plain => output::note(&format!("JUnit: {}", at("junit.xml"))),
        }
        Ok(())
    }
}

/// The file at which GitLab shows what was found: benchmarks have no place in one, but it must be
/// there.
fn place(project: &Project) -> &'static str {
    const FILES: [&str; 4] = ["driftline.toml", ".gitlab-ci.yml", "Cargo.toml", "README.md"];
    FILES.into_iter().find(|file| project.root.join(file).is_file()).unwrap_or(".gitlab-ci.yml")
}

/// The colour of a Buildkite annotation.
fn style(comparison: &Comparison, fail_on: FailOn) -> &'static str {
    let counts = &comparison.summary;
    match counts.overall() {
        overall if fail_on.fails(overall) => "error",
        Overall::Regressed | Overall::Inconclusive | Overall::Accepted => "warning",
        _ if counts.skipped + counts.gone > 0 => "warning",
        Overall::Improved | Overall::Unchanged | Overall::Nothing => "success",
    }
}

/// Appends to the job's summary and outputs, where it has them, and prints annotations.
fn github(
    comparison: &Comparison,
    fail_on: FailOn,
    reports: &Reports,
    environment: &Environment<'_>,
) -> Result<(), Error> {
    if let Some(file) = environment("GITHUB_STEP_SUMMARY") {
        append(Path::new(&file), &reports.summary(comparison))?;
    }
    if let Some(file) = environment("GITHUB_OUTPUT") {
        let counts = &comparison.summary;
        let mut outputs = format!("verdict={}\n", counts.overall().word());
        for (name, count) in [
            ("regressed", counts.regressed + counts.drifted),
            ("improved", counts.improved),
            ("unchanged", counts.unchanged),
            ("inconclusive", counts.inconclusive),
            ("accepted", counts.accepted),
            ("new", counts.new),
            ("gone", counts.gone),
            ("skipped", counts.skipped),
        ] {
            outputs += &format!("{name}={count}\n");
        }
        outputs += &format!("report={}\n", reports.named);
        append(Path::new(&file), &outputs)?;
    }
    output::print(&comparison_annotations(comparison, fail_on))
}

fn append(file: &Path, text: &str) -> Result<(), Error> {
    let opened = OpenOptions::new().create(true).append(true).open(file);
    opened
        .and_then(|mut opened| opened.write_all(text.as_bytes()))
        .map_err(|e| Error::data(format!("write {}: {e}", file.display())))
}
