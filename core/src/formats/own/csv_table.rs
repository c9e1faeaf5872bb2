use crate::text::from_csv_cell;
use csv::{ReaderBuilder, StringRecord};

use super::super::FormatError;

/// The columns of the plain CSV. The first two are required.
pub const CSV_COLUMNS: [&str; 12] =
    [BENCHMARK, VALUE, METRIC, UNIT, BETTER, RUN, ROUND, ITERATIONS, COMMIT, ORDER, TIME, MACHINE];

pub(super) const BENCHMARK: &str = "benchmark";
/// What the column `benchmark` may be called as well.
const NAME: &str = "name";
pub(super) const VALUE: &str = "value";
pub(super) const METRIC: &str = "metric";
pub(super) const UNIT: &str = "unit";
pub(super) const BETTER: &str = "better";
pub(super) const RUN: &str = "run";
pub(super) const ROUND: &str = "round";
pub(super) const ITERATIONS: &str = "iterations";
pub(super) const COMMIT: &str = "commit";
pub(super) const ORDER: &str = "order";
pub(super) const TIME: &str = "time";
pub(super) const MACHINE: &str = "machine";

/// What people separate columns with; only the first is right.
const SEPARATORS: [(char, &str); 3] = [(',', "commas"), (';', "semicolons"), ('\t', "tabs")];

/// Whether the first line names the required columns, whatever it separates them with.
pub(in super::super) fn has_header(text: &str) -> bool {
    SEPARATORS.iter().any(|(separator, _)| is_header(first_line(text), *separator))
}

pub(in super::super) fn is_text(lines: &[&str]) -> bool {
    lines.iter().find(|line| !line.trim().is_empty()).is_some_and(|line| has_header(line))
}

fn first_line(text: &str) -> &str {
    text.trim_start().lines().next().unwrap_or_default()
}

fn is_header(line: &str, separator: char) -> bool {
    let names = |wanted: &str| {
        line.split(separator).any(|cell| normalised(cell.trim().trim_matches('"')) == wanted)
    };
    (names(BENCHMARK) || names(NAME)) && names(VALUE)
}

fn normalised(cell: &str) -> String {
    cell.trim().to_ascii_lowercase()
}

/// The rows of a CSV text under a checked header.
#[derive(Debug)]
pub(super) struct Table<'a> {
    lines: Lines<'a>,
    columns: Vec<&'static str>,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<'t> {
    pub(super) line: u64,
    file: &'t str,
    columns: &'t [&'static str],
    record: &'t StringRecord,
}

impl<'a> Table<'a> {
    /// Reads the header: the required columns, each column once, and none that is unknown, because
    /// a misspelt `iterations` would change what the values mean.
    pub(super) fn new(file: &'a str, text: &'a str) -> Result<Self, FormatError> {
        let mut lines = Lines::new(file, text);
        let line = lines.next()?.unwrap_or(1);
        let problem = |problem| Err(FormatError::Line { file: file.to_owned(), line, problem });
        for (separator, plural) in &SEPARATORS[1..] {
            if is_header(first_line(text), *separator) {
                return problem(format!(
                    "the columns are separated by {plural}: expected commas (and decimal points)"
                ));
            }
        }
        let cells: Vec<String> = lines.record.iter().map(normalised).collect();
        let known = |cell: &String| {
            let cell = if cell == NAME { BENCHMARK } else { cell.as_str() };
            CSV_COLUMNS.iter().copied().find(|name| *name == cell)
        };
        if !cells.iter().any(|cell| known(cell).is_some()) {
            let found: String = first_line(text).chars().take(80).collect();
            return problem(format!(
                "expected a header with the columns {}, found {found:?}; put one on top",
                listed(&CSV_COLUMNS)
            ));
        }
        let mut columns = Vec::new();
        for cell in &cells {
            match known(cell) {
                Some(name) if columns.contains(&name) => {
                    return problem(format!("the column `{name}` is there twice: remove one"));
                }
                Some(name) => columns.push(name),
                None => {
                    let cell: String = cell.chars().take(40).collect();
                    return problem(format!(
                        "unknown column {cell:?}: rename or remove it; known are {}",
                        listed(&CSV_COLUMNS)
                    ));
                }
            }
        }
        for required in [BENCHMARK, VALUE] {
            if !columns.contains(&required) {
                return problem(format!("the required column `{required}` is missing"));
            }
        }
        Ok(Self { lines, columns })
    }

    pub(super) fn has(&self, column: &str) -> bool {
        self.columns.contains(&column)
    }

    /// The next row, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, FormatError> {
        let Some(line) = self.lines.next()? else { return Ok(None) };
        let (record, columns, file) = (&self.lines.record, &*self.columns, self.lines.file);
        let problem = |problem| Err(FormatError::Line { file: file.to_owned(), line, problem });
        if let Some(open) = record.iter().find(|cell| cell.contains(['\n', '\r'])) {
            let start: String = open.chars().take(40).collect();
            return problem(format!(
                "the cell that begins with {start:?} holds a line break: is a quotation mark left \
                 open?"
            ));
        }
        if record.len() != columns.len() {
            return problem(format!(
                "{} cells, but the header names {} columns: quote a cell that holds a comma, and \
                 see whether the line is cut off",
                record.len(),
                columns.len()
            ));
        }
        Ok(Some(Row { line, file, columns, record }))
    }
}

impl Row<'_> {
    /// The cell as it stands, less the apostrophe that guards a spreadsheet; empty where there is no such column.
    pub(super) fn raw(&self, column: &str) -> &str {
        let position = self.columns.iter().position(|name| *name == column);
        from_csv_cell(position.and_then(|p| self.record.get(p)).unwrap_or_default())
    }

    /// The cell without white space around it, unless it is empty.
    pub(super) fn cell(&self, column: &str) -> Option<&str> {
        Some(self.raw(column).trim()).filter(|cell| !cell.is_empty())
    }

    /// The cell read as something, unless it is empty.
    pub(super) fn parsed<T: std::str::FromStr>(
        &self,
        column: &'static str,
        expected: &str,
    ) -> Result<Option<T>, FormatError> {
        let Some(cell) = self.cell(column) else { return Ok(None) };
        cell.parse().map(Some).map_err(|_| {
            let cell: String = cell.chars().take(40).collect();
            self.error(column, format!("expected {expected}, found {cell:?}"))
        })
    }

    /// An error in this row's cell.
    pub(super) fn error(&self, column: &'static str, problem: String) -> FormatError {
        FormatError::CsvCell { file: self.file.to_owned(), line: self.line, column, problem }
    }
}

/// The records of a CSV text with the line each begins in. The `csv` crate counts a record's line
/// from the end of the record before it, so that blank lines and CRLF shift it.
#[derive(Debug)]
struct Lines<'a> {
    file: &'a str,
    text: &'a str,
    reader: csv::Reader<&'a [u8]>,
    record: StringRecord,
    counted: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    fn new(file: &'a str, text: &'a str) -> Self {
        let mut options = ReaderBuilder::new();
        let reader = options.has_headers(false).flexible(true).from_reader(text.as_bytes());
        Self { file, text, reader, record: StringRecord::new(), counted: 0, line: 1 }
    }

    /// Puts the next record into `record`; its line, or none at the end.
    fn next(&mut self) -> Result<Option<u64>, FormatError> {
        let more = self.reader.read_record(&mut self.record);
        let start = self.record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(start).unwrap_or(self.text.len());
        let behind = self.text.get(start..).unwrap_or_default();
        let begin = self.text.len() - behind.trim_start_matches(['\n', '\r']).len();
        let skipped = self.text.get(self.counted..begin).unwrap_or_default();
        let breaks = skipped.matches('\n').count() + skipped.matches('\r').count()
            - skipped.matches("\r\n").count();
        self.line += breaks as u64;
        self.counted = begin;
        match more {
            Ok(more) => Ok(more.then_some(self.line)),
            Err(error) => Err(FormatError::Line {
                file: self.file.to_owned(),
                line: self.line,
                problem: format!("not valid CSV: {error}"),
            }),
        }
    }
}

fn listed(columns: &[&str]) -> String {
    let quoted: Vec<String> = columns.iter().map(|column| format!("`{column}`")).collect();
    quoted.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header_error(text: &str) -> String {
        Table::new("f", text).unwrap_err().to_string()
    }

    #[test]
    fn lines_are_counted_over_blank_lines_and_every_line_end() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["", "benchmark,value", "a,1", "", "\"b\",2", "c,3"].join(end);
            let mut table = Table::new("f", &text).unwrap();
            let mut lines = Vec::new();
            while let Some(row) = table.next().unwrap() {
                lines.push((row.line, row.raw(BENCHMARK).to_owned()));
            }
            assert_eq!(lines, [(3, "a".into()), (5, "b".into()), (6, "c".into())], "{end:?}");
        }
    }

    #[test]
    fn a_header_that_is_none_says_what_to_do() {
        assert_eq!(
            header_error("benchmark;value\na;1,5"),
            "f, line 1: the columns are separated by semicolons: expected commas (and decimal \
             points)"
        );
        assert!(header_error("a,1\nb,2").contains("`benchmark`, `value`, `metric`"));
        assert!(header_error("a,1\nb,2").ends_with("found \"a,1\"; put one on top"));
        assert_eq!(
            header_error("value,unit"),
            "f, line 1: the required column `benchmark` is missing"
        );
        assert_eq!(
            header_error("Value,benchmark,VALUE"),
            "f, line 1: the column `value` is there twice: remove one"
        );
        let error = header_error("\nbenchmark,value,iteration");
        assert!(error.starts_with("f, line 2: unknown column \"iteration\": rename"), "{error}");
        assert!(error.contains("`iterations`"), "{error}");
    }

    #[test]
    fn the_benchmark_may_be_called_name() {
        assert!(has_header("Name,value,unit\na,1,s"));
        let mut table = Table::new("f", "name,value,unit\nx,1,s\n").unwrap();
        assert_eq!(table.next().unwrap().unwrap().raw(BENCHMARK), "x");
        assert_eq!(
            header_error("name,benchmark,value"),
            "f, line 1: the column `benchmark` is there twice: remove one"
        );
    }

    #[test]
    fn a_row_of_another_length_and_an_open_quote_are_errors() {
        let error = |text| {
            let mut table = Table::new("f", text).unwrap();
            loop {
                match table.next() {
                    Ok(row) => assert!(row.is_some(), "no error in {text:?}"),
                    Err(error) => return error.to_string(),
                }
            }
        };
        assert!(
            error("benchmark,value\na,1\nb")
                .starts_with("f, line 3: 1 cells, but the header names 2")
        );
        assert!(error("benchmark,value\na,\"1\nb,2\n").contains("is a quotation mark left open?"));
    }
}
