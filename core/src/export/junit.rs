use std::collections::BTreeMap;

use super::{Exported, counted};
use crate::model::{Measurement, Run, Skipped};
use crate::text::{quantity, xml};

/// Nanoseconds in a second.
const SECOND: f64 = 1e9;

/// The runs as `JUnit` XML: a test suite for each run, in it a test case for each benchmark, which
/// takes what one iteration of it took, in seconds; its other metrics are its output. What gave no
/// measurement is skipped, with the reason.
pub fn runs_junit(runs: &[Run]) -> Exported<String> {
    let suites: Vec<(String, usize, usize)> = runs.iter().map(suite).collect();
    let (tests, skipped) =
        suites.iter().fold((0, 0), |(tests, skipped), (_, t, s)| (tests + t, skipped + s));
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".to_owned();
    out += &format!(
        "<testsuites name=\"driftline\" tests=\"{tests}\" failures=\"0\" errors=\"0\" \
         skipped=\"{skipped}\">\n"
    );
    for (suite, ..) in &suites {
        out += suite;
    }
    Exported { content: out + "</testsuites>\n", notes: Vec::new() }
}

/// A run, how many test cases it has, and how many of them are skipped.
fn suite(run: &Run) -> (String, usize, usize) {
    let mut cases = BTreeMap::<&str, Vec<&Measurement>>::new();
    for measurement in &run.measurements {
        cases.entry(measurement.benchmark().as_str()).or_default().push(measurement);
    }
    let (tests, skipped) = (cases.len() + run.skipped.len(), run.skipped.len());
    let about = [
        // As JUnit's schema has it: without fractions and offset.
        (
            "timestamp",
            run.time.and_then(|time| Some(crate::model::rfc3339(time).get(..19)?.to_owned())),
        ),
        ("hostname", run.machine.as_ref().map(|_| run.machine_fingerprint())),
    ];
    let about: String = about
        .into_iter()
        .filter_map(|(name, value)| Some(format!(" {name}=\"{}\"", xml(&value?))))
        .collect();
    let mut out = format!(
        "  <testsuite name=\"{}\" tests=\"{tests}\" failures=\"0\" errors=\"0\" \
         skipped=\"{skipped}\"{about}>\n",
        xml(run.id.as_str())
    );
    if let Some(commit) = &run.commit {
        out += &format!(
            "    <properties>\n      <property name=\"commit\" value=\"{}\"/>\n    </properties>\n",
            xml(&commit.id)
        );
    }
    for (name, measurements) in cases {
        out += &case(name, &measurements);
    }
    for Skipped { name, reason } in &run.skipped {
        out += &format!(
            "    <testcase {}>\n      <skipped message=\"{}\"/>\n    </testcase>\n",
            names(name),
            xml(reason)
        );
    }
    (out + "  </testsuite>\n", tests, skipped)
}

fn case(name: &str, measurements: &[&Measurement]) -> String {
    let of_time = measurements.iter().find(|m| m.metric().as_str() == "wall_time");
    let seconds = of_time.filter(|m| m.unit().is_time()).and_then(|m| m.summary().centre());
    let time = seconds.map(|ns| format!(" time=\"{}\"", ns / SECOND)).unwrap_or_default();
    let said: Vec<String> = measurements
        .iter()
        .map(|m| {
            let summary = m.summary();
            let centre = summary.centre().map(|c| quantity(c, m.unit())).unwrap_or_default();
            let values = summary.n.map(|n| format!(" ({})", counted_values(n))).unwrap_or_default();
            format!("{}: {centre}{values}", m.metric())
        })
        .collect();
    let said = xml(&said.join("\n")).replace("&#10;", "\n");
    format!(
        "    <testcase {}{time}>\n      <system-out>{said}</system-out>\n    </testcase>\n",
        names(name)
    )
}

fn counted_values(n: u64) -> String {
    usize::try_from(n).map_or_else(|_| format!("{n} values"), |n| counted(n, "value"))
}

/// Viewers group by the class name, which has dots between its parts.
fn names(name: &str) -> String {
    let (group, own) = name.rsplit_once('/').unwrap_or(("driftline", name));
    format!("classname=\"{}\" name=\"{}\"", xml(&group.replace('/', ".")), xml(own))
}
