//! The suite `memory`: writing, reading and searching messages in an in-memory database.

use std::cell::LazyCell;
use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use driftline_benches::assistant::memory::{ConversationId, Memory, MessageId, NewMessage};
use driftline_benches::inputs::{NOON, SEARCHED_WORD, new_messages};
use driftline_benches::measurement::{Group, criterion_settings, iterate_in_rounds};

/// The messages of a short conversation.
const SMALL_CONVERSATION: usize = 10;
/// The messages of a small history to search.
const SMALL_HISTORY: usize = 100;
/// The messages of a long conversation, and of a large history to search.
const LARGE: usize = 1000;
/// How many messages are read where not all are.
const LIMIT: usize = 50;
/// More than there are to be found, so that a search always sees the whole history.
const SEARCH_LIMIT: usize = 50;

/// A memory with one conversation.
struct Stored {
    memory: Memory,
    conversation: ConversationId,
    last: MessageId,
}

impl Stored {
    fn with(count: usize) -> Self {
        let mut memory = Memory::in_memory().expect("a database in memory opens");
        let conversation =
            memory.create_conversation("benchmark", NOON).expect("a conversation starts");
        let ids = memory.add_messages(conversation, &new_messages(count)).expect("all are valid");
        let last = *ids.last().expect("there is a message");
        Self { memory, conversation, last }
    }

    /// Takes back what was added since, and checks that all of it was there.
    fn rewind(&mut self, added: usize) {
        let removed = self.memory.rewind(self.conversation, self.last).expect("rewinding works");
        assert_eq!(removed, added, "the benchmark did not add what it should");
    }
}

fn add_message(group: &mut Group<'_>) {
    let mut stored = None;
    group.bench_function("add_message", |bencher| {
        let stored = stored.get_or_insert_with(|| Stored::with(LARGE));
        let NewMessage { role, content, created_at } = &new_messages(1)[0];
        iterate_in_rounds(
            bencher,
            stored,
            64,
            |Stored { memory, conversation, .. }, _| {
                memory
                    .add_message(*conversation, *role, black_box(content), *created_at)
                    .expect("the message is valid")
            },
            Stored::rewind,
        );
    });
}

fn add_message_bulk(group: &mut Group<'_>) {
    const MESSAGES: usize = 100;
    let mut stored = None;
    group.bench_function("add_message_bulk", |bencher| {
        let stored = stored.get_or_insert_with(|| Stored::with(LARGE));
        let messages = new_messages(MESSAGES);
        iterate_in_rounds(
            bencher,
            stored,
            2,
            |Stored { memory, conversation, .. }, _| {
                memory
                    .add_messages(*conversation, black_box(&messages))
                    .expect("the messages are valid")
            },
            |stored, calls| stored.rewind(calls * MESSAGES),
        );
    });
}

fn get_messages_small(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(SMALL_CONVERSATION));
    group.bench_function("get_messages_small", |bencher| {
        let Stored { memory, conversation, .. } = &*stored;
        bencher.iter(|| memory.messages(black_box(*conversation)).expect("messages are read"));
    });
}

fn get_messages_large(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(LARGE));
    group.bench_function("get_messages_large", |bencher| {
        let Stored { memory, conversation, .. } = &*stored;
        bencher.iter(|| memory.messages(black_box(*conversation)).expect("messages are read"));
    });
}

fn get_messages_with_limit(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(LARGE));
    group.bench_function("get_messages_with_limit", |bencher| {
        let Stored { memory, conversation, .. } = &*stored;
        bencher.iter(|| {
            memory
                .newest_messages(black_box(*conversation), black_box(LIMIT))
                .expect("messages are read")
        });
    });
}

fn search_messages_small(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(SMALL_HISTORY));
    group.bench_function("search_messages_small", |bencher| {
        let memory = &stored.memory;
        bencher.iter(|| {
            memory.search(black_box(SEARCHED_WORD), SEARCH_LIMIT).expect("the search works")
        });
    });
}

fn search_messages_large(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(LARGE));
    group.bench_function("search_messages_large", |bencher| {
        let memory = &stored.memory;
        bencher.iter(|| {
            memory.search(black_box(SEARCHED_WORD), SEARCH_LIMIT).expect("the search works")
        });
    });
}

fn search_messages_no_results(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(LARGE));
    group.bench_function("search_messages_no_results", |bencher| {
        let memory = &stored.memory;
        bencher.iter(|| {
            memory.search(black_box("submarine"), SEARCH_LIMIT).expect("the search works")
        });
    });
}

fn get_message_count(group: &mut Group<'_>) {
    let stored = LazyCell::new(|| Stored::with(LARGE));
    group.bench_function("get_message_count", |bencher| {
        let Stored { memory, conversation, .. } = &*stored;
        bencher.iter(|| memory.message_count(black_box(*conversation)).expect("counting works"));
    });
}

/// Adds the suite's benchmarks.
pub(crate) fn benchmarks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("memory");
    add_message(&mut group);
    add_message_bulk(&mut group);
    get_messages_small(&mut group);
    get_messages_large(&mut group);
    get_messages_with_limit(&mut group);
    search_messages_small(&mut group);
    search_messages_large(&mut group);
    search_messages_no_results(&mut group);
    get_message_count(&mut group);
    group.finish();
}

criterion_group!(name = suite; config = criterion_settings(); targets = benchmarks);
criterion_main!(suite);
