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

/// Records as CSV, each cell quoted where it must be.
pub(super) fn records(rows: impl Iterator<Item = Vec<String>>) -> String {
    let mut out = String::new();
    for row in rows {
        let cells: Vec<String> = row
            .into_iter()
            .map(|cell| {
                if cell.contains(['"', ',', '\n', '\r']) {
                    format!("\"{}\"", cell.replace('"', "\"\""))
                } else {
                    cell
                }
            })
            .collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
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
