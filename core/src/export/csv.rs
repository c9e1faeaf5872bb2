use super::rows::{Cell, for_each_row};
use super::{Exported, counted};
use crate::formats::CsvColumn;
use crate::model::{Run, rfc3339};
use crate::text::csv_cell;

/// The table of the runs as CSV (RFC 4180, lines ending in line feeds), in the columns that
/// `import --format csv` reads: `docs/export.md` describes them. Figures in full precision, empty
/// where there is none. Reading it back gives the same runs; a run that measured nothing has no row.
pub fn runs_csv(runs: &[Run]) -> Exported<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Writing to memory cannot fail, and every record has as many cells.
    let _ = writer.write_record(CsvColumn::ALL.map(CsvColumn::name));
    let mut number = String::new();
    for_each_row(runs, |row| {
        for column in CsvColumn::ALL {
            number.clear();
            let cell = row.cell(column);
            let text = match &cell {
                Cell::Missing => "",
                Cell::Text(text) => {
                    number = csv_cell(text);
                    &number
                }
                Cell::Real(figure) => written(&mut number, figure),
                Cell::Whole(count) => written(&mut number, count),
                Cell::Flag(flag) => written(&mut number, flag),
                Cell::Time(time) => {
                    number = rfc3339(*time);
                    &number
                }
            };
            let _ = writer.write_field(text);
        }
        let _ = writer.write_record(None::<&[u8]>);
    });
    let content = String::from_utf8(writer.into_inner().unwrap_or_default()).unwrap_or_default();
    Exported { content, notes: without_rows(runs) }
}

fn written<'t>(text: &'t mut String, value: &impl std::fmt::Display) -> &'t str {
    use std::fmt::Write as _;
    // Writing to a String cannot fail.
    let _ = write!(text, "{value}");
    text
}

/// Runs of which a table of values says nothing.
pub(super) fn without_rows(runs: &[Run]) -> Vec<String> {
    let empty = runs.iter().filter(|run| run.measurements.is_empty()).count();
    if empty == 0 {
        return Vec::new();
    }
    vec![format!(
        "{} without a measurement: a table of values has no row for it",
        counted(empty, "run")
    )]
}
