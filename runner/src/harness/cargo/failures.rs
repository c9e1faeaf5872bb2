//! What of a build failed: cargo tells it only in the lines it prints for people, of which
//! ``error: could not compile `PACKAGE` (bench "NAME") due to 1 previous error`` ends what the
//! compiler says about a target.

use std::mem;

use crate::harness::Failure;
use crate::harness::output::{LastLines, escaped};

/// Reads cargo's lines as they come.
#[derive(Debug, Default)]
pub(super) struct Failures {
    /// The lines since a target failed.
    lines: LastLines,
    broken: Vec<Broken>,
}

/// A target that does not build.
#[derive(Debug)]
struct Broken {
    package: String,
    /// Its name, if it is a bench target: not a library, or a program's unit tests.
    bench: Option<String>,
    last_output: Vec<String>,
}

impl Failures {
    pub(super) fn read(&mut self, line: &str) {
        self.lines.push(line);
        if let Some((package, bench)) = could_not_compile(&escaped(line)) {
            let last_output = mem::take(&mut self.lines).into_lines();
            self.broken.push(Broken { package, bench, last_output });
        }
    }

    /// One failure for each bench target that does not build, and one in the suite's name for all
    /// the rest: why cargo, as `status` tells, failed without naming a bench target.
    pub(super) fn of_suite(
        self,
        suite: &str,
        status: &str,
        last_output: Vec<String>,
    ) -> Vec<Failure> {
        let mut failures = Vec::new();
        let mut rest = self.broken.is_empty().then_some(last_output);
        for broken in self.broken {
            match broken.bench {
                Some(target) => failures.push(Failure {
                    target,
                    benchmark: None,
                    reason: format!(
                        "this bench target of package {:?} does not build; correct what the \
                         compiler reports and run again",
                        broken.package
                    ),
                    last_output: broken.last_output,
                }),
                None => rest = rest.or(Some(broken.last_output)),
            }
        }
        failures.extend(rest.map(|last_output| Failure {
            target: suite.to_owned(),
            benchmark: None,
            reason: format!("cargo build {status}; correct what it reports and run again"),
            last_output,
        }));
        failures
    }
}

/// The package, and the bench target if it is one.
fn could_not_compile(line: &str) -> Option<(String, Option<String>)> {
    let (package, rest) =
        line.strip_prefix("error: could not compile `")?.split_once('`').unwrap_or_default();
    let bench = rest.strip_prefix(" (bench \"").and_then(|rest| rest.split_once("\")"));
    Some((package.to_owned(), bench.map(|(name, _)| name.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failures(lines: &[&str]) -> Vec<(String, Vec<String>)> {
        let mut failures = Failures::default();
        for line in lines {
            failures.read(line);
        }
        let all = failures.of_suite("suite", "ended with exit status 101", vec!["last".into()]);
        all.into_iter().map(|failure| (failure.target, failure.last_output)).collect()
    }

    #[test]
    fn each_bench_target_has_its_own_lines() {
        let one = "\x1b[1m\x1b[91merror\x1b[0m: could not compile `p` (bench \"one\") due to 1 \
                   previous error";
        let two = "error: could not compile `p` (bench \"two\")";
        let failures = failures(&["error: first", one, "error: second", two]);
        let names: Vec<&str> = failures.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["one", "two"]);
        assert_eq!(failures[0].1[0], "error: first");
        assert_eq!(failures[1].1, ["error: second", two]);
    }

    #[test]
    fn the_rest_is_the_suites() {
        assert_eq!(failures(&["error: no Cargo.toml"]), [("suite".into(), vec!["last".into()])]);
        let library = "error: could not compile `p` (lib) due to 1 previous error";
        let tests = "error: could not compile `p` (lib test) due to 1 previous error";
        assert_eq!(failures(&[library, tests]), [("suite".into(), vec![library.to_owned()])]);
    }
}
