//! A calibration for people, spreadsheets and `driftline.toml`.

use super::csv::records;
use super::terminal::{BOLD, RESET, title_in_bold};
use super::words::{benchmarks, change, counted, dash, name, size};
use crate::compare::{Alarm, Calibration, CalibrationRow, Found, Outcome, Verdict};
use crate::text::{Align, Column, columns, csv_cell, markdown, percent, share, terminal, wrapped};

/// A slowdown counts as found from this share on.
const RELIABLY: f64 = 0.95;
/// Of each kind of alarm the newest are listed.
const LISTED: usize = 10;

/// A calibration as indented JSON, as the schema `calibration` describes it.
pub fn calibration_json(calibration: &Calibration) -> String {
    // Its keys are texts and its numbers finite: nothing can fail to serialise.
    serde_json::to_string_pretty(calibration).unwrap_or_default() + "\n"
}

/// Two sentences, a row for each benchmark, the alarms, and what to write into driftline.toml.
/// `width` is the terminal's, where it has one.
pub fn calibration_text(calibration: &Calibration, width: Option<usize>) -> String {
    const COLUMNS: [Column; 8] = [
        Column { title: "benchmark", align: Align::Left, sacrifice: 0 },
        Column { title: "noise floor", align: Align::Right, sacrifice: 1 },
        Column { title: "can show", align: Align::Right, sacrifice: 0 },
        Column { title: "finds from", align: Align::Right, sacrifice: 3 },
        Column { title: "false alarms", align: Align::Right, sacrifice: 0 },
        Column { title: "lasting", align: Align::Right, sacrifice: 2 },
        Column { title: "threshold", align: Align::Right, sacrifice: 4 },
        Column { title: "suggested", align: Align::Right, sacrifice: 0 },
    ];
    let rows: Vec<Vec<String>> =
        calibration.benchmarks.iter().map(|row| cells(row, terminal)).collect();
    let sentences = [replayed(calibration), sensitivity(calibration)].join(" ");
    let mut out = wrapped(&sentences, width).join("\n") + "\n\n";
    out += &columns(&COLUMNS, &rows, width, title_in_bold);
    for line in legend(calibration) {
        out += &format!("\n{}", wrapped(&line, width).join("\n"));
    }
    out.push('\n');
    for (outcome, title) in LISTS {
        let (listed, more) = newest(calibration, outcome);
        if listed.is_empty() {
            continue;
        }
        out += &format!("\n{BOLD}{title}{RESET}\n");
        for alarm in listed {
            out += &format!("  {} {}\n", alarm.verdict.glyph(), terminal(&describe(alarm)));
        }
        if more > 0 {
            out += &format!("  and {more} earlier\n");
        }
    }
    match calibration_toml(calibration) {
        toml if toml.is_empty() => out += &format!("\n{SUITED}\n"),
        toml => out += &format!("\n{BOLD}For driftline.toml{RESET}\n\n{toml}"),
    }
    out
}

/// The same as GitHub-flavoured Markdown.
pub fn calibration_markdown(calibration: &Calibration) -> String {
    let mut out = format!(
        "### Calibration\n\n{} {}\n\n\
         | benchmark | noise floor | can show | finds from | false alarms | lasting | threshold | suggested |\n\
         |---|---:|---:|---:|---:|---:|---:|---:|\n",
        replayed(calibration),
        sensitivity(calibration)
    );
    for row in &calibration.benchmarks {
        out += &format!("| {} |\n", cells(row, markdown).join(" | "));
    }
    for line in legend(calibration) {
        out += &format!("\n{line}\n");
    }
    for (outcome, title) in LISTS {
        let (listed, more) = newest(calibration, outcome);
        if listed.is_empty() {
            continue;
        }
        out += &format!("\n{title}:\n\n");
        for alarm in listed {
            out += &format!("- {} {}\n", alarm.verdict.glyph(), markdown(&describe(alarm)));
        }
        if more > 0 {
            out += &format!("- and {more} earlier\n");
        }
    }
    match calibration_toml(calibration) {
        toml if toml.is_empty() => out += &format!("\n{SUITED}\n"),
        // No fence of its own can be in it: every name is a quoted string on one line.
        toml => out += &format!("\nFor driftline.toml:\n\n````toml\n{toml}````\n"),
    }
    out
}

/// A row for each benchmark as CSV (RFC 4180); figures in full precision, empty where there is none.
pub fn calibration_csv(calibration: &Calibration) -> String {
    let header = [
        "benchmark",
        "metric",
        "unit",
        "comparisons",
        "inconclusive",
        "false_alarms",
        "lasting",
        "undecided",
        "noise_floor",
        "smallest_detectable",
        "threshold",
        "suggested_threshold",
    ];
    let slowdowns = calibration.totals.found.iter();
    let header = header
        .map(str::to_owned)
        .into_iter()
        .chain(slowdowns.map(|found| format!("found_at_{}", found.slowdown)));
    let rows = calibration.benchmarks.iter().map(|row| {
        let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
        let figures = [
            csv_cell(&row.id),
            csv_cell(&row.metric),
            csv_cell(&row.unit),
            row.comparisons.to_string(),
            row.inconclusive.to_string(),
            row.false_alarms.to_string(),
            row.lasting.to_string(),
            row.undecided.to_string(),
            number(row.noise_floor),
            number(row.smallest_detectable),
            row.threshold.to_string(),
            number(row.suggested_threshold),
        ];
        figures.into_iter().chain(row.found.iter().map(|found| number(found.share()))).collect()
    });
    records(std::iter::once(header.collect()).chain(rows))
}

/// What to write into driftline.toml: the threshold of the suite where another one is set, and a
/// rule for each benchmark whose noise asks for a larger one. Empty where nothing needs to change.
pub fn calibration_toml(calibration: &Calibration) -> String {
    let mut out = String::new();
    let suite = calibration.suggested_threshold;
    if let Some(threshold) = suite.filter(|&threshold| !is_set(calibration, threshold)) {
        out += &format!("threshold = {}\n", percentage(threshold));
    }
    for row in calibration.benchmarks.iter().filter(|row| row.needs_own_threshold(suite)) {
        let separator = if out.is_empty() { "" } else { "\n" };
        let Some(threshold) = row.suggested_threshold else {
            let name = quoted(&name(&row.id, &row.metric));
            out += &format!(
                "{separator}# {name}: no threshold up to 100 % suits its noise; more rounds may help\n"
            );
            continue;
        };
        out += &format!("{separator}[[benchmark]]\nmatch = {}\n", quoted(&row.id));
        let alone = calibration.benchmarks.iter().filter(|other| other.id == row.id).count() == 1;
        if !alone || row.metric != "wall_time" {
            out += &format!("metric = {}\n", quoted(&row.metric));
        }
        out += &format!("threshold = {}\n", percentage(threshold));
        if let Some(absolute) = row.absolute_threshold {
            out += &format!("absolute = {absolute:?}\n");
        }
    }
    out
}

const SUITED: &str = "The thresholds that are set suit the noise of every benchmark.";

const LISTS: [(Outcome, &str); 3] = [
    (Outcome::Lasting, "Shifts that lasted"),
    (Outcome::Undecided, "Alarms that no later run decides"),
    (Outcome::False, "False alarms: the shift was gone afterwards"),
];

/// What the replay says.
fn replayed(calibration: &Calibration) -> String {
    let totals = &calibration.totals;
    let rate = totals.false_alarms_per_100.map_or_else(String::new, |rate| {
        format!(
            " ({rate:.1} per 100 benchmarks, in {} of {})",
            totals.runs_with_false_alarms,
            counted(calibration.replayed, "run")
        )
    });
    format!(
        "{} of {} were each judged by up to {} before: {}{rate}, {} that lasted, {} of {} \
         inconclusive.",
        calibration.replayed,
        counted(calibration.runs, "run"),
        calibration.window,
        counted(totals.false_alarms, "false alarm"),
        counted(totals.lasting, "shift"),
        totals.inconclusive_share.map_or_else(dash, rounded),
        counted(totals.comparisons, "comparison"),
    )
}

/// What was found of the slowdowns put in, and the suite's threshold.
fn sensitivity(calibration: &Calibration) -> String {
    let found: Vec<String> = calibration
        .totals
        .found
        .iter()
        .filter_map(|found| {
            let part = rounded(found.share()?);
            Some(format!("{part} at {}", share(found.slowdown)))
        })
        .collect();
    let found = match found.as_slice() {
        [] => "No slowdown could be put in".to_owned(),
        _ => format!(
            "Of slowdowns put into single benchmarks of the newest {} it finds {}",
            counted(calibration.injected, "run"),
            found.join(", ")
        ),
    };
    let set = share(calibration.policy.threshold);
    let suite = match calibration.suggested_threshold {
        Some(threshold) if is_set(calibration, threshold) => {
            format!("the threshold of {set} suits the noise of most benchmarks")
        }
        Some(threshold) => {
            format!(
                "a threshold of {} suits the noise of most benchmarks ({set} is set)",
                share(threshold)
            )
        }
        None => format!("no usual threshold suits the noise of most benchmarks ({set} is set)"),
    };
    format!("{found}; {suite}.")
}

/// Whether this is the threshold that the policy has already.
fn is_set(calibration: &Calibration, threshold: f64) -> bool {
    (threshold - calibration.policy.threshold).abs() < 1e-9
}

/// What the columns mean.
fn legend(calibration: &Calibration) -> Vec<String> {
    let shown = benchmarks(calibration.benchmarks.len());
    let mut legend = vec![format!(
        "{shown}. Noise floor: how much runs of unchanged code differ, one standard deviation. Can \
         show: the smallest slowdown that the newest run could have told from noise. Finds from: \
         the smallest slowdown put in from which on nearly all were found at the threshold that is \
         set."
    )];
    let drifting = calibration.benchmarks.iter().filter_map(|row| {
        Some(format!("{} by {} a run", name(&row.id, &row.metric), percent(row.trend?)))
    });
    let drifting: Vec<String> = drifting.collect();
    if !drifting.is_empty() {
        legend.push(format!(
            "Drifting from run to run: {}. That is no noise, and no threshold helps against it: \
             `driftline changes` shows since when.",
            drifting.join(", ")
        ));
    }
    legend
}

/// The cells of a row.
fn cells(row: &CalibrationRow, escape: impl Fn(&str) -> String) -> Vec<String> {
    vec![
        escape(&name(&row.id, &row.metric)),
        row.noise_floor.map_or_else(dash, |floor| format!("±{}", size(floor))),
        row.smallest_detectable.map_or_else(dash, |smallest| match smallest {
            0.0 => "any".to_owned(),
            smallest => size(smallest),
        }),
        found_from(&row.found),
        if row.comparisons == 0 {
            dash()
        } else {
            format!("{} of {}", row.false_alarms, row.comparisons)
        },
        row.lasting.to_string(),
        share(row.threshold),
        row.suggested_threshold.map_or_else(|| "none".to_owned(), share),
    ]
}

/// The smallest slowdown from which on nearly all were found.
fn found_from(found: &[Found]) -> String {
    let reliably = |found: &&Found| found.share().is_some_and(|share| share >= RELIABLY);
    match found.iter().rev().take_while(reliably).last() {
        Some(found) => share(found.slowdown),
        None => match found.last().filter(|found| found.tried > 0) {
            Some(largest) => format!("> {}", share(largest.slowdown)),
            None => dash(),
        },
    }
}

/// The newest alarms of one outcome, newest last, and how many more there are.
fn newest(calibration: &Calibration, outcome: Outcome) -> (Vec<&Alarm>, usize) {
    let all: Vec<&Alarm> =
        calibration.alarms.iter().filter(|alarm| alarm.outcome == outcome).collect();
    let more = all.len().saturating_sub(LISTED);
    (all.into_iter().skip(more).collect(), more)
}

/// `memory/add: +40.2 % in run r15 (commit 0123456789)`.
fn describe(alarm: &Alarm) -> String {
    let commit = alarm.commit.as_deref().map_or_else(String::new, |commit| {
        format!(" (commit {})", commit.chars().take(10).collect::<String>())
    });
    let word = match alarm.verdict {
        Verdict::Improved => "better",
        _ => "worse",
    };
    let change = match alarm.change {
        None => word.to_owned(),
        some => change(some),
    };
    format!("{}: {change} in run {}{commit}", name(&alarm.id, &alarm.metric), alarm.run)
}

/// A share without decimals; those that are not quite nothing or all say so.
fn rounded(ratio: f64) -> String {
    match ratio {
        r if r > 0.0 && r < 0.01 => "under 1 %".to_owned(),
        r if r < 1.0 && r > 0.99 => "over 99 %".to_owned(),
        r => share((r * 100.0).round() / 100.0),
    }
}

/// A threshold as driftline.toml has it.
fn percentage(ratio: f64) -> String {
    quoted(&share(ratio).replace(' ', ""))
}

/// A TOML basic string, with everything escaped that does not print as itself.
fn quoted(text: &str) -> String {
    let mut out = "\"".to_owned();
    for c in text.chars() {
        let plain = terminal(c.encode_utf8(&mut [0; 4])).starts_with(c);
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            c if plain => out.push(c),
            c => out += &format!("\\U{:08X}", u32::from(c)),
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compare::{Policy, calibrate};
    use crate::model::{
        BenchmarkId, Direction, Iterations, Measurement, Metric, Round, Run, RunId, Sample, Unit,
    };

    /// A benchmark with a name that could do harm, 60 % slower in one run; and a calm one.
    fn calibration(policy: &Policy) -> Calibration {
        let runs: Vec<Run> = (0..14u32)
            .map(|run| {
                let measured = |name: &str, centre: f64| {
                    let rounds = (0..3u32).map(|round| {
                        let launch = centre * (1.0 + f64::from((run * 7 + round) % 5) / 100.0);
                        let value = |i| launch * (1.0 + f64::from(i % 3) / 200.0);
                        let values = (0..9).map(value).collect();
                        Round::of(Sample::new(values, Iterations::Every(1)).unwrap())
                    });
                    Measurement::new(
                        BenchmarkId::new(name).unwrap(),
                        Metric::wall_time(),
                        Unit::nanoseconds(),
                        Direction::Lower,
                        rounds.collect(),
                    )
                    .unwrap()
                };
                let spike = if run == 8 { 1.6 } else { 1.0 };
                Run::new(
                    RunId::new(format!("r{run}")).unwrap(),
                    vec![
                        measured("calm", 50.0),
                        measured("calmer", 70.0),
                        measured("calmest", 90.0),
                        measured("=\u{1b}[2J|\"x\"\\", 70.0 * spike),
                    ],
                )
            })
            .collect();
        calibrate(&runs.iter().collect::<Vec<_>>(), policy, 10)
    }

    #[test]
    fn names_from_outside_are_data() {
        let calibration = calibration(&Policy::default());
        assert_eq!(calibration.totals.false_alarms, 1, "{calibration:#?}");
        let text = calibration_text(&calibration, Some(100));
        assert!(!text.contains("\u{1b}[2J"), "{text}");
        let toml = calibration_toml(&calibration);
        assert!(toml.contains(r#""=\U0000001B[2J|\"x\"\\""#), "{toml}");
        let markdown = calibration_markdown(&calibration);
        assert!(markdown.contains(r#"\|"x""#), "{markdown}");
        let csv = calibration_csv(&calibration);
        assert!(csv.lines().nth(1).unwrap().starts_with("\"'="), "{csv}");
        let json: Calibration = serde_json::from_str(&calibration_json(&calibration)).unwrap();
        assert_eq!(json, calibration);
    }

    #[test]
    fn only_what_needs_to_change_is_to_be_pasted() {
        let strict: Policy = serde_json::from_str(
            r#"{"threshold": "5%", "benchmark": [{"match": "=*", "threshold": "100%"}]}"#,
        )
        .unwrap();
        let suggested = calibration(&strict).suggested_threshold.unwrap();
        let strict = Policy { threshold: suggested.to_string().parse().unwrap(), ..strict };
        let calibration = calibration(&strict);
        // A spike that no threshold suits is said, and nothing is set.
        let toml = calibration_toml(&calibration);
        assert!(toml.lines().all(|line| line.starts_with('#')), "{toml}");
    }

    #[test]
    fn slowdowns_are_found_from_the_smallest_on_that_all_larger_are() {
        let found = |shares: [usize; 3]| -> String {
            let of = |(slowdown, found)| Found { slowdown, tried: 20, found };
            let all: Vec<Found> = [0.1, 0.2, 0.3].into_iter().zip(shares).map(of).collect();
            found_from(&all)
        };
        assert_eq!(found([0, 19, 20]), "20 %");
        assert_eq!(found([20, 18, 20]), "30 %");
        assert_eq!(found([20, 20, 18]), "> 30 %");
        assert_eq!(found_from(&[Found { slowdown: 0.1, tried: 0, found: 0 }]), "–");
    }
}
