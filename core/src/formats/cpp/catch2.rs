//! Catch2's benchmarks: its XML reporter, and its table for the console; checked with 2.13.10 (in
//! version 3 the XML's root has another name). Neither holds raw values; the `junit` and `compact`
//! reporters hold nothing at all.
//!
//! - The value is the mean. Its bounds are a confidence interval and no spread of the values, and
//!   are not kept; the standard deviation is. With `--benchmark-no-analysis` bounds and deviation
//!   say nothing and are left out.
//! - A test case runs once for each of its sections, and the benchmarks outside of them each time:
//!   the same benchmark several times is several rounds. Benchmarks of one name in different
//!   sections are told apart by test case and section.

use roxmltree::Node;

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::numbers::count;
use super::super::xml;
use super::super::{Format, FormatError, Reading};
use super::catch2_console;
use crate::model::Summary;

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    is_xml(lines) || lines.iter().any(|line| catch2_console::header(line).is_some())
}

fn is_xml(lines: &[&str]) -> bool {
    lines.iter().any(|line| line.contains("<Catch ") || line.contains("<Catch2TestRun"))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    if let Some(error) = content.json_error() {
        return Err(error.clone());
    }
    let mut collected = Collected::new(Format::Catch2);
    let mut xml = |text: &str| {
        let document = xml::parse(content, text)?;
        let mut lines = xml::Lines::default();
        walk(&mut collected, document.root_element(), &mut Vec::new(), &mut lines);
        Ok(())
    };
    let all = content.plain.trim();
    if all.starts_with('<') && all.ends_with('>') {
        xml(content.plain.trim_start())?;
    } else if let Some(document) = between_other_lines(content.plain) {
        xml(&document)?;
    } else if all.starts_with('<') {
        xml(all)?;
    } else {
        catch2_console::read(&mut collected, content);
    }
    Ok(collected.finish(content, Repeated::Rounds))
}

/// The XML that stands between what else was printed, behind as many line ends as lines before it.
fn between_other_lines(plain: &str) -> Option<String> {
    let (begin, end) = [("<Catch2TestRun", "</Catch2TestRun>"), ("<Catch ", "</Catch>")]
        .into_iter()
        .find_map(|(tag, end)| Some((plain.find(tag)?, end)))?;
    let (before, xml) = plain.split_at_checked(begin)?;
    let length = xml.rfind(end).map_or(xml.len(), |at| at + end.len());
    Some("\n".repeat(before.matches('\n').count()) + xml.get(..length)?)
}

/// Goes through the elements in their order; `path` holds the test case and the sections.
fn walk<'a>(
    collected: &mut Collected,
    node: Node<'a, '_>,
    path: &mut Vec<&'a str>,
    lines: &mut xml::Lines,
) {
    for child in node.children().filter(Node::is_element) {
        match child.tag_name().name() {
            "BenchmarkResults" => result(collected, child, path, lines),
            "TestCase" | "Section" => {
                path.push(child.attribute("name").unwrap_or_default());
                walk(collected, child, path, lines);
                path.pop();
            }
            _ => walk(collected, child, path, lines),
        }
    }
}

fn result(collected: &mut Collected, node: Node<'_, '_>, path: &[&str], lines: &mut xml::Lines) {
    let name = node.attribute("name").unwrap_or_default();
    let line = lines.of(node);
    if let Some(failed) = xml::children(node, "failed").next() {
        let message = failed.attribute("message").unwrap_or("no message");
        return collected.skip(name, format!("line {line}: it failed: {message}"));
    }
    let read = || {
        let mean = xml::children(node, "mean").next().ok_or("expected `mean`, found nothing")?;
        let value = xml::required(mean, "value")?;
        let deviation = xml::children(node, "standardDeviation").next();
        let analysed = xml::figure(mean, "ci") != Some(0.0);
        Ok(Summary {
            n: node.attribute("samples").and_then(count),
            mean: Some(value),
            std_dev: deviation.and_then(|node| xml::figure(node, "value")).filter(|_| analysed),
            ..Summary::default()
        })
    };
    let summary: Result<Summary, String> = read();
    match summary {
        Ok(summary) => {
            let full = full_name(path.iter().copied(), name);
            let kind = Kind::wall_time("ns");
            collected.add_told_apart(name, full.into(), kind, Values::Summary(summary));
        }
        Err(reason) => collected.skip(name, format!("line {line}: {reason}")),
    }
}

/// The name with its test case and sections before it.
pub(super) fn full_name<'a>(path: impl Iterator<Item = &'a str>, name: &'a str) -> String {
    path.chain([name]).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};
    use super::*;

    fn reading(text: &str) -> Result<Reading, String> {
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        read_any(&file, Some(Format::Catch2)).map_err(|error| error.to_string())
    }

    #[test]
    fn xml_may_stand_between_other_lines() {
        let text = "[1/2] Linking\n<?xml version=\"1.0\"?>\n<Catch2TestRun name=\"t\"><TestCase name=\"c\">\n\
            <BenchmarkResults name=\"x\" samples=\"2\"><mean value=\"4\"/></BenchmarkResults>\n\
            <BenchmarkResults name=\"y\"><failed message=\"boom\"/></BenchmarkResults>\n\
            </TestCase></Catch2TestRun>\nall passed\n";
        let reading = reading(text).unwrap();
        let run = &reading.runs[0];
        assert_eq!(run.measurements[0].summary().mean, Some(4.0));
        assert_eq!(run.skipped[0].reason, "line 5: it failed: boom");
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        assert_eq!(read_any(&file, None).unwrap().format, Format::Catch2);
    }

    #[test]
    fn sections_tell_names_apart_and_repetitions_are_rounds() {
        let result = |name: &str, mean: &str, ci: &str| {
            format!(
                r#"<BenchmarkResults name="{name}" samples="10"><mean value="{mean}" ci="{ci}"/>
                <standardDeviation value="0.5"/></BenchmarkResults>"#
            )
        };
        let text = format!(
            r#"<?xml version="1.0"?><Catch2TestRun><TestCase name="t">{}
            <Section name="s">{}</Section>{}<Section name="r">{}</Section>
            <BenchmarkResults name="bad"><failed message="boom"/></BenchmarkResults>{}
            </TestCase></Catch2TestRun>"#,
            result("x", "1", "0.95"),
            result("y &lt; 2", "3", "0.95"),
            result("x", "2", "0"),
            result("y &lt; 2", "1e+06", "0.95"),
            result("none", "NaN", "0.95"),
        );
        let run = reading(&text).unwrap().runs.remove(0);
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| {
                let rounds: Vec<_> =
                    m.rounds().iter().map(|r| (r.summary().mean, r.summary().std_dev)).collect();
                format!("{} {rounds:?}", m.benchmark())
            })
            .collect();
        assert_eq!(
            found,
            [
                "t/r/y < 2 [(Some(1000000.0), Some(0.5))]",
                "t/s/y < 2 [(Some(3.0), Some(0.5))]",
                "x [(Some(1.0), Some(0.5)), (Some(2.0), None)]",
            ]
        );
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(skipped[0], "bad: line 7: it failed: boom");
        assert_eq!(skipped[1], "none: line 7: expected a number in `mean/@value`, found \"NaN\"");
    }

    #[test]
    fn xml_that_is_none_says_where() {
        let error = reading("<Catch name=\"a\">\n <TestCase name=\"b\"").unwrap_err();
        assert!(error.starts_with("f, line ") && error.contains("not valid XML: "), "{error}");
        let error = reading(&format!("<Catch >{}", "<a>".repeat(100_000))).unwrap_err();
        assert!(error.contains("deeper than 200"), "{error}");
    }
}
