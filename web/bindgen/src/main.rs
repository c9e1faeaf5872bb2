//! Writes the JavaScript side of a wasm module: wasm-bindgen's own library, so that nothing has to
//! be installed globally and the versions cannot drift apart.
//!
//! ```text
//! driftline-bindgen MODULE.wasm TARGET DIRECTORY    TARGET: web, no-modules or nodejs
//! ```

use std::process::ExitCode;

use wasm_bindgen_cli_support::Bindgen;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [module, target, directory] = arguments.as_slice() else {
        return failed("expected MODULE.wasm TARGET DIRECTORY");
    };
    match write(module, target, directory) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => failed(&why),
    }
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
