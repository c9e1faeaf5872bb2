//! Names of a command's benchmarks as another suite has them, so that what both measure of one function
//! are metrics of one benchmark.

use regex::Regex;
use serde::Deserialize;

/// A `[[suite.rename]]`: benchmarks whose name matches `from` are called `to`. A `*` in `from` stands for
/// any characters, and the first, second, … `*` in `to` for what the first, second, … in `from` stood
/// for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Rename {
    pub(crate) from: String,
    pub(crate) to: String,
}

impl Rename {
    /// What is wrong with it.
    pub(crate) fn problem(&self) -> Option<String> {
        let stars = |text: &str| text.matches('*').count();
        if self.from.is_empty() || self.to.trim().is_empty() {
            return Some("a rename needs `from` and `to`".to_owned());
        }
        (stars(&self.to) > stars(&self.from)).then(|| {
            format!("the rename to {:?} has more * than {:?}, which it is from", self.to, self.from)
        })
    }
}

/// The renames of a suite.
#[derive(Debug, Clone, Default)]
pub(crate) struct Renames {
    rules: Vec<(Rename, Regex)>,
}

impl Renames {
    /// The renames, of which the first that matches a name holds.
    pub(crate) fn new(rules: &[Rename]) -> Self {
        let compiled = |rule: &Rename| {
            let parts: Vec<String> = rule.from.split('*').map(regex::escape).collect();
            let regex = Regex::new(&format!("(?s)^{}$", parts.join("(.*)"))).ok()?;
            Some((rule.clone(), regex))
        };
        Self { rules: rules.iter().filter_map(compiled).collect() }
    }

    /// The name that a benchmark is to have, if it is another, and which rule says so.
    pub(crate) fn apply(&self, name: &str) -> Option<(String, usize)> {
        self.rules.iter().enumerate().find_map(|(at, (rule, regex))| {
            let captures = regex.captures(name)?;
            let mut renamed = String::new();
            for (number, part) in rule.to.split('*').enumerate() {
                if number > 0 {
                    renamed += captures.get(number).map_or("", |matched| matched.as_str());
                }
                renamed += part;
            }
            Some((renamed, at))
        })
    }

    /// The rules.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &Rename> {
        self.rules.iter().map(|(rule, _)| rule)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(from: &str, to: &str) -> Rename {
        Rename { from: from.to_owned(), to: to.to_owned() }
    }

    fn renamed(rules: &[Rename], name: &str) -> Option<String> {
        Renames::new(rules).apply(name).map(|(name, _)| name)
    }

    #[test]
    fn stars_stand_for_what_they_stood_for() {
        let rules =
            [rule("gun::bench_group::*/*", "fib/*/x*"), rule("a.b(c)", "d"), rule("*", "py/*")];
        for (name, expected) in [
            ("gun::bench_group::fib_args/short", "fib/fib_args/xshort"),
            ("a.b(c)", "d"),
            ("aXb(c)", "py/aXb(c)"),
            ("two\nlines", "py/two\nlines"),
        ] {
            assert_eq!(renamed(&rules, name).as_deref(), Some(expected));
        }
        assert_eq!(renamed(&rules[..2], "other"), None);
        assert_eq!(renamed(&[rule("x/*", "y")], "x/1").as_deref(), Some("y"));
    }

    #[test]
    fn mistakes_are_named() {
        assert_eq!(rule("a*", "*").problem(), None);
        assert!(rule("a", "*").problem().is_some_and(|problem| problem.contains("more * than")));
        assert!(rule("", "a").problem().is_some());
        assert!(rule("a", " ").problem().is_some());
    }
}
