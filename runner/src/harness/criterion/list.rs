//! Which benchmarks a bench target has: what it prints for `--list`, before anything is measured.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Selection;
use crate::harness::Interrupt;
use crate::harness::capture::{self, Ending, Stdout};
use crate::harness::cargo::BenchTarget;
use crate::harness::process::described;

/// Listing runs the set-up code of the benchmarks, but measures nothing.
const LIMIT: Duration = Duration::from_mins(1);
/// Criterion cuts the names it prints here, at a character's boundary, and adds `...`.
const LONGEST_TITLE: usize = 100;
/// The longest filter passed to a program: Windows takes 32,767 characters of command line.
const LONGEST_PATTERN: usize = 24 * 1024;

/// What a target answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Listing {
    /// Its benchmarks, in order.
    Names(Vec<Listed>),
    /// It uses Rust's own test harness, not criterion.
    Libtest,
    /// Nothing that tells, and why.
    Unknown(String),
}

/// A benchmark as criterion lists it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Listed {
    /// As printed.
    pub(super) title: String,
    /// The beginning of its name, when the rest was cut.
    beginning: Option<String>,
    /// The title that came before, when criterion numbered this one to tell it apart.
    pub(super) repeats: Option<String>,
}

impl Listed {
    fn new(title: &str, earlier: &[Self]) -> Self {
        let numbered = title.rsplit_once(" #").filter(|(before, number)| {
            number.parse::<u32>().is_ok() && earlier.iter().any(|l| l.title == *before)
        });
        let plain = numbered.map_or(title, |(before, _)| before);
        let beginning = plain
            .strip_suffix("...")
            .filter(|cut| (LONGEST_TITLE - 3..=LONGEST_TITLE).contains(&cut.len()))
            .map(str::to_owned);
        Self {
            title: title.to_owned(),
            beginning,
            repeats: numbered.map(|(before, _)| before.to_owned()),
        }
    }

    /// The benchmark of exactly that full name.
    pub(super) fn exactly(name: String) -> Self {
        Self { title: name, beginning: None, repeats: None }
    }

    /// Whether it may be the benchmark of that full name.
    pub(super) fn may_be(&self, name: &str) -> bool {
        self.title == name || self.beginning.as_ref().is_some_and(|cut| name.starts_with(cut))
    }

    /// A regular expression for its full name.
    pub(super) fn pattern(&self) -> String {
        match &self.beginning {
            Some(cut) => regex::escape(cut) + ".*",
            None => regex::escape(&self.title),
        }
    }
}

/// Whether `title`, as criterion prints it, may be the benchmark of that full name.
pub(super) fn may_be(title: &str, name: &str) -> bool {
    Listed::new(title, &[]).may_be(name)
}

/// The benchmarks in groups that can each have a process of its own: one by one, but together with
/// those that its filter chooses too, because their names are the same or cut.
pub(super) fn apart(names: Vec<Listed>) -> Vec<Vec<Listed>> {
    let mut groups: Vec<Vec<Listed>> = Vec::new();
    // By title: there are thousands of benchmarks in some targets, and few whose names are cut.
    let mut group_of: BTreeMap<String, usize> = BTreeMap::new();
    let cut: Vec<String> = names.iter().filter_map(|listed| listed.beginning.clone()).collect();
    for listed in names {
        let cut = cut.iter().find(|cut| listed.title.starts_with(cut.as_str()));
        let key = cut.or(listed.repeats.as_ref()).unwrap_or(&listed.title).clone();
        let at = *group_of.entry(key).or_insert(groups.len());
        match groups.get_mut(at) {
            Some(group) => group.push(listed),
            None => groups.push(vec![listed]),
        }
    }
    groups
}

/// How many benchmarks, from the first, fit one filter, and that filter.
pub(super) fn chunk(remaining: &[Listed]) -> (usize, String) {
    let mut patterns: Vec<String> = Vec::new();
    let mut length = 0;
    for pattern in remaining.iter().map(Listed::pattern) {
        length += pattern.len() + 1;
        if length > LONGEST_PATTERN && !patterns.is_empty() {
            break;
        }
        patterns.push(pattern);
    }
    (patterns.len(), format!("^(?:{})$", patterns.join("|")))
}

/// Asks a target for its benchmarks.
pub(super) fn list(target: &BenchTarget, interrupt: &Interrupt) -> Listing {
    ask(target, None, interrupt)
}

/// The listed benchmarks that `selection` chooses. Where names are cut, only the target itself knows
/// what a filter chooses.
pub(super) fn selected(
    target: &BenchTarget,
    listed: &[Listed],
    selection: &Selection,
    interrupt: &Interrupt,
) -> Vec<Listed> {
    if let Selection::Matching(filter) = selection
        && listed.iter().any(|l| l.beginning.is_some())
        && let Listing::Names(chosen) = ask(target, Some(filter.as_str()), interrupt)
    {
        return listed
            .iter()
            .filter(|l| chosen.iter().any(|c| c.title == l.title))
            .cloned()
            .collect();
    }
    let chosen = |l: &&Listed| match selection {
        Selection::All => true,
        Selection::Matching(filter) => filter.is_match(&l.title),
    };
    listed.iter().filter(chosen).cloned().collect()
}

fn ask(target: &BenchTarget, filter: Option<&str>, interrupt: &Interrupt) -> Listing {
    let mut command = target.command();
    command.args(["--bench", "--list"]).args(filter);
    command.env_remove("CARGO_CRITERION_PORT");
    // Some measure although they are asked to list: not into the project's own results.
    let home = tempfile::tempdir().ok();
    if let Some(home) = &home {
        command.env("CRITERION_HOME", home.path());
    }
    match capture::run(&mut command, Stdout::Data, Some(LIMIT), interrupt, &mut |_| {}) {
        Err(error) => Listing::Unknown(format!("could not be started: {error}")),
        Ok(captured) => match captured.ending {
            Ending::Exited(status) if status.success() => {
                read(&String::from_utf8_lossy(&captured.data))
            }
            Ending::Exited(status) => Listing::Unknown(described(status)),
            Ending::TimedOut => Listing::Unknown(format!("took longer than {} s", LIMIT.as_secs())),
            Ending::Interrupted => Listing::Unknown("was interrupted".to_owned()),
        },
    }
}

fn read(output: &str) -> Listing {
    let mut listed: Vec<Listed> = Vec::new();
    for line in output.lines() {
        if is_libtest_count(line) {
            return Listing::Libtest;
        }
        if let Some(title) = line.strip_suffix(": benchmark").filter(|t| !t.trim().is_empty()) {
            let next = Listed::new(title, &listed);
            listed.push(next);
        }
    }
    if listed.is_empty() {
        return Listing::Unknown("printed no benchmark".to_owned());
    }
    Listing::Names(listed)
}

/// `3 tests, 0 benchmarks`: the last line of Rust's own test harness.
fn is_libtest_count(line: &str) -> bool {
    let counted = |part: &str, one: &str| {
        part.split_once(' ').is_some_and(|(number, noun)| {
            number.parse::<u64>().is_ok() && noun.strip_suffix('s').unwrap_or(noun) == one
        })
    };
    line.split_once(", ").is_some_and(|(tests, benchmarks)| {
        counted(tests, "test") && counted(benchmarks, "benchmark")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(output: &str) -> Vec<Listed> {
        match read(output) {
            Listing::Names(names) => names,
            other => unreachable!("{other:?}"),
        }
    }

    #[test]
    fn names_are_read_among_other_lines() {
        let listed =
            names("setting up\na/b: benchmark\n\na: benchmark: benchmark\na/b #2: benchmark\n");
        let titles: Vec<&str> = listed.iter().map(|l| l.title.as_str()).collect();
        assert_eq!(titles, ["a/b", "a: benchmark", "a/b #2"]);
        assert_eq!(listed[2].repeats.as_deref(), Some("a/b"));
        assert_eq!(listed[0].pattern(), "a/b");
    }

    #[test]
    fn cut_names_stand_for_all_that_begin_so() {
        let full = "x".repeat(101);
        let listed = names(&format!("{}...: benchmark\n", &full[..100]));
        assert!(listed[0].may_be(&full) && !listed[0].may_be("xx"));
        assert_eq!(listed[0].pattern(), format!("{}.*", &full[..100]));
        assert!(!names("short...: benchmark\n")[0].may_be("shorter"));
    }

    #[test]
    fn what_one_filter_chooses_stays_together() {
        let cut = "x".repeat(100);
        let output = format!(
            "a: benchmark\n{cut}...: benchmark\nb: benchmark\na #2: benchmark\n\
                              {cut}... #2: benchmark\n{cut}: benchmark\nab: benchmark\n"
        );
        let groups = apart(names(&output));
        let titles: Vec<Vec<&str>> =
            groups.iter().map(|g| g.iter().map(|l| l.title.as_str()).collect()).collect();
        let (first, second) = (format!("{cut}..."), format!("{cut}... #2"));
        let expected: [&[&str]; 4] = [&["a", "a #2"], &[&first, &second, &cut], &["b"], &["ab"]];
        assert_eq!(titles, expected);
    }

    #[test]
    fn other_harnesses_are_recognised() {
        assert_eq!(read("a: test\nb: benchmark\n\n1 test, 1 benchmark\n"), Listing::Libtest);
        assert_eq!(read("\n0 tests, 0 benchmarks\n"), Listing::Libtest);
        assert!(matches!(read("hello\n"), Listing::Unknown(_)));
    }
}
