//! Tables for a terminal. Colours are ANSI sequences; whoever writes to something that is no
//! terminal strips them.

use super::{change, counts, interval, name, value};
use crate::compare::{Comparison, Verdict};
use crate::model::{Baseline, Run};
use crate::text::{Align, Column, columns, quantity, share, terminal};

pub(super) const RESET: &str = "\u{1b}[0m";
pub(super) const BOLD: &str = "\u{1b}[1m";
pub(super) const DIM: &str = "\u{1b}[2m";

fn colour(verdict: Verdict) -> &'static str {
    match verdict {
        // Orange and blue: told apart in the common kinds of colour blindness.
        Verdict::Regressed => "\u{1b}[1;38;5;208m",
        Verdict::Improved => "\u{1b}[38;5;39m",
        Verdict::Inconclusive => "\u{1b}[33m",
        Verdict::New | Verdict::Gone => "\u{1b}[36m",
        Verdict::Unchanged => "",
    }
}

/// The rows of a comparison, the reasons for every verdict that asks for attention, warnings, and
/// a last line with all counts. `width` is the terminal's, where it has one.
pub fn comparison_table(comparison: &Comparison, width: Option<usize>) -> String {
    const COLUMNS: [Column; 7] = [
        Column { title: "", align: Align::Left, sacrifice: 1 },
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "baseline", align: Align::Right, sacrifice: 2 },
        Column { title: "candidate", align: Align::Right, sacrifice: 0 },
        Column { title: "change", align: Align::Right, sacrifice: 0 },
        Column { title: "interval", align: Align::Left, sacrifice: 3 },
        Column { title: "verdict", align: Align::Left, sacrifice: 0 },
    ];
    let rows: Vec<Vec<String>> = comparison
        .benchmarks
        .iter()
        .map(|row| {
            vec![
                row.verdict.glyph().to_string(),
                terminal(&name(&row.id, &row.metric)),
                value(row.baseline, &row.unit),
                value(row.candidate, &row.unit),
                change(row.change),
                interval(row.interval),
                row.verdict.word().to_owned(),
            ]
        })
        .collect();
    let style = |line: usize| match line.checked_sub(1).and_then(|i| comparison.benchmarks.get(i)) {
        None => (BOLD.to_owned(), RESET.to_owned()),
        Some(row) if colour(row.verdict).is_empty() => (String::new(), String::new()),
        Some(row) => (colour(row.verdict).to_owned(), RESET.to_owned()),
    };
    let mut out = columns(&COLUMNS, &rows, width, style);

    let notable =
        |v: Verdict| matches!(v, Verdict::Regressed | Verdict::Improved | Verdict::Inconclusive);
    for row in comparison.benchmarks.iter().filter(|row| notable(row.verdict)) {
        let reasons = terminal(&row.reasons.join("; "));
        let name = terminal(&name(&row.id, &row.metric));
        out +=
            &format!("\n{}{} {name}{RESET}: {reasons}", colour(row.verdict), row.verdict.glyph());
    }
    if comparison.benchmarks.iter().any(|row| notable(row.verdict)) {
        out.push('\n');
    }
    for skipped in &comparison.skipped {
        out += &format!("\nskipped {}: {}", terminal(&skipped.name), terminal(&skipped.reason));
    }
    if !comparison.skipped.is_empty() {
        out.push('\n');
    }
    for warning in &comparison.warnings {
        out += &format!("\n{BOLD}warning{RESET}: {}", terminal(warning));
    }
    if !comparison.warnings.is_empty() {
        out.push('\n');
    }
    out += &format!(
        "\n{BOLD}{}{RESET}\n{DIM}{} → {}; {} intervals; threshold {} unless configured{RESET}\n",
        counts(&comparison.summary),
        terminal(&comparison.baseline.name),
        terminal(&comparison.candidate.name),
        share(comparison.policy.confidence),
        share(comparison.policy.threshold),
    );
    out
}

/// The measurements of a run: median, quartiles, extremes and how many values.
pub fn measurement_table(run: &Run, width: Option<usize>) -> String {
    const COLUMNS: [Column; 6] = [
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "median", align: Align::Right, sacrifice: 0 },
        Column { title: "quartiles", align: Align::Left, sacrifice: 2 },
        Column { title: "minimum", align: Align::Right, sacrifice: 1 },
        Column { title: "maximum", align: Align::Right, sacrifice: 4 },
        Column { title: "values", align: Align::Right, sacrifice: 3 },
    ];
    let rows: Vec<Vec<String>> = run
        .measurements
        .iter()
        .map(|measurement| {
            let summary = measurement.summary();
            let shown = |figure: Option<f64>| value(figure, measurement.unit().as_str());
            let quartiles = summary.lower_quartile.zip(summary.upper_quartile).map_or_else(
                || "–".to_owned(),
                |(low, high)| {
                    let unit = measurement.unit();
                    format!("{} … {}", quantity(low, unit), quantity(high, unit))
                },
            );
            vec![
                terminal(&name(measurement.benchmark().as_str(), measurement.metric().as_str())),
                shown(summary.centre()),
                quartiles,
                shown(summary.minimum),
                shown(summary.maximum),
                summary.n.map_or_else(|| "–".to_owned(), |n| n.to_string()),
            ]
        })
        .collect();
    let mut out = columns(&COLUMNS, &rows, width, title_in_bold);
    for skipped in &run.skipped {
        out += &format!("\nskipped {}: {}", terminal(&skipped.name), terminal(&skipped.reason));
    }
    if !run.skipped.is_empty() {
        out.push('\n');
    }
    out
}

/// The baselines: what each holds, and where it comes from.
pub fn baseline_list(baselines: &[Baseline], width: Option<usize>) -> String {
    const COLUMNS: [Column; 6] = [
        Column { title: "baseline", align: Align::Left, sacrifice: 0 },
        Column { title: "saved", align: Align::Left, sacrifice: 1 },
        Column { title: "benchmarks", align: Align::Right, sacrifice: 0 },
        Column { title: "commit", align: Align::Left, sacrifice: 2 },
        Column { title: "machine", align: Align::Left, sacrifice: 3 },
        Column { title: "run", align: Align::Left, sacrifice: 4 },
    ];
    let dash = || "–".to_owned();
    let rows: Vec<Vec<String>> = baselines
        .iter()
        .map(|Baseline { name, saved, run }| {
            vec![
                name.to_string(),
                saved.map_or_else(dash, |time| time.to_string()),
                run.measurements.len().to_string(),
                run.commit.as_ref().map_or_else(dash, |commit| terminal(&commit.short())),
                terminal(&run.machine_fingerprint()),
                terminal(run.id.as_str()),
            ]
        })
        .collect();
    columns(&COLUMNS, &rows, width, title_in_bold)
}

/// The style of a table without colours: its titles stand out.
pub(super) fn title_in_bold(line: usize) -> (String, String) {
    match line {
        0 => (BOLD.to_owned(), RESET.to_owned()),
        _ => (String::new(), String::new()),
    }
}
