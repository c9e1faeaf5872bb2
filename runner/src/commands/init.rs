use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};

use super::{Error, Exit, Project, output};
use crate::args::InitArguments;
use crate::init::{self, Answer, Found, Host, Origin, Sources, Suite};
use crate::provenance;

/// `driftline init`.
pub(super) fn init(project: &Project, arguments: &InitArguments) -> Result<Exit, Error> {
    let found = init::look(&Sources::of(&project.root));
    let mut suites: Vec<&Suite> = Vec::new();
    for Found { harness, evidence, answer } in &found {
        match answer {
            Answer::Suite(suite) => {
                output::note(&format!("found {harness} ({evidence}): suite {:?}", suite.name));
                suites.push(suite);
            }
            Answer::ByHand(what) => {
                output::warn(&format!(
                    "found {harness} ({evidence}), for which no suite is written: {what}"
                ));
            }
        }
    }
    if suites.is_empty() {
        let error = Error::new(
            Exit::Nothing,
            format!(
                "set driftline up: {} holds no benchmarks that can be run as they are",
                project.root.display()
            ),
        );
        return Err(error.hint(
            "looked for: criterion, divan, gungraun, libtest, pytest-benchmark, asv, Go's testing, \
             vitest, tinybench, mitata, benchmark.js, Google Benchmark, JMH; any command that writes a \
             known format will do: `[[suite]]` with name, command and format in driftline.toml",
        ));
    }
    let origin = provenance::origin(&project.root).and_then(|address| Origin::of(&address));
    let driftline = init::driftline(env!("CARGO_PKG_REPOSITORY"), origin.as_ref());
    let on_gitlab = origin.as_ref().is_some_and(|origin| origin.host == Host::Gitlab);
    let mut files = vec![("driftline.toml", init::configuration(&suites))];
    let mut nobodys = driftline.is_none();
    if on_gitlab {
        files.push((".gitlab-ci.yml", init::gitlab_job(driftline.as_deref())));
    } else {
        let branch = project.reference_branch();
        let workflows = init::workflows(branch.as_deref(), driftline.as_deref());
        nobodys = workflows.nobodys;
        files.push((".github/workflows/benchmarks.yml", workflows.measuring));
        if arguments.comments {
            files.push((".github/workflows/benchmarks-comment.yml", workflows.commenting));
        }
    }
    let mut wrote_workflow = false;
    for (name, text) in &files {
        if arguments.dry_run {
            output::print(&format!("# {name}\n{text}\n"))?;
            continue;
        }
        match put(&project.root, name, text, arguments.force)? {
            Written::New => output::note(&format!("wrote {name}")),
            Written::Over => output::note(&format!("overwrote {name}")),
            Written::Not => {
                output::warn(&format!("{name} is there, and stays as it is: --force replaces it"));
                continue;
            }
        }
        wrote_workflow |= *name != "driftline.toml";
    }
    ignore(project, arguments.dry_run)?;
    if nobodys && wrote_workflow {
        output::warn(
            "fill in whose driftline it takes: OWNER/driftline in the files that were written",
        );
    } else if wrote_workflow && env!("CARGO_PKG_REPOSITORY").is_empty() {
        output::warn(&format!(
            "it takes driftline from {}, beside the remote origin: change that where driftline is \
             somewhere else",
            driftline.as_deref().unwrap_or_default()
        ));
    }
    output::note(
        "next: `driftline run` measures once; the history in CI begins with the first push",
    );
    if arguments.comments && on_gitlab {
        output::warn("--comments is for GitHub: `glab mr note` posts driftline-report/comment.md");
    } else if !arguments.comments && !on_gitlab {
        output::note("`driftline init --comments` adds comments on pull requests");
    }
    Ok(Exit::Fine)
}

/// Adds to `.gitignore` what it lacks.
fn ignore(project: &Project, dry_run: bool) -> Result<(), Error> {
    const NAME: &str = ".gitignore";
    let path = inside(&project.root, NAME)?;
    let failed = |e: std::io::Error| Error::data(format!("write {}: {e}", path.display()));
    let before = match fs::read_to_string(&path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
        Err(error) => return Err(failed(error)),
    };
    let missing = init::ignoring(&before);
    if missing.is_empty() {
        return Ok(());
    }
    if dry_run {
        return output::print(&format!("# {NAME}, in addition\n{missing}\n"));
    }
    let mut file = OpenOptions::new().create(true).append(true).open(&path).map_err(failed)?;
    file.write_all(missing.as_bytes()).map_err(failed)?;
    let lines: Vec<&str> = missing.split_whitespace().collect();
    output::note(&format!("added to {NAME}: {}", lines.join(" and ")));
    Ok(())
}

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    New,
    Over,
    Not,
}

/// Writes a file below `root` where there is none, or in place of what is there.
fn put(root: &Path, name: &str, text: &str, force: bool) -> Result<Written, Error> {
    let path = inside(root, name)?;
    let failed = |e: std::io::Error| Error::data(format!("write {}: {e}", path.display()));
    fs::create_dir_all(path.parent().unwrap_or(root)).map_err(failed)?;
    match OpenOptions::new().write(true).create_new(true).open(&path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| Written::New).map_err(failed),
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(failed(error)),
        Err(_) if force => fs::write(&path, text).map(|()| Written::Over).map_err(failed),
        Err(_) => Ok(Written::Not),
    }
}

/// The path of a file below `root`; an error where it or a folder on the way is a symbolic link, which may
/// lead anywhere.
fn inside(root: &Path, name: &str) -> Result<PathBuf, Error> {
    let mut path = root.to_path_buf();
    for part in name.split('/') {
        path.push(part);
        if path.is_symlink() {
            return Err(Error::usage(format!(
                "write {name}: {} is a symbolic link, which is not followed",
                path.display()
            ))
            .hint("remove the link, or write the file by hand: --dry-run shows it"));
        }
    }
    Ok(path)
}
