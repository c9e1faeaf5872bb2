//! Why each verdict was given: the launches of both sides, the interval beside what it is held
//! against, and every figure that the decision rests on.

use super::plot::{Launches, number_line, strips};
use super::terminal::{BOLD, DIM, paragraph, row_colour};
use super::words::{
    benchmarks, change, counted, interval, is_notable, name, noise, size, tests, value, verdict,
};
use crate::compare::{Comparison, Drift, Figures, Row, Statistic, Verdict};
use crate::model::Direction;
use crate::text::{markdown, percent, percent_interval, share, terminal, wrapped};

/// The column in which figures and drawings begin.
const MARGIN: usize = 13;
/// The width of drawings where no terminal gives one.
const WIDTH: usize = 80;
/// No drawing is wider or narrower, in columns.
const WIDEST: usize = 100;
const NARROWEST: usize = 24;

/// How the drawings are to be read.
const LEGEND: &str = "Every round is drawn as its number, oldest first: 1 to 9, then a to z, and + \
                      where several share a place. On the axis ┴ is the baseline's level and ┬ the \
                      candidate's; on that of the change ┴ are the thresholds.";

/// A panel for each row that is `wanted`, in the comparison's order, for a terminal of `width`
/// columns: empty where none is.
pub fn explanation(
    comparison: &Comparison,
    wanted: &dyn Fn(&Row) -> bool,
    width: Option<usize>,
) -> String {
    let mut out = String::new();
    for row in comparison.benchmarks.iter().filter(|row| wanted(row)) {
        if out.is_empty() {
            out += &format!("\n{}", paragraph(DIM, LEGEND, "", width));
        }
        let title = format!("{} {}", row.verdict.glyph(), terminal(&name(&row.id, &row.metric)));
        let colour = Some(row_colour(row)).filter(|colour| !colour.is_empty()).unwrap_or(BOLD);
        out += &format!("\n{}", paragraph(colour, &format!("{title}:"), &verdict(row), width));
        for line in wrapped(&terminal(&sentence(row)), width.map(|w| w.saturating_sub(2).max(20))) {
            out += &format!("  {line}\n");
        }
        let lines = drawing(row, drawing_width(width));
        if !lines.is_empty() {
            out += &format!("\n{}\n", lines.join("\n"));
        }
        out.push('\n');
        for (what, text) in facts(comparison, row) {
            let room = width.map(|width| width.saturating_sub(MARGIN).max(20));
            let text = wrapped(&terminal(&text), room).join(&format!("\n{:MARGIN$}", ""));
            out += &format!("  {what:<width$}{text}\n", width = MARGIN - 2);
        }
    }
    out
}

/// The same as GitHub-flavoured Markdown: a fold for each row.
pub fn explanation_markdown(comparison: &Comparison, wanted: &dyn Fn(&Row) -> bool) -> String {
    let mut out = String::new();
    for row in comparison.benchmarks.iter().filter(|row| wanted(row)) {
        if out.is_empty() {
            out += &format!("\n{LEGEND}\n");
        }
        let open = if is_notable(row) { " open" } else { "" };
        out += &format!(
            "\n<details{open}><summary>{} {}: {}, {}</summary>\n\n{}\n",
            row.verdict.glyph(),
            markdown(&name(&row.id, &row.metric)),
            verdict(row),
            change(row.change),
            markdown(&sentence(row)),
        );
        let lines = drawing(row, drawing_width(None));
        if !lines.is_empty() {
            // A unit is the only text from outside in a drawing, and never begins a line.
            out += &format!("\n```text\n{}\n```\n", lines.join("\n"));
        }
        out.push('\n');
        for (what, text) in facts(comparison, row) {
            out += &format!("- {what}: {}\n", markdown(&text));
        }
        out += "\n</details>\n";
    }
    out
}

fn drawing_width(width: Option<usize>) -> usize {
    width.unwrap_or(WIDTH).clamp(MARGIN + NARROWEST, WIDEST) - MARGIN
}

/// The reasons as a sentence.
fn sentence(row: &Row) -> String {
    let mut reasons = row.reasons.join("; ");
    if let Some(first) = reasons.get(..1).map(str::to_ascii_uppercase) {
        reasons.replace_range(..1, &first);
    }
    reasons + "."
}

/// The launches of both sides, and the interval of the change.
fn drawing(row: &Row, width: usize) -> Vec<String> {
    let labelled = |label: &str, text: &str| format!("  {label:<w$}{text}", w = MARGIN - 2);
    let mut lines = Vec::new();
    let side = |figures: &'_ Option<Figures>| -> Vec<f64> {
        figures.as_ref().map(|figures| figures.launches.clone()).unwrap_or_default()
    };
    let (before, after) = (side(&row.baseline_figures), side(&row.candidate_figures));
    let drawn = strips(
        Launches { figures: &before, level: row.baseline },
        Launches { figures: &after, level: row.candidate },
        width,
    );
    if let Some(strips) = drawn {
        let next_to_axis = strips.baseline.len().saturating_sub(1);
        for (number, line) in strips.baseline.iter().enumerate() {
            lines.push(labelled(if number == next_to_axis { "baseline" } else { "" }, line));
        }
        let [low, high] = strips.ends.map(|end| value(Some(end), &row.unit));
        lines.push(labelled("", &strips.axis));
        for (number, line) in strips.candidate.iter().enumerate() {
            lines.push(labelled(if number == 0 { "candidate" } else { "" }, line));
        }
        let room = width.saturating_sub(high.chars().count());
        lines.push(labelled("", &format!("{low:<room$}{high}")));
    }
    let held_against = row.change.zip(row.interval);
    let number_line = held_against
        .and_then(|(change, interval)| number_line(change, interval, &limits(row), width));
    if let Some([bar, axis, labels]) = number_line {
        lines.push(String::new());
        lines.push(labelled("change", &bar));
        lines.push(labelled("", &axis));
        lines.push(labelled("", &labels));
    }
    lines.iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The changes from which on a row is relevantly worse, and relevantly better. A fall is held
/// against the rise that undoes it.
fn limits(row: &Row) -> Vec<f64> {
    let worse = row.threshold;
    let better = row.improvement_threshold;
    let fall = |rise: f64| 1.0 / (1.0 + rise) - 1.0;
    match row.better {
        Direction::Lower => [Some(worse), better.map(fall)],
        Direction::Higher => [Some(fall(worse)), better],
    }
    .into_iter()
    .flatten()
    .collect()
}

/// What the decision rests on: what it is, and the figure. Not escaped.
fn facts(comparison: &Comparison, row: &Row) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let mut fact = |what, text: Option<String>| facts.extend(text.map(|text| (what, text)));
    let pair = |before: Option<f64>, after: Option<f64>| {
        (before.is_some() || after.is_some())
            .then(|| format!("{} → {}", value(before, &row.unit), value(after, &row.unit)))
    };
    fact("level", pair(row.baseline, row.candidate).map(|levels| level(comparison, row, &levels)));
    let of = |figures: &Option<Figures>, figure: fn(&Figures) -> Option<f64>| {
        figures.as_ref().and_then(figure)
    };
    for (what, figure) in [
        ("median", (|figures| figures.median) as fn(&Figures) -> Option<f64>),
        ("mean", |figures| figures.mean),
    ] {
        let (before, after) =
            (of(&row.baseline_figures, figure), of(&row.candidate_figures, figure));
        let relative = before.zip(after).filter(|(before, _)| *before > 0.0);
        let change = relative.map(|(before, after)| format!(": {}", percent(after / before - 1.0)));
        fact(what, pair(before, after).map(|text| text + &change.unwrap_or_default()));
    }
    fact("measured", measured(row));
    fact("noise", row.noise_floor.map(|_| noise_source(comparison, row)));
    fact(
        "trend",
        row.trend.map(|trend| format!("{} from run to run, which is no noise", percent(trend))),
    );
    fact("chance", chance(comparison, row));
    let compared = !matches!(row.verdict, Verdict::New | Verdict::Gone);
    fact("threshold", compared.then(|| threshold(row)));
    fact(
        "could show",
        row.smallest_detectable
            .map(|least| format!("changes for the worse from {} on", size(least))),
    );
    fact(
        "tail",
        row.tail.map(|tail| {
            let found = match (tail.slower, tail.too_few) {
                (true, _) => "slower in every round",
                (_, true) => "it looks slower, but too few rounds show it",
                _ => "not clearly slower",
            };
            format!("{} in the slowest tenth of the values: {found}", percent(tail.change))
        }),
    );
    fact("drift", row.drift.as_ref().map(|drift| against_accepted(row, drift)));
    fact("program", row.identical.then(|| "the same on both sides".to_owned()));
    facts
}

fn level(comparison: &Comparison, row: &Row, levels: &str) -> String {
    let of = match row.statistic {
        None => String::new(),
        Some(Statistic::Exact) => " (exact)".to_owned(),
        Some(statistic) => format!(" ({} of each round)", statistic.word()),
    };
    let mut text = format!("{levels}{of}");
    if let Some(change) = row.change {
        text += &format!(": {}", percent(change));
    }
    if row.interval.is_some() {
        text += &format!(
            ", {} interval {}",
            share(comparison.policy.confidence),
            interval(row.interval)
        );
    }
    let corrected = comparison.common_shift.filter(|shift| shift.corrected);
    if corrected.is_some() && row.interval.is_some() {
        text += ", without what the suite has in common";
    }
    text
}

/// How often each side was measured.
fn measured(row: &Row) -> Option<String> {
    let side = |what: &str, figures: &Option<Figures>| {
        figures.as_ref().map(|figures| {
            let values = figures.n.map(|n| format!(", {n} values")).unwrap_or_default();
            let shown = match figures.launches.len() {
                shown if shown < figures.rounds => format!(" (the newest {shown} are drawn)"),
                _ => String::new(),
            };
            format!(
                "{what} {}, {}{shown}{values}",
                counted(figures.runs, "run"),
                counted(figures.rounds, "round")
            )
        })
    };
    let sides =
        [side("baseline", &row.baseline_figures), side("candidate", &row.candidate_figures)];
    let sides: Vec<String> = sides.into_iter().flatten().collect();
    (!sides.is_empty()).then(|| sides.join("; "))
}

fn noise_source(comparison: &Comparison, row: &Row) -> String {
    if row.noise_assumed {
        return format!(
            "{} between runs of unchanged code (one standard deviation): assumed, as long as neither \
             rounds nor earlier runs show it",
            noise(row)
        );
    }
    let sides = || [&row.baseline_figures, &row.candidate_figures].into_iter().flatten();
    let rounds: usize = sides().map(|figures| figures.rounds).sum();
    let runs: usize = sides().map(|figures| figures.runs).sum();
    let earlier = match row.history_runs {
        0 => String::new(),
        count => format!(", {}", counted(count, "earlier run")),
    };
    let of_levels = comparison.benchmarks.iter().filter(|row| row.noise_floor.is_some());
    let rest = if of_levels.count() > 1 { " and the rest of the suite" } else { "" };
    format!(
        "{} between runs of unchanged code (one standard deviation): from these {} of {}{earlier}{rest}",
        noise(row),
        counted(rounds, "round"),
        counted(runs, "run"),
    )
}

fn chance(comparison: &Comparison, row: &Row) -> Option<String> {
    let shown = |p: f64| match p {
        p if p >= 0.001 => format!("{p:.3}"),
        p if p >= 1e-12 => format!("{p:.1e}"),
        _ => "below 1e-12".to_owned(),
    };
    let (p, q) = row.p_value.zip(row.q_value)?;
    Some(format!(
        "p {}, and q {} after correction over {} (Benjamini–Hochberg; significant up to {})",
        shown(p),
        shown(q),
        benchmarks(tests(comparison)),
        comparison.policy.fdr
    ))
}

fn threshold(row: &Row) -> String {
    let absolute = row.absolute_threshold.map(|absolute| value(Some(absolute), &row.unit));
    let relative = share(row.threshold);
    let text = match (absolute, row.relative_threshold) {
        (Some(absolute), None) => absolute,
        (Some(absolute), Some(relative)) => format!("{} and {absolute}, both", share(relative)),
        (None, _) => relative,
    };
    match limits(row).as_slice() {
        &[worse, better] => {
            format!("{text}: worse from {} on, better from {} on", percent(worse), percent(better))
        }
        _ => text,
    }
}

fn against_accepted(row: &Row, drift: &Drift) -> String {
    let [lower, upper] = drift.interval;
    // Counts have no interval.
    let interval =
        if lower < upper { format!(" {}", percent_interval(lower, upper)) } else { String::new() };
    format!(
        "{}{interval} against the accepted {}: {}; the best since then is {}",
        percent(drift.change),
        value(Some(drift.accepted), &row.unit),
        drift.verdict.word(),
        value(Some(drift.best), &row.unit),
    )
}
