use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use driftline_core::model::Commit;
use jiff::Timestamp;

use super::{Environment, ci};

/// What git knows about the code that is measured.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct CodeState {
    /// What is checked out; none without git, a repository or a commit.
    pub(crate) commit: Option<Commit>,
    /// What could not be told although there is a repository, and what to do about it.
    pub(crate) warnings: Vec<String>,
}

/// The commit checked out in `directory`. Changes below `store` do not make it dirty: driftline
/// itself writes there. `environment` names the branch where CI has checked out a bare commit.
pub(crate) fn git(directory: &Path, store: &Path, environment: &Environment) -> CodeState {
    read(&Git { directory, configure: &|_| {} }, store, environment)
}

/// The full id of the commit that `revision` (a branch, a tag, `HEAD~3`) names in the repository
/// around `directory`; none where there is none.
pub(crate) fn resolve_revision(directory: &Path, revision: &str) -> Option<String> {
    let git = Git { directory, configure: &|_| {} };
    let commit = format!("{revision}^{{commit}}");
    let id = git.run(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit]).ok()?;
    Some(id.trim().to_owned())
}

/// The first-parent position of the commit of this full id in the repository around `directory`, as it
/// is recorded beside runs: of a commit that came by a merge that of the merge, of one that has not
/// reached what is checked out the one on its own branch. `None` where git cannot tell, as in a shallow
/// clone.
pub(crate) fn position(directory: &Path, commit: &str) -> Option<u64> {
    position_of(&Git { directory, configure: &|_| {} }, commit)
}

fn position_of(git: &Git, commit: &str) -> Option<u64> {
    if git.run(&["rev-parse", "--is-shallow-repository"]).ok()?.trim() != "false" {
        return None;
    }
    let count = |revisions: &[&str]| -> Option<u64> {
        let arguments = [&["rev-list", "--count", "--first-parent"], revisions].concat();
        git.run(&arguments).ok()?.trim().parse().ok()
    };
    let own = count(&[commit])?;
    let within = |of: &str| git.run(&["merge-base", "--is-ancestor", commit, of]).is_ok();
    if !within("HEAD") {
        return Some(own);
    }
    // The line of HEAD since it left that of the commit, newest first.
    let without = format!("^{commit}");
    let line = git.run(&["rev-list", "--first-parent", "HEAD", &without]).ok()?;
    let line: Vec<&str> = line.lines().collect();
    let Some(oldest) = line.last() else { return Some(own) };
    let parent = git.run(&["rev-parse", &format!("{oldest}^1")]).ok();
    if parent.as_deref().map(str::trim) == Some(commit) {
        return Some(own);
    }
    let came = line.partition_point(|id| within(id)).checked_sub(1)?;
    Some(count(&["HEAD"])? - came as u64)
}

/// The default branch of the repository around `directory`: the remote's, else the only one of
/// `main` and `master` that there is; none where that cannot be told.
pub(crate) fn default_branch(directory: &Path) -> Option<String> {
    default_branch_of(&Git { directory, configure: &|_| {} })
}

/// The address of the remote `origin`; none where there is none.
pub(crate) fn origin(directory: &Path) -> Option<String> {
    let git = Git { directory, configure: &|_| {} };
    git.run(&["config", "--get", "remote.origin.url"]).ok().map(|url| url.trim().to_owned())
}

fn default_branch_of(git: &Git) -> Option<String> {
    let remote = git.run(&["symbolic-ref", "--quiet", "--short", "refs/remotes/origin/HEAD"]);
    if let Some((_, branch)) = remote.ok().as_deref().and_then(|name| name.trim().split_once('/')) {
        return Some(branch.to_owned());
    }
    let exists = |branch: &&&str| {
        let name = format!("refs/heads/{branch}");
        git.run(&["show-ref", "--verify", "--quiet", &name]).is_ok()
    };
    let known: Vec<&&str> = ["main", "master"].iter().filter(exists).collect();
    match known.as_slice() {
        [only] => Some((**only).to_owned()),
        _ => None,
    }
}

/// The `git` program in a directory.
pub(super) struct Git<'a> {
    pub(super) directory: &'a Path,
    /// Last changes to the command: tests shield it from the user's own configuration.
    pub(super) configure: &'a dyn Fn(&mut Command),
}

impl Git<'_> {
    fn output(&self, arguments: &[&OsStr]) -> io::Result<Output> {
        let mut command = Command::new("git");
        command
            // Do not get in the way of a git that works in the same directory.
            .arg("--no-optional-locks")
            .args(["-c", "i18n.logOutputEncoding=UTF-8", "-c", "core.quotePath=false"])
            .args(arguments)
            .current_dir(self.directory)
            // Messages are looked at to tell the usual from the surprising.
            .env("LC_ALL", "C")
            .stdin(Stdio::null());
        (self.configure)(&mut command);
        command.output()
    }

    /// What the command says, or the first line of its complaint.
    pub(super) fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let arguments: Vec<&OsStr> = arguments.iter().map(OsStr::new).collect();
        self.run_with(&arguments)
    }

    fn run_with(&self, arguments: &[&OsStr]) -> Result<String, String> {
        let output = self.output(arguments).map_err(|error| error.to_string())?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        let complaint = String::from_utf8_lossy(&output.stderr);
        let complaint = complaint.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
        Err(complaint.trim_start_matches("fatal: ").to_owned())
    }
}

fn read(git: &Git, store: &Path, environment: &Environment) -> CodeState {
    let mut state = CodeState::default();
    let place = match git.run(&["rev-parse", "--is-shallow-repository", "--show-toplevel"]) {
        Ok(place) => place,
        Err(complaint) => {
            state.warnings.extend(surprising(&complaint));
            return state;
        }
    };
    let mut place = place.lines();
    let shallow = place.next() == Some("true");
    let top = Path::new(place.next().unwrap_or_default());

    let Some(mut commit) = head(git) else { return state };
    match status(git, &outside(top, &git.directory.join(store))) {
        Ok((branch, dirty)) => {
            commit.branch = branch;
            commit.dirty = dirty;
        }
        Err(complaint) => {
            // An unknown state never serves as a clean reference.
            commit.dirty = true;
            state.warnings.push(format!(
                "git could not tell whether tracked files were changed ({complaint}): the run \
                 counts as one of changed files"
            ));
        }
    }
    if commit.branch.is_none() {
        commit.branch = ci::branch(environment);
    }
    if shallow {
        state.warnings.push(
            "this is a shallow clone, so the commit's position in the history is unknown: fetch \
             all of it (`git fetch --unshallow`; `fetch-depth: 0` for actions/checkout, \
             `GIT_DEPTH: 0` for GitLab)"
                .to_owned(),
        );
    } else {
        let count = git.run(&["rev-list", "--count", "--first-parent", "HEAD"]);
        commit.order = count.ok().and_then(|count| count.trim().parse().ok());
    }
    state.commit = Some(commit);
    state
}

/// What is worth a word: no git and no repository are nothing to complain about.
fn surprising(complaint: &str) -> Option<String> {
    const USUAL: [&str; 3] =
        ["not a git repository", "must be run in a work tree", "No such file or directory"];
    if complaint.contains("dubious ownership") {
        return Some(format!(
            "git refuses to read this repository, so the run has no commit ({complaint}): allow it \
             with `git config --global --add safe.directory <directory>`"
        ));
    }
    (!USUAL.iter().any(|usual| complaint.contains(usual)))
        .then(|| format!("git failed, so the run has no commit ({complaint})"))
}

/// The commit that is checked out; none before the first.
fn head(git: &Git) -> Option<Commit> {
    const FORMAT: &str = "--format=%H%x00%P%x00%ct%x00%an%x00%s";
    let text = git.run(&["log", "-1", "--no-show-signature", "--no-color", FORMAT, "HEAD"]).ok()?;
    let mut fields = text.trim_end_matches('\n').split('\0');
    let id = fields.next().filter(|id| !id.is_empty())?.to_owned();
    let mut next = || fields.next().map(str::to_owned).filter(|field| !field.is_empty());
    let parent = next().and_then(|parents| parents.split(' ').next().map(str::to_owned));
    let time = next().and_then(|seconds| Timestamp::from_second(seconds.parse().ok()?).ok());
    let (author, subject) = (next(), next());
    Some(Commit { id, parent, subject, author, time, ..Commit::default() })
}

/// The branch, if one is checked out, and whether tracked files differ from the commit.
fn status(git: &Git, pathspec: &[OsString]) -> Result<(Option<String>, bool), String> {
    let mut arguments: Vec<&OsStr> = [
        "status",
        "--porcelain=v2",
        "--branch",
        "--untracked-files=no",
        "--ignore-submodules=untracked",
        "--",
    ]
    .map(OsStr::new)
    .to_vec();
    arguments.extend(pathspec.iter().map(OsString::as_os_str));
    let text = git.run_with(&arguments)?;
    let branch = text.lines().find_map(|line| line.strip_prefix("# branch.head "));
    let branch = branch.filter(|&name| name != "(detached)").map(str::to_owned);
    Ok((branch, text.lines().any(|line| !line.starts_with('#'))))
}

/// Everything in the repository but the store, wherever the store is.
fn outside(top: &Path, store: &Path) -> Vec<OsString> {
    let mut pathspec = vec![OsString::from(":/")];
    // Git tells the top with symbolic links resolved.
    let store = store.canonicalize().ok();
    let top = top.canonicalize().ok();
    if let (Some(store), Some(top)) = (store, top)
        && let Ok(within) = store.strip_prefix(&top)
        && !within.as_os_str().is_empty()
    {
        let mut excluded = OsString::from(":(top,exclude,literal)");
        excluded.push(within);
        pathspec.push(excluded);
    }
    pathspec
}

#[cfg(test)]
#[path = "git_tests.rs"]
mod tests;
