//! Harnesses of other languages, and of whole programs.

pub(super) mod benchmark_dotnet;
pub(super) mod benchmark_ips;
pub(super) mod benchmark_tools;
pub(super) mod hyperfine;
pub(super) mod jmh;
pub(super) mod phpbench;
