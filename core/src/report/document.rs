use super::words::{dash, value};
use crate::model::{Baseline, Commit, Level, Machine, Run};
use crate::text::markdown;

/// The baselines' numbers for people, as Markdown: what was measured, when, on what machine, and
/// a table for each baseline.
pub fn baseline_document(baselines: &[Baseline]) -> String {
    let mut out =
        "# Baselines\n\nWritten by `driftline baseline document`, and whenever a baseline \
                   is saved or removed. Every figure is measured; times are per iteration.\n"
            .to_owned();
    if baselines.is_empty() {
        out += "\nThere is none: `driftline run --save-baseline` saves one.\n";
    }
    for Baseline { name, saved, levels, run } in baselines {
        out += &format!("\n## {}\n\n", markdown(name.as_str()));
        let mut fact = |what: &str, text: Option<String>| {
            if let Some(text) = text {
                out += &format!("- {what}: {}\n", markdown(&text));
            }
        };
        fact("Saved", saved.map(|time| time.to_string()));
        fact("Run", Some(run.id.to_string()));
        fact("Measured", run.time.map(|time| time.to_string()));
        fact("Commit", run.commit.as_ref().map(describe_commit));
        fact("Machine", run.machine.as_ref().map(Machine::describe));
        fact("Kernel", run.machine.as_ref().and_then(|machine| machine.kernel.clone()));
        fact("Toolchain", run.toolchain.clone());
        fact("driftline", run.driftline.clone());
        if run.settings.quick {
            fact("Note", Some("measured with --quick: noisier than a full run".to_owned()));
        }
        out.push('\n');
        out += &measurement_markdown(run);
        if !levels.is_empty() {
            out.push('\n');
            out += &levels_markdown(levels);
        }
    }
    out
}

/// The measurements of a run as a Markdown table, and what was skipped.
pub fn measurement_markdown(run: &Run) -> String {
    let mut out =
        "| benchmark | metric | low | median | lower quartile | upper quartile | minimum \
                   | values | rounds |\n|---|---|---:|---:|---:|---:|---:|---:|---:|\n"
            .to_owned();
    for measurement in &run.measurements {
        let summary = measurement.summary();
        let shown = |figure| markdown(&value(figure, measurement.unit().as_str()));
        out += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} | {} |\n",
            markdown(measurement.benchmark().as_str()),
            markdown(measurement.metric().as_str()),
            shown(summary.low),
            shown(summary.centre()),
            shown(summary.lower_quartile),
            shown(summary.upper_quartile),
            shown(summary.minimum),
            summary.n.map_or_else(dash, |n| n.to_string()),
            measurement.rounds().len(),
        );
    }
    for skipped in &run.skipped {
        out += &format!("\nSkipped: {}: {}\n", markdown(&skipped.name), markdown(&skipped.reason));
    }
    out
}

/// The levels that were accepted, as a Markdown table: what slow drift is judged against.
fn levels_markdown(levels: &[Level]) -> String {
    let mut out = "Accepted levels, which slow drift is judged against:\n\n\
                   | benchmark | metric | accepted | of run | best since | of run |\n\
                   |---|---|---:|---|---:|---|\n"
        .to_owned();
    for level in levels {
        let shown = |figure| markdown(&value(Some(figure), level.unit.as_str()));
        out += &format!(
            "| {} | {} | {} | {} | {} | {} |\n",
            markdown(level.benchmark.as_str()),
            markdown(level.metric.as_str()),
            shown(level.accepted),
            markdown(level.accepted_run.as_str()),
            shown(level.best),
            markdown(level.best_run.as_str()),
        );
    }
    out
}

fn describe_commit(commit: &Commit) -> String {
    let subject = commit.subject.as_deref().map(|s| format!(" {s}")).unwrap_or_default();
    let branch = commit.branch.as_deref().map(|b| format!(" on {b}")).unwrap_or_default();
    let dirty = if commit.dirty { ", with uncommitted changes" } else { "" };
    format!("{}{branch}{dirty}:{subject}", commit.short())
}
