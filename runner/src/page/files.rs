use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use crate::error::{Error, Exit};

/// The files that were embedded, each with its path.
const EMBEDDED: &[(&str, &[u8])] = &include!(concat!(env!("OUT_DIR"), "/page_files.rs"));
/// The page in one file.
const REPORT: &str = "report.html";
/// Where in it the data go.
const EMPTY_DATA: &str = r#"<script type="application/json" id="driftline-data"></script>"#;

/// The page's files by their paths, `/` between folders.
#[derive(Debug)]
pub(crate) struct Page {
    files: BTreeMap<String, Cow<'static, [u8]>>,
}

impl Page {
    /// The page in `folder`; where none is named, the one in the program.
    ///
    /// # Errors
    /// When the folder holds no page, or none was built into the program.
    pub(crate) fn open(folder: Option<&Path>) -> Result<Self, Error> {
        let page = match folder {
            Some(folder) => Self::of_folder(folder)?,
            None => Self { files: embedded() },
        };
        if page.files.contains_key("index.html") {
            return Ok(page);
        }
        Err(match folder {
            Some(folder) => Error::usage(format!(
                "open the page in {}: it holds no index.html",
                folder.display()
            ))
            .hint("`make web` in driftline's repository leaves the page in web/dist/page"),
            None => Error::new(Exit::Usage, "open the page: this driftline was built without it")
                .hint("in driftline's repository, `make build` builds the page and a driftline that has it")
                .hint("or build it with `make web`, and name its folder: --page web/dist/page"),
        })
    }

    fn of_folder(folder: &Path) -> Result<Self, Error> {
        let mut files = BTreeMap::new();
        read_folder(folder, "", &mut files)
            .map_err(|e| Error::data(format!("read the page in {}: {e}", folder.display())))?;
        Ok(Self { files })
    }

    /// A file that is served, and its media type.
    pub(crate) fn file(&self, path: &str) -> Option<(&[u8], &'static str)> {
        let path = if path.is_empty() { "index.html" } else { path };
        self.files.get(path).map(|bytes| (&**bytes, media_type(path)))
    }

    /// The page in one file with `data` (JSON) in it.
    ///
    /// # Errors
    /// When the page has no such file, or it has no place for data.
    pub(crate) fn report(&self, data: &str) -> Result<String, Error> {
        let failed = |why: &str| {
            Error::data(format!("write a report: the page's {REPORT} {why}"))
                .hint("`make web` in driftline's repository builds it anew")
        };
        let bytes = self.files.get(REPORT).ok_or_else(|| failed("is missing"))?;
        let template = std::str::from_utf8(bytes).map_err(|_| failed("is no text"))?;
        let (before, after) =
            template.split_once(EMPTY_DATA).ok_or_else(|| failed("has no place for data"))?;
        let (open, close) = EMPTY_DATA.split_at(EMPTY_DATA.len() - "</script>".len());
        // Nothing in the data may end the block that they stand in.
        let data = data.replace('<', "\\u003c");
        Ok([before, open, &data, close, after].concat())
    }
}

fn embedded() -> BTreeMap<String, Cow<'static, [u8]>> {
    EMBEDDED.iter().map(|&(path, bytes)| (path.to_owned(), Cow::Borrowed(bytes))).collect()
}

fn read_folder(
    folder: &Path,
    prefix: &str,
    files: &mut BTreeMap<String, Cow<'static, [u8]>>,
) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{prefix}{}", entry.file_name().to_string_lossy());
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{path}/"), files)?;
        } else {
            files.insert(path, Cow::Owned(std::fs::read(entry.path())?));
        }
    }
    Ok(())
}

/// What a browser needs to know of a file: modules and wasm are refused under another type.
fn media_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map(|(_, ending)| ending) {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("json") => "application/json",
        Some("jsonl") => "application/x-ndjson",
        Some("wasm") => "application/wasm",
        Some("svg") => "image/svg+xml",
        Some("md" | "txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(report: &str) -> Page {
        let files = [("index.html", "<p>"), ("core/x.wasm", "\0asm"), (REPORT, report)];
        let owned = |text: &str| Cow::Owned(text.as_bytes().to_vec());
        Page { files: files.map(|(path, text)| (path.to_owned(), owned(text))).into() }
    }

    #[test]
    fn the_root_is_the_index_and_only_whole_paths_are_found() {
        let page = page("");
        assert_eq!(page.file("").unwrap().1, "text/html; charset=utf-8");
        assert_eq!(page.file("core/x.wasm").unwrap(), (&b"\0asm"[..], "application/wasm"));
        for path in ["core", "core/", "../index.html", "/index.html", "core/../index.html"] {
            assert!(page.file(path).is_none(), "{path}");
        }
    }

    #[test]
    fn data_cannot_end_their_block() {
        let template = format!("<body>{EMPTY_DATA}<script>1</script>");
        let report = page(&template).report(r#"{"a":"</script><!--<script>"}"#).unwrap();
        assert_eq!(
            report,
            "<body><script type=\"application/json\" id=\"driftline-data\">{\"a\":\"\\u003c/script>\
             \\u003c!--\\u003cscript>\"}</script><script>1</script>"
        );
        let error = page("<body>").report("{}").unwrap_err().to_string();
        assert!(error.contains("report.html has no place for data"), "{error}");
    }

    #[test]
    fn an_embedded_page_is_whole() {
        let embedded = embedded();
        assert!(cfg!(feature = "page") || embedded.is_empty());
        if !embedded.is_empty() {
            let page = Page { files: embedded };
            assert!(page.file("core/driftline_web_bg.wasm").is_some());
            assert!(page.report("{}").unwrap().contains("id=\"driftline-data\">{}</script>"));
        }
    }
}
