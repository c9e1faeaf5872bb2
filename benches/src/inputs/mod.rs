//! What the benchmarks feed the assistant, and the core.
//!
//! All of it is made from fixed seeds: the same on every machine, in every run and in every
//! suite, so that two measurements differ by the code and not by the input.

mod assistant;
mod generator;
mod harness_outputs;
mod recorded;

pub use assistant::{
    EchoTool, NOON, SEARCHED_WORD, SEARCHED_WORD_INTERVAL, new_messages, sample_registry,
    sample_tool, setting_definitions,
};
pub use generator::Generator;
pub use harness_outputs::{HarnessOutput, harness_outputs};
pub use recorded::{recorded_run, summarised_run};
