//! Apache Parquet: the table of the runs by columns, for `DuckDB`, `DataFusion`, Spark or pandas.
//!
//! Written here and not by the `parquet` crate, because every release of that turns on
//! `num-traits/std`, and cargo unifies features: the core in the same program would compute with the
//! platform's `exp` and `ln`, and its last digits would differ from the page's (`ARCHITECTURE.md`, "The
//! same bits everywhere"). What is needed is little: one page a column and row group, text and whole
//! numbers by dictionary, floats plain, nothing compressed. `benches/tests/parquet.rs` reads it with
//! that crate.
//!
//! Source: Apache Parquet format 2.11 (`parquet.thrift`, `Encodings.md`, `LogicalTypes.md`).

mod columns;
mod encoding;
mod metadata;
mod thrift;

use columns::ColumnData;

use super::Exported;
use super::csv::without_rows;
use super::rows::{for_each_row, kind};
use crate::formats::CsvColumn;
use crate::model::Run;

/// What a file begins and ends with.
const MAGIC: &[u8; 4] = b"PAR1";
/// Rows are held back until there are so many.
const ROWS_IN_A_GROUP: u64 = 100_000;

/// The table of the runs as Parquet, with the columns and meanings of [`runs_csv`](super::runs_csv):
/// texts are UTF-8, whole numbers 64 bits with sign, times microseconds since 1970 in UTC.
pub fn runs_parquet(runs: &[Run]) -> Exported<Vec<u8>> {
    let mut file = MAGIC.to_vec();
    let mut groups = Vec::new();
    let new = || CsvColumn::ALL.map(|column| ColumnData::new(column, kind(column)));
    let mut columns = new();
    let mut rows = 0;
    for_each_row(runs, |row| {
        for (column, data) in CsvColumn::ALL.into_iter().zip(&mut columns) {
            data.push(row.cell(column));
        }
        rows += 1;
        if rows == ROWS_IN_A_GROUP {
            groups.push(metadata::write_group(
                &std::mem::replace(&mut columns, new()),
                rows,
                &mut file,
            ));
            rows = 0;
        }
    });
    if rows > 0 {
        groups.push(metadata::write_group(&columns, rows, &mut file));
    }
    let footer = metadata::footer(&new(), &groups);
    file.extend_from_slice(&footer);
    // A footer describes some dozens of columns a group.
    file.extend_from_slice(&u32::try_from(footer.len()).unwrap_or(u32::MAX).to_le_bytes());
    file.extend_from_slice(MAGIC);
    Exported { content: file, notes: without_rows(runs) }
}
