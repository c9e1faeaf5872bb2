//! The suite `tools`: finding, describing, checking and running tools.

use std::cell::LazyCell;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use driftline_benches::assistant::clock::FixedClock;
use driftline_benches::assistant::tools::{
    CalculateTool, DatetimeTool, Tool, ToolRegistry, to_claude_format, to_openai_format,
};
use driftline_benches::inputs::{NOON, sample_registry, sample_tool};
use driftline_benches::measurement::{Group, criterion_settings};
use serde_json::{Map, Value, json};

/// An expression as people ask for it: four operators of three ranks, and parentheses.
const EXPRESSION: &str = "(12.5 + 7) * 3 - 42 / 2^3";

/// An expression with every kind of thing that an expression can have.
const COMPLEX_EXPRESSION: &str = "sqrt(3^2 + 4^2) * (sin(pi / 6) + max(1.5, abs(-2), 7 % 4)) \
                                  - round(2^3^0.5 / (1 + ln(e)), 2) + min(floor(9.9), ceil(8.1))";

fn datetime() -> DatetimeTool {
    DatetimeTool::new(Arc::new(FixedClock(NOON)))
}

fn registry() -> ToolRegistry {
    sample_registry().expect("all tools are registered")
}

fn arguments(arguments: Value) -> Map<String, Value> {
    match arguments {
        Value::Object(arguments) => arguments,
        other => panic!("{other} is no object"),
    }
}

fn tool_registration(group: &mut Group<'_>) {
    group.bench_function("tool_registration", |bencher| {
        let tools = || -> Vec<Box<dyn Tool>> {
            let samples = (0..8).map(|number| Box::new(sample_tool(number)) as Box<dyn Tool>);
            let mut tools: Vec<Box<dyn Tool>> = samples.collect();
            tools.push(Box::new(datetime()));
            tools.push(Box::new(CalculateTool::new()));
            tools
        };
        bencher.iter_batched(
            tools,
            |tools| {
                let mut registry = ToolRegistry::new();
                for tool in tools {
                    registry.register(black_box(tool)).expect("the tool is registered");
                }
                registry
            },
            // Few enough to stay in the cache: by criterion's own choice, thousands of lists of
            // tools would wait there at once, and reading them from memory would be the noise.
            BatchSize::NumIterations(32),
        );
    });
}

fn tool_lookup(group: &mut Group<'_>) {
    let registry = LazyCell::new(registry);
    group.bench_function("tool_lookup", |bencher| {
        let registry = &*registry;
        bencher.iter(|| registry.get(black_box("echo_13")).expect("the tool is there"));
    });
}

fn tool_lookup_miss(group: &mut Group<'_>) {
    let registry = LazyCell::new(registry);
    group.bench_function("tool_lookup_miss", |bencher| {
        let registry = &*registry;
        bencher.iter(|| {
            let found = registry.get(black_box("echo_99"));
            assert!(found.is_none());
        });
    });
}

fn list_all_tools(group: &mut Group<'_>) {
    let registry = LazyCell::new(registry);
    group.bench_function("list_all_tools", |bencher| {
        let registry = black_box(&*registry);
        bencher.iter(|| registry.definitions().collect::<Vec<_>>());
    });
}

fn openai_format(group: &mut Group<'_>) {
    group.bench_function("to_openai_format", |bencher| {
        let tool = sample_tool(0);
        bencher.iter(|| to_openai_format(black_box(tool.definition())));
    });
}

fn claude_format(group: &mut Group<'_>) {
    group.bench_function("to_claude_format", |bencher| {
        let tool = sample_tool(0);
        bencher.iter(|| to_claude_format(black_box(tool.definition())));
    });
}

fn datetime_tool(group: &mut Group<'_>) {
    group.bench_function("datetime_tool", |bencher| {
        let tool = datetime();
        let arguments = arguments(json!({"offset": "+05:30"}));
        bencher.iter(|| tool.execute(black_box(&arguments)).expect("the time is told"));
    });
}

fn calculate_tool(group: &mut Group<'_>) {
    group.bench_function("calculate_tool", |bencher| {
        let tool = CalculateTool::new();
        let arguments = arguments(json!({"expression": EXPRESSION}));
        bencher.iter(|| tool.execute(black_box(&arguments)).expect("the expression has a value"));
    });
}

fn calculate_complex(group: &mut Group<'_>) {
    group.bench_function("calculate_complex", |bencher| {
        let tool = CalculateTool::new();
        let arguments = arguments(json!({"expression": COMPLEX_EXPRESSION}));
        bencher.iter(|| tool.execute(black_box(&arguments)).expect("the expression has a value"));
    });
}

fn lookup_and_execute(group: &mut Group<'_>) {
    let registry = LazyCell::new(registry);
    group.bench_function("lookup_and_execute", |bencher| {
        let registry = &*registry;
        let arguments = arguments(json!({"expression": EXPRESSION}));
        bencher.iter(|| {
            let tool = registry.get(black_box("calculate")).expect("the tool is there");
            tool.execute(black_box(&arguments)).expect("the expression has a value")
        });
    });
}

fn validate_and_execute(group: &mut Group<'_>) {
    let registry = LazyCell::new(registry);
    group.bench_function("validate_and_execute", |bencher| {
        let registry = &*registry;
        let arguments = json!({
            "text": "hello", "length": "medium", "repeat": 3, "weight": 0.25, "loud": true,
        });
        bencher.iter(|| {
            registry
                .call(black_box("echo_13"), black_box(&arguments))
                .expect("the arguments are valid")
        });
    });
}

/// Adds the suite's benchmarks.
pub(crate) fn benchmarks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("tools");
    tool_registration(&mut group);
    tool_lookup(&mut group);
    tool_lookup_miss(&mut group);
    list_all_tools(&mut group);
    openai_format(&mut group);
    claude_format(&mut group);
    datetime_tool(&mut group);
    calculate_tool(&mut group);
    calculate_complex(&mut group);
    lookup_and_execute(&mut group);
    validate_and_execute(&mut group);
    group.finish();
}

criterion_group!(name = suite; config = criterion_settings(); targets = benchmarks);
criterion_main!(suite);
