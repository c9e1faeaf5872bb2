//! divan's tree, checked with 0.1.0, 0.1.8, 0.1.14 and 0.1.21.
//!
//! The name is the path from the bench target's name down to the row, joined by slashes. The value
//! is the median; `fastest` and `slowest` are the smallest and the largest value; there is no
//! deviation. The rows below a benchmark are metrics of their own: its throughput, and what
//! `AllocProfiler` counted, of which the columns mean the samples that were fastest, slowest and
//! so on, so that only their medians are taken.

use super::super::collected::{Collected, Kind, Repeated, Values};
use super::super::content::Content;
use super::super::numbers::{count, grouped, quantity, time_factor, without_prefix};
use super::super::{Format, FormatError, Reading};
use crate::model::Summary;

/// The labels above what `AllocProfiler` counted: what is counted, and how many bytes it was.
const ALLOCATIONS: [(&str, &str, &str); 5] = [
    ("max alloc:", "max_allocations", "max_allocated_bytes"),
    ("alloc:", "allocations", "allocated_bytes"),
    ("dealloc:", "deallocations", "deallocated_bytes"),
    ("grow:", "grown_allocations", "grown_bytes"),
    ("shrink:", "shrunk_allocations", "shrunk_bytes"),
];

/// How many columns the tree takes for each level.
const COLUMNS_A_LEVEL: usize = 3;

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().any(|line| header(line).is_some())
}

/// The column in which the cells begin, and the tree's root.
fn header(line: &str) -> Option<(usize, &str)> {
    // Most lines are none: told before they are taken apart.
    if !line.contains("fastest") {
        return None;
    }
    let at = line.find("fastest")?;
    let (root, cells) = line.split_at_checked(at)?;
    let mut cells = cells.split('│').map(str::trim);
    (cells.next() == Some("fastest") && cells.next() == Some("slowest"))
        .then(|| (root.chars().count(), root.trim()))
}

pub(in super::super) fn read(content: &Content<'_>) -> Result<Reading, FormatError> {
    if let Some(error) = content.json_error() {
        return Err(error.clone());
    }
    let mut collected = Collected::new(Format::Divan);
    let mut column = None;
    let (mut path, mut name): (Vec<String>, String) = (Vec::new(), String::new());
    // The metric of the counts that follow, and of the bytes behind them.
    let mut counted: (Option<&str>, Option<&str>) = (None, None);
    let mut ignored = 0_u64;
    for line in content.lines() {
        if let Some((at, root)) = header(line.text) {
            column = Some(at);
            path = vec![root.to_owned()];
            continue;
        }
        let Some(column) = column else { continue };
        let cut = line.text.char_indices().nth(column).map_or(line.text.len(), |(at, _)| at);
        let (tree, cells) = line.text.split_at_checked(cut).unwrap_or((line.text, ""));
        let cells: Vec<&str> = cells.split('│').map(str::trim).collect();
        let first = cells.first().copied().unwrap_or_default();
        if let Some(branch) = tree.find(['├', '╰']) {
            let (before, own) = tree.split_at_checked(branch).unwrap_or(("", tree));
            path.truncate(1 + before.chars().count() / COLUMNS_A_LEVEL);
            path.push(own.trim_start_matches(['├', '╰', '─', ' ']).trim_end().to_owned());
            name = path.join("/");
            counted = (None, None);
            match first {
                "" => {}
                "(ignored)" => ignored += 1,
                _ => match times(&cells) {
                    Some(summary) => {
                        collected.add(&name, Kind::wall_time("ns"), Values::Summary(summary));
                    }
                    None => collected.skip(
                        &name,
                        format!(
                            "line {}: expected four times, samples and iterations, found {}",
                            line.number,
                            quoted(&cells)
                        ),
                    ),
                },
            }
        } else if let Some((_, allocations, bytes)) =
            ALLOCATIONS.iter().find(|(label, ..)| *label == first)
        {
            counted = (Some(allocations), Some(bytes));
        } else if let [_, _, median, ..] = cells.as_slice()
            && !median.is_empty()
        {
            further(&mut collected, &name, &cells, median, &mut counted, line.number);
        }
    }
    if ignored > 0 {
        collected.note(format!("{ignored} benchmarks were ignored by the harness"));
    }
    Ok(collected.finish(content, Repeated::Others))
}

/// A row without a name: of the benchmark above.
fn further(
    collected: &mut Collected,
    name: &str,
    cells: &[&str],
    median: &str,
    counted: &mut (Option<&str>, Option<&str>),
    line: u64,
) {
    if let (Some(metric), Some(n)) = (counted.0, grouped(median)) {
        collected.add(name, Kind::lower(metric, "allocations"), Values::single(n));
        counted.0 = None;
    } else if let (None, Some(metric), Some((bytes, unit))) =
        (counted.0, counted.1, without_prefix(median, &["B"]))
    {
        collected.add(name, Kind::lower(metric, unit), Values::single(bytes));
        counted.1 = None;
    } else if let Some(rates) = rates(cells)
        && counted.1.is_none()
    {
        let ([fastest, slowest, median, mean], unit, metric) = rates;
        let summary = Summary {
            median: Some(median),
            mean: Some(mean),
            minimum: Some(slowest),
            maximum: Some(fastest),
            ..Summary::default()
        };
        collected.add(name, Kind::higher(metric, unit), Values::Summary(summary));
    } else {
        collected.skip(name, format!("line {line}: a row of no known kind: {}", quoted(cells)));
    }
}

/// A time with its unit; from a minute on divan has units of its own.
fn duration(text: &str) -> Option<f64> {
    let (value, unit) = quantity(text)?;
    let factor = match unit {
        "m" => 60e9,
        "h" => 3600e9,
        "d" => 86_400e9,
        _ => time_factor(unit)?,
    };
    Some(value * factor)
}

fn times(cells: &[&str]) -> Option<Summary> {
    let [fastest, slowest, median, mean, samples, _] = cells else { return None };
    Some(Summary {
        n: Some(count(samples)?),
        median: Some(duration(median)?),
        mean: Some(duration(mean)?),
        minimum: Some(duration(fastest)?),
        maximum: Some(duration(slowest)?),
        ..Summary::default()
    })
}

/// Four rates, their unit, and the metric they are of.
fn rates<'a>(cells: &[&'a str]) -> Option<([f64; 4], &'a str, &'static str)> {
    const METRICS: [(&str, &str); 4] = [
        ("B/s", "bytes_per_second"),
        ("char/s", "chars_per_second"),
        ("item/s", "items_per_second"),
        ("Hz", "cycles_per_second"),
    ];
    let [fastest, slowest, median, mean, ..] = cells else { return None };
    let rate = |cell: &'a str| without_prefix(cell, &METRICS.map(|(unit, _)| unit));
    let (first, unit) = rate(fastest)?;
    let (_, metric) = METRICS.iter().find(|(known, _)| *known == unit)?;
    Some(([first, rate(slowest)?.0, rate(median)?.0, rate(mean)?.0], unit, metric))
}

fn quoted(cells: &[&str]) -> String {
    let text: String = cells.join(" │ ").chars().take(80).collect();
    format!("{text:?}")
}

#[cfg(test)]
mod tests {
    use super::super::super::{InputFile, read as read_any};

    #[test]
    fn minutes_and_more_are_units() {
        for (text, nanoseconds) in [("1.2 m", 72e9), ("2 h", 7200e9), ("1.5 d", 129_600e9)] {
            assert_eq!(super::duration(text), Some(nanoseconds), "{text}");
        }
        assert_eq!(super::duration("1.5 ms"), Some(1.5e6));
    }

    #[test]
    fn the_tree_gives_names_and_the_rows_below_metrics() {
        let text = "\
Timer precision: 20 ns
div             fastest       │ slowest       │ median        │ mean          │ samples │ iters
├─ group                      │               │               │               │         │
│  ├─ naïve µ   56.2 ns       │ 1.5 µs        │ 57 ns         │ 60 ns         │ 100     │ 6400
│  │            2 GB/s        │ 1 GB/s        │ 1.5 GB/s      │ 1.5 GB/s      │         │
│  │            2 Mitem/s     │ 1 Mitem/s     │ 1.5 Mitem/s   │ 1.5 Mitem/s   │         │
│  │            alloc:        │               │               │               │         │
│  │              7           │ 7             │ 7.5           │ 7             │         │
│  │              1 KB        │ 1 KB          │ 1.016 KB      │ 1 KB          │         │
│  ╰─ left      (ignored)     │               │               │               │         │
╰─ cut          1.5 ns        │ 2 ns          │ 1.6";
        let file = InputFile { name: "f", bytes: text.as_bytes() };
        let reading = read_any(&file, None).unwrap();
        let run = &reading.runs[0];
        let found: Vec<String> = run
            .measurements
            .iter()
            .map(|m| {
                let s = m.summary();
                format!("{} {} {} {}", m.benchmark(), m.metric(), s.median.unwrap(), m.unit())
            })
            .collect();
        assert_eq!(
            found,
            [
                "div/group/naïve µ allocated_bytes 1016 B",
                "div/group/naïve µ allocations 7.5 allocations",
                "div/group/naïve µ bytes_per_second 1500000000 B/s",
                "div/group/naïve µ items_per_second 1500000 item/s",
                "div/group/naïve µ wall_time 57 ns",
            ]
        );
        let skipped: Vec<String> =
            run.skipped.iter().map(|s| format!("{}: {}", s.name, s.reason)).collect();
        assert_eq!(skipped.len(), 1, "{skipped:?}");
        assert!(skipped[0].starts_with("div/cut: line 11: expected four times"), "{skipped:?}");
        assert_eq!(reading.notes[0], "1 benchmarks were ignored by the harness");
    }
}
