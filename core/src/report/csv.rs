use crate::compare::Comparison;
use crate::text::csv_cell;

/// A comparison as CSV (RFC 4180): a header, then a row for each benchmark; figures in full
/// precision, empty where there is none.
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
    ];
    let rows = comparison.benchmarks.iter().map(|row| {
        let number = |n: Option<f64>| n.map(|n| n.to_string()).unwrap_or_default();
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
        ]
        .to_vec()
    });
    records(std::iter::once(header.map(str::to_owned).to_vec()).chain(rows))
}

/// Records as CSV (RFC 4180, lines ending in line feeds).
pub(super) fn records(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut writer = csv::WriterBuilder::new().flexible(true).from_writer(Vec::new());
    for row in rows {
        // Writing to memory cannot fail, and a flexible writer takes records of any length.
        let _ = writer.write_record(&row);
    }
    String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_quoted_where_they_must_be() {
        let rows = [vec!["a,b".to_owned(), "say \"x\"".to_owned(), "plain".to_owned()]];
        assert_eq!(records(rows.into_iter()), "\"a,b\",\"say \"\"x\"\"\",plain\n");
    }
}
