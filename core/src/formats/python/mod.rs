//! Harnesses of Python.

pub(super) mod asv;
pub(super) mod pyperf;
pub(super) mod pytest_benchmark;
