//! Writes the JavaScript side of a wasm module: wasm-bindgen's own library, so that nothing has to
//! be installed globally and the versions cannot drift apart. And splits what it wrote.
//!
//! ```text
//! driftline-bindgen MODULE.wasm TARGET DIRECTORY            TARGET: web, no-modules or nodejs
//! driftline-bindgen split MODULE.wasm REST.wasm EXPORT…     see split.rs; MODULE.wasm is overwritten
//! ```

mod split;

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done = match arguments.as_slice() {
        [split, module, rest, deferred @ ..] if split == "split" => {
            split_file(module, rest, deferred)
        }
        [module, target, directory] => write(module, target, directory),
        _ => Err("expected MODULE.wasm TARGET DIRECTORY, or split MODULE.wasm REST.wasm EXPORT…"
            .to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => failed(&why),
    }
}

fn split_file(module: &str, rest: &str, deferred: &[String]) -> Result<(), String> {
    let wasm = std::fs::read(module).map_err(|error| format!("read {module}: {error}"))?;
    let split = split::split(&wasm, deferred).map_err(|why| format!("split {module}: {why}"))?;
    for (path, bytes) in [(module, split.first), (rest, split.rest)] {
        std::fs::write(path, bytes).map_err(|error| format!("write {path}: {error}"))?;
    }
    Ok(())
}
fn write(module: &str, target: &str, directory: &str) -> Result<(), String> {
    if !std::path::Path::new(module).is_file() {
        return Err(format!("{module} is missing: build driftline-web for wasm32-unknown-unknown"));
    }
    let mut bindgen = Bindgen::new();
    bindgen.input_path(module);
    match target {
        "web" => bindgen.web(true),
        "no-modules" => bindgen.no_modules(true),
        "nodejs" => bindgen.nodejs(true),
        other => return Err(format!("{other:?} is no target: use web, no-modules or nodejs")),
    }
    .and_then(|bindgen| {
        // Without the default path `init()` would fail at run time for want of an argument.
        bindgen
            .omit_default_module_path(false)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(directory)
    })
    .map_err(|e| format!("{e:#}"))
}

#[expect(clippy::print_stderr, reason = "this is a build tool: its messages go to its user")]
fn failed(why: &str) -> ExitCode {
    eprintln!("driftline-bindgen: {why}");
    ExitCode::FAILURE
}
