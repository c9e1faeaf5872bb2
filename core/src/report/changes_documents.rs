//! Changes for other programs: JSON, Markdown, CSV.

use super::change_words::{
    about, circumstance, counts, drift_text, drifting, footnote, headline, is_of_several_machines,
    place, row, sign,
};
use super::csv::records;
use crate::change::{Changes, Effect, State};
use crate::text::{csv_cell, markdown};

/// All change points as indented JSON, as the schema `changes` describes it.
pub fn changes_json(changes: &Changes) -> String {
    // Nothing in it can fail to serialise: its keys are texts, its numbers finite.
    serde_json::to_string_pretty(changes).unwrap_or_default() + "\n"
}

/// The events as GitHub-flavoured Markdown, newest first.
pub fn changes_markdown(changes: &Changes) -> String {
    let mut out = format!("### Change points\n\n{}\n", counts(changes));
    let machines = is_of_several_machines(changes);
    for warning in &changes.warnings {
        out += &format!("\n**Warning:** {}\n", markdown(warning));
    }
    for event in changes.events.iter().rev() {
        out += &format!(
            "\n#### {} {}{}: {}\n\n",
            sign(event),
            markdown(&place(event)),
            event.subject.as_ref().map_or_else(String::new, |s| format!(" {}", markdown(s))),
            headline(event),
        );
        let lines: Vec<String> = about(changes, event).iter().map(|line| markdown(line)).collect();
        out += &format!("{}\n\n", lines.join("<br>\n"));
        let (title, line) = if machines { (" machine |", "---|") } else { ("", "") };
        out += &format!(
            "| | benchmark |{title} before | after | change | interval | q | now |\n\
             |---|---|{line}---:|---:|---:|---|---|---|\n"
        );
        for cells in event.members.iter().filter_map(|member| row(changes, member)) {
            let kept = cells.iter().enumerate().filter(|(at, _)| machines || *at != 2);
            let cells: Vec<String> = kept.map(|(_, cell)| markdown(cell)).collect();
            out += &format!("| {} |\n", cells.join(" | "));
        }
    }
    if changes.summary.drifting > 0 {
        out += "\n#### Drifting\n\n";
    }
    for (series, drift) in drifting(changes) {
        out += &format!("- {}\n", markdown(&drift_text(series, drift)));
    }
    if !changes.skipped.is_empty() {
        out += "\nLeft out:\n\n";
    }
    for left_out in &changes.skipped {
        out += &format!("- {}: {}\n", markdown(&left_out.name), markdown(&left_out.reason));
    }
    let footnote = footnote(changes).map_or_else(String::new, |text| format!("{text}; "));
    out += &format!("\n{footnote}driftline {}.\n", markdown(changes.core));
    out
}

/// A row for each change point as CSV (RFC 4180): figures in full precision, empty where there is
/// none.
pub fn changes_csv(changes: &Changes) -> String {
    let header = [
        "benchmark",
        "metric",
        "unit",
        "better",
        "machine",
        "index",
        "run",
        "commit",
        "state",
        "effect",
        "last_before",
        "first_candidate",
        "last_candidate",
        "commits",
        "before",
        "after",
        "change",
        "interval_lower",
        "interval_upper",
        "p_value",
        "q_value",
        "holds",
        "recovered",
        "perhaps_recovered",
        "circumstances",
        "acknowledged",
    ];
    let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
    let text = |t: &Option<String>| t.as_deref().map(csv_cell).unwrap_or_default();
    let rows = changes.series.iter().flat_map(|series| {
        series.change_points.iter().map(move |point| {
            let [first, last] = &point.candidates;
            vec![
                csv_cell(&series.id),
                csv_cell(&series.metric),
                csv_cell(&series.unit),
                series.better.to_string(),
                csv_cell(&series.machine),
                point.index.to_string(),
                csv_cell(&point.run),
                text(&point.commit),
                match point.state {
                    State::Settled => "settled",
                    State::Probable => "probable",
                }
                .to_owned(),
                match point.effect {
                    Effect::Regression => "regression",
                    Effect::Improvement => "improvement",
                }
                .to_owned(),
                text(&point.last_before),
                text(first),
                text(last),
                point.commits.map(|n| n.to_string()).unwrap_or_default(),
                point.before.to_string(),
                point.after.to_string(),
                number(point.change),
                number(point.interval.map(|[lower, _]| lower)),
                number(point.interval.map(|[_, upper]| upper)),
                point.p_value.to_string(),
                point.q_value.to_string(),
                point.holds.to_string(),
                text(&point.recovered),
                text(&point.perhaps_recovered),
                csv_cell(
                    &point
                        .circumstances
                        .iter()
                        .map(|what| circumstance(what, &point.run))
                        .collect::<Vec<_>>()
                        .join("; "),
                ),
                text(&point.acknowledged),
            ]
        })
    });
    records(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows))
}
