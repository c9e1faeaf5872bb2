use std::path::Path;
use std::process::{Command, Stdio};

use super::Environment;

/// What `rustc --version` says in `directory`: run there, a `rust-toolchain.toml` counts. None
/// where there is no rustc.
///
/// The whole line, because nightlies of one version differ in the commit behind it alone.
pub(crate) fn toolchain(directory: &Path, environment: &Environment) -> Option<String> {
    // Cargo builds with $RUSTC where it is set.
    let rustc = environment("RUSTC").unwrap_or_else(|| "rustc".to_owned());
    let output = Command::new(rustc)
        .arg("--version")
        .current_dir(directory)
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .ok()?;
    let version = String::from_utf8_lossy(&output.stdout).lines().next()?.trim().to_owned();
    (output.status.success() && !version.is_empty()).then_some(version)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rustc_says_its_version_and_a_missing_one_nothing() {
        let version = toolchain(Path::new("."), &|_| None).unwrap();
        assert!(version.starts_with("rustc 1."), "{version}");
        let missing = |_: &str| Some("/nonexistent/rustc".to_owned());
        assert_eq!(toolchain(Path::new("."), &missing), None);
    }
}
