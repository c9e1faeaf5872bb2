//! runner
#![allow(dead_code, unused_imports)]

mod provenance;
mod store;

fn main() {}
