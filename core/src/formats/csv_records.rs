use csv::{ReaderBuilder, StringRecord};

/// The records of a CSV text that begins with a header, each by the header's names.
#[derive(Debug)]
pub(super) struct Records {
    header: StringRecord,
    records: Vec<(u64, StringRecord)>,
}

impl Records {
    /// Reads them; quoted cells may hold commas, quotation marks and line breaks. Bytes that are no
    /// CSV end it: the reader takes nearly everything.
    pub(super) fn new(text: &str) -> Self {
        let mut options = ReaderBuilder::new();
        let mut reader =
            options.has_headers(false).flexible(true).from_reader(text.trim_start().as_bytes());
        let mut record = StringRecord::new();
        let mut header = None;
        let mut records = Vec::new();
        while reader.read_record(&mut record).unwrap_or(false) {
            let line = record.position().map_or(0, csv::Position::line);
            match &header {
                None => header = Some(record.clone()),
                Some(_) => records.push((line, record.clone())),
            }
        }
        Self { header: header.unwrap_or_default(), records }
    }

    /// The names of the columns.
    pub(super) fn columns(&self) -> impl Iterator<Item = &str> {
        self.header.iter()
    }

    /// The records with the 1-based lines they stand in.
    pub(super) fn iter(&self) -> impl Iterator<Item = (u64, Record<'_>)> {
        let record = |record| Record { header: &self.header, record };
        self.records.iter().map(move |(line, of)| (*line, record(of)))
    }
}

/// One record.
#[derive(Debug)]
pub(super) struct Record<'r> {
    header: &'r StringRecord,
    record: &'r StringRecord,
}

impl<'r> Record<'r> {
    /// The cell in a column, unless it is empty or not there.
    pub(super) fn cell(&self, column: &str) -> Option<&'r str> {
        let position = self.header.iter().position(|name| name == column)?;
        self.record.get(position).filter(|cell| !cell.is_empty())
    }

    /// Whether it has as many cells as the header.
    pub(super) fn is_whole(&self) -> bool {
        self.record.len() == self.header.len()
    }
}
