use std::io::{self, Write};

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Response {
    pub(super) status: u16,
    media_type: &'static str,
    body: Vec<u8>,
}

impl Response {
    /// What was asked for.
    pub(crate) fn ok(body: impl Into<Vec<u8>>, media_type: &'static str) -> Self {
        Self { status: 200, media_type, body: body.into() }
    }

    /// Why it is not to be had, for people.
    pub(crate) fn error(status: u16, message: &str) -> Self {
        let body = format!("{message}\n").into_bytes();
        Self { status, media_type: "text/plain; charset=utf-8", body }
    }

    /// There is nothing of that name.
    pub(crate) fn not_found() -> Self {
        Self::error(404, "there is no such file")
    }

    /// Writes it; the connection is closed after it. Nobody else's page may read or frame it, and
    /// nothing is taken for another type than it is.
    pub(super) fn write(&self, stream: &mut impl Write, head_only: bool) -> io::Result<()> {
        let reason = match self.status {
            200 => "OK",
            400 => "Bad Request",
            404 => "Not Found",
            405 => "Method Not Allowed",
            421 => "Misdirected Request",
            431 => "Request Header Fields Too Large",
            503 => "Service Unavailable",
            _ => "Internal Server Error",
        };
        let Self { status, media_type, body } = self;
        write!(
            stream,
            "HTTP/1.1 {status} {reason}\r\n\
             Content-Type: {media_type}\r\n\
             Content-Length: {}\r\n\
             Cache-Control: no-store\r\n\
             X-Content-Type-Options: nosniff\r\n\
             Cross-Origin-Resource-Policy: same-origin\r\n\
             Content-Security-Policy: frame-ancestors 'none'\r\n\
             Connection: close\r\n\r\n",
            body.len()
        )?;
        if !head_only {
            stream.write_all(body)?;
        }
        stream.flush()
    }
}
