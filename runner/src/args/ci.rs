use std::path::PathBuf;

use clap::{Args, ValueEnum};
use driftline_core::compare::FailOn;

use super::JudgingArguments;

/// `driftline ci`.
#[derive(Debug, Args)]
pub(crate) struct CiArguments {
    /// The reference: a baseline, a run, a commit, `history`, or a file or criterion directory
    /// [default: the history as soon as it holds five runs made like the candidate, else `main`]
    #[arg(long, value_name = "REF")]
    pub(crate) baseline: Option<String>,
    /// What is judged: the same kinds [default: the run recorded last]
    #[arg(long, value_name = "REF")]
    pub(crate) candidate: Option<String>,
    /// The format of the files, instead of the one their content shows
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<String>,
    #[command(flatten)]
    pub(crate) judging: JudgingArguments,
    /// What ends with an exit code that is not 0: that nothing was compared does in any case
    #[arg(long, value_enum, value_name = "WHAT", default_value = "regression")]
    pub(crate) fail_on: FailOnName,
    #[command(flatten)]
    pub(crate) reports: ReportsArguments,
    /// For which CI system reports are written
    #[arg(long, value_enum, value_name = "NAME", default_value = "auto", help_heading = "Reports")]
    pub(crate) platform: PlatformName,
    /// Write the JUnit report here too
    #[arg(long, value_name = "FILE", help_heading = "Reports")]
    pub(crate) junit: Option<PathBuf>,
    /// Judge nothing: write comment.md and summary.md anew from this comparison.json, which may be
    /// of somebody who is not trusted
    #[arg(long, value_name = "FILE", help_heading = "Reports", conflicts_with_all =
          ["baseline", "candidate", "input_format", "accept", "fail_on", "platform", "junit",
           "threshold", "threshold_for", "confidence", "fdr", "common_mode",
           "allow_different_machine"])]
    pub(crate) render: Option<PathBuf>,
}

/// Where reports go, and what they say beside the comparison.
#[derive(Debug, Args)]
#[command(next_help_heading = "Reports")]
pub(crate) struct ReportsArguments {
    /// Write the reports into this folder
    #[arg(long, value_name = "DIR", default_value = "driftline-report")]
    pub(crate) output: PathBuf,
    /// What the comment of a pull request is found again by [default: the workflow's name]
    #[arg(long, value_name = "KEY")]
    pub(crate) comment_key: Option<String>,
    /// Where the comment says that the whole report is [default: the job's page]
    #[arg(long, value_name = "URL")]
    pub(crate) report_url: Option<String>,
    /// By which ref of the remote a clone gets the commit that is judged, where no branch has it, such as
    /// refs/pull/7/merge [default: that of the job's pull request]
    #[arg(long, value_name = "REF")]
    pub(crate) fetch: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOnName {
    /// A regression that was not accepted (1)
    Regression,
    /// That, and a benchmark of which nothing can be told (6)
    Inconclusive,
    /// Neither
    Never,
}

impl From<FailOnName> for FailOn {
    fn from(name: FailOnName) -> Self {
        match name {
            FailOnName::Regression => Self::Regression,
            FailOnName::Inconclusive => Self::Inconclusive,
            FailOnName::Never => Self::Never,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum PlatformName {
    /// The one whose variables are set
    Auto,
    /// The job's summary, outputs and annotations
    Github,
    /// A metrics report and code quality
    Gitlab,
    /// An annotation
    Buildkite,
    /// Nothing besides the JUnit report that is always written
    Jenkins,
    /// Nothing besides what is always written
    Plain,
}

/// `driftline init`.
#[derive(Debug, Args)]
pub(crate) struct InitArguments {
    /// Replace files that are there
    #[arg(long)]
    pub(crate) force: bool,
    /// Write the workflow too that comments on pull requests
    #[arg(long)]
    pub(crate) comments: bool,
    /// Print what would be written, and write nothing
    #[arg(long)]
    pub(crate) dry_run: bool,
}
