//! Harnesses of JavaScript.

pub(super) mod benchmark_js;
pub(super) mod mitata;
pub(super) mod tinybench;
pub(super) mod vitest;
