//! The form of the messages: a handshake, then frames of a length and one CBOR value.
//!
//! Criterion calls this interface its own, so the version must be the one known here; for any other
//! the caller falls back to criterion's files.

use std::io::{self, Read, Write};

use serde::Serialize;

use super::messages::Incoming;

const RUNNER_MAGIC: &[u8; 15] = b"cargo-criterion";
const BENCHMARK_MAGIC: &[u8; 9] = b"Criterion";
/// Magic, three bytes of criterion's version, protocol version and format.
const ANSWER_LENGTH: usize = BENCHMARK_MAGIC.len() + 3 + 2 + 2;
const PROTOCOL_VERSION: u16 = 1;
/// CBOR.
const PROTOCOL_FORMAT: u16 = 1;
/// Longer frames are garbage: a million samples need 18 MB.
const LONGEST_FRAME: u32 = 64 << 20;

/// What is wrong with a conversation.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(super) enum ProtocolError {
    /// Not criterion.
    #[error("what connected does not introduce itself as criterion")]
    Magic,
    /// Another protocol.
    #[error(
        "criterion {criterion} speaks version {version}, format {format} of its runner protocol, not 1 and 1"
    )]
    Version {
        /// Criterion's version.
        criterion: String,
        /// The protocol's version.
        version: u16,
        /// The protocol's format.
        format: u16,
    },
    /// A frame that cannot be.
    #[error("it announced a message of {length} bytes")]
    Length {
        /// The announced length.
        length: u32,
    },
    /// The conversation ended inside a message.
    #[error("its message ended after {got} of {length} bytes")]
    Truncated {
        /// How many bytes came.
        got: usize,
        /// How many were announced.
        length: usize,
    },
    /// Not the message of a benchmark.
    #[error("its message cannot be understood ({detail})")]
    Message {
        /// What the decoder says.
        detail: String,
    },
    /// The socket failed.
    #[error("the connection to it failed: {0}")]
    Io(#[from] io::Error),
}

/// Introduces the runner: it speaks first.
pub(super) fn send_hello(stream: &mut impl Write) -> Result<(), ProtocolError> {
    let number = |text: &str| text.parse::<u8>().unwrap_or(0);
    let mut hello = RUNNER_MAGIC.to_vec();
    hello.push(number(env!("CARGO_PKG_VERSION_MAJOR")));
    hello.push(number(env!("CARGO_PKG_VERSION_MINOR")));
    hello.push(number(env!("CARGO_PKG_VERSION_PATCH")));
    Ok(stream.write_all(&hello)?)
}

/// Reads the benchmark's answer and accepts the one protocol known here.
pub(super) fn read_hello(stream: &mut impl Read) -> Result<(), ProtocolError> {
    let mut answer = [0; ANSWER_LENGTH];
    stream.read_exact(&mut answer)?;
    let [magic @ .., major, minor, patch, v1, v0, f1, f0] = answer;
    if magic != *BENCHMARK_MAGIC {
        return Err(ProtocolError::Magic);
    }
    let (version, format) = (u16::from_be_bytes([v1, v0]), u16::from_be_bytes([f1, f0]));
    if (version, format) != (PROTOCOL_VERSION, PROTOCOL_FORMAT) {
        let criterion = format!("{major}.{minor}.{patch}");
        return Err(ProtocolError::Version { criterion, version, format });
    }
    Ok(())
}

/// Reads the next message; none when the conversation ended between messages.
pub(super) fn receive(stream: &mut impl Read) -> Result<Option<Incoming>, ProtocolError> {
    let header = read_up_to(stream, 4)?;
    let Ok(length) = <[u8; 4]>::try_from(header.as_slice()) else {
        if header.is_empty() {
            return Ok(None);
        }
        return Err(ProtocolError::Truncated { got: header.len(), length: 4 });
    };
    let length = u32::from_be_bytes(length);
    if length == 0 || length > LONGEST_FRAME {
        return Err(ProtocolError::Length { length });
    }
    let body = read_up_to(stream, length)?;
    if body.len() < length as usize {
        return Err(ProtocolError::Truncated { got: body.len(), length: length as usize });
    }
    let mut rest = body.as_slice();
    let message = ciborium::from_reader(&mut rest)
        .map_err(|error| ProtocolError::Message { detail: error.to_string() })?;
    if !rest.is_empty() {
        let detail = format!("{} bytes too many", rest.len());
        return Err(ProtocolError::Message { detail });
    }
    Ok(Some(message))
}

/// Sends one message.
pub(super) fn send(stream: &mut impl Write, message: &impl Serialize) -> Result<(), ProtocolError> {
    let mut frame = vec![0; 4];
    ciborium::into_writer(message, &mut frame)
        .map_err(|error| ProtocolError::Message { detail: error.to_string() })?;
    let length = u32::try_from(frame.len() - 4).unwrap_or(u32::MAX);
    if length > LONGEST_FRAME {
        return Err(ProtocolError::Length { length });
    }
    frame.splice(..4, length.to_be_bytes());
    Ok(stream.write_all(&frame)?)
}

/// As many bytes as there are, up to `length`: memory grows with what comes, not with what was
/// announced.
fn read_up_to(stream: &mut impl Read, length: u32) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    match stream.take(u64::from(length)).read_to_end(&mut bytes) {
        // A program that dies resets its connection: what it said before stands.
        Err(error) if error.kind() != io::ErrorKind::ConnectionReset => Err(error),
        _ => Ok(bytes),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::harness::criterion::messages::Outgoing;

    /// What criterion 0.8.2 sent of a benchmark with `Throughput::BytesDecimal`, less some samples.
    const COMPLETE: &str = include_str!("testdata/measurement_complete.hex");

    fn bytes(hex: &str) -> Vec<u8> {
        let digits: String = hex.split_whitespace().collect();
        let pairs = (0..digits.len()).step_by(2).map(|at| &digits[at..at + 2]);
        pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
    }

    fn answer(version: u16, format: u16) -> Vec<u8> {
        let mut answer = b"Criterion\x00\x08\x02".to_vec();
        answer.extend(version.to_be_bytes());
        answer.extend(format.to_be_bytes());
        answer
    }

    fn refused(bytes: &[u8]) -> String {
        receive(&mut &*bytes).unwrap_err().to_string()
    }

    #[test]
    fn only_the_known_protocol_is_spoken() {
        assert!(read_hello(&mut &*answer(1, 1)).is_ok());
        let error = read_hello(&mut &*answer(2, 1)).unwrap_err().to_string();
        assert_eq!(
            error,
            "criterion 0.8.2 speaks version 2, format 1 of its runner protocol, not 1 and 1"
        );
        assert!(matches!(read_hello(&mut &b"HTTP/1.1 400 Bad"[..]), Err(ProtocolError::Magic)));
        assert!(matches!(read_hello(&mut &b"Crit"[..]), Err(ProtocolError::Io(_))));
    }

    #[test]
    fn a_real_message_is_read() {
        let frame = bytes(COMPLETE);
        let message = receive(&mut frame.as_slice()).unwrap().unwrap();
        let Incoming::MeasurementComplete { id, iters, times } = message else {
            unreachable!("{message:?}")
        };
        assert_eq!(id.full(), "memory/add/µ 64");
        assert_eq!((iters.len(), times.len()), (10, 10));
        assert!(times.iter().all(|time| *time > 0.0 && time.fract() == 0.0));
    }

    #[test]
    fn no_bytes_are_a_panic_or_an_allocation() {
        let frame = bytes(COMPLETE);
        assert_eq!(receive(&mut &[][..]).unwrap(), None);
        for end in 1..frame.len() {
            assert!(receive(&mut &frame[..end]).is_err(), "cut at {end}");
        }
        for at in 0..frame.len() {
            let mut changed = frame.clone();
            changed[at] ^= 0x55;
            let _ = receive(&mut changed.as_slice());
        }
        assert_eq!(refused(b"\xff\xff\xff\xff"), "it announced a message of 4294967295 bytes");
        assert_eq!(refused(b"\0\0\0\0"), "it announced a message of 0 bytes");
        assert!(refused(b"\0\0\0\x01\xf6").starts_with("its message cannot be understood"));
        assert_eq!(refused(b"\0\0\0\x05\xf6"), "its message ended after 1 of 5 bytes");
    }

    #[test]
    fn messages_are_written_as_criterion_reads_them() {
        let mut frame = Vec::new();
        send(&mut frame, &Outgoing::Continue).unwrap();
        assert_eq!(frame, b"\0\0\0\x09\x68Continue");
        frame.clear();
        send(&mut frame, &Outgoing::ScaleForMachines { values: &[1.5] }).unwrap();
        assert_eq!(frame, b"\0\0\0\x1e\xa1\x70ScaleForMachines\xa1\x66values\x81\xf9\x3e\x00");
    }
}
