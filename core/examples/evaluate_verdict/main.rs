//! How often the verdict is right: on recorded launches of known truth, beside the rules of other
//! tools. `make evaluate-verdict` prints the tables; a history file of one's own recordings of
//! unchanged code can be given instead of those that come with the project.

#![expect(clippy::print_stdout, reason = "it is a program that prints a table")]

mod draws;
mod recording;
mod rules;

use std::collections::{BTreeMap, BTreeSet};
use std::process::ExitCode;

use draws::{Draws, History, Order, Slower};
use driftline_core::stats::{median, sorted};
use recording::Recording;
use rules::{Call, Rule};

/// Suites drawn for each figure.
const SUITES: usize = 2000;
/// Benchmarks in a suite.
const BENCHMARKS: usize = 12;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program, not the core, takes an argument")]
    let path = std::env::args().nth(1);
    let recordings = match path {
        None => Recording::shipped(),
        Some(path) => match Recording::read(&path) {
            Ok(recording) => vec![recording],
            Err(error) => {
                println!("{error}");
                return ExitCode::FAILURE;
            }
        },
    };
    println!(
        "Suites of {BENCHMARKS} benchmarks, {SUITES} drawn for each figure; the candidate has three \
         launches. Red: per cent of suites of unchanged code in which anything is called regressed. \
         Found: per cent of slowed benchmarks called regressed (in brackets: called inconclusive); \
         \"one\" is the only slower benchmark of its suite, \"all\" are slowed alike. The history is \
         10 runs of one launch; \"no history\" is one run of three launches against one. A benchmark \
         can show a slowdown where the smallest that could be told of it, as driftline says itself \
         for unchanged code, is mostly no larger."
    );
    for recording in &recordings {
        println!("\n# {}", recording.describe());
        for threshold in [0.20, 0.15, 0.05] {
            println!("\n## threshold {:.0} %\n", threshold * 100.0);
            println!(
                "| rule | red: launches at random | in a row | a fresh build | no history | one 10 % | one 20 % | one 30 % | one 50 % | all 20 % | all 30 % | all 50 % | no history, one 50 % |"
            );
            println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
            for rule in Rule::all(threshold) {
                row(recording, &rule);
            }
        }
    }
    ExitCode::SUCCESS
}

fn row(recording: &Recording, rule: &Rule) {
    let unchanged = Draws {
        recording,
        order: Order::InARow,
        history: History::Runs(10),
        builds: false,
        factor: 1.0,
        slower: Slower::All,
        seed: 1,
    };
    let red = |draws: Draws| {
        let suites = draws.take(SUITES, BENCHMARKS);
        if suites.is_empty() {
            return "–".to_owned();
        }
        let red = suites.iter().filter(|draw| rule.calls(draw).contains(&Call::Regressed)).count();
        format!("{:.1}", percent(red, suites.len()))
    };
    print!(
        "| {} | {} | {} | {} | {} |",
        rule.name(),
        red(Draws { order: Order::Random, ..unchanged }),
        red(unchanged),
        red(Draws { builds: true, ..unchanged }),
        red(Draws { history: History::OneRun, ..unchanged }),
    );
    let of_all = slowed(unchanged).map(|draws| found(rule, draws, None));
    println!(" {} |", of_all.join(" | "));
    let able = slowed(unchanged).map(|draws| {
        let able = able(rule, draws);
        (!able.is_empty()).then(|| (found(rule, draws, Some(&able)), able.len()))
    });
    if able.iter().any(Option::is_some) {
        let cells = able.map(|able| {
            able.map_or("–".to_owned(), |(found, count)| {
                format!("{found} of {count}/{}", recording.benchmarks.len())
            })
        });
        println!(
            "| … counted over the benchmarks that can show it | | | | | {} |",
            cells.join(" | ")
        );
    }
}

/// What slowdowns are put in.
fn slowed(unchanged: Draws<'_>) -> [Draws<'_>; 8] {
    let one = |factor| Draws { factor, slower: Slower::One, ..unchanged };
    let all = |factor| Draws { factor, ..unchanged };
    let no_history = Draws { history: History::OneRun, ..one(1.5) };
    [one(1.1), one(1.2), one(1.3), one(1.5), all(1.2), all(1.3), all(1.5), no_history]
}

/// How many of the slowed benchmarks, of all or of those named, are called regressed, and
/// inconclusive.
fn found(rule: &Rule, draws: Draws<'_>, of: Option<&BTreeSet<String>>) -> String {
    let slowed = if draws.slower == Slower::One { 1 } else { BENCHMARKS };
    let suites = draws.take(SUITES / slowed, BENCHMARKS);
    let calls: Vec<Call> = suites
        .iter()
        .flat_map(|draw| {
            let calls = rule.calls(draw).into_iter().zip(draw.recorded()).take(slowed);
            let counted = |name: &str| of.is_none_or(|of| of.contains(name));
            calls.filter(|(_, name)| counted(name)).map(|(call, _)| call).collect::<Vec<_>>()
        })
        .collect();
    let share = |call| percent(calls.iter().filter(|&&c| c == call).count(), calls.len());
    format!("{:.1} ({:.1})", share(Call::Regressed), share(Call::Inconclusive))
}

/// The recorded benchmarks whose noise lets the rule show such a slowdown, as it says itself of
/// unchanged code: in most suites the smallest slowdown that it could have told is no larger.
fn able(rule: &Rule, draws: Draws<'_>) -> BTreeSet<String> {
    const ENOUGH: usize = 200;
    let mut said: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    for draw in (Draws { factor: 1.0, seed: 2, ..draws }).take(ENOUGH, BENCHMARKS) {
        for (name, smallest) in draw.recorded().zip(rule.smallest_detectable(&draw)) {
            said.entry(name.to_owned()).or_default().push(smallest);
        }
    }
    said.retain(|_, smallest| median(&sorted(smallest)).is_some_and(|m| m <= draws.factor - 1.0));
    said.into_keys().collect()
}

fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}
