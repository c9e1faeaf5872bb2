//! What GitLab shows beside a merge request: a metrics report, and code quality.

use serde::Serialize;

use super::words::{moved, name, verdict};
use crate::compare::{Comparison, FailOn, Overall, Row, Verdict};
use crate::stats::fnv1a;
use crate::text::{shortened, terminal};

/// The longest name, in characters.
const NAME: usize = 500;

/// A comparison in the `OpenMetrics` text format, as GitLab's `artifacts:reports:metrics` reads it: the
/// counts, and for each row the candidate's figure and the change.
pub fn comparison_openmetrics(comparison: &Comparison) -> String {
    let summary = &comparison.summary;
    let mut out = String::new();
    for (count, name, help) in [
        (summary.compared, "compared", "benchmarks that were compared"),
        (summary.regressed, "regressed", "benchmarks that are worse, and not accepted"),
        (summary.improved, "improved", "benchmarks that are better"),
        (summary.unchanged, "unchanged", "benchmarks that are as they were"),
        (summary.inconclusive, "inconclusive", "benchmarks of which nothing can be told"),
        (summary.accepted, "accepted", "benchmarks that are worse, as accepted"),
        (summary.new, "new", "benchmarks that only the candidate has"),
        (summary.gone, "gone", "benchmarks that only the baseline has"),
        (summary.skipped, "skipped", "benchmarks that gave nothing that can be compared"),
    ] {
        out += &format!(
            "# HELP driftline_{name} {help}\n# TYPE driftline_{name} gauge\ndriftline_{name} {count}\n"
        );
    }
    let mut family = |name: &str, help: &str, figure: fn(&Row) -> Option<f64>| {
        out += &format!("# HELP driftline_{name} {help}\n# TYPE driftline_{name} gauge\n");
        for row in &comparison.benchmarks {
            if let Some(figure) = figure(row) {
                out += &format!("driftline_{name}{{{}}} {figure}\n", labels(row));
            }
        }
    };
    family("candidate", "the level of the candidate, in its unit", |row| row.candidate);
    family("change", "candidate / baseline - 1", |row| row.change);
    out + "# EOF\n"
}

fn labels(row: &Row) -> String {
    let label = |text: &str| {
        // No line break is left in it.
        let text = terminal(&shortened(text, NAME));
        text.replace('\\', "\\\\").replace('"', "\\\"")
    };
    format!(
        "benchmark=\"{}\",metric=\"{}\",unit=\"{}\"",
        label(&row.id),
        label(&row.metric),
        label(&row.unit)
    )
}

/// A finding as Code Climate's format has it, of which GitLab reads these fields.
#[derive(Debug, Serialize)]
struct Finding {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Debug, Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Debug, Serialize)]
struct Lines {
    begin: usize,
}

/// A comparison as GitLab's `artifacts:reports:codequality` reads it: a finding for each row that fails,
/// was accepted, or cannot be told, and one where nothing was compared, which an empty list would hide. Benchmarks have no place in a file: `path` is the one they are
/// shown at.
pub fn comparison_code_quality(comparison: &Comparison, fail_on: FailOn, path: &str) -> String {
    let finding = |row: &Row| {
        let severity = match row.verdict {
            _ if row.is_failing() && fail_on.fails(Overall::Regressed) => "major",
            Verdict::Inconclusive if fail_on.fails(Overall::Inconclusive) => "minor",
            Verdict::Inconclusive => "info",
            _ if row.is_failing() || row.is_accepted() => "info",
            _ => return None,
        };
        let name = name(&row.id, &row.metric);
        let identity = format!("{name}\0{}", row.verdict.word());
        Some(Finding {
            description: format!(
                "{}: {}, {}",
                terminal(&shortened(&name, NAME)),
                verdict(row),
                moved(row),
            ),
            check_name: "driftline",
            fingerprint: format!("{:016x}", fnv1a(identity.as_bytes())),
            severity,
            location: Location { path: path.to_owned(), lines: Lines { begin: 1 } },
        })
    };
    let mut findings: Vec<Finding> = comparison.benchmarks.iter().filter_map(finding).collect();
    if comparison.summary.overall() == Overall::Nothing {
        let why = comparison.warnings.first().map(|why| format!(": {why}")).unwrap_or_default();
        let finding = Finding {
            description: format!("nothing was compared{}", terminal(&shortened(&why, NAME))),
            check_name: "driftline",
            fingerprint: format!("{:016x}", fnv1a(b"nothing was compared")),
            severity: "major",
            location: Location { path: path.to_owned(), lines: Lines { begin: 1 } },
        };
        findings.insert(0, finding);
    }
    // Its keys are texts: nothing in it can fail to serialise.
    serde_json::to_string_pretty(&findings).unwrap_or_default() + "\n"
}
