use std::collections::BTreeMap;

use super::super::rows::{Cell, Kind};
use super::encoding::{bit_width, hybrid, plain_bytes};
use crate::formats::CsvColumn;

/// The cells of one column in one row group.
#[derive(Debug)]
pub(super) struct ColumnData {
    pub(super) column: CsvColumn,
    pub(super) kind: Kind,
    /// Of each row, whether it has a value.
    present: Vec<bool>,
    values: Values,
}

#[derive(Debug)]
enum Values {
    /// Floats, plain.
    Plain(Vec<u8>),
    Flags(Vec<bool>),
    /// The different values, plain, and which of them each cell holds.
    Texts {
        places: BTreeMap<String, u32>,
        dictionary: Vec<u8>,
        indices: Vec<u32>,
    },
    Numbers {
        places: BTreeMap<i64, u32>,
        dictionary: Vec<u8>,
        indices: Vec<u32>,
    },
}

/// A column's pages.
#[derive(Debug)]
pub(super) struct Pages<'c> {
    /// The dictionary, and how many values are in it.
    pub(super) dictionary: Option<(&'c [u8], usize)>,
    pub(super) data: Vec<u8>,
    pub(super) rows: usize,
}

impl ColumnData {
    pub(super) fn new(column: CsvColumn, kind: Kind) -> Self {
        let (dictionary, indices) = (Vec::new(), Vec::new());
        let values = match kind {
            Kind::Real => Values::Plain(Vec::new()),
            Kind::Flag => Values::Flags(Vec::new()),
            Kind::Text => Values::Texts { places: BTreeMap::new(), dictionary, indices },
            Kind::Whole | Kind::Time => {
                Values::Numbers { places: BTreeMap::new(), dictionary, indices }
            }
        };
        Self { column, kind, present: Vec::new(), values }
    }

    /// Adds a cell.
    pub(super) fn push(&mut self, cell: Cell<'_>) {
        let number = match (cell, &mut self.values) {
            (Cell::Real(figure), Values::Plain(bytes)) => {
                bytes.extend_from_slice(&figure.to_le_bytes());
                return self.present.push(true);
            }
            (Cell::Flag(flag), Values::Flags(flags)) => {
                flags.push(flag);
                return self.present.push(true);
            }
            (Cell::Text(text), Values::Texts { places, dictionary, indices }) => {
                // A column rarely has so many different ones that 32 bits do not count them.
                let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
                let place = places.get(&*text).copied().unwrap_or(next);
                if place == next {
                    plain_bytes(text.as_bytes(), dictionary);
                    places.insert(text.into_owned(), place);
                }
                indices.push(place);
                return self.present.push(true);
            }
            // Only a time before 1970 is negative, and no count is anywhere near 2⁶³.
            (Cell::Whole(count), _) => i64::try_from(count).unwrap_or(i64::MAX),
            (Cell::Time(time), _) => time.as_microsecond(),
            _ => return self.present.push(false),
        };
        let Values::Numbers { places, dictionary, indices } = &mut self.values else {
            return self.present.push(false);
        };
        let next = u32::try_from(places.len()).unwrap_or(u32::MAX);
        let place = *places.entry(number).or_insert(next);
        if place == next {
            dictionary.extend_from_slice(&number.to_le_bytes());
        }
        indices.push(place);
        self.present.push(true);
    }

    /// What is written of it.
    pub(super) fn pages(&self) -> Pages<'_> {
        let mut data = Vec::new();
        // The definition levels: 1 where there is a value.
        let levels: Vec<u32> = self.present.iter().map(|present| u32::from(*present)).collect();
        let levels = hybrid(&levels, 1);
        data.extend_from_slice(&u32::try_from(levels.len()).unwrap_or(u32::MAX).to_le_bytes());
        data.extend_from_slice(&levels);
        let dictionary = match &self.values {
            Values::Plain(bytes) => {
                data.extend_from_slice(bytes);
                None
            }
            Values::Flags(flags) => {
                data.extend(flags.chunks(8).map(|eight| {
                    eight.iter().rev().fold(0_u8, |byte, flag| byte << 1 | u8::from(*flag))
                }));
                None
            }
            Values::Texts { dictionary, indices, places } => {
                add_indices(indices, places.len(), &mut data);
                Some((dictionary, places.len()))
            }
            Values::Numbers { dictionary, indices, places } => {
                add_indices(indices, places.len(), &mut data);
                Some((dictionary, places.len()))
            }
        };
        let dictionary = dictionary.filter(|(_, count)| *count > 0);
        Pages {
            dictionary: dictionary.map(|(bytes, count)| (bytes.as_slice(), count)),
            data,
            rows: self.present.len(),
        }
    }
}

/// The indices of a dictionary; of an empty one there are none, and no width either.
fn add_indices(indices: &[u32], count: usize, data: &mut Vec<u8>) {
    if count > 0 {
        let width = bit_width(count - 1);
        data.push(width);
        data.extend_from_slice(&hybrid(indices, width));
    }
}
