//! A comparison as an attacker may write it: it is refused, or what is shown of it is no markup.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use driftline_core::compare::{Comparison, Counts, FailOn};
use driftline_core::report::{
    COMMENT_LIMIT, CommentOptions, comment, comparison_annotations, comparison_code_quality,
    comparison_json, comparison_junit, comparison_openmetrics,
};
use driftline_core::wire::{LARGEST_COMPARISON, read_comparison};
use proptest::prelude::*;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};

const GOLDEN: &str = include_str!("data/golden/history_comparison.json");

fn golden() -> Value {
    serde_json::from_str(GOLDEN).unwrap()
}

fn read(value: &Value) -> Result<Comparison, String> {
    read_comparison(value.to_string().as_bytes()).map_err(|error| error.to_string())
}

#[test]
fn what_the_core_writes_is_read_back() {
    let comparison = read_comparison(GOLDEN.as_bytes()).unwrap();
    assert_eq!(comparison_json(&comparison), GOLDEN);
}

/// The golden comparison with one thing changed.
fn changed(pointer: &str, value: Value) -> Value {
    let mut all = golden();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    let parent = all.pointer_mut(parent).unwrap();
    match key.parse::<usize>() {
        Ok(index) => parent[index] = value,
        Err(_) => parent[key] = value,
    }
    all
}

#[test]
fn what_the_core_would_not_write_is_refused() {
    for (pointer, value, said) in [
        ("/format", json!("driftline-comparison/2"), "it is not driftline-comparison/1"),
        ("/html", json!("<b>"), "html is not a field"),
        ("/benchmarks/0/html", json!(1), "benchmarks.0.html is not a field"),
        ("/baseline/<script>", json!({"a": [1]}), "baseline.<script> is not a field"),
        ("/benchmarks/0/verdict", json!("fine"), "unknown variant `fine`"),
        ("/benchmarks/0/id", json!(" "), "a name is empty"),
        ("/benchmarks/0/id", json!("x".repeat(4097)), "benchmarks[0]: a text is too long"),
        ("/benchmarks/0/reasons", json!(vec![""; 1001]), "too many texts"),
        ("/benchmarks/0/interval", json!([0.2, 0.1]), "ends before it begins"),
        ("/benchmarks/0/p_value", json!(1.5), "a chance is not between 0 and 1"),
        ("/benchmarks/0/threshold", json!(-0.1), "a size is negative"),
        ("/benchmarks/0/change", json!("NaN"), "invalid type"),
        ("/policy/fdr", json!(7), "a share is not between 0 and 1"),
        ("/summary/regressed", json!(1000), "its counts are not those of the rows"),
        ("/summary/unchanged", json!(-1), "invalid value"),
        ("/warnings", json!(["x".repeat(5000)]), "warnings: a text is too long"),
        ("/skipped", json!([{"name": "a", "reason": "b"}]), "its counts are not"),
    ] {
        let error = read(&changed(pointer, value)).unwrap_err();
        assert!(error.contains(said), "{pointer}: {error}");
    }
    // Rows that contradict themselves. The first is worse, the one behind better than it was.
    let rows = golden()["benchmarks"].as_array().unwrap().clone();
    let place = |verdict: &str| rows.iter().position(|row| row["verdict"] == verdict).unwrap();
    let at = |verdict: &str, key: &str| format!("/benchmarks/{}/{key}", place(verdict));
    let change = rows[place("regressed")]["change"].as_f64().unwrap();
    for (pointer, value, said) in [
        (at("regressed", "change"), json!(-0.9), "its change is not that of its figures"),
        (at("regressed", "candidate"), json!(1e-3), "its change is not that of its figures"),
        (at("regressed", "candidate"), json!(null), "a side has no figure"),
        (at("regressed", "better"), json!("higher"), "its verdict is not what its change says"),
        (
            at("regressed", "threshold"),
            json!(2.0 * change),
            "its verdict is not what its change says",
        ),
        (at("regressed", "interval"), json!([change + 0.1, change + 0.2]), "outside the interval"),
        (at("regressed", "baseline_figures/rounds"), json!(0), "its launches are not as many"),
        (at("regressed", "baseline_figures/runs"), json!(99), "its launches are not as many"),
        ("/candidate/commit".to_owned(), json!("$(rm -rf /)"), "its commit is no id"),
        ("/baseline/commit".to_owned(), json!("-x"), "its commit is no id"),
    ] {
        let error = read(&changed(&pointer, value)).unwrap_err();
        assert!(error.contains(said), "{pointer}: {error}");
    }
    let mut swapped = golden();
    let (worse, same) = (place("regressed"), place("unchanged"));
    swapped["benchmarks"][worse]["verdict"] = json!("unchanged");
    swapped["benchmarks"][same]["verdict"] = json!("regressed");
    assert!(read(&swapped).unwrap_err().contains("its verdict is not what its change says"));
    let accepted = json!({"state": "accepted", "reason": "r", "source": "s"});
    let unchanged = golden()["benchmarks"]
        .as_array()
        .unwrap()
        .iter()
        .position(|row| row["verdict"] == "unchanged")
        .unwrap();
    let error = read(&changed(&format!("/benchmarks/{unchanged}/acceptance"), accepted));
    assert!(error.unwrap_err().contains("what is accepted is not worse"));
}

#[test]
fn what_is_no_json_of_the_format_is_refused_with_its_place() {
    let error = |bytes: &[u8]| read_comparison(bytes).unwrap_err().to_string();
    assert!(error(b"").starts_with("line 1, column 0: EOF while parsing"));
    assert!(error(b"[]").contains("(expected driftline-comparison/1)"));
    assert!(error(&vec![b'['; 1000]).starts_with("line 1, column"));
    assert!(error(&vec![b' '; LARGEST_COMPARISON + 1]).contains("larger than 20000000 bytes"));
    let infinite = GOLDEN.replacen("\"change\": ", "\"change\": 1e999, \"x\": ", 1);
    assert!(error(infinite.as_bytes()).contains("number out of range"));
    let twice =
        GOLDEN.replacen("\"format\"", "\"format\": \"driftline-comparison/1\", \"format\"", 1);
    assert!(error(twice.as_bytes()).contains("duplicate field"));
    assert!(error(format!("{GOLDEN} x").as_bytes()).contains("trailing characters"));
}

/// Whatever has tried to be markup, a mention, a reference or a command.
fn hostile() -> impl Strategy<Value = String> {
    let part = prop::sample::select(vec![
        "](javascript:alert(1))",
        "[x](https://evil.example)",
        "![x](y)",
        "@everyone",
        "@o/team",
        "<!-- driftline:comment:k -->",
        "-->",
        "<img src=x onerror=a()>",
        "</details>",
        "<script>",
        "::set-output name=x::y",
        "\n::error::x",
        "##[add-mask]x",
        "`",
        "``",
        "```\n",
        "~~~",
        "|",
        "\\",
        "\\|",
        "\n",
        "\r\n\r\n# h",
        "\n| a | b |\n|---|---|",
        "\u{202e}",
        "\u{200b}",
        "\0",
        "\u{1b}[2J",
        "#123",
        "GH-7",
        "o/r#1",
        "0123456789abcdef0123456789abcdef01234567",
        "deadbeef",
        " ",
        "  ",
        "https://evil.example",
        "www.evil.example",
        "mailto:a@b.example",
        "a@b.example",
        ":tada:",
        "*x*",
        "_x_",
        "**",
        "~x~",
        "&lt;b&gt;",
        "&#64;me",
        "$x$",
        "[^1]",
        "- [ ] x",
        "> x",
        "1. x",
        "=",
        "x",
        "größe",
        "中",
        "]]>",
        "\u{ffff}",
        "\"",
        "'",
        "{}",
        "%0A",
    ]);
    prop_oneof![
        prop::collection::vec(part, 1..6).prop_map(|parts| parts.concat()),
        any::<String>(),
    ]
    .prop_map(|text| if text.trim().is_empty() { format!("x{text}") } else { text })
}

/// The golden comparison with hostile texts wherever one can be.
fn with(texts: &[String]) -> Comparison {
    let mut comparison = read_comparison(GOLDEN.as_bytes()).unwrap();
    let mut texts = texts.iter().cycle().cloned();
    let mut next = || texts.next().unwrap();
    for side in [&mut comparison.baseline, &mut comparison.candidate] {
        side.name = next();
        side.machine = next();
        side.commit = Some(next());
        side.toolchain = Some(next());
    }
    comparison.core = next();
    comparison.warnings = vec![next(), next()];
    for row in &mut comparison.benchmarks {
        row.id = next();
        row.metric = next();
        row.unit = next();
        row.reasons = vec![next(), next()];
    }
    comparison.skipped =
        vec![serde_json::from_value(json!({"name": next(), "reason": next()})).unwrap()];
    comparison.summary.skipped = 1;
    comparison
}

/// What a forge's second step makes of text that is no code: mentions, references, commits, links.
fn is_inert(text: &str) -> bool {
    let after = |sign: char, next: fn(char) -> bool| {
        text.match_indices(sign).any(|(at, _)| text[at + sign.len_utf8()..].starts_with(next))
    };
    let words = text.split(|c: char| !c.is_ascii_alphanumeric());
    let commit = |word: &str| word.len() >= 7 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    !after('@', char::is_alphanumeric)
        && !after('#', |c| c.is_ascii_digit())
        && !words.clone().any(commit)
        && !text.contains("://")
        && !text.to_lowercase().contains("www.")
        && !text.chars().any(|c| ('\u{202a}'..='\u{202e}').contains(&c) || c.is_control())
}

/// Everything in the Markdown that is more than text, code or what the comment itself is made of.
fn markup(text: &str) -> Vec<String> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM;
    let mut found = Vec::new();
    let mut in_code = false;
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => in_code = false,
            Event::Text(text) if !in_code && !is_inert(&text) => found.push(format!("text {text}")),
            Event::Html(html) | Event::InlineHtml(html) => {
                let own = html.trim();
                let known = ["", "</details>", "<!-- driftline:comment:k -->"].contains(&own)
                    || own.starts_with("<details><summary>")
                        && own.ends_with("</summary>")
                        && own[18..own.len() - 10]
                            .chars()
                            .all(|c| c.is_ascii_alphanumeric() || " ,".contains(c));
                if !known {
                    found.push(format!("html {html}"));
                }
            }
            Event::Start(
                tag @ (Tag::Link { .. }
                | Tag::Image { .. }
                | Tag::FootnoteDefinition(_)
                | Tag::Emphasis
                | Tag::Strikethrough),
            ) => found.push(format!("{tag:?}")),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) | Event::HardBreak => {
                found.push(format!("{event:?}"));
            }
            _ => {}
        }
    }
    found
}

/// The cells of the rows of the tables, by the number of their columns.
fn columns(text: &str) -> Vec<usize> {
    let mut counts = Vec::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::TableRow | Tag::TableHead) => counts.push(0),
            Event::Start(Tag::TableCell) => *counts.last_mut().unwrap() += 1,
            _ => {}
        }
    }
    counts
}

fn rendered(comparison: &Comparison) -> String {
    let options =
        CommentOptions { key: Some("k"), report_url: None, fetch: None, limit: COMMENT_LIMIT };
    comment(comparison, &options)
}

#[test]
fn the_longest_texts_stay_within_the_limit() {
    for text in ["@", "#1", "|", "`", "😀", "<", "0123456789abcdef"] {
        let longest: String = text.chars().cycle().take(4096).collect();
        let mut comparison = with(std::slice::from_ref(&longest));
        comparison.warnings = vec![longest.clone(); 1000];
        for row in &mut comparison.benchmarks {
            row.reasons = vec![longest.clone(); 100];
        }
        let rows = comparison.benchmarks.clone();
        for _ in 0..100 {
            comparison.benchmarks.extend(rows.clone());
        }
        comparison.skipped = vec![comparison.skipped[0].clone(); 500];
        comparison.summary = Counts::of(&comparison.benchmarks, &comparison.skipped);
        let text = rendered(&comparison);
        assert!(text.encode_utf16().count() <= COMMENT_LIMIT, "{}", text.len());
        assert_eq!(markup(&text), [""; 0]);
        assert_eq!(text.matches("\n<details>").count(), text.matches("\n</details>").count());
        assert!(
            text.contains("more warnings") && text.contains("see comparison.json of the report"),
            "{text}"
        );
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_are_refused_or_read(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        prop_assert!(read_comparison(&bytes).is_err());
    }

    #[test]
    fn a_damaged_document_is_refused_or_shown(
        at in 0..GOLDEN.len(), length in 0..40_usize, put in any::<String>()
    ) {
        let mut bytes = GOLDEN.as_bytes().to_vec();
        let end = (at + length).min(bytes.len());
        bytes.splice(at..end, put.bytes());
        if let Ok(comparison) = read_comparison(&bytes) {
            let text = rendered(&comparison);
            prop_assert!(text.encode_utf16().count() <= COMMENT_LIMIT);
        }
    }

    #[test]
    fn no_text_is_markup(texts in prop::collection::vec(hostile(), 1..30)) {
        let comparison = with(&texts);
        // It passes the reader: escaping is what stands between it and the page.
        let mut read = comparison.clone();
        (read.baseline.commit, read.candidate.commit) = (None, Some("0123abcd".into()));
        prop_assert_eq!(&read_comparison(comparison_json(&read).as_bytes()).unwrap(), &read);
        let text = rendered(&comparison);
        prop_assert_eq!(markup(&text), Vec::<String>::new(), "{}", text);
        let plain = rendered(&with(&["x y".to_owned()]));
        prop_assert_eq!(columns(&text), columns(&plain), "{}", text);
        // Only harmless names are on a command line.
        let folds = |text: &str| {
            text.matches("\n<details>").count() - text.matches("<summary>Reproduce").count()
        };
        prop_assert_eq!(folds(&text), folds(&plain));
    }

    #[test]
    fn no_text_is_a_command_or_breaks_a_report(texts in prop::collection::vec(hostile(), 1..30)) {
        let comparison = with(&texts);
        let own = ["::error title=", "::warning title="];
        for fail_on in [FailOn::Regression, FailOn::Inconclusive, FailOn::Never] {
            let commands = comparison_annotations(&comparison, fail_on);
            prop_assert!(commands.lines().count() <= 10);
            for line in commands.lines() {
                prop_assert!(own.iter().any(|start| line.starts_with(start)), "{}", line);
                let end = line.trim_start_matches("::");
                prop_assert!(end.split_once("::").is_some_and(|(title, _)| !title.contains([',', '\r'])));
                prop_assert!(!line.contains("##["), "{}", line);
            }
            let quality = comparison_code_quality(&comparison, fail_on, "driftline.toml");
            prop_assert!(serde_json::from_str::<Value>(&quality).is_ok());
            let junit = comparison_junit(&comparison, fail_on);
            let forbidden = |c: char| c < ' ' && c != '\n' || ('\u{fffe}'..='\u{ffff}').contains(&c);
            prop_assert!(!junit.contains(forbidden), "{}", junit);
            let cases = comparison.benchmarks.len() + 1;
            prop_assert_eq!(junit.matches("<testcase ").count(), cases);
            prop_assert_eq!(junit.matches("</testcase>").count(), cases);
        }
        let metrics = comparison_openmetrics(&comparison);
        for line in metrics.lines() {
            prop_assert!(line.starts_with("driftline_") || line.starts_with("# "), "{}", line);
        }
    }
}
