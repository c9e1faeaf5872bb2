//! What a `driftline-values/1` may hold, as a type: the reader reads it as a tree, so that one unusable
//! benchmark does not make the whole file unreadable.
#![expect(dead_code, reason = "only its schema is made of it")]

use schemars::{JsonSchema, Schema};

/// What a program that measures for itself may write.
#[derive(JsonSchema)]
#[schemars(title = "driftline values", deny_unknown_fields)]
struct Values {
    /// `driftline-values/1`.
    #[schemars(extend("const" = "driftline-values/1"))]
    format: String,
    /// The run's id; by default a hash of the file.
    run: Option<String>,
    /// The id of the commit that was measured.
    commit: Option<String>,
    /// When it was measured: RFC 3339, such as `2026-11-23T04:40:12Z`.
    #[schemars(extend("format" = "date-time"))]
    time: Option<String>,
    /// A name for the machine: runs of different machines are not compared.
    machine: Option<String>,
    /// What was measured. Several entries of one name and metric are one sample.
    benchmarks: Vec<Benchmark>,
}

/// One metric of a benchmark, with either `value` or `values`.
#[derive(JsonSchema)]
#[schemars(extend("oneOf" = [{"required": ["value"]}, {"required": ["values"]}]))]
struct Benchmark {
    /// The benchmark: `suite/group/function/parameter`.
    #[schemars(length(min = 1))]
    name: String,
    /// What is measured of it: by default `wall_time` for times, and else the unit.
    metric: Option<String>,
    /// The only value.
    #[schemars(extend("type" = "number"))]
    value: Option<f64>,
    /// The raw values, in the order they were measured.
    #[schemars(length(min = 1), extend("type" = "array"))]
    values: Option<Vec<f64>>,
    /// `ns` unless given; `ps`, `us`, `ms` and `s` become nanoseconds.
    unit: Option<String>,
    /// Which way it is better; by default what the unit shows, else lower.
    better: Option<Better>,
    /// Over how many iterations each value was averaged; 1 unless given.
    #[schemars(range(min = 1), extend("type" = "integer"))]
    iterations: Option<u64>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "lowercase")]
enum Better {
    Lower,
    Higher,
}

/// The JSON Schema of `driftline-values/1`.
pub fn values_schema() -> Schema {
    schemars::schema_for!(Values)
}
