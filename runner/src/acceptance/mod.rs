//! What is accepted on purpose: by `accepted.toml`, by trailers of commits, by the command line.

mod file;

use driftline_core::change::Acknowledgement;
use driftline_core::compare::{Acceptance, Comparison, Evidence, Policy, Side, accept};
use driftline_core::model::{Run, RunId};
use jiff::civil::Date;

use crate::config::Project;
use crate::error::Error;
use crate::provenance;
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
    ) -> Comparison {
        let mut given = self.given.clone();
        let mut warnings = Vec::new();
        match trailers(project, baseline, candidate, &mut warnings) {
            Ok(found) => given.extend(found),
            Err(warning) => warnings.push(warning),
        }
        given.retain_mut(|acceptance| {
            match place(project, &acceptance.known.commit, candidate, evidence.comparable()) {
                Place::Everywhere => true,
                Place::At(run) => {
                    acceptance.at = Some(run);
                    true
                }
                Place::Unknown => {
                    warnings.push(unknown(acceptance));
                    false
                }
            }
        });
        let evidence = evidence.clone().accepting(&given, policy, self.today);
        let mut comparison = evidence.judge(&baseline.side(), candidate, policy);
        comparison.warnings.extend(warnings);
        accept(&mut comparison, &given, evidence.comparable(), policy, self.today);
        comparison
    }
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
    Ok(Acceptance { known, metric: None, until: None, limit: None, at: None, source })
}

/// What the commits that the candidate has and the baseline's oldest run has not accept. None where
/// one of the two is of no commit, or there is no repository. What is no trailer although it looks like
/// one is warned of.
fn trailers(
    project: &Project,
    baseline: &Named,
    candidate: &Side<'_>,
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
    for trailer in provenance::acceptance_trailers(&project.directory, from, to)? {
        let short: String = trailer.commit.chars().take(10).collect();
        let Some((pattern, reason)) = pattern_and_reason(&trailer.value) else {
            warnings.push(format!(
                "commit {short}: \"Benchmark-Accept: {}\" accepts nothing: expected a pattern of \
                 benchmarks and a reason",
                trailer.value
            ));
            continue;
        };
        let known = Acknowledgement {
            commit: trailer.commit.clone(),
            benchmark: pattern.to_owned(),
            reason: reason.to_owned(),
            ..Acknowledgement::default()
        };
        let source = format!("commit {short}");
        given.push(Acceptance { known, metric: None, until: None, limit: None, at: None, source });
    }
    Ok(given)
}

/// `upload/* checksums`, or `"a name with blanks" checksums`.
fn pattern_and_reason(value: &str) -> Option<(&str, &str)> {
    let value = value.trim();
    let (pattern, reason) = match value.strip_prefix('"') {
        Some(quoted) => quoted.split_once('"')?,
        None => value.split_once(char::is_whitespace)?,
    };
    let (pattern, reason) = (pattern.trim(), reason.trim());
    (!pattern.is_empty() && !reason.is_empty()).then_some((pattern, reason))
}

/// From where on an acceptance holds.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    /// It names no commit or run, or the candidate is the first that has what it names.
    Everywhere,
    /// From this run on.
    At(RunId),
    /// The candidate is not known to have what it names, so it accepts nothing.
    Unknown,
}

/// Where `commit`, which may be a run's id too, stands among `runs`, oldest first, and the candidate.
fn place(project: &Project, commit: &str, candidate: &Side<'_>, runs: &[&Run]) -> Place {
    let commit = commit.trim();
    if commit.is_empty() {
        return Place::Everywhere;
    }
    let named = |run: &&Run| run.id.as_str() == commit;
    if let Some(run) = runs.iter().find(|run| named(run)) {
        return Place::At(run.id.clone());
    }
    let newest = candidate.runs.last().and_then(|run| run.commit.as_ref());
    let head = newest.map_or("HEAD", |commit| commit.id.as_str());
    let with = provenance::commits_with(&project.directory, commit, head);
    let has = |run: &&Run| {
        run.commit.as_ref().is_some_and(|own| {
            // Without a repository the id's beginning is all there is to go by.
            with.contains(&own.id) || commit.len() >= 7 && own.id.starts_with(commit)
        })
    };
    if let Some(run) = runs.iter().find(|run| has(run)) {
        return Place::At(run.id.clone());
    }
    if !with.is_empty() || candidate.runs.iter().any(|run| named(run) || has(run)) {
        Place::Everywhere
    } else {
        Place::Unknown
    }
}

/// What is said of an acceptance of which the place is not known.
fn unknown(acceptance: &Acceptance) -> String {
    let Acceptance { known, source, .. } = acceptance;
    format!(
        "the acceptance of {} ({source}) accepts nothing: {:?} is neither a commit that the candidate \
         has nor a run made like it; look for a misspelt id, name the commit that was merged, or fetch \
         all of the history",
        known.benchmark, known.commit
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trailer_is_a_pattern_and_a_reason() {
        for (value, expected) in [
            ("upload/* checksums, at last", Some(("upload/*", "checksums, at last"))),
            ("\"a b\"  why", Some(("a b", "why"))),
            ("upload/*", None),
            ("\"a b", None),
            ("\"\" why", None),
            ("", None),
        ] {
            assert_eq!(pattern_and_reason(value), expected, "{value}");
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
