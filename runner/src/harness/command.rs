//! Any other harness: a command that writes a file in a known format, or prints it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use super::capture::{self, Captured, Ending, Stdout};
use super::output::LastLines;
use super::process::described;
use super::{Failure, Interrupt, Progress};

/// What stands for the result file in a command line.
const OUTPUT: &str = "{output}";

/// A shell command line that measures.
#[derive(Debug, Clone)]
pub(crate) struct CommandHarness {
    /// The suite's name, for failures.
    pub(crate) name: String,
    /// For `sh -c`, or `cmd /C` on Windows. `{output}` is replaced by the path of the file it is to
    /// write, to which it may add an ending; without `{output}` its standard output is the result.
    pub(crate) line: String,
    /// Where it is started.
    pub(crate) directory: PathBuf,
    /// How long it may take in all; as long as it likes when none.
    pub(crate) timeout: Option<Duration>,
    /// Whether what it prints is shown.
    pub(crate) verbose: bool,
}

/// What a command gave: bytes that its format's parser reads, and what went wrong. Both may be
/// there: a command that fails half way still measured the first half.
#[derive(Debug, Default)]
pub(crate) struct CommandOutcome {
    /// The result file or the standard output, if not empty.
    pub(crate) bytes: Option<Vec<u8>>,
    /// What went wrong.
    pub(crate) failure: Option<Failure>,
    /// Whether it took longer than it may.
    pub(crate) timed_out: bool,
    /// Whether the user interrupted it.
    pub(crate) interrupted: bool,
}

impl CommandHarness {
    /// Runs the command to its end.
    pub(crate) fn run(&self, interrupt: &Interrupt, progress: &dyn Progress) -> CommandOutcome {
        match self.measure(interrupt, progress) {
            Ok(outcome) => outcome,
            Err(error) => CommandOutcome {
                failure: Some(self.failure(format!("could not be run: {error}"), Vec::new())),
                ..CommandOutcome::default()
            },
        }
    }

    fn measure(
        &self,
        interrupt: &Interrupt,
        progress: &dyn Progress,
    ) -> io::Result<CommandOutcome> {
        let folder = tempfile::tempdir()?;
        let to_file = self.line.contains(OUTPUT);
        let path = folder.path().join("output");
        let mut command = shell(&self.line.replace(OUTPUT, &quoted(&path.to_string_lossy())));
        command.current_dir(&self.directory);
        let stdout = if to_file { Stdout::Text } else { Stdout::Data };
        let mut echo = |line: &str| {
            if self.verbose {
                progress.message(line);
            }
        };
        let captured = capture::run(&mut command, stdout, self.timeout, interrupt, &mut echo)?;
        let (bytes, missing) = if to_file {
            match written_file(folder.path())? {
                Some(bytes) => (bytes, "it wrote an empty file to {output}"),
                None => (
                    Vec::new(),
                    "it wrote no file to {output}; pass that path to the tool's option for its result file",
                ),
            }
        } else {
            (
                captured.data.clone(),
                "it printed nothing; write the result to standard output or to {output}",
            )
        };
        let empty = bytes.iter().all(u8::is_ascii_whitespace);
        let reason = match captured.ending {
            Ending::TimedOut => {
                let limit = self.timeout.unwrap_or_default().as_secs_f64();
                Some(format!("took longer than {limit} s and was ended; give it more time"))
            }
            Ending::Exited(status) if !status.success() => Some(format!(
                "{}; run `{}` by hand to see why",
                described(status),
                self.line.escape_debug()
            )),
            Ending::Exited(_) if empty => Some(missing.to_owned()),
            Ending::Exited(_) | Ending::Interrupted => None,
        };
        Ok(CommandOutcome {
            timed_out: captured.ending == Ending::TimedOut,
            interrupted: captured.ending == Ending::Interrupted,
            failure: reason.map(|reason| self.failure(reason, last_output(captured))),
            bytes: (!empty).then_some(bytes),
        })
    }

    fn failure(&self, reason: String, last_output: Vec<String>) -> Failure {
        Failure { target: self.name.clone(), benchmark: None, reason, last_output }
    }
}

/// The last lines for people, or of the data when there are none.
fn last_output(captured: Captured) -> Vec<String> {
    if !captured.last_output.is_empty() {
        return captured.last_output;
    }
    let mut last = LastLines::default();
    String::from_utf8_lossy(&captured.data).lines().for_each(|line| last.push(line));
    last.into_lines()
}

/// The only file in the folder: the command may have added an ending to the name it was given.
fn written_file(folder: &Path) -> io::Result<Option<Vec<u8>>> {
    let exact = folder.join("output");
    if exact.is_file() {
        return fs::read(exact).map(Some);
    }
    let entries: Vec<_> = fs::read_dir(folder)?.collect::<Result<_, _>>()?;
    match entries.as_slice() {
        [only] if only.path().is_file() => fs::read(only.path()).map(Some),
        _ => Ok(None),
    }
}

#[cfg(not(windows))]
fn shell(line: &str) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(line);
    command
}

#[cfg(windows)]
fn shell(line: &str) -> Command {
    use std::os::windows::process::CommandExt as _;
    let mut command = Command::new("cmd");
    // cmd has quoting rules of its own: it takes the line as it is.
    command.raw_arg("/S /C \"").raw_arg(line).raw_arg("\"");
    command
}

/// The command line with more arguments behind it, each as one word.
pub(crate) fn with_arguments(line: &str, arguments: &[String]) -> String {
    let words = arguments.iter().map(|argument| quoted(argument));
    std::iter::once(line.to_owned()).chain(words).collect::<Vec<_>>().join(" ")
}

/// The text as one word for the shell. A path that needs no quotes gets none, so that `{output}`
/// may stand inside quotes too.
fn quoted(text: &str) -> String {
    let plain = |c: char| {
        c.is_ascii_alphanumeric() || "/._-".contains(c) || cfg!(windows) && "\\:~".contains(c)
    };
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else if cfg!(windows) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::harness::testing::Recorder;

    #[test]
    #[cfg(unix)]
    fn arguments_stay_single_words() {
        let arguments = ["-k", "a b", "it's", ""].map(str::to_owned);
        let outcome = harness(&with_arguments("printf '%s|'", &arguments));
        let outcome = outcome.run(&Interrupt::new(), &Recorder::default());
        assert_eq!(outcome.bytes.as_deref(), Some(b"-k|a b|it's||".as_slice()));
    }

    fn harness(line: &str) -> CommandHarness {
        CommandHarness {
            name: "suite".into(),
            line: line.into(),
            directory: std::env::temp_dir(),
            timeout: None,
            verbose: false,
        }
    }

    /// The bytes and why it failed.
    fn run(line: &str) -> (Option<String>, Option<Failure>) {
        let outcome = harness(line).run(&Interrupt::new(), &Recorder::default());
        (outcome.bytes.map(|b| String::from_utf8_lossy(&b).into_owned()), outcome.failure)
    }

    #[test]
    fn a_file_or_the_standard_output_is_the_result() {
        assert_eq!(run("echo noise; printf result > {output}"), (Some("result".into()), None));
        assert_eq!(run("printf result > \"{output}\""), (Some("result".into()), None));
        assert_eq!(run("printf result > {output}.json"), (Some("result".into()), None));
        assert_eq!(run("echo noise >&2; printf result"), (Some("result".into()), None));
    }

    #[test]
    fn what_was_written_before_a_failure_is_kept() {
        let (bytes, failure) = run("printf half > {output}; echo oops >&2; exit 7");
        assert_eq!(bytes.as_deref(), Some("half"));
        let failure = failure.unwrap();
        assert_eq!(
            failure.to_string(),
            "suite: ended with exit status 7; run `printf half > {output}; echo oops >&2; exit 7` \
             by hand to see why\n    oops"
        );
    }

    #[test]
    fn nothing_written_is_a_failure() {
        for (line, reason) in [
            ("echo seen", None),
            ("true {output}; echo seen", Some("it wrote no file to {output}")),
            (": > {output}; echo seen", Some("it wrote an empty file")),
            ("echo seen >&2", Some("it printed nothing")),
            ("kill -SEGV $$", Some("crashed (signal 11")),
            ("no-such-program-here {output}", Some("ended with exit status 127")),
        ] {
            let (bytes, failure) = run(line);
            match (reason, failure) {
                (None, None) => assert!(bytes.is_some()),
                (Some(reason), Some(failure)) => {
                    assert!(failure.reason.starts_with(reason), "{line}: {}", failure.reason);
                    assert_eq!(bytes, None, "{line}");
                }
                (_, failure) => assert_eq!(failure, None, "{line}"),
            }
        }
    }

    #[test]
    fn time_limit_interrupt_and_a_missing_folder() {
        let mut slow = harness("printf half > {output}; sleep 600");
        slow.timeout = Some(Duration::from_millis(200));
        let outcome = slow.run(&Interrupt::new(), &Recorder::default());
        assert_eq!(outcome.bytes.as_deref(), Some(&b"half"[..]));
        assert!(outcome.failure.unwrap().reason.starts_with("took longer than 0.2 s"));

        let interrupt = Interrupt::new();
        interrupt.set();
        let outcome = harness("sleep 600").run(&interrupt, &Recorder::default());
        assert!(outcome.interrupted && outcome.failure.is_none());

        let mut lost = harness("true");
        lost.directory = "/no/such/folder".into();
        let outcome = lost.run(&Interrupt::new(), &Recorder::default());
        assert!(outcome.failure.unwrap().reason.starts_with("could not be run"));
    }

    #[test]
    fn paths_are_quoted_when_they_must() {
        assert_eq!(quoted("/tmp/.tmpAb-1/output"), "/tmp/.tmpAb-1/output");
        assert_eq!(quoted("/a b/it's"), r"'/a b/it'\''s'");
    }
}
