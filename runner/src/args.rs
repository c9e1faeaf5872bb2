//! The command line: definitions only.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use driftline_core::compare::{CommonMode, Confidence, FalseDiscoveryRate, Threshold};

/// Tells whether code got slower, since which commit, how sure it is, and why.
#[derive(Debug, Parser)]
#[command(name = "driftline", version, propagate_version = true, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    #[command(flatten)]
    pub(crate) global: Global,
    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes: 0 nothing regressed; 1 a regression (with --ci); 2 usage; 3 unreadable input or data; \
4 nothing was measured or compared; 5 a benchmark failed to build or run; 130 interrupted.";

/// What every command takes.
#[derive(Debug, Args)]
pub(crate) struct Global {
    /// Work as if started in this directory
    #[arg(short = 'C', long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub(crate) directory: Option<PathBuf>,
    /// Read this configuration instead of the driftline.toml of the repository
    #[arg(long, value_name = "FILE", global = true, help_heading = "Everywhere")]
    pub(crate) config: Option<PathBuf>,
    /// Keep history and baselines here [default: .driftline at the repository's root]
    #[arg(long, value_name = "DIR", global = true, help_heading = "Everywhere")]
    pub(crate) store: Option<PathBuf>,
    /// When to colour the output
    #[arg(
        long,
        value_name = "WHEN",
        default_value = "auto",
        global = true,
        help_heading = "Everywhere"
    )]
    pub(crate) color: Color,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set; `CLICOLOR_FORCE` forces it
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the benchmarks and record the run in the history
    Run(Box<RunArguments>),
    /// Compare two runs, baselines, commits or files
    Compare(CompareArguments),
    /// Show each benchmark's series over the recorded runs
    History(HistoryArguments),
    /// Replay the rule over the history: false alarms, what it can find, and which thresholds suit
    ///
    /// Ends with exit code 4 where the history holds fewer than six runs made like the newest.
    Calibrate(CalibrateArguments),
    /// Tell at which run, and by which commits, each series shifted
    Changes(ChangesArguments),
    /// Save, list, show, remove or document baselines
    #[command(subcommand)]
    Baseline(BaselineCommand),
    /// Read other tools' outputs, or runs of another history, into the history
    Import(ImportArguments),
    /// Write the page with this history as one HTML file, which opens without network and server
    Report(ReportArguments),
    /// Show this history in the browser, and follow it: the page is served on this machine alone
    View(ViewArguments),
    /// Find what makes this machine's figures noisy, and how to mend it
    ///
    /// Takes about 6 seconds, with --quick one. Ends with exit code 0 whatever it finds, and with 5
    /// when the machine could not be measured.
    Doctor(DoctorArguments),
    /// List the formats that can be read: harness outputs and other tools' files
    Formats {
        /// Only this one
        format: Option<String>,
    },
    /// Print the JSON Schemas of the machine-readable formats
    Schema {
        /// Only this one
        #[arg(value_enum)]
        format: Option<SchemaName>,
    },
    /// Print a completion script for a shell
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
    /// Print the manual page (roff)
    Man {
        /// Of this command, such as `run`
        command: Option<String>,
    },
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    /// A table for people
    Text,
    /// As `driftline schema` describes
    Json,
    /// For a pull request or a wiki
    Markdown,
    /// For a spreadsheet
    Csv,
}

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

/// What decides, and what is made of it.
#[derive(Debug, Args)]
pub(crate) struct PolicyArguments {
    #[command(flatten)]
    pub(crate) rule: RuleArguments,
    /// Judge against a baseline of another machine as if it were of this one
    #[arg(long)]
    pub(crate) allow_different_machine: bool,
    /// End with exit code 1 when something regressed; `run --ci` compares without --compare too
    #[arg(long)]
    pub(crate) ci: bool,
    /// How to print the result on standard output
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Format,
    /// Show what each verdict rests on, or those of the benchmarks that match this pattern, such as
    /// --explain='upload/*'; with text and markdown (json and csv hold all figures anyway)
    #[arg(long, value_name = "PATTERN", num_args = 0..=1, require_equals = true,
          default_missing_value = "*")]
    pub(crate) explain: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct RunArguments {
    /// Only benchmarks whose name this regular expression matches
    #[arg(long, value_name = "REGEX")]
    pub(crate) filter: Option<String>,
    /// Compare with a baseline: this one (or `history`), else the history as soon as it holds five
    /// runs made like this one, and until then `main`
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "")]
    pub(crate) compare: Option<String>,
    /// Save the run as a baseline [default name: main]
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "main")]
    pub(crate) save_baseline: Option<String>,
    /// Save the run as a baseline if there is none of that name [default name: main]
    #[arg(long, value_name = "NAME", num_args = 0..=1, default_missing_value = "main",
          conflicts_with = "save_baseline")]
    pub(crate) init_baseline: Option<String>,
    /// Show the history of what was run
    #[arg(long)]
    pub(crate) history: bool,
    /// Measure briefly and in one round, for a first look
    #[arg(long)]
    pub(crate) quick: bool,
    /// Do not record the run in the history
    #[arg(long)]
    pub(crate) no_record: bool,
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
    #[command(flatten)]
    pub(crate) effort: EffortArguments,
    #[command(flatten)]
    pub(crate) harness: HarnessArguments,
    /// How many runs the history keeps [default: 100]
    #[arg(long, value_name = "N", help_heading = "History")]
    pub(crate) keep: Option<usize>,
    /// In how many of the newest runs raw samples are kept [default: 20]
    #[arg(long, value_name = "N", help_heading = "History")]
    pub(crate) samples: Option<usize>,
    /// Passed on to the benchmarks
    #[arg(last = true, value_name = "ARGS")]
    pub(crate) arguments: Vec<String>,
}

/// How often everything is measured.
#[derive(Debug, Args)]
#[command(next_help_heading = "Rounds")]
pub(crate) struct EffortArguments {
    /// Measure in so many rounds [default: 3; with --quick 1]
    ///
    /// Each round runs all benchmarks once, each in a process of its own and in a shuffled order; a
    /// command is run once a round. The rounds of criterion's benchmarks share the time of one long
    /// run: of three rounds each has a third of the warm-up time, the measurement time and the
    /// sample size, which are criterion's defaults (3 s, 5 s, 100) unless the suite in
    /// driftline.toml says otherwise. What a benchmark group sets itself holds for each round, and
    /// so do --warm-up-time, --measurement-time and --sample-size after `--`. One round alone, with
    /// nothing said about times, leaves them all to the project.
    #[arg(long, value_name = "N")]
    pub(crate) rounds: Option<u32>,
    /// Measure what looks changed or is inconclusive again before it is called so, in up to N more
    /// rounds; 0: do not [default: 2]
    ///
    /// With --compare or --ci. A command is run again as a whole; only the benchmarks in doubt are
    /// taken from it.
    #[arg(long, value_name = "N")]
    pub(crate) confirm: Option<u32>,
    /// Begin no further round that would probably end later than this after the start: 90s, 10m, 1h30m
    ///
    /// The first round is measured in any case.
    #[arg(long, value_name = "TIME", value_parser = crate::measure::duration)]
    pub(crate) max_time: Option<Duration>,
    /// Repeat the order of an earlier run, by its `settings.order_seed` [default: a new order]
    #[arg(long, value_name = "SEED")]
    pub(crate) order_seed: Option<u32>,
    /// Measure programs too that are the same as the ones the baseline was measured with
    ///
    /// With --compare or --ci they are left out: the same program is the same code.
    #[arg(long)]
    pub(crate) force: bool,
}

/// What is executed, and how.
#[derive(Debug, Args)]
#[command(next_help_heading = "What to run")]
pub(crate) struct HarnessArguments {
    /// Only this suite of driftline.toml
    #[arg(long, value_name = "NAME")]
    pub(crate) suite: Vec<String>,
    /// Only benches of this package
    #[arg(short, long, value_name = "SPEC")]
    pub(crate) package: Vec<String>,
    /// Only this bench target
    #[arg(long, value_name = "NAME")]
    pub(crate) bench: Vec<String>,
    /// Build with these features
    #[arg(short = 'F', long, value_name = "FEATURES")]
    pub(crate) features: Vec<String>,
    /// Build with all features
    #[arg(long)]
    pub(crate) all_features: bool,
    /// Build without the default features
    #[arg(long)]
    pub(crate) no_default_features: bool,
    /// Run this command instead; it writes its results to `{output}`, or to standard output
    #[arg(long, value_name = "COMMAND", requires = "input_format", conflicts_with_all =
          ["suite", "package", "bench", "features", "all_features", "no_default_features"])]
    pub(crate) command: Option<String>,
    /// The format that the command writes
    #[arg(long, value_name = "FORMAT", requires = "command")]
    pub(crate) input_format: Option<String>,
    /// Give a benchmark up when it shows no sign of life for so long (a command: when it takes
    /// longer; without this option a command has no limit) [default: 600]
    #[arg(long, value_name = "SECONDS")]
    pub(crate) timeout: Option<u64>,
    /// Show what the benchmarks print
    #[arg(short, long)]
    pub(crate) verbose: bool,
}

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The reference: a baseline, a run, a commit, `history`, or a file or criterion directory
    /// [default: the history as soon as it holds five runs made like the candidate, else `main`]
    pub(crate) baseline: Option<String>,
    /// What is judged: the same kinds [default: the run recorded last]
    pub(crate) candidate: Option<String>,
    /// The format of the files, instead of the one their content shows
    #[arg(long, value_name = "FORMAT")]
    pub(crate) input_format: Option<String>,
    #[command(flatten)]
    pub(crate) policy: PolicyArguments,
}

#[derive(Debug, Args)]
pub(crate) struct CalibrateArguments {
    /// Judge each run by up to so many before it [default: the window of the history, 10]
    #[arg(long, value_name = "N", value_parser = clap::builder::RangedU64ValueParser::<usize>::new().range(1..=10_000))]
    pub(crate) window: Option<usize>,
    /// Show only benchmarks that match this pattern: `*` stands for any characters, `?` for one
    #[arg(long, value_name = "PATTERN")]
    pub(crate) benchmark: Option<String>,
    #[command(flatten)]
    pub(crate) rule: RuleArguments,
    /// How to print the result on standard output
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct ChangesArguments {
    /// Only changes after this run, commit, revision or baseline
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Only benchmarks that match this pattern: `*` stands for any characters, `?` for one
    #[arg(long, value_name = "PATTERN")]
    pub(crate) benchmark: Option<String>,
    /// Without those that are only probable so far
    #[arg(long)]
    pub(crate) settled: bool,
    /// Without those that driftline.toml acknowledges
    #[arg(long)]
    pub(crate) hide_acknowledged: bool,
    /// How to print them
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: Format,
}

#[derive(Debug, Args)]
pub(crate) struct HistoryArguments {
    /// Only benchmarks that match this pattern: `*` stands for any characters, `?` for one; a single
    /// one is drawn with its change points
    pub(crate) benchmark: Option<String>,
    /// How to print it
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: HistoryFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HistoryFormat {
    /// A table for people
    Text,
    /// The columns that `import --format csv` reads
    Csv,
}

#[derive(Debug, Subcommand)]
pub(crate) enum BaselineCommand {
    /// Save a recorded run as a baseline
    Save {
        /// The baseline's name
        #[arg(default_value = "main")]
        name: String,
        /// The run, or its commit [default: the run recorded last]
        #[arg(long, value_name = "RUN")]
        run: Option<String>,
    },
    /// List the baselines
    List,
    /// Show a baseline's measurements
    Show {
        /// The baseline's name
        #[arg(default_value = "main")]
        name: String,
        /// How to print it
        #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
        format: Format,
    },
    /// Remove a baseline
    Remove {
        /// The baseline's name
        name: String,
    },
    /// Write BASELINES.md anew: the baselines' numbers for people
    Document,
}

#[derive(Debug, Args)]
pub(crate) struct ImportArguments {
    /// Files, or directories of criterion, asv, gungraun, tango or pytest-benchmark
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Their format, instead of the one their content shows
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ReportArguments {
    /// The file to write
    #[arg(long, value_name = "FILE", required = true)]
    pub(crate) html: PathBuf,
    #[command(flatten)]
    pub(crate) rule: RuleArguments,
    /// Use the page in this folder instead of the one in this program
    #[arg(long, value_name = "DIR")]
    pub(crate) page: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct ViewArguments {
    /// Listen on this port [default: a free one]
    #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
    pub(crate) port: u16,
    /// Do not open a browser
    #[arg(long)]
    pub(crate) no_open: bool,
    #[command(flatten)]
    pub(crate) rule: RuleArguments,
    /// Use the page in this folder instead of the one in this program
    #[arg(long, value_name = "DIR")]
    pub(crate) page: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DoctorArguments {
    /// How to print it
    #[arg(long, value_enum, default_value = "text", value_name = "FORMAT")]
    pub(crate) format: DoctorFormat,
    /// Look and measure briefly
    #[arg(long)]
    pub(crate) quick: bool,
    /// Be one of the launches that are measured: work for so many milliseconds
    #[arg(long, value_name = "MILLISECONDS", hide = true)]
    pub(crate) launch: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum DoctorFormat {
    /// A list for people
    Text,
    /// As `driftline schema doctor` describes
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SchemaName {
    /// What `compare --format json` prints
    Comparison,
    /// A line of history.jsonl, and what `run --format json` prints
    Run,
    /// A file in baselines/
    Baseline,
    /// What `doctor --format json` prints
    Doctor,
    /// What `calibrate --format json` prints
    Calibration,
    /// What `changes --format json` prints
    Changes,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn definitions_hold_together() {
        super::Arguments::command().debug_assert();
    }
}
