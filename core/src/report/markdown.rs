use super::notes::notes;
use super::words::{
    change, common_shift, counts, drift, headline, how_decided, interval, is_notable, name, noise,
    rounds, value, verdict,
};
use crate::compare::{Comparison, Row};
use crate::text::{markdown, markdown_code};

/// A comparison as GitHub-flavoured Markdown: a headline, the counts, what is not as it was in a
/// table, why and the unchanged in folds, what was skipped or makes it uncertain, and how it was
/// decided.
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let summary = &comparison.summary;
    let mut out = format!("### {}\n\n{}\n", headline(comparison), counts(summary));
    if let Some((what, then)) = comparison.common_shift.as_ref().map(common_shift) {
        out += &format!("\n> **{}** {}\n", markdown(&what), markdown(then));
    }
    for warning in &comparison.warnings {
        out += &format!("\n> **Warning:** {}\n", markdown(warning));
    }
    let (notable, unchanged): (Vec<&Row>, Vec<&Row>) =
        comparison.benchmarks.iter().partition(|row| is_notable(row));
    if !notable.is_empty() {
        out.push('\n');
        out += &table(&notable);
    }
    let notes = notes(comparison);
    if !notes.is_empty() {
        out += "\n<details><summary>Why</summary>\n\n";
        for note in notes {
            out += &format!(
                "- {} {}: {}\n",
                note.row.verdict.glyph(),
                markdown(&note.who),
                markdown(&note.text)
            );
        }
        out += "\n</details>\n";
    }
    if !unchanged.is_empty() {
        out += &format!(
            "\n<details><summary>{} unchanged</summary>\n\n{}\n</details>\n",
            unchanged.len(),
            table(&unchanged)
        );
    }
    if !comparison.skipped.is_empty() {
        out += "\nSkipped:\n\n";
        for skipped in &comparison.skipped {
            out += &format!("- {}: {}\n", markdown(&skipped.name), markdown(&skipped.reason));
        }
    }
    out += &format!(
        "\nBaseline {} (machine {}), candidate {} (machine {}). {} driftline {}.\n",
        markdown_code(&comparison.baseline.name),
        markdown_code(&comparison.baseline.machine),
        markdown_code(&comparison.candidate.name),
        markdown_code(&comparison.candidate.machine),
        markdown(&how_decided(comparison)),
        markdown(&comparison.core),
    );
    out
}

fn table(rows: &[&Row]) -> String {
    let any_drift = rows.iter().any(|row| row.drift.is_some());
    let (title, line) = if any_drift { (" drift |", "---:|") } else { ("", "") };
    let mut out = format!(
        "| | benchmark | baseline | candidate | change | interval | noise floor | rounds |{title} \
         verdict |\n|---|---|---:|---:|---:|---|---:|---|{line}---|\n"
    );
    for row in rows {
        let drift = if any_drift { format!(" {} |", drift(row)) } else { String::new() };
        out += &format!(
            "| {} | {} | {} | {} | {} | {} | {} | {} |{drift} {} |\n",
            row.verdict.glyph(),
            markdown(&name(&row.id, &row.metric)),
            markdown(&value(row.baseline, &row.unit)),
            markdown(&value(row.candidate, &row.unit)),
            change(row.change),
            interval(row.interval),
            noise(row),
            rounds(row),
            verdict(row),
        );
    }
    out
}
