//! The suite `chat_api`: a request's way through the assistant, whole and in parts.

use std::cell::LazyCell;
use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, criterion_group, criterion_main};
use driftline_benches::assistant::chat::{
    ChatRequest, ChatResponse, ChatService, ExecutedCall, MockProvider, Outcome, ToolCall,
    ToolFormat, Usage, suggest_tools,
};
use driftline_benches::assistant::clock::FixedClock;
use driftline_benches::assistant::memory::{ConversationId, Memory, MessageId};
use driftline_benches::assistant::settings::{Catalogue, Settings};
use driftline_benches::assistant::tools::ToolRegistry;
use driftline_benches::inputs::{Generator, NOON, new_messages, sample_registry};
use driftline_benches::measurement::{Group, criterion_settings, iterate_in_rounds};
use serde_json::{Value, json};

/// The messages that are in the conversation already.
const HISTORY: usize = 100;
/// How many of the newest messages the provider is sent: the setting's default.
const CONTEXT: usize = 20;
/// How many calls are measured before the conversation is taken back to its history.
const ROUND: usize = 32;

/// A message that asks for both of the assistant's own tools.
const QUESTION: &str = "Could you tell me which weekday it is today, and then compute what \
                        (12.5 + 7) * 3 comes to, please? I have to write it into the report.";

/// A message of the same length that asks for none.
const REMARK: &str = "Could you tell me which colour they chose for it, and then explain why \
                      nobody in that house minds it? I have to put it into the report.";

/// An assistant with one conversation.
struct Chat {
    service: ChatService<MockProvider>,
    conversation: ConversationId,
    last: MessageId,
}

impl Chat {
    fn new() -> Self {
        let mut memory = Memory::in_memory().expect("a database in memory opens");
        let conversation =
            memory.create_conversation("benchmark", NOON).expect("a conversation starts");
        let ids = memory.add_messages(conversation, &new_messages(HISTORY)).expect("all are valid");
        let last = *ids.last().expect("there is a message");
        let catalogue = Catalogue::of_assistant().expect("the catalogue is sound");
        let provider = MockProvider::answering("It comes to 58.5.").calling(tool_call("call-1"));
        let service = ChatService {
            memory,
            settings: Settings::in_memory(catalogue).expect("a database in memory opens"),
            tools: registry(),
            provider,
            clock: Arc::new(FixedClock(NOON)),
        };
        Self { service, conversation, last }
    }

    /// Takes back what was said since, and checks that all of it was.
    fn rewind(&mut self, added: usize) {
        let Self { service, conversation, last } = self;
        let removed = service.memory.rewind(*conversation, *last).expect("rewinding works");
        assert_eq!(removed, added, "the benchmark did not add what it should");
    }
}

fn registry() -> ToolRegistry {
    sample_registry().expect("all tools are registered")
}

fn tool_call(id: &str) -> ToolCall {
    ToolCall {
        id: id.to_owned(),
        name: "calculate".to_owned(),
        arguments: json!({"expression": "(12.5 + 7) * 3"}),
    }
}

fn request_json(conversation: ConversationId) -> Vec<u8> {
    json!({"conversation": conversation, "message": QUESTION}).to_string().into_bytes()
}

fn chat_request_mocked(group: &mut Group<'_>) {
    // The question, the tool's result and the answer.
    const STORED_PER_REQUEST: usize = 3;
    let mut chat = None;
    group.bench_function("chat_request_mocked", |bencher| {
        let chat = chat.get_or_insert_with(Chat::new);
        let request = request_json(chat.conversation);
        iterate_in_rounds(
            bencher,
            chat,
            ROUND,
            |chat, _| {
                let request = ChatRequest::from_json(black_box(&request)).expect("it is valid");
                let response = chat.service.answer(&request).expect("the mock answers");
                response.to_json().expect("the response is JSON")
            },
            |chat, calls| chat.rewind(calls * STORED_PER_REQUEST),
        );
    });
}

fn chat_message_parsing(group: &mut Group<'_>) {
    group.bench_function("chat_message_parsing", |bencher| {
        let attachment =
            |name: &str, content_type: &str| json!({"name": name, "content_type": content_type});
        let request = json!({
            "conversation": 1,
            "message": Generator::new(4).sentence(150),
            "model": "mock-2",
            "tools": "auto",
            "attachments": [
                attachment("photo.jpg", "image/jpeg"),
                attachment("notes.txt", "text/plain; charset=utf-8"),
                attachment("table.csv", "text/csv"),
            ],
        });
        let request = request.to_string().into_bytes();
        bencher.iter(|| ChatRequest::from_json(black_box(&request)).expect("it is valid"));
    });
}

fn chat_response_serialization(group: &mut Group<'_>) {
    group.bench_function("chat_response_serialization", |bencher| {
        let executed =
            |id| ExecutedCall { call: tool_call(id), outcome: Outcome::Result(json!(58.5)) };
        let response = ChatResponse {
            conversation: ConversationId(1),
            message: MessageId(103),
            content: Generator::new(5).sentence(300),
            model: "mock-1".to_owned(),
            tools_offered: vec!["calculate".to_owned(), "datetime".to_owned()],
            tool_calls: ["call-1", "call-2", "call-3"].map(executed).to_vec(),
            usage: Usage { input_tokens: 1234, output_tokens: 567 },
            created_at: NOON,
        };
        bencher.iter(|| black_box(&response).to_json().expect("the response is JSON"));
    });
}

/// Writes all tools as the text that is sent to the provider.
fn export_tools(group: &mut Group<'_>, name: &str, format: ToolFormat) {
    let registry = LazyCell::new(registry);
    group.bench_function(name, |bencher| {
        let registry = black_box(&*registry);
        bencher.iter(|| Value::Array(format.export(registry.definitions())).to_string());
    });
}

fn add_user_message(group: &mut Group<'_>) {
    let mut chat = None;
    group.bench_function("add_user_message", |bencher| {
        iterate_in_rounds(
            bencher,
            chat.get_or_insert_with(Chat::new),
            ROUND,
            |Chat { service, conversation, .. }, _| {
                service
                    .add_user_message(*conversation, black_box(QUESTION))
                    .expect("the message is valid")
            },
            Chat::rewind,
        );
    });
}

fn add_and_retrieve(group: &mut Group<'_>) {
    let mut chat = None;
    group.bench_function("add_and_retrieve", |bencher| {
        iterate_in_rounds(
            bencher,
            chat.get_or_insert_with(Chat::new),
            ROUND,
            |Chat { service, conversation, .. }, _| {
                service
                    .add_user_message(*conversation, black_box(QUESTION))
                    .expect("the message is valid");
                service.context(*conversation, CONTEXT).expect("the messages are read")
            },
            Chat::rewind,
        );
    });
}

fn analyze_message(group: &mut Group<'_>) {
    assert_eq!(suggest_tools(QUESTION).len(), 2);
    group.bench_function("analyze_message", |bencher| {
        bencher.iter(|| suggest_tools(black_box(QUESTION)));
    });
}

fn analyze_message_no_match(group: &mut Group<'_>) {
    assert!(suggest_tools(REMARK).is_empty());
    group.bench_function("analyze_message_no_match", |bencher| {
        bencher.iter(|| suggest_tools(black_box(REMARK)));
    });
}

/// Adds the suite's benchmarks.
pub(crate) fn benchmarks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("chat_api");
    chat_request_mocked(&mut group);
    chat_message_parsing(&mut group);
    chat_response_serialization(&mut group);
    export_tools(&mut group, "tools_to_openai_format", ToolFormat::OpenAi);
    export_tools(&mut group, "tools_to_claude_format", ToolFormat::Claude);
    add_user_message(&mut group);
    add_and_retrieve(&mut group);
    analyze_message(&mut group);
    analyze_message_no_match(&mut group);
    group.finish();
}

criterion_group!(name = suite; config = criterion_settings(); targets = benchmarks);
criterion_main!(suite);
