use super::sources::{Sources, folder};
use super::{Answer, Found, Suite};

/// What the other languages' projects measure with.
pub(super) fn look(sources: &Sources) -> Vec<Found> {
    [python(sources), asv(sources), go(sources), javascript(sources), cpp(sources), jvm(sources)]
        .into_iter()
        .flatten()
        .collect()
}

fn suite(
    harness: &'static str,
    evidence: &str,
    directory: &str,
    command: impl Into<String>,
    format: &'static str,
) -> Found {
    let suite = Suite {
        name: harness.to_owned(),
        directory: directory.to_owned(),
        command: Some((command.into(), format)),
        bench: Vec::new(),
    };
    Found { harness, evidence: evidence.to_owned(), answer: Answer::Suite(suite) }
}

fn by_hand(harness: &'static str, evidence: &str, what: impl Into<String>) -> Found {
    Found { harness, evidence: evidence.to_owned(), answer: Answer::ByHand(what.into()) }
}

fn python(sources: &Sources) -> Option<Found> {
    let named = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["pyproject.toml", "setup.cfg", "setup.py", "pipfile", "tox.ini"].contains(&lower.as_str())
            || lower.starts_with("requirements") && name.ends_with("txt")
    };
    let files = sources.called(named);
    let file = files.into_iter().find(|file| sources.text(file).contains("pytest-benchmark"))?;
    let command = "python -m pytest --benchmark-only --benchmark-json={output}";
    Some(suite("pytest-benchmark", file, folder(file), command, "pytest-benchmark"))
}

fn asv(sources: &Sources) -> Option<Found> {
    let file = sources.called(|name| name == "asv.conf.json").first().copied()?;
    Some(by_hand(
        "asv",
        file,
        "it keeps results in a folder of its own, which no command writes to a file: `asv run`, then \
         `driftline import` with that folder",
    ))
}

fn go(sources: &Sources) -> Option<Found> {
    let tests = sources.called(|name| name.ends_with("_test.go"));
    let file = tests.into_iter().find(|file| sources.text(file).contains("\nfunc Benchmark"))?;
    // The module is the nearest one above.
    let modules = sources.called(|name| name == "go.mod");
    let above = |module: &&&str| {
        let own = folder(module);
        own.is_empty() || file.starts_with(&format!("{own}/"))
    };
    let module = modules.iter().filter(above).max_by_key(|module| module.len())?;
    let command = "go test -run=NONE -bench=. -benchmem ./...";
    Some(suite("go", file, folder(module), command, "go"))
}

fn javascript(sources: &Sources) -> Option<Found> {
    for file in sources.called(|name| name == "package.json") {
        let Ok(package) = serde_json::from_str::<serde_json::Value>(&sources.text(file)) else {
            continue;
        };
        let depends = |name: &str| {
            ["dependencies", "devDependencies"].iter().any(|kind| package[kind][name].is_string())
        };
        let directory = folder(file);
        let is_bench = |name: &str| name.contains(".bench.");
        if depends("vitest") && !sources.called(is_bench).is_empty() {
            let command = "npx vitest bench --run --outputJson={output}";
            return Some(suite("vitest", file, directory, command, "vitest"));
        }
        let (harness, format) = match () {
            () if depends("mitata") => ("mitata", "mitata"),
            () if depends("tinybench") => ("tinybench", "tinybench"),
            () if depends("benchmark") => ("benchmark.js", "benchmarkjs"),
            () => continue,
        };
        let script = ["bench", "benchmark", "benchmarks"]
            .into_iter()
            .find(|script| package["scripts"][script].is_string());
        return Some(match script {
            Some(script) => {
                suite(harness, file, directory, format!("npm run --silent {script}"), format)
            }
            None => by_hand(
                harness,
                file,
                "no script of package.json is called bench: add one that prints the results, and run \
                 `driftline init` again",
            ),
        });
    }
    None
}

fn cpp(sources: &Sources) -> Option<Found> {
    let files = sources.called(|name| name == "CMakeLists.txt");
    let links = |text: &str| text.contains("benchmark::benchmark");
    let (file, text) =
        files.into_iter().map(|file| (file, sources.text(file))).find(|(_, text)| links(text))?;
    let Some(program) = linked_program(&text) else {
        return Some(by_hand(
            "google-benchmark",
            file,
            "the program could not be told from CMakeLists.txt: give the command that runs it with \
             --benchmark_out={output} --benchmark_out_format=json, and format = \"google-benchmark\"",
        ));
    };
    let own = folder(file);
    let place = if own.is_empty() { String::new() } else { format!("{own}/") };
    let command = format!(
        "cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build build --config Release && \
         ./build/{place}{program} --benchmark_out={{output}} --benchmark_out_format=json"
    );
    Some(suite("google-benchmark", file, "", command, "google-benchmark"))
}

/// The first program that `target_link_libraries` links with Google Benchmark, if its name is plain.
fn linked_program(text: &str) -> Option<&str> {
    let calls = text.split("target_link_libraries").skip(1);
    let mut arguments = calls.filter_map(|call| {
        let (_, rest) = call.split_once('(')?;
        rest.split_once(')').map(|(arguments, _)| arguments)
    });
    let arguments = arguments.find(|arguments| arguments.contains("benchmark::benchmark"))?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    arguments.split_whitespace().next().filter(|name| name.chars().all(plain))
}

fn jvm(sources: &Sources) -> Option<Found> {
    let poms = sources.called(|name| name == "pom.xml");
    if let Some(file) = poms.into_iter().find(|file| sources.text(file).contains("jmh-core")) {
        let command =
            "mvn -q -DskipTests package && java -jar target/benchmarks.jar -rf json -rff {output}";
        return Some(suite("jmh", file, folder(file), command, "jmh"));
    }
    let builds = sources.called(|name| name == "build.gradle" || name == "build.gradle.kts");
    let file = builds.into_iter().find(|file| sources.text(file).contains("me.champeau.jmh"))?;
    Some(by_hand(
        "jmh",
        file,
        "set resultFormat = \"JSON\" in its jmh block, and give `./gradlew jmh && cp \
         build/results/jmh/results.json {output}` as the command, with format = \"jmh\"",
    ))
}
