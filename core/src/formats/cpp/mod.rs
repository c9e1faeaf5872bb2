//! Harnesses of C++.

pub(super) mod catch2;
mod catch2_console;
pub(super) mod google_benchmark;
mod google_console;
pub(super) mod nanobench;
