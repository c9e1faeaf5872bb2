//! What goes to a terminal, a file or a pipe: results on standard output, notes on standard error.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::process::ExitCode;

use driftline_core::text::{terminal, terminal_lines};

use crate::args::Color;
use crate::error::{Error, Exit};

/// Decides about colours once, for both streams.
pub(crate) fn choose_color(color: Color) {
    match color {
        Color::Auto => {}
        Color::Always => anstream::ColorChoice::Always.write_global(),
        Color::Never => anstream::ColorChoice::Never.write_global(),
    }
}

/// The width of the terminal that standard output is, if it is one.
pub(crate) fn width() -> Option<usize> {
    if !std::io::stdout().is_terminal() {
        return None;
    }
    terminal_size::terminal_size().map(|(width, _)| usize::from(width.0))
}

/// Prints a result. A reader that has seen enough and closed the pipe is no error.
pub(crate) fn print(text: &str) -> Result<(), Error> {
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::new(Exit::Data, format!("write the result to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Whether people look at standard output.
pub(crate) fn is_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// Prints a file for other programs, to the last byte; on a terminal what would command it is escaped.
pub(crate) fn print_data(data: &[u8]) -> Result<(), Error> {
    if is_terminal() {
        let lines: Vec<String> =
            String::from_utf8_lossy(data).lines().map(|line| terminal(line) + "\n").collect();
        return print(&lines.concat());
    }
    let mut stdout = std::io::stdout().lock();
    match stdout.write_all(data).and_then(|()| stdout.flush()) {
        Err(e) if e.kind() != ErrorKind::BrokenPipe => {
            Err(Error::new(Exit::Data, format!("write the result to standard output: {e}")))
        }
        _ => Ok(()),
    }
}

/// Tells the user something besides the result.
pub(crate) fn note(text: &str) {
    say(&terminal(text));
}

/// Tells the user of something that is not as it should be.
pub(crate) fn warn(text: &str) {
    say(&format!("\u{1b}[1;33mwarning\u{1b}[0m: {}", terminal(text)));
}

/// As [`warn`], for text of several lines.
pub(crate) fn warn_of_lines(text: &str) {
    say(&format!("\u{1b}[1;33mwarning\u{1b}[0m: {}", terminal_lines(text)));
}

/// Tells the user how it ended.
pub(crate) fn fail(error: &Error) {
    say(&error.to_string());
}

/// Tells the user that the command line cannot be read, or what was asked for in its place.
/// An argument may be from outside too: what would command the terminal or a CI runner is escaped, at
/// the price of the colours.
pub(crate) fn misread(error: &clap::Error) -> ExitCode {
    let text = error.to_string();
    let harmless: Vec<String> = text.lines().map(terminal).collect();
    if error.use_stderr() && text.lines().ne(harmless.iter().map(String::as_str)) {
        say(&harmless.join("\n"));
    } else {
        // As with results: nobody is left to be told.
        let _ = error.print();
    }
    u8::try_from(error.exit_code()).map_or(ExitCode::FAILURE, ExitCode::from)
}

/// As [`note`], for text in which nothing is left to escape.
pub(crate) fn say(text: &str) {
    // Nobody is left to be told that standard error is closed.
    let _ = writeln!(anstream::stderr(), "{text}");
}
