//! One verb a file. Each returns the exit code it ends with, or an [`Error`].

mod baseline;
mod busyness;
mod calibrate;
mod changes;
mod ci;
mod compare;
mod doctor;
mod export;
mod formats;
mod history;
mod import;
mod init;
mod report;
mod run;
mod saving;
mod self_description;
mod view;

use crate::args::{Arguments, Command, DoctorArguments};
use crate::config::Project;
use crate::error::{Error, Exit};
use crate::output;
use crate::store::Store;

/// Executes the command line.
pub(crate) fn execute(arguments: Arguments) -> Result<Exit, Error> {
    let Arguments { global, command } = arguments;
    match &command {
        Command::Formats { format } => return formats::formats(format.as_deref()),
        Command::Schema { format } => return self_description::schema(*format),
        Command::Completions { shell } => return self_description::completions(*shell),
        Command::Man { command } => return self_description::man(command.as_deref()),
        Command::Doctor(DoctorArguments { launch: Some(milliseconds), .. }) => {
            return doctor::launch(*milliseconds);
        }
        _ => {}
    }
    let directory = global.directory.unwrap_or_else(|| ".".into());
    let project = Project::open(&directory, global.config.as_deref(), global.store.as_deref())?;
    match command {
        Command::Run(arguments) => run::run(&project, &arguments),
        Command::Ci(arguments) if arguments.render.is_some() => ci::render(&project, &arguments),
        Command::Ci(arguments) => ci::ci(&project, &arguments),
        Command::Compare(arguments) => compare::compare(&project, &arguments),
        Command::Calibrate(arguments) => calibrate::calibrate(&project, &arguments),
        Command::History(arguments) => history::history(&project, &arguments),
        Command::Changes(arguments) => changes::changes(&project, &arguments),
        Command::Baseline(command) => baseline::baseline(&project, command),
        Command::Import(arguments) => import::import(&project, &arguments),
        Command::Init(arguments) => init::init(&project, &arguments),
        Command::Export(arguments) => export::export(&project, &arguments),
        Command::Report(arguments) => report::report(&project, &arguments),
        Command::View(arguments) => view::view(&project, &arguments),
        Command::Doctor(arguments) => doctor::doctor(&project, &arguments),
        Command::Formats { .. }
        | Command::Schema { .. }
        | Command::Completions { .. }
        | Command::Man { .. } => Ok(Exit::Fine),
    }
}
