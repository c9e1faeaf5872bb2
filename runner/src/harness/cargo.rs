//! Builds a project's bench targets with cargo, as `cargo bench` would.

mod environment;
mod failures;
mod messages;

use std::env;
use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::capture::{self, Captured, Ending, Stdout};
use super::process::described;
use super::{Failure, Interrupt};
use environment::Environment;
use failures::Failures;
use messages::Artifacts;

/// Makes cargo build what it can when a target fails.
const KEEP_GOING: &str = "--keep-going";

/// What to build, in cargo's own terms.
#[derive(Debug, Clone, Default)]
pub(crate) struct BuildOptions {
    /// The suite's name, for failures.
    pub(crate) name: String,
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
}

/// What a build gave.
#[derive(Debug)]
pub(crate) struct Built {
    /// What was built.
    pub(crate) targets: Vec<BenchTarget>,
    /// What was not, if cargo failed.
    pub(crate) failures: Vec<Failure>,
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

/// Builds the bench targets, cargo's own messages going to standard error, and returns those that
/// are of kind `bench`: not the unit tests of libraries and programs that `cargo bench` builds too.
/// A target that does not build costs no other.
///
/// # Errors
/// When cargo cannot be started, there is no bench target, or the user interrupts.
pub(crate) fn build(options: &BuildOptions, interrupt: &Interrupt) -> Result<Built, BuildError> {
    let program = PathBuf::from(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    build_with(&program, options, interrupt)
}

fn build_with(
    program: &Path,
    options: &BuildOptions,
    interrupt: &Interrupt,
) -> Result<Built, BuildError> {
    let mut failures = Failures::default();
    let mut captured = run(program, options, true, interrupt, &mut failures);
    // Before 1.74 cargo does not know this option, or says that it is not stable.
    let refused = |captured: &Captured| {
        captured.data.is_empty() && captured.last_output.iter().any(|l| l.contains(KEEP_GOING))
    };
    if captured.as_ref().is_ok_and(refused) {
        failures = Failures::default();
        captured = run(program, options, false, interrupt, &mut failures);
    }
    let captured =
        captured.map_err(|source| BuildError::Start { program: program.to_owned(), source })?;
    let failures = match captured.ending {
        Ending::Exited(status) if status.success() => Vec::new(),
        Ending::Exited(status) => {
            failures.of_suite(&options.name, &described(status), captured.last_output)
        }
        Ending::Interrupted | Ending::TimedOut => return Err(BuildError::Interrupted),
    };
    let artifacts = Artifacts::read(&captured.data);
    if artifacts.benches.is_empty() {
        if failures.is_empty() {
            return Err(BuildError::NoBenchTarget { directory: options.directory.clone() });
        }
        return Ok(Built { targets: Vec::new(), failures });
    }
    let environment = Environment::find(program, &options.directory, interrupt);
    Ok(Built { targets: targets(&artifacts, &environment), failures })
}

fn run(
    program: &Path,
    options: &BuildOptions,
    keep_going: bool,
    interrupt: &Interrupt,
    failures: &mut Failures,
) -> io::Result<Captured> {
    let mut command = Command::new(program);
    command.current_dir(&options.directory).args(arguments(options));
    if keep_going {
        command.arg(KEEP_GOING);
    }
    // Cargo sees a pipe; whether colours are shown is decided where its lines are printed.
    if env::var_os("CARGO_TERM_COLOR").is_none() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    let mut show = |line: &str| {
        failures.read(line);
        let _ = writeln!(anstream::stderr(), "{line}");
    };
    capture::run(&mut command, Stdout::Data, None, interrupt, &mut show)
}

/// `cargo bench --no-run` in the terms of `cargo build`: the same programs in the same place. Only
/// `cargo build` goes on with the other targets when one fails.
fn arguments(options: &BuildOptions) -> Vec<String> {
    let mut arguments = vec![
        "build".to_owned(),
        "--profile=bench".to_owned(),
        "--message-format=json-render-diagnostics".to_owned(),
    ];
    if options.benches.is_empty() {
        arguments.push("--benches".to_owned());
    }
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
        let mut options = BuildOptions {
            packages: vec!["a".into()],
            benches: vec!["x".into(), "y".into()],
            features: vec!["f,g".into()],
            no_default_features: true,
            ..BuildOptions::default()
        };
        let beginning = "build --profile=bench --message-format=json-render-diagnostics";
        let expected =
            "--package=a --bench=x --bench=y --features=f,g --no-default-features".to_owned();
        assert_eq!(super::arguments(&options).join(" "), format!("{beginning} {expected}"));
        options = BuildOptions { all_features: true, ..BuildOptions::default() };
        let expected = format!("{beginning} --benches --all-features");
        assert_eq!(super::arguments(&options).join(" "), expected);
    }

    #[test]
    fn packages_have_names_in_their_ids() {
        assert_eq!(package_of("path+file:///w/folder#name@0.1.0"), "name");
        assert_eq!(package_of("path+file:///w/name#0.1.0"), "name");
    }

    /// A package of one library and these bench targets, each with a `main` of its own.
    fn package(library: &str, benches: &[(&str, &str)]) -> (tempfile::TempDir, BuildOptions) {
        let directory = tempfile::tempdir().unwrap();
        let write =
            |name: &str, text: &str| std::fs::write(directory.path().join(name), text).unwrap();
        let mut manifest =
            "[package]\nname='bare'\nedition='2024'\n[lib]\npath='lib.rs'\n[workspace]\n"
                .to_owned();
        for (name, text) in benches {
            write(&format!("{name}.rs"), text);
            manifest += &format!("[[bench]]\nname='{name}'\npath='{name}.rs'\nharness=false\n");
        }
        write("Cargo.toml", &manifest);
        write("lib.rs", library);
        let options = BuildOptions {
            name: "suite".into(),
            directory: directory.path().into(),
            ..BuildOptions::default()
        };
        (directory, options)
    }

    #[test]
    fn a_directory_without_a_package_is_a_failed_build() {
        let directory = tempfile::tempdir().unwrap();
        let options = BuildOptions { directory: directory.path().into(), ..Default::default() };
        let built = build(&options, &Interrupt::new()).unwrap();
        assert!(built.targets.is_empty());
        let text = built.failures[0].to_string();
        assert!(text.contains("could not find `Cargo.toml`"), "{text}");
    }

    #[test]
    fn a_package_without_benches_is_told() {
        let (_directory, options) = package("", &[]);
        let error = build(&options, &Interrupt::new()).unwrap_err();
        assert!(matches!(error, BuildError::NoBenchTarget { .. }), "{error}");
        let (_directory, options) = package("fn broken(", &[]);
        let built = build(&options, &Interrupt::new()).unwrap();
        let [failure] = built.failures.as_slice() else { unreachable!("{built:#?}") };
        let text = failure.to_string();
        assert!(failure.target == "suite" && text.contains("could not compile `bare`"), "{text}");
    }

    const BENCHES: [(&str, &str); 4] =
        [("a", "fn a("), ("b", "fn main() {}"), ("c", "fn main() { c }"), ("d", "fn main() {}")];

    #[test]
    fn what_does_not_build_costs_no_other_target() {
        let (_directory, options) = package("", &BENCHES);
        let built = build(&options, &Interrupt::new()).unwrap();
        let names: Vec<&str> = built.targets.iter().map(|t| t.qualified_name.as_str()).collect();
        assert_eq!(names, ["bare/b", "bare/d"]);
        let mut failed: Vec<&str> = built.failures.iter().map(Failure::name).collect();
        failed.sort_unstable();
        assert_eq!(failed, ["a", "c"], "{built:#?}");
    }

    #[test]
    #[cfg(unix)]
    fn an_old_cargo_is_asked_for_less() {
        let (directory, options) = package("", &BENCHES[1..2]);
        let script = directory.path().join("cargo.sh");
        let text = "#!/bin/sh\ncase \"$*\" in *--keep-going*)\n\
                    echo \"error: unexpected argument '--keep-going' found\" >&2; exit 1;;\n\
                    esac\nexec \"${CARGO:-cargo}\" \"$@\"\n";
        // Written by another process: what this one has open for writing, a test beside this one may
        // hand to its child, and then it cannot be started.
        let write = "printf %s \"$1\" >\"$0\" && chmod +x \"$0\"";
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(write).arg(&script).arg(text);
        assert!(shell.status().unwrap().success());
        let built = build_with(&script, &options, &Interrupt::new()).unwrap();
        assert!(built.targets.len() == 1 && built.failures.is_empty(), "{built:#?}");
    }
}
