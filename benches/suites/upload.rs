//! The suite `upload`: checking, writing, reading and listing files.
//!
//! The files lie in a temporary folder, in memory where there is a place for that, which is
//! removed with the benchmark. Nothing waits for a disk: what is measured is the code and the
//! system calls it makes.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use driftline_benches::assistant::upload::{FileName, FileType, UploadFolder, UploadResponse};
use driftline_benches::inputs::Generator;
use driftline_benches::measurement::{
    Group, criterion_settings, iterate_in_rounds, temporary_folder,
};
use tempfile::TempDir;

const KILOBYTE: usize = 1024;
const MEGABYTE: usize = 1024 * KILOBYTE;

/// The largest file that is taken.
const LIMIT_BYTES: u64 = 10 * MEGABYTE as u64;

/// Names of files that are taken, and of some that are not.
const NAMES: [&str; 12] = [
    "report.pdf",
    "photo.JPG",
    "archive.tar.gz",
    "notes.txt",
    "data.csv",
    "program.exe",
    "config.yaml",
    "no extension",
    "scan 2024-05-17.png",
    "page.html",
    "song.mp3",
    "letter.docx",
];

/// An upload folder in a temporary folder that is removed with it.
struct TemporaryUploads {
    uploads: UploadFolder,
    _temporary: TempDir,
}

impl TemporaryUploads {
    /// A folder of so many files of these sizes in turn: `file-000.txt`, `file-001.png`, …
    fn with(count: usize) -> Self {
        let temporary = temporary_folder().expect("a temporary folder is made");
        let uploads =
            UploadFolder::open(temporary.path(), LIMIT_BYTES).expect("the folder is opened");
        let mut generator = Generator::new(1);
        for index in 0..count {
            let extension = ["txt", "png", "md", "pdf"][index % 4];
            let content = generator.bytes(100 + index);
            uploads
                .write(&file_name(&format!("file-{index:03}.{extension}")), &content)
                .expect("the file is written");
        }
        Self { uploads, _temporary: temporary }
    }

    /// A folder of one file of this size, `file.png`.
    fn with_one_of(bytes: usize) -> Self {
        let folder = Self::with(0);
        let content = Generator::new(2).bytes(bytes);
        folder.uploads.write(&file_name("file.png"), &content).expect("the file is written");
        folder
    }
}

fn file_name(name: &str) -> FileName {
    FileName::parse(name).expect("the name is safe")
}

fn validate_extension(group: &mut Group<'_>) {
    group.bench_function("validate_extension", |bencher| {
        bencher.iter(|| {
            black_box(&NAMES).iter().filter(|name| FileType::of_name(name).is_ok()).count()
        });
    });
}

fn get_content_type(group: &mut Group<'_>) {
    group.bench_function("get_content_type", |bencher| {
        bencher.iter(|| {
            FileType::of_name(black_box("holiday photo.jpeg"))
                .expect("the extension is known")
                .content_type
        });
    });
}

/// Writes new files of this size, and removes them between the rounds.
fn write(group: &mut Group<'_>, name: &str, bytes: usize) {
    const ROUND: usize = 8;
    let folder = LazyCell::new(|| TemporaryUploads::with(0));
    group.bench_function(name, |bencher| {
        let uploads = &folder.uploads;
        let content = Generator::new(3).bytes(bytes);
        let names: Vec<FileName> =
            (0..ROUND).map(|index| file_name(&format!("new-{index}.png"))).collect();
        iterate_in_rounds(
            bencher,
            &mut &*uploads,
            ROUND,
            |uploads, call| {
                uploads.write(&names[call], black_box(&content)).expect("it is written")
            },
            |uploads, calls| {
                for name in &names[..calls] {
                    uploads.remove(name).expect("it was written");
                }
            },
        );
    });
}

fn read_10kb(group: &mut Group<'_>) {
    let folder = LazyCell::new(|| TemporaryUploads::with_one_of(10 * KILOBYTE));
    group.bench_function("read_10kb", |bencher| {
        let uploads = &folder.uploads;
        let name = file_name("file.png");
        bencher.iter(|| uploads.read(black_box(&name)).expect("the file is read"));
    });
}

fn read_and_base64_encode(group: &mut Group<'_>) {
    let folder = LazyCell::new(|| TemporaryUploads::with_one_of(100 * KILOBYTE));
    group.bench_function("read_and_base64_encode", |bencher| {
        let uploads = &folder.uploads;
        let name = file_name("file.png");
        bencher.iter(|| uploads.read_base64(black_box(&name)).expect("the file is read"));
    });
}

fn list_files(group: &mut Group<'_>, name: &str, count: usize) {
    let folder = LazyCell::new(|| TemporaryUploads::with(count));
    group.bench_function(name, |bencher| {
        let uploads = black_box(&folder.uploads);
        bencher.iter(|| uploads.list().expect("the folder is listed"));
    });
}

fn glob_files(group: &mut Group<'_>) {
    let folder = LazyCell::new(|| TemporaryUploads::with(100));
    group.bench_function("glob_files", |bencher| {
        let uploads = &folder.uploads;
        bencher.iter(|| uploads.glob(black_box("file-0?[02468].{txt,md}")).expect("it is found"));
    });
}

fn construct_response(group: &mut Group<'_>) {
    let folder = LazyCell::new(|| TemporaryUploads::with(0));
    group.bench_function("construct_response", |bencher| {
        let name = file_name("größe der fläche (2).png");
        let file = folder.uploads.write(&name, &[0; 1536]).expect("the file is written");
        folder.uploads.remove(&name).expect("it was written");
        bencher.iter(|| {
            let response = UploadResponse::from(black_box(&file));
            serde_json::to_vec(&response).expect("the response is JSON")
        });
    });
}

/// Adds the suite's benchmarks.
pub(crate) fn benchmarks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("upload");
    validate_extension(&mut group);
    get_content_type(&mut group);
    write(&mut group, "write_1kb", KILOBYTE);
    write(&mut group, "write_10kb", 10 * KILOBYTE);
    write(&mut group, "write_100kb", 100 * KILOBYTE);
    write(&mut group, "write_1mb", MEGABYTE);
    read_10kb(&mut group);
    read_and_base64_encode(&mut group);
    list_files(&mut group, "list_files_empty", 0);
    list_files(&mut group, "list_files_20", 20);
    list_files(&mut group, "list_files_100", 100);
    glob_files(&mut group);
    construct_response(&mut group);
    group.finish();
}

criterion_group!(name = suite; config = criterion_settings(); targets = benchmarks);
criterion_main!(suite);
