//! Harnesses of Go.

pub(super) mod testing;
