//! What the core writes as Parquet, read by the `parquet` crate: the same cells as in the CSV. Here and
//! not with the core's tests, because that crate turns on `num-traits/std`.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may panic, its helpers as well")]

use bytes::Bytes;
use driftline_benches::inputs::{recorded_run, summarised_run};
use driftline_core::export::{runs_csv, runs_parquet};
use driftline_core::formats::CsvColumn;
use driftline_core::model::{Commit, Machine, Run};
use driftline_core::text::from_csv_cell;
use parquet::basic::{LogicalType, Repetition};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::record::Field;

/// Runs with more rows than a row group holds, and of every kind.
fn runs() -> Vec<Run> {
    let mut runs: Vec<Run> = (0..22).map(|seed| recorded_run(seed, 48, 100)).collect();
    runs.push(summarised_run(100, 30));
    let first = runs.first_mut().unwrap();
    first.time = Some("2026-11-23T04:40:12.25Z".parse().unwrap());
    first.toolchain = Some("rustc, \"1.95\"\n".to_owned());
    first.machine = Some(Machine { cpu: Some("µ".to_owned()), ..Machine::default() });
    first.commit =
        Some(Commit { id: "=c".to_owned(), order: Some(7), dirty: true, ..Commit::default() });
    runs
}

/// A field as the CSV writes it.
fn written(field: &Field) -> String {
    match field {
        Field::Null => String::new(),
        Field::Str(text) => text.clone(),
        Field::Double(figure) => figure.to_string(),
        Field::Long(count) => count.to_string(),
        Field::Bool(flag) => flag.to_string(),
        Field::TimestampMicros(time) => {
            jiff::Timestamp::from_microsecond(*time).unwrap().to_string()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_parquet_crate_reads_what_is_in_the_csv() {
    let runs = runs();
    let file = SerializedFileReader::new(Bytes::from(runs_parquet(&runs).content)).unwrap();
    let metadata = file.metadata();
    assert_eq!(metadata.num_row_groups(), 2);
    let schema = metadata.file_metadata().schema_descr();
    let names: Vec<&str> = schema.columns().iter().map(|column| column.name()).collect();
    assert_eq!(names, CsvColumn::ALL.map(CsvColumn::name));
    for column in schema.columns() {
        assert_eq!(column.self_type().get_basic_info().repetition(), Repetition::OPTIONAL);
    }
    let logical = |name: &str| {
        let column = schema.columns().iter().find(|column| column.name() == name);
        column.unwrap().logical_type_ref().cloned()
    };
    assert_eq!(logical("benchmark"), Some(LogicalType::String));
    assert!(matches!(logical("time"), Some(LogicalType::Timestamp { .. })));

    let csv = runs_csv(&runs).content;
    let mut records = csv::Reader::from_reader(csv.as_bytes()).into_records();
    let mut rows = 0;
    for row in file.get_row_iter(None).unwrap() {
        let (row, record) = (row.unwrap(), records.next().unwrap().unwrap());
        for ((name, field), cell) in row.get_column_iter().zip(record.iter()) {
            assert_eq!(written(field), from_csv_cell(cell), "row {rows}, {name}");
        }
        rows += 1;
    }
    assert!(records.next().is_none());
    assert_eq!(rows, metadata.file_metadata().num_rows());
    assert_eq!(rows, 22 * 48 * 100 + 30 * 3);
}
