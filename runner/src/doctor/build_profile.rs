use std::fs;
use std::path::Path;

use toml::{Table, Value};

use super::Finding;
use crate::provenance::Environment;

/// A profile inherits from another one at most so often: a circle is cargo's to complain about.
const DEEPEST: usize = 8;

/// The manifest in which cargo looks for profiles: the workspace's around `directory`, else the
/// nearest one. None where there is none.
pub(crate) fn manifest(directory: &Path) -> Option<Table> {
    let manifests = directory.ancestors().filter_map(|directory| {
        let text = fs::read_to_string(directory.join("Cargo.toml")).ok()?;
        text.parse::<Table>().ok()
    });
    let mut nearest = None;
    for manifest in manifests {
        if manifest.contains_key("workspace") {
            return Some(manifest);
        }
        nearest.get_or_insert(manifest);
    }
    nearest
}

/// Whether benches are built as slowly as programs under development.
pub(crate) fn bench_profile(manifest: &Table, environment: &Environment) -> Finding {
    let profiles = manifest.get("profile").and_then(Value::as_table);
    let setting = |key: &str| setting(profiles, environment, key);
    let optimisation = setting("opt-level");
    let mend = |line: &str| format!("write under [profile.bench] in Cargo.toml: {line}");
    if matches!(optimisation.as_str(), "0" | "1") {
        return Finding::problem(
            "build",
            format!("benches are built with opt-level = {optimisation}"),
        )
        .cost("the figures are those of code that nobody ships, often 10 times slower")
        .mend(mend("opt-level = 3"));
    }
    if setting("debug-assertions") == "true" {
        return Finding::problem("build", "benches are built with debug-assertions")
            .cost("what is measured is the checking too, which the released program does not do")
            .mend(mend("debug-assertions = false"))
            .fine("you release with debug-assertions as well");
    }
    Finding::ok("build", format!("benches are built with opt-level = {optimisation}"))
}

/// A key of the profile `bench`, with what it inherits: as in The Cargo Book, "Profiles".
fn setting(profiles: Option<&Table>, environment: &Environment, key: &str) -> String {
    let mut name = "bench".to_owned();
    for _ in 0..DEEPEST {
        let variable = format!("CARGO_PROFILE_{name}_{key}").replace('-', "_").to_uppercase();
        let profile = profiles.and_then(|profiles| profiles.get(&name)?.as_table());
        let own = |key: &str| profile.and_then(|profile| profile.get(key));
        if let Some(value) = environment(&variable) {
            return value;
        }
        match own(key) {
            Some(Value::String(text)) => return text.clone(),
            Some(value) => return value.to_string(),
            None => {}
        }
        name = match (own("inherits").and_then(Value::as_str), name.as_str()) {
            (_, "release") => break,
            (_, "dev") => {
                let default = if key == "opt-level" { "0" } else { "true" };
                return default.to_owned();
            }
            (Some(inherited), _) => inherited.to_owned(),
            (None, "test") => "dev".to_owned(),
            (None, _) => "release".to_owned(),
        };
    }
    if key == "opt-level" { "3" } else { "false" }.to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::Severity;
    use super::*;

    fn told(manifest: &str) -> (Severity, String) {
        let finding = bench_profile(&manifest.parse().unwrap(), &|_| None);
        (finding.severity, finding.found)
    }

    #[test]
    fn the_profile_is_followed_to_what_it_inherits() {
        let (problem, fine) = (Severity::Problem, Severity::Ok);
        for (manifest, expected) in [
            ("", fine),
            ("[profile.dev]\nopt-level = 0", fine),
            ("[profile.release]\nopt-level = \"s\"", fine),
            ("[profile.bench]\nopt-level = 1", problem),
            ("[profile.release]\nopt-level = 0", problem),
            ("[profile.release]\nopt-level = 0\n[profile.bench]\nopt-level = 3", fine),
            ("[profile.bench]\ninherits = \"dev\"", problem),
            ("[profile.bench]\ninherits = \"dev\"\nopt-level = 3", problem),
            ("[profile.bench]\ninherits = \"dev\"\nopt-level = 3\ndebug-assertions = false", fine),
            ("[profile.release]\ndebug-assertions = true", problem),
            (
                "[profile.fast]\nopt-level = 1\ninherits = \"release\"\n[profile.bench]\ninherits = \"fast\"",
                problem,
            ),
            ("[profile.a]\ninherits = \"bench\"\n[profile.bench]\ninherits = \"a\"", fine),
        ] {
            assert_eq!(told(manifest).0, expected, "{manifest}");
        }
        assert_eq!(
            told("[profile.bench]\nopt-level = \"z\"").1,
            "benches are built with opt-level = z"
        );
    }

    #[test]
    fn the_environment_comes_first() {
        let set = |name: &str| (name == "CARGO_PROFILE_BENCH_OPT_LEVEL").then(|| "0".to_owned());
        let finding = bench_profile(&"[profile.bench]\nopt-level = 3".parse().unwrap(), &set);
        assert_eq!(finding.severity, Severity::Problem);
        let set = |name: &str| {
            (name == "CARGO_PROFILE_RELEASE_DEBUG_ASSERTIONS").then(|| "true".to_owned())
        };
        assert_eq!(bench_profile(&Table::new(), &set).severity, Severity::Problem);
    }

    #[test]
    fn the_workspaces_manifest_is_the_one() {
        let root = tempfile::tempdir().unwrap();
        let member = root.path().join("member");
        fs::create_dir(&member).unwrap();
        fs::write(member.join("Cargo.toml"), "[package]\nname = \"m\"").unwrap();
        assert!(manifest(&member).unwrap().contains_key("package"));
        fs::write(root.path().join("Cargo.toml"), "[workspace]").unwrap();
        assert!(manifest(&member).unwrap().contains_key("workspace"));
    }
}
