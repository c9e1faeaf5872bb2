use super::Format;
use crate::wire::WireError;

/// Why a file could not be read. Names of files, benchmarks and cells in it are text from outside:
/// whoever prints it escapes it for where it goes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FormatError {
    /// No format has that name.
    #[error("unknown format {name:?}: expected one of {}", names())]
    Name {
        /// The name, shortened to 80 characters.
        name: String,
    },
    /// Nothing but white space.
    #[error("{file} is empty: let the harness write it again")]
    Empty {
        /// The file.
        file: String,
    },
    /// Bytes that a program which compresses wrote.
    #[error("{file} is compressed with {with}: unpack it ({unpack})")]
    Compressed {
        /// The file.
        file: String,
        /// What it is compressed with.
        with: &'static str,
        /// The program that unpacks it.
        unpack: &'static str,
    },
    /// Bytes that are no text.
    #[error("{file}, line {line}: {problem}; save the file as UTF-8")]
    Encoding {
        /// The file.
        file: String,
        /// The 1-based line.
        line: u64,
        /// What is wrong.
        problem: &'static str,
    },
    /// The content fits no format.
    #[error(
        "{file} is of no known format: it is {found}; expected one of: {}",
        names_of(candidates)
    )]
    Unrecognised {
        /// The file.
        file: String,
        /// What the content is.
        found: String,
        /// The formats there are for such content.
        candidates: Vec<Format>,
    },
    /// The content fits several formats.
    #[error("{file} may be of several formats: say which: {}", descriptions(candidates))]
    Ambiguous {
        /// The file.
        file: String,
        /// The formats it may be of.
        candidates: Vec<Format>,
    },
    /// XML that is not well-formed.
    #[error("{file}, line {line}, column {column}: not valid XML: {problem}")]
    Xml {
        /// The file.
        file: String,
        /// The 1-based line.
        line: u64,
        /// The 1-based column.
        column: u64,
        /// What is wrong.
        problem: String,
    },
    /// Text that is not JSON.
    #[error("{file}, line {line}, column {column}: not valid JSON: {problem}; {remedy}")]
    Json {
        /// The file.
        file: String,
        /// The 1-based line.
        line: u64,
        /// The 1-based column, in bytes.
        column: u64,
        /// What is wrong.
        problem: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A file of driftline's own that cannot be read.
    #[error("{file}, {error}")]
    Wire {
        /// The file.
        file: String,
        /// What is wrong with it.
        error: WireError,
    },
    /// JSON that is not built as the format asks.
    #[error("{file}, at {path}: expected {expected}, found {found}")]
    Shape {
        /// The file.
        file: String,
        /// Where in the JSON, such as `benchmarks`.
        path: &'static str,
        /// What should be there.
        expected: &'static str,
        /// What is there.
        found: String,
    },
    /// A line of a text as a whole.
    #[error("{file}, line {line}: {problem}")]
    Line {
        /// The file.
        file: String,
        /// The 1-based line.
        line: u64,
        /// What is wrong, what was expected and what to do.
        problem: String,
    },
    /// One cell of a CSV file.
    #[error("{file}, line {line}, column `{column}`: {problem}")]
    CsvCell {
        /// The file.
        file: String,
        /// The 1-based line.
        line: u64,
        /// The column's name.
        column: &'static str,
        /// What is wrong, what was expected and what to do.
        problem: String,
    },
    /// One file of a directory, given alone.
    #[error(
        "{file}: the results of {format} are a whole directory: give that (usually {usual}) \
             instead of one file"
    )]
    NeedsDirectory {
        /// The file.
        file: String,
        /// The format.
        format: Format,
        /// Where the harness writes it.
        usual: &'static str,
    },
    /// A directory that holds the results of no known harness.
    #[error(
        "no results of a known harness among {files} files; looked for {}",
        names_of(candidates)
    )]
    NoResults {
        /// How many files were looked at.
        files: usize,
        /// The formats that are whole directories.
        candidates: Vec<Format>,
    },
    /// A directory without criterion's results of that name.
    #[error("no `*/{which}/benchmark.json` among {files} files; {}", remedy(others))]
    NoBenchmarks {
        /// Which results were asked for: `new`, or a baseline's name.
        which: String,
        /// How many files were looked at.
        files: usize,
        /// Under which names there are results.
        others: Vec<String>,
    },
}

fn names() -> String {
    names_of(Format::ALL)
}

fn names_of(formats: &[Format]) -> String {
    let names: Vec<&str> = formats.iter().map(|format| format.name()).collect();
    names.join(", ")
}

fn descriptions(candidates: &[Format]) -> String {
    let each = candidates.iter().map(|format| format!("{format} ({})", format.recognised_by()));
    each.collect::<Vec<_>>().join(", ")
}

fn remedy(others: &[String]) -> String {
    if others.is_empty() {
        "give the directory that `cargo bench` writes (usually target/criterion)".to_owned()
    } else {
        format!("results there are named: {}", others.join(", "))
    }
}
