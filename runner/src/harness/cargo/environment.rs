use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;

use super::messages::BenchArtifact;
use crate::harness::Interrupt;
use crate::harness::capture::{self, Stdout};

/// Where programs look for dynamic libraries.
const LIBRARY_PATH: &str = if cfg!(windows) {
    "PATH"
} else if cfg!(target_vendor = "apple") {
    "DYLD_FALLBACK_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// What cargo knows of a project and tells the programs it starts. Whatever could not be found out
/// is left out: most benchmarks need none of it.
#[derive(Debug)]
pub(super) struct Environment {
    cargo: PathBuf,
    packages: BTreeMap<String, Package>,
    target_directory: Option<PathBuf>,
    /// The toolchain's own dynamic libraries.
    toolchain_libraries: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Metadata {
    packages: Vec<Package>,
    target_directory: PathBuf,
}

#[derive(Debug, Deserialize)]
struct Package {
    id: String,
    name: String,
    version: String,
    #[serde(default)]
    authors: Vec<String>,
    description: Option<String>,
    homepage: Option<String>,
    repository: Option<String>,
    license: Option<String>,
    license_file: Option<String>,
    readme: Option<String>,
    rust_version: Option<String>,
}

impl Environment {
    /// Asks cargo and rustc, as they are in `directory`.
    pub(super) fn find(cargo: &Path, directory: &Path, interrupt: &Interrupt) -> Self {
        let metadata = ["metadata", "--no-deps", "--format-version=1"];
        let metadata: Option<Metadata> = output(cargo, &metadata, directory, interrupt)
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let rustc = PathBuf::from(env::var_os("RUSTC").unwrap_or_else(|| "rustc".into()));
        let libraries = output(&rustc, &["--print=target-libdir"], directory, interrupt);
        let (packages, target_directory) =
            metadata.map_or((Vec::new(), None), |m| (m.packages, Some(m.target_directory)));
        Self {
            cargo: cargo.to_owned(),
            packages: packages.into_iter().map(|p| (p.id.clone(), p)).collect(),
            target_directory,
            toolchain_libraries: libraries
                .map(|bytes| String::from_utf8_lossy(&bytes).trim().into())
                .filter(|path: &PathBuf| !path.as_os_str().is_empty()),
        }
    }

    pub(super) fn package_name(&self, id: &str) -> Option<&str> {
        self.packages.get(id).map(|package| package.name.as_str())
    }

    /// The variables for one bench target.
    pub(super) fn of(
        &self,
        bench: &BenchArtifact,
        linked: &[PathBuf],
    ) -> Vec<(OsString, OsString)> {
        let mut variables: Vec<(OsString, OsString)> = vec![
            ("CARGO".into(), self.cargo.clone().into()),
            ("CARGO_MANIFEST_PATH".into(), bench.manifest_path.clone().into()),
        ];
        if let Some(directory) = bench.manifest_path.parent() {
            variables.push(("CARGO_MANIFEST_DIR".into(), directory.into()));
        }
        if let Some(package) = self.packages.get(&bench.package_id) {
            variables.extend(package.variables());
        }
        if let Some(paths) = self.library_path(&bench.executable, linked) {
            variables.push((LIBRARY_PATH.into(), paths));
        }
        variables
    }

    /// Native libraries that build scripts made, the build's own, the toolchain's, then what is set
    /// already: cargo's order.
    fn library_path(&self, executable: &Path, linked: &[PathBuf]) -> Option<OsString> {
        let ours = |path: &&PathBuf| {
            self.target_directory.as_ref().is_some_and(|target| path.starts_with(target))
        };
        let mut paths: Vec<PathBuf> = linked.iter().filter(ours).cloned().collect();
        paths.extend(executable.ancestors().skip(1).take(2).map(Path::to_owned));
        paths.extend(self.toolchain_libraries.clone());
        match env::var_os(LIBRARY_PATH) {
            Some(set) => paths.extend(env::split_paths(&set)),
            // Setting the variable replaces these defaults of the system.
            None if cfg!(target_vendor = "apple") => {
                paths.extend(["/usr/local/lib", "/usr/lib"].map(PathBuf::from));
            }
            None => {}
        }
        env::join_paths(paths).ok()
    }
}

impl Package {
    fn variables(&self) -> Vec<(OsString, OsString)> {
        let version = self.version.split_once('+').map_or(&*self.version, |(version, _)| version);
        let (release, pre) = version.split_once('-').unwrap_or((version, ""));
        let mut numbers = release.split('.');
        let mut number = || numbers.next().unwrap_or_default().to_owned();
        let or_empty = |text: &Option<String>| text.clone().unwrap_or_default();
        [
            ("NAME", self.name.clone()),
            ("VERSION", self.version.clone()),
            ("VERSION_MAJOR", number()),
            ("VERSION_MINOR", number()),
            ("VERSION_PATCH", number()),
            ("VERSION_PRE", pre.to_owned()),
            ("AUTHORS", self.authors.join(":")),
            ("DESCRIPTION", or_empty(&self.description)),
            ("HOMEPAGE", or_empty(&self.homepage)),
            ("REPOSITORY", or_empty(&self.repository)),
            ("LICENSE", or_empty(&self.license)),
            ("LICENSE_FILE", or_empty(&self.license_file)),
            ("README", or_empty(&self.readme)),
            ("RUST_VERSION", or_empty(&self.rust_version)),
        ]
        .into_iter()
        .map(|(name, value)| (format!("CARGO_PKG_{name}").into(), value.into()))
        .collect()
    }
}

fn output(
    program: &Path,
    arguments: &[&str],
    directory: &Path,
    interrupt: &Interrupt,
) -> Option<Vec<u8>> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(directory);
    let captured = capture::run(&mut command, Stdout::Data, None, interrupt, &mut |_| {}).ok()?;
    matches!(captured.ending, capture::Ending::Exited(status) if status.success())
        .then_some(captured.data)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_comes_in_parts() {
        let package: Package =
            serde_json::from_str(r#"{"id":"x","name":"x","version":"1.2.3-rc.1+build"}"#).unwrap();
        let variables = package.variables();
        let value = |name: &str| {
            variables.iter().find(|(n, _)| n == name).map(|(_, v)| v.to_str().unwrap()).unwrap()
        };
        assert_eq!(value("CARGO_PKG_VERSION"), "1.2.3-rc.1+build");
        assert_eq!(value("CARGO_PKG_VERSION_PATCH"), "3");
        assert_eq!(value("CARGO_PKG_VERSION_PRE"), "rc.1");
        assert_eq!(value("CARGO_PKG_LICENSE"), "");
    }
}
