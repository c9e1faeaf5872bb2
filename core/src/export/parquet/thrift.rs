use super::encoding::varint;

/// A type in Thrift's compact protocol.
#[derive(Debug, Clone, Copy)]
#[repr(u8)]
pub(super) enum Type {
    I32 = 5,
    Binary = 8,
    Struct = 12,
}

/// Writes Thrift's compact protocol, as far as Parquet's metadata needs it.
#[derive(Debug, Default)]
pub(super) struct Writer {
    bytes: Vec<u8>,
    /// The number of the field written last in each open struct.
    last: Vec<i16>,
}

impl Writer {
    /// What was written.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    fn field(&mut self, number: i16, kind: u8) {
        let last = self.last.last_mut();
        let step = number - last.as_ref().map_or(0, |last| **last);
        if let Some(last) = last {
            *last = number;
        }
        if let Ok(step @ 1..=15) = u8::try_from(step) {
            self.bytes.push(step << 4 | kind);
        } else {
            self.bytes.push(kind);
            self.zigzag(i64::from(number));
        }
    }

    fn zigzag(&mut self, number: i64) {
        varint((number << 1 ^ number >> 63).cast_unsigned(), &mut self.bytes);
    }

    /// A struct that is no field: the outermost, or an element of a list.
    pub(super) fn structure(&mut self, fields: impl FnOnce(&mut Self)) {
        self.last.push(0);
        fields(self);
        self.last.pop();
        self.bytes.push(0);
    }

    pub(super) fn structure_field(&mut self, number: i16, fields: impl FnOnce(&mut Self)) {
        self.field(number, Type::Struct as u8);
        self.structure(fields);
    }

    pub(super) fn i32_field(&mut self, number: i16, value: i32) {
        self.field(number, Type::I32 as u8);
        self.zigzag(i64::from(value));
    }

    pub(super) fn i64_field(&mut self, number: i16, value: i64) {
        self.field(number, 6);
        self.zigzag(value);
    }

    pub(super) fn byte_field(&mut self, number: i16, value: u8) {
        self.field(number, 3);
        self.bytes.push(value);
    }

    pub(super) fn flag_field(&mut self, number: i16, value: bool) {
        self.field(number, if value { 1 } else { 2 });
    }

    pub(super) fn text_field(&mut self, number: i16, value: &str) {
        self.field(number, Type::Binary as u8);
        self.text(value);
    }

    pub(super) fn text(&mut self, value: &str) {
        varint(value.len() as u64, &mut self.bytes);
        self.bytes.extend_from_slice(value.as_bytes());
    }

    /// An element of a list of whole numbers.
    pub(super) fn i32(&mut self, value: i32) {
        self.zigzag(i64::from(value));
    }

    /// A list; each element is written by the caller.
    pub(super) fn list_field<T>(
        &mut self,
        number: i16,
        of: Type,
        elements: &[T],
        mut write: impl FnMut(&mut Self, &T),
    ) {
        self.field(number, 9);
        if let Ok(short @ ..15) = u8::try_from(elements.len()) {
            self.bytes.push(short << 4 | of as u8);
        } else {
            self.bytes.push(0xf0 | of as u8);
            varint(elements.len() as u64, &mut self.bytes);
        }
        for element in elements {
            write(self, element);
        }
    }
}
