use std::collections::BTreeMap;

use super::sources::{Sources, folder};
use super::{Answer, Found, Suite};

/// A harness of cargo's bench targets: what its sources say, and the format it prints.
struct Harness {
    name: &'static str,
    /// What a source that uses it holds.
    marks: &'static [&'static str],
    /// None: criterion's own protocol.
    format: Option<&'static str>,
}

/// In this order: a source that uses the first is not asked for the others.
const HARNESSES: [Harness; 4] = [
    Harness { name: "criterion", marks: &["criterion_group!", "criterion_main!"], format: None },
    Harness { name: "divan", marks: &["divan::main"], format: Some("divan") },
    Harness {
        name: "gungraun",
        marks: &["gungraun::", "iai_callgrind::"],
        format: Some("gungraun"),
    },
    Harness { name: "libtest", marks: &["#[bench]"], format: Some("libtest") },
];

/// The bench targets of the cargo projects in a repository, by harness.
pub(super) fn look(sources: &Sources) -> Vec<Found> {
    let manifests = sources.called(|name| name == "Cargo.toml");
    // A workspace's members are built from its root.
    let roots: Vec<&str> = manifests
        .iter()
        .map(|manifest| folder(manifest))
        .filter(|own| {
            let above = |other: &&&str| {
                let other = folder(other);
                other != *own && (other.is_empty() || own.starts_with(&format!("{other}/")))
            };
            !manifests.iter().any(|other| above(&other))
        })
        .collect();
    roots.into_iter().flat_map(|root| of_project(sources, root)).collect()
}

fn of_project(sources: &Sources, root: &str) -> Vec<Found> {
    let inside = |path: &&str| root.is_empty() || path.starts_with(&format!("{root}/"));
    let is_rust = |name: &str| {
        std::path::Path::new(name).extension().is_some_and(|extension| extension == "rs")
    };
    let mut targets: BTreeMap<usize, Vec<(String, &str)>> = BTreeMap::new();
    for path in sources.called(is_rust).into_iter().filter(inside) {
        let text = sources.text(path);
        let uses = |harness: &Harness| harness.marks.iter().any(|mark| text.contains(mark));
        let Some(index) = HARNESSES.iter().position(uses) else { continue };
        targets.entry(index).or_default().push((target_of(path), path));
    }
    let several = targets.len() > 1;
    let found = targets.into_iter().filter_map(|(index, mut targets)| {
        let harness = HARNESSES.get(index)?;
        targets.sort();
        let evidence = targets.first()?.1.to_owned();
        let mut names: Vec<String> = targets.into_iter().map(|(name, _)| name).collect();
        names.dedup();
        let command = harness.format.map(|format| {
            let mut command = vec!["cargo bench"];
            if several && is_plain(&names) {
                command.extend(names.iter().flat_map(|name| ["--bench", name]));
            }
            (command.join(" "), format)
        });
        let bench = if several && command.is_none() { names } else { Vec::new() };
        let name = if root.is_empty() {
            harness.name.to_owned()
        } else {
            format!("{root}-{}", harness.name)
        };
        let suite = Suite { name, directory: root.to_owned(), command, bench };
        Some(Found { harness: harness.name, evidence, answer: Answer::Suite(suite) })
    });
    found.collect()
}

/// The bench target that a source belongs to, as cargo names it unless its manifest says otherwise:
/// `benches/a.rs` and `benches/a/main.rs` are `a`.
fn target_of(path: &str) -> String {
    let (rest, file) = path.rsplit_once('/').unwrap_or(("", path));
    let stem = file.strip_suffix(".rs").unwrap_or(file);
    let own = if stem == "main" { rest.rsplit('/').next().unwrap_or(stem) } else { stem };
    own.to_owned()
}

/// Whether names need no quoting in a shell.
fn is_plain(names: &[String]) -> bool {
    let allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    names.iter().all(|name| name.chars().all(allowed))
}
