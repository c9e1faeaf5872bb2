use super::*;

/// A repository of these files.
fn sources(files: &[(&str, &str)]) -> (tempfile::TempDir, Sources) {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let sources = Sources::of(directory.path());
    (directory, sources)
}

/// Harness, folder and command of each.
fn found(files: &[(&str, &str)]) -> Vec<String> {
    let (_directory, sources) = sources(files);
    let shown = |found: Found| match found.answer {
        Answer::Suite(suite) => {
            let command = suite.command.map(|(command, format)| format!("{command} → {format}"));
            let command = command.unwrap_or_else(|| format!("{:?}", suite.bench));
            format!("{} in {:?}: {command}", found.harness, suite.directory)
        }
        Answer::ByHand(why) => format!("{} by hand: {why}", found.harness),
    };
    // Without the check of what can be read: other formats come.
    let all = rust::look(&sources).into_iter().chain(others::look(&sources));
    all.map(shown).collect()
}

#[test]
fn rust_by_what_the_bench_targets_use() {
    let manifest = ("Cargo.toml", "[package]\nname = \"a\"");
    let criterion = ("benches/parse.rs", "criterion_main!(benches);");
    assert_eq!(found(&[manifest, criterion]), ["criterion in \"\": []"]);
    let member = ("crates/b/Cargo.toml", "");
    let divan = ("crates/b/benches/sort/main.rs", "fn main() { divan::main(); }");
    let libtest = ("src/lib.rs", "#[bench]\nfn b(b: &mut Bencher) {}");
    let in_target = ("target/x/benches/y.rs", "criterion_main!(benches);");
    assert_eq!(
        found(&[manifest, member, criterion, divan, libtest, in_target]),
        [
            "criterion in \"\": [\"parse\"]",
            "divan in \"\": cargo bench --bench sort → divan",
            "libtest in \"\": cargo bench --bench lib → libtest",
        ]
    );
    let inner = [("rust/Cargo.toml", ""), ("rust/benches/a.rs", "use gungraun::main;")];
    assert_eq!(found(&inner), ["gungraun in \"rust\": cargo bench → gungraun"]);
    assert_eq!(found(&[criterion]), [""; 0], "no cargo project");
}

#[test]
fn other_languages_by_their_manifests() {
    for (files, expected) in [
        (
            &[("requirements-dev.txt", "pytest\npytest-benchmark>=4\n")][..],
            "pytest-benchmark in \"\": python -m pytest --benchmark-only --benchmark-json={output} → \
             pytest-benchmark",
        ),
        (
            &[("go/go.mod", ""), ("go/a/a_test.go", "package a\nfunc BenchmarkX(b *testing.B) {}")],
            "go in \"go\": go test -run=NONE -bench=. -benchmem ./... → go",
        ),
        (
            &[("package.json", r#"{"devDependencies":{"vitest":"^3"}}"#), ("a.bench.ts", "")],
            "vitest in \"\": npx vitest bench --run --outputJson={output} → vitest",
        ),
        (
            &[(
                "package.json",
                r#"{"dependencies":{"benchmark":"2"},"scripts":{"bench":"node b"}}"#,
            )],
            "benchmark.js in \"\": npm run --silent bench → benchmarkjs",
        ),
        (
            &[("CMakeLists.txt", "target_link_libraries(my_bench PRIVATE benchmark::benchmark)")],
            "google-benchmark in \"\": cmake -S . -B build -DCMAKE_BUILD_TYPE=Release && cmake --build \
             build --config Release && ./build/my_bench --benchmark_out={output} \
             --benchmark_out_format=json → google-benchmark",
        ),
        (
            &[("pom.xml", "<artifactId>jmh-core</artifactId>")],
            "jmh in \"\": mvn -q -DskipTests package && java -jar target/benchmarks.jar -rf json -rff \
             {output} → jmh",
        ),
    ] {
        assert_eq!(found(files), [expected]);
    }
    for (files, expected) in [
        (&[("asv.conf.json", "{}")][..], "asv by hand: it keeps results"),
        (
            &[("package.json", r#"{"devDependencies":{"tinybench":"4"}}"#)],
            "tinybench by hand: no script",
        ),
        (&[("build.gradle.kts", "id(\"me.champeau.jmh\")")], "jmh by hand: set resultFormat"),
        (
            &[("CMakeLists.txt", "target_link_libraries(${X} benchmark::benchmark)")],
            "google-benchmark by hand: the program could not be told",
        ),
    ] {
        let [only] = &found(files)[..] else { panic!("{files:?}") };
        assert!(only.starts_with(expected), "{only}");
    }
    assert_eq!(
        found(&[("package.json", "{"), ("go.mod", ""), ("README", "pytest-benchmark")]),
        [""; 0]
    );
}

#[test]
fn what_cannot_be_read_is_no_suite() {
    let (_directory, sources) =
        sources(&[("Cargo.toml", ""), ("benches/a.rs", "criterion_main!(b);")]);
    assert!(matches!(look(&sources)[..], [Found { answer: Answer::Suite(_), .. }]));
    let all =
        ["libtest", "divan", "gungraun", "go", "vitest", "benchmarkjs", "google-benchmark", "jmh"];
    let unread: Vec<&str> =
        all.into_iter().filter(|name| name.parse::<Format>().is_err()).collect();
    let (_directory, go) = self::sources(&[("go.mod", ""), ("a_test.go", "\nfunc BenchmarkX(")]);
    let by_hand = matches!(&look(&go)[..], [Found { answer: Answer::ByHand(why), .. }]
        if why.contains("cannot be read yet"));
    assert_eq!(by_hand, unread.contains(&"go"));
}

#[test]
fn the_workflows_are_of_the_repository_that_is_known() {
    let known = workflows(Some("it's"), Some("https://github.com/o/driftline.git"));
    let measuring = &known.measuring;
    assert!(measuring.contains("uses: o/driftline/.github/actions/driftline@v0."), "{measuring}");
    assert!(measuring.contains("branches: ['it''s']") && !known.nobodys, "{measuring}");
    assert!(
        known.commenting.contains("uses: o/driftline/.github/actions/comment@v0."),
        "{known:?}"
    );
    for text in [measuring, &known.commenting] {
        assert!(
            text.contains("\npermissions: {}\n") && text.contains("\nconcurrency:\n"),
            "{text}"
        );
        assert!(
            !["VERSION", "ACTION", "BRANCH"].iter().any(|place| text.contains(place)),
            "{text}"
        );
    }
    // A job that is skipped, for a label that accepts nothing, would count as a success.
    assert!(measuring.contains("labeled") && !measuring.contains("\n    if:"), "{measuring}");
    for nowhere in
        ["", "https://example.com/o/r", "https://github.com/o", "https://github.com/o/r/\n"]
    {
        let unknown = workflows(None, Some(nowhere));
        let action = "uses: OWNER/driftline/.github/actions/driftline@v0.";
        assert!(unknown.nobodys && unknown.measuring.contains(action));
        assert!(unknown.measuring.contains("branches: ['main']"));
    }
}

#[test]
fn the_gitlab_job_is_the_one_that_is_documented() {
    let documented = include_str!("../../../docs/ci.md");
    let body = |text: &str| {
        let from = text.find("benchmarks:\n  image:").unwrap();
        text[from..].split("\n```").next().unwrap().trim_end().to_owned()
    };
    assert_eq!(body(&gitlab_job(None)), body(documented));
    let own = gitlab_job(Some("https://gitlab.com/g/driftline"));
    assert!(own.contains("--git https://gitlab.com/g/driftline driftline\n"), "{own}");
}

#[test]
fn driftline_is_where_its_package_says_or_beside_the_repository() {
    let origin = Origin::of("git@github.com:octo/app.git");
    let package = "https://github.com/o/driftline";
    assert_eq!(driftline(package, origin.as_ref()).as_deref(), Some(package));
    let own = driftline("", origin.as_ref()).unwrap();
    assert_eq!(own, "https://github.com/octo/driftline");
    assert!(
        workflows(None, Some(&own)).measuring.contains("uses: octo/driftline/.github/actions/")
    );
    assert_eq!(driftline("", None), None);
}

#[test]
fn gitignore_gets_the_lines_that_it_lacks() {
    for (before, added) in [
        ("", "/.driftline/*\n!/.driftline/accepted.toml\n"),
        ("/target", "\n/.driftline/*\n!/.driftline/accepted.toml\n"),
        ("/target\n.driftline/*\n", "!/.driftline/accepted.toml\n"),
        ("/.driftline/*\r\n!/.driftline/accepted.toml", ""),
        (".driftline/\n", ""),
    ] {
        assert_eq!(ignoring(before), added, "{before:?}");
    }
}
