//! Child processes that cannot be left behind.

use std::io;
use std::process::{Child, ChildStderr, ChildStdout, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

/// How often a wait looks whether its child ended or the user interrupts.
pub(super) const TICK: Duration = Duration::from_millis(50);
/// How often the system is asked about a child at most.
pub(super) const LOOK_INTERVAL: Duration = Duration::from_millis(5);
/// How long a child that is asked to end has for it.
const GRACE: Duration = Duration::from_secs(1);

/// A child process and everything it started, as long as that stays in its process group. All of it
/// is ended when this value goes away.
#[derive(Debug)]
pub(super) struct ProcessGroup {
    child: Child,
    status: Option<ExitStatus>,
    looked: Option<Instant>,
}

impl ProcessGroup {
    /// Starts `command` without input and with both outputs captured.
    pub(super) fn start(command: &mut Command) -> io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(command, 0);
        Ok(Self { child: command.spawn()?, status: None, looked: None })
    }

    /// Its standard output; once.
    pub(super) fn take_stdout(&mut self) -> Option<ChildStdout> {
        self.child.stdout.take()
    }

    /// Its standard error; once.
    pub(super) fn take_stderr(&mut self) -> Option<ChildStderr> {
        self.child.stderr.take()
    }

    /// How it ended, if it did. Whatever it left running is ended then.
    pub(super) fn poll(&mut self) -> io::Result<Option<ExitStatus>> {
        // Whoever handles a flood of lines asks for each: looking costs a system call.
        let due = self.looked.is_none_or(|at| at.elapsed() >= LOOK_INTERVAL);
        if self.status.is_none() && due {
            if self.has_ended()? {
                self.reap()?;
            }
            self.looked = Some(Instant::now());
        }
        Ok(self.status)
    }

    /// Ends it: asks first, then kills.
    pub(super) fn end(&mut self) -> Option<ExitStatus> {
        self.terminate();
        let asked = Instant::now();
        while asked.elapsed() < GRACE {
            match self.poll() {
                Ok(None) => thread::sleep(Duration::from_millis(5)),
                Ok(Some(status)) => return Some(status),
                Err(_) => break,
            }
        }
        let _ = self.reap();
        self.status
    }

    /// Kills what is left of the group, then collects the child: in this order, because a process id
    /// that is collected may already name another process.
    fn reap(&mut self) -> io::Result<()> {
        if self.status.is_none() {
            self.kill();
            self.status = Some(self.child.wait()?);
        }
        Ok(())
    }

    /// Whether the child itself ended; leaves it uncollected.
    #[cfg(unix)]
    fn has_ended(&mut self) -> io::Result<bool> {
        use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        Ok(waitid(WaitId::Pid(Pid::from_child(&self.child)), options)?.is_some())
    }

    #[cfg(not(unix))]
    fn has_ended(&mut self) -> io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    #[cfg(unix)]
    fn terminate(&mut self) {
        self.signal(rustix::process::Signal::TERM);
    }

    #[cfg(not(unix))]
    fn terminate(&mut self) {
        self.kill();
    }

    #[cfg(unix)]
    fn kill(&mut self) {
        self.signal(rustix::process::Signal::KILL);
    }

    #[cfg(not(unix))]
    fn kill(&mut self) {
        let _ = self.child.kill();
    }

    #[cfg(unix)]
    fn signal(&mut self, signal: rustix::process::Signal) {
        if self.status.is_none() {
            let group = rustix::process::Pid::from_child(&self.child);
            // It fails only when nothing is left to signal.
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

impl Drop for ProcessGroup {
    fn drop(&mut self) {
        let _ = self.reap();
    }
}

/// How a process ended, in words: `ended with exit status 101`, `was killed by signal 11`.
pub(super) fn described(status: ExitStatus) -> String {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return match signal {
            6 => "was aborted (signal 6)".to_owned(),
            9 => "was killed (signal 9; out of memory?)".to_owned(),
            11 => "crashed (signal 11, segmentation fault)".to_owned(),
            other => format!("was killed by signal {other}"),
        };
    }
    match status.code() {
        Some(code) => format!("ended with exit status {code}"),
        None => "ended without an exit status".to_owned(),
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::harness::output::read_lines;
    use std::sync::mpsc;

    fn shell(script: &str) -> ProcessGroup {
        ProcessGroup::start(Command::new("sh").args(["-c", script])).unwrap()
    }

    /// The first line and, once nobody holds the pipe any more, the end.
    fn first_line_then_end(group: &mut ProcessGroup) -> (String, mpsc::Receiver<Option<String>>) {
        let (sender, receiver) = mpsc::channel();
        read_lines(group.take_stdout().unwrap(), move |line| sender.send(line).is_ok());
        (receiver.recv().unwrap().unwrap(), receiver)
    }

    #[test]
    fn grandchildren_end_with_the_guard() {
        let mut group = shell("sleep 600 & echo started; wait");
        let (line, rest) = first_line_then_end(&mut group);
        assert_eq!(line, "started");
        assert!(group.poll().unwrap().is_none());
        drop(group);
        assert_eq!(rest.recv_timeout(Duration::from_secs(5)).unwrap(), None);
    }

    #[test]
    fn what_outlives_its_parent_is_ended_too() {
        let mut group = shell("sleep 600 & echo started");
        let (_, rest) = first_line_then_end(&mut group);
        let status = loop {
            if let Some(status) = group.poll().unwrap() {
                break status;
            }
            thread::yield_now();
        };
        assert!(status.success());
        assert_eq!(rest.recv_timeout(Duration::from_secs(5)).unwrap(), None);
    }

    #[test]
    fn one_that_ignores_the_request_is_killed() {
        let mut group = shell("trap '' TERM; echo ready; while :; do sleep 0.05; done");
        let (_, _rest) = first_line_then_end(&mut group);
        let status = group.end().unwrap();
        assert_eq!(described(status), "was killed (signal 9; out of memory?)");
    }
}
