use std::path::PathBuf;

use serde::Deserialize;

/// What cargo's JSON messages tell about a build.
#[derive(Debug, Default)]
pub(super) struct Artifacts {
    /// The programs of kind `bench`, in the order they were built.
    pub(super) benches: Vec<BenchArtifact>,
    /// Where build scripts put native libraries.
    pub(super) linked_paths: Vec<PathBuf>,
}

/// The program of one bench target.
#[derive(Debug)]
pub(super) struct BenchArtifact {
    pub(super) package_id: String,
    pub(super) manifest_path: PathBuf,
    pub(super) target: Target,
    pub(super) executable: PathBuf,
}

#[derive(Debug, Deserialize)]
pub(super) struct Target {
    pub(super) name: String,
    kind: Vec<String>,
}

#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Message {
    CompilerArtifact {
        package_id: String,
        manifest_path: PathBuf,
        target: Target,
        executable: Option<PathBuf>,
    },
    BuildScriptExecuted {
        linked_paths: Vec<String>,
    },
    #[serde(other)]
    Other,
}

impl Artifacts {
    /// Reads cargo's standard output: one JSON object a line. Lines that are none (a build script's
    /// or a wrapper's) are passed over.
    pub(super) fn read(output: &[u8]) -> Self {
        let mut artifacts = Self::default();
        for line in output.split(|&byte| byte == b'\n') {
            match serde_json::from_slice(line) {
                Ok(Message::CompilerArtifact {
                    package_id,
                    manifest_path,
                    target,
                    executable: Some(executable),
                }) if target.kind.iter().any(|kind| kind == "bench") => {
                    let bench = BenchArtifact { package_id, manifest_path, target, executable };
                    artifacts.benches.push(bench);
                }
                Ok(Message::BuildScriptExecuted { linked_paths }) => {
                    let paths = linked_paths.iter().map(|path| match path.split_once('=') {
                        Some(("native" | "dependency" | "crate" | "framework" | "all", path)) => {
                            path.into()
                        }
                        _ => path.into(),
                    });
                    artifacts.linked_paths.extend(paths);
                }
                _ => {}
            }
        }
        // Builds end in no fixed order.
        artifacts.benches.sort_by(|a, b| {
            (&a.manifest_path, &a.target.name).cmp(&(&b.manifest_path, &b.target.name))
        });
        artifacts
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bench_targets_are_taken() {
        let output = br#"{"reason":"compiler-artifact","package_id":"path+file:///w#a@0.1.0","manifest_path":"/w/Cargo.toml","target":{"kind":["lib"],"crate_types":["lib"],"name":"a","src_path":"/w/src/lib.rs","edition":"2024","doc":true,"doctest":true,"test":true},"profile":{"opt_level":"3","test":true},"features":[],"filenames":["/w/t/a-1"],"executable":"/w/t/a-1","fresh":false}
not json
{"reason":"build-script-executed","package_id":"x","linked_libs":[],"linked_paths":["native=/w/t/out","/plain"],"cfgs":[],"env":[],"out_dir":"/w/t/out"}
{"reason":"compiler-artifact","package_id":"path+file:///w#a@0.1.0","manifest_path":"/w/Cargo.toml","target":{"kind":["bench"],"name":"z","src_path":"/w/z.rs"},"executable":"/w/t/z-1"}
{"reason":"compiler-artifact","package_id":"path+file:///w#a@0.1.0","manifest_path":"/w/Cargo.toml","target":{"kind":["bench"],"name":"b","src_path":"/w/b.rs"},"executable":"/w/t/b-1"}
{"reason":"compiler-artifact","package_id":"path+file:///w#a@0.1.0","manifest_path":"/w/Cargo.toml","target":{"kind":["bench"],"name":"n","src_path":"/w/n.rs"},"executable":null}
{"reason":"build-finished","success":true}
"#;
        let artifacts = Artifacts::read(output);
        let names: Vec<&str> = artifacts.benches.iter().map(|b| b.target.name.as_str()).collect();
        assert_eq!(names, ["b", "z"]);
        assert_eq!(artifacts.benches[0].executable, PathBuf::from("/w/t/b-1"));
        assert_eq!(artifacts.linked_paths, [PathBuf::from("/w/t/out"), PathBuf::from("/plain")]);
    }
}
