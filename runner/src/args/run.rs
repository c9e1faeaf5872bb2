use std::time::Duration;

use clap::Args;

use super::PolicyArguments;

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
