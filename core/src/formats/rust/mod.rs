//! Harnesses of Rust.

pub(super) mod criterion;
pub(super) mod criterion_directory;
pub(super) mod divan;
pub(super) mod gungraun;
pub(super) mod libtest;
pub(super) mod tango;
