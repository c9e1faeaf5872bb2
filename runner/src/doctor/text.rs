//! The report for people.

use driftline_core::text::{Align, Column, columns, terminal, wrapped};

use super::spread::percent;
use super::{Finding, Measured, Report, Severity};

const RESET: &str = "\u{1b}[0m";
const BOLD: &str = "\u{1b}[1m";
const DIM: &str = "\u{1b}[2m";
/// Where the findings' texts begin: behind the severity and the longest check's name.
const INDENT: usize = 24;
/// Where they begin on a narrow terminal: below.
const NARROW_INDENT: usize = 4;
/// A terminal of less columns is narrow: the texts would be columns of single words.
const NARROW: usize = 60;

impl Severity {
    fn glyph(self) -> char {
        match self {
            Self::Problem => '✗',
            Self::Note => '!',
            Self::Ok => '✓',
            Self::Unknown => '?',
        }
    }

    fn word(self) -> &'static str {
        match self {
            Self::Problem => "problem",
            Self::Note => "note",
            Self::Ok => "ok",
            Self::Unknown => "unknown",
        }
    }

    fn colour(self) -> &'static str {
        match self {
            // As in the comparisons: told apart in the common kinds of colour blindness.
            Self::Problem => "\u{1b}[1;38;5;208m",
            Self::Note => "\u{1b}[33m",
            Self::Ok => "\u{1b}[38;5;39m",
            Self::Unknown => DIM,
        }
    }
}

/// The machine, the findings by severity, what the machine can show, and how many findings there
/// are. `width` is the terminal's, where it has one.
pub(crate) fn text(report: &Report, width: Option<usize>) -> String {
    let mut out = String::new();
    for line in wrapped(&terminal(&report.machine.describe()), width) {
        out += &format!("{BOLD}{line}{RESET}\n");
    }
    out += &format!("{DIM}watched for {:.1} s{RESET}\n\n", report.seconds);
    for finding in report.findings.iter().filter(|f| f.severity != Severity::Unknown) {
        out += &finding_lines(finding, width);
    }
    let unknown: Vec<&str> = report
        .findings
        .iter()
        .filter(|finding| finding.severity == Severity::Unknown)
        .map(|finding| finding.check)
        .collect();
    if !unknown.is_empty() {
        out += &labelled(
            Severity::Unknown,
            "",
            &format!("{}: this system does not tell", unknown.join(", ")),
            width,
        );
    }
    out += &workload_table(&report.workloads, width);
    let count = |severity| report.findings.iter().filter(|f| f.severity == severity).count();
    let counted = |number: usize, one: &str| {
        if number == 1 { format!("1 {one}") } else { format!("{number} {one}s") }
    };
    out += &format!(
        "\n{BOLD}{}, {}, {} ok, {} unknown{RESET}\n",
        counted(count(Severity::Problem), "problem"),
        counted(count(Severity::Note), "note"),
        count(Severity::Ok),
        count(Severity::Unknown)
    );
    out
}

fn finding_lines(finding: &Finding, width: Option<usize>) -> String {
    let mut out = labelled(finding.severity, finding.check, &finding.found, width);
    let fine = finding.fine.as_ref().map(|fine| match finding.severity {
        Severity::Ok => ("but", fine),
        _ => ("fine if", fine),
    });
    let before = [("costs", &finding.cost), ("mend", &finding.mend)];
    for (label, text) in
        before.into_iter().filter_map(|(label, text)| Some((label, text.as_ref()?)))
    {
        out += &continued(label, text, width);
    }
    for command in &finding.commands {
        // Whole, so that it can be copied.
        out += &format!("{}{BOLD}{}{RESET}\n", indent(width), terminal(command));
    }
    if let Some((label, text)) = fine {
        out += &continued(label, text, width);
    }
    out
}

/// A finding's first line, and more where it is too long for one.
fn labelled(severity: Severity, check: &str, text: &str, width: Option<usize>) -> String {
    let mark = format!("{}{} {:<7}{RESET}", severity.colour(), severity.glyph(), severity.word());
    let front = match (is_narrow(width), check) {
        (true, "") => mark,
        (true, check) => format!("{mark}  {BOLD}{check}{RESET}"),
        (false, check) => format!("{mark}  {BOLD}{check:<0$}{RESET}  ", INDENT - 13),
    };
    indented(&front, text, width)
}

/// What is said besides, under its label.
fn continued(label: &str, text: &str, width: Option<usize>) -> String {
    if is_narrow(width) {
        return indented("", &format!("{label}: {text}"), width);
    }
    indented(&format!("{DIM}{label:>0$}{RESET}  ", INDENT - 2), text, width)
}

fn is_narrow(width: Option<usize>) -> bool {
    width.is_some_and(|width| width < NARROW)
}

fn indent(width: Option<usize>) -> String {
    " ".repeat(if is_narrow(width) { NARROW_INDENT } else { INDENT })
}

/// The text in lines behind `front`, or below it on a narrow terminal.
fn indented(front: &str, text: &str, width: Option<usize>) -> String {
    let indent = indent(width);
    let room = width.map(|width| width.saturating_sub(indent.len()));
    let lines = wrapped(&terminal(text), room).join(&format!("\n{indent}"));
    match (is_narrow(width), front) {
        (true, "") => format!("{indent}{lines}\n"),
        (true, front) => format!("{front}\n{indent}{lines}\n"),
        (false, front) => format!("{front}{lines}\n"),
    }
}

fn workload_table(workloads: &[Measured], width: Option<usize>) -> String {
    const COLUMNS: [Column; 5] = [
        Column { title: "workload", align: Align::Left, sacrifice: 0 },
        Column { title: "", align: Align::Left, sacrifice: 3 },
        Column { title: "minima vary", align: Align::Right, sacrifice: 0 },
        Column { title: "medians vary", align: Align::Right, sacrifice: 2 },
        Column { title: "smallest change shown", align: Align::Right, sacrifice: 0 },
    ];
    let share = |ratio: Option<f64>| ratio.map_or_else(|| "–".to_owned(), percent);
    let rows: Vec<Vec<String>> = workloads
        .iter()
        .map(|measured| {
            let (name, does) = measured.workload.described();
            vec![
                name.to_owned(),
                does.to_owned(),
                share(measured.minimum_spread),
                share(measured.median_spread),
                share(measured.smallest_change),
            ]
        })
        .collect();
    let launches = workloads.iter().map(|measured| measured.launches).max().unwrap_or_default();
    let style = |line: usize| match line {
        0 => (DIM.to_owned(), RESET.to_owned()),
        _ => (String::new(), String::new()),
    };
    let title = format!("{launches} launches of the same work; what 3 rounds against 3 can show");
    let mut out = String::from("\n");
    for line in wrapped(&title, width) {
        out += &format!("{BOLD}{line}{RESET}\n");
    }
    out += &columns(&COLUMNS, &rows, width, style);
    for measured in workloads {
        if let Some(failure) = &measured.failure {
            out += &format!("{} failed: {}\n", measured.workload.described().0, terminal(failure));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::{Consumer, Workload};
    use super::*;
    use driftline_core::model::{Conditions, Machine};

    fn measured(workload: Workload, spread: f64, failure: Option<&str>) -> Measured {
        let known = failure.is_none().then_some(spread);
        Measured {
            workload,
            launches: if failure.is_some() { 0 } else { 8 },
            median_ns: known.map(|_| 1e5),
            minimum_spread: known,
            median_spread: known.map(|spread| spread * 2.0),
            smallest_change: known.map(|spread| spread * 3.0),
            failure: failure.map(str::to_owned),
        }
    }

    fn report() -> Report {
        Report {
            format: "driftline-doctor/1",
            driftline: "0.1.0",
            machine: Machine { cpu: Some("AMD EPYC".into()), cores: Some(2), ..Machine::default() },
            quick: false,
            seconds: 6.1,
            conditions: Conditions::default(),
            consumers: vec![Consumer { name: "x".into(), pids: vec![1], cpus: 0.9 }],
            findings: vec![
                Finding::problem(
                    "load",
                    "other programs kept 0.93 of 2 processors busy: \u{1b}[2J (pid 7) 0.93",
                )
                .cost("between launches of the same code the fastest batches varied by 8.0 %")
                .mend("measure when they are done, or end them"),
                Finding::note("boost", "on: the clock depends on temperature")
                    .mend("switch it off until the next start:")
                    .command("echo 1 | sudo tee /sys/devices/system/cpu/intel_pstate/no_turbo")
                    .fine("nothing else runs"),
                Finding::ok("aslr", "off").fine("another build has another layout"),
                Finding::unknown("thermal"),
                Finding::unknown("governor"),
            ],
            workloads: vec![
                measured(Workload::Compute, 0.08, None),
                measured(Workload::File, 0.0, Some("no space left")),
            ],
        }
    }

    /// What a person sees on a terminal without colours.
    fn plain(width: Option<usize>) -> String {
        let mut out = String::new();
        for (number, part) in text(&report(), width).split('\u{1b}').enumerate() {
            out += if number == 0 { part } else { part.split_once('m').unwrap().1 };
        }
        out
    }

    #[test]
    fn on_a_terminal() {
        insta::assert_snapshot!(plain(Some(80)));
    }

    #[test]
    fn on_a_narrow_terminal() {
        let shown = plain(Some(44));
        insta::assert_snapshot!(shown);
        let command = "no_turbo";
        let long = shown.lines().filter(|line| line.chars().count() > 44);
        assert!(long.clone().all(|line| line.ends_with(command)), "{:?}", long.collect::<Vec<_>>());
    }

    #[test]
    fn without_a_width_every_text_is_one_line() {
        let shown = plain(None);
        assert!(shown.contains(
            "costs  between launches of the same code the fastest batches varied by 8.0 %\n"
        ));
        assert!(shown.contains("\\u{1b}[2J (pid 7)"), "{shown}");
        assert!(shown.lines().all(|line| line.trim_end() == line), "{shown}");
    }
}
