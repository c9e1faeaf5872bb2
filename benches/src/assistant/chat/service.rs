//! Answering.

use std::fmt;
use std::sync::Arc;

use super::super::clock::Clock;
use super::super::memory::{ConversationId, Memory, MemoryError, MessageId, Role};
use super::super::settings::Settings;
use super::super::tools::{ToolDefinition, ToolRegistry};
use super::analysis::suggest_tools;
use super::error::ChatError;
use super::options::ChatOptions;
use super::provider::{Provider, ProviderMessage, ProviderRequest, ToolCall, Usage};
use super::request::{ChatRequest, ToolUse};
use super::response::{ChatResponse, ExecutedCall, Outcome};

/// How much of its first message a conversation is titled with.
const TITLE_CHARACTERS: usize = 40;

/// The assistant: everything that an answer needs.
pub struct ChatService<P> {
    /// Where conversations are kept.
    pub memory: Memory,
    /// How to answer.
    pub settings: Settings,
    /// What the model may call.
    pub tools: ToolRegistry,
    /// Who runs the model.
    pub provider: P,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

impl<P> fmt::Debug for ChatService<P> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ChatService")
            .field("memory", &self.memory)
            .field("settings", &self.settings)
            .field("tools", &self.tools)
            .finish_non_exhaustive()
    }
}

/// What the provider said in the end, and what happened until then.
struct Answer {
    content: String,
    tool_calls: Vec<ExecutedCall>,
    usage: Usage,
}

impl<P: Provider> ChatService<P> {
    /// Answers a request. The person's message stays stored even where the answer fails, as it
    /// was said all the same.
    ///
    /// # Errors
    ///
    /// When the conversation is unknown, the provider fails or does not come to an answer, or a
    /// database fails. A tool that fails is no error: the model is told, and answers.
    pub fn answer(&self, request: &ChatRequest) -> Result<ChatResponse, ChatError> {
        let options = ChatOptions::load(&self.settings)?;
        let text = request.message_text();
        let conversation = match request.conversation {
            Some(conversation) => conversation,
            None => self.memory.create_conversation(&title_of(&text), self.clock.now())?,
        };
        self.add_user_message(conversation, &text)?;

        let offered = if options.tools_enabled && request.tools == ToolUse::Auto {
            self.pick_tools(&request.message)
        } else {
            Vec::new()
        };
        let model = request.model.as_deref().unwrap_or(&options.model);
        let messages = self.context(conversation, options.history_limit)?;
        let answer = self.converse(model, &options, messages, &offered)?;

        let created_at = self.clock.now();
        for executed in &answer.tool_calls {
            let record = format!("{}: {}", executed.call.name, executed.outcome.to_message());
            self.memory.add_message(conversation, Role::Tool, &record, created_at)?;
        }
        let message =
            self.memory.add_message(conversation, Role::Assistant, &answer.content, created_at)?;
        Ok(ChatResponse {
            conversation,
            message,
            content: answer.content,
            model: model.to_owned(),
            tools_offered: offered.iter().map(|tool| tool.name.clone()).collect(),
            tool_calls: answer.tool_calls,
            usage: answer.usage,
            created_at,
        })
    }

    /// Stores what a person says.
    ///
    /// # Errors
    ///
    /// When the text is blank or too long, or the conversation is unknown.
    pub fn add_user_message(
        &self,
        conversation: ConversationId,
        text: &str,
    ) -> Result<MessageId, MemoryError> {
        self.memory.add_message(conversation, Role::User, text.trim(), self.clock.now())
    }

    /// The newest messages of a conversation as the provider is sent them, oldest first. Tool
    /// results of earlier answers are left out: the calls that they belong to are over.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub fn context(
        &self,
        conversation: ConversationId,
        limit: usize,
    ) -> Result<Vec<ProviderMessage>, MemoryError> {
        let messages = self.memory.newest_messages(conversation, limit)?;
        let spoken = messages.into_iter().filter(|message| message.role != Role::Tool);
        Ok(spoken.map(|message| ProviderMessage::text(message.role, message.content)).collect())
    }

    /// The tools that a message may need, of those that there are.
    fn pick_tools(&self, message: &str) -> Vec<&ToolDefinition> {
        let suggested = suggest_tools(message);
        suggested.iter().filter_map(|name| Some(self.tools.get(name)?.definition())).collect()
    }

    /// Asks the provider, and runs the tools that it calls, until it answers.
    fn converse(
        &self,
        model: &str,
        options: &ChatOptions,
        mut messages: Vec<ProviderMessage>,
        offered: &[&ToolDefinition],
    ) -> Result<Answer, ChatError> {
        let tools = self.provider.tool_format().export(offered.iter().copied());
        let mut tool_calls = Vec::new();
        let mut usage = Usage::default();
        for round in 0..=options.maximum_tool_rounds {
            // The last round offers no tools, which leaves the model nothing but to answer.
            let is_last = round == options.maximum_tool_rounds;
            let reply = self.provider.complete(&ProviderRequest {
                model,
                system_prompt: &options.system_prompt,
                temperature: options.temperature,
                messages: &messages,
                tools: if is_last { &[] } else { &tools },
            })?;
            usage += reply.usage;
            if reply.tool_calls.is_empty() {
                if reply.content.trim().is_empty() {
                    return Err(ChatError::EmptyAnswer);
                }
                return Ok(Answer { content: reply.content, tool_calls, usage });
            }
            let mut results = Vec::with_capacity(reply.tool_calls.len());
            for call in &reply.tool_calls {
                let executed = self.execute(call, offered);
                results.push(ProviderMessage {
                    role: Role::Tool,
                    content: executed.outcome.to_message(),
                    tool_calls: Vec::new(),
                    tool_call_id: Some(call.id.clone()),
                });
                tool_calls.push(executed);
            }
            messages.push(ProviderMessage {
                role: Role::Assistant,
                content: reply.content,
                tool_calls: reply.tool_calls,
                tool_call_id: None,
            });
            messages.append(&mut results);
        }
        Err(ChatError::TooManyToolRounds(options.maximum_tool_rounds))
    }

    /// Runs a call, if it is of a tool that was offered.
    fn execute(&self, call: &ToolCall, offered: &[&ToolDefinition]) -> ExecutedCall {
        let outcome = if offered.iter().any(|tool| tool.name == call.name) {
            match self.tools.call(&call.name, &call.arguments) {
                Ok(result) => Outcome::Result(result),
                Err(error) => Outcome::Error(error.to_string()),
            }
        } else {
            Outcome::Error(format!("the tool {:?} was not offered", call.name))
        };
        ExecutedCall { call: call.clone(), outcome }
    }
}

/// The start of the first line.
fn title_of(text: &str) -> String {
    text.lines().next().unwrap_or_default().chars().take(TITLE_CHARACTERS).collect()
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use serde_json::{Value, json};

    use super::super::super::clock::FixedClock;
    use super::super::super::settings::{Catalogue, SettingValue};
    use super::super::mock_provider::MockProvider;
    use super::super::provider::{ProviderError, ProviderReply, ToolFormat};
    use super::*;

    const NOON: Timestamp = Timestamp::constant(1_700_000_000, 0);

    fn service<P: Provider>(provider: P) -> ChatService<P> {
        let clock: Arc<dyn Clock> = Arc::new(FixedClock(NOON));
        ChatService {
            memory: Memory::in_memory().unwrap(),
            settings: Settings::in_memory(Catalogue::of_assistant().unwrap()).unwrap(),
            tools: ToolRegistry::with_builtin_tools(Arc::clone(&clock)).unwrap(),
            provider,
            clock,
        }
    }

    fn request(message: &str) -> ChatRequest {
        ChatRequest::from_json(json!({"message": message}).to_string().as_bytes()).unwrap()
    }

    fn call(name: &str, arguments: Value) -> ToolCall {
        ToolCall { id: "call-1".to_owned(), name: name.to_owned(), arguments }
    }

    fn stored(service: &ChatService<impl Provider>, id: ConversationId) -> Vec<(Role, String)> {
        let messages = service.memory.messages(id).unwrap();
        messages.into_iter().map(|message| (message.role, message.content)).collect()
    }

    #[test]
    fn an_answer_is_stored_beside_the_question() {
        let service = service(MockProvider::answering("Hello to you."));
        let response = service.answer(&request("  Hello there ")).unwrap();
        assert_eq!(response.content, "Hello to you.");
        assert_eq!((response.model.as_str(), response.created_at), ("mock-1", NOON));
        assert!(response.tools_offered.is_empty() && response.tool_calls.is_empty());
        assert_eq!(
            stored(&service, response.conversation),
            [(Role::User, "Hello there".to_owned()), (Role::Assistant, "Hello to you.".to_owned()),]
        );
        let title = service.memory.conversation_title(response.conversation).unwrap();
        assert_eq!(title.as_deref(), Some("Hello there"));
    }

    #[test]
    fn a_tool_call_is_executed_and_answered() {
        let provider = MockProvider::answering("It is 42.")
            .calling(call("calculate", json!({"expression": "6 * 7"})));
        let service = service(provider);
        let response = service.answer(&request("What is 6 * 7?")).unwrap();
        assert_eq!(response.tools_offered, ["calculate"]);
        assert_eq!(response.tool_calls[0].outcome, Outcome::Result(json!(42)));
        assert_eq!(response.content, "It is 42.");
        assert_eq!(
            stored(&service, response.conversation),
            [
                (Role::User, "What is 6 * 7?".to_owned()),
                (Role::Tool, "calculate: 42".to_owned()),
                (Role::Assistant, "It is 42.".to_owned()),
            ]
        );
        // Two rounds were paid for, and the tool's result is no part of what is said next.
        assert!(response.usage.input_tokens > 0);
        assert_eq!(service.context(response.conversation, 20).unwrap().len(), 2);
    }

    #[test]
    fn a_failing_or_foreign_call_is_told_to_the_model() {
        for (call, message) in [
            (call("calculate", json!({"expression": "1 / 0"})), "division by zero at position 3"),
            (call("calculate", json!({})), "the argument `expression` is missing"),
            (call("datetime", json!({})), "the tool \"datetime\" was not offered"),
            (call("oracle", json!({})), "the tool \"oracle\" was not offered"),
        ] {
            let service = service(MockProvider::answering("Sorry.").calling(call));
            let response = service.answer(&request("What is 1 / 0?")).unwrap();
            assert_eq!(response.tool_calls[0].outcome, Outcome::Error(message.to_owned()));
            assert_eq!(response.content, "Sorry.");
        }
    }

    #[test]
    fn tools_can_be_declined() {
        let provider = MockProvider::answering("No tools.")
            .calling(call("calculate", json!({"expression": "6 * 7"})));
        let service = service(provider);
        let declined = ChatRequest { tools: ToolUse::None, ..request("What is 6 * 7?") };
        assert!(service.answer(&declined).unwrap().tools_offered.is_empty());
        service.settings.set("tools_enabled", &SettingValue::Boolean(false)).unwrap();
        assert!(service.answer(&request("What is 6 * 7?")).unwrap().tools_offered.is_empty());
    }

    #[test]
    fn a_conversation_goes_on_or_is_unknown() {
        let service = service(MockProvider::answering("Yes."));
        let conversation = service.answer(&request("First")).unwrap().conversation;
        let next = ChatRequest { conversation: Some(conversation), ..request("Second") };
        assert_eq!(service.answer(&next).unwrap().conversation, conversation);
        assert_eq!(service.memory.message_count(conversation).unwrap(), 4);
        let newest = service.context(conversation, 3).unwrap();
        let newest: Vec<_> = newest.iter().map(|message| message.content.as_str()).collect();
        assert_eq!(newest, ["Yes.", "Second", "Yes."]);

        let nowhere = ChatRequest { conversation: Some(ConversationId(99)), ..request("Hello") };
        assert!(matches!(
            service.answer(&nowhere),
            Err(ChatError::Memory(MemoryError::UnknownConversation(ConversationId(99))))
        ));
    }

    /// Replies the same whatever it is asked.
    struct Stubborn(Result<ProviderReply, ProviderError>);

    impl Provider for Stubborn {
        fn tool_format(&self) -> ToolFormat {
            ToolFormat::Claude
        }

        fn complete(&self, _: &ProviderRequest<'_>) -> Result<ProviderReply, ProviderError> {
            self.0.clone()
        }
    }

    #[test]
    fn a_provider_without_an_answer_is_an_error() {
        let reply = |content: &str, tool_calls| {
            let usage = Usage::default();
            Stubborn(Ok(ProviderReply { content: content.to_owned(), tool_calls, usage }))
        };
        let endless = vec![call("calculate", json!({"expression": "1"}))];
        assert!(matches!(
            service(reply("", endless)).answer(&request("What is 1 + 1?")),
            Err(ChatError::TooManyToolRounds(4))
        ));
        assert!(matches!(
            service(reply(" ", Vec::new())).answer(&request("Hello")),
            Err(ChatError::EmptyAnswer)
        ));
        let down = Stubborn(Err(ProviderError { reason: "no route".to_owned() }));
        let service = service(down);
        let failure = service.answer(&request("Hello")).unwrap_err();
        assert_eq!(failure.to_string(), "the provider failed: no route");
        assert_eq!(service.memory.message_count(ConversationId(1)).unwrap(), 1);
    }

    #[test]
    fn titles_are_short_and_of_one_line() {
        assert_eq!(title_of("One line\nand another"), "One line");
        assert_eq!(title_of(&"ü".repeat(50)), "ü".repeat(40));
    }
}
