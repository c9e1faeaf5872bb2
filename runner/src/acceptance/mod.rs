//! What is accepted on purpose: by `accepted.toml`, by trailers of commits, by the command line.

mod file;

use std::collections::BTreeSet;

use driftline_core::change::Acknowledgement;
use driftline_core::compare::{Acceptance, Comparison, Evidence, Policy, Side};
use driftline_core::model::{Judgement, Run, RunId};
use jiff::civil::Date;

use crate::config::Project;
use crate::error::Error;
use crate::provenance::{self, Trailer};
use crate::reference::Named;

/// What is accepted, whatever is compared.
#[derive(Debug, Clone)]
pub(crate) struct Acceptances {
    given: Vec<Acceptance>,
    today: Date,
}

impl Acceptances {
    /// What `accepted.toml`, in the store and in `.driftline` of the project, and `--accept` say.
    ///
    /// # Errors
    /// When one of them cannot be read.
    pub(crate) fn read(project: &Project, flags: &[String]) -> Result<Self, Error> {
        let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut given: Vec<Acceptance> = Vec::new();
        for path in project.acceptance_files() {
            for acceptance in file::read(&path, &project.root)? {
                // The one may be a copy of the other.
                let same = |other: &Acceptance| {
                    Acceptance { source: acceptance.source.clone(), ..other.clone() } == acceptance
                };
                if !given.iter().any(same) {
                    given.push(acceptance);
                }
            }
        }
        for flag in flags {
            given.push(of_flag(flag)?);
        }
        Ok(Self { given, today })
    }

    /// The changes that they say are known, for what looks for changes: those that name a commit or a
    /// run, and are not over.
    pub(crate) fn acknowledgements(&self) -> impl Iterator<Item = Acknowledgement> {
        let holds = |given: &&Acceptance| given.until.is_none_or(|until| until >= self.today);
        let known = self.given.iter().filter(holds).map(|given| &given.known);
        known.filter(|known| !known.commit.trim().is_empty()).cloned()
    }

    /// Sets the candidate against the baseline, and marks what is accepted; what the commits between
    /// them say counts too.
    pub(crate) fn judge(
        &self,
        project: &Project,
        evidence: &Evidence<'_>,
        baseline: &Named,
        candidate: &Side<'_>,
        policy: &Policy,
    ) -> Judged {
        let mut given = self.given.clone();
        let mut warnings = Vec::new();
        match trailers(project, baseline, candidate, evidence.comparable(), &mut warnings) {
            Ok(found) => given.extend(found),
            Err(warning) => warnings.push(warning),
        }
        for acceptance in &mut given {
            let commit = acceptance.known.commit.trim();
            acceptance.runs = (!commit.is_empty())
                .then(|| having(project, commit, evidence, baseline, candidate));
        }
        let evidence = evidence.clone().accepting(given, policy, self.today);
        let mut comparison = evidence.judge(&baseline.side(), candidate, policy);
        comparison.warnings.extend(warnings);
        let judgement = evidence.judgement(&comparison, policy);
        Judged { comparison, judgement }
    }
}

/// A comparison, and what of it is recorded with the candidate.
#[derive(Debug)]
pub(crate) struct Judged {
    pub(crate) comparison: Comparison,
    pub(crate) judgement: Judgement,
}

/// `PATTERN=REASON` on the command line.
fn of_flag(flag: &str) -> Result<Acceptance, Error> {
    let parts = flag.split_once('=').map(|(pattern, reason)| (pattern.trim(), reason.trim()));
    let (pattern, reason) = parts
        .filter(|(pattern, reason)| !pattern.is_empty() && !reason.is_empty())
        .ok_or_else(|| {
            Error::usage(format!("read --accept {flag:?}: expected PATTERN=REASON"))
                .hint("such as --accept 'upload/*=checksums are worth it'")
        })?;
    let known = Acknowledgement {
        benchmark: pattern.to_owned(),
        reason: reason.to_owned(),
        ..Acknowledgement::default()
    };
    let source = "--accept".to_owned();
    Ok(Acceptance { known, metric: None, until: None, limit: None, runs: None, source })
}

/// What the commits that the candidate has and the baseline's oldest run has not accept, and what those
/// since the oldest of `comparable` do: their levels are the accepted ones. None where one of the two is of
/// no commit, or there is no repository. What is no trailer although it looks like one is warned of.
fn trailers(
    project: &Project,
    baseline: &Named,
    candidate: &Side<'_>,
    comparable: &[&Run],
    warnings: &mut Vec<String>,
) -> Result<Vec<Acceptance>, String> {
    fn commit_of(run: &Run) -> Option<&str> {
        run.commit.as_ref().map(|commit| commit.id.as_str())
    }
    let from = baseline.runs.first().and_then(commit_of);
    let to = candidate.runs.last().copied().and_then(commit_of);
    let Some((from, to)) = from.zip(to).filter(|(from, to)| from != to) else {
        return Ok(Vec::new());
    };
    let mut given = Vec::new();
    let between = provenance::acceptance_trailers(&project.directory, from, to)?;
    for trailer in &between {
        match of_trailer(trailer) {
            Ok(acceptance) => given.push(acceptance),
            Err(why) => warnings.push(why),
        }
    }
    let oldest = comparable.first().copied().and_then(commit_of).filter(|oldest| *oldest != from);
    // What is not known so far back is older than what is judged.
    let all = oldest
        .and_then(|oldest| provenance::acceptance_trailers(&project.directory, oldest, to).ok());
    let earlier = all.iter().flatten().filter(|trailer| !between.contains(trailer));
    given.extend(earlier.filter_map(|trailer| of_trailer(trailer).ok()));
    Ok(given)
}

/// What a trailer accepts.
///
/// # Errors
/// When it accepts nothing; with what is wrong.
fn of_trailer(trailer: &Trailer) -> Result<Acceptance, String> {
    let short: String = trailer.commit.chars().take(10).collect();
    let (pattern, reason) = pattern_and_reason(&trailer.value).map_err(|why| {
        format!("commit {short}: \"Benchmark-Accept: {}\" accepts nothing: {why}", trailer.value)
    })?;
    let known = Acknowledgement {
        commit: trailer.commit.clone(),
        benchmark: pattern.to_owned(),
        reason: reason.to_owned(),
        ..Acknowledgement::default()
    };
    let source = format!("commit {short}");
    Ok(Acceptance { known, metric: None, until: None, limit: None, runs: None, source })
}

/// `upload/* checksums`, or `"a name with blanks" checksums`.
///
/// # Errors
/// When it is neither; with what was expected.
fn pattern_and_reason(value: &str) -> Result<(&str, &str), &'static str> {
    const EXPECTED: &str = "expected a pattern of benchmarks and a reason";
    const QUOTED: &str = "its pattern breaks off behind a quotation mark: expected \"a name with \
                          blanks\", and a reason behind it";
    const BRACKET: &str = "its pattern breaks off within brackets: put it in quotation marks, such as \
                           \"sort[a b]\", and a reason behind it";
    let value = value.trim();
    let (pattern, reason) = if let Some(quoted) = value.strip_prefix('"') {
        let (pattern, reason) = quoted.split_once('"').ok_or(QUOTED)?;
        if !reason.is_empty() && !reason.starts_with(char::is_whitespace) {
            return Err(QUOTED);
        }
        (pattern, reason)
    } else {
        let (pattern, reason) = value.split_once(char::is_whitespace).ok_or(EXPECTED)?;
        if pattern.matches('[').count() > pattern.matches(']').count() {
            return Err(BRACKET);
        }
        (pattern, reason)
    };
    let (pattern, reason) = (pattern.trim(), reason.trim());
    if pattern.is_empty() || reason.is_empty() { Err(EXPECTED) } else { Ok((pattern, reason)) }
}

/// The runs that have `commit`, or come after the run of that id: of those made like the candidate, oldest
/// first, of the baseline, and the candidate.
fn having(
    project: &Project,
    commit: &str,
    evidence: &Evidence<'_>,
    baseline: &Named,
    candidate: &Side<'_>,
) -> BTreeSet<RunId> {
    let newest = candidate.runs.last().and_then(|run| run.commit.as_ref());
    let head = newest.map_or("HEAD", |commit| commit.id.as_str());
    let with = provenance::commits_with(&project.directory, commit, head);
    let has = |run: &Run| {
        run.id.as_str() == commit
            || run.commit.as_ref().is_some_and(|own| {
                // Without a repository the id's beginning is all there is to go by.
                with.contains(&own.id) || commit.len() >= 7 && own.id.starts_with(commit)
            })
    };
    let comparable = evidence.comparable();
    let named = comparable.iter().position(|run| run.id.as_str() == commit);
    let since = comparable.iter().skip(named.unwrap_or(comparable.len())).copied();
    // The head has it, and that is what the candidate is of.
    let of_head = named.is_some() || !with.is_empty();
    let own = candidate.runs.iter().copied().filter(|run| of_head || has(run));
    let others = comparable.iter().copied().chain(&baseline.runs).filter(|run| has(run));
    since.chain(own).chain(others).map(|run| run.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailer_is_a_pattern_and_a_reason() {
        for (value, expected) in [
            ("upload/* checksums, at last", Some(("upload/*", "checksums, at last"))),
            ("\"a b\"  why", Some(("a b", "why"))),
            ("sort[a] why", Some(("sort[a]", "why"))),
            ("\"sort[a b]\" why", Some(("sort[a b]", "why"))),
        ] {
            assert_eq!(pattern_and_reason(value).ok(), expected, "{value}");
        }
        for (value, expected) in [
            ("upload/*", "expected a pattern of benchmarks and a reason"),
            ("", "expected a pattern of benchmarks and a reason"),
            ("\"\" why", "expected a pattern of benchmarks and a reason"),
            ("\"a b", "breaks off behind a quotation mark"),
            ("\"a b\"why", "breaks off behind a quotation mark"),
            ("sort[a b] why", "put it in quotation marks, such as \"sort[a b]\""),
            ("[ why", "put it in quotation marks"),
        ] {
            let why = pattern_and_reason(value).unwrap_err();
            assert!(why.contains(expected), "{value}: {why}");
        }
    }

    #[test]
    fn a_flag_is_a_pattern_and_a_reason() {
        let given = of_flag("*=label benchmark-accepted=yes").unwrap();
        assert_eq!((given.known.benchmark.as_str(), given.source.as_str()), ("*", "--accept"));
        assert_eq!(given.known.reason, "label benchmark-accepted=yes");
        for wrong in ["*", "*=", "=why", ""] {
            assert!(of_flag(wrong).unwrap_err().to_string().contains("expected PATTERN=REASON"));
        }
    }
}
