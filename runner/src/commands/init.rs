use std::fs::{self, OpenOptions};
use std::io::{ErrorKind, Write as _};
use std::path::Path;

use super::{Error, Exit, Project, output};
use crate::args::InitArguments;
use crate::init::{self, Answer, Found, Sources, Suite, Workflows};

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
    let branch = project.reference_branch();
    let Workflows { measuring, commenting, nobodys } =
        init::workflows(branch.as_deref(), env!("CARGO_PKG_REPOSITORY"));
    let mut files = vec![
        ("driftline.toml", init::configuration(&suites)),
        (".github/workflows/benchmarks.yml", measuring),
    ];
    if arguments.comments {
        files.push((".github/workflows/benchmarks-comment.yml", commenting));
    }
    let mut wrote_workflow = false;
    for (name, text) in &files {
        let path = project.root.join(name);
        if arguments.dry_run {
            output::print(&format!("# {name}\n{text}\n"))?;
            continue;
        }
        let written = put(&path, text, arguments.force)
            .map_err(|e| Error::data(format!("write {}: {e}", path.display())))?;
        if written {
            output::note(&format!("wrote {name}"));
            wrote_workflow |= name.starts_with(".github");
        } else {
            output::warn(&format!("{name} is there, and stays as it is: --force replaces it"));
        }
    }
    if nobodys && wrote_workflow {
        output::warn(
            "fill in whose driftline the workflow takes: OWNER/driftline in .github/workflows",
        );
    }
    output::note(
        "next: `driftline run` measures once; the workflow's history begins with the first push",
    );
    if !arguments.comments {
        output::note("`driftline init --comments` adds comments on pull requests");
    }
    Ok(Exit::Fine)
}

/// Writes a file where there is none, or in place of what is there; whether it did.
fn put(path: &Path, text: &str, force: bool) -> std::io::Result<bool> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    if force {
        return fs::write(path, text).map(|()| true);
    }
    match OpenOptions::new().write(true).create_new(true).open(path) {
        Ok(mut file) => file.write_all(text.as_bytes()).map(|()| true),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error),
    }
}
