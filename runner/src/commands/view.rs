use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::{Error, Exit, Project, output};
use crate::args::ViewArguments;
use crate::page::{Data, Encoding, Page};
use crate::reference;
use crate::serve::{Request, Response, Server};

/// Where the data are, below the page.
const FOLDER: &str = "data/";
/// How long the page is kept waiting for a change before it asks again.
const LONGEST_WAIT: Duration = Duration::from_secs(25);
/// How often is looked whether the history has changed.
const GLANCE: Duration = Duration::from_millis(200);

/// `driftline view`: until somebody ends it.
pub(super) fn view(project: &Project, arguments: &ViewArguments) -> Result<Exit, Error> {
    let page = Page::open(project.relative(arguments.page.as_deref()).as_deref())?;
    let policy = project.rule(&arguments.rule)?;
    // What is wrong with the history is better known here than in the browser.
    let store = project.store();
    if reference::history(&store)?.runs().is_empty() {
        output::note(&format!(
            "the history at {} holds no run yet: the page shows the first as soon as it is recorded",
            store.directory().display()
        ));
    }
    let data = Data::new(project, policy);
    data.problems().iter().for_each(|problem| output::warn(problem));
    let server = Server::listen(arguments.port).map_err(|e| {
        Error::data(format!("listen on port {} of this machine: {e}", arguments.port))
            .hint("without --port a free one is taken")
    })?;
    let address = server.address();
    output::print(&format!("{address}\n"))?;
    output::note("the page follows the history; Ctrl+C ends it");
    if !arguments.no_open {
        open_in_browser(&address);
    }
    server.serve(move |request| answer(request, &page, &data));
    Ok(Exit::Fine)
}

fn answer(request: &Request, page: &Page, data: &Data) -> Response {
    let Some(name) = request.path.strip_prefix(FOLDER) else {
        let file = page.file(&request.path);
        return file.map_or_else(Response::not_found, |(body, of)| Response::ok(body, of));
    };
    let answered = match name {
        "index.json" => data.json(Encoding::Below(FOLDER)).map(|json| json_response(&json)),
        "annotations.json" => {
            let notes = data.annotations();
            Ok(notes.map_or_else(Response::not_found, |json| json_response(&json)))
        }
        "changes" => Ok(changed(request.parameter("since").unwrap_or_default(), data)),
        _ => data.files().map(|files| {
            let file = files.into_iter().find(|file| file.name == name);
            file.map_or_else(Response::not_found, |file| {
                Response::ok(file.bytes, "application/octet-stream")
            })
        }),
    };
    answered.unwrap_or_else(|error| Response::error(500, &error.text()))
}

/// Answers as soon as the version is another one than `known`, or after a while.
fn changed(known: &str, data: &Data) -> Response {
    let begun = Instant::now();
    let mut version = data.version();
    while version == known && begun.elapsed() < LONGEST_WAIT {
        thread::sleep(GLANCE);
        version = data.version();
    }
    json_response(&serde_json::json!({ "version": version }).to_string())
}

fn json_response(json: &str) -> Response {
    Response::ok(json, "application/json")
}

/// Asks the system to open an address. Where it cannot, the address has been printed.
fn open_in_browser(address: &str) {
    let program = if cfg!(target_os = "macos") {
        "open"
    } else if cfg!(windows) {
        "explorer"
    } else {
        "xdg-open"
    };
    let started = Command::new(program)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        // Waited for, so that no dead process stays.
        Ok(mut child) => drop(thread::spawn(move || child.wait())),
        Err(error) => output::note(&format!(
            "no browser was opened ({program}: {error}): open the address yourself"
        )),
    }
}
