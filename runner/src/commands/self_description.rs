//! What the program says about itself: schemas, completions, the manual.

use clap::CommandFactory as _;
use driftline_core::{change, compare, formats, wire};

use crate::args::{Arguments, SchemaName};
use crate::doctor;
use crate::error::{Error, Exit};
use crate::output;

/// Prints one JSON Schema, or all of them as an object by name.
pub(super) fn schema(format: Option<SchemaName>) -> Result<Exit, Error> {
    let schema_of = |name| match name {
        SchemaName::Comparison => schemars::schema_for!(compare::Comparison),
        SchemaName::Run => wire::run_schema(),
        SchemaName::Baseline => wire::baseline_schema(),
        SchemaName::Doctor => schemars::schema_for!(doctor::Report),
        SchemaName::Calibration => schemars::schema_for!(compare::Calibration),
        SchemaName::Changes => schemars::schema_for!(change::Changes),
        SchemaName::Values => formats::values_schema(),
    };
    let value = match format {
        Some(name) => schema_of(name).to_value(),
        None => serde_json::json!({
            "comparison": schema_of(SchemaName::Comparison),
            "run": schema_of(SchemaName::Run),
            "baseline": schema_of(SchemaName::Baseline),
            "doctor": schema_of(SchemaName::Doctor),
            "calibration": schema_of(SchemaName::Calibration),
            "changes": schema_of(SchemaName::Changes),
            "values": schema_of(SchemaName::Values),
        }),
    };
    output::print(&format!("{value:#}\n"))?;
    Ok(Exit::Fine)
}

/// Prints the completion script of a shell.
pub(super) fn completions(shell: clap_complete::Shell) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "driftline", &mut script);
    output::print(&String::from_utf8_lossy(&script))?;
    Ok(Exit::Fine)
}

/// Prints the manual page of the program, or of one of its commands.
pub(super) fn man(name: Option<&str>) -> Result<Exit, Error> {
    let mut program = Arguments::command();
    program.build();
    let page_of = match name {
        None => program,
        Some(name) => {
            let known: Vec<&str> = program.get_subcommands().map(clap::Command::get_name).collect();
            let known = known.join(", ");
            program.find_subcommand(name).cloned().ok_or_else(|| {
                Error::usage(format!("print the manual of {name:?}: no such command"))
                    .hint(format!("commands: {known}"))
            })?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(page_of)
        .render(&mut page)
        .map_err(|e| Error::data(format!("write the manual: {e}")))?;
    output::print(&String::from_utf8_lossy(&page))?;
    Ok(Exit::Fine)
}
