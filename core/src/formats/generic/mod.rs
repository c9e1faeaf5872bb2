//! Forms that no single harness writes: those of the tools that keep histories.

pub(super) mod bencher_metric_format;
pub(super) mod custom;
pub(super) mod github_action_benchmark;
pub(super) mod otava_csv;
