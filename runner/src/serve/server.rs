use std::io::{self, BufReader};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use super::{Request, Response};

/// A browser opens six connections for each of its tabs.
const MOST_CONNECTIONS: usize = 64;
/// How long somebody may take to ask, or to take the answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// A server that listens.
#[derive(Debug)]
pub(crate) struct Server {
    listener: TcpListener,
    port: u16,
}

impl Server {
    /// Listens on loopback, on a free port where `port` is 0.
    ///
    /// # Errors
    /// When the port is taken, or there is no loopback.
    pub(crate) fn listen(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let port = listener.local_addr()?.port();
        Ok(Self { listener, port })
    }

    /// Where it is.
    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// Answers until the process ends, each connection in a thread of its own, so that `answer` may
    /// take its time.
    pub(crate) fn serve(&self, answer: impl Fn(&Request) -> Response + Send + Sync + 'static) {
        let answer = Arc::new(answer);
        let open = Arc::new(AtomicUsize::new(0));
        for stream in self.listener.incoming() {
            // Somebody hung up before it was accepted: the next one may not.
            let Ok(stream) = stream else { continue };
            let (answer, held, port) = (answer.clone(), Open::new(&open), self.port);
            thread::spawn(move || {
                // Who hangs up is not waiting for the rest.
                let _ = converse(&stream, held.count, port, &*answer);
                drop(held);
            });
        }
    }
}

/// One of the open connections.
#[derive(Debug)]
struct Open {
    all: Arc<AtomicUsize>,
    /// How many there are with this one.
    count: usize,
}

impl Open {
    fn new(all: &Arc<AtomicUsize>) -> Self {
        Self { all: all.clone(), count: all.fetch_add(1, Ordering::Relaxed) + 1 }
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.all.fetch_sub(1, Ordering::Relaxed);
    }
}

fn converse(
    stream: &TcpStream,
    connections: usize,
    port: u16,
    answer: &impl Fn(&Request) -> Response,
) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let mut writer = stream;
    let request = match Request::read(&mut BufReader::new(stream)) {
        Ok(None) => return Ok(()),
        Ok(Some(request)) => request,
        Err(refusal) => return refusal.write(&mut writer, false),
    };
    let response = if !request.is_for_loopback(port) {
        Response::error(421, "this server is for this machine alone: ask for it as 127.0.0.1")
    } else if connections > MOST_CONNECTIONS {
        Response::error(503, "there are too many connections")
    } else {
        answer(&request)
    };
    response.write(&mut writer, request.head_only)
}
