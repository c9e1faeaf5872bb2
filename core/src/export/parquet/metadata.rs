//! Pages, and the footer that says where they stand (`parquet.thrift`).

use super::super::rows::Kind;
use super::columns::{ColumnData, Pages};
use super::thrift::{Type, Writer};

/// `Encoding` and `CompressionCodec` of `parquet.thrift`.
const PLAIN: i32 = 0;
const RLE: i32 = 3;
const RLE_DICTIONARY: i32 = 8;
const UNCOMPRESSED: i32 = 0;

/// A row group that was written.
#[derive(Debug)]
pub(super) struct Group {
    rows: u64,
    chunks: Vec<Chunk>,
}

/// One column of it.
#[derive(Debug)]
struct Chunk {
    kind: Kind,
    name: &'static str,
    rows: usize,
    /// Where its dictionary stands, if it has one.
    dictionary: Option<usize>,
    data: usize,
    length: usize,
}

/// Appends a row group's pages to the file.
pub(super) fn write_group(columns: &[ColumnData], rows: u64, file: &mut Vec<u8>) -> Group {
    let chunks = columns.iter().map(|column| {
        let Pages { dictionary, data, rows } = column.pages();
        let begin = file.len();
        let dictionary = dictionary.map(|(values, count)| {
            write_page(file, values, 2, |header| {
                header.structure_field(7, |page| {
                    page.i32_field(1, narrow(count));
                    page.i32_field(2, PLAIN);
                });
            });
            begin
        });
        let place = file.len();
        write_page(file, &data, 0, |header| {
            header.structure_field(5, |page| {
                page.i32_field(1, narrow(rows));
                page.i32_field(2, if dictionary.is_some() { RLE_DICTIONARY } else { PLAIN });
                page.i32_field(3, RLE);
                page.i32_field(4, RLE);
            });
        });
        Chunk {
            kind: column.kind,
            name: column.column.name(),
            rows,
            dictionary,
            data: place,
            length: file.len() - begin,
        }
    });
    Group { rows, chunks: chunks.collect() }
}

fn write_page(file: &mut Vec<u8>, content: &[u8], kind: i32, details: impl FnOnce(&mut Writer)) {
    let mut writer = Writer::default();
    writer.structure(|header| {
        header.i32_field(1, kind);
        header.i32_field(2, narrow(content.len()));
        header.i32_field(3, narrow(content.len()));
        details(header);
    });
    file.extend_from_slice(&writer.into_bytes());
    file.extend_from_slice(content);
}

/// The description of the whole file.
pub(super) fn footer(columns: &[ColumnData], groups: &[Group]) -> Vec<u8> {
    let mut writer = Writer::default();
    writer.structure(|file| {
        file.i32_field(1, 2);
        let elements: Vec<Option<&ColumnData>> =
            std::iter::once(None).chain(columns.iter().map(Some)).collect();
        file.list_field(2, Type::Struct, &elements, |file, element| {
            file.structure(|of| match element {
                None => {
                    of.text_field(4, "runs");
                    of.i32_field(5, narrow(columns.len()));
                }
                Some(column) => schema_element(of, column),
            });
        });
        file.i64_field(3, groups.iter().map(|group| wide(group.rows)).sum());
        file.list_field(4, Type::Struct, groups, |file, group| {
            file.structure(|of| {
                of.list_field(1, Type::Struct, &group.chunks, |of, chunk| {
                    of.structure(|of| column_chunk(of, chunk));
                });
                of.i64_field(2, group.chunks.iter().map(|chunk| wide(chunk.length as u64)).sum());
                of.i64_field(3, wide(group.rows));
            });
        });
        file.text_field(6, concat!("driftline version ", env!("CARGO_PKG_VERSION")));
    });
    writer.into_bytes()
}

/// `Type` of `parquet.thrift`.
fn physical(kind: Kind) -> i32 {
    match kind {
        Kind::Flag => 0,
        Kind::Whole | Kind::Time => 2,
        Kind::Real => 5,
        Kind::Text => 6,
    }
}

fn schema_element(of: &mut Writer, column: &ColumnData) {
    of.i32_field(1, physical(column.kind));
    // Every column may be empty.
    of.i32_field(3, 1);
    of.text_field(4, column.column.name());
    match column.kind {
        Kind::Text => {
            of.i32_field(6, 0);
            of.structure_field(10, |logical| logical.structure_field(1, |_| {}));
        }
        Kind::Time => {
            of.i32_field(6, 10);
            of.structure_field(10, |logical| {
                logical.structure_field(8, |time| {
                    time.flag_field(1, true);
                    time.structure_field(2, |unit| unit.structure_field(2, |_| {}));
                });
            });
        }
        Kind::Whole => {
            of.i32_field(6, 18);
            of.structure_field(10, |logical| {
                logical.structure_field(10, |integer| {
                    integer.byte_field(1, 64);
                    integer.flag_field(2, true);
                });
            });
        }
        Kind::Real | Kind::Flag => {}
    }
}

fn column_chunk(of: &mut Writer, chunk: &Chunk) {
    of.i64_field(2, 0);
    of.structure_field(3, |of| {
        of.i32_field(1, physical(chunk.kind));
        let encodings: &[i32] =
            if chunk.dictionary.is_some() { &[PLAIN, RLE, RLE_DICTIONARY] } else { &[PLAIN, RLE] };
        of.list_field(2, Type::I32, encodings, |of, encoding| of.i32(*encoding));
        of.list_field(3, Type::Binary, &[chunk.name], |of, name| of.text(name));
        of.i32_field(4, UNCOMPRESSED);
        of.i64_field(5, wide(chunk.rows as u64));
        of.i64_field(6, wide(chunk.length as u64));
        of.i64_field(7, wide(chunk.length as u64));
        of.i64_field(9, wide(chunk.data as u64));
        if let Some(dictionary) = chunk.dictionary {
            of.i64_field(11, wide(dictionary as u64));
        }
    });
}

/// A page is of a hundred thousand rows: far below two gibibytes.
fn narrow(count: usize) -> i32 {
    i32::try_from(count).unwrap_or(i32::MAX)
}

fn wide(count: u64) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
