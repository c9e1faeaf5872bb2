// Speaks another protocol than the one that is known, and otherwise writes criterion's files.
use std::io::{Read, Write};
use std::net::TcpStream;

fn main() {
    if std::env::args().any(|argument| argument == "--list") {
        println!("files/one: benchmark\nfiles/two: benchmark");
        return;
    }
    if let Ok(port) = std::env::var("CARGO_CRITERION_PORT") {
        let mut stream = TcpStream::connect(("localhost", port.parse::<u16>().unwrap())).unwrap();
        stream.read_exact(&mut [0; 18]).unwrap();
        stream.write_all(b"Criterion\x01\x00\x00\x00\x02\x00\x01").unwrap();
        let _ = stream.read(&mut [0]);
        panic!("the runner went away");
    }
    let home = std::path::PathBuf::from(std::env::var_os("CRITERION_HOME").unwrap());
    assert_eq!(std::fs::read_dir(&home).unwrap().count(), 0, "nothing stale");
    eprintln!("Benchmarking files/one");
    eprintln!("Benchmarking files/one: Collecting 10 samples in estimated 5.0 ms (1k iterations)");
    let folder = home.join("files/one/new");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("benchmark.json"), r#"{"full_id":"files/one"}"#).unwrap();
    std::fs::write(folder.join("sample.json"), r#"{"iters":[1,2],"times":[5,12]}"#).unwrap();
    eprintln!("Benchmarking files/two");
    panic!("second");
}
