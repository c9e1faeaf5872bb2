use super::csv::records;
use super::drawing::{drawing, mark};
use super::terminal::{BOLD, DIM, RESET, paragraph, title_in_bold};
use super::words::{change, counted, interval, name, size, value};
use crate::change::{
    ChangeCounts, ChangePoint, Changes, Circumstance, Drift, Effect, Event, EventMember,
    SeriesChanges, State,
};
use crate::text::{Align, Column, columns, csv_cell, markdown, percent, share, terminal, wrapped};

/// How many characters of a commit's id are shown.
const SHORT: usize = 10;
/// On a narrower terminal the intervals and q-values are left to the other formats: the benchmarks'
/// names tell more.
const WIDE: usize = 100;

/// All change points as indented JSON, as the schema `changes` describes it.
pub fn changes_json(changes: &Changes) -> String {
    // Nothing in it can fail to serialise: its keys are texts, its numbers finite.
    serde_json::to_string_pretty(changes).unwrap_or_default() + "\n"
}

/// The events, newest first, each with its benchmarks; the drifts; what was left out; a last line
/// with all counts. `width` is the terminal's, where it has one. Without the warnings.
pub fn changes_table(changes: &Changes, width: Option<usize>) -> String {
    let mut out = String::new();
    for event in changes.events.iter().rev() {
        let head = format!(
            "{} {}{}:",
            sign(event),
            terminal(&place(event)),
            event.subject.as_ref().map_or_else(String::new, |s| format!(" {}", terminal(s))),
        );
        out += &paragraph(colour(event), &head, &headline(event), width);
        for line in about(changes, event) {
            out += &indented(&terminal(&line), width);
        }
        out += &table(changes, event, width);
        out.push('\n');
    }
    for (series, drift) in drifting(changes) {
        out += &paragraph("", "~", &terminal(&drift_text(series, drift)), width);
    }
    if changes.summary.drifting > 0 {
        out.push('\n');
    }
    if changes.events.is_empty() {
        out += "no change points\n";
    }
    for left_out in &changes.skipped {
        let text = format!("left out {}: {}", left_out.name, left_out.reason);
        out += &paragraph("", "", &terminal(&text), width);
    }
    out += &paragraph(BOLD, &counts(changes), "", width);
    if let Some(footnote) = footnote(changes) {
        out += &paragraph(DIM, &footnote, "", width);
    }
    out
}

/// A dim paragraph below an event's first line.
fn indented(text: &str, width: Option<usize>) -> String {
    let room = width.map(|width| width.saturating_sub(2));
    wrapped(text, room).iter().map(|line| format!("  {DIM}{line}{RESET}\n")).collect()
}

/// An event's members.
fn table(changes: &Changes, event: &Event, width: Option<usize>) -> String {
    let column = |title, align, sacrifice| Column { title, align, sacrifice };
    let mut kept = vec![
        (0, column("", Align::Left, 1)),
        (1, column("benchmark", Align::Left, 0)),
        (3, column("before", Align::Right, 5)),
        (4, column("after", Align::Right, 4)),
        (5, column("change", Align::Right, 0)),
    ];
    if is_of_several_machines(changes) {
        kept.insert(2, (2, column("machine", Align::Left, 2)));
    }
    if width.is_none_or(|width| width >= WIDE) {
        kept.push((6, column("interval", Align::Left, 6)));
        kept.push((7, column("q", Align::Left, 7)));
    }
    kept.push((8, column("now", Align::Left, 3)));
    let cells = event.members.iter().filter_map(|member| row(changes, member));
    let shown = |cells: [String; 9]| -> Vec<String> {
        kept.iter().filter_map(|(at, _)| cells.get(*at)).map(|cell| terminal(cell)).collect()
    };
    let rows: Vec<Vec<String>> = cells.map(shown).collect();
    let columns_kept: Vec<Column> = kept.iter().map(|(_, column)| *column).collect();
    let room = width.map(|width| width.saturating_sub(2));
    let lines = columns(&columns_kept, &rows, room, title_in_bold);
    lines.lines().map(|line| format!("  {line}\n")).collect()
}

fn is_of_several_machines(changes: &Changes) -> bool {
    let mut machines = changes.series.iter().map(|series| &series.machine);
    let first = machines.next();
    machines.any(|machine| Some(machine) != first)
}

/// The cells of an event's member, not escaped.
fn row(changes: &Changes, member: &EventMember) -> Option<[String; 9]> {
    let series = changes.series.get(member.series)?;
    let point = series.change_points.get(member.change_point)?;
    Some([
        mark(point.effect, point.acknowledged.is_some()).to_string(),
        name(&series.id, &series.metric),
        series.machine.clone(),
        value(Some(point.before), &series.unit),
        value(Some(point.after), &series.unit),
        change(point.change),
        interval(point.interval),
        probability(point.q_value),
        now(series, point),
    ])
}

/// Whether a change is settled, still so, and acknowledged.
fn now(series: &SeriesChanges, point: &ChangePoint) -> String {
    // A run is called by its commit where another change of the series tells it.
    let at = |run: &String| {
        let other = series.change_points.iter().find(|other| other.run == *run);
        other.and_then(|other| other.commit.as_deref()).map_or_else(|| run.clone(), short)
    };
    let mut text = match point.state {
        State::Probable => {
            format!("probable, {} to settle", counted(point.settled_in.unwrap_or(1), "run"))
        }
        State::Settled if point.recovered.is_some() => "recovered".to_owned(),
        State::Settled => "holds".to_owned(),
    };
    if let Some(run) = &point.recovered {
        text += &format!(" at {}", at(run));
    } else if let Some(run) = &point.perhaps_recovered {
        text += &format!(", perhaps recovered since {}", at(run));
    } else if let Some(part) = &point.partly_recovered {
        text += &format!(", {:.0} % came back at {}", part.share * 100.0, at(&part.run));
    }
    if point.acknowledged.is_some() {
        text += ", acknowledged";
    }
    text
}

fn probability(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

fn sign(event: &Event) -> char {
    let effect = if event.regressions > 0 { Effect::Regression } else { Effect::Improvement };
    mark(effect, event.acknowledged.is_some())
}

fn colour(event: &Event) -> &'static str {
    // As in a comparison: orange and blue, told apart in the common kinds of colour blindness.
    match event {
        event if event.acknowledged.is_some() => DIM,
        event if event.regressions > 0 => "\u{1b}[1;38;5;208m",
        _ => "\u{1b}[38;5;39m",
    }
}

fn short(commit: &str) -> String {
    commit.chars().take(SHORT).collect()
}

fn place(event: &Event) -> String {
    event.commit.as_deref().map_or_else(|| event.run.clone(), short)
}

/// `7 benchmarks worse (median +14.0 %), 1 better`.
fn headline(event: &Event) -> String {
    let of = |count: usize, effect: Effect, first: bool| {
        if count == 0 {
            return None;
        }
        let what = if effect == Effect::Regression { "worse" } else { "better" };
        let who = if first { counted(count, "benchmark") } else { count.to_string() };
        // The median is of those for the worse wherever there are any.
        let told = event.median_change.filter(|_| first).map(percent);
        let size = told.map_or_else(String::new, |told| {
            format!(" ({}{told})", if count > 1 { "median " } else { "" })
        });
        Some(format!("{who} {what}{size}"))
    };
    let parts = [
        of(event.regressions, Effect::Regression, true),
        of(event.improvements, Effect::Improvement, event.regressions == 0),
    ];
    let text = parts.into_iter().flatten().collect::<Vec<_>>().join(", ");
    let probable = event.members.iter().filter(|m| m.state == State::Probable).count();
    match (event.state, probable) {
        (State::Probable, _) => format!("probable: {text}"),
        (State::Settled, 0) => text,
        (State::Settled, n) => format!("{text}; {n} of {} only probable", event.members.len()),
    }
}

/// What is to be said of an event: which commits may have done it, what else changed there, and why it
/// is acknowledged. Not escaped.
fn about(changes: &Changes, event: &Event) -> Vec<String> {
    let mut lines = vec![suspects(event)];
    lines.extend(event.circumstances.iter().map(|what| circumstance(what, &event.run)));
    let points = event.members.iter().filter_map(|member| {
        changes.series.get(member.series)?.change_points.get(member.change_point)
    });
    let reasons: std::collections::BTreeSet<&String> =
        points.filter_map(|point| point.acknowledged.as_ref()).collect();
    let reasons = reasons.into_iter().filter(|reason| !reason.is_empty());
    lines.extend(reasons.map(|reason| format!("acknowledged: {reason}")));
    lines
}

/// `toolchain rustc 1.94.0 → rustc 1.95.0 at this run`.
fn circumstance(what: &Circumstance, run: &str) -> String {
    // The commit and date behind a version are of use only where the version is the same.
    let version = |text: &str| text.split(" (").next().unwrap_or(text).to_owned();
    let (mut before, mut after) = (version(&what.before), version(&what.after));
    if before == after {
        (before, after) = (what.before.clone(), what.after.clone());
    }
    let shown = |text: String| if text.is_empty() { "none".to_owned() } else { text };
    let at = if what.run == run {
        "at this run".to_owned()
    } else {
        format!("at run {}, which is in question too", what.run)
    };
    format!("{} {} → {} {at}", what.what, shown(before), shown(after))
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
        (_, _, Some(last)) if event.commits == Some(0) => {
            format!("among the runs of {last}{count}")
        }
        (Some(before), _, Some(last)) => format!("candidates {before}..{last}{count}"),
        (None, Some(first), Some(last)) => format!("candidates {first} … {last}"),
        _ => format!("first seen in run {}", event.run),
    }
}

fn drifting(changes: &Changes) -> impl Iterator<Item = (&SeriesChanges, &Drift)> {
    changes.series.iter().filter_map(|series| Some((series, series.drift.as_ref()?)))
}

/// `parse drifts: +0.4 % a week over 10.3 weeks, +4.2 % in all, no single step (worse)`.
fn drift_text(series: &SeriesChanges, drift: &Drift) -> String {
    let shown = |amount: f64| {
        if drift.relative { percent(amount) } else { value(Some(amount), &series.unit) }
    };
    let pace = match (drift.per_week, drift.weeks) {
        (Some(pace), Some(weeks)) => {
            format!("{} a week over {weeks:.1} weeks, {} in all", shown(pace), shown(drift.total))
        }
        _ => format!("{} in {}", shown(drift.total), counted(series.points - drift.index, "run")),
    };
    let steps = series.change_points.iter().filter(|point| point.index >= drift.index).count();
    let beside = match steps {
        0 => "no single step".to_owned(),
        n => format!("beside {}", counted(n, "step")),
    };
    let effect = match drift.effect {
        Effect::Regression => "worse",
        Effect::Improvement => "better",
    };
    format!("{} drifts: {pace}, {beside} ({effect})", name(&series.id, &series.metric))
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
        "{series} series over {}: {}; {regressions} settled for the worse, {improvements} for the \
         better, {probable} probable, {acknowledged} acknowledged; {drifting} drifting",
        counted(changes.runs, "run"),
        counted(events, "event"),
    )
}

/// How much of what is listed may be false; `None` where nothing is listed.
fn footnote(changes: &Changes) -> Option<String> {
    let shown: usize = changes.series.iter().map(|series| series.change_points.len()).sum();
    let drifts = changes.summary.drifting;
    let rate = share(changes.false_discovery_rate);
    let judged = changes.judged;
    let of = if (shown, drifts) == (judged.change_points, judged.drifts) {
        format!("at most {rate} of these are expected to be false")
    } else {
        format!(
            "at most {rate} of all {} that were found in {} are expected to be false: what is shown \
             is a part of them",
            counted(judged.change_points + judged.drifts, "change"),
            format!("{} series", judged.series),
        )
    };
    (shown + drifts > 0).then(|| format!("{of}; candidates and intervals with 95 % confidence"))
}

/// One series drawn in at most `width` columns, with a line for each change point and for its drift.
pub fn series_chart(series: &SeriesChanges, width: usize) -> String {
    let largest = series.values.iter().map(|v| v.abs()).fold(0.0, f64::max);
    let noise = match () {
        () if series.values.iter().all(|v| *v > 0.0) => size(series.noise),
        // The rounding of the arithmetic is none.
        () if series.noise <= largest * 1e-9 || largest == 0.0 => "none".to_owned(),
        () => value(Some(series.noise), &series.unit),
    };
    let figure = series.statistic.map_or_else(String::new, |s| format!("{} of each of ", s.word()));
    let about = format!(
        "{figure}{} on {}, noise {noise}",
        counted(series.points, "run"),
        terminal(&series.machine),
    );
    let head = terminal(&name(&series.id, &series.metric));
    let mut out = paragraph(BOLD, &format!("{head}:"), &about, Some(width));
    out += &drawing(series, width);
    for point in &series.change_points {
        let place = point.commit.as_deref().map_or_else(|| point.run.clone(), short);
        let mut text = format!(
            "{} → {}, {} {}, q {}; {}",
            value(Some(point.before), &series.unit),
            value(Some(point.after), &series.unit),
            change(point.change),
            interval(point.interval),
            probability(point.q_value),
            terminal(&now(series, point)),
        );
        if let Some(reason) = point.acknowledged.as_ref().filter(|reason| !reason.is_empty()) {
            text += &format!(": {}", terminal(reason));
        }
        for what in &point.circumstances {
            text += &format!("; {}", terminal(&circumstance(what, &point.run)));
        }
        let sign = mark(point.effect, point.acknowledged.is_some());
        out += &paragraph("", &format!("{sign} {}:", terminal(&place)), &text, Some(width));
    }
    if let Some(drift) = &series.drift {
        out += &paragraph("", "~", &terminal(&drift_text(series, drift)), Some(width));
    }
    out
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
