//! The core for a browser or node: bytes in, text and typed arrays out, few calls.
//!
//! ```text
//! new Session() → .add(bytes, name), .index(), .series(…), .judge(…), …
//!     all runs that were given, in commit order, and what the core says of them: what the page
//!     asks (session.rs); .judge, .changes and .calibrate answer what the command line prints with
//!     `--format json`, byte for byte
//! ```
//!
//! It reads driftline's own files; what harnesses write is read by driftline-web-formats, a module of its
//! own.
//!
//! Everything that fails throws an `Error` whose message names the file, the place and what was
//! expected.

mod held;
mod index;
mod judging;
mod session;
mod settings;
mod table;

use wasm_bindgen::prelude::{JsError, wasm_bindgen};

pub use session::Session;

/// The version of the core that this module holds.
#[wasm_bindgen]
pub fn version() -> String {
    driftline_core::VERSION.to_owned()
}

fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
