//! The table of formats: what each is called and recognised by, and who reads it. A new format is
//! a variant of [`Format`], a row here, and a file with its two or three functions.

use super::content::Content;
use super::json::Value;
use super::{Format, FormatError, Reading, cpp, generic, go, javascript, other, own, python, rust};

/// A format.
#[derive(Debug)]
pub(super) struct Entry {
    pub(super) format: Format,
    /// Its name, as a person gives it.
    pub(super) name: &'static str,
    /// Other names for it.
    pub(super) aliases: &'static [&'static str],
    /// What its files are recognised by, for people.
    pub(super) recognised_by: &'static str,
    /// A command line that makes the harness write it.
    pub(super) example: &'static str,
    /// Whether a JSON value is of the format.
    pub(super) is_json: fn(&Value<'_>) -> bool,
    /// What is looked for before the lines are: a text of the format holds at least one of these. None
    /// where that cannot be said. At most eight bytes long, for which a search is fastest.
    pub(super) marks: &'static [&'static str],
    /// Whether lines of text are of the format.
    pub(super) is_text: fn(&[&str]) -> bool,
    pub(super) read: fn(&Content<'_>) -> Result<Reading, FormatError>,
}

fn no_json(_: &Value<'_>) -> bool {
    false
}

fn no_text(_: &[&str]) -> bool {
    false
}

/// Every format, in the order in which they are listed.
pub(super) const TABLE: [Entry; 29] = [
    Entry {
        format: Format::Criterion,
        name: "criterion",
        aliases: &["cargo-criterion"],
        recognised_by: "a directory with files `*/new/benchmark.json`; lines `time:   [… … …]`; \
                        lines `test … bench:` without `running … tests`; JSON lines with \
                        `\"reason\":\"benchmark-complete\"`",
        example: "cargo bench (then give target/criterion), cargo criterion --message-format=json",
        is_json: rust::criterion::is_json,
        marks: &["time:", "bench:"],
        is_text: rust::criterion::is_text,
        read: rust::criterion::read,
    },
    Entry {
        format: Format::Libtest,
        name: "libtest",
        aliases: &["cargo-bench", "rust-bench"],
        recognised_by: "lines `running … tests` and `test … bench:     1,655 ns/iter (+/- 318)`; \
                        JSON lines with `\"type\":\"bench\"`",
        example: "cargo +nightly bench > bench.txt",
        is_json: rust::libtest::is_json,
        marks: &["bench:"],
        is_text: rust::libtest::is_text,
        read: rust::libtest::read,
    },
    Entry {
        format: Format::Divan,
        name: "divan",
        aliases: &[],
        recognised_by: "a header `fastest │ slowest │ median │ mean │ samples │ iters`",
        example: "cargo bench > bench.txt",
        is_json: no_json,
        marks: &["fastest"],
        is_text: rust::divan::is_text,
        read: rust::divan::read,
    },
    Entry {
        format: Format::Gungraun,
        name: "gungraun",
        aliases: &["iai-callgrind", "iai"],
        recognised_by: "JSON lines with `module_path` and `profiles`; lines `Instructions: 1805|…` \
                        below the benchmark's path, of iai `Instructions: 1805` below its name; a \
                        directory with files `summary.json`",
        example: "cargo bench -- --output-format=json > bench.jsonl",
        is_json: rust::gungraun::is_json,
        marks: &["::", "Instruc"],
        is_text: rust::gungraun::is_text,
        read: rust::gungraun::read,
    },
    Entry {
        format: Format::Tango,
        name: "tango",
        aliases: &["tango-bench"],
        recognised_by: "lines `name [ 142.5 ns ... 189.0 ns ... 663.9 ns ]`; a dump of three \
                        whole numbers a line, or a directory of dumps",
        example: "cargo export target/benchmarks -- bench --bench=… && target/benchmarks/… solo",
        is_json: no_json,
        marks: &[],
        is_text: rust::tango::is_text,
        read: rust::tango::read,
    },
    Entry {
        format: Format::PytestBenchmark,
        name: "pytest-benchmark",
        aliases: &["pytest"],
        recognised_by: "a JSON object with `benchmarks` and `machine_info`",
        example: "pytest --benchmark-json=bench.json",
        is_json: python::pytest_benchmark::is_json,
        marks: &[],
        is_text: no_text,
        read: python::pytest_benchmark::read,
    },
    Entry {
        format: Format::Pyperf,
        name: "pyperf",
        aliases: &["perf"],
        recognised_by: "a JSON object with `benchmarks` that have `runs`",
        example: "python -m pyperf timeit -o bench.json 'sorted(range(1000))'",
        is_json: python::pyperf::is_json,
        marks: &[],
        is_text: no_text,
        read: python::pyperf::read,
    },
    Entry {
        format: Format::Asv,
        name: "asv",
        aliases: &["airspeed-velocity"],
        recognised_by: "a JSON object with `result_columns` and `results`; the directory `results` \
                        with `benchmarks.json` in it",
        example: "asv run (then give .asv/results or one file in it)",
        is_json: python::asv::is_json,
        marks: &[],
        is_text: no_text,
        read: python::asv::read,
    },
    Entry {
        format: Format::Go,
        name: "go",
        aliases: &["go-test", "gobench"],
        recognised_by: "lines `BenchmarkName-8   143904   677.6 ns/op`; the events of `go test \
                        -json`",
        example: "go test -run='^$' -bench=. -benchmem -count=10 ./... > bench.txt",
        is_json: go::testing::is_json,
        marks: &["Benchmar", "goos: ", "goarch: "],
        is_text: go::testing::is_text,
        read: go::testing::read,
    },
    Entry {
        format: Format::Hyperfine,
        name: "hyperfine",
        aliases: &[],
        recognised_by: "a JSON object with `results` that have `command` and `times`; a CSV with \
                        `command,mean,stddev,…`",
        example: "hyperfine --export-json bench.json 'sleep 0.1'",
        is_json: other::hyperfine::is_json,
        marks: &["stddev"],
        is_text: other::hyperfine::is_text,
        read: other::hyperfine::read,
    },
    Entry {
        format: Format::GoogleBenchmark,
        name: "google-benchmark",
        aliases: &["googlebenchmark", "google"],
        recognised_by: "a JSON object with `context` and `benchmarks`; the table `Benchmark Time \
                        CPU Iterations`; a CSV with `name,iterations,real_time,cpu_time,…`",
        example: "./bench --benchmark_format=json --benchmark_repetitions=10 > bench.json",
        is_json: cpp::google_benchmark::is_json,
        marks: &["CPU", "cpu_time"],
        is_text: cpp::google_benchmark::is_text,
        read: cpp::google_benchmark::read,
    },
    Entry {
        format: Format::Catch2,
        name: "catch2",
        aliases: &["catch"],
        recognised_by: "XML with `BenchmarkResults` in `Catch` or `Catch2TestRun`; the table \
                        `benchmark name  samples  iterations`",
        example: "./tests '[!benchmark]' -r xml > bench.xml",
        is_json: no_json,
        marks: &["<Catch", "samples"],
        is_text: cpp::catch2::is_text,
        read: cpp::catch2::read,
    },
    Entry {
        format: Format::Nanobench,
        name: "nanobench",
        aliases: &[],
        recognised_by: "the table `| ns/op | op/s | err% | … |`; a JSON object with `results` that \
                        have `median(elapsed)`; a CSV that begins `\"title\";\"name\";\"unit\"`",
        example: "./bench > bench.md (or Bench::render(templates::json(), file))",
        is_json: cpp::nanobench::is_json,
        marks: &["err%", "MdAPE", "\"title\";"],
        is_text: cpp::nanobench::is_text,
        read: cpp::nanobench::read,
    },
    Entry {
        format: Format::BenchmarkJs,
        name: "benchmarkjs",
        aliases: &["benchmark.js", "benchmark-js"],
        recognised_by: "lines `name x 2,316,757 ops/sec ±1.40% (90 runs sampled)`; a JSON array \
                        with `hz` and `stats`",
        example: "node bench.js > bench.txt",
        is_json: javascript::benchmark_js::is_json,
        marks: &["ops/sec"],
        is_text: javascript::benchmark_js::is_text,
        read: javascript::benchmark_js::read,
    },
    Entry {
        format: Format::Tinybench,
        name: "tinybench",
        aliases: &[],
        recognised_by: "a JSON array of tasks with `name` and `result`",
        example: "writeFileSync('bench.json', JSON.stringify(bench.tasks))",
        is_json: javascript::tinybench::is_json,
        marks: &[],
        is_text: no_text,
        read: javascript::tinybench::read,
    },
    Entry {
        format: Format::Vitest,
        name: "vitest",
        aliases: &["vitest-bench"],
        recognised_by: "a JSON object with `files` that have `groups` of `benchmarks`, or with \
                        `numTotalTestSuites` and an object `testResults`",
        example: "vitest bench --run --outputJson bench.json",
        is_json: javascript::vitest::is_json,
        marks: &[],
        is_text: no_text,
        read: javascript::vitest::read,
    },
    Entry {
        format: Format::Mitata,
        name: "mitata",
        aliases: &[],
        recognised_by: "a JSON object with `benchmarks` that have `alias` and `runs`",
        example: "run({ format: { json: { debug: false, samples: true } } }) > bench.json",
        is_json: javascript::mitata::is_json,
        marks: &[],
        is_text: no_text,
        read: javascript::mitata::read,
    },
    Entry {
        format: Format::Jmh,
        name: "jmh",
        aliases: &[],
        recognised_by: "a JSON array with `benchmark`, `mode` and `primaryMetric`",
        example: "java -jar benchmarks.jar -rf json -rff bench.json",
        is_json: other::jmh::is_json,
        marks: &[],
        is_text: no_text,
        read: other::jmh::read,
    },
    Entry {
        format: Format::BenchmarkDotNet,
        name: "benchmarkdotnet",
        aliases: &["benchmark-dotnet"],
        recognised_by: "a JSON object with `HostEnvironmentInfo` and `Benchmarks`",
        example: "dotnet run -c Release -- --exporters json",
        is_json: other::benchmark_dotnet::is_json,
        marks: &[],
        is_text: no_text,
        read: other::benchmark_dotnet::read,
    },
    Entry {
        format: Format::BenchmarkTools,
        name: "julia-benchmarktools",
        aliases: &["benchmarktools", "julia"],
        recognised_by: "a JSON array whose first element has `Julia` and `BenchmarkTools`",
        example: "BenchmarkTools.save(\"bench.json\", run(suite))",
        is_json: other::benchmark_tools::is_json,
        marks: &[],
        is_text: no_text,
        read: other::benchmark_tools::read,
    },
    Entry {
        format: Format::PhpBench,
        name: "phpbench",
        aliases: &[],
        recognised_by: "XML with the root `phpbench`",
        example: "phpbench run --dump-file=bench.xml",
        is_json: no_json,
        marks: &["phpbench"],
        is_text: other::phpbench::is_text,
        read: other::phpbench::read,
    },
    Entry {
        format: Format::BenchmarkIps,
        name: "benchmark-ips",
        aliases: &["benchmark_ips"],
        recognised_by: "lines `name   149.998k (± 9.7%) i/s`; a JSON array with \
                        `central_tendency` and `ips`",
        example: "ruby bench.rb (with x.json! 'bench.json')",
        is_json: other::benchmark_ips::is_json,
        marks: &["(±"],
        is_text: other::benchmark_ips::is_text,
        read: other::benchmark_ips::read,
    },
    Entry {
        format: Format::CustomSmallerIsBetter,
        name: "custom-smaller-is-better",
        aliases: &["customSmallerIsBetter"],
        recognised_by: "a JSON array with `name`, `unit` and `value`, which \
                        custom-bigger-is-better has as well",
        example: "a program of your own, as for github-action-benchmark",
        is_json: generic::custom::is_json,
        marks: &[],
        is_text: no_text,
        read: generic::custom::read_smaller_is_better,
    },
    Entry {
        format: Format::CustomBiggerIsBetter,
        name: "custom-bigger-is-better",
        aliases: &["customBiggerIsBetter"],
        recognised_by: "a JSON array with `name`, `unit` and `value`, which \
                        custom-smaller-is-better has as well",
        example: "a program of your own, as for github-action-benchmark",
        is_json: generic::custom::is_json,
        marks: &[],
        is_text: no_text,
        read: generic::custom::read_bigger_is_better,
    },
    Entry {
        format: Format::GithubActionBenchmark,
        name: "github-action-benchmark",
        aliases: &["data.js"],
        recognised_by: "`window.BENCHMARK_DATA = {`, or a JSON object with `entries` and \
                        `lastUpdate`",
        example: "git show gh-pages:dev/bench/data.js > data.js",
        is_json: generic::github_action_benchmark::is_json,
        marks: &["window."],
        is_text: generic::github_action_benchmark::is_text,
        read: generic::github_action_benchmark::read,
    },
    Entry {
        format: Format::BencherMetricFormat,
        name: "bencher-bmf",
        aliases: &["bmf", "bencher"],
        recognised_by: "a JSON object of objects of measures with `value`",
        example: "a program of your own, as for bencher run --adapter json",
        is_json: generic::bencher_metric_format::is_json,
        marks: &[],
        is_text: no_text,
        read: generic::bencher_metric_format::read,
    },
    Entry {
        format: Format::OtavaCsv,
        name: "otava-csv",
        aliases: &["otava", "hunter"],
        recognised_by: "a first line that names a column `time`, `timestamp`, `datetime` or `date`, \
                        and a second with a time in it",
        example: "the file that Otava's configuration names, or driftline export --format otava-csv",
        is_json: no_json,
        marks: &[],
        is_text: generic::otava_csv::is_text,
        read: generic::otava_csv::read,
    },
    Entry {
        format: Format::Csv,
        name: "csv",
        aliases: &[],
        recognised_by: "a first line that names the columns `benchmark` (or `name`) and `value`",
        example: "a program of your own: name,value,unit",
        is_json: no_json,
        marks: &[],
        is_text: own::csv_table::is_text,
        read: own::plain_csv::read,
    },
    Entry {
        format: Format::Driftline,
        name: "driftline",
        aliases: &[],
        recognised_by: "JSON with `\"format\":\"driftline-…`: a run, a baseline, a \
                        history, or values of your own in `driftline-values/1`",
        example: "driftline run --format json > run.json",
        is_json: own::driftline::is_json,
        marks: &[],
        is_text: no_text,
        read: own::driftline::read,
    },
];
