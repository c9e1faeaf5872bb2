use super::{change, counts, interval, name, value};
use crate::compare::{Comparison, Row, Verdict};
use crate::text::{markdown, share};

/// A comparison as GitHub-flavoured Markdown: a headline, what changed in a table, all rows in a
/// fold, and what was skipped or makes it uncertain.
pub fn comparison_markdown(comparison: &Comparison) -> String {
    let summary = &comparison.summary;
    let headline = match summary {
        s if s.compared == 0 => "⚠️ Nothing was compared".to_owned(),
        s if s.regressed == 1 => "▲ 1 benchmark regressed".to_owned(),
        s if s.regressed > 1 => format!("▲ {} benchmarks regressed", s.regressed),
        s if s.inconclusive > 0 => "No regression found; some results are inconclusive".to_owned(),
        _ => "No regression".to_owned(),
    };
    let mut out = format!("### {headline}\n\n{}\n", counts(summary));
    for warning in &comparison.warnings {
        out += &format!("\n> **Warning:** {}\n", markdown(warning));
    }
    let (unchanged, notable): (Vec<&Row>, Vec<&Row>) =
        comparison.benchmarks.iter().partition(|row| row.verdict == Verdict::Unchanged);
    if !notable.is_empty() {
        out.push('\n');
        out += &table(&notable);
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
        "\nBaseline {} (machine {}), candidate {} (machine {}); {} intervals of the change of the \
         median; threshold {} unless configured; driftline {}.\n",
        markdown(&comparison.baseline.name),
        markdown(&comparison.baseline.machine),
        markdown(&comparison.candidate.name),
        markdown(&comparison.candidate.machine),
        share(comparison.policy.confidence),
        share(comparison.policy.threshold),
        markdown(&comparison.core),
    );
    out
}

fn table(rows: &[&Row]) -> String {
    let mut out = "| | benchmark | baseline | candidate | change | interval | verdict |\n\
                   |---|---|---:|---:|---:|---|---|\n"
        .to_owned();
    for row in rows {
        out += &format!(
            "| {} | {} | {} | {} | {} | {} | {} |\n",
            row.verdict.glyph(),
            markdown(&name(&row.id, &row.metric)),
            markdown(&value(row.baseline, &row.unit)),
            markdown(&value(row.candidate, &row.unit)),
            change(row.change),
            interval(row.interval),
            row.verdict.word(),
        );
    }
    out
}
