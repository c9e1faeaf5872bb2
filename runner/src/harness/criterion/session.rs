//! One launch of a bench program: it is started, listened to, and surely ended.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, SyncSender};
use std::thread;
use std::time::{Duration, Instant};

use super::announcement::Announcement;
use super::messages::{Incoming, Outgoing};
use super::protocol::{self, ProtocolError};
use super::raw::Raw;
use crate::harness::Interrupt;
use crate::harness::capture::PIPES_GRACE;
use crate::harness::output::{LastLines, read_lines};
use crate::harness::process::{ProcessGroup, TICK};

/// How often a program that has not connected yet is looked for: it waits for the runner's hello.
const ACCEPT_TICK: Duration = Duration::from_millis(5);
/// How long a program may take to answer the hello, or to take in a message.
const ANSWER_LIMIT: Duration = Duration::from_secs(10);
/// What an announced duration is believed at most.
const LONGEST_ESTIMATE: Duration = Duration::from_hours(24);

/// How to launch.
#[derive(Debug)]
pub(super) struct Launch<'a> {
    pub(super) command: Command,
    /// Whether to offer the runner's protocol.
    pub(super) protocol: bool,
    /// How long it may give no sign of life beyond what it announced itself.
    pub(super) timeout: Duration,
    pub(super) interrupt: &'a Interrupt,
}

/// What happens while it runs.
pub(super) trait Observer {
    /// A benchmark begins.
    fn begun(&mut self, name: &str);
    /// Its measurement will take about so long.
    fn measuring(&mut self, estimate: Duration);
    /// Its sample.
    fn measured(&mut self, raw: Raw);
    /// It printed a line.
    fn printed(&mut self, line: &str);
}

/// How a launch ended.
#[derive(Debug)]
pub(super) enum Ending {
    /// By itself.
    Exited(ExitStatus),
    /// No sign of life for so long.
    Hung(Duration),
    /// The user interrupted it.
    Interrupted,
    /// It does not speak the protocol that is known here.
    Refused(ProtocolError),
    /// It began to speak it, and then said something else.
    Broken(ProtocolError),
}

/// A launch's end.
#[derive(Debug)]
pub(super) struct Launched {
    pub(super) ending: Ending,
    /// Whether it connected.
    pub(super) connected: bool,
    /// The benchmark that had begun and was not measured.
    pub(super) current: Option<String>,
    pub(super) last_output: Vec<String>,
}

enum Event {
    Line(String),
    PipeClosed,
    Message(Incoming),
    Disconnected,
    Refused(ProtocolError),
    Broken(ProtocolError),
}

struct Session<'a> {
    observer: &'a mut dyn Observer,
    stream: Option<TcpStream>,
    current: Option<String>,
    /// A sample whose unit was asked for.
    pending: Option<Raw>,
    last_sign: Instant,
    announced: Duration,
    last: LastLines,
}

/// Runs one launch to its end.
pub(super) fn run(mut launch: Launch<'_>, observer: &mut dyn Observer) -> io::Result<Launched> {
    let mut listener = if launch.protocol { listen() } else { None };
    match listener.as_ref().and_then(|l| l.local_addr().ok()) {
        Some(address) => launch.command.env("CARGO_CRITERION_PORT", address.port().to_string()),
        None => launch.command.env_remove("CARGO_CRITERION_PORT"),
    };
    let mut group = ProcessGroup::start(&mut launch.command)?;
    // Bounded: a program that floods its output waits instead of filling this one's memory.
    let (sender, receiver) = mpsc::sync_channel(256);
    // Sources that are still open: two pipes, later the connection.
    let mut open = 2;
    if let Some(pipe) = group.take_stdout() {
        forward_lines(pipe, sender.clone());
    }
    if let Some(pipe) = group.take_stderr() {
        forward_lines(pipe, sender.clone());
    }
    let mut session = Session {
        observer,
        stream: None,
        current: None,
        pending: None,
        last_sign: Instant::now(),
        announced: Duration::ZERO,
        last: LastLines::default(),
    };
    let mut connected = false;
    let mut ended: Option<(Ending, Instant)> = None;
    loop {
        if let Some(stream) = listener.as_ref().and_then(accept) {
            listener = None;
            connected = true;
            open += 1;
            session.connect(stream, launch.timeout, sender.clone());
        }
        let (mut problem, mut unreadable) = (None, false);
        // With nothing left to hear, its end is all that is waited for.
        let soon = listener.is_some() || open == 0;
        match receiver.recv_timeout(if soon { ACCEPT_TICK } else { TICK }) {
            Ok(Event::Line(line)) => session.printed(&line, connected),
            Ok(Event::PipeClosed | Event::Disconnected) => open -= 1,
            Ok(Event::Message(message)) => {
                problem = session.answer(message).err().map(Ending::Broken);
            }
            Ok(Event::Refused(error)) => {
                (problem, unreadable) = (Some(Ending::Refused(error)), true);
            }
            Ok(Event::Broken(error)) => {
                (problem, unreadable) = (Some(Ending::Broken(error)), true);
            }
            Err(_) => {}
        }
        match &mut ended {
            // What it said before its end is still read, and may tell that the end was no good one.
            Some((ending @ Ending::Exited(_), _)) if unreadable => {
                open -= 1;
                let well = matches!(ending, Ending::Exited(status) if status.success());
                if let Some(problem) = problem.filter(|_| well) {
                    *ending = problem;
                }
                continue;
            }
            Some((_, at)) if open == 0 || at.elapsed() > PIPES_GRACE => break,
            Some(_) => continue,
            None => {}
        }
        let limit = launch.timeout.saturating_add(session.announced);
        let ending = match problem {
            Some(problem) => Some(problem),
            None if launch.interrupt.is_set() => Some(Ending::Interrupted),
            None if session.last_sign.elapsed() > limit => Some(Ending::Hung(limit)),
            None => group.poll()?.map(Ending::Exited),
        };
        if let Some(ending) = ending {
            if matches!(ending, Ending::Refused(_) | Ending::Broken(_)) {
                open -= 1;
            }
            group.end();
            listener = None;
            ended = Some((ending, Instant::now()));
        }
    }
    let Some((ending, _)) = ended else { return Err(io::Error::other("its end was missed")) };
    Ok(Launched {
        ending,
        connected,
        current: session.current.take(),
        last_output: std::mem::take(&mut session.last).into_lines(),
    })
}

impl Session<'_> {
    fn connect(&mut self, stream: TcpStream, timeout: Duration, sender: SyncSender<Event>) {
        self.sign_of_life();
        match prepare(&stream, timeout.min(ANSWER_LIMIT)) {
            Ok(reading) => {
                self.stream = Some(stream);
                thread::spawn(move || converse(reading, &sender));
            }
            Err(error) => {
                // From a thread, because the channel may be full and this one empties it.
                thread::spawn(move || sender.send(Event::Refused(error)));
            }
        }
    }

    fn printed(&mut self, line: &str, connected: bool) {
        self.last.push(line);
        self.observer.printed(line);
        // Connected, only messages are signs of life: a benchmark that hangs may well go on printing.
        if !connected && let Some(announcement) = Announcement::read(line) {
            self.sign_of_life();
            if self.current.as_deref() != Some(announcement.name) {
                self.observer.begun(announcement.name);
                self.current = Some(announcement.name.to_owned());
            }
            if let Some(estimate) = announcement.estimate {
                self.announce(estimate.as_secs_f64() * 1e9);
                self.observer.measuring(self.announced);
            }
        }
    }

    fn answer(&mut self, message: Incoming) -> Result<(), ProtocolError> {
        self.sign_of_life();
        match message {
            Incoming::BeginningBenchmark { id } => {
                let name = id.full();
                self.observer.begun(&name);
                self.current = Some(name);
            }
            Incoming::Warmup { nanos } => self.announce(nanos),
            Incoming::MeasurementStart { estimate_ns } => {
                self.announce(estimate_ns);
                self.observer.measuring(self.announced);
            }
            Incoming::MeasurementComplete { id, iters, times } => {
                self.send(&Outgoing::ScaleForMachines { values: &times })?;
                self.pending =
                    Some(Raw { name: id.full(), iters, totals: times, unit: String::new() });
            }
            Incoming::ScaledValues { scaled_values, unit } => {
                if let Some(raw) = self.pending.take() {
                    self.current = None;
                    self.observer.measured(Raw { totals: scaled_values, unit, ..raw });
                    self.send(&Outgoing::Continue)?;
                }
            }
            Incoming::FinishedBenchmarkGroup {} => self.send(&Outgoing::Continue)?,
            Incoming::BeginningBenchmarkGroup {}
            | Incoming::SkippingBenchmark {}
            | Incoming::FormattedValue {} => {}
        }
        Ok(())
    }

    fn send(&mut self, message: &Outgoing<'_>) -> Result<(), ProtocolError> {
        self.stream.as_mut().map_or(Ok(()), |stream| protocol::send(stream, message))
    }

    fn sign_of_life(&mut self) {
        self.last_sign = Instant::now();
        self.announced = Duration::ZERO;
    }

    fn announce(&mut self, nanoseconds: f64) {
        let estimate = Duration::try_from_secs_f64(nanoseconds / 1e9).unwrap_or_default();
        self.announced = estimate.min(LONGEST_ESTIMATE);
    }
}

impl Drop for Session<'_> {
    fn drop(&mut self) {
        // Ends the thread that reads.
        if let Some(stream) = &self.stream {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

/// Criterion connects to `localhost`, whichever address that is.
fn listen() -> Option<TcpListener> {
    let listener =
        TcpListener::bind("127.0.0.1:0").or_else(|_| TcpListener::bind("[::1]:0")).ok()?;
    listener.set_nonblocking(true).ok()?;
    Some(listener)
}

fn accept(listener: &TcpListener) -> Option<TcpStream> {
    listener.accept().ok().map(|(stream, _)| stream)
}

/// Sends the hello and returns the stream to read from.
fn prepare(stream: &TcpStream, limit: Duration) -> Result<TcpStream, ProtocolError> {
    stream.set_nonblocking(false)?;
    stream.set_nodelay(true)?;
    stream.set_write_timeout(Some(limit))?;
    protocol::send_hello(&mut &*stream)?;
    let reading = stream.try_clone()?;
    reading.set_read_timeout(Some(limit))?;
    Ok(reading)
}

fn converse(mut stream: TcpStream, sender: &SyncSender<Event>) {
    let greeted = protocol::read_hello(&mut stream)
        .and_then(|()| stream.set_read_timeout(None).map_err(ProtocolError::from));
    let mut last = match greeted {
        Ok(()) => None,
        Err(error) => Some(Event::Refused(error)),
    };
    while last.is_none() {
        last = match protocol::receive(&mut stream) {
            Ok(Some(message)) => match sender.send(Event::Message(message)) {
                Ok(()) => None,
                Err(_) => return,
            },
            Ok(None) => Some(Event::Disconnected),
            Err(error) => Some(Event::Broken(error)),
        };
    }
    if let Some(last) = last {
        let _ = sender.send(last);
    }
}

fn forward_lines(pipe: impl io::Read + Send + 'static, sender: SyncSender<Event>) {
    read_lines(pipe, move |line| sender.send(line.map_or(Event::PipeClosed, Event::Line)).is_ok());
}
