use driftline_core::compare::{Comparison, FailOn, Policy, Row};
use driftline_core::formats::Format as InputFormat;
use driftline_core::model::{BaselineName, BenchmarkId, History, Run};
use driftline_core::report;

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
        let candidate = self.candidate(project, &store, &history)?;
        let newest =
            candidate.runs.last().ok_or_else(|| Error::new(Exit::Nothing, "find a candidate"))?;
        let evidence = Records::open(project, &store)?.before(&history, newest);
        let baseline = match self.baseline {
            Some(BaselineName::HISTORY) => reference::of_history(&evidence),
            Some(name) => Some(self.find(name, project, &store, &history)?),
            None => reference::default_baseline(&evidence, &store, BaselineName::DEFAULT)?,
        };
        let baseline = baseline.ok_or_else(|| no_baseline(&candidate.name))?;
        warn_of_idle_rules(policy, baseline.runs.iter().chain(&candidate.runs));
        Ok(accepted.judge(project, &evidence, &baseline, &candidate.side(), policy))
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
        Ok(Named { name: newest.id.to_string(), runs: vec![newest.clone()] })
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

/// The error for a comparison that has nothing to compare with.
pub(super) fn no_baseline(candidate: &str) -> Error {
    Error::new(
        Exit::Nothing,
        format!("compare {candidate}: no baseline is saved, and the history holds no earlier run made like it"),
    )
    .hint("`driftline baseline save` makes the newest run the baseline; `driftline run --save-baseline` a new one")
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
