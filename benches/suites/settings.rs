//! The suite `settings`: reading and changing settings in an in-memory database.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use driftline_benches::assistant::settings::{Catalogue, SettingValue, Settings};
use driftline_benches::inputs::setting_definitions;
use driftline_benches::measurement::{Group, criterion_settings, iterate_in_rounds};

/// About as many settings as the assistant has.
const SMALL: usize = 10;
/// As many as a large program has.
const LARGE: usize = 500;

/// Settings of which every other one is set.
fn settings(count: usize) -> Settings {
    let definitions = setting_definitions(count);
    let catalogue = Catalogue::new(definitions.clone()).expect("the catalogue is sound");
    let settings = Settings::in_memory(catalogue).expect("a database in memory opens");
    for definition in definitions.iter().step_by(2) {
        settings.set(&definition.key, &definition.default).expect("defaults are allowed");
    }
    settings
}

fn get_setting_default(group: &mut Group<'_>) {
    let settings = LazyCell::new(|| settings(LARGE));
    group.bench_function("get_setting_default", |bencher| {
        let settings = &*settings;
        bencher.iter(|| settings.get(black_box("setting_201")).expect("the setting is read"));
    });
}

fn get_setting_stored(group: &mut Group<'_>) {
    let settings = LazyCell::new(|| settings(LARGE));
    group.bench_function("get_setting_stored", |bencher| {
        let settings = &*settings;
        bencher.iter(|| settings.get(black_box("setting_202")).expect("the setting is read"));
    });
}

/// Sets what was not set, and takes it back between the rounds.
fn set_setting(group: &mut Group<'_>) {
    const ROUND: usize = 64;
    let settings = LazyCell::new(|| settings(LARGE));
    group.bench_function("set_setting", |bencher| {
        // Every fourth setting is a whole number, and has an odd number: none of them is set.
        let keys: Vec<String> =
            (0..ROUND).map(|index| format!("setting_{:03}", 4 * index + 1)).collect();
        let value = SettingValue::Integer(500);
        iterate_in_rounds(
            bencher,
            &mut &*settings,
            ROUND,
            |settings, call| {
                settings.set(black_box(&keys[call]), black_box(&value)).expect("it is allowed");
            },
            |settings, calls| {
                for key in &keys[..calls] {
                    assert!(
                        settings.reset(key).expect("the setting is known"),
                        "{key} was not set"
                    );
                }
            },
        );
    });
}

/// Replaces what was set. The two values are of one length, so that the row stays as it is.
fn update_setting(group: &mut Group<'_>) {
    let settings = LazyCell::new(|| settings(LARGE));
    group.bench_function("update_setting", |bencher| {
        let settings = &*settings;
        let values = [SettingValue::Float(0.25), SettingValue::Float(0.75)];
        let mut next = 0;
        bencher.iter(|| {
            settings.set(black_box("setting_202"), &values[next]).expect("the value is allowed");
            next = 1 - next;
        });
    });
}

fn get_all_small(group: &mut Group<'_>) {
    let settings = LazyCell::new(|| settings(SMALL));
    group.bench_function("get_all_small", |bencher| {
        let settings = black_box(&*settings);
        bencher.iter(|| settings.all().expect("settings are read"));
    });
}

fn get_all_large(group: &mut Group<'_>) {
    let settings = LazyCell::new(|| settings(LARGE));
    group.bench_function("get_all_large", |bencher| {
        let settings = black_box(&*settings);
        bencher.iter(|| settings.all().expect("settings are read"));
    });
}

/// Adds the suite's benchmarks.
pub(crate) fn benchmarks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("settings");
    get_setting_default(&mut group);
    get_setting_stored(&mut group);
    set_setting(&mut group);
    update_setting(&mut group);
    get_all_small(&mut group);
    get_all_large(&mut group);
    group.finish();
}

criterion_group!(name = suite; config = criterion_settings(); targets = benchmarks);
criterion_main!(suite);
