//! The command line of driftline: everything that touches the world. It runs benchmarks, keeps
//! history and baselines, and prints what the core makes of them.

mod acceptance;
mod args;
mod commands;
mod config;
mod criterion_directory;
mod doctor;
mod error;
mod harness;
mod init;
mod measure;
mod output;
mod page;
mod procfs;
mod provenance;
mod reference;
mod serve;
mod since;
mod store;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    let arguments = match args::Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => return output::misread(&error),
    };
    output::choose_color(arguments.global.color);
    match commands::execute(arguments) {
        Ok(exit) => exit.into(),
        Err(error) => {
            output::fail(&error);
            error.exit.into()
        }
    }
}
