//! `driftline view`: what is served, to whom, and that the page hears of changes.
#![expect(clippy::unwrap_used, reason = "a test may panic, its helpers as well")]

mod common;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};

use common::{Project, csv};
use serde_json::Value;

/// A server in a project, ended with this.
struct Viewer {
    child: Child,
    port: u16,
}

impl Viewer {
    fn start(project: &Project, arguments: &[&str]) -> Self {
        let all = [&["view", "--no-open", "--page", "page"], arguments].concat();
        let mut child =
            Project::command(&project.path(""), &all).stdout(Stdio::piped()).spawn().unwrap();
        let mut address = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut address).unwrap();
        let port = address.trim().strip_prefix("http://127.0.0.1:").unwrap();
        Self { port: port.strip_suffix('/').unwrap().parse().unwrap(), child }
    }

    /// Sends a request as it stands; status, head and body of the answer.
    fn send(&self, request: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head, answer[end + 4..].to_vec())
    }

    fn get(&self, path: &str) -> (u16, String, Vec<u8>) {
        self.send(&format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n", self.port))
    }

    fn json(&self, path: &str) -> Value {
        let (status, head, body) = self.get(path);
        assert_eq!(status, 200, "{path}: {head}");
        serde_json::from_slice(&body).unwrap()
    }
}

impl Drop for Viewer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn project() -> Project {
    let project = Project::new();
    project.write("page/index.html", "<!doctype html><p>page").write("page/core/x.wasm", "\0asm");
    project.write("fast.csv", csv(&[("a/one", 100.0)]));
    project.write("secret.txt", "secret");
    project.run_csv("fast.csv", &["--save-baseline"]).expect(0, &[]);
    project
}

#[test]
fn the_page_and_the_history_are_served() {
    let project = project();
    let viewer = Viewer::start(&project, &["--threshold", "30%"]);
    let (status, head, body) = viewer.get("/");
    assert_eq!((status, body.as_slice()), (200, b"<!doctype html><p>page".as_slice()));
    assert!(head.contains("Content-Type: text/html; charset=utf-8"), "{head}");
    assert!(head.contains("X-Content-Type-Options: nosniff"), "{head}");
    assert!(viewer.get("/core/x.wasm").1.contains("Content-Type: application/wasm"));

    let data = viewer.json("/data/index.json");
    assert_eq!(data["settings"]["policy"]["threshold"], 0.3);
    let files = data["files"].as_array().unwrap();
    let names: Vec<&str> = files.iter().map(|file| file["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["history.jsonl", "baselines/main.json"]);
    for file in files {
        let (status, _, body) = viewer.get(&format!("/{}", file["url"].as_str().unwrap()));
        let stored = project.read(&format!(".driftline/{}", file["name"].as_str().unwrap()));
        assert_eq!((status, String::from_utf8(body).unwrap()), (200, stored));
    }
    let head = viewer.send(&format!("HEAD / HTTP/1.1\r\nHost: localhost:{}\r\n\r\n", viewer.port));
    assert!(head.0 == 200 && head.1.contains("Content-Length: 22") && head.2.is_empty());
}

#[test]
fn the_page_hears_of_a_new_run() {
    let project = project();
    let viewer = Viewer::start(&project, &[]);
    let before = viewer.json("/data/index.json");
    let version = before["version"].as_str().unwrap().to_owned();
    // One that has an old version is answered at once.
    assert_eq!(viewer.json("/data/changes?since=0")["version"], version.as_str());
    // One that has the newest waits until there is a newer: it asks before the run is recorded, or
    // after; either way it hears of it.
    let heard = std::thread::scope(|scope| {
        let waiting = scope.spawn(|| viewer.json(&format!("/data/changes?since={version}")));
        project.run_csv("fast.csv", &[]).expect(0, &[]);
        waiting.join().unwrap()
    });
    let after = viewer.json("/data/index.json");
    assert_ne!(heard["version"], version.as_str());
    assert_ne!(after["version"], version.as_str());
    let (_, _, history) = viewer.get("/data/history.jsonl");
    assert_eq!(String::from_utf8(history).unwrap().lines().count(), 2);
}

#[test]
fn the_page_gets_the_notes_and_hears_of_new_ones() {
    let project = project();
    let viewer = Viewer::start(&project, &[]);
    let before = viewer.json("/data/index.json");
    assert_eq!(before["annotations"], Value::Null);
    assert_eq!(viewer.get("/data/annotations.json").0, 404);
    let notes = r#"{"format":"driftline-annotations/1","annotations":[{"run":"r","text":"2.0"}]}"#;
    project.write(".driftline/annotations.json", notes);
    let version = before["version"].as_str().unwrap();
    let heard = viewer.json(&format!("/data/changes?since={version}"));
    assert_ne!(heard["version"], version);
    let after = viewer.json("/data/index.json");
    assert_eq!(after["annotations"]["annotations"][0]["text"], "2.0");
    assert_eq!(viewer.json("/data/annotations.json"), after["annotations"]);
}

#[test]
fn nothing_but_the_page_and_the_store_is_reachable() {
    let project = project();
    let viewer = Viewer::start(&project, &[]);
    for path in [
        "/secret.txt",
        "/../secret.txt",
        "/core/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//secret.txt",
        "/data/../secret.txt",
        "/data/baselines/../../../secret.txt",
        "/data/lock",
        "/data/BASELINES.md",
        "/data/baselines/other.json",
        "/core",
        "/driftline.toml",
    ] {
        let (status, _, body) = viewer.get(path);
        assert_eq!(
            (status, String::from_utf8(body).unwrap()),
            (404, "there is no such file\n".into()),
            "{path}"
        );
    }
    // A page of somebody else whose name points to this machine.
    for host in
        ["evil.example".to_owned(), format!("evil.example:{}", viewer.port), "127.0.0.1".into()]
    {
        let (status, _, body) = viewer.send(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
        assert_eq!(status, 421, "{host}");
        assert!(!String::from_utf8(body).unwrap().contains("page"));
    }
    assert_eq!(viewer.send("POST / HTTP/1.1\r\nHost: x\r\n\r\n").0, 405);
    assert_eq!(viewer.send("nonsense\r\n\r\n").0, 400);
    // And it still answers.
    assert_eq!(viewer.get("/").0, 200);
}

#[test]
fn a_history_that_is_empty_is_followed_too() {
    let project = project();
    std::fs::remove_dir_all(project.path(".driftline")).unwrap();
    let viewer = Viewer::start(&project, &[]);
    let data = viewer.json("/data/index.json");
    assert_eq!(data["files"], serde_json::json!([]));
    project.run_csv("fast.csv", &[]).expect(0, &[]);
    assert_eq!(viewer.json("/data/index.json")["files"][0]["name"], "history.jsonl");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let project = project();
    let viewer = Viewer::start(&project, &[]);
    let port = viewer.port.to_string();
    project
        .driftline(&["view", "--no-open", "--page", "page", "--port", &port])
        .expect(3, &[&format!("listen on port {port}"), "without --port a free one is taken"]);
    project.driftline(&["view", "--no-open", "--page", "nowhere"]).expect(3, &["read the page"]);
}
