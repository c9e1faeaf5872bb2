//! What a person sees while benchmarks run.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use driftline_core::model::Measurement;
use driftline_core::text::quantity;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::output::escaped;

/// How a benchmark ended.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Finished<'a> {
    /// With a measurement.
    Measured(&'a Measurement),
    /// Without one, for this reason.
    Failed(&'a str),
}

/// Who is told how far the benchmarks are. Called from one thread, and never while a benchmark's
/// own code is being timed unless that prints.
pub(crate) trait Progress {
    /// Passes begin: so many benchmarks in all of them, if every target could list its own.
    fn started(&self, total: Option<usize>);
    /// A pass begins, called so; so many benchmarks were to be run before it, if that is known.
    fn pass(&self, label: &str, before: Option<usize>);
    /// The next benchmark begins.
    fn benchmark(&self, name: &str);
    /// Its measurement takes about so long.
    fn measuring(&self, estimate: Duration);
    /// The benchmark ended.
    fn finished(&self, name: &str, result: Finished<'_>);
    /// A line for the user; also what a benchmark prints, when that is to be shown.
    fn message(&self, text: &str);
}

#[derive(Debug, Default)]
struct State {
    total: Option<usize>,
    /// The 1-based number of the benchmark that is running, over all passes.
    position: usize,
    begun: Option<Instant>,
    /// What the pass is called; nothing when there is only one.
    label: String,
}

/// Progress on standard error: a bar on a terminal, else one line for each benchmark that ended.
#[derive(Debug)]
pub(crate) struct TerminalProgress {
    bar: Option<ProgressBar>,
    state: Mutex<State>,
}

impl State {
    /// What stands before a benchmark's name.
    fn prefix(&self) -> String {
        if self.label.is_empty() { String::new() } else { format!("{} ", self.label) }
    }
}

impl Default for TerminalProgress {
    fn default() -> Self {
        Self::new()
    }
}

impl TerminalProgress {
    /// A bar if standard error is a terminal, else lines.
    pub(crate) fn new() -> Self {
        let bar = std::io::stderr().is_terminal().then(|| {
            // No steady tick: a thread that redraws would disturb what is being measured.
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
            bar.set_style(style("{msg}"));
            bar
        });
        Self { bar, state: Mutex::default() }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn line(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.suspend(|| write_line(text));
        } else {
            write_line(text);
        }
    }
}

impl Progress for TerminalProgress {
    fn started(&self, total: Option<usize>) {
        let begun = Some(Instant::now());
        *self.state() = State { total, begun, ..State::default() };
        if let (Some(bar), Some(total)) = (&self.bar, total) {
            // It may have been finished by the passes before.
            bar.reset();
            bar.set_style(style("{bar:24} {pos}/{len} {msg}"));
            bar.set_length(total as u64);
        }
    }

    fn pass(&self, label: &str, before: Option<usize>) {
        let mut state = self.state();
        label.clone_into(&mut state.label);
        if let Some(before) = before {
            state.position = before;
        }
    }

    fn benchmark(&self, name: &str) {
        let mut state = self.state();
        state.position += 1;
        if let Some(bar) = &self.bar {
            let left = remaining(&state).map_or(String::new(), |left| {
                format!(" ({} left)", indicatif::HumanDuration(left))
            });
            bar.set_position(state.position.saturating_sub(1) as u64);
            bar.set_message(format!("{}{}{left}", state.prefix(), escaped(name)));
        }
    }

    fn measuring(&self, estimate: Duration) {
        if let Some(bar) = &self.bar {
            let so_far = bar.message();
            let name = so_far.split(" · ").next().unwrap_or_default();
            bar.set_message(format!("{name} · {:.1} s", estimate.as_secs_f64()));
        }
    }

    fn finished(&self, name: &str, result: Finished<'_>) {
        let position = {
            let state = self.state();
            let prefix = state.prefix();
            match state.total {
                Some(total) => format!("[{}/{total}] {prefix}", state.position),
                None => format!("[{}] {prefix}", state.position),
            }
        };
        let name = escaped(name);
        match result {
            // The bar says enough; the figures are in the table that follows.
            Finished::Measured(_) if self.bar.is_some() => {}
            Finished::Measured(measurement) => {
                let centre = measurement.summary().centre().unwrap_or_default();
                self.line(&format!("{position}{name} {}", quantity(centre, measurement.unit())));
            }
            Finished::Failed(reason) => {
                self.line(&format!("{position}{name} failed: {}", escaped(reason)));
            }
        }
        if let Some(bar) = &self.bar {
            let state = self.state();
            bar.set_position(state.position as u64);
            if state.total == Some(state.position) {
                bar.finish_and_clear();
            }
        }
    }

    fn message(&self, text: &str) {
        self.line(&escaped(text));
    }
}

impl Drop for TerminalProgress {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// The time left, if the benchmarks to come take as long as those so far.
fn remaining(state: &State) -> Option<Duration> {
    let done = u32::try_from(state.position.checked_sub(1)?).ok().filter(|&done| done > 0)?;
    let to_come = u32::try_from(state.total?.saturating_sub(state.position - 1)).ok()?;
    Some(state.begun?.elapsed() / done * to_come)
}

/// A closed standard error is no reason to stop measuring.
fn write_line(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_what_was() {
        let begun = Instant::now().checked_sub(Duration::from_secs(10));
        let state = State { total: Some(11), position: 2, begun, ..State::default() };
        assert_eq!(remaining(&state).unwrap().as_secs(), 100);
        assert!(remaining(&State { position: 1, ..state }).is_none());
    }
}
