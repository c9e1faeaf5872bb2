use std::collections::BTreeMap;

use driftline_core::compare::{Comparison, FailOn, Policy, Row};
use driftline_core::formats::Format as InputFormat;
use driftline_core::model::{BaselineName, BenchmarkId, History, Machine, Run};
use driftline_core::report;
use driftline_core::text::shortened;

use super::{Error, Exit, Project, Store, output};
use crate::acceptance::Acceptances;
use crate::args::{CompareArguments, ComparisonFormat, PolicyArguments};
use crate::reference::{self, Named, Records};

/// `driftline compare [BASELINE] [CANDIDATE]`.
pub(super) fn compare(project: &Project, arguments: &CompareArguments) -> Result<Exit, Error> {
    check_explain(&arguments.policy)?;
    let policy = project.policy(&arguments.policy.judging)?;
    let accepted = Acceptances::read(project, &arguments.policy.judging.accept)?;
    let named = [&arguments.baseline, &arguments.candidate];
    if named.iter().all(|side| side.as_deref() == Some(reference::STANDARD_INPUT)) {
        return Err(Error::usage("compare - with -: standard input can be read once")
            .hint("give a file, a baseline or a run for one of them"));
    }
    let sides = Sides {
        baseline: arguments.baseline.as_deref(),
        candidate: arguments.candidate.as_deref(),
        format: input_format(arguments.input_format.as_deref())?,
    };
    let comparison = sides.judge(project, &accepted, &policy)?;
    print(&comparison, &arguments.policy)?;
    Ok(exit_of(&comparison, arguments.policy.ci))
}

/// What is set against what, as the command line names it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sides<'a> {
    pub(super) baseline: Option<&'a str>,
    pub(super) candidate: Option<&'a str>,
    /// The format of files.
    pub(super) format: Option<InputFormat>,
}

impl Sides<'_> {
    /// Judges the candidate in the light of what is recorded.
    pub(super) fn judge(
        &self,
        project: &Project,
        accepted: &Acceptances,
        policy: &Policy,
    ) -> Result<Comparison, Error> {
        let store = project.store();
        let history = reference::history(&store)?;
        let named = self.baseline.filter(|name| *name != BaselineName::HISTORY);
        // Both may be large files, or thousands of small ones.
        let (candidate, named) = std::thread::scope(|scope| {
            let named = scope
                .spawn(|| named.map(|name| self.find(name, project, &store, &history)).transpose());
            (self.candidate(project, &store, &history), named.join())
        });
        let candidate = candidate?.told();
        let newest =
            candidate.runs.last().ok_or_else(|| Error::new(Exit::Nothing, "find a candidate"))?;
        let records = Records::open(project, &store)?;
        let evidence = records.before(&history, newest);
        let named = named.unwrap_or_else(|panic| std::panic::resume_unwind(panic))?;
        let baseline = match self.baseline {
            Some(BaselineName::HISTORY) => reference::of_history(&evidence),
            Some(_) => named.map(Named::told),
            None => reference::default_baseline(&evidence, &store, BaselineName::DEFAULT)?,
        };
        let baseline = baseline.ok_or_else(|| no_baseline(&history, newest))?;
        warn_of_idle_rules(policy, baseline.runs.iter().chain(&candidate.runs));
        Ok(accepted.judge(project, &evidence, &baseline, &candidate.side(), policy).comparison)
    }

    /// What is judged: by default the run recorded last.
    pub(super) fn candidate(
        &self,
        project: &Project,
        store: &Store,
        history: &History,
    ) -> Result<Named, Error> {
        if let Some(name) = self.candidate {
            return self.find(name, project, store, history);
        }
        let newest = history.last_recorded().ok_or_else(|| {
            Error::new(
                Exit::Nothing,
                format!("compare: the history at {} holds no run", store.directory().display()),
            )
            .hint("`driftline run` records one; `driftline compare BASELINE CANDIDATE` takes files too")
        })?;
        Ok(Named::of(newest.id.to_string(), vec![newest.clone()]))
    }

    fn find(
        &self,
        name: &str,
        project: &Project,
        store: &Store,
        history: &History,
    ) -> Result<Named, Error> {
        reference::find(name, self.format, store, history, &project.directory)
    }
}

/// The error for a comparison that has nothing to compare with: where the history holds runs of other
/// machines alone, which they are.
pub(super) fn no_baseline(history: &History, candidate: &Run) -> Error {
    const NAMED: usize = 3;
    let own = candidate.machine_fingerprint();
    let mut machines: BTreeMap<String, (usize, &Run)> = BTreeMap::new();
    let others = history.runs().iter().filter(|run| run.id != candidate.id);
    for run in others.clone() {
        machines.entry(run.machine_fingerprint()).or_insert((0, run)).0 += 1;
    }
    let nothing = format!("compare {}: no baseline is saved", candidate.id);
    if machines.is_empty() || machines.contains_key(&own) {
        return Error::new(
            Exit::Nothing,
            format!("{nothing}, and the history holds no earlier run made like it"),
        )
        .hint("`driftline baseline save` makes the newest run the baseline; `driftline run --save-baseline` a new one");
    }
    let shown = machines.iter().take(NAMED).map(|(name, (count, run))| {
        format!("{} of {}", counted_runs(*count), described(name, run.machine.as_ref()))
    });
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    if machines.len() > NAMED {
        shown += &format!(", and those of {} more", machines.len() - NAMED);
    }
    Error::new(
        Exit::Nothing,
        format!(
            "{nothing}, and the history holds runs of other machines alone: {shown}; this one is of {}",
            described(&own, candidate.machine.as_ref())
        ),
    )
    .hint(
        "measure what it is to be held against on this machine too: check the earlier commit out (`git \
         worktree add`), and `driftline run` there",
    )
    .hint("or save this run as the baseline of this machine: `driftline baseline save`")
    .hint("--allow-different-machine judges across machines, at the risk of judging those")
}

fn counted_runs(count: usize) -> String {
    format!("{count} {}", if count == 1 { "run" } else { "runs" })
}

/// `3f2a… (AMD EPYC 7763, 4 cores, Ubuntu 24.04)`
fn described(fingerprint: &str, machine: Option<&Machine>) -> String {
    let machine = machine.filter(|machine| machine.name.is_none());
    let cores = machine.and_then(|machine| machine.cores).map(|cores| format!("{cores} cores"));
    let known = machine.map(|machine| [machine.cpu.clone(), cores, machine.os.clone()]);
    let known: Vec<String> = known.into_iter().flatten().flatten().collect();
    let known = if known.is_empty() { String::new() } else { format!(" ({})", known.join(", ")) };
    shortened(&format!("{fingerprint}{known}"), 120)
}

/// Tells of rules whose pattern matches nothing that was measured: probably a misspelt name.
pub(super) fn warn_of_idle_rules<'a>(policy: &Policy, runs: impl Iterator<Item = &'a Run> + Clone) {
    let measured = runs.flat_map(|run| &run.measurements).map(|m| (m.benchmark(), m.metric()));
    for rule in policy.idle_rules(&measured) {
        output::warn(&format!(
            "the rule with {rule} matches no benchmark: look for a misspelt name"
        ));
    }
}

/// The format that a name on the command line means.
pub(super) fn input_format(name: Option<&str>) -> Result<Option<InputFormat>, Error> {
    name.map(|name| name.parse().map_err(Error::usage)).transpose()
}

/// Finds what asks for an explanation where none can be printed.
pub(super) fn check_explain(arguments: &PolicyArguments) -> Result<(), Error> {
    let machine_readable =
        !matches!(arguments.format, ComparisonFormat::Text | ComparisonFormat::Markdown);
    if arguments.explain.is_some() && machine_readable {
        return Err(Error::usage("--explain goes with --format text or markdown")
            .hint("json and csv hold every figure that a verdict rests on: leave --explain out"));
    }
    Ok(())
}

/// Prints a comparison on standard output, and what its verdicts rest on where that is asked for.
pub(super) fn print(comparison: &Comparison, arguments: &PolicyArguments) -> Result<(), Error> {
    if arguments.format == ComparisonFormat::Csv {
        // A table of rows has no place for these.
        comparison.warnings.iter().for_each(|warning| output::warn(warning));
        for skipped in &comparison.skipped {
            output::warn(&format!("skipped {}: {}", skipped.name, skipped.reason));
        }
    }
    let mut text = match arguments.format {
        ComparisonFormat::Text => report::comparison_table(comparison, output::width()),
        ComparisonFormat::Json => report::comparison_json(comparison),
        ComparisonFormat::Markdown => report::comparison_markdown(comparison),
        ComparisonFormat::Csv => report::comparison_csv(comparison),
        ComparisonFormat::Junit => report::comparison_junit(comparison, FailOn::default()),
    };
    if let Some(pattern) = &arguments.explain {
        let wanted = |row: &Row| {
            BenchmarkId::new(row.id.as_str()).is_ok_and(|benchmark| benchmark.matches(pattern))
        };
        let any = comparison.benchmarks.iter().any(wanted);
        if !any && !comparison.benchmarks.is_empty() {
            output::warn(&format!("--explain: no benchmark matches {pattern:?}"));
        }
        text += &match arguments.format {
            ComparisonFormat::Markdown => report::explanation_markdown(comparison, &wanted),
            _ => report::explanation(comparison, &wanted, output::width()),
        };
    }
    output::print(&text)
}

/// The exit code that a comparison asks for. Only `--ci` makes a regression fail; that nothing was
/// compared is never passed over.
pub(super) fn exit_of(comparison: &Comparison, ci: bool) -> Exit {
    match &comparison.summary {
        summary if summary.compared == 0 => Exit::Nothing,
        summary if summary.any_regression() && ci => Exit::Regressed,
        _ => Exit::Fine,
    }
}
