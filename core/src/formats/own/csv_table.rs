use csv::{ReaderBuilder, StringRecord};

use super::super::FormatError;
use crate::model::Summary;
use crate::text::from_csv_cell;

/// A column of the plain CSV. The benchmark and the value are required.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvColumn {
    /// The benchmark's name.
    Benchmark,
    /// What is measured of it.
    Metric,
    /// The value, in the column `unit`.
    Value,
    /// What the value is: `value`, a raw one of the round's sample, or the `median` or `mean` of a
    /// round of which only figures are known.
    Statistic,
    /// The unit of the value and of the figures.
    Unit,
    /// `lower` or `higher`.
    Better,
    /// Over how many iterations a raw value was averaged.
    Iterations,
    /// The run's id.
    Run,
    /// The number of the round in the run.
    Round,
    /// When the run began.
    Time,
    /// The commit's id.
    Commit,
    /// The commit's first-parent position.
    Order,
    /// The branch that was checked out.
    Branch,
    /// Whether tracked files differed from the commit.
    Dirty,
    /// The machine's name or fingerprint.
    Machine,
    /// What built or ran the code.
    Toolchain,
    /// A hash of the program that ran the benchmark.
    Executable,
    /// The 0-based place of the benchmark in the order of its round.
    Position,
    /// How many values the round has, or had.
    N,
    /// The median of the round's values.
    Median,
    /// Their arithmetic mean.
    Mean,
    /// Their standard deviation.
    StdDev,
    /// The smallest.
    Minimum,
    /// The lower quartile.
    LowerQuartile,
    /// The upper quartile.
    UpperQuartile,
    /// The largest.
    Maximum,
    /// The smallest of those that were measured for long enough.
    Low,
    /// The mean of the slowest tenth.
    Tail,
    /// What else is known of the run: a `driftline-run/1` without its measurements.
    Details,
}

impl CsvColumn {
    /// How many there are.
    pub(super) const COUNT: usize = 29;

    /// Every column, in the order in which they are written.
    pub const ALL: [Self; Self::COUNT] = [
        Self::Benchmark,
        Self::Metric,
        Self::Value,
        Self::Statistic,
        Self::Unit,
        Self::Better,
        Self::Iterations,
        Self::Run,
        Self::Round,
        Self::Time,
        Self::Commit,
        Self::Order,
        Self::Branch,
        Self::Dirty,
        Self::Machine,
        Self::Toolchain,
        Self::Executable,
        Self::Position,
        Self::N,
        Self::Median,
        Self::Mean,
        Self::StdDev,
        Self::Minimum,
        Self::LowerQuartile,
        Self::UpperQuartile,
        Self::Maximum,
        Self::Low,
        Self::Tail,
        Self::Details,
    ];

    /// The figures of a round.
    pub(super) const FIGURES: [Self; 9] = [
        Self::Median,
        Self::Mean,
        Self::StdDev,
        Self::Minimum,
        Self::LowerQuartile,
        Self::UpperQuartile,
        Self::Maximum,
        Self::Low,
        Self::Tail,
    ];

    /// Its name in the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::Benchmark => "benchmark",
            Self::Metric => "metric",
            Self::Value => "value",
            Self::Statistic => "statistic",
            Self::Unit => "unit",
            Self::Better => "better",
            Self::Iterations => "iterations",
            Self::Run => "run",
            Self::Round => "round",
            Self::Time => "time",
            Self::Commit => "commit",
            Self::Order => "order",
            Self::Branch => "branch",
            Self::Dirty => "dirty",
            Self::Machine => "machine",
            Self::Toolchain => "toolchain",
            Self::Executable => "executable",
            Self::Position => "position",
            Self::N => "n",
            Self::Median => "median",
            Self::Mean => "mean",
            Self::StdDev => "std_dev",
            Self::Minimum => "minimum",
            Self::LowerQuartile => "lower_quartile",
            Self::UpperQuartile => "upper_quartile",
            Self::Maximum => "maximum",
            Self::Low => "low",
            Self::Tail => "tail",
            Self::Details => "details",
        }
    }

    /// The figure of a summary that the column holds, if it holds one.
    pub(crate) fn figure(self, summary: &mut Summary) -> Option<&mut Option<f64>> {
        Some(match self {
            Self::Median => &mut summary.median,
            Self::Mean => &mut summary.mean,
            Self::StdDev => &mut summary.std_dev,
            Self::Minimum => &mut summary.minimum,
            Self::LowerQuartile => &mut summary.lower_quartile,
            Self::UpperQuartile => &mut summary.upper_quartile,
            Self::Maximum => &mut summary.maximum,
            Self::Low => &mut summary.low,
            Self::Tail => &mut summary.tail,
            _ => return None,
        })
    }
}

/// What the column `benchmark` may be called as well.
const NAME: &str = "name";

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
    (names(CsvColumn::Benchmark.name()) || names(NAME)) && names(CsvColumn::Value.name())
}

fn normalised(cell: &str) -> String {
    cell.trim().to_ascii_lowercase()
}

/// The rows of a CSV text under a checked header.
#[derive(Debug)]
pub(super) struct Table<'a> {
    lines: Lines<'a>,
    /// Where each column stands, if it is there.
    places: [Option<usize>; CsvColumn::COUNT],
    /// How many columns there are.
    count: usize,
    /// Whether any of them holds something of a round.
    of_rounds: bool,
}

/// One row.
#[derive(Debug)]
pub(super) struct Row<'t> {
    pub(super) line: u64,
    file: &'t str,
    places: &'t [Option<usize>; CsvColumn::COUNT],
    record: &'t StringRecord,
    /// Whether there are columns of what belongs to a round.
    pub(super) of_rounds: bool,
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
            let cell = if cell == NAME { CsvColumn::Benchmark.name() } else { cell.as_str() };
            CsvColumn::ALL.into_iter().find(|column| column.name() == cell)
        };
        if !cells.iter().any(|cell| known(cell).is_some()) {
            let found: String = first_line(text).chars().take(80).collect();
            return problem(format!(
                "expected a header with the columns {}, found {found:?}; put one on top",
                listed()
            ));
        }
        let mut places = [None; CsvColumn::COUNT];
        for (position, cell) in cells.iter().enumerate() {
            let Some(column) = known(cell) else {
                let cell: String = cell.chars().take(40).collect();
                return problem(format!(
                    "unknown column {cell:?}: rename or remove it; known are {}",
                    listed()
                ));
            };
            let place = places.get_mut(column as usize);
            let Some(place) = place.filter(|place| place.is_none()) else {
                let name = column.name();
                return problem(format!("the column `{name}` is there twice: remove one"));
            };
            *place = Some(position);
        }
        let mut table = Self { lines, places, count: cells.len(), of_rounds: false };
        let of_rounds = [CsvColumn::N, CsvColumn::Position];
        table.of_rounds =
            of_rounds.into_iter().chain(CsvColumn::FIGURES).any(|column| table.has(column));
        for required in [CsvColumn::Benchmark, CsvColumn::Value] {
            if !table.has(required) {
                return problem(format!("the required column `{}` is missing", required.name()));
            }
        }
        Ok(table)
    }

    pub(super) fn has(&self, column: CsvColumn) -> bool {
        place(&self.places, column).is_some()
    }

    /// The next row, if there is one.
    pub(super) fn next(&mut self) -> Result<Option<Row<'_>>, FormatError> {
        let Some(line) = self.lines.next()? else { return Ok(None) };
        let (record, places, file) = (&self.lines.record, &self.places, self.lines.file);
        let problem = |problem| Err(FormatError::Line { file: file.to_owned(), line, problem });
        if record.len() != self.count {
            return problem(format!(
                "{} cells, but the header names {} columns: quote a cell that holds a comma, and \
                 see whether the line is cut off",
                record.len(),
                self.count
            ));
        }
        // A name may have several lines; elsewhere it is more likely that a quotation mark is missing.
        let may_break =
            |at: usize| at + 1 < self.count && place(places, CsvColumn::Benchmark) == Some(at);
        if record.as_slice().contains(['\n', '\r'])
            && let Some((_, open)) = record
                .iter()
                .enumerate()
                .find(|(at, cell)| cell.contains(['\n', '\r']) && !may_break(*at))
        {
            let start: String = open.chars().take(40).collect();
            return problem(format!(
                "the cell that begins with {start:?} holds a line break: is a quotation mark left \
                 open?"
            ));
        }
        Ok(Some(Row { line, file, places, record, of_rounds: self.of_rounds }))
    }
}

fn place(places: &[Option<usize>; CsvColumn::COUNT], column: CsvColumn) -> Option<usize> {
    places.get(column as usize).copied().flatten()
}

impl Row<'_> {
    /// The cell as it stands, less the apostrophe that guards a spreadsheet; empty where there is no such column.
    pub(super) fn raw(&self, column: CsvColumn) -> &str {
        match place(self.places, column).and_then(|place| self.record.get(place)) {
            Some(cell) => from_csv_cell(cell),
            None => "",
        }
    }

    /// The cell without white space around it, unless it is empty.
    pub(super) fn cell(&self, column: CsvColumn) -> Option<&str> {
        Some(self.raw(column).trim()).filter(|cell| !cell.is_empty())
    }

    /// The cell read as something, unless it is empty.
    pub(super) fn parsed<T: std::str::FromStr>(
        &self,
        column: CsvColumn,
        expected: &str,
    ) -> Result<Option<T>, FormatError> {
        self.read(column, expected, |cell| cell.parse().ok())
    }

    /// The cell as `read` reads it, unless it is empty.
    pub(super) fn read<T>(
        &self,
        column: CsvColumn,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, FormatError> {
        let Some(cell) = self.cell(column) else { return Ok(None) };
        read(cell).map(Some).ok_or_else(|| self.expected(column, expected, cell))
    }

    /// The error for a cell that says something else.
    pub(super) fn expected(&self, column: CsvColumn, expected: &str, found: &str) -> FormatError {
        let found: String = found.chars().take(40).collect();
        self.error(column, format!("expected {expected}, found {found:?}"))
    }

    /// An error in this row's cell.
    pub(super) fn error(&self, column: CsvColumn, problem: String) -> FormatError {
        let column = column.name();
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
        let mut before = 0;
        for byte in skipped.bytes() {
            // A carriage return with a line feed is one line end.
            self.line += u64::from(byte == b'\r' || byte == b'\n' && before != b'\r');
            before = byte;
        }
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

fn listed() -> String {
    let quoted: Vec<String> =
        CsvColumn::ALL.iter().map(|column| format!("`{}`", column.name())).collect();
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
                lines.push((row.line, row.raw(CsvColumn::Benchmark).to_owned()));
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
        assert!(header_error("a,1\nb,2").contains("`benchmark`, `metric`, `value`"));
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
        assert_eq!(table.next().unwrap().unwrap().raw(CsvColumn::Benchmark), "x");
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
