//! What a person may call a run by: a baseline, a run, a commit, `history`, or a file.

use std::cell::OnceCell;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use driftline_core::compare::{Evidence, Side};
use driftline_core::formats::{self, Format, InputFile, Reading};
use driftline_core::model::{Baseline, BaselineName, History, Level, Machine, Run};

use crate::config::Project;
use crate::criterion_directory;
use crate::error::{Error, Exit};
use crate::output;
use crate::provenance;
use crate::store::{Store, StoreError};

/// What stands for standard input where a file may be named.
pub(crate) const STANDARD_INPUT: &str = "-";

/// Fewer characters than this are no commit id.
const SHORTEST_COMMIT: usize = 4;

/// Runs under the name they were asked for by.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Named {
    pub(crate) name: String,
    pub(crate) runs: Vec<Run>,
    /// What the user should know about how they were read.
    notes: Vec<String>,
}

impl Named {
    pub(crate) fn side(&self) -> Side<'_> {
        Side { name: self.name.clone(), runs: self.runs.iter().collect() }
    }

    pub(crate) fn of(name: impl Into<String>, runs: Vec<Run>) -> Self {
        Self { name: name.into(), runs, notes: Vec::new() }
    }

    fn one(name: &str, run: Run) -> Self {
        Self::of(name, vec![run])
    }

    /// Tells the user how it was read.
    pub(crate) fn told(self) -> Self {
        tell(&self.notes);
        self
    }
}

/// The history, with what was wrong with it told to the user.
pub(crate) fn history(store: &Store) -> Result<History, Error> {
    let (history, warnings) = store.history()?;
    for warning in warnings {
        output::warn(&warning.to_string());
    }
    Ok(history)
}

/// The baseline of that name, if there is one.
pub(crate) fn baseline(store: &Store, name: &str) -> Result<Option<Named>, Error> {
    Ok(saved(store, name)?.map(|baseline| Named::one(name, baseline.run)))
}

/// The saved baseline of that name, if there is one.
pub(crate) fn saved(store: &Store, name: &str) -> Result<Option<Baseline>, Error> {
    let Ok(name) = BaselineName::new(name) else { return Ok(None) };
    match store.baseline(&name) {
        Ok(baseline) => Ok(Some(baseline)),
        Err(StoreError::NoSuchBaseline { .. }) => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// All baselines, with what could not be read told to the user.
pub(crate) fn baselines(store: &Store) -> Result<Vec<Baseline>, Error> {
    let (baselines, warnings) = store.baselines()?;
    for warning in warnings {
        output::warn(&warning.to_string());
    }
    Ok(baselines)
}

/// What the project's records say about comparing, whatever the candidate is.
#[derive(Debug)]
pub(crate) struct Records<'p> {
    project: &'p Project,
    /// Asked of git only when there are runs to choose from.
    default_branch: OnceCell<Option<String>>,
    /// The accepted levels of the baseline `main`, and the run it holds.
    accepted: Vec<Level>,
    accepted_by: Option<Run>,
}

impl<'p> Records<'p> {
    pub(crate) fn open(project: &'p Project, store: &Store) -> Result<Self, Error> {
        let accepted = saved(store, BaselineName::DEFAULT)?;
        Ok(Self {
            project,
            default_branch: OnceCell::new(),
            accepted: accepted.as_ref().map(|saved| saved.levels.clone()).unwrap_or_default(),
            accepted_by: accepted.map(|saved| saved.run),
        })
    }

    /// What is known before `candidate` was made.
    pub(crate) fn before<'a>(&self, history: &'a History, candidate: &Run) -> Evidence<'a> {
        let comparable = if history.runs().is_empty() {
            Vec::new()
        } else {
            let branch = self.default_branch.get_or_init(|| self.project.reference_branch());
            history.comparable_before(candidate, branch.as_deref())
        };
        let Project { window, policy, .. } = self.project;
        Evidence::new(comparable, &self.accepted(history), *window, policy)
    }

    /// The accepted levels, each with the machine of its run, where older files do not say.
    fn accepted(&self, history: &History) -> Vec<Level> {
        let runs = || self.accepted_by.iter().chain(history.runs());
        let machine_of = |level: &Level| {
            let run = runs().find(|run| run.id == level.accepted_run)?;
            run.machine.as_ref().map(Machine::fingerprint)
        };
        let known = |level: &Level| {
            let machine = level.machine.clone().or_else(|| machine_of(level));
            Level { machine, ..level.clone() }
        };
        self.accepted.iter().map(known).collect()
    }
}

/// The newest comparable runs as a baseline; none where there are none.
pub(crate) fn of_history(evidence: &Evidence<'_>) -> Option<Named> {
    let Side { name, runs } = evidence.history()?;
    Some(Named::of(name, runs.into_iter().cloned().collect()))
}

/// What a candidate is compared with when nobody says: the history as soon as it holds five
/// runs made like the candidate, else the saved baseline of that name, else what history there
/// is; none where there is nothing.
pub(crate) fn default_baseline(
    evidence: &Evidence<'_>,
    store: &Store,
    name: &str,
) -> Result<Option<Named>, Error> {
    if evidence.suffices() {
        return Ok(of_history(evidence));
    }
    match baseline(store, name)? {
        Some(named) => Ok(Some(named)),
        None => Ok(of_history(evidence)),
    }
}

/// Finds what `reference` names: a baseline, a file or directory, a run, a commit or a revision.
/// How it was read is [to be told](Named::told).
pub(crate) fn find(
    reference: &str,
    format: Option<Format>,
    store: &Store,
    history: &History,
    directory: &Path,
) -> Result<Named, Error> {
    if reference == STANDARD_INPUT {
        return newest_of_file(Path::new(reference), reference, format);
    }
    // A baseline's name has no slash: ./main is the file of that name.
    if let Some(named) = baseline(store, reference)? {
        return Ok(named);
    }
    let path = directory.join(reference);
    if path.is_file() {
        return newest_of_file(&path, reference, format);
    }
    // A folder of the same name as a run or a commit must not stand in its way.
    if path.is_dir()
        && let Ok(reading) = criterion_directory::read_any(&path)
        && !reading.runs.is_empty()
    {
        return newest_of(reading, &path, reference);
    }
    if let Some(run) = run_called(history, reference)? {
        return Ok(Named::one(reference, run.clone()));
    }
    let mut of_commit = runs_of_commit(history, reference);
    if of_commit.is_empty()
        && let Some(commit) = provenance::resolve_revision(directory, reference)
    {
        of_commit = runs_of_commit(history, &commit);
        if of_commit.is_empty() {
            return Err(Error::new(
                Exit::Nothing,
                format!("find runs of {reference:?}: commit {commit} was never measured"),
            )
            .hint(
                "check it out and `driftline run`, or choose a run that `driftline history` shows",
            ));
        }
    }
    if !of_commit.is_empty() {
        let runs = of_commit.into_iter().cloned().collect();
        return Ok(Named::of(reference, runs));
    }
    let saved: Vec<String> = baselines(store)?.iter().map(|b| b.name.to_string()).collect();
    let saved = if saved.is_empty() { "none".to_owned() } else { saved.join(", ") };
    Err(Error::usage(format!(
        "find {reference:?}: it is no file, baseline, run, commit or revision"
    ))
    .hint(format!("saved baselines: {saved}"))
    .hint(format!(
        "the history at {} holds {} runs",
        store.directory().display(),
        history.runs().len()
    )))
}

/// The run of that id, or the only one whose id starts so.
pub(crate) fn run_called<'a>(
    history: &'a History,
    reference: &str,
) -> Result<Option<&'a Run>, Error> {
    let runs = history.runs();
    if let Some(run) = runs.iter().find(|run| run.id.as_str() == reference) {
        return Ok(Some(run));
    }
    let starting: Vec<&Run> =
        runs.iter().filter(|run| run.id.as_str().starts_with(reference)).collect();
    match starting.as_slice() {
        [] => Ok(None),
        [run] => Ok(Some(run)),
        [first, second, ..] => Err(Error::usage(format!(
            "find {reference:?}: {} runs start so, such as {} and {}",
            starting.len(),
            first.id,
            second.id
        ))
        .hint("give more of the run's id")),
    }
}

pub(crate) fn runs_of_commit<'a>(history: &'a History, commit: &str) -> Vec<&'a Run> {
    if commit.len() < SHORTEST_COMMIT {
        return Vec::new();
    }
    let is_of = |run: &&Run| run.commit.as_ref().is_some_and(|c| c.id.starts_with(commit));
    history.runs().iter().filter(is_of).collect()
}

/// The newest run that a file or the directory of a harness holds.
fn newest_of_file(path: &Path, name: &str, format: Option<Format>) -> Result<Named, Error> {
    newest_of(read_quietly(path, format)?, path, name)
}

fn newest_of(mut reading: Reading, path: &Path, name: &str) -> Result<Named, Error> {
    let count = reading.runs.len();
    let newest = reading.runs.pop().ok_or_else(|| {
        Error::new(Exit::Nothing, format!("read {}: it holds no run", path.display()))
    })?;
    if count > 1 {
        reading.notes.push(format!("{name} holds {count} runs: the newest is taken"));
    }
    Ok(Named { notes: reading.notes, ..Named::one(name, newest) })
}

/// The path of a file that the command line names, seen from where the command was started.
pub(crate) fn file_at(directory: &Path, file: &Path) -> PathBuf {
    if file == Path::new(STANDARD_INPUT) { file.to_owned() } else { directory.join(file) }
}

/// Reads a file of any known format, standard input for `-`, or the directory of a harness, and tells the user what the reader
/// has to say about it.
pub(crate) fn read_file(path: &Path, format: Option<Format>) -> Result<Reading, Error> {
    let reading = read_quietly(path, format)?;
    tell(&reading.notes);
    Ok(reading)
}

fn read_quietly(path: &Path, format: Option<Format>) -> Result<Reading, Error> {
    let is_input = path == Path::new(STANDARD_INPUT);
    if path.is_dir() && !is_input {
        return criterion_directory::read_any(path).map_err(|e| Error::data(format!("read {e}")));
    }
    let name = if is_input { "standard input".into() } else { path.to_string_lossy() };
    let read = || -> std::io::Result<Vec<u8>> {
        if !is_input {
            return std::fs::read(path);
        }
        let mut bytes = Vec::new();
        std::io::stdin().lock().read_to_end(&mut bytes)?;
        Ok(bytes)
    };
    let bytes = read().map_err(|e| Error::data(format!("read {name}: {e}")))?;
    formats::read(&InputFile { name: &name, bytes: &bytes }, format)
        .map_err(|e| Error::data(format!("read a file: {e}")))
}

/// Tells the user what the reader has to say about what it read.
fn tell(notes: &[String]) {
    for note in notes {
        output::note(note);
    }
}
