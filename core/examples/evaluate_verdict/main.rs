//! How often the verdict is right: on recorded launches of known truth, beside the rules of other
//! tools. `make evaluate-verdict` prints the table; a history file of one's own recordings of
//! unchanged code can be given instead of the recorded one.

#![expect(clippy::print_stdout, reason = "it is a program that prints a table")]

mod draws;
mod recording;
mod rules;

use std::process::ExitCode;

use draws::{Draw, Draws, History, Order, Slower};
use recording::Recording;
use rules::{Call, Rule};

/// Suites drawn for each figure.
const SUITES: usize = 1500;
/// Benchmarks in a suite.
const BENCHMARKS: usize = 12;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "a program, not the core, takes an argument")]
    let path = std::env::args().nth(1);
    let recording = match path {
        None => Recording::shipped(),
        Some(path) => match Recording::read(&path) {
            Ok(recording) => recording,
            Err(error) => {
                println!("{error}");
                return ExitCode::FAILURE;
            }
        },
    };
    println!("{}\n", recording.describe());
    println!(
        "Per cent of suites of {BENCHMARKS} benchmarks with a false alarm on unchanged code; per cent of \
         slowdowns found, per benchmark, with the inconclusive ones in brackets."
    );
    for threshold in [0.20, 0.15, 0.10, 0.05] {
        println!("\n## threshold {:.0} %\n", threshold * 100.0);
        println!(
            "| rule | history of 10, random launches | in a row | fresh build | 1 run against 1 of 3 launches, in a row | 10 % | 15 % | 20 % | 30 % | 50 % | no history: 50 % |"
        );
        println!("|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|---:|");
        for rule in Rule::all(threshold) {
            row(&recording, &rule);
        }
    }
    ExitCode::SUCCESS
}

fn row(recording: &Recording, rule: &Rule) {
    let share = |order, history, builds, factor| {
        let slower = Slower::One;
        Draws { recording, order, history, builds, factor, slower, seed: 1 }
            .take(SUITES, BENCHMARKS)
    };
    let alarms = |draws: Vec<Draw>| {
        if draws.is_empty() {
            return "–".to_owned();
        }
        let red = draws.iter().filter(|draw| rule.calls(draw).contains(&Call::Regressed)).count();
        format!("{:.1}", 100.0 * red as f64 / draws.len() as f64)
    };
    let found = |draws: Vec<Draw>| {
        let calls: Vec<Call> =
            draws.iter().filter_map(|draw| rule.calls(draw).first().copied()).collect();
        let share = |call| {
            100.0 * calls.iter().filter(|&&c| c == call).count() as f64 / calls.len().max(1) as f64
        };
        format!("{:.1} ({:.1})", share(Call::Regressed), share(Call::Inconclusive))
    };
    let ten = History::Runs(10);
    print!(
        "| {} | {} | {} | {} | {} |",
        rule.name(),
        alarms(share(Order::Random, ten, false, 1.0)),
        alarms(share(Order::InARow, ten, false, 1.0)),
        alarms(share(Order::InARow, ten, true, 1.0)),
        alarms(share(Order::InARow, History::OneRun, false, 1.0)),
    );
    for factor in [1.1, 1.15, 1.2, 1.3, 1.5] {
        print!(" {} |", found(share(Order::InARow, ten, false, factor)));
    }
    println!(" {} |", found(share(Order::InARow, History::OneRun, false, 1.5)));
}
