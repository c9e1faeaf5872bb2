use super::words::{counts, moved, name, verdict};
use crate::compare::{Comparison, FailOn, Overall, Row, Verdict};
use crate::text::{shortened, xml};

/// The longest name, in characters.
const NAME: usize = 1000;

/// A comparison as `JUnit` XML, which most CI systems read: one test case for each row. What lets the
/// gate fail is a failure; what nothing can be told of is skipped, with the reason. `fail_on` says
/// what fails; that nothing was compared is an error in any case.
pub fn comparison_junit(comparison: &Comparison, fail_on: FailOn) -> String {
    let mut cases: Vec<Case> =
        comparison.benchmarks.iter().map(|row| Case::of(row, fail_on)).collect();
    cases.extend(comparison.skipped.iter().map(|skipped| Case {
        id: skipped.name.clone(),
        outcome: Outcome::Skipped(skipped.reason.clone()),
        said: Vec::new(),
    }));
    if comparison.summary.overall() == Overall::Nothing {
        let said = comparison.warnings.clone();
        let outcome = Outcome::Error("nothing was compared".to_owned());
        cases.push(Case { id: "driftline".to_owned(), outcome, said });
    }
    let of = |outcome: fn(&Outcome) -> bool| cases.iter().filter(|c| outcome(&c.outcome)).count();
    let totals = format!(
        "tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"",
        cases.len(),
        of(|outcome| matches!(outcome, Outcome::Failure(_))),
        of(|outcome| matches!(outcome, Outcome::Error(_))),
        of(|outcome| matches!(outcome, Outcome::Skipped(_))),
    );
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    out += &format!("<testsuites name=\"driftline\" {totals}>\n");
    let sides = [&comparison.baseline.name, &comparison.candidate.name];
    let [before, after] = sides.map(|side| shortened(side, NAME));
    out += &format!("  <testsuite name=\"{}\" {totals}>\n", xml(&format!("{before} → {after}")));
    for case in &cases {
        out += &case.written();
    }
    let mut said = counts(&comparison.summary);
    for warning in &comparison.warnings {
        said += &format!("\nwarning: {warning}");
    }
    out += &format!("    <system-out>{}</system-out>\n", element(&said));
    out + "  </testsuite>\n</testsuites>\n"
}

#[derive(Debug)]
struct Case {
    id: String,
    outcome: Outcome,
    /// What is said of it, in lines.
    said: Vec<String>,
}

#[derive(Debug)]
enum Outcome {
    Passed,
    Failure(String),
    Error(String),
    Skipped(String),
}

impl Case {
    fn of(row: &Row, fail_on: FailOn) -> Self {
        let said = format!("{}: {}", verdict(row), moved(row));
        let outcome = match row.verdict {
            _ if row.is_failing() && fail_on.fails(Overall::Regressed) => {
                Outcome::Failure(said.clone())
            }
            Verdict::Inconclusive if fail_on.fails(Overall::Inconclusive) => {
                Outcome::Failure(said.clone())
            }
            Verdict::Inconclusive | Verdict::New | Verdict::Gone => Outcome::Skipped(said.clone()),
            _ => Outcome::Passed,
        };
        let lines = std::iter::once(said).chain(row.reasons.iter().cloned()).collect();
        Self { id: name(&row.id, &row.metric), outcome, said: lines }
    }

    fn written(&self) -> String {
        // Viewers group by the class name, which has dots between its parts.
        let shown = shortened(&self.id, NAME);
        let (group, own) = shown.rsplit_once('/').unwrap_or(("driftline", &shown));
        let mut out = format!(
            "    <testcase classname=\"{}\" name=\"{}\">\n",
            xml(&group.replace('/', ".")),
            xml(own)
        );
        let text = element(&self.said.join("\n"));
        out += &match &self.outcome {
            Outcome::Passed => format!("      <system-out>{text}</system-out>\n"),
            Outcome::Failure(message) => {
                format!(
                    "      <failure message=\"{}\" type=\"regression\">{text}</failure>\n",
                    xml(message)
                )
            }
            Outcome::Error(message) => {
                format!(
                    "      <error message=\"{}\" type=\"driftline\">{text}</error>\n",
                    xml(message)
                )
            }
            Outcome::Skipped(message) => {
                format!("      <skipped message=\"{}\"/>\n", xml(message))
            }
        };
        out + "    </testcase>\n"
    }
}

/// Between tags line breaks may stay.
fn element(text: &str) -> String {
    xml(text).replace("&#10;", "\n")
}
