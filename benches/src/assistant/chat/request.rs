//! What is asked.

use serde::Deserialize;

use super::super::memory::ConversationId;
use super::super::upload::{FileName, FileType};
use super::error::ChatError;

/// The longest message that is taken.
pub const MAXIMUM_MESSAGE_BYTES: usize = 32 * 1024;

/// How many files a message may have.
pub const MAXIMUM_ATTACHMENTS: usize = 10;

/// A chat request.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct ChatRequest {
    /// The conversation to go on with; a new one is started without it.
    #[serde(default)]
    pub conversation: Option<ConversationId>,
    /// What the person says.
    pub message: String,
    /// The model to ask; the setting's without it.
    #[serde(default)]
    pub model: Option<String>,
    /// Whether tools may be used.
    #[serde(default)]
    pub tools: ToolUse,
    /// Files that were uploaded before and belong to the message.
    #[serde(default)]
    pub attachments: Vec<Attachment>,
}

/// Whether tools may be used for an answer.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "lowercase")]
pub enum ToolUse {
    /// Those that the message seems to need.
    #[default]
    Auto,
    /// None.
    None,
}

/// A file that belongs to a message.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// The name it was uploaded under.
    pub name: String,
    /// What it was declared as.
    pub content_type: String,
}

impl ChatRequest {
    /// Reads and checks a request.
    ///
    /// # Errors
    ///
    /// When it is not the JSON that is expected, or asks for what is not taken.
    pub fn from_json(bytes: &[u8]) -> Result<Self, ChatError> {
        let request: Self = serde_json::from_slice(bytes).map_err(ChatError::InvalidRequest)?;
        request.check()?;
        Ok(request)
    }

    fn check(&self) -> Result<(), ChatError> {
        if self.message.trim().is_empty() {
            return Err(ChatError::EmptyMessage);
        }
        if self.message.len() > MAXIMUM_MESSAGE_BYTES {
            return Err(ChatError::MessageTooLong {
                bytes: self.message.len(),
                limit: MAXIMUM_MESSAGE_BYTES,
            });
        }
        if self.attachments.len() > MAXIMUM_ATTACHMENTS {
            return Err(ChatError::TooManyAttachments {
                count: self.attachments.len(),
                limit: MAXIMUM_ATTACHMENTS,
            });
        }
        for Attachment { name, content_type } in &self.attachments {
            FileName::parse(name)?;
            FileType::of_name(name)?.check_declared(name, content_type)?;
        }
        Ok(())
    }

    /// The message as the provider sees it: without surrounding space, and with a line for each
    /// attachment.
    pub(super) fn message_text(&self) -> String {
        let mut text = self.message.trim().to_owned();
        for attachment in &self.attachments {
            text.push_str("\n[attached: ");
            text.push_str(&attachment.name);
            text.push(']');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::super::super::upload::UploadError;
    use super::*;

    fn parse(request: &Value) -> Result<ChatRequest, ChatError> {
        ChatRequest::from_json(request.to_string().as_bytes())
    }

    #[test]
    fn only_the_message_is_required() {
        let request = parse(&json!({"message": " hello "})).unwrap();
        assert_eq!(
            request,
            ChatRequest {
                conversation: None,
                message: " hello ".to_owned(),
                model: None,
                tools: ToolUse::Auto,
                attachments: Vec::new(),
            }
        );
        assert_eq!(request.message_text(), "hello");
    }

    #[test]
    fn everything_can_be_given() {
        let request = parse(&json!({
            "conversation": 7,
            "message": "what is this?",
            "model": "mock-2",
            "tools": "none",
            "attachments": [{"name": "photo.png", "content_type": "image/png"}],
        }))
        .unwrap();
        assert_eq!(request.conversation, Some(ConversationId(7)));
        assert_eq!(request.tools, ToolUse::None);
        assert_eq!(request.message_text(), "what is this?\n[attached: photo.png]");
    }

    #[test]
    fn what_cannot_be_read_is_refused() {
        for request in [
            json!({}),
            json!({"message": 7}),
            json!({"message": "hello", "tools": "all"}),
            json!({"message": "hello", "stream": true}),
            json!([]),
        ] {
            assert!(matches!(parse(&request), Err(ChatError::InvalidRequest(_))), "{request}");
        }
        assert!(matches!(
            ChatRequest::from_json(br#"{"message": "hel"#),
            Err(ChatError::InvalidRequest(_))
        ));
    }

    #[test]
    fn limits_are_kept() {
        assert!(matches!(parse(&json!({"message": " \n"})), Err(ChatError::EmptyMessage)));
        let longest = "x".repeat(MAXIMUM_MESSAGE_BYTES);
        assert!(parse(&json!({"message": longest})).is_ok());
        assert!(matches!(
            parse(&json!({"message": longest + "x"})),
            Err(ChatError::MessageTooLong { .. })
        ));
        let file = json!({"name": "a.txt", "content_type": "text/plain"});
        let files = vec![file; MAXIMUM_ATTACHMENTS + 1];
        assert!(matches!(
            parse(&json!({"message": "hello", "attachments": files})),
            Err(ChatError::TooManyAttachments { count: 11, limit: 10 })
        ));
    }

    #[test]
    fn attachments_are_checked_like_uploads() {
        let refusal = |name: &str, content_type: &str| {
            let file = json!({"name": name, "content_type": content_type});
            match parse(&json!({"message": "hello", "attachments": [file]})) {
                Err(ChatError::Attachment(error)) => error,
                other => panic!("{other:?}"),
            }
        };
        assert!(matches!(refusal("../a.txt", "text/plain"), UploadError::InvalidName { .. }));
        assert!(matches!(
            refusal("a.exe", "application/octet-stream"),
            UploadError::UnsupportedExtension(_)
        ));
        assert!(matches!(refusal("a.txt", "image/png"), UploadError::ContentTypeMismatch { .. }));
    }
}
