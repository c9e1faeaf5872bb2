//! A project in a temporary directory, and the program run in it.
#![allow(
    dead_code,
    clippy::unwrap_used,
    reason = "a part of it for each test file; tests may panic"
)]

use std::path::{Path, PathBuf};
use std::process::Command;

/// What the program did.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Done {
    /// Fails unless it ended with this exit code and said each of these on standard error.
    #[track_caller]
    pub(crate) fn expect(self, code: i32, said: &[&str]) -> Self {
        assert_eq!(self.code, code, "exit code; {self:#?}");
        for text in said {
            assert!(self.stderr.contains(text), "{text:?} is not in {:#?}", self.stderr);
        }
        self
    }
}

/// A directory that is a project of its own.
#[derive(Debug)]
pub(crate) struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        // The root is here, whatever lies above the temporary directory.
        std::fs::write(directory.path().join("driftline.toml"), "").unwrap();
        Self { directory }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: impl AsRef<[u8]>) -> &Self {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
        self
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Runs driftline here, in an environment without terminal and CI.
    pub(crate) fn driftline(&self, arguments: &[&str]) -> Done {
        self.driftline_in(self.directory.path(), arguments)
    }

    pub(crate) fn driftline_in(&self, directory: &Path, arguments: &[&str]) -> Done {
        let output = Self::command(directory, arguments).output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            stdout: self.shown(&output.stdout),
            stderr: self.shown(&output.stderr),
        }
    }

    pub(crate) fn command(directory: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_driftline"));
        command.current_dir(directory).args(arguments).env("NO_COLOR", "1");
        for name in [
            "CI",
            "GITHUB_ACTIONS",
            "GITHUB_OUTPUT",
            "GITHUB_STEP_SUMMARY",
            "GITHUB_WORKFLOW",
            "GITLAB_CI",
            "CI_JOB_NAME",
            "BUILDKITE",
            "BUILDKITE_PIPELINE_SLUG",
            "JENKINS_URL",
            "JOB_NAME",
        ] {
            command.env_remove(name);
        }
        command
    }

    /// As [`Self::driftline`], with these variables.
    pub(crate) fn driftline_with(&self, variables: &[(&str, &str)], arguments: &[&str]) -> Done {
        let mut command = Self::command(self.directory.path(), arguments);
        let output = command.envs(variables.iter().copied()).output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            stdout: self.shown(&output.stdout),
            stderr: self.shown(&output.stderr),
        }
    }

    /// As [`Self::driftline`], with this on standard input; standard output to the last byte.
    pub(crate) fn driftline_reading(&self, input: &[u8], arguments: &[&str]) -> (Done, Vec<u8>) {
        use std::io::Write as _;
        let mut command = Self::command(self.directory.path(), arguments);
        let pipe = std::process::Stdio::piped;
        let mut child = command.stdin(pipe()).stdout(pipe()).stderr(pipe()).spawn().unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_vec();
        // It may print more than a pipe holds before it has read all.
        let writer = std::thread::spawn(move || {
            // Whoever needs no input closes it.
            let _ = stdin.write_all(&input);
        });
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap();
        let done = Done {
            code: output.status.code().unwrap(),
            stdout: self.shown(&output.stdout),
            stderr: self.shown(&output.stderr),
        };
        (done, output.stdout)
    }

    /// Runs git here, whatever the user's own configuration is.
    pub(crate) fn git(&self, arguments: &[&str]) -> String {
        let output = Command::new("git")
            .current_dir(self.directory.path())
            .args(["-c", "user.name=a", "-c", "user.email=a@example.com"])
            .args(["-c", "commit.gpgSign=false", "-c", "init.defaultBranch=main"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", self.path("no-such-config"))
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .output()
            .unwrap();
        assert!(output.status.success(), "git {arguments:?}: {output:?}");
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// What people see, with this directory's path written as `[project]`.
    fn shown(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8_lossy(bytes).into_owned();
        text.replace(&*self.directory.path().to_string_lossy(), "[project]")
    }

    /// Runs a command that prints the file `csv` as the benchmarks, with more arguments.
    pub(crate) fn run_csv(&self, csv: &str, arguments: &[&str]) -> Done {
        let command = if cfg!(windows) { format!("type {csv}") } else { format!("cat {csv}") };
        let mut all = vec!["run", "--command", &command, "--input-format", "csv"];
        all.extend(arguments);
        self.driftline(&all)
    }
}

/// A CSV of benchmarks: each of 30 values around its centre, within 3 %.
pub(crate) fn csv(benchmarks: &[(&str, f64)]) -> String {
    let mut text = "benchmark,value\n".to_owned();
    for (name, centre) in benchmarks {
        for i in 0..30 {
            let value = centre * (1.0 + f64::from(i * 7 % 30) / 1000.0);
            text += &format!("{name},{value}\n");
        }
    }
    text
}
