use driftline_core::model::Ci;

use super::Environment;

/// The CI job that this process runs in, with where its log is.
pub(crate) fn ci(environment: &Environment) -> Option<Ci> {
    let set = |name: &str| environment(name).filter(|value| !value.is_empty());
    let on = |name: &str| set(name).is_some_and(|value| value != "false" && value != "0");
    let (name, url) = if on("GITHUB_ACTIONS") {
        ("github", github_url(&set))
    } else if on("GITLAB_CI") {
        ("gitlab", set("CI_JOB_URL").or_else(|| set("CI_PIPELINE_URL")))
    } else if on("BUILDKITE") {
        let job = set("BUILDKITE_JOB_ID").map(|job| format!("#{job}")).unwrap_or_default();
        ("buildkite", set("BUILDKITE_BUILD_URL").map(|build| build + &job))
    } else if set("JENKINS_URL").is_some() {
        ("jenkins", set("BUILD_URL"))
    } else if on("CI") {
        ("ci", None)
    } else {
        return None;
    };
    Some(Ci { name: name.to_owned(), url })
}

fn github_url(set: &Environment) -> Option<String> {
    let server = set("GITHUB_SERVER_URL").unwrap_or_else(|| "https://github.com".to_owned());
    let (repository, run) = (set("GITHUB_REPOSITORY")?, set("GITHUB_RUN_ID")?);
    // A job that was started again has a log of its own.
    let attempt = set("GITHUB_RUN_ATTEMPT").map(|n| format!("/attempts/{n}")).unwrap_or_default();
    Some(format!("{server}/{repository}/actions/runs/{run}{attempt}"))
}

/// The branch that CI says it builds: CI checks out a commit, so git itself knows none.
pub(super) fn branch(environment: &Environment) -> Option<String> {
    // For a pull request the branch it comes from, then the branch or tag that was pushed.
    const VARIABLES: [&str; 8] = [
        "GITHUB_HEAD_REF",
        "GITHUB_REF_NAME",
        "CI_MERGE_REQUEST_SOURCE_BRANCH_NAME",
        "CI_COMMIT_REF_NAME",
        "BUILDKITE_BRANCH",
        "CHANGE_BRANCH",
        "BRANCH_NAME",
        "GIT_BRANCH",
    ];
    let mut given = VARIABLES.iter().filter_map(|name| environment(name));
    given.find(|branch| !branch.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn within(variables: &[(&str, &str)]) -> impl Fn(&str) -> Option<String> {
        move |name| variables.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
    }

    /// Platform and page in one text.
    fn shown(variables: &[(&str, &str)]) -> String {
        match ci(&within(variables)) {
            None => "none".to_owned(),
            Some(Ci { name, url }) => format!("{name} {}", url.unwrap_or_default()),
        }
    }

    #[test]
    fn each_platform_is_known_with_its_jobs_page() {
        assert_eq!(
            shown(&[
                ("CI", "true"),
                ("GITHUB_ACTIONS", "true"),
                ("GITHUB_REPOSITORY", "o/r"),
                ("GITHUB_RUN_ID", "7"),
                ("GITHUB_RUN_ATTEMPT", "2"),
            ]),
            "github https://github.com/o/r/actions/runs/7/attempts/2"
        );
        assert_eq!(
            shown(&[("CI", "true"), ("GITLAB_CI", "true"), ("CI_JOB_URL", "https://g/-/jobs/1")]),
            "gitlab https://g/-/jobs/1"
        );
        let build = ("BUILDKITE_BUILD_URL", "https://buildkite.com/o/p/builds/3");
        assert_eq!(
            shown(&[("BUILDKITE", "true"), build, ("BUILDKITE_JOB_ID", "a-b")]),
            "buildkite https://buildkite.com/o/p/builds/3#a-b"
        );
        assert_eq!(
            shown(&[("JENKINS_URL", "https://j/"), ("BUILD_URL", "https://j/job/1/")]),
            "jenkins https://j/job/1/"
        );
        assert_eq!(shown(&[("CI", "1")]), "ci ");
        assert_eq!(shown(&[("GITHUB_ACTIONS", "true")]), "github ");
    }

    #[test]
    fn no_ci_is_none() {
        assert_eq!(shown(&[]), "none");
        assert_eq!(shown(&[("CI", "false")]), "none");
        assert_eq!(shown(&[("CI", "")]), "none");
    }

    #[test]
    fn a_pull_requests_branch_is_the_one_it_comes_from() {
        let pull = [("GITHUB_HEAD_REF", "faster"), ("GITHUB_REF_NAME", "12/merge")];
        assert_eq!(branch(&within(&pull)).as_deref(), Some("faster"));
        let push = [("GITHUB_HEAD_REF", ""), ("GITHUB_REF_NAME", "main")];
        assert_eq!(branch(&within(&push)).as_deref(), Some("main"));
        assert_eq!(branch(&within(&[])), None);
    }
}
