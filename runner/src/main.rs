//! The command line.
#![allow(dead_code, unused_imports)]

mod harness;

fn main() {}
