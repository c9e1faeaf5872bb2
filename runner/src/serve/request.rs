use std::io::{BufRead, Read as _};

use super::Response;

/// No browser sends so many bytes before the content that it asks for.
const LONGEST_HEAD: u64 = 16 * 1024;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    /// The path without the slash at its beginning, as it was sent.
    pub(crate) path: String,
    /// What follows the question mark.
    pub(crate) query: String,
    /// Whether only the head of the answer is wanted.
    pub(super) head_only: bool,
    /// Whom the browser believes to talk to.
    pub(super) host: String,
}

impl Request {
    /// Reads a request's head; `None` where the connection was closed before one was sent.
    ///
    /// # Errors
    /// The answer to what is no request, or one that is not served.
    pub(super) fn read(stream: &mut impl BufRead) -> Result<Option<Self>, Response> {
        let mut head = Vec::new();
        let mut limited = stream.take(LONGEST_HEAD);
        while !head.ends_with(b"\r\n\r\n") && !head.ends_with(b"\n\n") {
            match limited.read_until(b'\n', &mut head) {
                Ok(0) if limited.limit() == 0 => {
                    return Err(Response::error(431, "the request is too long"));
                }
                Ok(0) | Err(_) => return Ok(None),
                Ok(_) => {}
            }
        }
        let malformed = || Response::error(400, "this is no HTTP request");
        let head = String::from_utf8(head).map_err(|_| malformed())?;
        let mut lines = head.lines();
        let first: Vec<&str> = lines.next().unwrap_or_default().split(' ').collect();
        let &[method, target, version] = first.as_slice() else { return Err(malformed()) };
        if !version.starts_with("HTTP/1.") {
            return Err(malformed());
        }
        if !matches!(method, "GET" | "HEAD") {
            return Err(Response::error(405, "only GET and HEAD are answered"));
        }
        let target = target.strip_prefix('/').ok_or_else(malformed)?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let hosts: Vec<&str> = lines
            .filter_map(|line| line.split_once(':'))
            .filter(|(name, _)| name.eq_ignore_ascii_case("host"))
            .map(|(_, value)| value.trim())
            .collect();
        let &[host] = hosts.as_slice() else { return Err(malformed()) };
        Ok(Some(Self {
            path: path.to_owned(),
            query: query.to_owned(),
            head_only: method == "HEAD",
            host: host.to_ascii_lowercase(),
        }))
    }

    /// The value of a name in the query, as it was sent.
    pub(crate) fn parameter(&self, name: &str) -> Option<&str> {
        let pairs = self.query.split('&').filter_map(|pair| pair.split_once('='));
        pairs.into_iter().find(|(key, _)| *key == name).map(|(_, value)| value)
    }

    /// Whether it is meant for this server at `port`. A page of somebody else whose name was made to
    /// point to this machine says that name.
    pub(super) fn is_for_loopback(&self, port: u16) -> bool {
        ["127.0.0.1", "localhost"]
            .iter()
            .any(|name| self.host.strip_prefix(name).is_some_and(|rest| rest == format!(":{port}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Option<Request>, u16> {
        Request::read(&mut text.as_bytes()).map_err(|response| response.status)
    }

    #[test]
    fn path_and_query_are_told_apart() {
        let request = read("GET /data/changes?since=1f&x HTTP/1.1\r\nHOST:  LocalHost:80 \r\n\r\n");
        let request = request.unwrap().unwrap();
        assert_eq!(
            (request.path.as_str(), request.parameter("since")),
            ("data/changes", Some("1f"))
        );
        assert_eq!(request.parameter("x"), None);
        assert!(request.is_for_loopback(80) && !request.is_for_loopback(8));
        assert!(read("HEAD / HTTP/1.0\nHost: a\n\n").unwrap().unwrap().head_only);
    }

    #[test]
    fn other_names_are_not_ours() {
        for host in
            ["evil.example:80", "localhost", "127.0.0.1:8080", "localhost.evil:80", "a127.0.0.1:80"]
        {
            let request = read(&format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n"));
            assert!(!request.unwrap().unwrap().is_for_loopback(80), "{host}");
        }
    }

    #[test]
    fn what_is_no_request_is_refused() {
        for (text, status) in [
            ("POST / HTTP/1.1\r\nHost: a\r\n\r\n", 405),
            ("GET http://a/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\n\r\n", 400),
            ("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
            ("GET /a b HTTP/1.1\r\nHost: a\r\n\r\n", 400),
            ("\x16\x03\x01\n\n", 400),
            (&format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(20_000)), 431),
        ] {
            assert_eq!(read(text), Err(status), "{text:.40}");
        }
        assert_eq!(read("GET / HT"), Ok(None));
        assert_eq!(read(""), Ok(None));
    }
}
