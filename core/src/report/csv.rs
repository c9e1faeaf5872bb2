use crate::compare::Comparison;
use crate::text::csv_cell;

/// A comparison as CSV (RFC 4180): a header, then a row for each benchmark; figures in full
/// precision, empty where there is none. Columns are only ever added, at the end.
pub fn comparison_csv(comparison: &Comparison) -> String {
    let header = [
        "benchmark",
        "metric",
        "unit",
        "better",
        "baseline",
        "candidate",
        "change",
        "interval_lower",
        "interval_upper",
        "noise_floor",
        "p_value",
        "q_value",
        "threshold",
        "verdict",
        "reasons",
        "statistic",
        "smallest_detectable",
        "absolute_threshold",
        "tail_change",
        "tail_slower",
        "drift_change",
        "drift_verdict",
        "identical",
        "baseline_runs",
        "baseline_rounds",
        "candidate_rounds",
        "baseline_median",
        "candidate_median",
        "baseline_mean",
        "candidate_mean",
        "acceptance",
        "acceptance_reason",
    ];
    let rows = comparison.benchmarks.iter().map(|row| {
        let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
        let count = |n: Option<usize>| n.map(|n| n.to_string()).unwrap_or_default();
        let (baseline, candidate) = (row.baseline_figures.as_ref(), row.candidate_figures.as_ref());
        let acceptance = row.acceptance.as_ref();
        [
            csv_cell(&row.id),
            csv_cell(&row.metric),
            csv_cell(&row.unit),
            row.better.to_string(),
            number(row.baseline),
            number(row.candidate),
            number(row.change),
            number(row.interval.map(|[lower, _]| lower)),
            number(row.interval.map(|[_, upper]| upper)),
            number(row.noise_floor),
            number(row.p_value),
            number(row.q_value),
            row.threshold.to_string(),
            row.verdict.word().to_owned(),
            csv_cell(&row.reasons.join("; ")),
            row.statistic.map(|statistic| statistic.word().to_owned()).unwrap_or_default(),
            number(row.smallest_detectable),
            number(row.absolute_threshold),
            number(row.tail.map(|tail| tail.change)),
            row.tail.map(|tail| tail.slower.to_string()).unwrap_or_default(),
            number(row.drift.as_ref().map(|drift| drift.change)),
            row.drift.as_ref().map(|drift| drift.verdict.word().to_owned()).unwrap_or_default(),
            row.identical.to_string(),
            count(baseline.map(|figures| figures.runs)),
            count(baseline.map(|figures| figures.rounds)),
            count(candidate.map(|figures| figures.rounds)),
            number(baseline.and_then(|figures| figures.median)),
            number(candidate.and_then(|figures| figures.median)),
            number(baseline.and_then(|figures| figures.mean)),
            number(candidate.and_then(|figures| figures.mean)),
            acceptance.map(|known| known.state.word().to_owned()).unwrap_or_default(),
            acceptance.map(|known| csv_cell(&known.reason)).unwrap_or_default(),
        ]
        .to_vec()
    });
    records(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows))
}

/// Records as CSV (RFC 4180, lines ending in line feeds).
pub(super) fn records(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut text = String::new();
    for row in rows {
        record(&row, &mut text);
    }
    text
}

/// By hand: the crate that reads CSV would bring, for telling which cells are numbers, tables that weigh
/// more than the whole report.
fn record(cells: &[String], text: &mut String) {
    for (place, cell) in cells.iter().enumerate() {
        if place > 0 {
            text.push(',');
        }
        // One empty cell alone would be no record.
        if cell.contains([',', '"', '\r', '\n']) || (cells.len() == 1 && cell.is_empty()) {
            text.push('"');
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let rows = [vec!["a,b".to_owned(), "say \"x\"".to_owned(), "plain".to_owned()]];
        assert_eq!(records(rows.into_iter()), "\"a,b\",\"say \"\"x\"\"\",plain\n");
    }

    proptest! {
        #[test]
        fn records_are_those_of_the_crate_that_reads_them(
            rows in prop::collection::vec(prop::collection::vec("[a, é\"\r\n;]{0,4}", 1..4), 0..4),
        ) {
            let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
            for row in &rows {
                writer.write_record(row).unwrap();
            }
            let expected = String::from_utf8(writer.into_inner().unwrap()).unwrap();
            prop_assert_eq!(records(rows.into_iter()), expected);
        }
    }
}
