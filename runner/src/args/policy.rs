use clap::{Args, ValueEnum};
use driftline_core::compare::{CommonMode, Confidence, FalseDiscoveryRate, Threshold};

/// What to make of a common shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CommonModeName {
    /// Say so, and judge each benchmark as it is
    Report,
    /// Take it off before judging: a slowdown of everything is hidden
    Correct,
    /// Do not look for one
    Off,
}

impl From<CommonModeName> for CommonMode {
    fn from(name: CommonModeName) -> Self {
        match name {
            CommonModeName::Report => Self::Report,
            CommonModeName::Correct => Self::Correct,
            CommonModeName::Off => Self::Off,
        }
    }
}

/// How a comparison is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ComparisonFormat {
    /// A table for people
    Text,
    /// As `driftline schema` describes
    Json,
    /// For a pull request or a wiki
    Markdown,
    /// For a spreadsheet
    Csv,
    /// For a CI system: a test case for each row
    Junit,
}

/// What decides, by whatever is judged.
#[derive(Debug, Args)]
pub(crate) struct RuleArguments {
    /// The change that is relevant, such as 20% or 0.2 [default: 20%]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) threshold: Option<Threshold>,
    /// The threshold of the benchmarks that a pattern matches, such as 'upload/*=30%'; the last
    /// one that matches holds
    #[arg(long, value_name = "PATTERN=PERCENT")]
    pub(crate) threshold_for: Vec<String>,
    /// The confidence of the intervals [default: 99%]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) confidence: Option<Confidence>,
    /// The share of false ones that is tolerated among the changes called significant [default: 1%]
    #[arg(long, value_name = "PERCENT")]
    pub(crate) fdr: Option<FalseDiscoveryRate>,
    /// What to make of a shift that most benchmarks have in common [default: report]
    #[arg(long, value_enum, value_name = "MODE")]
    pub(crate) common_mode: Option<CommonModeName>,
}

/// How two sides are judged: what decides, and what is accepted on purpose besides what
/// .driftline/accepted.toml and the commits say.
#[derive(Debug, Args)]
pub(crate) struct JudgingArguments {
    #[command(flatten)]
    pub(crate) rule: RuleArguments,
    /// Judge against a baseline of another machine as if it were of this one
    #[arg(long)]
    pub(crate) allow_different_machine: bool,
    /// Accept regressions of the benchmarks that a pattern matches, such as 'upload/*=checksums':
    /// they are shown as accepted, and fail nothing
    ///
    /// .driftline/accepted.toml accepts until a date, and a line `Benchmark-Accept: PATTERN REASON`
    /// of a commit's message what that commit brings.
    #[arg(long, value_name = "PATTERN=REASON")]
    pub(crate) accept: Vec<String>,
}

/// What decides, and what is made of it.
#[derive(Debug, Args)]
pub(crate) struct PolicyArguments {
    #[command(flatten)]
    pub(crate) judging: JudgingArguments,
    /// End with exit code 1 when something regressed; `run --ci` compares without --compare too
    #[arg(long)]
    pub(crate) ci: bool,
    /// How to print the result on standard output
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: ComparisonFormat,
    /// Show what each verdict rests on, or those of the benchmarks that match this pattern, such as
    /// --explain='upload/*'; with text and markdown (json and csv hold all figures anyway)
    #[arg(long, value_name = "PATTERN", num_args = 0..=1, require_equals = true,
          default_missing_value = "*")]
    pub(crate) explain: Option<String>,
}
