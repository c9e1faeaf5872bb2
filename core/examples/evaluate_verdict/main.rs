//! How often the verdict is right: on recorded launches of known truth, beside the rules of other
//! tools. `make evaluate-verdict` prints the tables; a history file of one's own recordings of
//! unchanged code can be given instead of those that come with the project.

#![expect(clippy::print_stdout, reason = "it is a program that prints a table")]

mod draws;
mod recording;
mod rules;

use std::process::ExitCode;

use draws::{Draws, History, Order, Slower};
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
         10 runs of one launch; \"no history\" is one run of three launches against one."
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
    let found = |draws: Draws| {
        let slowed = if draws.slower == Slower::One { 1 } else { BENCHMARKS };
        let suites = draws.take(SUITES / slowed, BENCHMARKS);
        let calls: Vec<Call> = suites
            .iter()
            .flat_map(|draw| rule.calls(draw).into_iter().take(slowed).collect::<Vec<_>>())
            .collect();
        let share = |call| percent(calls.iter().filter(|&&c| c == call).count(), calls.len());
        format!("{:.1} ({:.1})", share(Call::Regressed), share(Call::Inconclusive))
    };
    print!(
        "| {} | {} | {} | {} | {} |",
        rule.name(),
        red(Draws { order: Order::Random, ..unchanged }),
        red(unchanged),
        red(Draws { builds: true, ..unchanged }),
        red(Draws { history: History::OneRun, ..unchanged }),
    );
    for factor in [1.1, 1.2, 1.3, 1.5] {
        print!(" {} |", found(Draws { factor, slower: Slower::One, ..unchanged }));
    }
    for factor in [1.2, 1.3, 1.5] {
        print!(" {} |", found(Draws { factor, ..unchanged }));
    }
    let one = Draws { history: History::OneRun, factor: 1.5, slower: Slower::One, ..unchanged };
    println!(" {} |", found(one));
}

fn percent(part: usize, of: usize) -> f64 {
    100.0 * part as f64 / of.max(1) as f64
}
