use super::{Origin, Suite};

/// The workflow that measures, with places for what differs.
const MEASURING: &str = include_str!("benchmarks.yml");
/// The one that comments.
const COMMENTING: &str = include_str!("benchmarks-comment.yml");
/// What measures on GitLab.
const GITLAB: &str = include_str!("gitlab-ci.yml");
/// What git is to leave out of the repository, and what not.
const IGNORED: [&str; 2] = ["/.driftline/*", "!/.driftline/accepted.toml"];
/// Where the action is, as far as nobody has said whose repository it is.
const NOBODYS: &str = "OWNER/driftline";

/// A driftline.toml with these suites.
pub(crate) fn configuration(suites: &[&Suite]) -> String {
    let mut out =
        "# Written by `driftline init`. Every key has a default; README.md lists them.\n\n\
                   # A change is relevant from here on; per benchmark below.\n\
                   threshold = \"20%\"\n"
            .to_owned();
    for suite in suites {
        out += &format!("\n[[suite]]\nname = {}\n", quoted(&suite.name));
        match &suite.command {
            None => out += "harness = \"criterion\"\n",
            Some((command, format)) => {
                out += &format!("command = {}\nformat = {}\n", quoted(command), quoted(format));
            }
        }
        if !suite.directory.is_empty() {
            out += &format!("directory = {}\n", quoted(&suite.directory));
        }
        if !suite.bench.is_empty() {
            let names: Vec<String> = suite.bench.iter().map(|name| quoted(name)).collect();
            out += &format!("bench = [{}]\n", names.join(", "));
        }
    }
    out + "\n# [[benchmark]]\n# match = \"upload/write_*\"\n# threshold = \"30%\"\n"
}

/// A text as TOML has it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// The workflows, and what they do not know yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Workflows {
    pub(crate) measuring: String,
    pub(crate) commenting: String,
    /// Whether somebody has to fill in whose repository the actions are in.
    pub(crate) nobodys: bool,
}

/// Where driftline itself is: what its package says, else beside the repository of the same people.
pub(crate) fn driftline(package: &str, origin: Option<&Origin>) -> Option<String> {
    let own = Some(package.to_owned()).filter(|package| !package.is_empty());
    own.or_else(|| origin.map(Origin::driftline))
}

/// The workflows for a repository of this default branch. `repository` is driftline's own.
pub(crate) fn workflows(branch: Option<&str>, repository: Option<&str>) -> Workflows {
    let own = repository.unwrap_or_default().strip_prefix("https://github.com/");
    let own = own.map(|path| path.trim_end_matches(".git"));
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    let is_path = |path: &&str| {
        let parts: Vec<&str> = path.split('/').collect();
        parts.len() == 2 && parts.iter().all(|part| !part.is_empty() && part.chars().all(plain))
    };
    let own = own.filter(is_path);
    let with = |text: &str, action: &str| {
        let action = format!("{}/.github/actions/{action}", own.unwrap_or(NOBODYS));
        text.replace("ACTION@VERSION", &format!("{action}@v{}", env!("CARGO_PKG_VERSION")))
    };
    // Within single quotes of YAML only they themselves are special.
    let branch = format!("['{}']", branch.unwrap_or("main").replace('\'', "''"));
    Workflows {
        measuring: with(MEASURING, "driftline").replace("[BRANCH]", &branch),
        commenting: with(COMMENTING, "comment"),
        nobodys: own.is_none(),
    }
}

/// The job for GitLab. `repository` is driftline's own.
pub(crate) fn gitlab_job(repository: Option<&str>) -> String {
    let nobodys = format!("https://github.com/{NOBODYS}");
    GITLAB.replace("REPOSITORY", repository.unwrap_or(&nobodys))
}

/// The lines that a `.gitignore` lacks, so that runs stay out of the repository and what is accepted on
/// purpose is in it; each with its line break, none where it has them.
pub(crate) fn ignoring(gitignore: &str) -> String {
    let has = |line: &str| {
        let same = |own: &str| own.trim().trim_start_matches('/') == line.trim_start_matches('/');
        gitignore.lines().any(same)
    };
    // Whoever leaves out the whole folder has chosen that.
    let whole = |line: &str| {
        matches!(line.trim(), ".driftline" | ".driftline/" | "/.driftline" | "/.driftline/")
    };
    if gitignore.lines().any(whole) {
        return String::new();
    }
    let missing: Vec<&str> = IGNORED.into_iter().filter(|line| !has(line)).collect();
    let broken = !gitignore.is_empty() && !gitignore.ends_with('\n') && !missing.is_empty();
    let start = if broken { "\n" } else { "" };
    missing.iter().fold(start.to_owned(), |text, line| format!("{text}{line}\n"))
}
