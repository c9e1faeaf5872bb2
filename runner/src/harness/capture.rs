//! Runs a program to its end and keeps what it prints.

use std::io::{self, Read};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::Interrupt;
use super::output::{LastLines, read_lines};
use super::process::{LOOK_INTERVAL, ProcessGroup, TICK};

/// What is kept of a standard output; more is no benchmark result.
const MOST_BYTES: usize = 1 << 30;
/// How long after a program's end its pipes are read on: only what left its process group can still
/// hold them.
pub(super) const PIPES_GRACE: Duration = Duration::from_millis(500);

/// What standard output is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stdout {
    /// Data, to be kept.
    Data,
    /// Text for people, as standard error is.
    Text,
}

/// How a program ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ending {
    /// By itself.
    Exited(ExitStatus),
    /// It took longer than it may.
    TimedOut,
    /// The user interrupted it.
    Interrupted,
}

/// A program's end and what it printed.
#[derive(Debug)]
pub(super) struct Captured {
    pub(super) ending: Ending,
    /// Its standard output, if that was [`Stdout::Data`].
    pub(super) data: Vec<u8>,
    /// The last lines it printed for people.
    pub(super) last_output: Vec<String>,
}

enum Printed {
    Data(Vec<u8>),
    Line(String),
    Closed,
}

/// Runs `command` until it ends, for at most `limit`, and shows its lines to `echo`.
pub(super) fn run(
    command: &mut Command,
    stdout: Stdout,
    limit: Option<Duration>,
    interrupt: &Interrupt,
    echo: &mut dyn FnMut(&str),
) -> io::Result<Captured> {
    let mut group = ProcessGroup::start(command)?;
    let (sender, receiver) = mpsc::sync_channel(64);
    let mut open = 0;
    if let Some(pipe) = group.take_stderr() {
        open += 1;
        send_lines(pipe, sender.clone());
    }
    if let Some(pipe) = group.take_stdout() {
        open += 1;
        match stdout {
            Stdout::Text => send_lines(pipe, sender.clone()),
            Stdout::Data => send_bytes(pipe, sender.clone()),
        }
    }

    let begun = Instant::now();
    let mut data = Vec::new();
    let mut last = LastLines::default();
    let mut ended: Option<(Ending, Instant)> = None;
    while open > 0 || ended.is_none() {
        // With nothing left to hear, its end is all that is waited for.
        match receiver.recv_timeout(if open == 0 { LOOK_INTERVAL } else { TICK }) {
            Ok(Printed::Data(bytes)) if data.len() + bytes.len() <= MOST_BYTES => {
                data.extend(bytes);
            }
            Ok(Printed::Line(line)) => {
                last.push(&line);
                echo(&line);
            }
            Ok(Printed::Closed) => open -= 1,
            // Too many bytes; or none yet.
            Ok(Printed::Data(_)) | Err(_) => {}
        }
        match ended {
            Some((_, at)) if at.elapsed() > PIPES_GRACE => break,
            Some(_) => {}
            None => {
                let ending = if interrupt.is_set() {
                    group.end();
                    Some(Ending::Interrupted)
                } else if limit.is_some_and(|limit| begun.elapsed() > limit) {
                    group.end();
                    Some(Ending::TimedOut)
                } else {
                    group.poll()?.map(Ending::Exited)
                };
                ended = ending.map(|ending| (ending, Instant::now()));
            }
        }
    }
    let ending = ended.map_or(Ending::Interrupted, |(ending, _)| ending);
    Ok(Captured { ending, data, last_output: last.into_lines() })
}

fn send_lines(pipe: impl Read + Send + 'static, sender: SyncSender<Printed>) {
    read_lines(pipe, move |line| sender.send(line.map_or(Printed::Closed, Printed::Line)).is_ok());
}

fn send_bytes(mut pipe: impl Read + Send + 'static, sender: SyncSender<Printed>) {
    thread::spawn(move || {
        let mut chunk = vec![0; 1 << 16];
        loop {
            match pipe.read(&mut chunk) {
                Ok(0) => break,
                Ok(n) => {
                    if sender
                        .send(Printed::Data(chunk.get(..n).unwrap_or_default().to_vec()))
                        .is_err()
                    {
                        return;
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(_) => break,
            }
        }
        let _ = sender.send(Printed::Closed);
    });
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn shell(script: &str, limit: Option<Duration>, interrupt: &Interrupt) -> Captured {
        let mut command = Command::new("sh");
        run(command.args(["-c", script]), Stdout::Data, limit, interrupt, &mut |_| {}).unwrap()
    }

    #[test]
    fn full_pipes_do_not_block() {
        let script = "yes data | head -c 300000; yes text | head -c 300000 >&2; exit 3";
        let captured = shell(script, None, &Interrupt::new());
        assert!(matches!(captured.ending, Ending::Exited(status) if status.code() == Some(3)));
        assert_eq!(captured.data.len(), 300_000);
        assert_eq!(captured.last_output.len(), 20);
    }

    #[test]
    fn time_limit_and_interrupt_end_it() {
        let limit = Some(Duration::from_millis(100));
        let captured = shell("echo so far; sleep 600", limit, &Interrupt::new());
        assert_eq!(captured.ending, Ending::TimedOut);
        assert_eq!(captured.data, b"so far\n");
        let interrupt = Interrupt::new();
        interrupt.set();
        assert_eq!(shell("sleep 600", None, &interrupt).ending, Ending::Interrupted);
    }
}
