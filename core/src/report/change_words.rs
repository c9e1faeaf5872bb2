//! What is said of changes, in the same words wherever it is written to. Nothing here is escaped.

use super::drawing::mark;
use super::words::{change, counted, interval, name, value};
use crate::change::{
    ChangeCounts, ChangePoint, Changes, Circumstance, Drift, Effect, Event, EventMember,
    SeriesChanges, State,
};
use crate::text::{percent, share};

/// How many characters of a commit's id are shown.
const SHORT: usize = 10;

pub(super) fn is_of_several_machines(changes: &Changes) -> bool {
    let mut machines = changes.series.iter().map(|series| &series.machine);
    let first = machines.next();
    machines.any(|machine| Some(machine) != first)
}

/// The cells of an event's member, not escaped.
pub(super) fn row(changes: &Changes, member: &EventMember) -> Option<[String; 9]> {
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
pub(super) fn now(series: &SeriesChanges, point: &ChangePoint) -> String {
    // A run is called by its commit where another change of the series tells it.
    let at = |run: &String| {
        let other = series.change_points.iter().find(|other| other.run == *run);
        other.and_then(|other| other.commit.as_deref()).map_or_else(|| run.clone(), short)
    };
    let mut text = match point.state {
        State::Probable => match point.settled_in {
            Some(runs) => format!("probable, {} to settle", counted(runs, "run")),
            None => "probable, more runs will tell".to_owned(),
        },
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

pub(super) fn probability(p: f64) -> String {
    if p < 0.0001 { "< 0.0001".to_owned() } else { format!("{p:.4}") }
}

pub(super) fn sign(event: &Event) -> char {
    let effect = if event.regressions > 0 { Effect::Regression } else { Effect::Improvement };
    mark(effect, event.acknowledged.is_some())
}

pub(super) fn short(commit: &str) -> String {
    commit.chars().take(SHORT).collect()
}

pub(super) fn place(event: &Event) -> String {
    event.commit.as_deref().map_or_else(|| event.run.clone(), short)
}

/// `7 benchmarks worse (median +14.0 %), 1 better`.
pub(super) fn headline(event: &Event) -> String {
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
        (State::Probable, _) => format!("probably {text}"),
        (State::Settled, 0) => text,
        (State::Settled, n) => format!("{text}; {n} of {} only probable", event.members.len()),
    }
}

/// What is to be said of an event: which commits may have done it, what else changed there, and why it
/// is acknowledged. Not escaped.
pub(super) fn about(changes: &Changes, event: &Event) -> Vec<String> {
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
pub(super) fn circumstance(what: &Circumstance, run: &str) -> String {
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
pub(super) fn suspects(event: &Event) -> String {
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

pub(super) fn drifting(changes: &Changes) -> impl Iterator<Item = (&SeriesChanges, &Drift)> {
    changes.series.iter().filter_map(|series| Some((series, series.drift.as_ref()?)))
}

/// `parse drifts: +0.4 % a week over 10.3 weeks, +4.2 % in all, no single step (worse)`.
pub(super) fn drift_text(series: &SeriesChanges, drift: &Drift) -> String {
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
pub(super) fn counts(changes: &Changes) -> String {
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
pub(super) fn footnote(changes: &Changes) -> Option<String> {
    let shown: usize = changes.series.iter().map(|series| series.change_points.len()).sum();
    let drifts = changes.summary.drifting;
    let mut rate = share(changes.false_discovery_rate);
    if changes.summary.probable > 0 {
        rate +=
            &format!(" (of the probable ones {})", share(changes.probable_false_discovery_rate));
    }
    let judged = changes.judged;
    let of = if (shown, drifts) == (judged.change_points, judged.drifts) {
        format!("at most {rate} of these are expected to be false")
    } else {
        format!(
            "at most {rate} of all {} that were found in {} series are expected to be false: what is \
             shown is a part of them",
            counted(judged.change_points + judged.drifts, "change"),
            judged.series,
        )
    };
    (shown + drifts > 0).then(|| format!("{of}; candidates and intervals with 95 % confidence"))
}
