//! The command line: definitions only.

mod ci;
mod policy;
mod run;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use ci::{CiArguments, InitArguments, PlatformName, ReportsArguments};
pub(crate) use policy::{ComparisonFormat, JudgingArguments, PolicyArguments, RuleArguments};
pub(crate) use run::RunArguments;

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
Exit codes: 0 nothing regressed; 1 a regression that was not accepted (with --ci, or `ci`); 2 usage; \
3 unreadable input or data; 4 nothing was measured or compared; 5 a benchmark failed to build or run; \
6 inconclusive (`ci --fail-on inconclusive`); 130 interrupted.";

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
    /// Judge the newest run, and write what this CI system shows: summary, comment, annotations, JUnit
    ///
    /// Needs no token and posts nothing. The reports are written whatever it ends with: 0, 1 for a
    /// regression that was not accepted, 4 where nothing was compared, and 6 for an inconclusive
    /// result where --fail-on says so.
    Ci(Box<CiArguments>),
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
    /// Write the history, or the runs of other files, for other programs
    ///
    /// `docs/export.md` describes the columns. csv and json lose nothing: `driftline import` reads
    /// them back. Ends with exit code 4 where there is nothing to write.
    Export(ExportArguments),
    /// Write the page with this history as one HTML file, which opens without network and server
    Report(ReportArguments),
    /// Show this history in the browser, and follow it: the page is served on this machine alone
    View(ViewArguments),
    /// Write driftline.toml and a workflow for this repository, after looking what it measures with
    ///
    /// Ends with exit code 4 where nothing is found that can be run as it is. What is there already
    /// stays as it is.
    Init(InitArguments),
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

#[derive(Debug, Args)]
pub(crate) struct CompareArguments {
    /// The reference: a baseline, a run, a commit, `history`, a file or criterion directory, or `-` for
    /// standard input
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
    /// Files, or directories of criterion, asv, gungraun, tango or pytest-benchmark; `-` is standard
    /// input
    #[arg(required = true)]
    pub(crate) files: Vec<PathBuf>,
    /// Their format, instead of the one their content shows
    #[arg(long, value_name = "FORMAT")]
    pub(crate) format: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct ExportArguments {
    /// Files of any known format or directories of harnesses, instead of the history; `-` is standard
    /// input
    pub(crate) files: Vec<PathBuf>,
    /// What to write
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub(crate) format: ExportFormat,
    /// Only benchmarks that match this pattern: `*` stands for any characters, `?` for one
    #[arg(long, value_name = "PATTERN")]
    pub(crate) benchmark: Option<String>,
    /// Only runs after this run, commit, revision or baseline, or from this date on (2026-11-23)
    #[arg(long, value_name = "REV")]
    pub(crate) since: Option<String>,
    /// Write to this file instead of standard output
    #[arg(short, long, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
    /// The format of the files, instead of the one their content shows
    #[arg(long, value_name = "FORMAT", requires = "files")]
    pub(crate) input_format: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum ExportFormat {
    /// One row a value, with all that is known
    Csv,
    /// One run a line, as `driftline schema run` describes it
    Json,
    /// A table of the series, or of a single run's measurements
    Markdown,
    /// A test suite a run, a test case a benchmark
    Junit,
    /// Series with timestamps, for Prometheus and what is like it
    Openmetrics,
    /// A row a run and a column a metric, for Apache Otava
    OtavaCsv,
    /// The rows of csv by columns, for `DuckDB`, `DataFusion`, Spark or pandas
    Parquet,
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
    /// What a program of your own may write: `driftline-values/1`
    Values,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    #[test]
    fn definitions_hold_together() {
        super::Arguments::command().debug_assert();
    }
}
