//! Builds a project's bench targets with cargo, as `cargo bench` would.

mod environment;
mod messages;

use std::env;
use std::ffi::OsString;
use std::fmt;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::Interrupt;
use super::capture::{self, Ending, Stdout};
use super::process::described;
use environment::Environment;
use messages::Artifacts;

/// What to build, in cargo's own terms.
#[derive(Debug, Clone, Default)]
pub(crate) struct BuildOptions {
    /// Where cargo is started.
    pub(crate) directory: PathBuf,
    /// `--package`; cargo's default members when empty.
    pub(crate) packages: Vec<String>,
    /// `--bench`; all bench targets when empty.
    pub(crate) benches: Vec<String>,
    /// `--features`.
    pub(crate) features: Vec<String>,
    /// `--all-features`.
    pub(crate) all_features: bool,
    /// `--no-default-features`.
    pub(crate) no_default_features: bool,
    /// Anything else for `cargo bench`, such as `--workspace`, `--locked` or `--profile`.
    pub(crate) arguments: Vec<String>,
}

/// A built bench target, and all that is needed to start it as cargo does.
#[derive(Debug, Clone)]
pub(crate) struct BenchTarget {
    /// Its name; with its package (`package/name`) where two packages share the name.
    pub(crate) name: String,
    /// `package/name`, which no other target of its workspace has.
    pub(crate) qualified_name: String,
    /// The program.
    pub(crate) executable: PathBuf,
    /// Its package's root: the working directory of `cargo bench`.
    pub(crate) directory: PathBuf,
    /// Variables that cargo sets for it.
    pub(crate) environment: Vec<(OsString, OsString)>,
}

impl BenchTarget {
    /// The command that starts it, without arguments.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(&self.executable);
        command.current_dir(&self.directory);
        command.envs(self.environment.iter().map(|(name, value)| (name, value)));
        command
    }
}

/// Why there is nothing to run.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum BuildError {
    /// Cargo could not be started.
    #[error(
        "start {program:?}: {source}; install Rust (https://rustup.rs) or put cargo on the PATH"
    )]
    Start {
        /// The program.
        program: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// Cargo ended with an error.
    #[error("build the benchmarks in {directory:?}: cargo bench {status}; correct what it reports and run again{}", Lines(.last_output))]
    Failed {
        /// Where it was started.
        directory: PathBuf,
        /// How cargo ended.
        status: String,
        /// Its last lines.
        last_output: Vec<String>,
    },
    /// The build succeeded, without a bench target.
    #[error(
        "find a bench target in {directory:?}: add benches/NAME.rs with criterion and, to Cargo.toml, [[bench]] name = \"NAME\" harness = false; or choose another package or directory"
    )]
    NoBenchTarget {
        /// Where cargo was started.
        directory: PathBuf,
    },
    /// The user interrupted it.
    #[error("build the benchmarks: interrupted")]
    Interrupted,
}

struct Lines<'a>(&'a [String]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|line| write!(f, "\n    {line}"))
    }
}

/// Builds the bench targets, cargo's own messages going to standard error, and returns those that
/// are of kind `bench`: not the unit tests of libraries and programs that `cargo bench` builds too.
///
/// # Errors
/// When cargo cannot be started or fails, there is no bench target, or the user interrupts.
pub(crate) fn build(
    options: &BuildOptions,
    interrupt: &Interrupt,
) -> Result<Vec<BenchTarget>, BuildError> {
    let program = PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    let mut command = Command::new(&program);
    command.current_dir(&options.directory).args(arguments(options));
    // Cargo sees a pipe; whether colours are shown is decided where its lines are printed.
    if env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut show = |line: &str| {
        let _ = writeln!(anstream::stderr(), "{line}");
    };
    let captured = capture::run(&mut command, Stdout::Data, None, interrupt, &mut show)
        .map_err(|source| BuildError::Start { program: program.clone(), source })?;
    match captured.ending {
        Ending::Exited(status) if status.success() => {}
        Ending::Exited(status) => {
            return Err(BuildError::Failed {
                directory: options.directory.clone(),
                status: described(status),
                last_output: captured.last_output,
            });
        }
        Ending::Interrupted | Ending::TimedOut => return Err(BuildError::Interrupted),
    }
    let artifacts = Artifacts::read(&captured.data);
    if artifacts.benches.is_empty() {
        return Err(BuildError::NoBenchTarget { directory: options.directory.clone() });
    }
    let environment = Environment::find(&program, &options.directory, interrupt);
    Ok(targets(&artifacts, &environment))
}

fn arguments(options: &BuildOptions) -> Vec<String> {
    let mut arguments = vec![
        "bench".to_owned(),
        "--no-run".to_owned(),
        "--message-format=json-render-diagnostics".to_owned(),
    ];
    for (flag, values) in [
        ("--package", &options.packages),
        ("--bench", &options.benches),
        ("--features", &options.features),
    ] {
        arguments.extend(values.iter().map(|value| format!("{flag}={value}")));
    }
    if options.all_features {
        arguments.push("--all-features".to_owned());
    }
    if options.no_default_features {
        arguments.push("--no-default-features".to_owned());
    }
    arguments.extend(options.arguments.iter().cloned());
    arguments
}

fn targets(artifacts: &Artifacts, environment: &Environment) -> Vec<BenchTarget> {
    let shared =
        |name: &str| artifacts.benches.iter().filter(|b| b.target.name == name).count() > 1;
    artifacts
        .benches
        .iter()
        .map(|bench| {
            let target = &bench.target.name;
            let package = environment
                .package_name(&bench.package_id)
                .unwrap_or_else(|| package_of(&bench.package_id));
            let qualified_name = format!("{package}/{target}");
            let name = if shared(target) { &qualified_name } else { target };
            let directory = bench.manifest_path.parent().unwrap_or(Path::new(".")).to_owned();
            BenchTarget {
                name: name.clone(),
                qualified_name,
                executable: bench.executable.clone(),
                environment: environment.of(bench, &artifacts.linked_paths),
                directory,
            }
        })
        .collect()
}

/// The package's name in cargo's id of it: `path+file:///folder#name@1.0.0`, where the name is left
/// out if the folder has it too.
fn package_of(id: &str) -> &str {
    let (url, fragment) = id.rsplit_once('#').unwrap_or((id, ""));
    match fragment.split_once('@') {
        Some((name, _)) => name,
        None => url.rsplit('/').next().unwrap_or(url),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_become_arguments() {
        let options = BuildOptions {
            packages: vec!["a".into()],
            benches: vec!["x".into(), "y".into()],
            features: vec!["f,g".into()],
            no_default_features: true,
            arguments: vec!["--locked".into()],
            ..BuildOptions::default()
        };
        let expected = "bench --no-run --message-format=json-render-diagnostics --package=a \
                        --bench=x --bench=y --features=f,g --no-default-features --locked";
        assert_eq!(super::arguments(&options).join(" "), expected);
    }

    #[test]
    fn packages_have_names_in_their_ids() {
        assert_eq!(package_of("path+file:///w/folder#name@0.1.0"), "name");
        assert_eq!(package_of("path+file:///w/name#0.1.0"), "name");
    }

    #[test]
    fn errors_say_what_to_do() {
        let error = BuildError::Failed {
            directory: "/x".into(),
            status: "ended with exit status 101".into(),
            last_output: vec!["error: could not compile `x`".into()],
        };
        assert_eq!(
            error.to_string(),
            "build the benchmarks in \"/x\": cargo bench ended with exit status 101; correct what it \
             reports and run again\n    error: could not compile `x`"
        );
    }

    #[test]
    fn a_directory_without_a_package_is_a_failed_build() {
        let directory = tempfile::tempdir().unwrap();
        let options = BuildOptions { directory: directory.path().into(), ..Default::default() };
        let error = build(&options, &Interrupt::new()).unwrap_err();
        assert!(error.to_string().contains("could not find `Cargo.toml`"), "{error}");
    }

    #[test]
    fn a_package_without_benches_is_told() {
        let directory = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
        write(
            "Cargo.toml",
            "[package]\nname='bare'\nedition='2024'\n[lib]\npath='lib.rs'\n[workspace]\n",
        );
        write("lib.rs", "");
        let options = BuildOptions { directory: directory.path().into(), ..Default::default() };
        let error = build(&options, &Interrupt::new()).unwrap_err();
        assert!(matches!(error, BuildError::NoBenchTarget { .. }), "{error}");
        write("lib.rs", "fn broken(");
        let error = build(&options, &Interrupt::new()).unwrap_err().to_string();
        assert!(error.contains("could not compile `bare`"), "{error}");
    }
}
