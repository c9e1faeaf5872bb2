use super::words::{counted, moved, name, verdict};
use crate::compare::{Comparison, FailOn, Overall, Row, Verdict};
use crate::text::{shortened, terminal, workflow_data, workflow_property};

/// GitHub shows so many errors of a step, and drops the rest silently.
const MOST: usize = 10;
/// The longest name, in characters.
const NAME: usize = 200;

/// A comparison as annotations of a GitHub job: a workflow command a line for what lets the gate fail,
/// at most ten, of which the last counts the rest. A warning where nothing is to fail.
pub fn comparison_annotations(comparison: &Comparison, fail_on: FailOn) -> String {
    if comparison.summary.overall() == Overall::Nothing {
        let why = comparison.warnings.first().map(|why| format!(": {why}")).unwrap_or_default();
        let text = format!("no benchmark was judged{}", shortened(&why, NAME));
        return command("error", "Nothing was compared", &text);
    }
    let kind = if fail_on.fails(Overall::Regressed) { "error" } else { "warning" };
    let undecided = fail_on.fails(Overall::Inconclusive);
    let told: Vec<&Row> = comparison
        .benchmarks
        .iter()
        .filter(|row| row.is_failing() || undecided && row.verdict == Verdict::Inconclusive)
        .collect();
    let shown = if told.len() > MOST { MOST - 1 } else { told.len() };
    let mut out: String = told.iter().take(shown).map(|row| annotation(kind, row)).collect();
    if told.len() > shown {
        let more = counted(told.len() - shown, "more benchmark");
        out += &command(kind, &more, "the summary of this job shows all of them");
    }
    out
}

fn annotation(kind: &str, row: &Row) -> String {
    let shown = shortened(&name(&row.id, &row.metric), NAME);
    command(kind, &format!("{shown}: {}", verdict(row)), &moved(row))
}

fn command(kind: &str, title: &str, text: &str) -> String {
    let (title, text) = (terminal(title), terminal(text));
    format!("::{kind} title={}::{}\n", workflow_property(&title), workflow_data(&text))
}
