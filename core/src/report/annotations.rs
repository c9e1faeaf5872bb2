use super::words::{counted, moved, name, verdict};
use crate::compare::{Comparison, FailOn, Overall, Row, Verdict};
use crate::text::{shortened, terminal, workflow_data, workflow_property};

/// GitHub shows so many errors of a step, and drops the rest silently.
const MOST: usize = 10;
/// The longest name, in characters.
const NAME: usize = 200;

/// A comparison as annotations of a GitHub job: a workflow command a line for what lets the gate fail,
/// at most ten, of which the last counts the rest. A warning where nothing is to fail, and one of what
/// was skipped or is gone; a notice where there is nothing yet to compare with.
pub fn comparison_annotations(comparison: &Comparison, fail_on: FailOn) -> String {
    if comparison.summary.overall() == Overall::Nothing {
        let why = comparison.warnings.first().map(|why| format!(": {why}")).unwrap_or_default();
        let text = format!("no benchmark was judged{}", shortened(&why, NAME));
        // The first run of all has nothing to be held against, and that is no fault of it.
        let (before, after) = (&comparison.baseline.runs, &comparison.candidate.runs);
        let kind = if before.is_empty() && !after.is_empty() { "notice" } else { "error" };
        return command(kind, "Nothing was compared", &text);
    }
    let kind = if fail_on.fails(Overall::Regressed) { "error" } else { "warning" };
    let undecided = fail_on.fails(Overall::Inconclusive);
    let told: Vec<&Row> = comparison
        .benchmarks
        .iter()
        .filter(|row| row.is_failing() || undecided && row.verdict == Verdict::Inconclusive)
        .collect();
    let missing = missing(comparison);
    let most = MOST - usize::from(missing.is_some());
    let shown = if told.len() > most { most - 1 } else { told.len() };
    let mut out: String = told.iter().take(shown).map(|row| annotation(kind, row)).collect();
    if told.len() > shown {
        let more = counted(told.len() - shown, "more benchmark");
        out += &command(kind, &more, "comparison.json of the report has all of them");
    }
    out + &missing.unwrap_or_default()
}

/// A warning of benchmarks that were not compared although the baseline has them, or that failed.
fn missing(comparison: &Comparison) -> Option<String> {
    let gone = comparison.benchmarks.iter().filter(|row| row.verdict == Verdict::Gone);
    let gone: Vec<String> = gone.map(|row| name(&row.id, &row.metric)).collect();
    let skipped: Vec<&str> = comparison.skipped.iter().map(|one| one.name.as_str()).collect();
    let both = [("skipped", skipped.len()), ("gone", gone.len())];
    let title: Vec<String> = both
        .iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{} {what}", counted(*count, "benchmark")))
        .collect();
    let names = skipped.into_iter().chain(gone.iter().map(String::as_str));
    let named: Vec<String> = names.take(MOST).map(|name| shortened(name, NAME)).collect();
    (!title.is_empty()).then(|| command("warning", &title.join(", "), &named.join(", ")))
}

fn annotation(kind: &str, row: &Row) -> String {
    let shown = shortened(&name(&row.id, &row.metric), NAME);
    command(kind, &format!("{shown}: {}", verdict(row)), &moved(row))
}

fn command(kind: &str, title: &str, text: &str) -> String {
    let (title, text) = (terminal(title), terminal(text));
    format!("::{kind} title={}::{}\n", workflow_property(&title), workflow_data(&text))
}
