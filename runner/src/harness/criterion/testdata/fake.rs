// Speaks criterion's runner protocol, and then says what nobody can understand.
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

const NAMES: [&str; 10] = [
    "fake/first",
    "fake/huge",
    "fake/garbage",
    "fake/truncated",
    "fake/lengths",
    "fake/not a number",
    "fake/no iterations",
    "fake/silent",
    "fake/aborts",
    "fake/last",
];

fn text(text: &str) -> Vec<u8> {
    let mut bytes = vec![0x78, u8::try_from(text.len()).unwrap()];
    bytes.extend(text.bytes());
    bytes
}

fn numbers(values: &[f64]) -> Vec<u8> {
    let mut bytes = vec![0x80 | u8::try_from(values.len()).unwrap()];
    for value in values {
        bytes.push(0xfb);
        bytes.extend(value.to_be_bytes());
    }
    bytes
}

fn map(entries: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = vec![0xa0 | u8::try_from(entries.len()).unwrap()];
    for (key, value) in entries {
        bytes.extend(text(key));
        bytes.extend(value);
    }
    bytes
}

fn frame(body: &[u8]) -> Vec<u8> {
    let mut bytes = u32::try_from(body.len()).unwrap().to_be_bytes().to_vec();
    bytes.extend(body);
    bytes
}

fn id(name: &str) -> Vec<u8> {
    let (group, function) = name.split_once('/').unwrap();
    let parts = [
        ("group_id", text(group)),
        ("function_id", text(function)),
        ("value_str", vec![0xf6]),
        ("throughput", map(&[("Furlongs", vec![0x01])])),
        ("colour", text("new in some later release")),
    ];
    map(&parts)
}

fn receive(stream: &mut TcpStream) -> Vec<u8> {
    let mut length = [0; 4];
    stream.read_exact(&mut length).unwrap();
    let mut body = vec![0; u32::from_be_bytes(length) as usize];
    stream.read_exact(&mut body).unwrap();
    body
}

fn complete(stream: &mut TcpStream, name: &str, iters: &[f64], times: &[f64]) {
    let fields = [("id", id(name)), ("iters", numbers(iters)), ("times", numbers(times))];
    stream.write_all(&frame(&map(&[("MeasurementComplete", map(&fields))]))).unwrap();
    assert!(receive(stream).windows(16).any(|window| window == b"ScaleForMachines"));
    let scaled = [("scaled_values", numbers(times)), ("unit", text("ns"))];
    stream.write_all(&frame(&map(&[("ScaledValues", map(&scaled))]))).unwrap();
    assert!(receive(stream).ends_with(b"Continue"));
}

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    if arguments.iter().any(|argument| argument == "--list") {
        NAMES.iter().for_each(|name| println!("{name}: benchmark"));
        return;
    }
    let port: u16 = std::env::var("CARGO_CRITERION_PORT").unwrap().parse().unwrap();
    let mut stream = TcpStream::connect(("localhost", port)).unwrap();
    stream.read_exact(&mut [0; 18]).unwrap();
    stream.write_all(b"Criterion\x00\x09\x00\x00\x01\x00\x01").unwrap();
    let filter = arguments.iter().find(|argument| argument.starts_with('^'));
    let chosen = |name: &&str| filter.is_none_or(|filter| filter.contains(name));
    for name in NAMES.iter().copied().filter(chosen) {
        stream.write_all(&frame(&map(&[("BeginningBenchmark", map(&[("id", id(name))]))]))).unwrap();
        match name {
            "fake/huge" => stream.write_all(b"\xff\xff\xff\xffxyz").unwrap(),
            "fake/garbage" => stream.write_all(&frame(b"\x00\x01\x02")).unwrap(),
            "fake/truncated" => stream.write_all(b"\x00\x00\x01\x00abc").unwrap(),
            "fake/lengths" => complete(&mut stream, name, &[1.0], &[5.0, 6.0]),
            "fake/not a number" => complete(&mut stream, name, &[1.0], &[f64::NAN]),
            "fake/no iterations" => complete(&mut stream, name, &[0.0], &[5.0]),
            "fake/aborts" => std::process::abort(),
            "fake/silent" => std::thread::sleep(Duration::from_secs(600)),
            _ => complete(&mut stream, name, &[1.0, 2.0], &[5.0, 12.0]),
        }
        if name == "fake/truncated" {
            return;
        }
    }
}
