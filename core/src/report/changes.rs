use super::csv::records;
use super::drawing::drawing;
use super::terminal::{BOLD, DIM, RESET, title_in_bold};
use super::words::{change, interval, name, value};
use crate::change::{
    ChangeCounts, ChangePoint, Changes, Drift, Effect, Event, EventMember, SeriesChanges, State,
};
use crate::text::{Align, Column, columns, csv_cell, markdown, percent, terminal};

/// How many characters of a commit's id are shown.
const SHORT: usize = 10;

/// All change points as indented JSON, as the schema `changes` describes it.
pub fn changes_json(changes: &Changes) -> String {
    // Nothing in it can fail to serialise: its keys are texts, its numbers finite.
    serde_json::to_string_pretty(changes).unwrap_or_default() + "\n"
}

/// The events, newest first, each with its benchmarks; the drifts; a last line with all counts.
/// `width` is the terminal's, where it has one.
pub fn changes_table(changes: &Changes, width: Option<usize>) -> String {
    let mut out = String::new();
    for event in changes.events.iter().rev() {
        let acknowledged = event.acknowledged.as_ref().map_or_else(String::new, |reason| {
            format!(" {DIM}(acknowledged: {}){RESET}", terminal(reason))
        });
        out += &format!(
            "{}{}{RESET} {BOLD}{}{RESET}{}: {}{acknowledged}\n",
            colour(event),
            glyph(event),
            terminal(&commit(event)),
            event.subject.as_ref().map_or_else(String::new, |s| format!(" {}", terminal(s))),
            headline(event),
        );
        out += &format!("  {DIM}{}{RESET}\n", terminal(&suspects(event)));
        let rows: Vec<Vec<String>> = event
            .members
            .iter()
            .filter_map(|member| row(changes, member))
            .map(|cells| cells.iter().map(|cell| terminal(cell)).collect())
            .collect();
        for line in
            columns(&COLUMNS, &rows, width.map(|w| w.saturating_sub(2)), title_in_bold).lines()
        {
            out += &format!("  {line}\n");
        }
        out.push('\n');
    }
    for (series, drift) in drifting(changes) {
        out += &format!("~ {}\n", terminal(&drift_text(series, drift)));
    }
    if changes.summary.drifting > 0 {
        out.push('\n');
    }
    for skipped in &changes.skipped {
        out += &format!("left out {}: {}\n", terminal(&skipped.name), terminal(&skipped.reason));
    }
    out += &format!("{BOLD}{}{RESET}\n{DIM}{}{RESET}\n", counts(changes), footnote(changes));
    out
}

const COLUMNS: [Column; 8] = [
    Column { title: "", align: Align::Left, sacrifice: 1 },
    Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
    Column { title: "before", align: Align::Right, sacrifice: 4 },
    Column { title: "after", align: Align::Right, sacrifice: 3 },
    Column { title: "change", align: Align::Right, sacrifice: 0 },
    Column { title: "interval", align: Align::Left, sacrifice: 5 },
    Column { title: "false", align: Align::Left, sacrifice: 6 },
    Column { title: "now", align: Align::Left, sacrifice: 2 },
];

/// The cells of an event's member, not escaped.
fn row(changes: &Changes, member: &EventMember) -> Option<Vec<String>> {
    let series = changes.series.get(member.series)?;
    let point = series.change_points.get(member.change_point)?;
    Some(vec![
        glyph_of(point.effect).to_owned(),
        name(&series.id, &series.metric),
        value(Some(point.before), &series.unit),
        value(Some(point.after), &series.unit),
        change(point.change),
        interval(point.interval),
        format!("q {}", probability(point.q_value)),
        now(point),
    ])
}

/// Whether a change is settled, still so, and acknowledged.
fn now(point: &ChangePoint) -> String {
    let mut text = match (point.state, &point.recovered) {
        (State::Probable, _) => {
            let runs = point.settled_in.unwrap_or(1);
            format!("probable; {runs} more {} will settle it", plural(runs, "run"))
        }
        (State::Settled, None) => "holds".to_owned(),
        (State::Settled, Some(run)) => format!("recovered at {run}"),
    };
    if let Some(reason) = &point.acknowledged {
        text += if reason.is_empty() { "; acknowledged" } else { "; acknowledged: " };
        text += reason;
    }
    text
}

fn probability(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

fn plural(count: usize, noun: &str) -> String {
    if count == 1 { noun.to_owned() } else { format!("{noun}s") }
}

fn glyph_of(effect: Effect) -> &'static str {
    match effect {
        Effect::Regression => "▲",
        Effect::Improvement => "▼",
    }
}

fn glyph(event: &Event) -> &'static str {
    if event.regressions > 0 { "▲" } else { "▼" }
}

fn colour(event: &Event) -> &'static str {
    // As in a comparison: orange and blue, told apart in the common kinds of colour blindness.
    if event.regressions > 0 { "\u{1b}[1;38;5;208m" } else { "\u{1b}[38;5;39m" }
}

fn short(commit: &str) -> String {
    commit.chars().take(SHORT).collect()
}

fn commit(event: &Event) -> String {
    event.commit.as_deref().map_or_else(|| event.run.clone(), short)
}

/// `7 benchmarks worse, 1 better, median +14.0 %`.
fn headline(event: &Event) -> String {
    let some = |count: usize, what: &str| match count {
        0 => None,
        1 => Some(format!("1 benchmark {what}")),
        n => Some(format!("{n} benchmarks {what}")),
    };
    let parts: Vec<String> = [
        (event.state == State::Probable).then(|| "probable".to_owned()),
        some(event.regressions, "worse"),
        some(event.improvements, "better"),
        event.median_change.map(|c| format!("median {}", percent(c))),
    ]
    .into_iter()
    .flatten()
    .collect();
    parts.join(", ")
}

/// Which commits may have done it.
fn suspects(event: &Event) -> String {
    let [first, last] = &event.candidates;
    let last = last.as_deref().map(short);
    let count = match event.commits {
        Some(0) => ": the same commit, so not the code".to_owned(),
        Some(1) => ": one commit".to_owned(),
        Some(n) => format!(": {n} commits"),
        None => String::new(),
    };
    match (event.last_before.as_deref().map(short), first.as_deref().map(short), last) {
        (Some(before), _, Some(last)) => format!("candidates {before}..{last}{count}"),
        (None, Some(first), Some(last)) => format!("candidates {first} … {last}"),
        _ => format!("first seen in run {}", event.run),
    }
}

fn drifting(changes: &Changes) -> impl Iterator<Item = (&SeriesChanges, &Drift)> {
    changes.series.iter().filter_map(|series| Some((series, series.drift.as_ref()?)))
}

/// `parse: +0.4 % a week over 10.3 weeks, +4.2 % in all, no single step (worse)`.
fn drift_text(series: &SeriesChanges, drift: &Drift) -> String {
    let shown = |amount: f64| {
        if drift.relative { percent(amount) } else { value(Some(amount), &series.unit) }
    };
    let pace = match (drift.per_week, drift.weeks) {
        (Some(pace), Some(weeks)) => format!("{} a week over {weeks:.1} weeks", shown(pace)),
        _ => format!("{} in {} runs", shown(drift.total), series.points - drift.index),
    };
    let effect = match drift.effect {
        Effect::Regression => "worse",
        Effect::Improvement => "better",
    };
    let name = name(&series.id, &series.metric);
    format!("{name} drifts: {pace}, {} in all, no single step ({effect})", shown(drift.total))
}

/// All counts in one line.
fn counts(changes: &Changes) -> String {
    let ChangeCounts {
        series,
        events,
        regressions,
        improvements,
        probable,
        drifting,
        acknowledged,
    } = changes.summary;
    format!(
        "{series} series over {} {}: {events} {}; {regressions} settled for the worse, {improvements} for the better, {probable} probable, {acknowledged} acknowledged; {drifting} drifting",
        changes.runs,
        plural(changes.runs, "run"),
        plural(events, "event"),
    )
}

fn footnote(changes: &Changes) -> String {
    format!(
        "at most {:.0} % of these are expected to be false; candidates and intervals with 95 % confidence",
        changes.false_discovery_rate * 100.0
    )
}

/// One series drawn in at most `width` columns, with a line for each change point and for its drift.
pub fn series_chart(series: &SeriesChanges, width: usize) -> String {
    let mut out = format!(
        "{BOLD}{}{RESET} {DIM}on {}, {} {}, noise {}{RESET}\n",
        terminal(&name(&series.id, &series.metric)),
        terminal(&series.machine),
        series.points,
        plural(series.points, "run"),
        if series.values.iter().all(|v| *v > 0.0) {
            format!("{:.1} %", series.noise * 100.0)
        } else {
            value(Some(series.noise), &series.unit)
        },
    );
    out += &drawing(series, width);
    for point in &series.change_points {
        let place = point.commit.as_deref().map_or_else(|| point.run.clone(), short);
        out += &format!(
            "{} {}: {} → {}, {} {}, q {}; {}\n",
            glyph_of(point.effect),
            terminal(&place),
            value(Some(point.before), &series.unit),
            value(Some(point.after), &series.unit),
            change(point.change),
            interval(point.interval),
            probability(point.q_value),
            terminal(&now(point)),
        );
    }
    if let Some(drift) = &series.drift {
        out += &format!("~ {}\n", terminal(&drift_text(series, drift)));
    }
    out
}

/// The events as GitHub-flavoured Markdown, newest first.
pub fn changes_markdown(changes: &Changes) -> String {
    let mut out = format!("### Change points\n\n{}\n", counts(changes));
    for event in changes.events.iter().rev() {
        out += &format!(
            "\n#### {} {}{}: {}\n\n{}\n\n",
            glyph(event),
            markdown(&commit(event)),
            event.subject.as_ref().map_or_else(String::new, |s| format!(" {}", markdown(s))),
            headline(event),
            markdown(&suspects(event)),
        );
        out += "| | benchmark | before | after | change | interval | false | now |\n\
                |---|---|---:|---:|---:|---|---|---|\n";
        for cells in event.members.iter().filter_map(|member| row(changes, member)) {
            let cells: Vec<String> = cells.iter().map(|cell| markdown(cell)).collect();
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
    for skipped in &changes.skipped {
        out += &format!("- {}: {}\n", markdown(&skipped.name), markdown(&skipped.reason));
    }
    out += &format!("\n{}; driftline {}.\n", footnote(changes), markdown(changes.core));
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
                text(&point.acknowledged),
            ]
        })
    });
    records(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows))
}
