//! The core for a browser or node: bytes in, text and typed arrays out, few calls.
//!
//! ```text
//! new Session() → .add(bytes, name, format), .index(), .series(…), .judge(…), …
//!     all runs that were given, in commit order, and what the core says of them: what the page
//!     asks (session.rs)
//! compare(baseline, baselineName, candidate, candidateName, policy) → the JSON that
//!     `driftline compare --format json` prints, byte for byte; the baseline's file may hold
//!     several runs of a history
//! calibrate(bytes, name, policy) → the JSON that `driftline calibrate --format json` prints
//! changes(bytes, name, acknowledged?) → the JSON that `driftline changes --format json` prints, byte
//!     for byte
//! ```
//!
//! Everything that fails throws an `Error` whose message names the file, the place and what was
//! expected.

mod files;
mod held;
mod index;
mod judging;
mod session;
mod settings;
mod table;

use wasm_bindgen::prelude::{JsError, wasm_bindgen};

pub use files::{calibrate_file, changes_of_file, compare_files};
pub use session::Session;

/// The version of the core that this module holds.
#[wasm_bindgen]
pub fn version() -> String {
    driftline_core::VERSION.to_owned()
}

fn thrown(error: impl std::fmt::Display) -> JsError {
    JsError::new(&error.to_string())
}
